package practice

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestREST(t *testing.T) {
	w := start(t, nil)
	data := w.facts.MyDomainURL + "/services/data"
	token := w.signIn()["access_token"]
	for _, c := range []struct {
		url, bearer string
		status      int
		want        string
	}{
		{data, "", 200, `[{"label":"Summer '14","url":"/services/data/v31.0","version":"31.0"},{"label":"Winter '15"`},
		{data + "/", "", 200, `{"label":"Winter '27","url":"/services/data/v68.0","version":"68.0"}]`},
		{data + "/v68.0/limits", "", 401, `[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]`},
		{data + "/v68.0/limits", "00Dx!dead", 401, `[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]`},
		{data + "/v68.0/limits", token, 200, `"DailyApiRequests":{"Max":15000,"Remaining":14999}`},
		{data + "/latest/limits", token, 200, `"DailyApiRequests":{"Max":15000,"Remaining":14998}`},
		{data + "/v68.0/", token, 200, `"identity":"` + w.facts.LoginURL + `/id/`},
		{data + "/v68.0/query?q=SELECT+Id,+Name,+IsSandbox,+OrganizationType+FROM+Organization", token, 200,
			`{"totalSize":1,"done":true,"records":[{"attributes":{"type":"Organization","url":"/services/data/v68.0/sobjects/Organization/` + w.facts.OrgID + `"},"Id":"` + w.facts.OrgID + `","Name":"Practice Inc","IsSandbox":false,"OrganizationType":"Enterprise Edition"}]}`},
		{data + "/v68.0/query?q=SELECT+Id+FROM+Account", token, 400, `"errorCode":"INVALID_TYPE"`},
		{data + "/v68.0/query?q=SELECT+Nope+FROM+Organization", token, 400, `"errorCode":"INVALID_FIELD"`},
		{data + "/v68.0/query?q=hello", token, 400, `"errorCode":"MALFORMED_QUERY"`},
		{data + "/v99.0/limits", token, 404, `"errorCode":"NOT_FOUND"`},
		{data + "/68.0/limits", token, 404, `"errorCode":"NOT_FOUND"`},
		{data + "/v68.0/nothing", token, 404, `[{"message":"The requested resource does not exist","errorCode":"NOT_FOUND"}]`},
		{w.facts.LoginURL + "/services/data/v68.0/limits", token, 400, `"errorCode":"URL_NOT_RESET"`},
		{w.facts.MyDomainURL + "/nothing", "", 404, `URL No Longer Exists`},
	} {
		a := w.get(c.url)
		if c.bearer != "" {
			a = w.get(c.url, c.bearer)
		}
		if a.StatusCode != c.status || !strings.Contains(a.text, c.want) {
			t.Errorf("%s: %d %s", c.url, a.StatusCode, a.text)
		}
	}
	if got := w.get(data+"/v68.0/limits", token).Header.Get("Sforce-Limit-Info"); !strings.HasPrefix(got, "api-usage=") || !strings.HasSuffix(got, "/15000") {
		t.Error(got)
	}
	w.clock.add(2 * time.Hour)
	if a := w.get(data+"/v68.0/limits", token); a.StatusCode != 401 {
		t.Error("the session does not time out")
	}
}

func TestDailyCallsEnd(t *testing.T) {
	w := start(t, map[string]string{"daily_api_calls": "2"})
	token := w.signIn()["access_token"]
	for i, want := range []string{`{"Max":2,"Remaining":1}`, `{"Max":2,"Remaining":0}`, `"errorCode":"REQUEST_LIMIT_EXCEEDED"`} {
		if a := w.get(w.facts.MyDomainURL+"/services/data/v68.0/limits", token); !strings.Contains(a.text, want) {
			t.Errorf("call %d: %d %s", i+1, a.StatusCode, a.text)
		}
	}
}

func TestTokenWithoutAPI(t *testing.T) {
	w := start(t, nil)
	m := w.signIn("scope", "id openid")
	a := w.get(w.facts.MyDomainURL+"/services/data/v68.0/limits", m["access_token"])
	if a.StatusCode != 401 || a.text != `[{"message":"This session is not valid for use with the REST API","errorCode":"INVALID_SESSION_ID"}]` {
		t.Error(a.text)
	}
	if a := w.get(m["id"], m["access_token"]); a.StatusCode != 200 {
		t.Error(a.text)
	}
	full := start(t, map[string]string{"scopes": "full"})
	if a := full.get(full.facts.MyDomainURL+"/services/data/v68.0/limits", full.signIn()["access_token"]); a.StatusCode != 200 {
		t.Error(a.text)
	}
}

func TestIdentity(t *testing.T) {
	w := start(t, nil)
	m := w.signIn()
	a := w.get(m["id"], m["access_token"])
	if a.StatusCode != 200 || !strings.HasPrefix(a.text, `{"id":"`+m["id"]+`","asserted_user":true,"user_id":"`+w.facts.UserID+`","organization_id":"`+w.facts.OrgID+`","username":"ada@practice.example"`) {
		t.Error(a.text)
	}
	for _, want := range []string{`"addr_street":null`, `"utcOffset":-28800000`, `/services/Soap/u/{version}/` + w.facts.OrgID[:15] + `"`, `"custom_domain":"` + w.facts.MyDomainURL + `"`, `"is_app_installed":true`} {
		if !strings.Contains(a.text, want) {
			t.Errorf("lacks %s", want)
		}
	}
	if a := w.get(w.facts.MyDomainURL+"/services/oauth2/userinfo", m["access_token"]); !strings.HasPrefix(a.text, `{"sub":"`+m["id"]+`","user_id":`) {
		t.Error(a.text)
	}
	for address, want := range map[string]string{
		m["id"]: "403 Bad_OAuth_Token", w.facts.LoginURL + "/services/oauth2/userinfo": "403 Bad_OAuth_Token",
	} {
		if a := w.get(address, "00Ddead"); a.Status[:4]+a.text != want || a.Header.Get("Content-Type") != "text/plain;charset=UTF-8" {
			t.Errorf("%s: %s %s", address, a.Status, a.text)
		}
	}
	for address, want := range map[string]string{
		w.facts.LoginURL + "/id/" + w.facts.OrgID + "/005000000000000AAA":          "404 Bad_Id",
		w.facts.LoginURL + "/id/00D000000000000AAA/" + w.facts.UserID:              "403 Wrong_Org",
		w.facts.LoginURL + "/id/" + w.facts.OrgID[:15] + "/" + w.facts.UserID[:15]: "200 {",
	} {
		if a := w.get(address, m["access_token"]); !strings.HasPrefix(a.Status[:4]+a.text, want) {
			t.Errorf("%s: %s %s", address, a.Status, a.text)
		}
	}
	if a := w.get(m["id"]); a.text != "Missing_OAuth_Token" {
		t.Error(a.text)
	}
}

func TestRevoke(t *testing.T) {
	w := start(t, nil)
	revoke := func(token string) got {
		return w.post(w.facts.MyDomainURL+revokePath, url.Values{"token": {token}})
	}
	m := w.signIn()
	other := w.tokens(w.renew(m["refresh_token"]))
	limits := w.facts.MyDomainURL + "/services/data/v68.0/limits"
	if a := revoke(m["access_token"]); a.StatusCode != 200 || a.text != "" {
		t.Error(a.text)
	}
	if w.get(limits, m["access_token"]).StatusCode != 401 || w.get(limits, other["access_token"]).StatusCode != 200 {
		t.Error("revoking an access token must kill that one alone")
	}
	w.refused(revoke(m["access_token"]), "invalid_token", "invalid token")
	if a := w.get(w.facts.LoginURL + revokePath + "?token=" + url.QueryEscape(m["refresh_token"])); a.StatusCode != 200 {
		t.Error(a.text)
	}
	if w.get(limits, other["access_token"]).StatusCode != 401 {
		t.Error("the access tokens outlived the refresh token")
	}
	w.refused(w.renew(m["refresh_token"]), "invalid_grant", "expired access/refresh token")
	w.refused(revoke(m["refresh_token"]), "invalid_token", "invalid token")
	w.refused(revoke("nonsense"), "unsupported_token_type", "this token type is not supported")
	if got := w.Org.Ledger().RevokedTokens; len(got) != 2 || got[1] != m["refresh_token"] {
		t.Error(got)
	}
}

func TestIntrospect(t *testing.T) {
	w := start(t, nil)
	m := w.signIn()
	ask := func(token string, changes ...string) got {
		v := url.Values{"token": {token}, "token_type_hint": {"access_token"}, "client_id": {w.facts.ConsumerKey}, "client_secret": {w.facts.ConsumerSecret}}
		change(v, changes)
		return w.post(w.facts.MyDomainURL+"/services/oauth2/introspect", v)
	}
	var got struct {
		Active                         bool
		Scope, ClientID, Username, Sub string
		TokenType                      string `json:"token_type"`
		Exp, Iat, Nbf                  int64
	}
	a := ask(m["access_token"])
	if err := json.Unmarshal([]byte(a.text), &got); err != nil || !got.Active || got.Exp-got.Iat != 7200 || got.Nbf != got.Iat || got.Sub != m["id"] || got.TokenType != "access_token" || got.Scope != m["scope"] {
		t.Error(a.text)
	}
	if a := ask(m["refresh_token"]); !strings.Contains(a.text, `"active":true`) || !strings.Contains(a.text, `"token_type":"refresh_token"`) {
		t.Error(a.text)
	}
	w.clock.add(2 * time.Hour)
	if a := ask(m["access_token"]); a.StatusCode != 200 || a.text != `{"active":false}` {
		t.Error(a.text)
	}
	w.refused(ask(m["access_token"], "client_secret", "wrong"), "invalid_client", "invalid client credentials")
	w.refused(ask(m["access_token"], "client_secret", ""), "invalid_client", "invalid client credentials")
}

func TestDiscovery(t *testing.T) {
	w := start(t, nil)
	a := w.get(w.facts.LoginURL + "/.well-known/openid-configuration")
	var m map[string]any
	if err := json.Unmarshal([]byte(a.text), &m); err != nil {
		t.Fatal(err)
	}
	if m["issuer"] != w.facts.LoginURL || m["token_endpoint"] != w.facts.LoginURL+tokenPath || len(m["scopes_supported"].([]any)) != 36 {
		t.Error(a.text)
	}
	for _, absent := range []string{"code_challenge_methods_supported", "grant_types_supported", "device_authorization_endpoint", "end_session_endpoint"} {
		if _, there := m[absent]; there {
			t.Error(absent, "came")
		}
	}
	if a := w.get(w.facts.LoginURL + "/id/keys"); a.StatusCode != http.StatusOK || !strings.Contains(a.text, `"kty":"RSA"`) {
		t.Error(a.text)
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
