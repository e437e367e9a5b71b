package practice

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// codeCredentialsType is the response_type of the authorization code and credentials flow.
const codeCredentialsType = "code_credentials"

// codeCredentials is the authorize request of the authorization code and
// credentials flow: the user's name and password come with it, and the code goes
// to the callback at once. Three things must be on for it: the box of the app, the
// switch of the org, which is off at first, and the host: Salesforce's Help says
// that it works for the users of Experience Cloud sites only, not on My Domain.
// This org has no site; with credentials_flow_host=any My Domain answers all the
// same. Not confirmed: every refusal, that they go to the callback, and how the
// names of the two fields of the body are spelled.
func (o *Org) codeCredentials(c *call) reply {
	p := &pending{
		redirectURI: c.param("redirect_uri"), state: c.param("state"), challenge: c.param("code_challenge"), nonce: c.param("nonce"), made: o.now(),
	}
	switch {
	case !o.keyKnown(c, c.param("client_id")):
		return authorizeError("invalid_client_id", "client identifier invalid")
	case p.redirectURI == "":
		return authorizeError("redirect_uri_missing", "redirect_uri not provided")
	case !slices.Contains(o.cfg.callbacks, p.redirectURI):
		return authorizeError("redirect_uri_mismatch", "redirect_uri must match configuration")
	case !o.cfg.codeCred, !o.cfg.orgCodeCred, o.cfg.credentialsHost != "any", c.host != hostDomain:
		return p.refuse("unsupported_response_type", "response type not supported")
	case (o.cfg.pkce || o.cfg.orgPKCE) && p.challenge == "":
		return authorizeError("invalid_request", "missing required code challenge")
	case o.cfg.codeCredPostOnly && (c.Method != http.MethodPost || c.Header.Get("Authorization") != ""):
		return p.refuse("invalid_request", "user credentials must be in the POST body")
	case !strings.EqualFold(c.Header.Get("Auth-Request-Type"), "Named-User"):
		return p.refuse("invalid_request", "Auth-Request-Type not supported")
	case !p.ask(c.param("scope"), o.cfg.scopes) || p.unknownScope:
		return p.refuse("invalid_scope", "the requested scope is invalid, unknown, or malformed")
	}
	username, password := c.body.Get("username"), c.body.Get("password")
	if kind, coded, _ := strings.Cut(c.Header.Get("Authorization"), " "); strings.EqualFold(kind, "basic") {
		if plain, err := base64.StdEncoding.DecodeString(coded); err == nil {
			username, password, _ = strings.Cut(string(plain), ":")
		}
	}
	u, known := o.userByName(username)
	switch {
	case !known || password != o.cfg.password:
		o.logins = append(o.logins, loginRecord{o.now(), username, o.cfg.name, "Invalid Password"})
		return p.refuse("invalid_grant", "invalid user credentials")
	case o.cfg.adminApproved && !o.cfg.preauthorized:
		return p.refuse("invalid_app_access", "user is not admin approved to access this app")
	}
	return redirect(p.back("code=" + url.QueryEscape(o.newCode(p, u))))
}
