package cli

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestElsewhere(t *testing.T) {
	const org = "https://acme.my.salesforce.com"
	ssh := func(s SSHSession) Surroundings { return Surroundings{SSH: &s} }
	for name, c := range map[string]struct {
		at        Surroundings
		env       map[string]string
		flag, org string
		paste     bool
		away      bool
		command   string   // the line to run elsewhere
		says      []string // beside it
	}{
		"here": {},
		"ssh": {at: ssh(SSHSession{"ada", "203.0.113.7", "22"}), paste: true, away: true,
			command: "ssh -N -L 1718:localhost:1718 ada@203.0.113.7", says: []string{"on another computer", "paste its address below"}},
		"ssh, nobody to paste": {at: ssh(SSHSession{"ada", "203.0.113.7", "22"}), away: true,
			command: "ssh -N -L 1718:localhost:1718 ada@203.0.113.7", says: []string{"use --flow paste"}},
		"ssh, other port, IPv6": {at: ssh(SSHSession{"ada", "2001:db8::7", "2222"}), away: true,
			command: "ssh -N -L 1718:localhost:1718 -p 2222 ada@2001:db8::7"},
		"ssh, half known": {at: ssh(SSHSession{"", "box", ""}), away: true, command: "ssh -N -L 1718:localhost:1718 box"},
		"ssh, quoted":     {at: ssh(SSHSession{`ACME\ada`, "box", ""}), away: true, command: `ssh -N -L 1718:localhost:1718 "ACME\ada@box"`},
		"ssh, practice org": {at: ssh(SSHSession{"ada", "box", ""}), org: "http://127.0.0.1:40001", away: true,
			command: "ssh -N -L 1718:localhost:1718 -L 40001:localhost:40001 ada@box", says: []string{"Without this command, no other computer's browser finds the practice org."}},
		"container, practice org": {at: Surroundings{Container: true}, org: "http://127.0.0.1:40001", paste: true,
			says: []string{"the practice org is inside it", "--network host (on Linux)", "--no-input walks through by itself"}},
		"ssh, X11":       {at: ssh(SSHSession{"ada", "box", ""}), env: map[string]string{"DISPLAY": "localhost:10.0"}, command: "ssh -N -L 1718:localhost:1718 ada@box", says: []string{"If the browser is on another computer"}},
		"ssh, Wayland":   {at: ssh(SSHSession{"ada", "box", ""}), env: map[string]string{"WAYLAND_DISPLAY": "wayland-0"}, command: "ssh -N -L 1718:localhost:1718 ada@box"},
		"ssh, BROWSER":   {at: ssh(SSHSession{"ada", "box", ""}), env: map[string]string{"BROWSER": "code --open"}, command: "ssh -N -L 1718:localhost:1718 ada@box"},
		"ssh, --browser": {at: ssh(SSHSession{"ada", "box", ""}), flag: "firefox", command: "ssh -N -L 1718:localhost:1718 ada@box"},
		"container":      {at: Surroundings{Container: true}, paste: true, says: []string{"reaches port 1718", "not by publishing the port (-p)", "--network host (on Linux)", "paste its address below"}},
		"pod": {at: Surroundings{Container: true, Pod: "tools-0"}, paste: true,
			command: "kubectl port-forward pod/tools-0 1718:1718", says: []string{"--namespace", "paste its address below"}},
		"wsl": {at: Surroundings{WSL: true}, says: []string{"browser of Windows", "port 1718", "use --flow paste"}},
	} {
		a := newApp(System{Getenv: func(n string) string { return c.env[n] }, Surroundings: func() Surroundings { return c.at }})
		if got := a.browserIsAway(c.flag); got != c.away {
			t.Errorf("%s: the browser is away: %t", name, got)
		}
		if c.org == "" {
			c.org = org
		}
		address := c.org + "/services/oauth2/authorize?redirect_uri=" + url.QueryEscape("http://localhost:1718/OauthRedirect")
		lines := a.elsewhere(address, c.away, c.paste)
		if (len(lines) == 0) != (name == "here") {
			t.Errorf("%s: says %q", name, lines)
		}
		if c.command != "" && !slices.Contains(lines, "  "+c.command) {
			t.Errorf("%s: %q is not in %q", name, c.command, lines)
		}
		for _, want := range c.says {
			if !strings.Contains(strings.Join(lines, "\n"), want) {
				t.Errorf("%s: %q is not in %q", name, want, lines)
			}
		}
		if lines := a.elsewhere(org+"/services/oauth2/authorize", c.away, c.paste); lines != nil {
			t.Errorf("%s: without a callback it says %q", name, lines)
		}
	}
}
