package practice

import (
	"slices"
	"time"
)

// approvals is how many live approvals one user may have given one app; the
// next revokes the oldest. Sources differ on whether the fifth or the sixth is
// one too many; here five live side by side.
const approvals = 5

// grantedCode is an authorization code and what it is bound to.
type grantedCode struct {
	user                          user
	redirectURI, challenge, nonce string
	scopes                        []string
	issued                        time.Time
	spent                         bool
}

// grant is one approval: a user, some scopes and the tokens made from it.
type grant struct {
	app     *app
	user    user
	scopes  []string
	made    time.Time
	used    time.Time     // when its refresh token was last used
	uses    int           // how often tokens were made from it
	current *refreshToken // nil without the scope refresh_token
	access  []*accessToken
	revoked bool
	evicted bool // by the five-approvals rule; then it is revoked too
}

type refreshToken struct {
	text       string
	grant      *grant
	how        string
	issued     time.Time
	rotatedOut bool
}

type accessToken struct {
	text    string
	grant   *grant
	how     string // the grant type that made it, which need not be that of its grant
	issued  time.Time
	revoked bool
	jwt     bool // in the form of a JWT
}

func (g *grant) alive() bool { return !g.revoked }

// accessAlive: an access token lives for the session timeout from its issue. A
// real session is extended by use; leaving that out keeps introspection exact.
func (o *Org) accessAlive(a *accessToken) bool {
	return !a.revoked && a.grant.alive() && o.now().Before(a.issued.Add(o.cfg.sessionTimeout))
}

// approvedBefore reports whether a living approval of the user covers the scopes.
func (o *Org) approvedBefore(u user, scopes []string) bool {
	return slices.ContainsFunc(o.grants, func(g *grant) bool {
		return g.alive() && g.app == &o.app && g.current != nil && g.user.id == u.id &&
			!slices.ContainsFunc(scopes, func(s string) bool { return !covered(s, g.scopes) })
	})
}

// approvedScopes combines what a user's living approvals cover, as Salesforce
// does for the JWT bearer flow: only approvals with a refresh token count.
func (o *Org) approvedScopes(u user) []string {
	var scopes []string
	for _, g := range o.grants {
		if !g.alive() || g.app != &o.app || g.current == nil || g.user.id != u.id {
			continue
		}
		for _, s := range g.scopes {
			if !slices.Contains(scopes, s) {
				scopes = append(scopes, s)
			}
		}
	}
	return scopes
}

// newGrant makes an approval for the first app; with the scope for it also a
// refresh token, for which the user's oldest may have to go. how is the grant type.
func (o *Org) newGrant(how string, u user, scopes []string, withRefresh bool) *grant {
	return o.newGrantFor(&o.app, how, u, scopes, withRefresh)
}

func (o *Org) newGrantFor(a *app, how string, u user, scopes []string, withRefresh bool) *grant {
	g := &grant{app: a, user: u, scopes: scopes, made: o.now(), used: o.now()}
	o.dropDead()
	if withRefresh {
		var older []*grant
		for _, other := range o.grants {
			if other.alive() && other.current != nil && other.app == a && other.user.id == u.id {
				older = append(older, other)
			}
		}
		if len(older) >= approvals {
			older[0].revoked, older[0].evicted = true, true
			o.ledger.Evictions++
		}
		o.newRefreshToken(g, how)
	}
	o.grants = append(o.grants, g)
	return g
}

func (o *Org) newRefreshToken(g *grant, how string) {
	if g.current != nil {
		g.current.rotatedOut = true
	}
	g.current = &refreshToken{text: o.dice.refreshToken(), grant: g, how: how, issued: o.now()}
	o.refresh[g.current.text] = g.current
	o.issued(g.current.witness)
}

func (o *Org) newAccessToken(g *grant, how string) *accessToken {
	a := &accessToken{text: o.dice.accessToken(o.orgID), grant: g, how: how, issued: o.now()}
	if o.cfg.namedJWT {
		a.text, a.jwt = o.jwtAccessToken(g), true
	}
	g.access = append(g.access, a)
	g.uses++
	o.access[a.text] = a
	o.issued(a.witness)
	return a
}

// dropDead keeps a long-running org small: an approval without a refresh token
// is forgotten a day after its last access token died.
func (o *Org) dropDead() {
	limit := o.now().Add(-24*time.Hour - o.cfg.sessionTimeout)
	o.grants = slices.DeleteFunc(o.grants, func(g *grant) bool {
		return g.current == nil && g.made.Before(limit)
	})
}
