package practice

import "slices"

// IssueRefreshToken gives a refresh token of the first user for the app, as another
// tool would hold it after a sign-in of its own. It carries every scope of the app.
func (o *Org) IssueRefreshToken() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.newGrant("issued", o.users[0], slices.Clone(o.cfg.scopes), true).current.text
}

// IssueAccessToken gives an access token of the first user for the app, without a
// refresh token beside it.
func (o *Org) IssueAccessToken() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.newAccessToken(o.newGrant("issued", o.users[0], slices.Clone(o.cfg.scopes), false), "issued").text
}

// IssueForeignTokens gives an access and a refresh token of the first user for the
// org's other app.
func (o *Org) IssueForeignTokens() (access, refresh string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	g := o.newGrantFor(&o.other, "issued", o.users[0], []string{"api", "refresh_token"}, true)
	return o.newAccessToken(g, "issued").text, g.current.text
}
