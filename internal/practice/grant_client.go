package practice

import (
	"net/http"
	"slices"
	"strings"
)

// clientGrant is the client credentials flow: My Domain only, switched on both
// in Settings and, with a Run As user, in Policies. Not confirmed: the code that
// goes with "Client credentials flow not enabled" and with "scope parameter not
// supported", and whether Permitted Users binds the Run As user (three sources
// saw it, one denies it; here it does).
func (o *Org) clientGrant(c *call) reply {
	if c.host != hostDomain {
		return oauthError("invalid_grant", "request not supported on this domain")
	}
	if r, ok := o.client(c, true); !ok {
		return r
	}
	usable := slices.DeleteFunc(withoutRefresh(o.cfg.scopes), func(s string) bool { return s == "full" })
	runAs, found := o.userByName(o.cfg.runAs) // the Username; an email address is not found
	switch {
	case c.body.Has("scope"):
		return oauthError("invalid_request", "scope parameter not supported")
	case !o.cfg.ccFlow:
		return oauthError("invalid_grant", "Client credentials flow not enabled")
	case strings.EqualFold(o.cfg.runAs, "portal"):
		return oauthError("access_denied", "end-user denied authorization")
	case !o.cfg.ccPolicy || !found:
		return oauthError("invalid_grant", "no client credentials user enabled")
	case o.cfg.ipRestricted && !o.cfg.ipRelaxed(false):
		return oauthError("invalid_grant", "ip restricted")
	case o.cfg.adminApproved && !o.cfg.preauthorized:
		return oauthError("invalid_app_access", "user is not admin approved to access this app")
	case len(usable) == 0:
		return oauthError("invalid_grant", "no valid scopes defined")
	}
	if f := o.fault(c, tokenGrant, ""); f != nil {
		usable = f.scopes(usable)
	}
	r := o.tokens(c, o.newGrant(grantClient, runAs, usable, false), false, "")
	if r.status == http.StatusOK {
		o.logins = append(o.logins, loginRecord{o.now(), runAs.username, o.cfg.name, "Success"})
	}
	return r
}
