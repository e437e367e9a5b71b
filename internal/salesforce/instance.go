package salesforce

import (
	"net/netip"
	"net/url"
	"strings"

	"example.com/sfconnect/internal/fault"
)

// IdentityURL is the id of a token answer: the address of one user of one org.
type IdentityURL struct {
	URL           string // as an address to call: scheme, host and path, nothing else
	OrgID, UserID string // 18 characters each
}

// CheckInstanceURL judges the instance_url of a token answer before a token is
// sent there: https and a host of Salesforce's, or the login URL's own host where
// that was trusted; for a loopback login a loopback host and no other. It gives
// the origin without a trailing slash. The error is a *fault.Fault with code
// instance_url_refused and stage "token".
func (l LoginURL) CheckInstanceURL(raw string) (string, error) {
	if raw == "" {
		return "", refused("The answer to the sign-in names no address for API calls (instance_url), so nothing was saved.")
	}
	u, origin, ok := l.accept(raw)
	if !ok || u.Path != "" && u.Path != "/" || u.RawQuery != "" {
		return "", refused("The answer to the sign-in names an address for API calls that is not Salesforce's" + named(u, ok) + ", so no token was sent there and nothing was saved.")
	}
	return origin, nil
}

// ParseIdentityURL judges the id of a token answer by the rule of
// CheckInstanceURL and takes the ids from its path, /id/ORG/USER.
func (l LoginURL) ParseIdentityURL(raw string) (IdentityURL, error) {
	if raw == "" {
		return IdentityURL{}, refused("The answer to the sign-in names no address of the user's identity (id), so nothing was saved.")
	}
	u, origin, ok := l.accept(raw)
	if !ok || u.RawQuery != "" {
		return IdentityURL{}, refused("The answer to the sign-in names an identity address that is not Salesforce's" + named(u, ok) + ", so no token was sent there and nothing was saved.")
	}
	org, user, found := identityPath(u.Path)
	if !found {
		return IdentityURL{}, refused("The answer to the sign-in names an identity address without an org and a user in it, so nothing was saved.")
	}
	return IdentityURL{URL: origin + u.Path, OrgID: ID18(org), UserID: ID18(user)}, nil
}

// identityPath takes the ids out of /id/ORG/USER.
func identityPath(path string) (org, user string, ok bool) {
	rest, ok := strings.CutPrefix(path, "/id/")
	if !ok {
		return "", "", false
	}
	org, user, _ = strings.Cut(rest, "/")
	return org, user, isID(org, "00D") && isID(user, "005")
}

// accept applies the rule on hosts that may receive a token.
func (l LoginURL) accept(raw string) (u *url.URL, origin string, ok bool) {
	u, host, port, ok := cutOrigin(raw)
	if !ok {
		return u, "", false
	}
	origin = u.Scheme + "://" + hostPort(host, port)
	switch {
	case l.kind == KindLoopback:
		ok = Loopback(host)
	case u.Scheme != "https":
		ok = false
	case l.kind == KindTrusted && hostPort(host, port) == l.host:
	default:
		ok = port == "" && Owned(host)
	}
	return u, origin, ok
}

// Trusts reports whether host, with a port or without, may be part of a sign-in
// that started at l: Salesforce's own, l's own, or for a loopback login any
// loopback host. A redirect to another host does not come from Salesforce.
func (l LoginURL) Trusts(host string) bool {
	u, name, port, ok := cutOrigin("https://" + host)
	switch {
	case !ok || u.Host != host:
		return false
	case l.kind == KindLoopback:
		return Loopback(name)
	}
	return hostPort(name, port) == l.host || port == "" && Owned(name)
}

// cutOrigin parses an absolute http or https address that a server sent. User
// info, fragments, escapes in the host or path and odd hosts are not accepted.
func cutOrigin(raw string) (u *url.URL, host, port string, ok bool) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || u.Opaque != "" || u.Fragment != "" || u.RawPath != "" {
		return nil, "", "", false
	}
	host, port = strings.ToLower(u.Hostname()), u.Port()
	if !plainHost(host) && !Loopback(host) && !addressSix(host) || strings.HasSuffix(u.Host, ":") {
		return nil, "", "", false
	}
	if u.Scheme == "https" && port == "443" {
		port = ""
	}
	return u, host, port, true
}

// addressSix reports whether host is an IPv6 address, without brackets and zone.
func addressSix(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && a.Is6() && a.Zone() == ""
}

func named(u *url.URL, _ bool) string {
	if u == nil {
		return ""
	}
	return " (" + u.Host + ")"
}

func refused(message string) *fault.Fault {
	return fault.New(fault.InstanceURLRefused, "token", message,
		"Check the login URL: what answered there may not be Salesforce, or a proxy changed its answer. Where the host is yours, sign in at that host with --trust-host.")
}
