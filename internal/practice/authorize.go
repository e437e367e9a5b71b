package practice

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// pending is an authorization between its request and the person's decision.
type pending struct {
	redirectURI, state, challenge, loginHint, nonce string
	scopes                                          []string
	unknownScope                                    bool           // asks for a scope that the app lacks
	freshLogin, consent                             bool           // asked for by prompt
	device                                          *deviceRequest // of the device flow, which has no callback
	seq                                             int
	made                                            time.Time
}

// authorize checks everything that Salesforce checks before its login page,
// and answers what is wrong as plain text without a redirect. The status 400 and
// the Content-Type of these texts, that of the missing challenge apart, are not
// confirmed; nor is where prompt=select_account leads (here to the login page),
// nor what code_challenge_method=plain does (here every challenge is S256).
func (o *Org) authorize(c *call) reply {
	o.ledger.AuthorizeRequests++
	if f := o.fault(c, authorizeAt, ""); f != nil {
		return f.whole(o, reply{})
	}
	if f := o.fault(c, beforeLogin, ""); f != nil {
		return authorizeError(f.Code, f.Description)
	}
	q := c.query
	switch {
	case c.param("response_type") == codeCredentialsType:
		return o.codeCredentials(c)
	case c.Method != http.MethodGet && c.Method != http.MethodHead:
		return authorizeError("invalid_request", "must use HTTP GET")
	case !o.keyKnown(c, q.Get("client_id")):
		return authorizeError("invalid_client_id", "client identifier invalid")
	case q.Get("redirect_uri") == "":
		return authorizeError("redirect_uri_missing", "redirect_uri not provided")
	case !slices.Contains(o.cfg.callbacks, q.Get("redirect_uri")):
		return authorizeError("redirect_uri_mismatch", "redirect_uri must match configuration")
	case (o.cfg.pkce || o.cfg.orgPKCE) && q.Get("code_challenge") == "":
		return authorizeError("invalid_request", "missing required code challenge")
	}
	o.seq++
	p := &pending{
		redirectURI: q.Get("redirect_uri"), state: q.Get("state"), challenge: q.Get("code_challenge"),
		loginHint: q.Get("login_hint"), nonce: q.Get("nonce"), seq: o.seq, made: o.now(),
	}
	if f := o.fault(c, immediately, ""); f != nil {
		return p.refuse(f.Code, f.Description)
	}
	if q.Get("response_type") != "code" {
		return p.refuse("unsupported_response_type", "response type not supported")
	}
	if !p.ask(q.Get("scope"), o.cfg.scopes) {
		return p.refuse("invalid_scope", "the requested scope is invalid, unknown, or malformed")
	}
	prompts := strings.Fields(q.Get("prompt"))
	p.freshLogin = slices.Contains(prompts, "login") || slices.Contains(prompts, "select_account")
	p.consent = slices.Contains(prompts, "consent")
	if q.Get("immediate") == "true" {
		s, ok := o.session(c)
		if !ok || !o.approvedBefore(s.user, p.scopes) {
			return p.refuse("immediate_unsuccessful", "")
		}
	}
	source := o.dice.text(alnum, 60)
	o.pending[source] = p
	page := consentPath + "?source=" + source
	if _, ok := o.session(c); ok && !p.freshLogin {
		return redirect(page)
	}
	return redirect("/?ec=302&startURL=" + url.QueryEscape(page))
}

// keyKnown also answers for the time after Create in which the app is unknown.
func (o *Org) keyKnown(c *call, key string) bool {
	return key == o.app.key && c.host != hostForeign && !o.now().Before(o.born.Add(o.cfg.propagation))
}

// ask notes the wanted scopes, without the app's own when none are asked for. It
// reports false for a scope that Salesforce does not have at all.
func (p *pending) ask(scope string, own []string) bool {
	wanted := strings.Fields(scope)
	if len(wanted) == 0 {
		p.scopes = own
		return true
	}
	for _, s := range wanted {
		if !slices.Contains(knownScopes(), s) {
			return false
		}
		if !covered(s, own) {
			p.unknownScope = true
		}
	}
	p.scopes = wanted
	return true
}

// covered reports whether granted scopes include one. full stands for all but
// refresh_token (not confirmed).
func covered(scope string, granted []string) bool {
	if scope == "refresh_token" || scope == "offline_access" {
		return slices.Contains(granted, "refresh_token") || slices.Contains(granted, "offline_access")
	}
	return slices.Contains(granted, scope) || slices.Contains(granted, "full")
}

// authorizeError is the plain text of the three forms of authorize errors. The
// missing challenge comes with an empty Content-Type, which makes browsers
// download a file named "authorize".
func authorizeError(code, description string) reply {
	text := "error=" + code + "&error_description="
	if code == "invalid_client_id" {
		text += strings.ReplaceAll(url.QueryEscape(description), "+", "%20")
	} else {
		text += description
	}
	r := plainReply(http.StatusBadRequest, text)
	r.code = code
	if description == "missing required code challenge" {
		r.header.Set("Content-Type", "")
		r.header.Del("X-Content-Type-Options")
	}
	return r
}

// refuse sends the browser back to the callback with an error.
func (p *pending) refuse(code, description string) reply {
	v := "error=" + url.QueryEscape(code)
	if description != "" {
		v += "&error_description=" + url.QueryEscape(description)
	}
	r := redirect(p.back(v))
	r.code = code
	return r
}

// back adds parameters and the state to the callback address.
func (p *pending) back(params string) string {
	join := "?"
	if strings.Contains(p.redirectURI, "?") {
		join = "&"
	}
	target := p.redirectURI + join + params
	if p.state != "" {
		target += "&state=" + url.QueryEscape(p.state)
	}
	return target
}

// pendingOf finds the authorization to which an address of the consent page leads.
func (o *Org) pendingOf(start string) *pending {
	u, err := url.Parse(start)
	if err != nil || u.Path != consentPath {
		return nil
	}
	return o.pending[u.Query().Get("source")]
}
