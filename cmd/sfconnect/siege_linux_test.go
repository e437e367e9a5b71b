package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"example.com/sfconnect/internal/practice"
)

// watched carries the requests of a browser and does something around the one to
// the callback.
type watched struct {
	http.RoundTripper
	port          string
	before, after func()
}

// RoundTrip implements http.RoundTripper.
func (w watched) RoundTrip(r *http.Request) (*http.Response, error) {
	callback := r.URL.Port() == w.port && r.URL.Query().Has("code")
	if callback {
		w.before()
	}
	resp, err := w.RoundTripper.RoundTrip(r)
	if callback {
		w.after()
	}
	return resp, err
}

func stateOf(t *testing.T, authorize string) string {
	t.Helper()
	u, err := url.Parse(authorize)
	if err != nil || u.Query().Get("state") == "" {
		t.Fatalf("no state in %s: %v", authorize, err)
	}
	return u.Query().Get("state")
}

// Hostile and accidental traffic, all at once, on a system that gives the program
// few files, neither ends nor delays nor alters the login.
func TestLoginUnderSiege(t *testing.T) {
	u := newUser(t)
	u.hasKeyring()
	s := newSalesforce(t, u, callbackLines(t))
	auth := u.authorizes(s)
	if err := unix.Prlimit(auth.Process.Pid, unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 200, Max: 200}, nil); err != nil {
		t.Fatal(err)
	}
	address := auth.err.reads(authorizeLine)[1]
	port := callbackPort(t, address)
	auth.err.reads(`(?i)waiting`)

	crowd := newStrangers(t, port)
	requests := crowd.requests(stateOf(t, address))
	<-crowd.besiege(requests, 5)

	// It is answered while they go on and many are still connected, so that nobody
	// had to be waited for.
	still := -1
	browser := practice.Visitor{Transport: watched{
		RoundTripper: s.browserTransport(), port: port, before: func() {}, after: func() { still = crowd.count(); crowd.leaves() },
	}}
	if err := browser.Visit(t.Context(), address); err != nil {
		t.Error(err)
	}
	auth.exits(0)
	wantFree(t, port) // also while strangers have not closed their side
	if still < 50 {
		t.Errorf("%d strangers were connected when the true callback had been answered", still)
	}
	for _, r := range requests {
		if crowd.told[r.kind] == 0 {
			t.Errorf("%s was never said", r.kind)
		}
	}

	var saved struct {
		OK   bool `json:"ok"`
		User struct{ Username string }
	}
	auth.document(&saved)
	if l := s.org.Ledger(); !saved.OK || saved.User.Username != s.facts.Username || l.CodesSpent != 1 || l.CodeReplays != 0 {
		t.Errorf("auth says %+v; the org saw %d codes, %d of them again", saved, l.CodesSpent, l.CodeReplays)
	}
	wantHeld(t, u.keyringItems(), s.facts.ConsumerSecret, s.org.Ledger().LiveRefreshTokens[0])
	wantFewWords(t, auth.err.String(), address, port)
}

// wantFewWords wants at most one line for each kind of traffic, and nothing of it.
func wantFewWords(t *testing.T, said, address, port string) {
	t.Helper()
	notes := 0
	for line := range strings.Lines(said) {
		if strings.Contains(line, "on port "+port) || strings.Contains(line, "to port "+port) {
			notes++
		}
	}
	if lines := strings.Count(said, "\n"); notes != 2 || lines > 8 || !strings.Contains(said, "insists on https") {
		t.Errorf("%d notes in %d lines:\n%s", notes, lines, said)
	}
	for _, no := range []string{"\x1b", "\x07", "owned", "stolen", "script", "evil", "access_denied", "EMFILE", "too many"} {
		if strings.Contains(strings.Replace(said, address, "", 1), no) {
			t.Errorf("%q is in what is said:\n%s", no, said)
		}
	}
}

// However a login ends, its port is free the moment that the command has ended,
// with strangers still connected.
func TestPortIsFreeWhenTheCommandHasEnded(t *testing.T) {
	for name, c := range map[string]struct {
		code int
		args []string
		end  func(*process)
	}{
		"Ctrl-C":  {130, nil, func(p *process) { _ = p.Process.Signal(syscall.SIGINT) }},
		"SIGTERM": {130, nil, func(p *process) { _ = p.Process.Signal(syscall.SIGTERM) }},
		"timeout": {7, []string{"--timeout", "1s"}, func(*process) {}},
	} {
		t.Run(name, func(t *testing.T) {
			u := newUser(t)
			u.hasKeyring()
			s := newSalesforce(t, u, callbackLines(t))
			auth := u.authorizes(s, c.args...)
			port := callbackPort(t, auth.err.reads(authorizeLine)[1])
			crowd := newStrangers(t, port)
			for i := range 60 {
				crowd.stays(crowd.unfinished(i))
			}
			c.end(auth)
			auth.exits(c.code)
			wantFree(t, port)
			u.wantNothingSaved()
		})
	}
}

// browserTransport reaches the org as a browser of its user does.
func (s *salesforce) browserTransport() *http.Transport {
	s.t.Helper()
	proxy, err := url.Parse(s.proxy)
	if err != nil {
		s.t.Fatal(err)
	}
	text, err := os.ReadFile(s.ca)
	if err != nil {
		s.t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(text)
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots},
		Proxy: func(r *http.Request) (*url.URL, error) {
			if r.URL.Hostname() == "localhost" {
				return nil, nil
			}
			return proxy, nil
		},
	}
	s.t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// A second sign-in at a time is told who has the port.
func TestTwoLoginsAtATime(t *testing.T) {
	u := newUser(t)
	u.hasKeyring()
	s := newSalesforce(t, u, map[string]string{"callbacks": "http://localhost:" + freePort(t) + "/OauthRedirect"})
	first := u.authorizes(s)
	port := callbackPort(t, first.err.reads(authorizeLine)[1])
	second := u.authorizes(s)
	second.exits(6)
	want := fmt.Sprintf("Port %s is in use by another sfconnect (pid %d), perhaps waiting for a sign-in. Nothing was saved.", port, first.Process.Pid)
	if f := second.failure(); f.Code != "port_busy" || f.Message != want {
		t.Errorf("the second says %+v, want %q", f, want)
	}
	if strings.Contains(second.err.String(), "/authorize?") {
		t.Error("the second goes on to the browser")
	}
	_ = first.Process.Signal(syscall.SIGINT)
	first.exits(130)
}
