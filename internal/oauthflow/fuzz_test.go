package oauthflow

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/sfconnect/internal/secret"
)

// wantRefused wants a 4xx with the headers of every answer and nothing of the request in it.
func wantRefused(t *testing.T, status int, header http.Header, body string) {
	t.Helper()
	if status < 400 || status > 499 || header.Get("Location") != "" || header.Get("Set-Cookie") != "" {
		t.Fatalf("status %d %v", status, header)
	}
	for _, h := range commonHeaders(policyNothing) {
		if got := header.Values(h[0]); len(got) != 1 || h[0] != "Content-Security-Policy" && got[0] != h[1] || !strings.HasPrefix(got[0], "default-src 'none'") && h[0] == "Content-Security-Policy" {
			t.Fatalf("%s is %q", h[0], got)
		}
	}
	for name := range header {
		if strings.HasPrefix(name, "Access-Control-") {
			t.Fatalf("%s is given", name)
		}
	}
	if strings.ContainsAny(body, "\x00\x1b\u202e") || strings.Contains(body, trueState) || len(body) > 16<<10 {
		t.Fatalf("body %q", body)
	}
}

// FuzzCallbackRequest: only GET of the exact path with a Host of ours and the one
// right state decides; every other request gets 4xx with our headers, and the true
// callback wins afterwards.
func FuzzCallbackRequest(f *testing.F) {
	for _, s := range strays() {
		if len(s.target) < 1000 {
			f.Add(s.method, s.target, s.host)
		}
	}
	frame := newPageFrame()
	f.Fuzz(func(t *testing.T, method, target, host string) {
		cb := &Callback{address: address{path: "/OauthRedirect", port: "1717"}, page: frame,
			armed: make(chan struct{}), answered: make(chan struct{}), closed: make(chan struct{}), state: trueState}
		close(cb.armed)
		w := &recorder{header: http.Header{}}
		cb.serve(w, &http.Request{Method: method, RequestURI: target, Host: host})
		path, query, _ := strings.Cut(target, "?")
		// Without its error: what is broken beside state and code does not count.
		values, _ := url.ParseQuery(query)
		ours := map[string]bool{"localhost:1717": true, "127.0.0.1:1717": true, "[::1]:1717": true}[strings.ToLower(host)]
		right := method == "GET" && path == "/OauthRedirect" && len(values["state"]) == 1 && values.Get("state") == trueState && ours
		decided := cb.answer.resultPath != ""
		if decided != (w.status == http.StatusSeeOther) || decided && !right {
			t.Fatalf("status %d, decided %t", w.status, decided)
		}
		if decided {
			location := w.header.Get("Location")
			if !strings.HasPrefix(location, resultPrefix) || len(location) != len(resultPrefix)+43 || w.header.Get("Cache-Control") != "no-store" || w.header.Get("Referrer-Policy") != "no-referrer" {
				t.Fatalf("%v", w.header)
			}
			return
		}
		wantRefused(t, w.status, w.header, w.body.String())
		again := &recorder{header: http.Header{}}
		cb.serve(again, &http.Request{Method: "GET", RequestURI: truePath, Host: "localhost:1717"})
		if again.status != http.StatusSeeOther || cb.answer.code != "aPrx.secret==" {
			t.Fatalf("the true callback gets %d, the code is %q", again.status, cb.answer.code)
		}
	})
}

type recorder struct {
	header http.Header
	status int
	body   strings.Builder
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(s int)           { r.status = s }
func (r *recorder) Write(p []byte) (int, error) { return r.body.Write(p) }

// tape is a connection on which everything was said already.
type tape struct {
	said *bytes.Reader
	done chan struct{}
	once sync.Once
	mu   sync.Mutex
	got  bytes.Buffer
}

func (c *tape) Read(p []byte) (int, error) { return c.said.Read(p) }
func (c *tape) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.got.Write(p)
}
func (c *tape) Close() error                     { c.once.Do(func() { close(c.done) }); return nil }
func (c *tape) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (c *tape) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (c *tape) SetDeadline(time.Time) error      { return nil }
func (c *tape) SetReadDeadline(time.Time) error  { return nil }
func (c *tape) SetWriteDeadline(time.Time) error { return nil }

// play lets a listener that waits hear all of said at once, and gives what it
// answered until it closed the connection.
func play(t *testing.T, said []byte) (cb *Callback, answer []byte) {
	t.Helper()
	four, six := newPipes(), newPipes()
	cb, err := Listen(Ports{Listen: func(network, _ string) (net.Listener, error) {
		return map[string]net.Listener{"tcp4": four, "tcp6": six}[network], nil
	}}, "http://localhost:1717/OauthRedirect", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer cb.Close()
	cb.mu.Lock()
	cb.state, cb.arm = trueState, true
	cb.mu.Unlock()
	close(cb.armed)
	c := &tape{said: bytes.NewReader(said), done: make(chan struct{})}
	four.accept <- c
	<-c.done
	c.mu.Lock()
	defer c.mu.Unlock()
	return cb, c.got.Bytes()
}

// FuzzCallbackBytes: whatever bytes come to the port, they are closed without an
// answer or answered once, with 4xx under our headers; only the true state in a
// GET of the exact path is sent on.
func FuzzCallbackBytes(f *testing.F) {
	f.Fuzz(func(t *testing.T, said []byte) {
		cb, answer := play(t, said)
		cb.mu.Lock()
		decided := cb.answer.resultPath != ""
		cb.mu.Unlock()
		if decided && (!bytes.Contains(said, []byte("GET /OauthRedirect?")) || !bytes.HasPrefix(said, []byte("GET "))) {
			t.Fatalf("%q decided", said)
		}
		if len(answer) == 0 {
			if decided {
				t.Fatalf("%q decided and was not answered", said)
			}
			return
		}
		method, _, _ := strings.Cut(string(said), " ")
		all := bufio.NewReader(bytes.NewReader(answer))
		resp, err := http.ReadResponse(all, &http.Request{Method: method})
		if err != nil {
			t.Fatalf("%q got %q: %v", said, answer, err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		if rest, _ := io.ReadAll(all); len(rest) > 0 {
			t.Fatalf("after the answer comes %q", rest)
		}
		if decided != (resp.StatusCode == http.StatusSeeOther) {
			t.Fatalf("decided %t, %s", decided, resp.Status)
		}
		if !decided {
			wantRefused(t, resp.StatusCode, resp.Header, string(body))
		}
	})
}

// A client may end its side of the connection with its request.
func TestACallbackWithNothingMoreToSayDecides(t *testing.T) {
	frame := newPageFrame()
	left, leave := context.WithCancel(t.Context())
	leave()
	for range 100 { // two cases of a select are ready: one of them by chance
		cb := &Callback{address: address{path: "/OauthRedirect", port: "1717"}, page: frame,
			armed: make(chan struct{}), answered: make(chan struct{}), closed: make(chan struct{}), state: trueState}
		close(cb.armed)
		w := &recorder{header: http.Header{}}
		cb.serve(w, (&http.Request{Method: "GET", RequestURI: truePath, Host: "localhost:1717"}).WithContext(left))
		if w.status != http.StatusSeeOther {
			t.Fatalf("got %d", w.status)
		}
	}
}

// answers are what every request to Salesforce may be answered with: each was sent once
// and nothing was followed; an error says which sort it is and, once redacted, shows
// nothing of what was sent or received.
type answers struct {
	secrets  map[string]string // by the word that stands for it in an answer
	redactor secret.Redactor
	echo     *strings.Replacer
	app      App
}

func newAnswers(more ...string) *answers {
	a := &answers{secrets: map[string]string{"SECRET": "C0FFEE-consumer-secret", "CODE": "aPrx.code.of.this.test==", "REFRESH": "5Aep861refresh.of.this.test", "VERIFIER": "verifier-verifier-verifier-verifier-verifie", "ACCESS": "00Dxx0000001gPL!AQ.access"}}
	for i := 0; i < len(more); i += 2 {
		a.secrets[more[i]] = more[i+1]
	}
	var echo []string
	for name, text := range a.secrets {
		a.redactor.Hide(secret.New(text))
		echo = append(echo, name, text)
	}
	a.echo = strings.NewReplacer(echo...)
	a.app = App{LoginURL: "https://acme.my.salesforce.com", ConsumerKey: "3MVG9key", ConsumerSecret: secret.New(a.secrets["SECRET"])}
	return a
}

// to makes each call once and judges what comes of the answer.
func (a *answers) to(t *testing.T, calls map[string]func(context.Context, Client) error, status int, contentType, location, body string) {
	if status < 100 || status > 999 {
		t.Skip()
	}
	body, location = a.echo.Replace(body), a.echo.Replace(location)
	for name, call := range calls {
		sent := 0
		c := Client{HTTP: &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			sent++
			header := http.Header{"Content-Type": {contentType}, "Location": {location}, "Retry-After": {location}}
			return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
		})}, Now: func() time.Time { return time.Unix(1700000000, 0) }}
		err := call(t.Context(), c)
		if sent != 1 {
			t.Errorf("%s: %d requests", name, sent)
		}
		wantSortedOut(t, &a.redactor, name, status, err, a.secrets)
	}
}

// FuzzTokenAnswer: the answers to token, revoke, introspect and authorize requests.
func FuzzTokenAnswer(f *testing.F) {
	a := newAnswers()
	app, secrets := a.app, a.secrets
	request := Request{App: app, CallbackURL: "http://localhost:1717/x", State: trueState, Verifier: secret.New(secrets["VERIFIER"])}
	calls := map[string]func(context.Context, Client) error{
		"exchange": func(ctx context.Context, c Client) error {
			g, err := c.Exchange(ctx, request, secret.New(secrets["CODE"]))
			return complete(g, err)
		},
		"refresh": func(ctx context.Context, c Client) error {
			g, err := c.Refresh(ctx, app, secret.New(secrets["REFRESH"]))
			return complete(g, err)
		},
		"client credentials": func(ctx context.Context, c Client) error {
			g, err := c.ClientCredentials(ctx, app)
			return complete(g, err)
		},
		"introspect": func(ctx context.Context, c Client) error {
			_, err := c.Introspect(ctx, app, secret.New(secrets["ACCESS"]), HintAccessToken)
			return err
		},
		"revoke": func(ctx context.Context, c Client) error {
			return c.Revoke(ctx, app, secret.New(secrets["REFRESH"]))
		},
		"probe": func(ctx context.Context, c Client) error {
			p, err := c.Probe(ctx, request)
			if err == nil && p.Verdict != VerdictKnown && p.Verdict != VerdictRefused && p.Verdict != VerdictUnclear {
				return errors.New("a verdict without a name: " + string(p.Verdict))
			}
			return err
		},
	}
	f.Add(200, "application/json", "", goodToken)
	f.Fuzz(func(t *testing.T, status int, contentType, location, body string) {
		a.to(t, calls, status, contentType, location, body)
	})
}

// FuzzAssertionAnswer: the answers to the request of the JWT bearer flow. It is a target
// of its own because signing takes longer than all of the others together, although
// the key is as short as RS256 allows.
func FuzzAssertionAnswer(f *testing.F) {
	f.Setenv("GODEBUG", "rsa1024min=0")
	short, err := rsa.GenerateKey(rand.Reader, 512)
	if err != nil {
		f.Fatal(err)
	}
	key, err := encodeKey(short)
	if err != nil {
		f.Fatal(err)
	}
	a := newAnswers("PRIVATE", key.Reveal())
	calls := map[string]func(context.Context, Client) error{
		"jwt bearer": func(ctx context.Context, c Client) error {
			g, err := c.JWTBearer(ctx, a.app, Assertion{Username: "ada@acme.com", Audience: "https://login.salesforce.com", PrivateKey: key})
			return complete(g, err)
		},
	}
	f.Add(200, "application/json", "", goodToken)
	f.Add(200, "application/json", "", strings.Replace(goodToken, `"token_type"`, `"id_token":"a.b.c","token_type"`, 1))
	f.Add(400, "application/json", "", `{"error":"invalid_grant","error_description":"user hasn't approved this consumer PRIVATE"}`)
	f.Add(200, "text/html", "PRIVATE", "<html>PRIVATE</html>")
	f.Fuzz(func(t *testing.T, status int, contentType, location, body string) {
		a.to(t, calls, status, contentType, location, body)
	})
}

// complete wants a grant of what was promised.
func complete(g Grant, err error) error {
	if err == nil && g.AccessToken.Empty() {
		return errors.New("a grant without an access token")
	}
	return err
}

func wantSortedOut(t *testing.T, redactor *secret.Redactor, name string, status int, err error, secrets map[string]string) {
	t.Helper()
	var refused *Refused
	var foreign *NotSalesforce
	var told []string
	switch {
	case err == nil:
		if status >= 500 {
			t.Errorf("%s: %d is a success", name, status)
		}
		return
	case errors.As(err, &refused):
		if refused.Code == "" || refused.Status != status || status >= 500 || status == http.StatusNotFound || len([]rune(refused.Description)) > mostText+1 {
			t.Errorf("%s: %d refused as %+v", name, status, refused)
		}
		told = []string{redactor.Redact(err.Error()), redactor.Redact(refused.Description), redactor.Redact(refused.Code)}
	case errors.As(err, &foreign):
		if foreign.Reason == "" || foreign.Status != status || len(foreign.Body) > bodyHead {
			t.Errorf("%s: %d is foreign as %+v", name, status, foreign)
		}
		told = []string{err.Error()}
	default:
		t.Errorf("%s: an error of another sort: %T %v", name, err, err)
	}
	for _, text := range told {
		for what, s := range secrets {
			if strings.Contains(text, s) {
				t.Errorf("%s: the %s is in %q", name, what, text)
			}
		}
		if text != oneLine(text, len(text)+1) {
			t.Errorf("%s: %q is not one clean line", name, text)
		}
	}
}
