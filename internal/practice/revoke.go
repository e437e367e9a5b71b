package practice

import (
	"net/http"
	"strings"
)

// revoke kills an access token, or a refresh token with all that came from it.
// Errors are always 400. Not confirmed: which of the two codes a dead token
// gives (here invalid_token; a text without the form of a token gives
// unsupported_token_type), and that the errors are JSON.
func (o *Org) revoke(c *call) reply {
	if f := o.fault(c, revokeFirst, ""); f != nil {
		if f.whole != nil {
			return f.whole(o, reply{})
		}
		return oauthError(f.Code, f.Description)
	}
	if c.Method != http.MethodPost && c.Method != http.MethodGet {
		return methodNotAllowed("GET, POST")
	}
	o.ledger.RevokeRequests++
	text := c.param("token")
	if t := o.refresh[text]; t != nil && t.grant.alive() && !t.rotatedOut {
		t.grant.revoked = true
		o.ledger.RevokedTokens = append(o.ledger.RevokedTokens, text)
		return plainReply(http.StatusOK, "")
	}
	if a := o.access[text]; a != nil && o.accessAlive(a) {
		a.revoked = true
		o.ledger.RevokedTokens = append(o.ledger.RevokedTokens, text)
		return plainReply(http.StatusOK, "")
	}
	if strings.HasPrefix(text, "5Aep861") || strings.HasPrefix(text, "00D") || strings.HasPrefix(text, "eyJ") {
		return oauthError("invalid_token", "invalid token")
	}
	return oauthError("unsupported_token_type", "this token type is not supported")
}

// introspect tells an app about its own tokens. Not confirmed: the answer for a
// dead token and for another app's ({"active":false}), and the members for a
// refresh token.
func (o *Org) introspect(c *call) reply {
	if c.Method != http.MethodPost {
		return methodNotAllowed("POST")
	}
	o.ledger.Introspections++
	if f := o.fault(c, introspectAt, ""); f != nil {
		return f.whole(o, reply{})
	}
	if r, ok := o.client(c, true); !ok {
		return r
	}
	text := c.body.Get("token")
	if t := o.refresh[text]; t != nil && t.grant.alive() && !t.rotatedOut && o.mayIntrospect(t.grant) {
		return jsonReply(http.StatusOK, append(o.tokenFacts(t.grant, "refresh_token"),
			field{"iat", t.grant.made.Unix()}, field{"nbf", t.grant.made.Unix()}))
	}
	if a := o.access[text]; a != nil && o.accessAlive(a) && o.mayIntrospect(a.grant) {
		return jsonReply(http.StatusOK, append(o.tokenFacts(a.grant, "access_token"),
			field{"exp", a.issued.Add(o.cfg.sessionTimeout).Unix()}, field{"iat", a.issued.Unix()}, field{"nbf", a.issued.Unix()}))
	}
	return jsonReply(http.StatusOK, fields{{"active", false}})
}

// mayIntrospect: a token of another app is told only with the box for it.
func (o *Org) mayIntrospect(g *grant) bool { return g.app == &o.app || o.cfg.introspectAll }

func (o *Org) tokenFacts(g *grant, kind string) fields {
	return fields{
		{"active", true}, {"scope", strings.Join(g.scopes, " ")}, {"client_id", g.app.key}, {"username", g.user.username},
		{"sub", o.identityURL(g.user)}, {"token_type", kind},
	}
}
