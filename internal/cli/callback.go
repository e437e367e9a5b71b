package cli

import (
	"net/netip"
	"net/url"
	"strconv"

	"example.com/sfconnect/internal/fault"
)

// checkLoopback refuses a callback line that the web flow cannot listen on.
func checkLoopback(line string) error {
	refuse := func(why string) error {
		return fault.New(fault.Usage, "input", "--callback-url "+line+" cannot be used in the web flow: "+why+".",
			"The browser must come back to this computer: use http://localhost:PORT/PATH. For a callback that is not ours there is the paste flow (--flow paste).")
	}
	u, err := url.Parse(line)
	if err != nil || u.Host == "" {
		return refuse("it is not an address")
	}
	host := u.Hostname()
	if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || (ip != netip.IPv6Loopback() && ip.String() != "127.0.0.1")) {
		return refuse("it is not on this computer's loopback")
	}
	switch {
	case u.Scheme != "http":
		return refuse("a loopback callback is plain http")
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return refuse("it may have a host, a port and a path only")
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return refuse("the port is not one of 1 to 65535")
		}
	}
	return nil
}
