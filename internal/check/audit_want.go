package check

import (
	"maps"
	"slices"
	"strings"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/store"
)

// wanted is the recipe to compare with, the answers and addresses filled in. The
// zero recipe asks for nothing. What nobody answered is no requirement, whatever the
// input's default: it keeps its template, as said tells.
func (a Audit) wanted(p store.Profile) (recipe.Recipe, error) {
	r, inputs := recipe.Recipe{}, a.Inputs
	switch {
	case a.Recipe != nil:
		r = *a.Recipe
		if inputs == nil && r.ID == p.Recipe.ID {
			inputs = p.Recipe.Inputs
		}
	case p.Recipe.Source != "":
		var err error
		if r, err = recipe.Parse(p.Recipe.ID+".yaml", []byte(p.Recipe.Source)); err != nil {
			return r, err
		}
		inputs = p.Recipe.Inputs
	}
	values := maps.Clone(inputs)
	if values == nil {
		values = map[string]string{}
	}
	connection.AddAddresses(values, p.LoginURL, p.Org.InstanceURL)
	return r.FillAnswered(values), nil
}

// said leaves out what still holds a template: nobody has answered for it.
func said(text string) bool { return text != "" && !strings.Contains(text, "${") }

// wantSwitch: what the recipe's flow cannot do without is on, whatever else the
// recipe says of it. "default" means the form's own state; only the three boxes that
// Salesforce documents as ticked have one that is certain.
func (q *inquiry) wantSwitch(c auditCheck) any {
	flow := connection.Flow(q.r.Authorize.Flow)
	if c.id == "client_credentials_flow" && flow == connection.FlowClientCredentials || c.id == "jwt_bearer_flow" && flow == connection.FlowJWTBearer {
		return true
	}
	switch q.r.Switches[c.id] {
	case recipe.SwitchOn:
		return true
	case recipe.SwitchOff:
		return false
	case recipe.SwitchDefault:
		if slices.Contains([]string{"pkce_required", "secret_required_for_web_server", "secret_required_for_refresh"}, c.id) {
			return true
		}
	}
	return nil
}

// wantCallback: the vendor's lines must be there. Ours is needed by the next sign-in
// alone (docs/decisions/2026-11-22-removed-callback-lines.md).
func (q *inquiry) wantCallback(c auditCheck) any {
	if slices.Contains(q.r.CallbackURLs, c.value) && q.r.CallbackUse != "unused" {
		return true
	}
	return nil
}

func (q *inquiry) wantScopes(auditCheck) any {
	var out []string
	for _, s := range q.r.Scopes {
		switch {
		case said(s):
			out = append(out, s)
		case q.r.ScopesMatch != "at_least": // which others may be is not known
			return nil
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func (q *inquiry) wantPolicy(c auditCheck) any {
	label := map[string]string{
		"permitted_users": q.r.Policies.PermittedUsers, "ip_relaxation": q.r.Policies.IPRelaxation, "refresh_token_policy": q.r.Policies.RefreshTokenPolicy,
	}[c.id]
	if !said(label) {
		return nil
	}
	return label
}

// wantRunAs: the user matters where the client credentials flow is wanted.
func (q *inquiry) wantRunAs(auditCheck) any {
	if !said(q.r.Policies.RunAs) || q.wantSwitch(auditCheck{id: "client_credentials_flow"}) != true {
		return nil
	}
	return q.r.Policies.RunAs
}

func (q *inquiry) wantDistribution(auditCheck) any {
	if !said(q.r.App.DistributionState) {
		return nil
	}
	return q.r.App.DistributionState
}

func (q *inquiry) wantNames(auditCheck) any {
	name, api := q.r.App.Name, q.r.App.APIName
	switch {
	case said(name) && said(api):
		return name + " (" + api + ")"
	case said(name):
		return name
	}
	return nil
}

// place is where in Setup something of the app stands.
func (q *inquiry) place(rest string) string {
	name := q.appName()
	if name == "" {
		name = "your app"
	}
	return salesforce.PageExternalClientApps.Path() + " › " + name + " › " + rest
}
