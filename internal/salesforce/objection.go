package salesforce

import "example.com/sfconnect/internal/fault"

// objection says why a host cannot be one to log in at.
type objection struct {
	why     string // follows "The login URL was not accepted: "
	instead string // a login URL to type instead, or ""
	foreign bool   // the host is not Salesforce's
	trust   bool   // --trust-host lifts the objection
	mimics  bool   // a host that would be Salesforce's, were it not for a letter that looks alike
}

// fault words an objection for the person who typed the address. --trust-host is
// not offered for a host that imitates Salesforce's.
func (no *objection) fault() *fault.Fault {
	code := fault.InvalidLoginURL
	if no.foreign {
		code = fault.HostNotTrusted
	}
	hint := "Type the address of your org's login page, such as https://acme.my.salesforce.com: Setup › My Domain shows it as Current My Domain URL. " +
		"https://login.salesforce.com (production) and https://test.salesforce.com (sandbox) work too."
	if no.instead != "" {
		hint = "Type " + no.instead + " instead, or your org's own address: Setup › My Domain shows it as Current My Domain URL."
	}
	switch {
	case no.instead != "":
	case no.mimics:
		hint = "Type the address by hand, in ordinary letters: Setup › My Domain shows it as Current My Domain URL. Do not go on with the one that was pasted."
	case no.foreign && no.trust:
		hint += "\nIf you know this host and it speaks for your org, say so with --trust-host."
	}
	return fault.New(code, "input", "The login URL was not accepted: "+no.why+".", hint)
}
