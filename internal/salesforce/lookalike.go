package salesforce

import (
	"net/netip"
	"strings"
)

// foreign objects to a host outside Salesforce's domains, and where the host
// looks like one of Salesforce's says which was likely meant.
func foreign(host string) *objection {
	no := &objection{foreign: true, trust: true}
	if a, err := netip.ParseAddr(host); err == nil {
		if a.IsUnspecified() || a.IsMulticast() {
			return &objection{why: host + " is the address of no machine", foreign: true}
		}
		no.why = host + " is a numeric address, and Salesforce is reached by name"
		return no
	}
	no.instead = resembles(host)
	no.why = host + " is not a host of Salesforce's"
	if strings.Contains(host, "salesforce") || strings.Contains(host, "force.com") || no.instead != "" {
		labels := strings.Split(host, ".")
		end := strings.Join(labels[max(0, len(labels)-2):], ".")
		if end != host {
			no.why = host + " looks like a host of Salesforce's and is not: it ends in " + end
		}
	}
	return no
}

// resembles gives the login URL that a foreign host imitates or misspells, or "".
func resembles(host string) string {
	for _, generic := range []string{"login.salesforce.com", "test.salesforce.com"} {
		if strings.HasPrefix(host, generic+".") {
			return "https://" + generic
		}
	}
	for _, f := range families() {
		for _, suffix := range append([]string{f.my, f.lightning}, f.also...) {
			if i := strings.Index(host, suffix+"."); i > 0 {
				return suggest(host[:i] + suffix)
			}
		}
	}
	if name, rest, ok := strings.Cut(host, "."); ok {
		switch {
		case (name == "login" || name == "test") && near(rest, "salesforce.com"):
			return "https://" + name + ".salesforce.com"
		case near(rest, "my.salesforce.com"), near(rest, "lightning.force.com"):
			return suggest(name + ".my.salesforce.com")
		}
		if part, rest, ok := strings.Cut(rest, "."); ok && partition(part) && near(rest, "my.salesforce.com") {
			return suggest(name + "." + part + ".my.salesforce.com")
		}
	}
	return ""
}

// near reports whether a becomes b with at most two letters added, left out or
// replaced.
func near(a, b string) bool { return Distance(a, b) <= 2 }

// Distance counts the bytes to change, add or drop to make b of a.
func Distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			step := diagonal
			if a[i] != b[j] {
				step = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], step
		}
	}
	return row[len(b)]
}
