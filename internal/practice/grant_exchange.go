package practice

import (
	"slices"
	"strings"
)

// exchangeGrant is the token exchange flow. Its parameters are documented; of the
// answers none was found, so that all descriptions are presumed. A real org lets
// Apex code, the token exchange handler, judge the foreign token; this one has a
// handler where the setting token_exchange_handler says so, and it takes
// practice:USERNAME. Not confirmed: the order of the checks, and that the half in
// Policies is needed too.
func (o *Org) exchangeGrant(c *call) reply {
	if r, ok := o.client(c, o.cfg.exchange && o.cfg.exchangeSecret); !ok {
		return r
	}
	kinds := []string{"access_token", "refresh_token", "id_token", "saml2", "jwt"}
	kind, known := strings.CutPrefix(c.body.Get("subject_token_type"), "urn:ietf:params:oauth:token-type:")
	username, is := strings.CutPrefix(c.body.Get("subject_token"), "practice:")
	u, found := o.userByName(username)
	scopes := withoutRefresh(o.cfg.scopes)
	if asked := strings.Fields(c.body.Get("scope")); len(asked) > 0 {
		scopes = asked
	}
	switch {
	case !o.cfg.exchange || !o.cfg.exchangePolicy:
		return o.flowOff("token exchange flow")
	case c.body.Get("subject_token") == "" || !known || !slices.Contains(kinds, strings.ToLower(kind)):
		return oauthError("invalid_request", "subject_token or subject_token_type is missing or invalid")
	case !o.cfg.exchangeHandler:
		return oauthError("invalid_request", "no token exchange handler is enabled for this app")
	case !is || !found:
		return oauthError("invalid_grant", "invalid subject token")
	case slices.ContainsFunc(scopes, func(s string) bool { return !covered(s, o.cfg.scopes) }):
		return oauthError("invalid_scope", "the requested scope is invalid, unknown, or malformed")
	case o.cfg.ipRestricted && !o.cfg.ipRelaxed(false):
		return oauthError("invalid_grant", "ip restricted")
	case o.cfg.adminApproved && !o.cfg.preauthorized:
		return oauthError("invalid_app_access", "user is not admin approved to access this app")
	}
	o.logins = append(o.logins, loginRecord{o.now(), u.username, o.cfg.name, "Success"})
	return o.tokens(c, o.newGrant(grantExchange, u, scopes, covered("refresh_token", scopes)), true, "")
}
