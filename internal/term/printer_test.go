package term

import (
	"bytes"
	"testing"
	"time"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/wizard"
)

// printed is all that a Printer can print.
func printed(w int) string {
	var out bytes.Buffer
	p := NewPrinter(&out, nil, w)
	p.Line(wizard.Line{Mark: wizard.MarkOK, Text: "Answers in 140 ms, production, My Domain."})
	p.Line(wizard.Line{Mark: wizard.MarkFail, Text: "Salesforce does not know http://localhost:1717/OauthRedirect for this app.", Hint: "Add exactly that line.\nThen wait up to 10 minutes."})
	p.Line(wizard.Line{Text: "https://acme.my.salesforce.com/lightning/setup/ManageExternalClientApplication/home"})
	p.Line(wizard.Line{Mark: wizard.MarkNote, Text: "A note."})
	out.WriteString("\n")
	p.Status(Status{Name: "store", Mark: wizard.MarkOK, Took: 300 * time.Microsecond, Detail: "the macOS keychain"})
	p.Status(Status{Name: "dns", Mark: wizard.MarkOK, Took: 3100 * time.Microsecond, Detail: "acme.my.salesforce.com"})
	p.Status(Status{Name: "token", Mark: wizard.MarkWarn, Took: 1449 * time.Millisecond, Detail: "A new refresh token came and was saved."})
	p.Status(Status{Name: "identity", Mark: wizard.MarkFail, Took: 59999 * time.Millisecond, Detail: "Salesforce refused the request: the session is not valid.", Hint: "Sign in again: sfconnect auth"})
	p.Status(Status{Name: "limits", Mark: wizard.MarkSkip, Detail: "not reached"})
	out.WriteString("\n")
	p.Table([]string{"NAME", "ORG", "USER", "STORED IN"}, [][]string{
		{"default *", "Acme Inc", "ada@acme.com", "keychain"},
		{"müller\x1b[31m", "東京 KK", "a.very.long.user.name@sandbox.acme.example.com"},
	})
	out.WriteString("\n")
	p.Pairs([][2]string{{"Login URL", "https://acme.my.salesforce.com"}, {"Scopes", "api id openid refresh_token"}, {"Recipe", ""}})
	out.WriteString("\n")
	p.Fault(fault.New("redirect_uri_mismatch", "app", "Not connected: Salesforce refused the callback address.", "The app knows other callback lines.\nTry again: sfconnect init"))
	return out.String()
}

func TestPrinter(t *testing.T) {
	golden(t, "printed80.txt", printed(80))
	golden(t, "printed40.txt", printed(40))
	golden(t, "printed.txt", printed(0))
}
