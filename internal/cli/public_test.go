package cli

import (
	"strings"
	"testing"

	"example.com/sfconnect/internal/secret"
)

func TestPublic(t *testing.T) {
	for _, c := range []struct{ home, in, want string }{
		{"/home/al", "/home/al/.config", "~/.config"},
		{"/home/al", "in /home/al.", "in ~."},
		{"/home/al", "'/home/al/My Dir' and /home/al", "'~/My Dir' and ~"},
		{"/home/al", "/home/alice/x", "/home/alice/x"},
		{"/home/al", "/tmp/al/x and /run/al: al", "/tmp/[user]/x and /run/[user]: al"},
		{"/home/al", "/opt/al-tools/x, /opt/halal/x", "/opt/al-tools/x, /opt/halal/x"},
		{`C:\Users\Al`, `C:\Users\Al\AppData\x and D:\Al\y`, `~\AppData\x and D:\[user]\y`},
		{`C:\Users\Al`, `c:/users/AL/x, C:\USERS\AL and D:/al/y`, `~/x, ~ and D:/[user]/y`},
		{"/home/al", "/HOME/AL/x", "/HOME/AL/x"},
		{"/root", "/root/x and /opt/root/x", "~/x and /opt/root/x"},
		{"", "/x/y", "/x/y"},
		{"/", "/x/y", "/x/y"},
		{"/home/al", "login7 /var/login7/x", "login7 /var/[user]/x"},
	} {
		a := newApp(System{HomeDir: c.home, Getenv: func(name string) string {
			if name == "USER" {
				return "login7"
			}
			return ""
		}})
		if strings.HasPrefix(c.home, "C:") {
			a.OS = "windows"
		}
		if got := a.public().text(c.in); got != c.want {
			t.Errorf("home %q: %q becomes %q, want %q", c.home, c.in, got, c.want)
		}
	}
}

func TestPublicHidesProxyCredentials(t *testing.T) {
	for _, value := range []string{"http://bob:pa%21ss@proxy:8080", "bob:pa!ss@proxy", "http://bob:pa!ss@%zz", "socks5://bob:pa!ss@proxy"} {
		for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"} {
			a := newApp(System{Getenv: func(asked string) string {
				if asked == name {
					return value
				}
				return ""
			}})
			got := a.public().text("proxy " + value + " said: bob:xxxxx@proxy, wrong pa!ss for Bobby")
			if strings.Contains(got, "bob:") || strings.Contains(got, "pa!ss") || strings.Contains(got, "pa%21ss") || !strings.Contains(got, "Bobby") {
				t.Errorf("%s=%s: %q", name, value, got)
			}
		}
	}
}

func TestPublicRedacts(t *testing.T) {
	a := newApp(System{Getenv: func(name string) string {
		return map[string]string{"SFCONNECT_CONSUMER_SECRET": "consumer-canary", "SFCONNECT_PASSPHRASE": "passphrase-canary"}[name]
	}})
	a.hideEnvironment()
	a.redactor.Hide(secret.New("token-canary"))
	if got := a.public().text("consumer-canary passphrase-canary token-canary"); strings.Contains(got, "canary") {
		t.Error(got)
	}
}
