package practice

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// claims of a good assertion; changes are name, value pairs, and nil removes.
func (w *world) claims(changes ...any) map[string]any {
	m := map[string]any{"iss": w.facts.ConsumerKey, "sub": w.facts.Username, "aud": w.facts.LoginURL, "exp": w.clock.Now().Add(3 * time.Minute).Unix()}
	for i := 0; i+1 < len(changes); i += 2 {
		m[changes[i].(string)] = changes[i+1]
		if changes[i+1] == nil {
			delete(m, changes[i].(string))
		}
	}
	return m
}

// signed makes an assertion with the key that Facts tells.
func (w *world) signed(claims map[string]any) string {
	w.Helper()
	block, rest := pem.Decode([]byte(w.Org.Facts().PrivateKey))
	if block == nil || block.Type != "PRIVATE KEY" || len(rest) > 0 {
		w.Fatalf("no private key in the facts: %q", w.Org.Facts().PrivateKey)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		w.Fatal(err)
	}
	return signedWith(w.T, key.(*rsa.PrivateKey), "RS256", claims)
}

func signedWith(t *testing.T, key *rsa.PrivateKey, alg string, claims map[string]any) string {
	t.Helper()
	part := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(text)
	}
	text := part(map[string]string{"alg": alg}) + "." + part(claims)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func (w *world) bear(assertion string, changes ...string) got {
	w.Helper()
	v := url.Values{"grant_type": {grantJWT}, "assertion": {assertion}}
	change(v, changes)
	return w.post(w.facts.MyDomainURL+tokenPath, v)
}

// ready is an app set up for the flow; more are name, value pairs.
func ready(more ...string) map[string]string {
	m := map[string]string{"jwt_bearer_flow": "true", "permitted_users": "admin_approved", "user_preauthorized": "true"}
	for i := 0; i+1 < len(more); i += 2 {
		m[more[i]] = more[i+1]
	}
	return m
}

// certificateOf makes a certificate that is good from the test clock's hour on.
func certificateOf(t *testing.T, public, private any, life time.Duration) string {
	t.Helper()
	return certificateFrom(t, 0, public, private, life)
}

func certificateFrom(t *testing.T, later time.Duration, public, private any, life time.Duration) string {
	t.Helper()
	from := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC).Add(later)
	template := &x509.Certificate{SerialNumber: big.NewInt(7), NotBefore: from, NotAfter: from.Add(life)}
	template.Subject.CommonName = "Acme <Portal>"
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, private)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func TestJWTBearer(t *testing.T) {
	w := start(t, ready())
	for name, assertion := range map[string]string{
		"login host":        w.signed(w.claims()),
		"My Domain":         w.signed(w.claims("aud", w.facts.MyDomainURL)),
		"a text as end":     w.signed(w.claims("exp", "1795339980")),
		"Username by case":  w.signed(w.claims("sub", strings.ToUpper(w.facts.Username))),
		"a used jti":        w.signed(w.claims("jti", "1")),
		"a used jti, again": w.signed(w.claims("jti", "1")),
		"five minutes":      w.signed(w.claims("exp", w.clock.Now().Add(5*time.Minute).Unix())),
	} {
		m := w.tokens(w.bear(assertion))
		if m["refresh_token"] != "" || m["scope"] != "id api openid" || m["id"] != w.facts.LoginURL+"/id/"+w.facts.OrgID+"/"+w.facts.UserID {
			t.Errorf("%s: %v", name, m)
		}
		for _, field := range []string{"access_token", "id_token", "token_format", "instance_url", "token_type", "issued_at"} {
			if m[field] == "" {
				t.Errorf("%s: no %s", name, field)
			}
		}
		mac := hmac.New(sha256.New, []byte(w.facts.ConsumerSecret))
		mac.Write([]byte(m["id"] + m["issued_at"]))
		if m["signature"] != base64.StdEncoding.EncodeToString(mac.Sum(nil)) {
			t.Errorf("%s: signature %s", name, m["signature"])
		}
	}
	m := w.tokens(w.bear(w.signed(w.claims("sub", w.facts.OtherUsername)), "client_secret", "wrong and not looked at"))
	if a := w.get(w.facts.MyDomainURL+"/services/data/v68.0/limits", m["access_token"]); a.StatusCode != 200 || strings.HasSuffix(m["id"], w.facts.UserID) {
		t.Errorf("%d %v", a.StatusCode, m)
	}
	if l := w.Org.Ledger(); l.TokensByGrant[grantJWT] != 8 || len(l.LiveAccessTokens) != 8 || len(l.LiveRefreshTokens) != 0 || l.Approvals != 0 {
		t.Errorf("%+v", l)
	}
	if a := w.get(w.facts.MyDomainURL + setupPrefix + "OrgLoginHistory/home"); !strings.Contains(a.text, w.facts.OtherUsername) {
		t.Error("Login History does not know the sign-in")
	}
}

func TestJWTBearerRefusals(t *testing.T) {
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	good := func(w *world) string { return w.signed(w.claims()) }
	with := func(changes ...any) func(*world) string {
		return func(w *world) string { return w.signed(w.claims(changes...)) }
	}
	in := func(d time.Duration) func(*world) string {
		return func(w *world) string { return w.signed(w.claims("exp", w.clock.Now().Add(d).Unix())) }
	}
	by := func(key *rsa.PrivateKey, alg string) func(*world) string {
		return func(w *world) string { return signedWith(w.T, key, alg, w.claims()) }
	}
	own := fixedKey()
	tomorrow := certificateFrom(t, 24*time.Hour, &other.PublicKey, other, time.Hour)
	for _, c := range []struct {
		name              string
		set               map[string]string
		assertion         func(*world) string
		code, description string
	}{
		{"nothing", ready(), func(*world) string { return "" }, "invalid_grant", "invalid assertion"},
		{"no JWT", ready(), func(*world) string { return "e30.e30" }, "invalid_grant", "invalid assertion"},
		{"padded", ready(), func(w *world) string { return good(w) + "==" }, "invalid_grant", "invalid assertion"},
		{"no object", ready(), func(*world) string { return "e30.MQ." }, "invalid_grant", "invalid assertion"},
		{"unknown key", ready(), with("iss", "3MVG9other"), "invalid_client_id", "client identifier invalid"},
		{"app too young", ready("propagation", "10m"), good, "invalid_client_id", "client identifier invalid"},
		{"flow off", map[string]string{}, by(own, "RS256"), "invalid_client", "invalid client credentials"},
		{"no certificate", ready("certificate", "none"), by(own, "RS256"), "invalid_client", "invalid client credentials"},
		{"another algorithm", ready(), by(own, "HS256"), "invalid_client", "invalid client credentials"},
		{"no algorithm", ready(), by(own, "none"), "invalid_client", "invalid client credentials"},
		{"another key", ready(), by(other, "RS256"), "invalid_grant", "invalid assertion"},
		{"own key, uploaded certificate", ready("certificate", certificateOf(t, &other.PublicKey, other, time.Hour)), by(own, "RS256"), "invalid_grant", "invalid assertion"},
		{"certificate over", ready("certificate", certificateOf(t, &other.PublicKey, other, time.Minute)), by(other, "RS256"), "invalid_grant", "invalid assertion"},
		{"certificate of tomorrow", ready("certificate", tomorrow), by(other, "RS256"), "invalid_grant", "invalid assertion"},
		{"changed afterwards", ready(), func(w *world) string {
			claims := strings.Split(w.signed(w.claims("sub", w.facts.OtherUsername)), ".")[1]
			parts := strings.Split(good(w), ".")
			return parts[0] + "." + claims + "." + parts[2]
		}, "invalid_grant", "invalid assertion"},
		{"foreign audience", ready(), with("aud", "https://login.example.com"), "invalid_grant", "audience is invalid"},
		{"real audience on loopback", ready(), with("aud", "https://login.salesforce.com"), "invalid_grant", "audience is invalid"},
		{"token address as audience", ready(), func(w *world) string { return w.signed(w.claims("aud", w.facts.LoginURL+tokenPath)) }, "invalid_grant", "audience is invalid"},
		{"audience with a slash", ready(), func(w *world) string { return w.signed(w.claims("aud", w.facts.LoginURL+"/")) }, "invalid_grant", "audience is invalid"},
		{"list of audiences", ready(), func(w *world) string { return w.signed(w.claims("aud", []string{w.facts.LoginURL})) }, "invalid_grant", "audience is invalid"},
		{"no audience", ready(), with("aud", nil), "invalid_grant", "audience is invalid"},
		{"over", ready(), in(0), "invalid_grant", "expired authorization code"},
		{"too far ahead", ready(), in(5*time.Minute + time.Second), "invalid_grant", "expired authorization code"},
		{"milliseconds", ready(), with("exp", 1795339980000), "invalid_grant", "expired authorization code"},
		{"no end", ready(), with("exp", nil), "invalid_grant", "expired authorization code"},
		{"unknown user", ready(), with("sub", "eve@practice.example"), "invalid_grant", "user hasn't approved this consumer"},
		{"no user", ready(), with("sub", nil), "invalid_grant", "user hasn't approved this consumer"},
		{"not approved", ready("permitted_users", "all_users"), good, "invalid_grant", "user hasn't approved this consumer"},
		{"not permitted", ready("user_preauthorized", "false"), good, "invalid_app_access", "user is not admin approved to access this app"},
		{"address not allowed", ready("ip_restricted", "true"), good, "invalid_grant", "ip restricted"},
		{"refresh alone", ready("scopes", "refresh_token offline_access"), good, "invalid_grant", "no valid scopes defined"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := start(t, c.set)
			w.refused(w.bear(c.assertion(w)), c.code, c.description)
			if l := w.Org.Ledger(); len(l.LiveAccessTokens) > 0 {
				t.Error("a token was made:", l.LiveAccessTokens)
			}
		})
	}
}

// An uploaded certificate takes the place of the org's own, also while it runs.
func TestUploadedCertificate(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	w := start(t, ready())
	uploaded := certificateOf(t, &key.PublicKey, key, time.Hour)
	if err := w.Org.Set("certificate", "Bag Attributes\n"+uploaded); err != nil {
		t.Fatal(err)
	}
	w.tokens(w.bear(signedWith(t, key, "RS256", w.claims())))
	if f := w.Org.Facts(); f.PrivateKey != "" || !strings.Contains(f.Settings["certificate"], uploaded) {
		t.Errorf("%+v", f)
	}
	if a := w.get(w.facts.SetupURL); !strings.Contains(a.text, "CN=Acme \\&lt;Portal\\&gt;") || !strings.Contains(a.text, "2026-11-22 10:00:00 UTC") {
		t.Error("Setup lacks the certificate's subject and end")
	}
	w.clock.add(time.Hour + time.Second)
	w.refused(w.bear(signedWith(t, key, "RS256", w.claims())), "invalid_grant", "invalid assertion")

	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	private := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
	for value, why := range map[string]string{
		"": "no PEM text", "certificate": "no PEM text", private: "no certificate but a RSA PRIVATE KEY",
		uploaded + strings.Repeat(" ", 4<<10): "larger than 4 KB", strings.Replace(uploaded, "MII", "MIA", 1): "no readable certificate",
		certificateOf(t, &curve.PublicKey, curve, time.Hour): "not an RSA key",
	} {
		err := w.Org.Set("certificate", value)
		if err == nil || !strings.Contains(err.Error(), why) || strings.Contains(err.Error(), "MII") {
			t.Errorf("%.40q: %v, want %s", value, err, why)
		}
	}
	if err := w.Org.Set("certificate", "own"); err != nil || w.Org.Facts().PrivateKey == "" {
		t.Error(err)
	}
}

func TestPrivateKeyIsToldWhereItHelpsAlone(t *testing.T) {
	for _, c := range []struct {
		set  map[string]string
		want bool
	}{
		{nil, false}, {map[string]string{"jwt_bearer_flow": "true"}, true}, {ready("certificate", "none"), false},
	} {
		w := start(t, c.set)
		text, err := json.Marshal(w.Org.Facts())
		if err != nil || strings.Contains(string(text), `"private_key":"-----BEGIN PRIVATE KEY-----\n`) != c.want || strings.Contains(string(text), "private_key\":") != c.want {
			t.Errorf("%v: %v %s", c.set, err, text)
		}
	}
}

// Where users approve for themselves, an earlier approval with a refresh token
// lets the flow in, with the scopes that it had.
func TestJWTBearerAfterApproval(t *testing.T) {
	w := start(t, ready("permitted_users", "all_users", "scopes", "id api web refresh_token openid"))
	w.signIn("scope", "api")
	w.refused(w.bear(w.signed(w.claims())), "invalid_grant", "user hasn't approved this consumer")
	first := w.signIn("scope", "api refresh_token")
	w.signIn("scope", "id refresh_token", "prompt", "consent")
	if m := w.tokens(w.bear(w.signed(w.claims()))); m["scope"] != "api id" || m["refresh_token"] != "" {
		t.Error(m)
	}
	w.refused(w.bear(w.signed(w.claims("sub", w.facts.OtherUsername))), "invalid_grant", "user hasn't approved this consumer")
	w.post(w.facts.MyDomainURL+revokePath, url.Values{"token": {first["refresh_token"]}})
	if m := w.tokens(w.bear(w.signed(w.claims()))); m["scope"] != "id" {
		t.Error("a revoked approval counts:", m)
	}
}

func TestJWTBearerAudienceOverRealNames(t *testing.T) {
	for _, c := range []struct {
		environment, login, audience string
		ok                           bool
	}{
		{"production", "", "https://login.salesforce.com", true},
		{"production", "", "https://test.salesforce.com", false},
		{"production", "", "https://acme.my.salesforce.com", true},
		{"production", "", "http://acme.my.salesforce.com", false},
		{"production", "", "https://acme.lightning.force.com", false},
		{"sandbox", "", "https://test.salesforce.com", true},
		{"sandbox", "", "https://login.salesforce.com", false},
		{"sandbox", "https://practice.example", "https://test.salesforce.com", true},
		{"sandbox", "https://practice.example", "https://practice.example", true},
		{"scratch", "", "https://test.salesforce.com", true},
		{"developer", "", "https://login.salesforce.com", true},
	} {
		org, err := New(Options{Now: time.Now, Rand: seed(), LoginURL: c.login, MyDomainURL: "https://acme.my.salesforce.com", Settings: ready("environment", c.environment)})
		if err != nil {
			t.Fatal(err)
		}
		f := org.Facts()
		v := url.Values{"grant_type": {grantJWT}, "assertion": {signedWith(t, fixedKey(), "RS256", map[string]any{
			"iss": f.ConsumerKey, "sub": f.Username, "aud": c.audience, "exp": time.Now().Add(time.Minute).Unix(),
		})}}
		r := httptest.NewRequest(http.MethodPost, "https://x"+tokenPath, strings.NewReader(v.Encode()))
		r.Host = "acme.my.salesforce.com"
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		org.Handler().ServeHTTP(w, r)
		if ok := w.Code == 200; ok != c.ok || !ok && !strings.Contains(w.Body.String(), "audience is invalid") {
			t.Errorf("%+v: %d %s", c, w.Code, w.Body)
		}
	}
}

// What spoils a token answer spoils those of the flows without a person too.
func TestFaultsActOnFlowsWithoutAPerson(t *testing.T) {
	grants := map[string]func(*world) got{
		"client credentials": func(w *world) got {
			return w.post(w.facts.MyDomainURL+tokenPath, url.Values{"grant_type": {grantClient}, "client_id": {w.facts.ConsumerKey}, "client_secret": {w.facts.ConsumerSecret}})
		},
		"JWT bearer": func(w *world) got { return w.bear(w.signed(w.claims())) },
	}
	for name, grant := range grants {
		for _, f := range []struct{ fault, want string }{
			{"", `"scope":"id api openid"`}, {"no-api-scope", `"scope":"id openid"`}, {"foreign-instance-url", "salesforce.com.example.net"},
			{"no-signature", `"access_token"`}, {"html-token-answer", "<h1>Sign in</h1>"}, {"ip-restricted", "ip restricted"},
		} {
			var faults []string
			if f.fault != "" {
				faults = []string{f.fault}
			}
			w := start(t, ready("client_credentials_flow", "true"), faults...)
			a := grant(w)
			if !strings.Contains(a.text, f.want) || strings.Contains(a.text, `"signature"`) == (f.fault == "no-signature") && a.StatusCode == 200 && f.fault != "html-token-answer" {
				t.Errorf("%s, %s: %d %s", name, f.fault, a.StatusCode, a.text)
			}
			last := w.Org.Ledger().Requests
			if got := last[len(last)-1].Fault; got != f.fault {
				t.Errorf("%s: fault %q acted, want %q", name, got, f.fault)
			}
		}
	}
}

// Their tokens can be introspected and revoked like any other.
func TestTokensWithoutAPersonCanBeRevoked(t *testing.T) {
	w := start(t, ready("client_credentials_flow", "true"))
	ask := func(token string) string {
		return w.post(w.facts.MyDomainURL+"/services/oauth2/introspect", url.Values{"token": {token}, "client_id": {w.facts.ConsumerKey}, "client_secret": {w.facts.ConsumerSecret}}).text
	}
	client := w.post(w.facts.MyDomainURL+tokenPath, url.Values{"grant_type": {grantClient}, "client_id": {w.facts.ConsumerKey}, "client_secret": {w.facts.ConsumerSecret}})
	tokens := []string{w.tokens(client)["access_token"], w.tokens(w.bear(w.signed(w.claims())))["access_token"]}
	for i, token := range tokens {
		if text := ask(token); !strings.Contains(text, `"active":true`) || !strings.Contains(text, `"username":"`+w.facts.Username+`"`) || !strings.Contains(text, `"exp":1795347000`) {
			t.Errorf("%d: %s", i, text)
		}
		if a := w.post(w.facts.MyDomainURL+revokePath, url.Values{"token": {token}}); a.StatusCode != 200 {
			t.Errorf("%d: %d %s", i, a.StatusCode, a.text)
		}
		if text := ask(token); text != `{"active":false}` {
			t.Errorf("%d: %s", i, text)
		}
		if a := w.get(w.facts.MyDomainURL+"/services/data/v68.0/limits", token); a.StatusCode != 401 {
			t.Errorf("%d: REST answers %d", i, a.StatusCode)
		}
		if live := w.Org.Ledger().LiveAccessTokens; len(live) != 1-i {
			t.Errorf("%d: %d tokens live", i, len(live))
		}
	}
}
