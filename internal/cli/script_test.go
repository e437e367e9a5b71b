package cli_test

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"example.com/sfconnect/internal/cli"
	"example.com/sfconnect/internal/porttest"
	"example.com/sfconnect/internal/practice"
	"example.com/sfconnect/internal/store"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"sfconnect": runScripted})
}

// TestScripts runs every command as a user would type it: the real cli.Run with
// stand-ins for the browser, the keychain and the dialer alone. Each script is a
// file of testdata/script, its name beginning with the command it is about.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "../../testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *cli.UpdateGolden,
		Setup: func(env *testscript.Env) error {
			work := env.WorkDir
			for _, v := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "APPDATA", "LOCALAPPDATA", "USERPROFILE"} {
				env.Setenv(v, filepath.Join(work, "home"))
			}
			env.Setenv("SCRIPT_KEYCHAIN", filepath.Join(work, "keychain"))
			return os.MkdirAll(filepath.Join(work, "home"), 0o700)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"practice": startPractice,
			"audited":  audited,
			"until":    until,
			"org":      changeOrg,
			"ledger":   checkLedger,
			"json":     checkJSON,
			"exits":    exits,
			"occupy":   occupy,
			"kept":     kept,
			"paste":    pasteInto,
			"provoke":  provoke,
			"identity": makeIdentity,
			"empty":    empty,
			"proxy":    startProxy,
			"stray":    stray,
			"finding":  finding,
			"profile":  editProfile,
		},
	})
}

// runScripted is the scripts' sfconnect.
func runScripted() {
	home := os.Getenv("HOME")
	clock := new(scriptedClock)
	sys := cli.System{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Getenv: os.Getenv, Environ: os.Environ, Rand: rand.Reader,
		Interrupts: func(ctx context.Context) context.Context { return ctx },
		Now:        clock.now,
		Sleep:      clock.sleep,
		OpenURL:    scriptedBrowser,
		Start: func(argv []string) error {
			if argv[0] == "no-such-browser" {
				return &exec.Error{Name: argv[0], Err: exec.ErrNotFound}
			}
			return os.WriteFile(filepath.Join(home, "browser-argv"), []byte(strings.Join(argv, "\n")), 0o600)
		},
		Surroundings: scriptedSurroundings,
		LookPath:     scriptedLookPath,
		Keychain:     scriptedStore(),
		Transport:    scriptedTransport,
		Listen:       scriptedListen,
		PortHolder:   func(port int) string { return os.Getenv(fmt.Sprint("SCRIPT_HOLDER_", port)) },
		ConfigDir:    filepath.Join(home, "config"), StateDir: filepath.Join(home, "state"),
		TempDir: func() (string, error) { return os.MkdirTemp("", "sfconnect-script-") },
		HomeDir: home,
		OS:      runtime.GOOS, Version: "v0.0.0-script",
	}
	os.Exit(cli.Run(context.Background(), os.Args[1:], sys))
}

// scriptedSurroundings are where a script says that it runs: SCRIPT_WHERE holds wsl,
// container, pod:NAME or ssh:USER:PORT:HOST.
func scriptedSurroundings() cli.Surroundings {
	var s cli.Surroundings
	where := os.Getenv("SCRIPT_WHERE")
	kind, rest, _ := strings.Cut(where, ":")
	switch kind {
	case "wsl":
		s.WSL = true
	case "container":
		s.Container = true
	case "pod":
		s.Container, s.Pod = true, rest
	case "ssh":
		parts := strings.SplitN(rest, ":", 3)
		s.SSH = &cli.SSHSession{User: parts[0], Port: parts[1], Host: parts[2]}
	}
	return s
}

func duration(variable string) time.Duration {
	d, _ := time.ParseDuration(os.Getenv(variable))
	return d
}

// scriptedClock goes SCRIPT_LATER; with SCRIPT_NO_SLEEP a sleep passes at once,
// and the clock goes on as if it had not.
type scriptedClock struct{ slept atomic.Int64 }

func (c *scriptedClock) now() time.Time {
	return time.Now().Add(duration("SCRIPT_LATER") + time.Duration(c.slept.Load()))
}

func (c *scriptedClock) sleep(ctx context.Context, d time.Duration) error {
	if os.Getenv("SCRIPT_NO_SLEEP") != "" {
		c.slept.Add(int64(d))
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// scriptedBrowser is a person with a browser: allow (the default), deny, ignore
// (opens it and goes for a coffee), broken (there is none) or forbidden (the
// script expects that no browser is opened).
func scriptedBrowser(url string) error {
	switch mode := os.Getenv("SCRIPT_BROWSER"); mode {
	case "ignore":
		return nil
	case "broken":
		return errors.New("no browser here")
	case "forbidden":
		fmt.Fprintln(os.Stderr, "BROWSER OPENED")
		os.Exit(99)
	default:
		visitor := practice.Visitor{Deny: mode == "deny", Username: os.Getenv("SCRIPT_USER"), Transport: scriptedTransport(scriptRoots())}
		go func() {
			if err := visitor.Visit(context.Background(), url); err != nil {
				fmt.Fprintln(os.Stderr, "visitor:", err)
			}
		}()
	}
	return nil
}

func scriptRoots() *x509.CertPool {
	pem, err := os.ReadFile(os.Getenv("SCRIPT_CA"))
	if err != nil {
		return nil
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	return pool
}

// scriptedTransport sends Salesforce's host names to the practice org.
func scriptedTransport(roots *x509.CertPool) http.RoundTripper {
	dialer := &net.Dialer{}
	return &http.Transport{
		Proxy:           http.ProxyFromEnvironment,
		TLSClientConfig: &tls.Config{RootCAs: roots},
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			host, _, _ := net.SplitHostPort(address)
			if to := os.Getenv("SCRIPT_DIAL"); to != "" && strings.HasSuffix(host, "salesforce.com") {
				address = to
			}
			return dialer.DialContext(ctx, network, address)
		},
	}
}

// scriptedKeychain keeps its items in files, because scripts run several processes.
type scriptedKeychain struct{ dir string }

func (k scriptedKeychain) path(service, user string) string {
	return filepath.Join(k.dir, fmt.Sprintf("%x", service+"\x00"+user))
}

func (k scriptedKeychain) broken(call string) error {
	for _, c := range strings.Fields(os.Getenv("SCRIPT_KEYCHAIN_BREAKS")) {
		if c == call {
			return errors.New("the keychain is broken by the script")
		}
	}
	return nil
}

func (k scriptedKeychain) Get(service, user string) (string, error) {
	if err := k.broken("get"); err != nil {
		return "", err
	}
	text, err := os.ReadFile(k.path(service, user))
	if errors.Is(err, os.ErrNotExist) {
		return "", store.ErrNotFound
	}
	return string(text), err
}

func (k scriptedKeychain) Set(service, user, value string) error {
	if err := k.broken("set"); err != nil {
		return err
	}
	if err := os.MkdirAll(k.dir, 0o700); err != nil {
		return err
	}
	return os.WriteFile(k.path(service, user), []byte(value), 0o600)
}

func (k scriptedKeychain) Delete(service, user string) error {
	if err := k.broken("delete"); err != nil {
		return err
	}
	err := os.Remove(k.path(service, user))
	if errors.Is(err, os.ErrNotExist) {
		return store.ErrNotFound
	}
	return err
}

// orgs finds a script's practice org again, and stops the way to end it.
var orgs, stops sync.Map

// startPractice runs a practice org for a script: practice [-tls] [-recipe ID]
// [NAME=VALUE…] [fault:NAME…]. It sets LOGIN_URL, MY_DOMAIN, KEY, SECRET and CALLBACK.
func startPractice(ts *testscript.TestScript, neg bool, args []string) {
	secure := len(args) > 0 && args[0] == "-tls"
	if secure {
		args = args[1:]
	}
	callback := fmt.Sprintf("http://localhost:%d/OauthRedirect", freePort(ts))
	o := practice.Options{Settings: map[string]string{"callbacks": callback}, Now: time.Now, Rand: rand.Reader}
	if len(args) > 1 && args[0] == "-recipe" {
		setUpAs(ts, &o, args[1])
		args = args[2:]
	}
	for _, arg := range args {
		if name, ok := strings.CutPrefix(arg, "fault:"); ok {
			o.Faults = append(o.Faults, name)
			continue
		}
		name, value, _ := strings.Cut(arg, "=")
		o.Settings[name] = value
	}
	var org *practice.Org
	if secure {
		o.LoginURL, o.MyDomainURL = "https://login.salesforce.com", "https://acme.my.salesforce.com"
		var err error
		org, err = practice.New(o)
		ts.Check(err)
		serveTLS(ts, org)
	} else {
		running, err := practice.Serve(context.Background(), net.Listen, "127.0.0.1:0", o)
		ts.Check(err)
		ts.Defer(func() { running.Close() })
		stops.Store(ts.Getenv("WORK"), func() { running.Close() })
		org = running.Org
	}
	orgs.Store(ts.Getenv("WORK"), org)
	f := org.Facts()
	ts.Setenv("LOGIN_URL", f.LoginURL)
	ts.Setenv("MY_DOMAIN", f.MyDomainURL)
	ts.Setenv("KEY", f.ConsumerKey)
	ts.Setenv("SECRET", f.ConsumerSecret)
	ts.Setenv("SFCONNECT_CONSUMER_SECRET", f.ConsumerSecret)
	ts.Setenv("CALLBACK", callback)
	ts.Setenv("ORG_ID", f.OrgID)
	ts.Setenv("USERNAME", f.Username)
	ts.Setenv("OTHER_USER", f.OtherUsername)
	if f.PrivateKey != "" {
		ts.Check(os.WriteFile(ts.MkAbs("key.pem"), []byte(f.PrivateKey), 0o600))
	}
}

func theOrg(ts *testscript.TestScript) *practice.Org {
	org, ok := orgs.Load(ts.Getenv("WORK"))
	if !ok {
		ts.Fatalf("no practice org runs in this script")
	}
	return org.(*practice.Org)
}

// changeOrg changes the running org: org NAME=VALUE… | org fault:NAME… | org heal | org stop.
func changeOrg(ts *testscript.TestScript, neg bool, args []string) {
	org := theOrg(ts)
	var faults []string
	for _, arg := range args {
		if arg == "stop" {
			stop, _ := stops.Load(ts.Getenv("WORK"))
			stop.(func())()
			return
		}
		if arg == "heal" {
			ts.Check(org.SetFaults())
			continue
		}
		if name, ok := strings.CutPrefix(arg, "fault:"); ok {
			faults = append(faults, name)
			continue
		}
		name, value, _ := strings.Cut(arg, "=")
		ts.Check(org.Set(name, value))
	}
	if faults != nil {
		ts.Check(org.SetFaults(faults...))
	}
}

// checkLedger compares one figure of the org's own ledger: ledger FIELD VALUE.
func checkLedger(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: ledger FIELD VALUE")
	}
	text, err := json.Marshal(theOrg(ts).Ledger())
	ts.Check(err)
	compare(ts, neg, text, args[0], args[1])
}

// checkJSON looks a value up in a JSON document: json FILE a.b.0.c VALUE. VALUE
// is JSON, or plain text for a string; "-" means that there is no such value.
func checkJSON(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: json FILE PATH VALUE")
	}
	text := ts.ReadFile(args[0])
	if strings.Count(strings.TrimSpace(text), "\n") != 0 {
		ts.Fatalf("%s is not one document on one line:\n%s", args[0], text)
	}
	compare(ts, neg, []byte(text), args[1], args[2])
}

func compare(ts *testscript.TestScript, neg bool, text []byte, path, want string) {
	var document any
	if err := json.Unmarshal(text, &document); err != nil {
		ts.Fatalf("not JSON: %v\n%s", err, text)
	}
	got := lookUp(document, strings.Split(path, "."))
	encoded, _ := json.Marshal(got)
	ok := string(encoded) == want || got == any(want) || (want == "-" && got == nil)
	if ok == neg {
		ts.Fatalf("%s is %s, want %s%s\n%s", path, encoded, map[bool]string{true: "anything but "}[neg], want, text)
	}
}

func lookUp(v any, path []string) any {
	for _, key := range path {
		switch node := v.(type) {
		case map[string]any:
			v = node[key]
		case []any:
			if key == "len" {
				v = float64(len(node))
				continue
			}
			var i int
			if _, err := fmt.Sscan(key, &i); err != nil || i >= len(node) {
				return nil
			}
			v = node[i]
		default:
			return nil
		}
	}
	return v
}

// freePort stays the script's own.
func freePort(ts *testscript.TestScript) int {
	port, release, err := porttest.Hold()
	ts.Check(err)
	ts.Defer(release)
	return port
}

// exits runs a command that must end with exactly this code: exits CODE COMMAND ARG….
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARG…")
	}
	mustExit(ts, args[0], args[1], args[2:])
}

func mustExit(ts *testscript.TestScript, want, command string, args []string) {
	got := 0
	var failed *exec.ExitError
	if err := ts.Exec(command, args...); errors.As(err, &failed) {
		got = failed.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if fmt.Sprint(got) != want {
		ts.Fatalf("exit code %d, want %s", got, want)
	}
}

// occupy listens on a port for as long as the script runs: occupy VARIABLE.
func occupy(ts *testscript.TestScript, neg bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { l.Close() })
	ts.Setenv(args[0], fmt.Sprint(l.Addr().(*net.TCPAddr).Port))
}

// kept writes what the keychain holds of a profile to a file: kept PROFILE ITEM FILE.
func kept(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: kept PROFILE ITEM FILE")
	}
	work := ts.Getenv("WORK")
	set, err := store.NewFile(filepath.Join(work, "home", "config", "sfconnect"), filepath.Join(work, "home", "state", "sfconnect")).Load()
	ts.Check(err)
	text, err := scriptedKeychain{dir: ts.Getenv("SCRIPT_KEYCHAIN")}.Get("sfconnect", set.Profiles[args[0]].ID+"/"+args[1])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(text), 0o600))
}
