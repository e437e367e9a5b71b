package term

import (
	"bytes"
	"testing"

	"example.com/sfconnect/internal/wizard"
)

// found is every kind of finding, in the order in which an audit shows them.
func found(w int) string {
	var out bytes.Buffer
	p := NewPrinter(&out, nil, w)
	p.Findings([]Finding{
		{wizard.MarkFail, "OAuth Scopes", "api id openid refresh_token", "api id openid refresh_token full", "observed", "This is what the sign-in was granted.",
			"Setup › External Client App Manager › Acme › Settings › OAuth Settings › OAuth Scopes: remove \"Full access (full)\".\nhttps://acme.lightning.force.com/lightning/setup/ManageExternalClientApplication/home"},
		{Mark: wizard.MarkUnknown, Label: "Permitted Users, IP Relaxation", Detail: "It cannot be read with this user (needs the permission X).", Hint: "Look at them in Setup, or with another user."},
		{Mark: wizard.MarkOK, Label: "PKCE required", Found: "on", How: "observed"},
		{Mark: wizard.MarkOK, Label: "Callback URL https://portal.acme.example.com/api/integrations/salesforce/callback", Found: "registered", How: "observed"},
		{Mark: wizard.MarkOK, Label: "Refresh Token Policy", Found: "Expire refresh token if not used for 30 days, and\x1b[31m more", How: "read"},
		{Mark: wizard.MarkNone, Label: "JWT-based access tokens", Found: "off", How: "inferred"},
	})
	p.Items("POST https://acme.my.salesforce.com/services/oauth2/token", []string{"an invented authorization code, without a secret", "an assertion for a user that there is not, with random bytes for a signature"})
	return out.String()
}

func TestFindings(t *testing.T) {
	golden(t, "found80.txt", found(80))
	golden(t, "found40.txt", found(40))
	golden(t, "found.txt", found(0))
}
