package oauthflow

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"

	"golang.org/x/oauth2"

	"example.com/sfconnect/internal/secret"
)

// Grant is a token answer. Salesforce sends no lifetime with it.
type Grant struct {
	AccessToken  secret.Value
	RefreshToken secret.Value // empty when none came
	InstanceURL  string       // not yet checked
	IdentityURL  string       // the field "id", not yet checked
	IssuedAt     string       // milliseconds since 1970, as sent
	Signature    string       // empty when the answer was not signed
	Scopes       []string     // as granted
	Format       string       // of the access token: "jwt" or "opaque"; empty when not said
}

func newGrant(t *oauth2.Token) Grant {
	field := func(name string) string {
		s, _ := t.Extra(name).(string)
		return s
	}
	return Grant{
		AccessToken: secret.New(t.AccessToken),
		// Not t.RefreshToken: the library puts the old one there when none came.
		RefreshToken: secret.New(field("refresh_token")),
		InstanceURL:  field("instance_url"),
		IdentityURL:  field("id"),
		IssuedAt:     field("issued_at"),
		Signature:    field("signature"),
		Scopes:       slices.DeleteFunc(strings.Fields(field("scope")), notScope),
		Format:       field("token_format"),
	}
}

// notScope reports what is no scope (RFC 6749 section 3.3) and could play tricks
// where scopes are shown.
func notScope(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < '!' || r > '~' || r == '"' || r == '\\' })
}

// SignatureValid reports whether Signature is the base64 HMAC-SHA256 of
// IdentityURL followed by IssuedAt under the Consumer Secret. A missing
// signature is not valid.
func (g Grant) SignatureValid(consumerSecret secret.Value) bool {
	got, err := base64.StdEncoding.DecodeString(g.Signature)
	if err != nil || len(got) == 0 {
		return false
	}
	mac := hmac.New(sha256.New, []byte(consumerSecret.Reveal()))
	mac.Write([]byte(g.IdentityURL + g.IssuedAt))
	return hmac.Equal(got, mac.Sum(nil))
}
