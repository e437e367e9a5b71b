package salesforce

import (
	"strings"
	"testing"

	"example.com/sfconnect/internal/fault"
)

// Every row of the collected error vocabulary, as Salesforce words it.
func TestExplain(t *testing.T) {
	const refused, signIn = fault.ExitRefused, fault.ExitSignIn
	const eca = "Setup › External Client App Manager"
	for _, c := range []struct {
		surface     Surface
		code, descr string
		what        string // in the message
		fix         string // in the hint
		exit        int
	}{
		{SurfaceAuthorize, "access_denied", "end-user denied authorization", "Deny", "press Allow", refused},
		{SurfaceAuthorize, "access-denied", "end-user denied authorization", "Deny", "press Allow", refused},
		{SurfaceAuthorize, "invalid_client_id", "client identifier invalid", "Consumer Key", "10 minutes", refused},
		{SurfaceAuthorize, "invalid_client", "app must be installed into org", "not installed", "Connected Apps OAuth Usage", refused},
		{SurfaceAuthorize, "redirect_uri_mismatch", "redirect_uri must match configuration", "callback lines", eca, refused},
		{SurfaceAuthorize, "redirect_uri_missing", "redirect_uri not provided", "no callback", "sfconnect", refused},
		{SurfaceAuthorize, "invalid_request", "missing required code challenge", "PKCE", "code challenge", refused},
		{SurfaceAuthorize, "invalid_request", "HTTPS required", "https", "https://", refused},
		{SurfaceAuthorize, "invalid_request", "must use HTTP GET", "GET", "browser", refused},
		{SurfaceAuthorize, "invalid_request", "out-of-band not supported", "callback", "localhost:1717", refused},
		{SurfaceAuthorize, "unsupported_response_type", "response type not supported", "code", "response_type", refused},
		{SurfaceAuthorize, "invalid_scope", "the requested scope is invalid, unknown, or malformed", "scope", "Selected OAuth Scopes", refused},
		{SurfaceAuthorize, "immediate_unsuccessful", "", "without asking", "immediate", refused},
		{SurfaceAuthorize, "inactive_user", "user is inactive", "inactive", "Setup › Users", refused},
		{SurfaceAuthorize, "inactive_org", "organization is locked, closed, or suspended", "locked", "Support", refused},
		{SurfaceAuthorize, "rate_limit_exceeded", "number of logins exceeded", "exceeded", "Wait", refused},
		{SurfaceAuthorize, "invalid_grant", "invalid user credentials", "password", "Login History", refused},
		{SurfaceAuthorize, "invalid_grant", "IP restricted or invalid login hours", "network", "Login IP Ranges", refused},
		{SurfaceAuthorize, "OAUTH_APP_BLOCKED", "this app is blocked by admin", "blocked", "Unblock", refused},
		{SurfaceAuthorize, "OAUTH_APP_ACCESS_DENIED", "user is not admin approved to access this app", "not approved", "App Policies", refused},
		{SurfaceAuthorize, "OAUTH_APPROVAL_ERROR_GENERIC", "An unexpected error has occurred during authentication. Please try again.", "approval", "Approve Uninstalled Connected Apps", refused},
		{SurfaceAuthorize, "OAUTH_EC_APP_NOT_FOUND", "External client app is not installed in this org", "not in the org", "My Domain", refused},
		{SurfaceAuthorize, "OAUTH_AUTHORIZATION_BLOCKED", "Cross-org OAuth flows are not supported for this external client app", "another org", "private window", refused},
		{SurfaceAuthorize, "1800", "There was a problem in setting up your remote access", "remote access", "Support", refused},

		{SurfaceToken, "invalid_grant", "expired authorization code", "15 minutes", "again", refused},
		{SurfaceToken, "invalid_grant", "invalid authorization code", "changed on the way", "again", refused},
		{SurfaceToken, "invalid_grant", "invalid code verifier", "verifier", "again", refused},
		{SurfaceToken, "invalid_request", "code verifier does not match", "verifier", "again", refused},
		{SurfaceToken, "invalid_grant", "missing code verifier", "verifier", "again", refused},
		{SurfaceToken, "invalid_grant", "unexpected code verifier", "no code challenge", "again", refused},
		{SurfaceToken, "invalid_request", "unexpected code verifier", "no code challenge", "again", refused},
		{SurfaceToken, "redirect_uri_mismatch", "redirect_uri must match configuration", "callback address", "Callback URL", refused},
		{SurfaceToken, "invalid_client_id", "client identifier invalid", "Consumer Key", "login URL", refused},
		{SurfaceToken, "invalid_client", "invalid client credentials", "Consumer Secret", "rotated", refused},
		{SurfaceToken, "invalid_client", "app must be installed into org", "not installed", "Install", refused},
		{SurfaceToken, "invalid_client", "something else", "Consumer Key and Secret", "Copy", refused},
		{SurfaceToken, "invalid_client_credentials", "client secret invalid", "Consumer Secret", "Copy", refused},
		{SurfaceToken, "invalid_grant", "expired access/refresh token", "refresh token", "Sign in again", signIn},
		{SurfaceToken, "invalid_grant", "token validity expired", "age", "Refresh Token Policy", signIn},
		{SurfaceToken, "invalid_grant", "Token request is already being processed", "under way", "Wait", refused},
		{SurfaceToken, "invalid_grant", "authentication failure", "password", "web flow", refused},
		{SurfaceToken, "invalid_grant", "no client credentials user enabled", "Run As", "Username", refused},
		{SurfaceToken, "invalid_grant", "request not supported on this domain", "My Domain", "Current My Domain URL", refused},
		{SurfaceToken, "invalid_grant", "no valid scopes defined", "scope", "(api)", refused},
		{SurfaceToken, "invalid_request", "scope parameter not supported", "no scopes", "--scopes", refused},
		{SurfaceToken, "invalid_scope", "scope parameter not supported", "no scopes", "--scopes", refused},
		{SurfaceToken, "invalid_grant", "Client credentials flow not enabled", "settings", "Settings tab, under", refused},
		{SurfaceToken, "invalid_grant", "no client credentials user enabled", "policies", "Policies tab, under", refused},
		{SurfaceToken, "access_denied", "end-user denied authorization", "Run As", "portal", refused},
		{SurfaceToken, "invalid_app_access", "user is not admin approved to access this app", "not approved", "Run As", refused},
		{SurfaceToken, "invalid_grant", "user hasn't approved this consumer", "not approved", "pre-authorized", refused},
		{SurfaceToken, "invalid_grant", "audience is invalid", "audience", "https://test.salesforce.com", refused},
		{SurfaceToken, "invalid_grant", "audience is invalid [audience=http://login.salesforce.com login=https://test.salesforce.com]", "audience", "My Domain", refused},
		{SurfaceToken, "invalid_grant", "Audience validation failed", "audience", "https://test.salesforce.com", refused},
		{SurfaceToken, "invalid_grant", "invalid assertion", "certificate", "Enable JWT Bearer Flow", refused},
		{SurfaceToken, "invalid_grant", "JWT bearer flow not enabled", "does not offer", "Enable JWT Bearer Flow", refused},
		{SurfaceToken, "app_not_found", "External client app is not installed in this org", "not in the org", "My Domain URL", refused},
		{SurfaceToken, "invalid_grant", "inactive organization", "suspended", "Support", refused},
		{SurfaceToken, "invalid_grant", "ip restricted", "network", "Login IP Ranges", refused},
		{SurfaceToken, "invalid_grant", "ip restricted or invalid login hours", "network", "Login IP Ranges", refused},
		{SurfaceToken, "invalid_grant", "inactive user", "inactive", "Users", refused},
		{SurfaceToken, "inactive_user", "", "inactive", "Users", refused},
		{SurfaceToken, "inactive_org", "", "suspended", "Support", refused},
		{SurfaceToken, "rate_limit_exceeded", "login rate exceeded", "exceeded", "15 to 30 minutes", refused},
		{SurfaceToken, "unknown_error", "login rate exceeded", "exceeded", "15 to 30 minutes", refused},
		{SurfaceToken, "unsupported_grant_type", "grant type not supported", "kind of token request", "Lightning", refused},
		{SurfaceToken, "invalid_scope", "", "scope", "Selected OAuth Scopes", refused},
		{SurfaceToken, "unknown_error", "retry your request", "another org", "private window", refused},
		{SurfaceRevoke, "invalid_token", "invalid token: x", "no longer knows", "logout", refused},
		{SurfaceRevoke, "unsupported_token_type", "this token type is not supported", "revoked", "press Revoke", refused},

		{SurfaceIdentity, "Bad_OAuth_Token", "", "no longer valid", "Sign in again", signIn},
		{SurfaceIdentity, "Missing_OAuth_Token", "", "no access token", "proxy", refused},
		{SurfaceIdentity, "Wrong_Org", "", "another org", "My Domain", refused},
		{SurfaceIdentity, "Bad_Id", "", "no user", "Sign in again", refused},
		{SurfaceREST, "INVALID_SESSION_ID", "Session expired or invalid", "expired", "Sign in again", signIn},
		{SurfaceREST, "INVALID_SESSION_ID", "This session is not valid for use with the REST API", "REST API", "(api)", refused},
		{SurfaceREST, "INVALID_AUTH_HEADER", "INVALID_ISS", "not for", "My Domain", refused},
		{SurfaceREST, "INVALID_AUTH_HEADER", "INVALID_JWT_FORMAT", "could not be read", "Sign in again", refused},
		{SurfaceREST, "API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization.", "not enabled", "API Enabled", refused},
		{SurfaceREST, "API_CURRENTLY_DISABLED", "API is disabled for this User", "disabled", "API Enabled", refused},
		{SurfaceREST, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", "API calls", "24 hours", refused},
		{SurfaceREST, "INSUFFICIENT_ACCESS", "insufficient access rights", "permission", "Permission Sets", refused},
		{SurfaceREST, "FUNCTIONALITY_NOT_ENABLED", "x", "feature", "Switch", refused},
		{SurfaceREST, "NOT_FOUND", "The requested resource does not exist", "nothing at the address", "version", refused},
		{SurfaceREST, "", "URL No Longer Exists", "any more", "Current My Domain URL", fault.ExitNetwork},
		{SurfaceREST, "URL_NOT_RESET", "Destination URL not reset", "login host", "My Domain", refused},
		// A code of another surface is still explained.
		{SurfaceRevoke, "invalid_client_id", "client identifier invalid", "Consumer Key", "Copy", refused},
	} {
		f := Explain(c.surface, c.code, c.descr, LoginURL{})
		if f.Code != c.code && c.code != "" || f.Exit != c.exit || f.Stage == "" {
			t.Errorf("%s %s %q: %+v", c.surface, c.code, c.descr, f)
		}
		if !strings.HasPrefix(f.Message, "Salesforce refused ") || !sentence(f.Message) || !strings.Contains(f.Message, c.what) {
			t.Errorf("%s %s %q: message %q lacks %q", c.surface, c.code, c.descr, f.Message, c.what)
		}
		if !strings.Contains(f.Hint, c.fix) {
			t.Errorf("%s %s %q: hint %q lacks %q", c.surface, c.code, c.descr, f.Hint, c.fix)
		}
		if c.descr != "" && !strings.Contains(f.Hint, c.descr) {
			t.Errorf("%s %s: hint %q does not quote %q", c.surface, c.code, f.Hint, c.descr)
		}
	}
}

// Every row of the table is reached by its own code and description, and is
// written to fit into the sentences around it.
func TestEntries(t *testing.T) {
	for _, e := range Entries() {
		if got, ok := Lookup(e.Surface, e.Code, e.Description); !ok || got != e {
			t.Errorf("%s %q %q is hidden by %q %q", e.Surface, e.Code, e.Description, got.Code, got.Description)
		}
		if e.What == "" || strings.HasSuffix(e.What, ".") || !strings.HasSuffix(e.Fix, ".") || e.Description != strings.ToLower(e.Description) || e.Code+e.Description == "" {
			t.Errorf("%s %q %q: %q, %q", e.Surface, e.Code, e.Description, e.What, e.Fix)
		}
		if e.Page != "" && e.Page.Path() == "Setup" {
			t.Errorf("%s %q: page %q has no name", e.Surface, e.Code, e.Page)
		}
		if e.Exit != fault.ExitRefused && e.Exit != fault.ExitSignIn && e.Description != urlGone {
			t.Errorf("%s %q: exit %d", e.Surface, e.Code, e.Exit)
		}
	}
}

func TestExplainLinks(t *testing.T) {
	f := Explain(SurfaceAuthorize, "redirect_uri_mismatch", "redirect_uri must match configuration", login(t, "https://acme.my.salesforce.com", false))
	const want = "Setup › External Client App Manager\nhttps://acme.lightning.force.com/lightning/setup/ManageExternalClientApplication/home\n" +
		"Salesforce's words: redirect_uri_mismatch: redirect_uri must match configuration"
	if !strings.HasSuffix(f.Hint, want) {
		t.Errorf("hint %q", f.Hint)
	}
	f = Explain(SurfaceAuthorize, "redirect_uri_mismatch", "", login(t, "https://login.salesforce.com", false))
	if strings.Contains(f.Hint, "https://") || !strings.Contains(f.Hint, "Setup › External Client App Manager") {
		t.Errorf("hint %q", f.Hint)
	}
}

// The description comes whole and is shortened for the sentence alone: what
// matters may stand far behind.
func TestExplainShortensLongWords(t *testing.T) {
	long := strings.Repeat("x", 400) + " IP restricted"
	f := Explain(SurfaceToken, "invalid_grant", long, LoginURL{})
	if want := "\nSalesforce's words: invalid_grant: " + strings.Repeat("x", 300) + "…"; !strings.HasSuffix(f.Hint, want) || !strings.Contains(f.Message, "network") {
		t.Errorf("%q, %q", f.Message, f.Hint)
	}
	f = Explain(SurfaceToken, "brand_new", strings.Repeat("ä", 301), LoginURL{})
	if want := "brand_new: " + strings.Repeat("ä", 300) + "…."; !strings.HasSuffix(f.Message, want) {
		t.Errorf("%q", f.Message)
	}
}

func TestExplainUnknown(t *testing.T) {
	for _, c := range []struct{ code, descr, wantCode, says string }{
		{"brand_new", "it is new.", "brand_new", "brand_new: it is new."},
		{"invalid_grant", "never seen", "invalid_grant", "invalid_grant: never seen."},
		{"", "only words", fault.NotSalesforce, "only words."},
		{"", "", fault.NotSalesforce, "without saying why."},
		// What redaction leaves of a code is none.
		{"[redacted]", "", fault.NotSalesforce, "without saying why."},
		{"<script>", "a\x1b[2Jb\nc\u202e", fault.NotSalesforce, "a[2Jb c."},
		{strings.Repeat("x", 200), "d", fault.NotSalesforce, "d."},
	} {
		f := Explain(SurfaceToken, c.code, c.descr, LoginURL{})
		if f.Code != c.wantCode || f.Exit != fault.ExitRefused || f.Stage != "token" || !strings.HasSuffix(f.Message, c.says) || f.Hint == "" {
			t.Errorf("%q %q: %+v", c.code, c.descr, f)
		}
	}
}
