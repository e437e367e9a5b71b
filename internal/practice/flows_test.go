package practice

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// device starts the device flow; changes are name, value pairs.
func (w *world) device(changes ...string) got {
	w.Helper()
	v := url.Values{"response_type": {"device_code"}, "client_id": {w.facts.ConsumerKey}, "scope": {"api refresh_token"}}
	change(v, changes)
	return w.post(w.facts.MyDomainURL+tokenPath, v)
}

func (w *world) poll(code string, changes ...string) got {
	w.Helper()
	v := url.Values{"grant_type": {"device"}, "client_id": {w.facts.ConsumerKey}, "code": {code}}
	change(v, changes)
	return w.post(w.facts.MyDomainURL+tokenPath, v)
}

type waiting struct {
	DeviceCode      string `json:"device_code"`
	UserCode        string `json:"user_code"`
	VerificationURI string `json:"verification_uri"`
	Interval        int
}

func (w *world) waiting() waiting {
	w.Helper()
	a := w.device()
	var d waiting
	if err := json.Unmarshal([]byte(a.text), &d); err != nil || a.StatusCode != 200 || d.DeviceCode == "" || len(d.UserCode) != 8 || d.Interval != 5 {
		w.Fatalf("%d %s", a.StatusCode, a.text)
	}
	return d
}

func TestDeviceFlow(t *testing.T) {
	w := start(t, map[string]string{"device_flow": "true"})
	d := w.waiting()
	w.refused(w.poll(d.DeviceCode), "authorization_pending", "waiting for the end user to approve")
	w.clock.add(2 * time.Second)
	w.refused(w.poll(d.DeviceCode), "slow_down", "polling too quickly")
	w.clock.add(6 * time.Second)
	w.refused(w.poll(d.DeviceCode), "authorization_pending", "waiting for the end user to approve")
	if err := visit(t, Visitor{}, d.VerificationURI+"?user_code="+strings.ToLower(d.UserCode)); err != nil {
		t.Fatal(err)
	}
	w.clock.add(6 * time.Second)
	m := w.tokens(w.poll(d.DeviceCode))
	if m["scope"] != "api refresh_token" || m["refresh_token"] == "" {
		t.Error(m)
	}
	w.refused(w.poll(d.DeviceCode), "invalid_grant", "expired authorization code")
	if l := w.Org.Ledger(); l.TokensByGrant["device_code"] != 1 || l.TokensByGrant["device"] != 5 || l.Tokens[0].How != "device" || len(l.LiveRefreshTokens) != 1 {
		t.Errorf("%+v", l)
	}
}

func TestDeviceFlowEndsWithoutTokens(t *testing.T) {
	w := start(t, map[string]string{"device_flow": "true"})
	d := w.waiting()
	if err := visit(t, Visitor{Deny: true}, d.VerificationURI+"?user_code="+d.UserCode); err != nil {
		t.Fatal(err)
	}
	w.refused(w.poll(d.DeviceCode), "access_denied", "end-user denied authorization")
	if err := visit(t, Visitor{}, d.VerificationURI+"?user_code="+d.UserCode); err == nil {
		t.Error("a code was good twice")
	}
	old := w.waiting()
	w.clock.add(deviceLife)
	w.refused(w.poll(old.DeviceCode), "invalid_grant", "expired authorization code")
	if err := visit(t, Visitor{}, old.VerificationURI+"?user_code="+old.UserCode); err == nil {
		t.Error("an old code was good")
	}
	w.refused(w.poll("aPrxnone"), "invalid_grant", "expired authorization code")
	w.refused(w.device("scope", "nonsense"), "invalid_scope", "the requested scope is invalid, unknown, or malformed")
	if l := w.Org.Ledger(); len(l.Tokens) != 0 {
		t.Errorf("%+v", l.Tokens)
	}
}

func TestDeviceApprovalIsForbiddenAsAnyOther(t *testing.T) {
	w := start(t, map[string]string{"device_flow": "true", "permitted_users": "admin_approved", "oauth_errors": "callback"})
	d := w.waiting()
	if err := visit(t, Visitor{}, d.VerificationURI+"?user_code="+d.UserCode); err == nil || !strings.Contains(err.Error(), "OAUTH_APP_ACCESS_DENIED") {
		t.Error(err)
	}
}

// Each flow is refused while its switch is off, in each of the wordings; a wrong
// key and a wrong secret are told apart from that, which is what makes a control
// probe possible.
func TestFlowsThatAreOff(t *testing.T) {
	for wording, want := range map[string][2]string{
		"unsupported": {"unsupported_grant_type", "grant type not supported"}, "not_enabled": {"invalid_grant", "{flow} not enabled"},
		"invalid_request": {"invalid_request", "{flow} is not enabled for this app"},
	} {
		w := start(t, map[string]string{"flow_off": wording})
		for flow, ask := range map[string]func(changes ...string) got{
			"device flow": w.device, "token exchange flow": w.swap,
		} {
			w.refused(ask(), want[0], strings.ReplaceAll(want[1], "{flow}", flow))
			w.refused(ask("client_secret", "wrong"), "invalid_client", "invalid client credentials")
			w.refused(ask("client_id", "3MVG9other"), "invalid_client_id", "client identifier invalid")
		}
		w.refused(w.poll("x"), want[0], strings.ReplaceAll(want[1], "{flow}", "device flow"))
	}
}

// swap asks for a token exchange.
func (w *world) swap(changes ...string) got {
	w.Helper()
	v := url.Values{
		"grant_type": {grantExchange}, "client_id": {w.facts.ConsumerKey}, "client_secret": {w.facts.ConsumerSecret},
		"subject_token": {"practice:" + w.facts.Username}, "subject_token_type": {"urn:ietf:params:oauth:token-type:access_token"},
	}
	change(v, changes)
	return w.post(w.facts.MyDomainURL+tokenPath, v)
}

func TestTokenExchange(t *testing.T) {
	on := func(more ...string) map[string]string {
		m := map[string]string{"token_exchange_flow": "true", "token_exchange_handler": "true"}
		for i := 0; i < len(more); i += 2 {
			m[more[i]] = more[i+1]
		}
		return m
	}
	for _, c := range []struct {
		name              string
		set               map[string]string
		changes           []string
		code, description string
	}{
		{"policies half off", on("token_exchange_policy", "false"), nil, "unsupported_grant_type", "grant type not supported"},
		{"no handler", on("token_exchange_handler", "false"), nil, "invalid_request", "no token exchange handler is enabled for this app"},
		{"no subject", on(), []string{"subject_token", ""}, "invalid_request", "subject_token or subject_token_type is missing or invalid"},
		{"no such kind", on(), []string{"subject_token_type", "urn:x"}, "invalid_request", "subject_token or subject_token_type is missing or invalid"},
		{"foreign token", on(), []string{"subject_token", "eyJx"}, "invalid_grant", "invalid subject token"},
		{"stranger", on(), []string{"subject_token", "practice:eve@acme.example"}, "invalid_grant", "invalid subject token"},
		{"more scopes", on(), []string{"scope", "web"}, "invalid_scope", "the requested scope is invalid, unknown, or malformed"},
		{"not permitted", on("permitted_users", "admin_approved"), nil, "invalid_app_access", "user is not admin approved to access this app"},
		{"secret needed", on("secret_required_for_token_exchange", "true"), []string{"client_secret", ""}, "invalid_client", "invalid client credentials"},
		{"secret needed, bogus subject", on("secret_required_for_token_exchange", "true"), []string{"client_secret", "", "subject_token", "x"}, "invalid_client", "invalid client credentials"},
		{"secret not needed, but wrong", on(), []string{"client_secret", "x"}, "invalid_client", "invalid client credentials"},
		{"secret not needed", on(), []string{"client_secret", ""}, "", ""},
		{"secret sent", on("secret_required_for_token_exchange", "true"), nil, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := start(t, c.set)
			a := w.swap(c.changes...)
			if c.code != "" {
				w.refused(a, c.code, c.description)
				return
			}
			if m := w.tokens(a); m["scope"] != "id api openid" || m["refresh_token"] != "" || w.Org.Ledger().Tokens[0].How != grantExchange {
				t.Error(m)
			}
		})
	}
}

// headless asks for a code with the user's credentials.
func (w *world) headless(method string, headers [2]string, changes ...string) *url.URL {
	w.Helper()
	v := url.Values{
		"response_type": {"code_credentials"}, "client_id": {w.facts.ConsumerKey}, "redirect_uri": {local},
		"code_challenge": {challenge(verifier)}, "code_challenge_method": {"S256"},
	}
	change(v, changes)
	address, body := w.facts.MyDomainURL+authorizePath, strings.NewReader(v.Encode())
	if method == http.MethodGet {
		address, body = address+"?"+v.Encode(), strings.NewReader("")
	}
	r, _ := http.NewRequestWithContext(w.Context(), method, address, body)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if headers[0] != "" {
		r.Header.Set("Auth-Request-Type", headers[0])
	}
	if headers[1] != "" {
		r.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(headers[1])))
	}
	a := w.do(w.http, r)
	if a.StatusCode == http.StatusFound {
		at, _ := a.Location()
		return at
	}
	q, _ := url.ParseQuery(a.text)
	return &url.URL{RawQuery: q.Encode()}
}

func TestCodeAndCredentials(t *testing.T) {
	on := func(more ...string) map[string]string {
		m := map[string]string{"code_and_credentials_flow": "true", "org_code_and_credentials_flow": "true", "credentials_flow_host": "any"}
		for i := 0; i < len(more); i += 2 {
			m[more[i]] = more[i+1]
		}
		return m
	}
	known := [2]string{"Named-User", "ada@practice.example:practice"}
	body := []string{"username", "ada@practice.example", "password", "practice"}
	for _, c := range []struct {
		name    string
		set     map[string]string
		method  string
		headers [2]string
		changes []string
		want    string // error, or "" for a code
	}{
		{"box off", on("code_and_credentials_flow", "false"), "POST", known, nil, "unsupported_response_type"},
		{"org off", on("org_code_and_credentials_flow", "false"), "POST", known, nil, "unsupported_response_type"},
		{"on, but not on this host", on("credentials_flow_host", "site"), "POST", known, nil, "unsupported_response_type"},
		{"on", on(), "POST", known, nil, ""},
		{"by GET", on(), "GET", known, nil, ""},
		{"in the body", on(), "POST", [2]string{"Named-User", ""}, body, ""},
		{"body only, by header", on("code_and_credentials_post_only", "true"), "POST", known, nil, "invalid_request"},
		{"body only, by GET", on("code_and_credentials_post_only", "true"), "GET", [2]string{"Named-User", ""}, body, "invalid_request"},
		{"body only", on("code_and_credentials_post_only", "true"), "POST", [2]string{"Named-User", ""}, body, ""},
		{"wrong password", on(), "POST", [2]string{"Named-User", "ada@practice.example:x"}, nil, "invalid_grant"},
		{"no header", on(), "POST", [2]string{"", "ada@practice.example:practice"}, nil, "invalid_request"},
		{"no challenge", on(), "POST", known, []string{"code_challenge", ""}, "invalid_request"},
		{"wrong key", on(), "POST", known, []string{"client_id", "x"}, "invalid_client_id"},
		{"wrong callback", on(), "POST", known, []string{"redirect_uri", "http://localhost:1/x"}, "redirect_uri_mismatch"},
		{"not permitted", on("permitted_users", "admin_approved"), "POST", known, nil, "invalid_app_access"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := start(t, c.set)
			at := w.headless(c.method, c.headers, c.changes...)
			if got := at.Query().Get("error"); got != c.want || (got == "") != (at.Query().Get("code") != "") {
				t.Fatal(at)
			}
			if c.want == "" {
				w.tokens(w.exchange(at.Query().Get("code")))
			}
		})
	}
}

func TestOrgWidePKCE(t *testing.T) {
	w := start(t, map[string]string{"pkce_required": "false", "org_pkce_required": "true"})
	if a := w.get(w.facts.MyDomainURL + w.authorizeQuery("code_challenge", "")); a.text != "error=invalid_request&error_description=missing required code challenge" {
		t.Error(a.text)
	}
}

// A JWT access token is signed by a key that /id/keys names.
func TestJWTAccessTokenVerifies(t *testing.T) {
	w := start(t, map[string]string{"named_user_jwt": "true", "session_timeout": "30m"})
	m := w.signIn()
	parts := strings.Split(m["access_token"], ".")
	if len(parts) != 3 {
		t.Fatal(m["access_token"])
	}
	decode := func(part string, into any) {
		raw, err := base64.RawURLEncoding.DecodeString(part)
		if err != nil || json.Unmarshal(raw, into) != nil {
			t.Fatalf("%v: %s", err, raw)
		}
	}
	var head struct{ Alg, Kid, Tty, Tnk string }
	var claims struct {
		Iss, Sub, Scp string
		Aud           []string
		ClientID      string `json:"client_id"`
		Iat, Exp      int64
	}
	var keys struct{ Keys []struct{ Kid, N string } }
	decode(parts[0], &head)
	decode(parts[1], &claims)
	if err := json.Unmarshal([]byte(w.get(w.facts.MyDomainURL+"/id/keys").text), &keys); err != nil {
		t.Fatal(err)
	}
	verified := false
	for _, k := range keys.Keys {
		if k.Kid != head.Kid {
			continue
		}
		n, _ := base64.RawURLEncoding.DecodeString(k.N)
		signature, _ := base64.RawURLEncoding.DecodeString(parts[2])
		sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
		verified = rsa.VerifyPKCS1v15(&rsa.PublicKey{N: new(big.Int).SetBytes(n), E: 65537}, crypto.SHA256, sum[:], signature) == nil
	}
	if !verified || head.Alg != "RS256" || head.Tty != "sfdc-core-token" || !strings.HasSuffix(head.Tnk, w.facts.OrgID) {
		t.Errorf("%+v, verified %v", head, verified)
	}
	if claims.Iss != w.facts.MyDomainURL || claims.Sub != "uid:"+w.facts.UserID || claims.Aud[0] != w.facts.MyDomainURL || claims.ClientID != w.facts.ConsumerKey ||
		claims.Scp != m["scope"] || claims.Exp-claims.Iat != 1800 {
		t.Errorf("%+v", claims)
	}
	if err := w.Org.Set("named_user_jwt", "false"); err != nil {
		t.Fatal(err)
	}
	if m := w.tokens(w.renew(m["refresh_token"])); m["token_format"] != "opaque" || strings.Count(m["access_token"], ".") == 2 && strings.HasPrefix(m["access_token"], "eyJ") {
		t.Error(m)
	}
}

func TestForeignTokens(t *testing.T) {
	w := start(t, nil)
	access, refresh := w.Org.IssueForeignTokens()
	introspect := func(token string) string {
		return w.post(w.facts.MyDomainURL+"/services/oauth2/introspect", url.Values{"token": {token}, "client_id": {w.facts.ConsumerKey}, "client_secret": {w.facts.ConsumerSecret}}).text
	}
	if introspect(access) != `{"active":false}` || introspect(refresh) != `{"active":false}` {
		t.Error("another app's token was told")
	}
	w.refused(w.renew(refresh), "invalid_grant", "expired access/refresh token")
	if err := w.Org.Set("introspect_all_tokens", "true"); err != nil {
		t.Fatal(err)
	}
	if got := introspect(access); !strings.Contains(got, `"active":true`) || strings.Contains(got, w.facts.ConsumerKey) {
		t.Error(got)
	}
	for range approvals {
		w.Org.IssueRefreshToken()
	}
	if l := w.Org.Ledger(); l.Evictions != 0 || len(l.LiveRefreshTokens) != approvals+1 || l.Introspections != 3 {
		t.Errorf("%+v", l)
	}
}

// The ledger knows what became of each token, and who changed what.
func TestLedgerTellsWhatBecameOfEachToken(t *testing.T) {
	w := start(t, map[string]string{"refresh_token_rotation": "true"})
	first := w.signIn()
	second := w.tokens(w.renew(first["refresh_token"]))
	w.post(w.facts.MyDomainURL+revokePath, url.Values{"token": {second["access_token"]}})
	w.clock.add(3 * time.Hour)
	for range approvals {
		w.Org.IssueRefreshToken()
	}
	states := map[string]string{}
	for _, token := range w.Org.Ledger().Tokens {
		states[token.Kind+" by "+token.How] += token.State + " "
		if token.App != appName || token.User != w.facts.Username || token.Text == "" || token.Issued.IsZero() {
			t.Errorf("%+v", token)
		}
	}
	for kind, want := range map[string]string{
		"access by authorization_code": "evicted ", "refresh by authorization_code": "replaced ", "access by refresh_token": "evicted ",
		"refresh by refresh_token": "evicted ", "refresh by issued": strings.Repeat("live ", approvals),
	} {
		if states[kind] != want {
			t.Errorf("%s: %q, want %q", kind, states[kind], want)
		}
	}
	if err := w.Org.Set("device_flow", "true"); err != nil {
		t.Fatal(err)
	}
	_ = w.Org.Set("device_flow", "nonsense")
	if l := w.Org.Ledger(); len(l.Changes) != 1 || l.Changes[0] != "device_flow" || l.RevokeRequests != 1 {
		t.Errorf("%v, %d", l.Changes, l.RevokeRequests)
	}
	states = map[string]string{}
	x := start(t, nil)
	token := x.Org.IssueAccessToken()
	x.post(x.facts.MyDomainURL+revokePath, url.Values{"token": {token}})
	x.Org.IssueAccessToken()
	x.clock.add(3 * time.Hour)
	for _, token := range x.Org.Ledger().Tokens {
		states[token.State] += token.Kind
	}
	if states["revoked"] != "access" || states["expired"] != "access" {
		t.Error(states)
	}
}
