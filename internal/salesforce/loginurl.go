package salesforce

import (
	"strings"
)

// HostKind says what sort of host a login starts at.
type HostKind string

// The kinds of login host.
const (
	KindGeneric  HostKind = "generic"   // login.salesforce.com, test.salesforce.com
	KindMyDomain HostKind = "my_domain" // the org's own host
	KindLoopback HostKind = "loopback"  // this machine: a practice org
	KindTrusted  HostKind = "trusted"   // outside Salesforce's domains, accepted with --trust-host
	KindSite     HostKind = "site"      // an Experience Cloud site
)

// LoginOptions changes what ParseLoginURL accepts.
type LoginOptions struct {
	TrustHost bool // any https host, with any port
}

// LoginURL is an origin at which a login may start. The zero value is none;
// ParseLoginURL makes the others. Values are comparable.
type LoginURL struct {
	scheme, host, change string
	kind                 HostKind
}

// String gives the origin without a trailing slash, "" for the zero value.
func (l LoginURL) String() string {
	if l.host == "" {
		return ""
	}
	return l.scheme + "://" + l.host
}

// Host gives the host, with the port where one belongs to the origin.
func (l LoginURL) Host() string { return l.host }

// Change says in one sentence what was changed in the pasted text or what is
// unusual about it; "" when there is nothing to say.
func (l LoginURL) Change() string { return l.change }

// OwnHost reports whether the host may be the org's own, at which its API is: neither
// the sign-in of all orgs nor a site for others than the org's users.
func (l LoginURL) OwnHost() bool { return l.kind != KindGeneric && l.kind != KindSite }

// Kind says what sort of host it is.
func (l LoginURL) Kind() HostKind { return l.kind }

// Environment names the sort of org behind the host, in words; "" when the host
// does not tell.
func (l LoginURL) Environment() string {
	switch l.kind {
	case KindLoopback:
		return "practice org"
	case KindGeneric:
		if strings.HasPrefix(l.host, "test.") {
			return "sandbox"
		}
		return "production"
	case KindMyDomain:
		name, _, _, _ := splitFamily(l.host)
		return environment(name)
	}
	return ""
}

// environment reads the part of a My Domain host before the family's suffix.
func environment(name string) string {
	first, second, _ := strings.Cut(name, ".")
	switch second {
	case "sandbox":
		return "sandbox"
	case "develop":
		return "developer edition"
	case "scratch":
		return "scratch org"
	case "trailblaze":
		return "Trailhead playground"
	case "demo":
		return "demo org"
	case "patch":
		return "patch org"
	case "free":
		return "free edition"
	}
	switch {
	case strings.Contains(first, "--"), sandboxInstance(first), sandboxInstance(second):
		return "sandbox"
	case strings.HasSuffix(first, "-dev-ed"):
		return "developer edition"
	case second != "":
		return ""
	}
	return "production"
}
