package practice

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// longestAssertion is how far ahead an assertion may end. Salesforce documents
// 3 minutes; 2 more are added for clocks that differ, because clients that say 5
// are seen to work (simple-salesforce issue 491). Where real orgs draw the line
// is not confirmed.
const longestAssertion = 3*time.Minute + 2*time.Minute

// assertion is what counts in the JWT of a JWT bearer grant. A jti is not looked
// at: whether Salesforce refuses a used one is not confirmed.
type assertion struct {
	alg, issuer, subject, audience string
	end                            time.Time // zero when there is none, or it is no number
	signed                         [sha256.Size]byte
	signature                      []byte
}

// jwtGrant is the JWT bearer flow: the assertion alone tells who asks, so a
// client_secret is not needed and, where one is sent, not looked at (not
// confirmed). Seen in public: "invalid assertion" for a key that does not fit the
// certificate (sfdx-travisci issue 135), "invalid client credentials" for another
// algorithm than RS256 (pyjwt issue 366), "audience is invalid" (Talend
// components issue 1423; the Help page prints "Audience validation failed"),
// "expired authorization code" for an assertion that is over (simple-salesforce
// issue 371), "user hasn't approved this consumer" and "user is not admin
// approved to access this app". Not confirmed: the order of the checks, and the
// answers to a text that is no JWT, to the flow switched off or without a
// certificate, to a certificate that is over, to an end too far ahead, to an
// unknown user and to an app without usable scopes. Some External Client Apps get
// app_not_found on the generic hosts since Spring '26 (n8n issue 28990); here
// they answer.
func (o *Org) jwtGrant(c *call) reply {
	a, ok := readAssertion(c.body.Get("assertion"))
	if !ok {
		return oauthError("invalid_grant", "invalid assertion")
	}
	now, uploaded := o.now(), o.certificate()
	switch {
	case !o.keyKnown(c, a.issuer):
		return oauthError("invalid_client_id", "client identifier invalid")
	case uploaded == nil, a.alg != "RS256":
		return oauthError("invalid_client", "invalid client credentials")
	case !a.signedFor(uploaded), now.Before(uploaded.NotBefore), now.After(uploaded.NotAfter):
		return oauthError("invalid_grant", "invalid assertion")
	case !o.isAudience(a.audience):
		return oauthError("invalid_grant", "audience is invalid")
	case !now.Before(a.end), a.end.After(now.Add(longestAssertion)):
		return oauthError("invalid_grant", "expired authorization code")
	}
	u, known := o.userByName(a.subject)
	scopes := withoutRefresh(o.cfg.scopes)
	if !o.cfg.adminApproved {
		scopes = withoutRefresh(o.approvedScopes(u))
	}
	switch {
	case o.cfg.ipRestricted && !o.cfg.ipRelaxed(false):
		return oauthError("invalid_grant", "ip restricted")
	case !known, !o.cfg.adminApproved && !o.approvedBefore(u, nil):
		return oauthError("invalid_grant", "user hasn't approved this consumer")
	case o.cfg.adminApproved && !o.cfg.preauthorized:
		return oauthError("invalid_app_access", "user is not admin approved to access this app")
	case len(scopes) == 0:
		return oauthError("invalid_grant", "no valid scopes defined")
	}
	if f := o.fault(c, tokenGrant, ""); f != nil {
		scopes = f.scopes(scopes)
	}
	r := o.tokens(c, o.newGrant(grantJWT, u, scopes, false), false, "")
	if r.status == http.StatusOK {
		o.logins = append(o.logins, loginRecord{now, u.username, o.cfg.name, "Success"})
	}
	return r
}

// readAssertion takes a compact JWT apart and reports whether it is one. An end
// may be a text of digits, which clients send and Salesforce takes.
func readAssertion(text string) (assertion, bool) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return assertion{}, false
	}
	var raw [3][]byte
	for i, part := range parts {
		var err error
		if raw[i], err = base64.RawURLEncoding.DecodeString(part); err != nil {
			return assertion{}, false
		}
	}
	var head struct {
		Alg string `json:"alg"`
	}
	var claims struct {
		Iss, Sub string
		Aud, Exp any
	}
	if json.Unmarshal(raw[0], &head) != nil || json.Unmarshal(raw[1], &claims) != nil {
		return assertion{}, false
	}
	a := assertion{alg: head.Alg, issuer: claims.Iss, subject: claims.Sub, signature: raw[2], signed: sha256.Sum256([]byte(parts[0] + "." + parts[1]))}
	a.audience, _ = claims.Aud.(string) // a list of audiences is none; not confirmed
	switch end := claims.Exp.(type) {
	case float64:
		if end < 1<<40 { // milliseconds count as no time at all
			a.end = time.Unix(int64(end), 0)
		}
	case string:
		if n, err := strconv.ParseInt(end, 10, 64); err == nil && n < 1<<40 {
			a.end = time.Unix(n, 0)
		}
	}
	return a, true
}

// signedFor checks the signature with the key of a certificate.
func (a assertion) signedFor(c *x509.Certificate) bool {
	key, ok := c.PublicKey.(*rsa.PublicKey)
	return ok && rsa.VerifyPKCS1v15(key, crypto.SHA256, a.signed[:], a.signature) == nil
}

// isAudience reports whether an assertion may be meant for audience: a bare
// origin of the org, or over real names the generic host of its environment. A
// trailing slash is refused (not confirmed).
func (o *Org) isAudience(audience string) bool {
	u, err := url.Parse(audience)
	if err != nil || u.Host == "" || audience != u.Scheme+"://"+u.Host {
		return false
	}
	hosts := []origin{o.login, o.myDomain}
	if !loopback(o.myDomain.name) {
		generic, _ := o.cfg.realHosts()
		hosts = append(hosts, origin{scheme: "https", name: strings.TrimPrefix(generic, "https://")})
	}
	for _, h := range hosts {
		if u.Scheme == h.scheme && h.is(u.Hostname(), u.Port()) {
			return true
		}
	}
	return false
}
