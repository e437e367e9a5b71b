package practice

import (
	"net/http"
	"strings"
)

// Paths that several handlers share.
const (
	authorizePath = "/services/oauth2/authorize"
	tokenPath     = "/services/oauth2/token"
	revokePath    = "/services/oauth2/revoke"
	consentPath   = "/setup/secur/RemoteAccessAuthorizationPage.apexp"
	connectPath   = "/setup/connect"
	errorPath     = "/setup/secur/RemoteAccessErrorPage.apexp"
	setupPrefix   = "/lightning/setup/"
	setupHome     = setupPrefix + "ManageExternalClientApplication/home"
)

// route picks the handler. The order of the hosts matters: what only one host
// has comes first.
func (o *Org) route(c *call) reply {
	path := c.URL.Path
	switch c.host {
	case hostUnknown:
		return plainReply(http.StatusMisdirectedRequest, "This practice org answers as "+o.login.String()+" and "+o.myDomain.String()+" only.\n")
	case hostSetup, hostUI:
		if path != tokenPath {
			if strings.HasPrefix(path, setupPrefix) || path == "/" {
				return o.setup(c)
			}
			return redirect(o.myDomain.String() + c.URL.RequestURI())
		}
	}
	switch {
	case path == authorizePath:
		return o.authorize(c)
	case path == tokenPath:
		return o.token(c)
	case path == revokePath:
		return o.revoke(c)
	case path == "/services/oauth2/introspect":
		return o.introspect(c)
	case path == "/services/oauth2/userinfo":
		return o.userinfo(c)
	case path == "/services/oauth2/success", path == "/services/oauth2/callback":
		return o.successPage(c)
	case path == "/.well-known/openid-configuration":
		return o.discovery(c)
	case path == "/id/keys":
		return o.keySet()
	case strings.HasPrefix(path, "/id/"):
		return o.identity(c)
	case path == "/services/data" || strings.HasPrefix(path, "/services/data/"):
		return o.rest(c)
	case strings.HasPrefix(path, metadataPrefix):
		return o.soap(c)
	case path == "/" || path == "/index.jsp":
		return o.loginPage(c)
	case path == "/secur/logout.jsp":
		return o.logout(c)
	case path == consentPath:
		return o.consent(c)
	case path == connectPath:
		return o.connect(c)
	case path == errorPath:
		return o.errorPage(c)
	case strings.HasPrefix(path, setupPrefix):
		if c.host != hostDomain {
			return redirect(o.myDomain.String() + c.URL.RequestURI())
		}
		return o.setup(c)
	}
	return o.urlNoLongerExists()
}

// urlNoLongerExists is what Salesforce answers to an address it does not have.
func (o *Org) urlNoLongerExists() reply {
	return o.page(http.StatusNotFound, "URL No Longer Exists", "narrow", `<section class="card"><h1>URL No Longer Exists</h1>
<p>You have attempted to reach a URL that no longer exists on this org.</p>
<p><a class="button" href="`+esc(o.myDomain.String()+setupHome)+`">Go to Setup</a></p></section>`)
}
