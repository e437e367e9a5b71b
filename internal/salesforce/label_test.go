package salesforce

import "testing"

func TestLabelledLoginURL(t *testing.T) {
	for in, want := range map[string]string{
		"Login URL: https://acme.my.salesforce.com":        "https://acme.my.salesforce.com",
		"Current My Domain URL\nacme.my.salesforce.com":    "https://acme.my.salesforce.com",
		"url=https://login.salesforce.com/":                "https://login.salesforce.com",
		"urlaub.my.salesforce.com":                         "https://urlaub.my.salesforce.com",
		` "Login URL" : "https://acme.my.salesforce.com" `: "https://acme.my.salesforce.com",
	} {
		l, err := ParseLoginURL(in, LoginOptions{})
		if err != nil || l.String() != want {
			t.Errorf("ParseLoginURL(%q) = %s, %v, want %s", in, l, err, want)
		}
	}
}
