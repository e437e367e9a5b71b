package salesforce

import "testing"

func TestSubdomain(t *testing.T) {
	for host, want := range map[string]string{
		"acme.my.salesforce.com":              "acme",
		"Acme--Dev.sandbox.my.salesforce.com": "acme--dev.sandbox",
		"acme.develop.my.salesforce.com":      "acme.develop",
		"acme.my.salesforce.mil":              "acme",
		"login.salesforce.com":                "login.salesforce.com",
		"127.0.0.1:8080":                      "127.0.0.1:8080",
		".my.salesforce.com":                  ".my.salesforce.com",
	} {
		if got := Subdomain(host); got != want {
			t.Errorf("%s: %s, want %s", host, got, want)
		}
	}
}
