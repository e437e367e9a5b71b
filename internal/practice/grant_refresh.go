package practice

// refreshGrant answers with a new access token, and with a new refresh token
// where rotation is on: then the old one is dead at once, and its coming back
// revokes the new one with all access tokens. No grace period is documented. A
// refused client does not harm the token.
func (o *Org) refreshGrant(c *call) reply {
	if r, ok := o.client(c, o.cfg.refreshSecret); !ok {
		return r
	}
	t, known := o.refresh[c.body.Get("refresh_token")]
	if !known || t.grant.app != &o.app {
		return oauthError("invalid_grant", "expired access/refresh token")
	}
	g := t.grant
	if t.rotatedOut {
		o.ledger.RotationReplays++
		g.revoked = true
	}
	policy, now := o.cfg.refreshPolicy, o.now()
	switch {
	case !g.alive(), policy.kind == "immediately",
		policy.kind == "unused" && !now.Before(g.used.Add(policy.span)):
		return oauthError("invalid_grant", "expired access/refresh token")
	case policy.kind == "after" && !now.Before(g.made.Add(policy.span)):
		return oauthError("invalid_grant", "token validity expired")
	case o.cfg.ipRestricted && !o.cfg.ipRelaxed(true):
		return oauthError("invalid_grant", "ip restricted")
	case o.cfg.adminApproved && !o.cfg.preauthorized:
		return oauthError("invalid_app_access", "user is not admin approved to access this app")
	}
	g.used = now
	o.ledger.Refreshes++
	if o.cfg.rotation {
		o.newRefreshToken(g, grantRefresh)
	}
	return o.tokens(c, g, o.cfg.rotation, "")
}
