package cli

import (
	"fmt"
	"net"
	"net/url"
	"strings"

	"example.com/sfconnect/internal/connection"
)

// Surroundings is where the program runs, as far as it matters to a sign-in whose
// browser may be on another computer.
type Surroundings struct {
	WSL       bool
	Container bool
	Pod       string // the container's name in Kubernetes; empty elsewhere
	SSH       *SSHSession
}

// SSHSession is this computer as somebody reached it over SSH.
type SSHSession struct {
	User string // who signed in; may be empty
	Host string // address or name
	Port string // of the SSH server; empty where it is not known
}

// command forwards ports of the computer with the browser to this one.
func (s SSHSession) command(ports []string) string {
	words := []string{"ssh", "-N"}
	for _, port := range ports {
		words = append(words, "-L", port+":localhost:"+port)
	}
	if s.Port != "" && s.Port != "22" {
		words = append(words, "-p", s.Port)
	}
	to := s.Host // an IPv6 address stands here without brackets
	if s.User != "" {
		to = s.User + "@" + s.Host
	}
	return strings.Join(append(words, connection.ShellWord(to)), " ")
}

// browserIsAway reports whether the browser is at the other end of an SSH session and
// nothing here could open one; flag is --browser.
func (a *app) browserIsAway(flag string) bool {
	for _, shown := range []string{flag, a.Getenv("BROWSER"), a.Getenv("DISPLAY"), a.Getenv("WAYLAND_DISPLAY")} {
		if shown != "" {
			return false
		}
	}
	return a.Surroundings().SSH != nil
}

// elsewhere says what to do where the browser that opens an authorize address of the
// web flow may be on another computer. away is browserIsAway; withPaste tells that the
// address on which the browser ends can be pasted meanwhile.
func (a *app) elsewhere(address string, away, withPaste bool) []string {
	at, ports := a.Surroundings(), browserPorts(address)
	if len(ports) == 0 {
		return nil
	}
	without := "use --flow paste --callback-url " + redirectOf(address) + ": it takes the address of the page on which the browser ends."
	if withPaste {
		without = "the browser ends on a page that does not load: paste its address below."
	}
	practice := len(ports) > 1
	if practice {
		without = "no other computer's browser finds the practice org."
	}
	switch {
	case at.SSH != nil:
		first := "This is an SSH session. If the browser is on another computer, run this there first, and keep it running:"
		if away {
			first = "This is an SSH session, and the browser is on another computer. Run this there first, and keep it running:"
		}
		return []string{first, "  " + at.SSH.command(ports),
			"Put in the name that you connect by, if it is another one. Without this command, " + without}
	case at.Pod != "":
		var pairs []string
		for _, port := range ports {
			pairs = append(pairs, port+":"+port)
		}
		return []string{"This is a Kubernetes pod. Run this on the computer with the browser first, and keep it running:",
			"  kubectl port-forward " + connection.ShellWord("pod/"+at.Pod) + " " + strings.Join(pairs, " "),
			"Add the pod's --namespace where it is needed. Without this command, " + without}
	case at.Container && practice:
		return []string{"This is a container, and the practice org is inside it. A browser outside reaches it with --network host (on Linux), not by publishing ports (-p). " +
			"Where no browser reaches it, sfconnect init --practice --no-input walks through by itself."}
	case at.Container:
		return []string{fmt.Sprintf("This is a container. A browser outside reaches port %s in it with --network host (on Linux), not by publishing the port (-p). "+
			"Without that, %s", ports[0], without)}
	case at.WSL:
		return []string{fmt.Sprintf("This is WSL: the browser of Windows is used, and comes back to port %s here. Where Windows does not let it, %s", ports[0], without)}
	}
	return nil
}

// browserPorts are the ports of this computer that a browser must reach: that of the
// callback, and that of the org where it is a practice org.
func browserPorts(address string) []string {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	callback, err := url.Parse(redirectOf(address))
	if err != nil || callback.Host == "" {
		return nil
	}
	ports := []string{firstOf(callback.Port(), "80")}
	if ip := net.ParseIP(u.Hostname()); u.Port() != "" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()) {
		ports = append(ports, u.Port())
	}
	return ports
}
