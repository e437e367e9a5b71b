package check

import (
	"net/url"
	"os/exec"
	"strings"
	"testing"
	"time"

	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/store"
)

func TestJudgeClock(t *testing.T) {
	for _, c := range []struct {
		ahead time.Duration
		want  Status
		says  string
	}{
		{0, Pass, "agrees"}, {time.Minute, Pass, "agrees"}, {-time.Minute, Pass, "agrees"},
		{61 * time.Second, Warn, "1m1s ahead of"}, {-3 * time.Minute, Warn, "3 minutes behind"},
		{181 * time.Second, Fail, "ahead of"}, {-4 * time.Hour, Fail, "behind"},
	} {
		s := judgeClock(c.ahead, "linux")
		if s.Status != c.want || !strings.Contains(s.Detail, c.says) || (s.Fault != nil) != (c.want == Fail) {
			t.Errorf("%v: %+v", c.ahead, s)
		}
		if s.Status == Fail && s.Fault.Exit != 1 {
			t.Errorf("%v ends with %d", c.ahead, s.Fault.Exit)
		}
	}
}

func TestCertificateNotice(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		ends time.Time
		want string
	}{
		{time.Time{}, ""},
		{now.AddDate(0, 0, 30), ""},
		{now.AddDate(0, 0, 30).Add(-time.Second), "the certificate of the app ends on 2026-12-25"},
		{now.Add(time.Second), "the certificate of the app ends on 2026-11-25"},
		{now, "the certificate of the app ended on 2026-11-25"},
		{now.AddDate(-1, 0, 0), "the certificate of the app ended on 2025-11-25"},
	} {
		if got := CertificateNotice(store.Profile{JWT: store.JWT{CertificateEnds: c.ends}}, now); got != c.want {
			t.Errorf("%v: %q, want %q", c.ends, got, c.want)
		}
	}
}

// The variables are read as net/http reads them, and a password is never told.
func TestProxies(t *testing.T) {
	var hosts []salesforce.LoginURL
	for _, address := range []string{"https://login.salesforce.com", "https://acme.my.salesforce.com", "http://127.0.0.1:8080"} {
		login, err := salesforce.ParseLoginURL(address, salesforce.LoginOptions{})
		if err != nil {
			t.Fatal(err)
		}
		hosts = append(hosts, login)
	}
	set := func(u *url.URL) (*url.URL, error) {
		if u.Scheme == "http" {
			return nil, nil // this computer
		}
		return url.Parse("http://corp:3128")
	}
	for _, c := range []struct {
		env    map[string]string
		system func(*url.URL) (*url.URL, error)
		want   Status
		says   string
	}{
		{nil, nil, Pass, "no proxy variable is set"},
		{nil, set, Pass, "corp:3128 (the system's setting), but not for 127.0.0.1:8080"},
		{map[string]string{"HTTPS_PROXY": "p:1"}, set, Pass, "p:1 (HTTPS_PROXY)"},
		{map[string]string{"http_proxy": "p:1"}, nil, Pass, "no proxy variable is set"}, // every login URL is https
		{map[string]string{"HTTPS_PROXY": "http://u:canary@p:1"}, nil, Pass, "p:1 (HTTPS_PROXY), but not for 127.0.0.1:8080"},
		{map[string]string{"https_proxy": "p:1", "NO_PROXY": "acme.my.salesforce.com"}, nil, Pass, "p:1 (https_proxy), but not for acme.my.salesforce.com, 127.0.0.1:8080"},
		{map[string]string{"HTTPS_PROXY": "p:1", "https_proxy": "q:1"}, nil, Pass, "p:1 (HTTPS_PROXY)"},
		{map[string]string{"HTTPS_PROXY": "p:1", "no_proxy": "*"}, nil, Pass, "no_proxy or loopback goes before HTTPS_PROXY"},
		{map[string]string{"HTTPS_PROXY": "http://u:canary%zz@p:1"}, nil, Warn, "HTTPS_PROXY is no address"},
		{map[string]string{"ALL_PROXY": "socks5://u:canary@p:1"}, nil, Warn, "ALL_PROXY is set"},
		{map[string]string{"ALL_PROXY": "p:1", "HTTPS_PROXY": "q:1"}, nil, Pass, "q:1"},
	} {
		s := readProxies(func(name string) string { return c.env[name] }, c.system).stage(hosts)
		if s.Status != c.want || !strings.Contains(s.Detail, c.says) || strings.Contains(s.Detail+s.Hint, "canary") {
			t.Errorf("%v: %+v", c.env, s)
		}
	}
}

func TestShellPath(t *testing.T) {
	x := &examination{Doctor: Doctor{Home: "/home/al"}}
	for path, want := range map[string]string{
		"/home/al/x": "~/x", "/home/al/My Dir/x": `~/"My Dir/x"`, "/home/alice/x": "/home/alice/x", "/home/al": "/home/al", "/o p": `"/o p"`,
	} {
		if got := x.shellPath(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if got := x.command("mv", "move", "/home/al/a b", "/c"); got != `mv ~/"a b" /c` {
		t.Errorf("got %s", got)
	}
	x.OS, x.Home = "windows", `C:\Users\al`
	for want, paths := range map[string][]string{
		`move C:\a b to D:\c`:                                {`C:\a b`, `D:\c`},
		`move C:\Users\al\a to C:\c (~ is your user folder)`: {`C:\Users\al\a`, `C:\c`},
		`move C:\Users\alice\a to C:\Users\alice\b`:          {`C:\Users\alice\a`, `C:\Users\alice\b`},
	} {
		if got := x.command("mv", "move", paths...); got != want {
			t.Errorf("on Windows: %s, want %s", got, want)
		}
	}
	if got := (&examination{}).shellPath("/x"); got != "/x" {
		t.Errorf("without a home: %s", got)
	}
}

// What would open an address is told as each system opens one.
func TestBrowserOfEachSystem(t *testing.T) {
	for _, c := range []struct {
		os      string
		wsl     bool
		env     map[string]string
		own     []string
		has     string // programs of PATH
		want    Status
		says    string
		hasHint string
	}{
		{os: "windows", want: Pass, says: "the one that Windows opens"},
		{os: "darwin", has: "open", want: Pass, says: "opened by open"},
		{os: "darwin", has: "xdg-open", want: Warn, says: "open not found", hasHint: "PATH has /usr/bin"},
		{os: "darwin", own: []string{"firefox"}, has: "firefox", want: Pass, says: "firefox, as BROWSER says"},
		{os: "windows", own: []string{"firefox"}, want: Warn, says: "not found: firefox", hasHint: "Correct or unset BROWSER"},
		{os: "linux", has: "xdg-open", want: Warn, says: "no graphical session", hasHint: "--flow paste"},
		{os: "linux", has: "xdg-open", env: map[string]string{"DISPLAY": ":0"}, want: Pass, says: "opened by xdg-open"},
		{os: "linux", has: "www-browser", env: map[string]string{"WAYLAND_DISPLAY": "w"}, want: Pass, says: "opened by www-browser"},
		{os: "linux", env: map[string]string{"DISPLAY": ":0"}, want: Warn, says: "not found", hasHint: "Install xdg-utils"},
		{os: "linux", wsl: true, has: "rundll32.exe", want: Pass, says: "opened by rundll32.exe"},
		{os: "linux", wsl: true, has: "xdg-open", want: Warn, says: "no graphical session", hasHint: "--flow paste"},
	} {
		x := &examination{Doctor: Doctor{OS: c.os, WSL: c.wsl, Getenv: func(name string) string { return c.env[name] },
			Browser: func() ([]string, error) { return c.own, nil },
			LookPath: func(program string) (string, error) {
				if program == c.has {
					return "/bin/" + program, nil
				}
				return "", exec.ErrNotFound
			}}}
		if s := x.browser(t.Context())[0]; s.Status != c.want || !strings.Contains(s.Detail, c.says) || !strings.Contains(s.Hint, c.hasHint) {
			t.Errorf("%+v: %+v", c, s)
		}
	}
}

func TestAdviceOnAStubbornFile(t *testing.T) {
	for goos, sudo := range map[string]bool{"linux": true, "darwin": true, "windows": false} {
		if got := (&examination{Doctor: Doctor{OS: goos}}).whoOwns(); strings.Contains(got, "sudo") != sudo || got == "" {
			t.Errorf("%s: %s", goos, got)
		}
	}
}
