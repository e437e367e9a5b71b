package salesforce

import (
	"net/netip"
	"strings"
)

// family is one set of domains under which Salesforce gives each org its own
// host: the login and API host ends in my, the user interface's in lightning.
type family struct {
	my, lightning string
	also          []string // other suffixes that stand for the same org
}

// families lists them: public, government, China, and the alternative domain.
func families() []family {
	return []family{
		{my: ".my.salesforce.com", lightning: ".lightning.force.com", also: []string{".my.salesforce-setup.com"}},
		{my: ".my.salesforce.mil", lightning: ".lightning.crmforce.mil", also: []string{".lightning.force.mil", ".my.salesforce-setup.mil"}},
		{my: ".my.sfcrmproducts.cn", lightning: ".lightning.sfcrmapps.cn"},
		{my: ".my-salesforce.com", lightning: ".my-lightning.com"},
	}
}

// ownedDomains are the domains under which only Salesforce can put a host, as
// the Salesforce CLI's own list has them, with the twins that came later.
func ownedDomains() []string {
	return []string{
		"salesforce.com", "force.com", "salesforce-setup.com", "my-salesforce.com", "my-lightning.com", "my.site.com",
		"salesforce-sites.com", "salesforce-experience.com", "visualforce.com", "documentforce.com",
		"cloudforce.com", "salesforceliveagent.com", "salesforce-scrt.com",
		"salesforce.mil", "crmforce.mil", "salesforce-setup.mil",
		"sfcrmproducts.cn", "sfcrmapps.cn",
	}
}

// Owned reports whether host, without a port, is Salesforce's own: equal to one
// of its domains or a label or more below it. The comparison is by whole labels,
// so that login.salesforce.com.evil.example and evil-salesforce.com are not.
func Owned(host string) bool {
	host = strings.ToLower(host)
	if !plainHost(host) {
		return false
	}
	for _, d := range ownedDomains() {
		if under(host, d) {
			return true
		}
	}
	return false
}

// under reports whether host is domain or below it.
func under(host, domain string) bool {
	return host == domain || strings.HasSuffix(host, "."+domain)
}

// plainHost reports whether host is a lower-case ASCII name of ordinary labels,
// without a trailing dot: what every Salesforce host is.
func plainHost(host string) bool {
	if host == "" || len(host) > 253 {
		return false
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, c := range []byte(label) {
			if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-') {
				return false
			}
		}
	}
	return true
}

// Loopback reports whether host, without a port and with or without the
// brackets of IPv6, is this machine: localhost, 127.0.0.0/8 or ::1.
func Loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	a, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"))
	return err == nil && a.Zone() == "" && !a.Is4In6() && a.IsLoopback()
}

// looksNumeric reports whether host would be read as an IPv4 address by some
// client although it is not written as one (127.1, 0x7f.0.0.1, 2130706433).
func looksNumeric(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	if strings.HasPrefix(last, "0x") {
		return true
	}
	return last != "" && strings.Trim(last, "0123456789") == ""
}

// splitFamily cuts a My Domain host into the name before the family's suffix
// and the family. lightning and setup hosts count too.
func splitFamily(host string) (name string, f family, suffix string, ok bool) {
	for _, f := range families() {
		for _, s := range append([]string{f.my, f.lightning}, f.also...) {
			if name, found := strings.CutSuffix(host, s); found && name != "" {
				return name, f, s, true
			}
		}
	}
	return "", family{}, "", false
}

// Subdomain is a My Domain's host without the suffix that it shares with others:
// acme for acme.my.salesforce.com, acme--dev.sandbox for a sandbox. Any other host
// comes back as it is.
func Subdomain(host string) string {
	if name, _, _, ok := splitFamily(strings.ToLower(host)); ok {
		return name
	}
	return host
}
