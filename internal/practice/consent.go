package practice

import (
	"net/http"
	"net/url"
	"strings"
)

const genericProblem = "An unexpected error has occurred during authentication. Please try again."

// consent asks the signed-in person whether the app may connect. What forbids
// that is found here, after the login, and shown on Salesforce's own error page,
// so that the app's callback never hears of it. Two points are not confirmed:
// which of these errors go to the callback instead (the setting oauth_errors
// moves all of them there), and when the page is skipped (here: while an
// approval with these scopes lives, unless prompt=consent; and always for users
// whom an admin pre-authorized).
func (o *Org) consent(c *call) reply {
	if c.Method != http.MethodGet && c.Method != http.MethodHead && c.Method != http.MethodPost {
		return methodNotAllowed("GET, HEAD, POST")
	}
	source := c.param("source")
	p := o.pending[source]
	if p == nil {
		return o.toErrorPage(nil, "OAUTH_APPROVAL_ERROR_GENERIC", genericProblem)
	}
	s, ok := o.session(c)
	if !ok || p.freshLogin && s.seq < p.seq {
		return redirect("/?ec=302&startURL=" + url.QueryEscape(consentPath+"?source="+source))
	}
	if refused, r := o.forbidden(c, s, p); refused {
		delete(o.pending, source)
		return r
	}
	switch {
	case c.Method == http.MethodPost && c.body.Has("deny"):
		delete(o.pending, source)
		o.ledger.Denials++
		if p.device != nil {
			p.device.denied = true
			return o.connectedPage("Not connected", "The device may not connect. You may close this page.")
		}
		return p.refuse("access_denied", "end-user denied authorization")
	case c.Method == http.MethodPost && c.body.Has("approve"),
		c.Method == http.MethodGet && !p.consent && o.skipsConsent(s.user, p):
		delete(o.pending, source)
		return o.approve(p, s.user)
	}
	return o.consentPage(p, s.user, source)
}

func (o *Org) skipsConsent(u user, p *pending) bool {
	return o.cfg.adminApproved && o.cfg.preauthorized || o.cfg.rememberConsent && o.approvedBefore(u, p.scopes)
}

// approve issues a code and sends the browser to the callback with it.
func (o *Org) approve(p *pending, u user) reply {
	o.ledger.Approvals++
	if p.device != nil {
		p.device.user = &u
		o.logins = append(o.logins, loginRecord{o.now(), u.username, o.cfg.name, "Success"})
		return o.connectedPage("You’re connected", "The device may go on. You may close this page.")
	}
	return redirect(p.back("code=" + url.QueryEscape(o.newCode(p, u))))
}

// newCode issues an authorization code.
func (o *Org) newCode(p *pending, u user) string {
	o.ledger.CodesIssued++
	code := o.dice.code()
	o.codes[code] = &grantedCode{user: u, redirectURI: p.redirectURI, challenge: p.challenge, nonce: p.nonce, scopes: p.scopes, issued: o.now()}
	o.logins = append(o.logins, loginRecord{o.now(), u.username, o.cfg.name, "Success"})
	return code
}

// forbidden is everything that stops a signed-in person before the decision.
func (o *Org) forbidden(c *call, s session, p *pending) (bool, reply) {
	if f := o.fault(c, atCallback, ""); f != nil {
		return true, o.toCallback(p, f.Code, f.Description)
	}
	f := o.fault(c, onErrorPage, "")
	switch {
	case f != nil:
		return true, o.toErrorPage(p, f.Code, f.Description)
	case o.cfg.ipRestricted && !o.cfg.ipRelaxed(false):
		return true, o.toCallback(p, "invalid_grant", "ip restricted or invalid login hours")
	case o.integration(s.user):
		return true, o.toErrorPage(p, "OAUTH_APPROVAL_ERROR_GENERIC", genericProblem)
	case o.cfg.adminApproved && !o.cfg.preauthorized:
		return true, o.toErrorPage(p, "OAUTH_APP_ACCESS_DENIED", "user is not admin approved to access this app")
	case p.unknownScope && o.cfg.missingScopeCode:
		return true, o.toCallback(p, "invalid_scope", "the requested scope is invalid, unknown, or malformed")
	case p.unknownScope:
		return true, o.toErrorPage(p, "OAUTH_APPROVAL_ERROR_GENERIC", genericProblem)
	}
	return false, reply{}
}

func (c *config) ipRelaxed(refresh bool) bool {
	return strings.HasPrefix(c.ipRelaxation, "relax") || refresh && c.ipRelaxation == "enforce_relax_refresh"
}

// toErrorPage redirects to the error page, or to the callback where the
// setting says so and there is one.
func (o *Org) toErrorPage(p *pending, code, description string) reply {
	if p != nil && p.device == nil && o.cfg.errorsToCallback {
		return p.refuse(code, description)
	}
	target := errorPath + "?error=" + url.QueryEscape(code) + "&error_description=" + url.QueryEscape(description)
	if p != nil && p.state != "" && o.cfg.stateOnErrorPage {
		target += "&state=" + url.QueryEscape(p.state)
	}
	r := redirect(target)
	r.code = code
	return r
}

// toCallback redirects to the callback; the device flow has none, and its errors
// stay on the page.
func (o *Org) toCallback(p *pending, code, description string) reply {
	if p.device != nil {
		return o.toErrorPage(p, code, description)
	}
	return p.refuse(code, description)
}

// errorPage shows "CODE : message", the form in which people paste it.
func (o *Org) errorPage(c *call) reply {
	return o.page(http.StatusOK, "We can't authorize you", "narrow", `<section class="card">
<h1>We can’t authorize you because of an OAuth error</h1>
<p class="soft">For more information, contact your Salesforce administrator.</p>
<p class="error-code code" id="oauth_error">`+esc(c.query.Get("error"))+` : `+esc(c.query.Get("error_description"))+`</p>
<p class="soft">The program that sent you here is not told. Go back to it and say what you see.</p>
</section>`)
}

// successPage is Salesforce's own callback. The code stays in the address bar:
// no script and no redirect takes it away.
func (o *Org) successPage(c *call) reply {
	const copyIt = "Copy the whole address out of the address bar of this page and paste it into the program that sent you here."
	title, text := "Nothing to see here", "This page is shown after a sign-in."
	switch {
	case c.query.Get("code") != "":
		title, text = "Signed in", copyIt+" It serves once, for fifteen minutes."
	case c.query.Get("error") != "":
		title, text = "Not signed in", copyIt+" It says what was wrong."
	}
	return o.page(http.StatusOK, title, "narrow", `<section class="card"><h1>`+title+`</h1><p>`+text+`</p></section>`)
}

func (o *Org) consentPage(p *pending, u user, source string) reply {
	var rights strings.Builder
	for _, s := range p.scopes {
		rights.WriteString(`<li>` + esc(scopeLabel(s)) + ` <code>` + esc(s) + `</code></li>`)
	}
	back := consentPath + "?source=" + source
	return o.page(http.StatusOK, "Allow access?", "narrow", `<section class="card"><h1>Allow access?</h1>
<p><b>`+esc(o.cfg.name)+`</b> is asking to:</p>
<ul class="rights">`+rights.String()+`</ul>
<div class="who"><i aria-hidden="true">`+esc(u.first[:1])+`</i><div><b>`+esc(u.name())+`</b><br><small class="soft">`+esc(u.username)+`</small></div>
<a href="/secur/logout.jsp?startURL=`+url.QueryEscape(back)+`">Not you?</a></div>
<form id="approve_form" method="post" action="`+consentPath+`">
<input type="hidden" name="source" value="`+esc(source)+`">
<div class="buttons"><button id="oadeny" name="deny" value="Deny" type="submit">Deny</button>
<button class="main" id="oaapprove" name="approve" value="Allow" type="submit">Allow</button></div>
</form>
`+afterwards(p)+`
</section>`)
}

func afterwards(p *pending) string {
	if p.device != nil {
		return `<p class="soft"><small>Afterwards the device goes on.</small></p>`
	}
	return `<p class="soft"><small>Afterwards you go to <code>` + esc(p.redirectURI) + `</code>.</small></p>`
}
