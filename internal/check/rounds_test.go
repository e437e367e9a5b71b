package check_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.com/sfconnect/internal/check"
	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/porttest"
	"example.com/sfconnect/internal/practice"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// rounds lets requests through in groups: none of a round is sent before all of it
// have been made, and none of the next before. A client that asks one thing after
// the other waits for ever.
type rounds struct {
	base http.RoundTripper
	mu   sync.Mutex
	left [][]string // what each round is made of, by words in the address
	open []chan struct{}
	seen []string
}

func newRounds(base http.RoundTripper, of ...[]string) *rounds {
	r := &rounds{base: base, left: of}
	for range of {
		r.open = append(r.open, make(chan struct{}))
	}
	return r
}

func (r *rounds) RoundTrip(request *http.Request) (*http.Response, error) {
	gate := r.arrive(request.Method + " " + request.URL.RequestURI())
	select {
	case <-gate:
		return r.base.RoundTrip(request)
	case <-request.Context().Done():
		return nil, request.Context().Err()
	}
}

// arrive gives what the request waits for: its round, or nothing for one that no
// round speaks of, which is noted.
func (r *rounds) arrive(what string) <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, words := range r.left {
		at := slices.IndexFunc(words, func(word string) bool { return strings.Contains(what, word) })
		if at < 0 {
			continue
		}
		r.left[i] = slices.Delete(slices.Clone(words), at, at+1)
		if len(r.left[i]) == 0 {
			close(r.open[i])
		}
		return r.open[i]
	}
	r.seen = append(r.seen, what)
	through := make(chan struct{})
	close(through)
	return through
}

// counting counts the calls on a keychain.
type counting struct {
	*store.Memory
	calls atomic.Int32
}

func (c *counting) Get(service, user string) (string, error) {
	c.calls.Add(1)
	return c.Memory.Get(service, user)
}

func (c *counting) Set(service, user, value string) error {
	c.calls.Add(1)
	return c.Memory.Set(service, user, value)
}

func (c *counting) Delete(service, user string) error {
	c.calls.Add(1)
	return c.Memory.Delete(service, user)
}

// A test asks in two rounds whatever the org does, and each round is sent whole
// before anything of it is answered.
func TestATestIsTwoRounds(t *testing.T) {
	keychain := &counting{Memory: store.NewMemory()}
	dir := t.TempDir()
	callback := fmt.Sprintf("http://localhost:%d/OauthRedirect", porttest.Free(t))
	running, err := practice.Serve(t.Context(), net.Listen, "127.0.0.1:0", practice.Options{
		Settings: map[string]string{"callbacks": callback, "refresh_token_rotation": "true"}, Now: time.Now, Rand: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { running.Close() })
	facts := running.Org.Facts()
	login, err := salesforce.ParseLoginURL(facts.MyDomainURL, salesforce.LoginOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m := &connection.Machine{
		HTTP: &http.Client{Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		File: store.NewFile(dir, dir), Secrets: store.NewSecrets(keychain, "linux", rand.Reader), Listen: net.Listen,
		OpenBrowser: func(ctx context.Context, url string) error {
			go func() { _ = practice.Visitor{}.Visit(context.WithoutCancel(ctx), url) }()
			return nil
		},
		Now: time.Now, Sleep: func(context.Context, time.Duration) error { return nil }, Rand: rand.Reader, Redactor: &secret.Redactor{},
	}
	if _, err := m.Login(t.Context(), connection.LoginRequest{Profile: "p", Login: login, ConsumerKey: facts.ConsumerKey,
		ConsumerSecret: secret.New(facts.ConsumerSecret), Callbacks: []string{callback}}); err != nil {
		t.Fatal(err)
	}
	before := keychain.calls.Load()
	var dialled atomic.Int32
	transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		dialled.Add(1)
		return new(net.Dialer).DialContext(ctx, network, address)
	}}
	gate := newRounds(transport,
		[]string{"/services/oauth2/authorize", "POST /services/oauth2/token", "GET /services/data/", "HEAD "},
		[]string{"GET /id/", "/query", "/limits"})
	m.HTTP.Transport = gate

	result := check.Test(t.Context(), m, "p", nil)

	if !result.OK() {
		t.Fatalf("the test failed: %+v", result.Fault)
	}
	for i, missing := range gate.left {
		if len(missing) > 0 {
			t.Errorf("round %d was never asked for %q", i+1, missing)
		}
	}
	if len(gate.seen) > 0 {
		t.Errorf("requests beyond the two rounds: %q", gate.seen)
	}
	// Three to the login host, which is the instance as well, and one to the identity host.
	if got := dialled.Load(); got > 4 {
		t.Errorf("%d connections were opened, want at most 4", got)
	}
	// Secret and refresh token are read to see that they are there, and again under the
	// lock; the rotated token is written and read back; the cached access token and the
	// rescue place are looked at.
	t.Logf("%d connections, %d calls on the keychain", dialled.Load(), keychain.calls.Load()-before)
	if got := keychain.calls.Load() - before; got > 8 {
		t.Errorf("%d calls on the keychain, want at most 8", got)
	}
	if l := running.Org.Ledger(); l.Refreshes != 1 || l.RotationReplays != 0 {
		t.Errorf("%d refreshes and %d replays, want 1 and 0", l.Refreshes, l.RotationReplays)
	}
	var names []string
	for _, s := range result.Stages {
		names = append(names, s.Name)
	}
	if !slices.Equal(names, check.StageNames()) {
		t.Errorf("stages %v, want %v", names, check.StageNames())
	}
}

// A sign-in without a person asks in two rounds as well.
func TestASignInIsTwoRounds(t *testing.T) {
	running, err := practice.Serve(t.Context(), net.Listen, "127.0.0.1:0", practice.Options{
		Settings: map[string]string{"client_credentials_flow": "true", "run_as": "ada@practice.example"}, Now: time.Now, Rand: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { running.Close() })
	facts := running.Org.Facts()
	login, err := salesforce.ParseLoginURL(facts.MyDomainURL, salesforce.LoginOptions{})
	if err != nil {
		t.Fatal(err)
	}
	gate := newRounds(&http.Transport{},
		[]string{"POST /services/oauth2/token", "GET /services/data/"},
		[]string{"GET /id/", "/query", "/introspect"})
	dir := t.TempDir()
	m := &connection.Machine{
		HTTP: &http.Client{Timeout: 20 * time.Second, Transport: gate, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		File: store.NewFile(dir, dir), Secrets: store.NewSecrets(store.NewMemory(), "linux", rand.Reader),
		Now: time.Now, Sleep: func(context.Context, time.Duration) error { return nil }, Rand: rand.Reader, Redactor: &secret.Redactor{},
	}

	done, err := m.Login(t.Context(), connection.LoginRequest{Profile: "p", Flow: connection.FlowClientCredentials, Login: login,
		ConsumerKey: facts.ConsumerKey, ConsumerSecret: secret.New(facts.ConsumerSecret)})

	if err != nil || done.Profile.Org.Name == "" || done.Profile.User.Username == "" || len(done.Warnings) > 0 {
		t.Errorf("%+v, %v", done, err)
	}
	for i, missing := range gate.left {
		if len(missing) > 0 {
			t.Errorf("round %d was never asked for %q", i+1, missing)
		}
	}
	if len(gate.seen) > 0 {
		t.Errorf("requests beyond the two rounds: %q", gate.seen)
	}
}
