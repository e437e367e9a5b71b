package oauthflow

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"example.com/sfconnect/internal/fault"
)

const pastedState = "st4te-of.this_sign-in"

func reading(bare bool) Pasting {
	return Pasting{State: pastedState, Bare: bare, Known: func(code string) bool {
		return strings.HasPrefix(code, "OAUTH_") || code == "1800" || code == "redirect_uri_mismatch"
	}}
}

func TestReadPastedCodes(t *testing.T) {
	const code = "aPrxABCdef0123456789._ABCdef0123456789._ABCdef0123456789._=="
	address := "https://login.salesforce.com/services/oauth2/success?code=" + url.QueryEscape(code) + "&state=" + pastedState
	for name, text := range map[string]string{
		"as copied":             address,
		"with a line end":       address + "\r\n",
		"with a BOM":            "\ufeff" + address,
		"in quotes":             `"` + address + `"`,
		"in angle brackets":     "<" + address + ">",
		"with a fragment":       address + "#_=_",
		"with an empty one":     address + "#",
		"wrapped by a terminal": address[:70] + "\n" + address[70:],
		"with zero-width":       address[:50] + "\u200b" + address[50:],
		"decoded by hand":       "https://login.salesforce.com/services/oauth2/success?code=" + code + "&state=" + pastedState,
		"of a community":        address + "&sfdc_community_url=https%3A%2F%2Facme.my.site.com&sfdc_community_id=0DB",
		"query alone":           "code=" + url.QueryEscape(code) + "&state=" + pastedState,
		"state first":           "state=" + pastedState + "&code=" + url.QueryEscape(code),
		"without a scheme":      "localhost:1717/OauthRedirect?code=" + url.QueryEscape(code) + "&state=" + pastedState,
		"custom scheme":         "sfdc://oauth/jwt/success?code=" + url.QueryEscape(code) + "&state=" + pastedState,
	} {
		got, err := reading(false).Read(text)
		if err != nil || got.Reveal() != code {
			t.Errorf("%s: %q, %v", name, got.Reveal(), err)
		}
	}
	// Decoded once and not twice: what is still encoded then is the code.
	got, err := reading(false).Read("https://x.example/?code=aPrx%253D%2541&state=" + pastedState)
	if err != nil || got.Reveal() != "aPrx%3D%41" {
		t.Errorf("decoded twice: %q, %v", got.Reveal(), err)
	}
}

func TestReadPastedBareCode(t *testing.T) {
	const code = "aPrxABCdef0123456789._ABCdef0123456789._=="
	for _, text := range []string{code, url.QueryEscape(code), " " + code + "\n"} {
		if _, err := reading(false).Read(text); !isUsage(err, "--yes") {
			t.Errorf("%q without leave: %v", text, err)
		}
		if got, err := reading(true).Read(text); err != nil || got.Reveal() != code {
			t.Errorf("%q: %q, %v", text, got.Reveal(), err)
		}
	}
}

func TestReadPastedErrors(t *testing.T) {
	for name, c := range map[string]struct{ text, code, description string }{
		"callback":         {"http://localhost:1717/OauthRedirect?error=access_denied&error_description=end-user+denied+authorization&state=" + pastedState, "access_denied", "end-user denied authorization"},
		"error page":       {"https://acme.my.salesforce.com/setup/secur/RemoteAccessErrorPage.apexp?error=OAUTH_APP_BLOCKED&error_description=this+app+is+blocked+by+admin", "OAUTH_APP_BLOCKED", "this app is blocked by admin"},
		"plain text":       {"error=invalid_client_id&error_description=client%20identifier%20invalid", "invalid_client_id", "client identifier invalid"},
		"plain with blank": {"error=redirect_uri_mismatch&error_description=redirect_uri must match configuration", "redirect_uri_mismatch", "redirect_uri must match configuration"},
		"address, blanks":  {"https://x.example/?error=invalid_client&error_description=app must be installed into org&state=" + pastedState, "invalid_client", "app must be installed into org"},
		"on the page":      {"OAUTH_APPROVAL_ERROR_GENERIC : An unexpected error has occurred during authentication. Please try again.", "OAUTH_APPROVAL_ERROR_GENERIC", "An unexpected error has occurred during authentication. Please try again."},
		"with words":       {"We can't authorize you because of an OAuth error. OAUTH_EC_APP_NOT_FOUND : External client app is not installed in this org", "OAUTH_EC_APP_NOT_FOUND", "External client app is not installed in this org"},
		"legacy page":      {"1800 : There was a problem in setting up your remote access", "1800", "There was a problem in setting up your remote access"},
		"code alone":       {"OAUTH_AUTHORIZATION_BLOCKED", "OAUTH_AUTHORIZATION_BLOCKED", ""},
		"JSON":             {`{"error":"invalid_grant","error_description":"expired authorization code"}`, "invalid_grant", "expired authorization code"},
	} {
		_, err := reading(false).Read(c.text)
		var refused *Refused
		if !errors.As(err, &refused) || refused.Code != c.code || refused.Description != c.description {
			t.Errorf("%s: %v, %+v", name, err, refused)
		}
	}
}

func TestReadPastedIsNotTaken(t *testing.T) {
	const code = "aPrxABCdef0123456789"
	for name, c := range map[string]struct{ text, says string }{
		"nothing":                {" \r\n", "nothing"},
		"another state":          {"https://x.example/?code=" + code + "&state=other", "another sign-in"},
		"two states":             {"https://x.example/?code=" + code + "&state=" + pastedState + "&state=other", "another sign-in"},
		"error of another":       {"https://x.example/?error=access_denied&state=other", "another sign-in"},
		"no state":               {"https://x.example/?code=" + code, "state"},
		"empty state":            {"https://x.example/?code=" + code + "&state=", "another sign-in"},
		"two codes":              {"https://x.example/?code=" + code + "&code=x&state=" + pastedState, "one whole code"},
		"code and error":         {"https://x.example/?code=" + code + "&error=access_denied&state=" + pastedState, "one whole code"},
		"empty code":             {"https://x.example/?code=&state=" + pastedState, "one whole code"},
		"broken code":            {"https://x.example/?code=aPrx%3&state=" + pastedState, "one whole code"},
		"the address to open":    {"https://acme.my.salesforce.com/services/oauth2/authorize?response_type=code&client_id=x&state=" + pastedState, "neither"},
		"login page":             {"https://acme.my.salesforce.com/?ec=302&startURL=%2Fsetup", "neither"},
		"words":                  {"it does not work", "no address"},
		"a time":                 {"at 12:30 it failed", "no address"},
		"short":                  {"aPrx", "no address"},
		"far too long":           {strings.Repeat("a", longestPaste+1), "too long"},
		"escapes":                {"\x1b[31mred\x1b[0m", "no address"},
		"an error without sense": {"error=<script>", "code"},
		"a labelled address":     {"redirect_uri : http://localhost:1717/OauthRedirect?code=" + code + "&state=" + pastedState, "no address"},
		"a labelled token":       {"access_token: 00D5!" + code, "no address"},
		"a note":                 {"note_to_self: buy milk", "no address"},
	} {
		got, err := reading(true).Read(c.text)
		if !isUsage(err, c.says) || !got.Empty() {
			t.Errorf("%s: %v", name, err)
		}
		if f := fault.From(err); strings.Contains(f.Error()+f.Hint, code) {
			t.Errorf("%s: the code is told: %v", name, err)
		}
	}
}

func isUsage(err error, says string) bool {
	var f *fault.Fault
	return errors.As(err, &f) && f.Code == fault.Usage && strings.Contains(f.Message+" "+f.Hint, says)
}

func FuzzReadPasted(f *testing.F) {
	f.Add("https://login.salesforce.com/services/oauth2/success?code=aPrx%3D%3D&state="+pastedState, false)
	f.Add("error=access_denied&error_description=x", true)
	f.Add("OAUTH_EC_APP_NOT_FOUND : not installed", false)
	f.Add("aPrxABCdef0123456789._%3D%3D", true)
	f.Fuzz(func(t *testing.T, text string, bare bool) {
		got, err := reading(bare).Read(text)
		var refused *Refused
		switch {
		case err == nil && got.Empty():
			t.Fatal("neither code nor error")
		case err != nil && !got.Empty():
			t.Fatal("code and error")
		case err == nil && !bare && !strings.Contains(tidied(text), pastedState):
			t.Fatalf("a code without the state was taken from %q", text)
		case err != nil && !errors.As(err, &refused) && !isUsage(err, ""):
			t.Fatalf("%T %v", err, err)
		}
		const planted = "aPrxPLANTEDcode0123456789"
		for _, with := range []string{text + planted, planted + text, text + ": " + planted} {
			if _, err := reading(false).Read(with); err != nil && !errors.As(err, new(*Refused)) && strings.Contains(err.Error()+fault.From(err).Hint, planted) {
				t.Fatalf("%q is told: %v", with, err)
			}
		}
		if refused != nil && strings.ContainsFunc(refused.Code+refused.Description, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			t.Fatalf("control characters in %q", refused)
		}
		if got, again := reading(bare).Read(" " + text + "\r\n"); again == nil && err != nil || again != nil && err == nil {
			t.Fatalf("blanks around it change the outcome: %v, %v, %v", err, again, got)
		}
	})
}

// tidied undoes what ReadPasted forgives, so that a state in pieces is found.
func tidied(text string) string {
	plain, err := url.QueryUnescape(strings.Join(strings.Fields(tidyPaste(text)), ""))
	if err != nil {
		plain, _ = url.QueryUnescape(escapeStray(strings.Join(strings.Fields(tidyPaste(text)), "")))
	}
	return strings.Join(strings.Fields(plain), "") // a + is a blank too
}
