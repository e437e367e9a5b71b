package connection

import (
	"net/url"

	"example.com/sfconnect/internal/salesforce"
)

// AddAddresses adds the forms in which products want the login URL and the My
// Domain; the latter only where it is known.
func AddAddresses(values map[string]string, login, myDomain string) {
	values["login_url"], values["token_url"], values["authorize_url"] = login, login+"/services/oauth2/token", login+"/services/oauth2/authorize"
	if u, err := url.Parse(login); err == nil {
		values["login_host"] = u.Host
	}
	if u, err := url.Parse(myDomain); err == nil && u.Host != "" {
		values["my_domain"], values["subdomain"] = u.Host, salesforce.Subdomain(u.Host)
	}
}
