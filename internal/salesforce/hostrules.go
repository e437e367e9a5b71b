package salesforce

import "strings"

// place is what became of a host: where the login starts, and in words what the
// host was, where that is not the same.
type place struct {
	host string
	kind HostKind
	note string // a whole sentence, with %s for the login URL; "" when the host stays
}

// locate applies the table of hosts to a lower-case ASCII host without a port.
func locate(host string) (place, *objection) {
	if rest, ok := strings.CutSuffix(host, ".mcas.ms"); ok {
		return throughDefender(host, rest)
	}
	if name, f, suffix, ok := splitFamily(host); ok {
		return myDomain(host, name, f, suffix)
	}
	switch host {
	case "login.salesforce.com", "test.salesforce.com", "gs0.salesforce.com", "gs1.salesforce.com",
		"login.salesforce.mil", "test.salesforce.mil", "login.sfcrmproducts.cn", "test.sfcrmproducts.cn":
		return place{host: host, kind: KindGeneric}, nil
	}
	if !Owned(host) && !under(host, "force.mil") {
		return place{}, foreign(host)
	}
	if why := neverALogin(host); why != "" {
		return place{}, &objection{why: host + " is " + why + ", not a login address"}
	}
	if name, ok := strings.CutSuffix(host, ".salesforce.com"); ok {
		return underSalesforce(host, name)
	}
	if why := noMapping(host); why != "" {
		return place{}, &objection{why: host + " is " + why + ", from which the org's login address cannot be told for certain", trust: true}
	}
	if site(host) {
		return place{host: host, kind: KindSite, note: "%s is an Experience Cloud site: it signs in the site's members, not the users of your org. For those use the My Domain URL."}, nil
	}
	return place{}, &objection{why: host + " belongs to Salesforce, but no login starts there", trust: true}
}

// throughDefender undoes the suffix of Microsoft Defender for Cloud Apps.
func throughDefender(host, rest string) (place, *objection) {
	cannot := &objection{why: host + " is an address of the Microsoft Defender proxy, from which the Salesforce host cannot be told for certain"}
	if strings.HasSuffix(rest, ".mcas.ms") || !Owned(rest) {
		return place{}, cannot
	}
	p, no := locate(rest)
	if no != nil {
		return place{}, no
	}
	p.note = "That is an address of the Microsoft Defender proxy. The login URL is %s."
	return p, nil
}

func myDomain(host, name string, f family, suffix string) (place, *objection) {
	first, second, _ := strings.Cut(name, ".")
	switch {
	case second == "" && partition(first):
		return place{}, &objection{why: "the name of your org is missing before " + host}
	case first == "www" && second != "":
		return place{}, &objection{why: "no login address starts with www", instead: "https://" + second + f.my}
	case strings.Contains(second, "."):
		return place{}, &objection{why: host + " has more parts than a My Domain has", trust: true}
	}
	p := place{host: name + f.my, kind: KindMyDomain}
	switch {
	case suffix == f.my:
	case strings.Contains(suffix, "setup"):
		p.note = "That is a Setup address. The login URL is %s."
	default:
		p.note = "That is a Lightning address. The login URL is %s."
	}
	return p, nil
}

// underSalesforce handles NAME.salesforce.com that is neither login, test nor a
// My Domain.
func underSalesforce(host, name string) (place, *objection) {
	switch {
	case name == "my":
		return place{}, &objection{why: "the name of your org is missing before my.salesforce.com"}
	case sandboxInstance(name):
		return place{host: "test.salesforce.com", kind: KindGeneric, note: host + " is the address of a server, which orgs move away from. The login URL is %s; your sandbox's My Domain URL is better still."}, nil
	case instanceName(name):
		return place{host: "login.salesforce.com", kind: KindGeneric, note: host + " is the address of a server, which orgs move away from. The login URL is %s; your My Domain URL is better still."}, nil
	case strings.Contains(name, "."):
		return place{}, &objection{why: host + " belongs to Salesforce, but no login starts there", trust: true}
	}
	return place{}, &objection{why: host + " is not a login address: My Domain addresses have .my. before salesforce.com",
		instead: "https://" + name + ".my.salesforce.com", trust: true}
}

// neverALogin names Salesforce's hosts that people paste by mistake.
func neverALogin(host string) string {
	first, rest, _ := strings.Cut(host, ".")
	if rest != "salesforce.com" && rest != "force.com" && host != "salesforce.com" && host != "force.com" {
		return ""
	}
	switch first {
	case "help", "success", "status", "trust":
		return "Salesforce's help site"
	case "trailhead", "trailblazer", "trailblazers":
		return "Salesforce's learning site"
	case "developer", "developers":
		return "Salesforce's site for developers"
	case "www", "salesforce", "force", "appexchange", "admin", "admins", "partners", "store", "sites":
		return "one of Salesforce's public websites"
	}
	return ""
}

// noMapping names the hosts that belong to an org without telling which.
func noMapping(host string) string {
	for _, h := range []struct{ domain, what string }{
		{"vf.force.com", "a Visualforce address"}, {"visual.force.com", "a Visualforce address"}, {"visualforce.com", "a Visualforce address"},
		{"content.force.com", "an address for files"}, {"file.force.com", "an address for files"}, {"documentforce.com", "an address for files"},
		{"lightning.force.com", "a Lightning address without an org's name"},
		{"cloudforce.com", "a former My Domain address"}, {"my.sfcrmapps.cn", "an address of the user interface"},
		{"salesforce-sites.com", "a public site"}, {"salesforce-experience.com", "an address of the site builder"},
		{"salesforceliveagent.com", "a chat address"}, {"salesforce-scrt.com", "a messaging address"},
	} {
		if under(host, h.domain) {
			return h.what
		}
	}
	return ""
}

// site reports whether host is an Experience Cloud site: NAME.my.site.com, or
// NAME.force.com as it was before.
func site(host string) bool {
	for _, d := range []string{".my.site.com", ".force.com"} {
		if name, ok := strings.CutSuffix(host, d); ok {
			return strings.Count(name, ".") <= 1
		}
	}
	return false
}

// partition reports whether label is one that stands between an org's name and
// the family's suffix.
func partition(label string) bool {
	switch label {
	case "sandbox", "develop", "scratch", "trailblaze", "demo", "patch", "free":
		return true
	}
	return false
}

// instanceName reports whether label names a server: na139, cs42, usa292, swe12s.
func instanceName(label string) bool {
	letters := strings.TrimRight(strings.TrimSuffix(label, "s"), "0123456789")
	digits := len(strings.TrimSuffix(label, "s")) - len(letters)
	if digits < 1 || digits > 4 || strings.Trim(letters, "abcdefghijklmnopqrstuvwxyz") != "" {
		return false
	}
	switch letters {
	case "na", "eu", "ap", "um", "cs":
		return !strings.HasSuffix(label, "s")
	}
	return len(letters) == 3
}

// sandboxInstance reports whether label names a server of sandboxes.
func sandboxInstance(label string) bool {
	return instanceName(label) && (strings.HasPrefix(label, "cs") && label[2] >= '0' && label[2] <= '9' || strings.HasSuffix(label, "s"))
}
