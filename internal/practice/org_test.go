package practice

import (
	"crypto/sha256"
	"encoding/base64"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/sfconnect/internal/recipe"
)

func TestID18(t *testing.T) {
	for id, want := range map[string]string{"00D50000000IZ3Z": "00D50000000IZ3ZEAW", "00550000001fg5O": "00550000001fg5OAAQ", "short": "short"} {
		if got := id18(id); got != want {
			t.Errorf("%s: got %s, want %s", id, got, want)
		}
	}
}

func TestFactsHaveSalesforcesForms(t *testing.T) {
	f := start(t, nil).facts
	for value, form := range map[string]string{
		f.ConsumerKey: `^3MVG9[A-Za-z0-9._]{80}$`, f.ConsumerSecret: `^[0-9A-F]{64}$`,
		f.OrgID: `^00D[A-Za-z0-9]{12}[A-Z0-5]{3}$`, f.UserID: `^005[A-Za-z0-9]{12}[A-Z0-5]{3}$`,
		f.LoginURL: `^http://127\.0\.0\.1:\d+$`, f.MyDomainURL: `^http://127\.0\.0\.1:\d+$`,
	} {
		if !regexp.MustCompile(form).MatchString(value) {
			t.Errorf("%q is not %s", value, form)
		}
	}
	if f.LoginURL == f.MyDomainURL || id18(f.OrgID[:15]) != f.OrgID {
		t.Error(f)
	}
	if want := []string{local, "http://localhost:1718/OauthRedirect", "http://localhost:1719/OauthRedirect"}; !slices.Equal(f.CallbackURLs, want) {
		t.Error(f.CallbackURLs)
	}
}

func TestSameRandSameOrg(t *testing.T) {
	a, b := start(t, nil), start(t, nil)
	if x, y := a.signIn()["access_token"], b.signIn()["access_token"]; x != y || a.facts.ConsumerKey != b.facts.ConsumerKey {
		t.Error("two orgs from one seed differ")
	}
	c, err := New(Options{Now: a.clock.Now, Rand: strings.NewReader(strings.Repeat("x", 32))})
	if err != nil || c.Facts().ConsumerKey == a.facts.ConsumerKey {
		t.Error("two seeds, one key", err)
	}
}

func TestServeIsLoopbackOnly(t *testing.T) {
	refuse := func(string, string) (net.Listener, error) { t.Error("something was bound"); return nil, net.ErrClosed }
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.168.1.4:0", "example.com:0", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:65535", "10.0.0.1:80"} {
		if r, err := Serve(t.Context(), refuse, addr, Options{Now: time.Now, Rand: seed()}); err == nil {
			_ = r.Close()
			t.Error("served on", addr)
		}
	}
	wide := func(network, _ string) (net.Listener, error) { return net.Listen(network, "0.0.0.0:0") }
	if r, err := Serve(t.Context(), wide, "127.0.0.1:0", Options{Now: time.Now, Rand: seed()}); err == nil {
		_ = r.Close()
		t.Error("kept a listener that is not loopback")
	}
}

func TestCloseFreesThePorts(t *testing.T) {
	w := start(t, nil)
	_ = w.Close()
	_ = w.Close()
	<-w.Done()
	for _, origin := range []string{w.facts.LoginURL, w.facts.MyDomainURL} {
		l, err := net.Listen("tcp", strings.TrimPrefix(origin, "http://"))
		if err != nil {
			t.Error(err)
			continue
		}
		l.Close()
	}
}

func TestHosts(t *testing.T) {
	org, err := New(Options{Now: time.Now, Rand: seed(), LoginURL: "https://login.salesforce.com", MyDomainURL: "https://acme.my.salesforce.com"})
	if err != nil {
		t.Fatal(err)
	}
	form := "grant_type=client_credentials&client_id=" + org.Facts().ConsumerKey + "&client_secret=" + org.Facts().ConsumerSecret
	for _, c := range []struct {
		host, method, path string
		status             int
		want               string
	}{
		{"login.salesforce.com", "GET", "/", 200, "Log in"},
		{"LOGIN.salesforce.com:443", "GET", "/", 200, "Log in"},
		{"acme.my.salesforce.com", "GET", "/services/data", 200, "Summer '14"},
		{"acme.my.salesforce.com", "POST", tokenPath, 400, "Client credentials flow not enabled"},
		{"login.salesforce.com", "POST", tokenPath, 400, "request not supported on this domain"},
		{"acme.my.salesforce-setup.com", "POST", tokenPath, 400, "request not supported on this domain"},
		{"acme.lightning.force.com", "POST", tokenPath, 400, "grant type not supported"},
		{"acme.my.salesforce-setup.com", "GET", setupHome, 200, "External Client App Manager"},
		{"acme.lightning.force.com", "GET", setupHome, 200, "External Client App Manager"},
		{"login.salesforce.com", "GET", setupHome, 302, ""},
		{"test.salesforce.com", "GET", authorizePath + "?client_id=" + org.Facts().ConsumerKey, 400, "invalid_client_id"},
		{"evil.example", "GET", "/", 421, "acme.my.salesforce.com"},
		{"acme.my.salesforce.com.evil.example", "GET", "/", 421, ""},
		{"127.0.0.1", "GET", "/", 421, ""},
	} {
		r := httptest.NewRequest(c.method, "https://x"+c.path, strings.NewReader(form))
		r.Host = c.host
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		org.Handler().ServeHTTP(w, r)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s %s%s: %d %s", c.method, c.host, c.path, w.Code, w.Body)
		}
	}
}

func TestLoopbackNamesReachTheHostByPort(t *testing.T) {
	w := start(t, nil)
	for _, name := range []string{"localhost", "127.0.0.1", "[::1]"} {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, w.facts.MyDomainURL+"/services/data", nil)
		r.Host = name + w.facts.MyDomainURL[strings.LastIndex(w.facts.MyDomainURL, ":"):]
		if a := w.do(w.http, r); a.StatusCode != 200 {
			t.Errorf("%s: %d", r.Host, a.StatusCode)
		}
	}
}

func TestEnvironments(t *testing.T) {
	for environment, want := range map[string][2]string{
		"production": {"https://login.salesforce.com", "https://practice.my.salesforce.com"},
		"sandbox":    {"https://test.salesforce.com", "https://practice--uat.sandbox.my.salesforce.com"},
		"developer":  {"https://login.salesforce.com", "https://practice-dev-ed.develop.my.salesforce.com"},
		"scratch":    {"https://test.salesforce.com", "https://practice.scratch.my.salesforce.com"},
	} {
		org, err := New(Options{Now: time.Now, Rand: seed(), Settings: map[string]string{"environment": environment}})
		if err != nil {
			t.Fatal(err)
		}
		if f := org.Facts(); f.LoginURL != want[0] || f.MyDomainURL != want[1] {
			t.Error(environment, f.LoginURL, f.MyDomainURL)
		}
	}
	w := start(t, map[string]string{"environment": "sandbox"})
	if a := w.get(w.facts.MyDomainURL+"/services/data/v68.0/query?q=SELECT+IsSandbox+FROM+Organization", w.signIn()["access_token"]); !strings.Contains(a.text, `"IsSandbox":true`) {
		t.Error(a.text)
	}
}

// Every setting takes what it shows, and an unknown one is told the known ones.
func TestSettings(t *testing.T) {
	c := neutral()
	for _, s := range settings() {
		before := s.get(&c)
		if err := c.set(s.Name, before); err != nil || s.get(&c) != before || s.Help == "" || s.Values == "" {
			t.Errorf("%s=%s: %v", s.Name, before, err)
		}
	}
	for name, value := range map[string]string{
		"pkce_required": "maybe", "permitted_users": "nobody", "environment": "moon", "session_timeout": "soon", "refresh_token_policy": "later",
		"ip_relaxation": "x", "distribution_state": "Global", "propagation": "-1h", "oauth_errors": "", "daily_api_calls": "many",
	} {
		before := c
		if err := c.set(name, value); err == nil || !reflect.DeepEqual(c.environment, before.environment) {
			t.Errorf("%s takes %q", name, value)
		}
	}
	_, err := New(Options{Now: time.Now, Rand: seed(), Settings: map[string]string{"nope": "1", "pkce_required": "x"}, Faults: []string{"nah"}})
	for _, want := range []string{`"nope"`, "refresh_token_rotation", "true or false", `"nah"`, "bad-signature"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %s: %v", want, err)
		}
	}
	if _, err := New(Options{}); err == nil {
		t.Error("no clock, no randomness, no error")
	}
}

func TestRecipePresetsTheApp(t *testing.T) {
	r := &recipe.Recipe{
		App:          recipe.App{Name: "Quilia Integration", APIName: "Quilia_Integration", DistributionState: "Local", ContactEmail: "${email}"},
		CallbackURLs: []string{"https://portal.example/cb", "https://${host}/cb"},
		Scopes:       []string{"id", "api", "refresh_token", "openid"},
		Switches:     map[string]recipe.Switch{"refresh_token_rotation": recipe.SwitchOn, "pkce_required": recipe.SwitchOff, "device_flow": recipe.SwitchDefault},
		Policies:     recipe.Policies{PermittedUsers: "Admin approved users are pre-authorized", IPRelaxation: "Relax IP restrictions", RefreshTokenPolicy: "Refresh token is valid until revoked"},
	}
	w := startWith(t, Options{Recipe: r, Settings: map[string]string{"pkce_required": "true"}})
	f := w.facts
	if f.AppName != "Quilia Integration" || len(f.CallbackURLs) != 4 || f.CallbackURLs[0] != "https://portal.example/cb" || f.Settings["ip_relaxation"] != "relax" {
		t.Errorf("%+v", f)
	}
	if f.Settings["refresh_token_rotation"] != "true" || f.Settings["pkce_required"] != "true" {
		t.Errorf("%+v", f.Settings)
	}
	if w.signIn()["refresh_token"] == "" {
		t.Error("an admin-approved user could not sign in")
	}
}

func TestSetupDeepLinks(t *testing.T) {
	w := start(t, nil, "no-signature")
	for _, page := range []string{
		"NavigationMenus/home", "ManageExternalClientApplication/home", "ExternalClientApplicationSettings/home", "OauthOidcSettings/home",
		"ConnectedAppsUsage/home", "ConnectedApplication/home", "SecuritySession/home", "OrgLoginHistory/home", "ManageUsers/home", "PermSets/home",
		"EnhancedProfiles/home", "NetworkAccess/home", "ImportedPackage/home", "CompanyProfileInfo/home", "IdentityVerification/home", "OrgDomain/home",
		"SetupOneHome/home", "ManageUsers/page?address=%2F" + w.facts.UserID + "%3Fnoredirect%3D1",
		"ManageExternalClientApplication/" + w.Org.app.id[:15] + "/detail",
	} {
		if a := w.get(w.facts.MyDomainURL + setupPrefix + page); a.StatusCode != 200 {
			t.Errorf("%s: %d", page, a.StatusCode)
		}
	}
	if a := w.get(w.facts.MyDomainURL + setupPrefix + "ExternalClientAppManager/home"); a.StatusCode != 404 {
		t.Error("the wrong name of the manager works")
	}
	a := w.get(w.facts.SetupURL)
	for _, want := range []string{w.facts.ConsumerKey, w.facts.ConsumerSecret, local, "Require Proof Key", "no-signature", "Manage user data via APIs (api)"} {
		if !strings.Contains(a.text, want) {
			t.Errorf("Setup lacks %s", want)
		}
	}
}

// Pages bring all they need and the policy that says so.
func TestPagesAreSelfContained(t *testing.T) {
	w := start(t, map[string]string{"org_name": "<b>{{main}}</b>"})
	for _, path := range []string{"/", setupHome, errorPath + "?error=X&error_description=y", "/nothing", "/services/oauth2/success?code=x"} {
		a := w.get(w.facts.MyDomainURL + path)
		sum := sha256.Sum256([]byte(between(a.text, "<style>", "</style>")))
		if csp := a.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") {
			t.Errorf("%s: %s", path, csp)
		}
		if regexp.MustCompile(`(?i)<script|<link[^>]*href="http|src=|url\(|@import| style=`).MatchString(a.text) {
			t.Errorf("%s fetches something, or carries a style that the policy forbids", path)
		}
		if strings.Contains(a.text, "<b><b>") || !strings.Contains(a.text, "&lt;b&gt;{{main}}&lt;/b&gt;") || !strings.Contains(a.text, "Practice org") {
			t.Errorf("%s: the org's name is not escaped, or the page not marked", path)
		}
		if a.Header.Get("Cache-Control") != "no-cache, no-store" || a.Header.Get("X-Frame-Options") != "DENY" {
			t.Error(a.Header)
		}
	}
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}

// Many clients at once; the race detector is the judge, the ledger the witness.
func TestManyAtOnce(t *testing.T) {
	w := start(t, map[string]string{"refresh_token_rotation": "true"})
	refresh := w.signIn()["refresh_token"]
	before := w.Org.Ledger().TokenRequests
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			w.renew(refresh)
			w.get(w.facts.LoginURL + w.authorizeQuery())
			w.get(w.facts.SetupURL)
			w.Org.Ledger()
			w.Org.Facts()
			_ = w.Org.Set("session_timeout", "1h")
		})
	}
	wait.Wait()
	l := w.Org.Ledger()
	if l.TokenRequests-before != 8 || l.Refreshes != 1 || l.RotationReplays != 7 || len(l.LiveRefreshTokens) != 0 {
		t.Errorf("%d refreshes, %d replays, live %v", l.Refreshes, l.RotationReplays, l.LiveRefreshTokens)
	}
}
