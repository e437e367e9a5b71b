package practice

import (
	"net"
	"net/netip"
	"strings"
)

// origin is where clients reach one of the org's hosts.
type origin struct{ scheme, name, port string }

// String has no trailing slash, like the instance_url of a token answer.
func (o origin) String() string { return o.scheme + "://" + o.host() }

func (o origin) host() string {
	if o.port != "" {
		return net.JoinHostPort(o.name, o.port)
	}
	if strings.Contains(o.name, ":") {
		return "[" + o.name + "]"
	}
	return o.name
}

// is reports whether a Host header means this origin. On loopback the port
// decides, so that localhost, 127.0.0.1 and [::1] all reach the host.
func (o origin) is(name, port string) bool {
	own := o.port
	if own == "" {
		own = map[string]string{"https": "443", "http": "80"}[o.scheme]
	}
	if port == "" {
		port = map[string]string{"https": "443", "http": "80"}[o.scheme]
	}
	return port == own && (name == o.name || loopback(name) && loopback(o.name))
}

// loopback reports whether a host name can mean this machine only.
func loopback(name string) bool {
	if name == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(name)
	return err == nil && ip.IsLoopback()
}

// hostKind is the part an Org plays for one request.
type hostKind int

const (
	hostUnknown hostKind = iota // none of ours
	hostLogin                   // the generic login host
	hostDomain                  // My Domain
	hostSetup                   // the Setup twin of My Domain
	hostUI                      // the Lightning twin of My Domain
	hostForeign                 // the generic host of the other environment: knows no key of this org
)

func (o *Org) hostKind(header string) hostKind {
	name, port := strings.ToLower(header), ""
	if h, p, err := net.SplitHostPort(name); err == nil {
		name, port = h, p
	}
	name = strings.Trim(name, "[]")
	switch {
	case o.myDomain.is(name, port):
		return hostDomain
	case o.login.is(name, port):
		return hostLogin
	}
	if base, ok := strings.CutSuffix(o.myDomain.name, ".my.salesforce.com"); ok && (port == "" || port == o.myDomain.port || port == "443") {
		switch name {
		case base + ".my.salesforce-setup.com":
			return hostSetup
		case base + ".lightning.force.com":
			return hostUI
		}
	}
	if name == "login.salesforce.com" || name == "test.salesforce.com" {
		return hostForeign
	}
	return hostUnknown
}
