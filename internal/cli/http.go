package cli

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// requestLimit bounds one request with its answer, so that a server that stalls cannot hang a command.
const requestLimit = 30 * time.Second

// httpClient makes the one HTTP client of a run. It never follows a redirect: a
// secret must not travel to an address that an answer names.
func (a *app) httpClient() (*http.Client, error) {
	roots, err := a.roots()
	if err != nil {
		return nil, err
	}
	return &http.Client{
		Transport:     &loggedTransport{base: a.Transport(roots), app: a},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       requestLimit,
	}, nil
}

// caFile is the file of certificates to trust besides the system's, and what names it;
// own tells that we read it, and not Go's own certificate pool.
func (a *app) caFile() (file, from string, own bool) {
	if a.global.caFile != "" {
		return a.global.caFile, "--ca-file", true
	}
	return a.Getenv("SSL_CERT_FILE"), "SSL_CERT_FILE", a.OS == "windows" || a.OS == "darwin"
}

func (a *app) roots() (*x509.CertPool, error) {
	file, from, own := a.caFile()
	if file == "" || !own {
		return nil, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	return pool, addCertificates(pool, file, from)
}

func addCertificates(pool *x509.CertPool, file, from string) error {
	pem, err := os.ReadFile(file)
	if err != nil {
		return unreadable("The trusted certificates", from, file, err)
	}
	if !pool.AppendCertsFromPEM(pem) {
		return fault.New(fault.Usage, "input", fmt.Sprintf("The file of %s, %s, holds no PEM certificate.", from, file),
			"Give the certificate of your company's proxy in PEM form: its text has a line BEGIN CERTIFICATE. openssl x509 -inform der -in FILE makes it of the binary form.")
	}
	return nil
}

// loggedTransport names the program to the server and, with --verbose, shows each
// request's method, host, path, status and time: never a query, a header or a body.
type loggedTransport struct {
	base http.RoundTripper
	app  *app
}

// RoundTrip implements http.RoundTripper.
func (t *loggedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("User-Agent", "sfconnect/"+t.app.Version)
	start := t.app.Now()
	response, err := t.base.RoundTrip(r)
	if t.app.global.verbose {
		outcome := "no answer"
		if err == nil {
			outcome = fmt.Sprint(response.StatusCode)
		}
		t.app.note("%s %s%s  %s  %d ms", r.Method, r.URL.Host, r.URL.Path, outcome, t.app.Now().Sub(start).Milliseconds())
	}
	return response, err
}

// CloseIdleConnections passes http.Client's method of that name on.
func (t *loggedTransport) CloseIdleConnections() {
	if closer, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

// Apart is the same way to the network with connections of its own.
func (t *loggedTransport) Apart() http.RoundTripper {
	base, ok := t.base.(*http.Transport)
	if !ok {
		return t
	}
	return &loggedTransport{base: base.Clone(), app: t.app}
}

func (a *app) machineWith(file *store.File, secrets *store.Secrets) (*connection.Machine, error) {
	client, err := a.httpClient()
	if err != nil {
		return nil, err
	}
	return a.machineFor(client, file, secrets), nil
}

func (a *app) machineFor(client *http.Client, file *store.File, secrets *store.Secrets) *connection.Machine {
	return &connection.Machine{
		HTTP: client, File: file, Secrets: secrets, Listen: a.Listen, PortHolder: a.PortHolder, OpenBrowser: a.openBrowser(""),
		Now: a.Now, Sleep: a.Sleep, Rand: a.Rand, Redactor: a.redactor,
		Waiting: func(text string) { a.note("%s", text) },
	}
}

// openBrowser gives the way to open a page: --browser, else $BROWSER, else the system's.
func (a *app) openBrowser(flag string) func(context.Context, string) error {
	return func(_ context.Context, url string) error {
		words, err := a.browserWords(flag)
		switch {
		case err != nil:
			return errors.New("--browser or BROWSER: " + strings.TrimSuffix(fault.From(err).Message, ".")) // it stands in a sentence
		case words == nil && a.browserIsAway(flag):
			return errors.New("this is an SSH session, and the browser is on another computer")
		case words == nil:
			return a.OpenURL(url)
		}
		return notStarted(words[0], a.Start(append(words, url)))
	}
}

// browserWords is the person's own command for a browser; nil stands for the system's.
func (a *app) browserWords(flag string) ([]string, error) {
	command := firstOf(flag, a.Getenv("BROWSER"))
	if command == "" {
		return nil, nil
	}
	return splitWords(command, a.OS == "windows")
}

// notStarted says in words why a program could not be started.
func notStarted(program string, err error) error {
	switch {
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("there is no program %s", program)
	case errors.Is(err, os.ErrPermission):
		return fmt.Errorf("%s may not be run as a program", program)
	}
	return err
}

// splitWords splits a command as a shell would, quotes honoured and nothing else
// expanded. On Windows a backslash is an ordinary character.
func splitWords(s string, windows bool) ([]string, error) {
	var words []string
	var word strings.Builder
	inWord := false
	quote := rune(0)
	escaped := false
	for _, r := range s {
		switch {
		case escaped:
			if quote == '"' && r != '"' && r != '\\' && r != '$' && r != '`' {
				word.WriteRune('\\')
			}
			word.WriteRune(r)
			escaped = false
		case r == '\\' && quote != '\'' && !windows:
			escaped, inWord = true, true
		case quote != 0:
			if r == quote {
				quote = 0
			} else {
				word.WriteRune(r)
			}
		case r == '"' || r == '\'':
			quote, inWord = r, true
		case r == ' ' || r == '\t' || r == '\n':
			if inWord {
				words = append(words, word.String())
				word.Reset()
				inWord = false
			}
		default:
			word.WriteRune(r)
			inWord = true
		}
	}
	if quote != 0 || escaped {
		return nil, fault.New(fault.Usage, "input", "The browser command has an open quote or ends in a backslash.", "Check --browser or BROWSER.")
	}
	if inWord {
		words = append(words, word.String())
	}
	if len(words) == 0 {
		return nil, fault.New(fault.Usage, "input", "The browser command is empty.", "Check --browser or BROWSER.")
	}
	return words, nil
}

// hide makes the redactor know a secret that came from outside.
func (a *app) hide(v secret.Value) secret.Value {
	a.redactor.Hide(v)
	return v
}
