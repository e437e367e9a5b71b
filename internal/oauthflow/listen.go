package oauthflow

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"strconv"
	"strings"
	"syscall"

	"example.com/sfconnect/internal/fault"
)

// ListenFunc is net.Listen or a stand-in for it.
type ListenFunc func(network, address string) (net.Listener, error)

// Ports are this machine's.
type Ports struct {
	Listen ListenFunc
	// Holder names the program that holds a port, as "node (pid 4711)"; "" where the
	// system does not tell. It is asked only about a busy port, and may be nil.
	Holder func(port int) string
}

// address is a callback URL taken apart.
type address struct {
	path string // byte for byte as it comes on the request line
	port string
}

// CheckCallback reports whether Listen can serve the callback URL line: http on
// localhost (in small letters, as every browser sends it), 127.0.0.1 or [::1],
// with a port or without and with nothing behind the path. The error is a
// *fault.Fault with code usage that names --callback-url and the paste flow.
func CheckCallback(line string) error {
	_, err := parseCallback(line)
	return err
}

func parseCallback(raw string) (address, error) {
	refuse := func(why string) (address, error) {
		return address{}, fault.New(fault.Usage, "input", fmt.Sprintf("--callback-url %q cannot be used in the web flow: it %s.", whole(raw), why),
			"The browser must come back to this computer: use an address like http://localhost:1717/OauthRedirect. A callback elsewhere is for the paste flow: --flow paste.")
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return refuse("is no web address")
	}
	switch host := u.Hostname(); {
	case host == "localhost", host == "127.0.0.1", host == "::1":
	case strings.EqualFold(host, "localhost"):
		return refuse("must have localhost in small letters")
	default:
		return refuse("is not on this machine, so sfconnect cannot listen there")
	}
	switch {
	case u.Scheme != "http":
		return refuse("must begin with http://, because sfconnect answers it itself and has no certificate for it")
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || strings.Contains(raw, "#"):
		return refuse("must have nothing but a host, a port and a path")
	}
	port := u.Port()
	if port == "" {
		port = "80"
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return refuse("has no usable port")
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	return address{path, port}, nil
}

// Try reports whether the port of a callback URL line could be had at this moment,
// and on which addresses of this machine. Nothing is served and the port is free
// again afterwards. Errors are those of Listen.
func (p Ports) Try(line string) (addresses []string, err error) {
	at, err := parseCallback(line)
	if err != nil {
		return nil, err
	}
	listeners, err := p.bind(at.port)
	for i, l := range listeners {
		_ = l.Close()
		addresses = append(addresses, []string{"127.0.0.1", "::1"}[i])
	}
	return addresses, err
}

// bind opens the port on both loopback families. A browser may try either for
// "localhost", so a port that is busy on one of them is busy.
func (p Ports) bind(port string) ([]net.Listener, error) {
	four, err := p.Listen("tcp4", net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		return nil, p.fault(port, "127.0.0.1", err)
	}
	six, err := p.Listen("tcp6", net.JoinHostPort("::1", port))
	switch {
	case err == nil:
		return []net.Listener{four, six}, nil
	case noIPv6(err):
		return []net.Listener{four}, nil
	}
	four.Close()
	return nil, p.fault(port, "[::1]", err)
}

// Windows' own numbers: package syscall's EADDRINUSE and its like are invented there.
const (
	wsaEACCES          syscall.Errno = 10013
	wsaEPROTONOSUPPORT syscall.Errno = 10043
	wsaEAFNOSUPPORT    syscall.Errno = 10047
	wsaEADDRINUSE      syscall.Errno = 10048
	wsaEADDRNOTAVAIL   syscall.Errno = 10049
)

func noIPv6(err error) bool {
	return isErrno(err, syscall.EADDRNOTAVAIL, syscall.EAFNOSUPPORT, syscall.EPROTONOSUPPORT,
		wsaEADDRNOTAVAIL, wsaEAFNOSUPPORT, wsaEPROTONOSUPPORT)
}

func isErrno(err error, numbers ...syscall.Errno) bool {
	var got syscall.Errno
	if !errors.As(err, &got) {
		return false
	}
	for _, n := range numbers {
		if got == n {
			return true
		}
	}
	return false
}

func (p Ports) fault(port, host string, err error) *fault.Fault {
	switch {
	case isErrno(err, syscall.EADDRINUSE, wsaEADDRINUSE):
		who, hint := p.holder(port, host)
		return fault.New(fault.PortBusy, "port", fmt.Sprintf("Port %s is in use by %s.", port, who), hint).Because(err)
	case isErrno(err, wsaEACCES) || errors.Is(err, fs.ErrPermission):
		return fault.New(fault.PortForbidden, "port",
			fmt.Sprintf("This system does not let sfconnect open port %s (on %s).", port, host),
			"Ports below 1024 need administrator rights on many systems, and Windows reserves ranges of ports\n"+
				"(shown by: netsh interface ipv4 show excludedportrange protocol=tcp).\n"+
				"Use a callback address with another port that the app knows.").Because(err)
	}
	return fault.New(fault.PortForbidden, "port",
		fmt.Sprintf("Port %s could not be opened (on %s).", port, host),
		"Use a callback address with another port that the app knows. The cause is shown with --verbose.").Because(err)
}

// holder words who holds a port, and what to do about it. The name is whatever
// that program is called.
func (p Ports) holder(port, host string) (who, hint string) {
	hint = "Close that program, or use another callback address that the app knows."
	if n, err := strconv.Atoi(port); err == nil && p.Holder != nil {
		who = clean(p.Holder(n))
	}
	name, pid, _ := strings.Cut(who, " (pid ")
	switch strings.TrimSuffix(strings.ToLower(name), ".exe") {
	case "":
		return "another program (on " + host + ")", hint
	case "sfconnect":
		return "another sfconnect (pid " + pid + ", perhaps waiting for a sign-in", "Finish the sign-in there, or end it with Ctrl-C, and run the command again."
	}
	return who, hint
}
