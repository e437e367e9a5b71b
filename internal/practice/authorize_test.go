package practice

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestAuthorizeRefusesBeforeLoginInPlainText(t *testing.T) {
	for _, c := range []struct {
		name    string
		changes []string
		want    string
		kind    string
	}{
		{"unknown key", []string{"client_id", "3MVG9other"}, "error=invalid_client_id&error_description=client%20identifier%20invalid", "text/plain;charset=UTF-8"},
		{"no callback", []string{"redirect_uri", ""}, "error=redirect_uri_missing&error_description=redirect_uri not provided", "text/plain;charset=UTF-8"},
		{"other port", []string{"redirect_uri", "http://localhost:1720/OauthRedirect"}, "error=redirect_uri_mismatch&error_description=redirect_uri must match configuration", "text/plain;charset=UTF-8"},
		{"127.0.0.1 is not localhost", []string{"redirect_uri", "http://127.0.0.1:1717/OauthRedirect"}, "error=redirect_uri_mismatch&error_description=redirect_uri must match configuration", "text/plain;charset=UTF-8"},
		{"trailing slash", []string{"redirect_uri", local + "/"}, "error=redirect_uri_mismatch&error_description=redirect_uri must match configuration", "text/plain;charset=UTF-8"},
		{"no challenge", []string{"code_challenge", ""}, "error=invalid_request&error_description=missing required code challenge", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := start(t, nil)
			for _, base := range []string{w.facts.LoginURL, w.facts.MyDomainURL} {
				a := w.get(base + w.authorizeQuery(c.changes...))
				if a.StatusCode != 400 || a.text != c.want || a.Header.Get("Content-Type") != c.kind || a.Header.Get("Location") != "" {
					t.Errorf("got %d %q %v", a.StatusCode, a.text, a.Header)
				}
				if _, there := a.Header["Content-Type"]; !there {
					t.Error("Content-Type is missing, not empty")
				}
			}
		})
	}
}

func TestAuthorizeWithoutPKCEWhereTheAppDoesNotAskForIt(t *testing.T) {
	w := start(t, map[string]string{"pkce_required": "false"})
	code := w.code("code_challenge", "")
	w.refused(w.exchange(code), "invalid_grant", "unexpected code verifier")
	w.tokens(w.exchange(w.code("code_challenge", ""), "code_verifier", ""))
}

func TestAuthorizeIsGetOnly(t *testing.T) {
	w := start(t, nil)
	if a := w.post(w.facts.LoginURL+w.authorizeQuery(), url.Values{}); a.text != "error=invalid_request&error_description=must use HTTP GET" {
		t.Error(a.text)
	}
}

func TestAuthorizeLeadsToTheLoginOnTheSameHost(t *testing.T) {
	w := start(t, nil)
	a := w.get(w.facts.LoginURL + w.authorizeQuery())
	if l := a.Header.Get("Location"); a.StatusCode != 302 || !strings.HasPrefix(l, "/?ec=302&startURL=%2Fsetup%2Fsecur%2FRemoteAccessAuthorizationPage.apexp%3Fsource%3D") {
		t.Errorf("%d %s", a.StatusCode, l)
	}
}

func TestDecisionGoesToTheCallbackWithTheState(t *testing.T) {
	w := start(t, nil)
	at := w.through(w.facts.LoginURL, "approve")
	raw := at.RawQuery
	if at.Host+at.Path != "localhost:1717/OauthRedirect" || !strings.HasPrefix(raw, "code=aPrx") || !strings.HasSuffix(raw, "%3D%3D&state=s+t%26ate") {
		t.Error(at)
	}
	if code := at.Query().Get("code"); len(code) != 76 {
		t.Errorf("code of %d characters", len(code))
	}
	w.http = w.browser()
	at = w.through(w.facts.LoginURL, "deny", "prompt", "consent")
	if at.RawQuery != "error=access_denied&error_description=end-user+denied+authorization&state=s+t%26ate" {
		t.Error(at)
	}
}

func TestAuthorizeErrorsThatGoToTheCallback(t *testing.T) {
	w := start(t, nil)
	for changes, want := range map[[2]string]string{
		{"response_type", "token"}: "unsupported_response_type",
		{"scope", "nonsense"}:      "invalid_scope",
		{"immediate", "true"}:      "immediate_unsuccessful",
	} {
		if at := w.through(w.facts.LoginURL, "approve", changes[0], changes[1]); at.Query().Get("error") != want || at.Query().Get("state") != "s t&ate" {
			t.Errorf("%v: %s", changes, at)
		}
	}
}

func TestErrorPageAfterLogin(t *testing.T) {
	for _, c := range []struct {
		set     map[string]string
		changes []string
		want    string // of the page
		also    string // where oauth_errors=callback, or another setting, leads
	}{
		{map[string]string{"permitted_users": "admin_approved"}, nil, "OAUTH_APP_ACCESS_DENIED : user is not admin approved to access this app", "OAUTH_APP_ACCESS_DENIED"},
		{map[string]string{"permitted_users": "Admin approved users are pre-authorized"}, nil, "OAUTH_APP_ACCESS_DENIED : user is not admin approved to access this app", "OAUTH_APP_ACCESS_DENIED"},
		{map[string]string{}, []string{"scope", "api web"}, "OAUTH_APPROVAL_ERROR_GENERIC : " + genericProblem, "OAUTH_APPROVAL_ERROR_GENERIC"},
	} {
		w := start(t, c.set)
		at := w.through(w.facts.MyDomainURL, "approve", c.changes...)
		if at.Path != errorPath || at.Query().Get("state") != "s t&ate" || strings.Contains(at.RawQuery, "%20") {
			t.Error(at)
		}
		if page := w.get(at.String()); !strings.Contains(page.text, ">"+c.want+"<") {
			t.Errorf("page lacks %q", c.want)
		}
		w.http = w.browser()
		if err := w.Org.Set("oauth_errors", "callback"); err != nil {
			t.Fatal(err)
		}
		if at := w.through(w.facts.MyDomainURL, "approve", c.changes...); at.Host != "localhost:1717" || at.Query().Get("error") != c.also {
			t.Error(at)
		}
	}
	w := start(t, map[string]string{"missing_scope": "invalid_scope"})
	if at := w.through(w.facts.MyDomainURL, "approve", "scope", "web"); at.Query().Get("error") != "invalid_scope" {
		t.Error(at)
	}
}

func TestErrorPageEscapes(t *testing.T) {
	w := start(t, nil)
	if a := w.get(w.facts.LoginURL + errorPath + "?error=%3Cscript%3E&error_description=%22%3E%3Cimg"); strings.Contains(a.text, "<script>") || strings.Contains(a.text, "<img") {
		t.Error(a.text)
	}
}

func TestConsentIsRememberedWhileTheApprovalLives(t *testing.T) {
	w := start(t, nil)
	first := w.signIn()
	w.http = w.browser()
	if at := w.through(w.facts.MyDomainURL, "deny"); at.Query().Get("code") == "" {
		t.Error("asked again:", at)
	}
	if at := w.through(w.facts.MyDomainURL, "approve", "immediate", "true"); at.Query().Get("code") == "" {
		t.Error("immediate:", at)
	}
	if at := w.through(w.facts.MyDomainURL, "deny", "prompt", "consent"); at.Query().Get("error") != "access_denied" {
		t.Error("prompt=consent did not ask:", at)
	}
	w.post(w.facts.MyDomainURL+revokePath, url.Values{"token": {first["refresh_token"]}})
	if at := w.through(w.facts.MyDomainURL, "deny"); at.Query().Get("error") != "access_denied" {
		t.Error("remembered a revoked approval:", at)
	}
}

func TestPromptLoginAsksAgain(t *testing.T) {
	w := start(t, nil)
	w.signIn()
	before := w.Org.Ledger().Logins
	w.through(w.facts.MyDomainURL, "approve")
	if n := w.Org.Ledger().Logins; n != before {
		t.Error("a live session had to sign in")
	}
	w.through(w.facts.MyDomainURL, "approve", "prompt", "login")
	if n := w.Org.Ledger().Logins; n != before+1 {
		t.Error("prompt=login did not ask for the password")
	}
	a := w.get(w.facts.MyDomainURL + w.authorizeQuery("prompt", "login"))
	login, _ := url.Parse(a.Header.Get("Location"))
	if a := w.get(w.facts.MyDomainURL + login.Query().Get("startURL")); a.StatusCode != 302 || !strings.HasPrefix(a.Header.Get("Location"), "/?ec=302") {
		t.Error("an older session got round prompt=login")
	}
}

func TestSessionsOfTheTwoHostsStayApart(t *testing.T) {
	w := start(t, nil)
	w.through(w.facts.LoginURL, "approve")
	w.through(w.facts.MyDomainURL, "approve")
	if n := w.Org.Ledger().Logins; n != 2 {
		t.Errorf("%d logins", n)
	}
	w.through(w.facts.LoginURL, "approve")
	if n := w.Org.Ledger().Logins; n != 2 {
		t.Error("the second host's cookie replaced the first's")
	}
}

func TestLogin(t *testing.T) {
	w := start(t, nil)
	page := w.get(w.facts.MyDomainURL + "/")
	if !strings.Contains(page.text, `value="`+w.facts.Username+`"`) {
		t.Error("not prefilled")
	}
	wrong := w.post(w.facts.MyDomainURL+"/", url.Values{"username": {w.facts.Username}, "pw": {"guess"}})
	if wrong.StatusCode != 200 || !strings.Contains(wrong.text, "Please check your username and password") || len(wrong.Cookies()) != 0 {
		t.Error("wrong password:", wrong.StatusCode)
	}
	for _, elsewhere := range []string{"//evil.example", `/\evil.example`, "https://evil.example"} {
		a := w.post(w.facts.MyDomainURL+"/", url.Values{"username": {w.facts.Username}, "pw": {w.facts.Password}, "startURL": {elsewhere}})
		if a.StatusCode != 302 || strings.Contains(a.Header.Get("Location"), "evil") {
			t.Errorf("%s leads to %s", elsewhere, a.Header.Get("Location"))
		}
	}
	a := w.get(w.facts.MyDomainURL + w.authorizeQuery("login_hint", "ben@practice.example", "prompt", "login"))
	if page := w.get(w.facts.MyDomainURL + a.Header.Get("Location")); !strings.Contains(page.text, `value="ben@practice.example"`) {
		t.Error("login_hint is not used")
	}
}

func TestPropagation(t *testing.T) {
	w := start(t, map[string]string{"propagation": "10m"})
	w.clock.add(9 * time.Minute)
	if a := w.get(w.facts.LoginURL + w.authorizeQuery()); !strings.Contains(a.text, "invalid_client_id") {
		t.Error(a.text)
	}
	w.clock.add(time.Minute)
	if a := w.get(w.facts.LoginURL + w.authorizeQuery()); a.StatusCode != http.StatusFound {
		t.Error(a.text)
	}
}

func TestOrgWidePKCE(t *testing.T) {
	w := start(t, map[string]string{"pkce_required": "false", "org_pkce_required": "true"})
	if a := w.get(w.facts.MyDomainURL + w.authorizeQuery("code_challenge", "")); a.text != "error=invalid_request&error_description=missing required code challenge" {
		t.Error(a.text)
	}
}
