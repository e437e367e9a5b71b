package salesforce

import (
	"strings"
	"testing"
)

func TestReadError(t *testing.T) {
	for _, c := range []struct {
		text string
		want ErrorText // Code "" for none
	}{
		{"error=invalid_grant&error_description=expired%20authorization%20code", ErrorText{SurfaceAuthorize, "invalid_grant", "expired authorization code"}},
		{"error=redirect_uri_mismatch&error_description=redirect_uri must match configuration", ErrorText{SurfaceAuthorize, "redirect_uri_mismatch", "redirect_uri must match configuration"}},
		{"https://acme.my.salesforce.com/setup/secur/RemoteAccessErrorPage.apexp?error=OAUTH_APP_BLOCKED&error_description=this+app+is+blocked+by+admin&state=x",
			ErrorText{SurfaceAuthorize, "OAUTH_APP_BLOCKED", "this app is blocked by admin"}},
		{"http://localhost:1717/OauthRedirect?state=x&error=access_denied", ErrorText{SurfaceAuthorize, "access_denied", ""}},
		{"error=invalid_scope&error_description=100%", ErrorText{SurfaceAuthorize, "invalid_scope", ""}},
		{`{"error":"invalid_grant","error_description":"invalid assertion"}`, ErrorText{SurfaceToken, "invalid_grant", "invalid assertion"}},
		{`'{"error":"app_not_found"}'`, ErrorText{SurfaceToken, "app_not_found", ""}},
		{`[{"message":"API is disabled for this User","errorCode":"API_CURRENTLY_DISABLED"}]`, ErrorText{SurfaceREST, "API_CURRENTLY_DISABLED", "API is disabled for this User"}},
		{"OAUTH_APPROVAL_ERROR_GENERIC : An unexpected error has occurred during authentication. Please try again.",
			ErrorText{SurfaceAuthorize, "OAUTH_APPROVAL_ERROR_GENERIC", "An unexpected error has occurred during authentication. Please try again."}},
		{"invalid_grant: ip restricted", ErrorText{"", "invalid_grant", "ip restricted"}},
		{"invalid_grant", ErrorText{"", "invalid_grant", ""}},
		{"We can’t authorize you because of an OAuth error\n\nFor more information, contact your Salesforce administrator.\nOAUTH_APP_BLOCKED : this app is blocked by admin",
			ErrorText{SurfaceAuthorize, "OAUTH_APP_BLOCKED", "this app is blocked by admin"}},
		{"We can’t authorize you: 1800 : There was a problem", ErrorText{SurfaceAuthorize, "1800", "There was a problem"}},
		{"it took 1800 seconds", ErrorText{}},
		{"the dns and the proxy", ErrorText{}},
		{"error oauth_app_blocked, again", ErrorText{"", "OAUTH_APP_BLOCKED", ", again"}},
		{"Salesforce says invalid_client_id: client identifier invalid", ErrorText{"", "invalid_client_id", "client identifier invalid"}},
		{"POST /services/oauth2/token HTTP 400 {\"error\":\"invalid_grant\",\"error_description\":\"user hasn’t approved this consumer\"} in 12 ms",
			ErrorText{SurfaceToken, "invalid_grant", "user hasn't approved this consumer"}},
		{"{x} [1] [{\"message\":\"m\",\"errorCode\":\"NEW_ONE\"}]", ErrorText{SurfaceREST, "NEW_ONE", "m"}},
		{"GET /cb?error=access_denied HTTP/1.1", ErrorText{SurfaceAuthorize, "access_denied", ""}},
		{"no_error=x but error=access_denied", ErrorText{SurfaceAuthorize, "access_denied", ""}},
		{"ip restricted", ErrorText{}},
		{"an_error=x", ErrorText{}},
		{"[]", ErrorText{}},
		{"{}", ErrorText{}},
		{"", ErrorText{}},
		{strings.Repeat("x", longestPaste) + "&error=y", ErrorText{}},
		{"error=\x1b[2Jx&error_description=a\u202eb", ErrorText{}},
	} {
		got, ok := ReadError(c.text)
		if got != c.want || ok != (c.want.Code != "") {
			t.Errorf("%.80q: %+v, %v", c.text, got, ok)
		}
	}
}

func FuzzReadError(f *testing.F) {
	for _, seed := range []string{"error=a&error_description=b", `{"error":"a"}`, `[{"errorCode":"a","message":"b"}]`, "A : b", "?error=%zz"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, ok := ReadError(text)
		if ok && (e.Code != cleanCode(e.Code) || e.Description != cleanWhole(e.Description)) {
			t.Errorf("%q: %+v is not fit for a terminal", text, e)
		}
	})
}

// The whole error page is what people copy: each of its codes is found there.
func TestReadErrorPage(t *testing.T) {
	for _, e := range Entries() {
		if e.Surface != SurfaceAuthorize || !strings.HasPrefix(e.Code, "OAUTH_") && e.Code != "1800" {
			continue
		}
		for _, gap := range []string{"\n", " "} {
			text := strings.Join([]string{"We can’t authorize you because of an OAuth error", "For more information, contact your Salesforce administrator.", e.Code + " : words", "The program is not told."}, gap)
			if got, ok := ReadError(text); !ok || got.Code != e.Code || got.Surface != SurfaceAuthorize {
				t.Errorf("%q: %+v", text, got)
			}
		}
	}
}
