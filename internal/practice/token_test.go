package practice

import (
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTokenAnswer(t *testing.T) {
	w := start(t, nil)
	a := w.exchange(w.code())
	if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Content-Type") != "application/json;charset=UTF-8" {
		t.Error(a.Header)
	}
	m := w.tokens(a)
	if _, there := m["expires_in"]; there {
		t.Error("expires_in came")
	}
	for name, form := range map[string]string{
		"access_token": `^` + w.facts.OrgID[:15] + `![A-Za-z0-9._]{96}$`, "refresh_token": `^5Aep861[A-Za-z0-9._]{80}$`,
		"issued_at": `^1795339800000$`, "token_type": `^Bearer$`, "token_format": `^opaque$`, "instance_url": `^` + w.facts.MyDomainURL + `$`,
		"id": `^` + w.facts.LoginURL + `/id/` + w.facts.OrgID + `/` + w.facts.UserID + `$`, "scope": `^id api refresh_token openid$`,
	} {
		if !regexp.MustCompile(form).MatchString(m[name]) {
			t.Errorf("%s is %q", name, m[name])
		}
	}
	mac := hmac.New(sha256.New, []byte(w.facts.ConsumerSecret))
	mac.Write([]byte(m["id"] + m["issued_at"]))
	if m["signature"] != base64.StdEncoding.EncodeToString(mac.Sum(nil)) || len(m["signature"]) != 44 {
		t.Error("signature", m["signature"])
	}
}

func TestIDTokenVerifies(t *testing.T) {
	w := start(t, nil)
	m := w.signIn("nonce", "n0nce")
	parts := strings.Split(m["id_token"], ".")
	signature, _ := base64.RawURLEncoding.DecodeString(parts[2])
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err := rsa.VerifyPKCS1v15(&w.Org.signingKey().PublicKey, crypto.SHA256, sum[:], signature); err != nil {
		t.Error(err)
	}
	claims, _ := base64.RawURLEncoding.DecodeString(parts[1])
	var c struct {
		Sub, Aud, Nonce string
		Iat, Exp        int64
	}
	if err := json.Unmarshal(claims, &c); err != nil || c.Sub != m["id"] || c.Aud != w.facts.ConsumerKey || c.Nonce != "n0nce" || c.Exp-c.Iat != 120 {
		t.Errorf("%v %s", err, claims)
	}
	if m := w.signIn("scope", "api"); m["id_token"] != "" || m["refresh_token"] != "" || m["scope"] != "api" {
		t.Error("scopes not asked for:", m)
	}
}

func TestCodeRules(t *testing.T) {
	for _, c := range []struct {
		name              string
		changes           []string
		code, description string
	}{
		{"wrong verifier", []string{"code_verifier", strings.Repeat("a", 43)}, "invalid_grant", "invalid code verifier"},
		{"no verifier", []string{"code_verifier", ""}, "invalid_grant", "invalid code verifier"},
		{"other callback", []string{"redirect_uri", "http://localhost:1718/OauthRedirect"}, "redirect_uri_mismatch", "redirect_uri must match configuration"},
		{"no callback", []string{"redirect_uri", ""}, "redirect_uri_mismatch", "redirect_uri must match configuration"},
		{"encoded twice", []string{"code", "aPrx%3D%3D"}, "invalid_grant", "invalid authorization code"},
		{"wrong secret", []string{"client_secret", "x"}, "invalid_client", "invalid client credentials"},
		{"no secret", []string{"client_secret", ""}, "invalid_client", "invalid client credentials"},
		{"wrong key", []string{"client_id", "3MVG9x"}, "invalid_client_id", "client identifier invalid"},
		{"grant type", []string{"grant_type", "magic"}, "unsupported_grant_type", "grant type not supported"},
		{"password", []string{"grant_type", "password"}, "invalid_grant", "authentication failure"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := start(t, nil)
			w.refused(w.exchange(w.code(), c.changes...), c.code, c.description)
		})
	}
}

func TestTildeInVerifierIsRefused(t *testing.T) {
	w := start(t, nil)
	tilde := strings.Repeat("~", 43)
	w.refused(w.exchange(w.code("code_challenge", challenge(tilde)), "code_verifier", tilde), "invalid_grant", "invalid code verifier")
}

func TestCodeIsSpentByItsFirstUse(t *testing.T) {
	w := start(t, nil)
	code := w.code()
	w.tokens(w.exchange(code))
	w.refused(w.exchange(code), "invalid_grant", "expired authorization code")
	code = w.code()
	w.exchange(code, "client_secret", "wrong")
	w.refused(w.exchange(code), "invalid_grant", "expired authorization code")
	if l := w.Org.Ledger(); l.CodesIssued != 2 || l.CodesSpent != 2 || l.CodeReplays != 2 || l.TokenRequests != 4 {
		t.Errorf("%+v", l)
	}
}

func TestCodeLivesFifteenMinutes(t *testing.T) {
	w := start(t, nil)
	code := w.code()
	w.clock.add(15*time.Minute - time.Second)
	w.tokens(w.exchange(code))
	code = w.code()
	w.clock.add(15 * time.Minute)
	w.refused(w.exchange(code), "invalid_grant", "expired authorization code")
}

func TestTokenNeedsAForm(t *testing.T) {
	w := start(t, nil)
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, w.facts.LoginURL+tokenPath, strings.NewReader(`{"grant_type":"authorization_code"}`))
	r.Header.Set("Content-Type", "application/json")
	w.refused(w.do(w.http, r), "unsupported_grant_type", "grant type not supported")
	if a := w.get(w.facts.LoginURL + tokenPath); a.StatusCode != 400 {
		t.Error(a.StatusCode)
	}
}

func TestClientMayUseBasic(t *testing.T) {
	w := start(t, nil)
	v := w.tokenForm(w.code(), "client_id", "", "client_secret", "")
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, w.facts.LoginURL+tokenPath, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(url.QueryEscape(w.facts.ConsumerKey), w.facts.ConsumerSecret)
	w.tokens(w.do(w.http, r))
	requests := w.Org.Ledger().Requests
	if last := requests[len(requests)-1]; last.Auth != "basic" || last.Grant != "authorization_code" || last.Status != 200 {
		t.Errorf("%+v", last)
	}
}

func TestSecretRules(t *testing.T) {
	w := start(t, map[string]string{"secret_required_for_web_server": "false", "secret_required_for_refresh": "false"})
	m := w.tokens(w.exchange(w.code(), "client_secret", ""))
	w.refused(w.exchange(w.code(), "client_secret", "wrong"), "invalid_client", "invalid client credentials")
	w.tokens(w.exchange(w.code()))
	w.tokens(w.renew(m["refresh_token"], "client_secret", ""))
	w.refused(w.renew(m["refresh_token"], "client_secret", "wrong"), "invalid_client", "invalid client credentials")
	if err := w.Org.Set("secret_required_for_refresh", "true"); err != nil {
		t.Fatal(err)
	}
	w.refused(w.renew(m["refresh_token"], "client_secret", ""), "invalid_client", "invalid client credentials")
	w.tokens(w.renew(m["refresh_token"]))
}

func TestRefreshWithoutRotation(t *testing.T) {
	w := start(t, nil)
	m := w.signIn()
	for range 2 {
		again := w.tokens(w.renew(m["refresh_token"]))
		if _, there := again["refresh_token"]; there || again["access_token"] == m["access_token"] || again["scope"] != m["scope"] {
			t.Error(again)
		}
	}
	w.refused(w.renew("5Aep861nonsense"), "invalid_grant", "expired access/refresh token")
	if n := w.Org.Ledger().Refreshes; n != 2 {
		t.Error(n)
	}
}

func TestRotationDetectsReuse(t *testing.T) {
	w := start(t, map[string]string{"refresh_token_rotation": "true"})
	first := w.signIn()
	second := w.tokens(w.renew(first["refresh_token"]))
	if second["refresh_token"] == "" || second["refresh_token"] == first["refresh_token"] {
		t.Fatal("no new refresh token")
	}
	third := w.tokens(w.renew(second["refresh_token"]))
	if got := w.Org.Ledger().LiveRefreshTokens; !slices.Equal(got, []string{third["refresh_token"]}) {
		t.Error(got)
	}
	w.refused(w.renew(first["refresh_token"]), "invalid_grant", "expired access/refresh token")
	w.refused(w.renew(third["refresh_token"]), "invalid_grant", "expired access/refresh token")
	if a := w.get(w.facts.MyDomainURL+"/services/data/v68.0/limits", third["access_token"]); a.StatusCode != 401 {
		t.Error("the access token outlived the replay")
	}
	if l := w.Org.Ledger(); l.RotationReplays != 1 || len(l.LiveAccessTokens) != 0 {
		t.Errorf("%+v", l)
	}
}

func TestRefreshTokenPolicies(t *testing.T) {
	for _, c := range []struct {
		policy      string
		after       []time.Duration // between the refreshes
		description string
	}{
		{"immediately_expire", []time.Duration{0}, "expired access/refresh token"},
		{"unused:30d", []time.Duration{29 * 24 * time.Hour, 29 * 24 * time.Hour, 30 * 24 * time.Hour}, "expired access/refresh token"},
		{"after:60h", []time.Duration{59 * time.Hour, time.Hour}, "token validity expired"},
	} {
		w := start(t, map[string]string{"refresh_token_policy": c.policy})
		m := w.signIn()
		for i, d := range c.after {
			w.clock.add(d)
			if a := w.renew(m["refresh_token"]); i < len(c.after)-1 {
				w.tokens(a)
			} else {
				w.refused(a, "invalid_grant", c.description)
			}
		}
	}
}

func TestSixthApprovalRevokesTheOldest(t *testing.T) {
	w := start(t, nil)
	var tokens []string
	for range approvals + 1 {
		tokens = append(tokens, w.signIn()["refresh_token"])
	}
	w.refused(w.renew(tokens[0]), "invalid_grant", "expired access/refresh token")
	for _, alive := range tokens[1:] {
		w.tokens(w.renew(alive))
	}
	if n := w.Org.Ledger().Evictions; n != 1 {
		t.Error(n)
	}
}

func TestNamedUserJWT(t *testing.T) {
	w := start(t, map[string]string{"named_user_jwt": "true"})
	m := w.signIn()
	if strings.Count(m["access_token"], ".") != 2 || m["token_format"] != "jwt" || m["api_instance_url"] != "https://api.salesforce.com" {
		t.Error(m)
	}
	if a := w.get(w.facts.MyDomainURL+"/services/data/v68.0/limits", m["access_token"]); a.StatusCode != 200 {
		t.Error(a.text)
	}
}

func TestClientCredentials(t *testing.T) {
	on := func(more ...string) map[string]string {
		m := map[string]string{"client_credentials_flow": "true"}
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
		{"settings half off", nil, nil, "invalid_grant", "Client credentials flow not enabled"},
		{"policies half off", on("client_credentials_policy", "false"), nil, "invalid_grant", "no client credentials user enabled"},
		{"no run as", on("run_as", "none"), nil, "invalid_grant", "no client credentials user enabled"},
		{"portal user", on("run_as", "portal"), nil, "access_denied", "end-user denied authorization"},
		{"full alone", on("scopes", "full refresh_token"), nil, "invalid_grant", "no valid scopes defined"},
		{"scope sent", on(), []string{"scope", "api"}, "invalid_request", "scope parameter not supported"},
		{"not permitted", on("permitted_users", "admin_approved"), nil, "invalid_app_access", "user is not admin approved to access this app"},
		{"wrong secret", on(), []string{"client_secret", "x"}, "invalid_client", "invalid client credentials"},
		{"no secret", on("secret_required_for_web_server", "false"), []string{"client_secret", ""}, "invalid_client", "invalid client credentials"},
		{"both halves", on(), nil, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := start(t, c.set)
			v := url.Values{"grant_type": {"client_credentials"}, "client_id": {w.facts.ConsumerKey}, "client_secret": {w.facts.ConsumerSecret}}
			change(v, c.changes)
			a := w.post(w.facts.MyDomainURL+tokenPath, v)
			if c.code != "" {
				w.refused(a, c.code, c.description)
				return
			}
			m := w.tokens(a)
			if m["refresh_token"] != "" || m["scope"] != "id api openid" || m["id"] != w.facts.LoginURL+"/id/"+w.facts.OrgID+"/"+w.facts.UserID {
				t.Error(m)
			}
			w.refused(w.post(w.facts.LoginURL+tokenPath, v), "invalid_grant", "request not supported on this domain")
		})
	}
}
