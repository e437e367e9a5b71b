package practice

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"strings"
	"testing"
)

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
