package wizard

import (
	"context"
	"crypto/rand"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/practice"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// rig is a computer with a practice org on it: real HTTP, files and callback
// listener, a store in memory, and a practice visitor as the browser. The
// registered callback ports are mapped to free ones, so that tests do not
// depend on what else listens.
type rig struct {
	t       *testing.T
	org     *practice.Running
	machine *connection.Machine
	memory  *store.Memory
	dir     string
	visitor practice.Visitor

	mu     sync.Mutex
	ports  map[string]string // "localhost:1717" to where it really listens
	bound  int               // callback ports that are listened on
	opened []string
	clock  time.Time
	slept  []time.Duration
	visits sync.WaitGroup
}

func newRig(t *testing.T, settings map[string]string) *rig {
	t.Helper()
	quilia, err := recipe.Find("quilia")
	if err != nil {
		t.Fatal(err)
	}
	g := &rig{t: t, dir: t.TempDir(), memory: store.NewMemory(), ports: map[string]string{}, clock: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)}
	g.org, err = practice.Serve(t.Context(), nil, "127.0.0.1:0", practice.Options{Recipe: &quilia, Settings: settings, Now: g.now, Rand: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.visits.Wait(); g.org.Close() })
	g.visitor.Transport = &http.Transport{DisableKeepAlives: true, DialContext: g.dial}
	plain := &http.Transport{DisableKeepAlives: true}
	g.machine = &connection.Machine{
		HTTP: &http.Client{Transport: plain, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		File: store.NewFile(filepath.Join(g.dir, "config"), filepath.Join(g.dir, "state")), Secrets: store.NewSecrets(g.memory, "linux", rand.Reader),
		Listen: g.listen, OpenBrowser: g.browse, Now: g.now, Sleep: g.sleep, Rand: rand.Reader, Redactor: &secret.Redactor{},
	}
	return g
}

// revokedGrants counts the refresh tokens that were revoked; an audit ends an access
// token of its own besides.
func (g *rig) revokedGrants() int {
	n := 0
	for _, token := range g.org.Org.Ledger().RevokedTokens {
		if strings.HasPrefix(token, "5Aep861") {
			n++
		}
	}
	return n
}

func (g *rig) now() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.clock = g.clock.Add(time.Millisecond)
	return g.clock
}

func (g *rig) sleep(ctx context.Context, d time.Duration) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.slept = append(g.slept, d)
	g.clock = g.clock.Add(d)
	return ctx.Err()
}

func (g *rig) listen(network, address string) (net.Listener, error) {
	if network == "tcp6" || strings.HasPrefix(address, "[") {
		return nil, &net.OpError{Op: "listen", Net: network, Err: os.NewSyscallError("bind", syscall.EADDRNOTAVAIL)}
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(address)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ports["localhost:"+port] = l.Addr().String()
	g.bound++
	return &counted{Listener: l, closed: func() { g.mu.Lock(); g.bound--; g.mu.Unlock() }}, nil
}

// counted tells when a port is freed.
type counted struct {
	net.Listener
	once   sync.Once
	closed func()
}

func (c *counted) Close() error {
	defer c.once.Do(c.closed)
	return c.Listener.Close()
}

func (g *rig) boundPorts() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.bound
}

func (g *rig) dial(ctx context.Context, network, address string) (net.Conn, error) {
	g.mu.Lock()
	if real, ok := g.ports[address]; ok {
		address = real
	}
	g.mu.Unlock()
	var d net.Dialer
	return d.DialContext(ctx, network, address)
}

func (g *rig) browse(ctx context.Context, url string) error {
	g.mu.Lock()
	g.opened = append(g.opened, url)
	g.mu.Unlock()
	g.visits.Go(func() {
		if err := g.visitor.Visit(ctx, url); err != nil && ctx.Err() == nil {
			g.t.Logf("visit: %v", err)
		}
	})
	return nil
}

func (g *rig) setup(ui UI) *Setup {
	facts := g.org.Org.Facts()
	return &Setup{
		UI: ui, Machine: g.machine, Recipes: recipe.All, StateDir: filepath.Join(g.dir, "state"), Profile: "default",
		Preset: map[string]string{"login_url": facts.MyDomainURL, "consumer_key": facts.ConsumerKey},
	}
}

// request is a login as the wizard asks for it.
func (g *rig) request() connection.LoginRequest {
	facts := g.org.Org.Facts()
	login, err := salesforce.ParseLoginURL(facts.MyDomainURL, salesforce.LoginOptions{})
	if err != nil {
		g.t.Fatal(err)
	}
	return connection.LoginRequest{Profile: "default", Login: login, ConsumerKey: facts.ConsumerKey, ConsumerSecret: secret.New(facts.ConsumerSecret)}
}

func (g *rig) run(answers map[string][]any) (*script, error) {
	g.t.Helper()
	ui := newScript(g.t, answers)
	return ui, g.setup(ui).Run(g.t.Context())
}

// stateFiles gives the content of every file in the state and configuration folders.
func (g *rig) files() string {
	var all strings.Builder
	_ = filepath.WalkDir(g.dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			data, _ := os.ReadFile(path)
			all.Write(data)
		}
		return nil
	})
	return all.String()
}

func (g *rig) secret() string { return g.org.Org.Facts().ConsumerSecret }

func (g *rig) saved() (store.Profile, bool) {
	g.t.Helper()
	set, err := g.machine.File.Load()
	if err != nil {
		g.t.Fatal(err)
	}
	p, ok := set.Profiles["default"]
	return p, ok
}

// done answers every page of the checklist, and makes a new app.
func done(answers map[string][]any) map[string][]any {
	answers[partExists] = append(answers[partExists], appNew)
	for _, id := range []string{pageAppManager, pageBasic, pageOAuth, pageFlows, pageSecurity, pagePolicies, pageKey} {
		answers[id] = append(answers[id], ActionDone)
	}
	return answers
}

// items counts what the store holds, without the key of the rescue place.
func (g *rig) items() int {
	set, _ := g.machine.File.Load()
	if _, err := g.memory.Get("sfconnect", store.RescueOwner(set.Rescue["practice"])+"/"+string(store.RescueIdentity)); err == nil {
		return g.memory.Len() - 1
	}
	return g.memory.Len()
}
