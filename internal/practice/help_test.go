package practice

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	local    = "http://localhost:1717/OauthRedirect"
	verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
)

// clockwork is a clock that moves when told to.
type clockwork struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clockwork) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }
func (c *clockwork) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// world is an org on loopback, and a raw client that follows nothing.
type world struct {
	*testing.T
	*Running
	clock *clockwork
	facts Facts
	http  *http.Client
}

func seed() io.Reader { return strings.NewReader(strings.Repeat("practice", 4)) }

func start(t *testing.T, set map[string]string, faults ...string) *world {
	t.Helper()
	return startWith(t, Options{Settings: set, Faults: faults})
}

func startWith(t *testing.T, o Options) *world {
	t.Helper()
	clock := &clockwork{now: time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)}
	o.Now, o.Rand = clock.Now, seed()
	r, err := Serve(t.Context(), nil, "127.0.0.1:0", o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	w := &world{T: t, Running: r, clock: clock, facts: r.Org.Facts()}
	w.http = w.browser()
	return w
}

// browser is a client with cookies that does not follow redirects.
func (w *world) browser() *http.Client {
	jar, _ := cookiejar.New(nil)
	transport := &http.Transport{}
	w.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Jar: jar, Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// got is an answer, read in full.
type got struct {
	*http.Response
	text string
}

func (w *world) do(client *http.Client, r *http.Request) got {
	w.Helper()
	a, err := client.Do(r)
	if err != nil {
		w.Fatal(err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		w.Fatal(err)
	}
	return got{a, string(text)}
}

func (w *world) get(address string, bearer ...string) got {
	w.Helper()
	r, err := http.NewRequestWithContext(w.Context(), http.MethodGet, address, nil)
	if err != nil {
		w.Fatal(err)
	}
	if len(bearer) > 0 {
		r.Header.Set("Authorization", "Bearer "+bearer[0])
	}
	return w.do(w.http, r)
}

func (w *world) post(address string, v url.Values) got {
	w.Helper()
	r, err := http.NewRequestWithContext(w.Context(), http.MethodPost, address, strings.NewReader(v.Encode()))
	if err != nil {
		w.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.do(w.http, r)
}

func challenge(v string) string {
	sum := sha256.Sum256([]byte(v))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// authorizeQuery is a good request; changes are name, value pairs, and an empty value removes.
func (w *world) authorizeQuery(changes ...string) string {
	v := url.Values{
		"response_type": {"code"}, "client_id": {w.facts.ConsumerKey}, "redirect_uri": {local},
		"code_challenge": {challenge(verifier)}, "code_challenge_method": {"S256"}, "state": {"s t&ate"},
	}
	change(v, changes)
	return authorizePath + "?" + v.Encode()
}

func change(v url.Values, changes []string) {
	for i := 0; i+1 < len(changes); i += 2 {
		v.Set(changes[i], changes[i+1])
		if changes[i+1] == "" {
			v.Del(changes[i])
		}
	}
}

// through goes from the authorize request to where the browser leaves the org,
// or to the error page, pressing the button with the given name.
func (w *world) through(base, button string, changes ...string) *url.URL {
	w.Helper()
	a := w.get(base + w.authorizeQuery(changes...))
	for range 8 {
		if a.StatusCode == http.StatusFound {
			next, err := a.Request.URL.Parse(a.Header.Get("Location"))
			if err != nil {
				w.Fatal(err)
			}
			if next.Host == "localhost:1717" || next.Path == errorPath {
				return next
			}
			a = w.get(next.String())
			continue
		}
		form, ok := readForm(a.text)
		if a.StatusCode != http.StatusOK || !ok {
			w.Fatalf("no way on: %d %s", a.StatusCode, a.text)
		}
		if form.id == "approve_form" {
			form.values.Set(button, "x")
		}
		next, _ := a.Request.URL.Parse(form.action)
		a = w.post(next.String(), form.values)
	}
	w.Fatal("the pages go in circles")
	return nil
}

// code gets an authorization code in a fresh browser.
func (w *world) code(changes ...string) string {
	w.Helper()
	w.http = w.browser()
	at := w.through(w.facts.MyDomainURL, "approve", changes...)
	if at.Query().Get("code") == "" {
		w.Fatalf("no code in %s", at)
	}
	return at.Query().Get("code")
}

func (w *world) tokenForm(code string, changes ...string) url.Values {
	v := url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "client_id": {w.facts.ConsumerKey}, "client_secret": {w.facts.ConsumerSecret},
		"redirect_uri": {local}, "code_verifier": {verifier},
	}
	change(v, changes)
	return v
}

func (w *world) exchange(code string, changes ...string) got {
	w.Helper()
	return w.post(w.facts.MyDomainURL+tokenPath, w.tokenForm(code, changes...))
}

func (w *world) renew(refresh string, changes ...string) got {
	w.Helper()
	v := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}, "client_id": {w.facts.ConsumerKey}, "client_secret": {w.facts.ConsumerSecret}}
	change(v, changes)
	return w.post(w.facts.MyDomainURL+tokenPath, v)
}

// signIn is the whole web flow.
func (w *world) signIn(changes ...string) map[string]string {
	w.Helper()
	return w.tokens(w.exchange(w.code(changes...)))
}

func (w *world) tokens(a got) map[string]string {
	w.Helper()
	if a.StatusCode != http.StatusOK {
		w.Fatalf("token answer: %d %s", a.StatusCode, a.text)
	}
	return object(w.T, a.text)
}

// object reads a JSON object whose members are all texts.
func object(t *testing.T, text string) map[string]string {
	t.Helper()
	var m map[string]string
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return m
}

// refused checks a token error: status, exact body, headers.
func (w *world) refused(a got, code, description string) {
	w.Helper()
	want := `{"error":"` + code + `","error_description":"` + description + `"}`
	if description == "" {
		want = `{"error":"` + code + `"}`
	}
	if a.StatusCode != 400 || a.text != want || a.Header.Get("Cache-Control") != "no-store" {
		w.Errorf("got %d %s (Cache-Control %s), want 400 %s", a.StatusCode, a.text, a.Header.Get("Cache-Control"), want)
	}
}

func visit(t *testing.T, v Visitor, address string) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	return v.Visit(ctx, address)
}
