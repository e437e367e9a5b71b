package connection

import (
	"maps"
	"net/url"

	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/store"
)

// Results are the values for a recipe's templates that are no secrets, by name, and
// the admin's answers; what is not known is "".
func Results(p store.Profile) map[string]string {
	values := maps.Clone(p.Recipe.Inputs)
	if values == nil {
		values = map[string]string{}
	}
	AddAddresses(values, p.LoginURL, p.Org.InstanceURL)
	maps.Copy(values, map[string]string{
		"consumer_key": p.ConsumerKey, "instance_url": p.Org.InstanceURL, "certificate": p.JWT.Certificate,
		"username": p.User.Username, "org_id": p.Org.ID, "org_name": p.Org.Name,
	})
	for _, name := range recipe.Results() {
		if _, known := values[name]; !known && !recipe.IsSecret(name) {
			values[name] = ""
		}
	}
	return values
}

// AddAddresses adds the forms in which products want the login URL and the org's own
// address, which is "" where it is not known yet.
func AddAddresses(values map[string]string, login, myDomain string) {
	values["login_url"], values["login_host"] = login, host(login)
	values["token_url"], values["authorize_url"] = login+tokenPath, login+authorizePath
	if own := host(myDomain); own != "" {
		values["my_domain"], values["subdomain"] = own, salesforce.Subdomain(own)
	}
}

// host is the host of an origin, with its port where it has one.
func host(origin string) string {
	u, err := url.Parse(origin)
	if err != nil {
		return ""
	}
	return u.Host
}

// WithFlow adds to a filled recipe what its flow cannot do without, where the recipe
// leaves the flow to the admin: the flow's box, a policy, and the callback line that
// Salesforce's form wants of every app.
func WithFlow(r recipe.Recipe, login salesforce.LoginURL) recipe.Recipe {
	flow := Flow(r.Authorize.Flow)
	switch flow {
	case FlowClientCredentials:
		r.Switches = ticked(r.Switches, "client_credentials_flow")
	case FlowJWTBearer:
		r.Switches = ticked(r.Switches, "jwt_bearer_flow")
		if r.Policies.PermittedUsers == "" {
			r.Policies.PermittedUsers = "Admin approved users are pre-authorized"
		}
	}
	if len(r.CallbackURLs) == 0 && r.Title != "" && flow != FlowWeb {
		r.CallbackURLs = []string{SuccessPage(login)}
		if r.CallbackUse == "" && flow != FlowPaste {
			r.CallbackUse = "unused"
		}
	}
	return r
}

func ticked(switches map[string]recipe.Switch, id string) map[string]recipe.Switch {
	out := maps.Clone(switches)
	if out == nil {
		out = map[string]recipe.Switch{}
	}
	out[id] = recipe.SwitchOn
	return out
}
