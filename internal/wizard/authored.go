package wizard

import (
	"slices"
	"strings"

	"example.com/sfconnect/internal/recipe"
)

// authored makes the recipe out of an author's answers. What was not said is noted as
// such.
func authored(a map[string]string) recipe.Recipe {
	r := recipe.Recipe{
		Schema: recipe.Schema, ID: a["id"], Title: a["title"], Vendor: a["vendor"], Summary: a["summary"],
		Source:       recipe.Source{URL: a["source_url"], Date: a["source_date"], Kind: a["source_kind"]},
		App:          recipe.App{Name: a["app_name"], APIName: a["api_name"], ContactEmail: a["contact_email"]},
		CallbackURLs: strings.Fields(a["callbacks"]), Scopes: strings.Fields(a["scopes"]), ScopesMatch: a["scopes_match"], ScopesNever: strings.Fields(a["scopes_never"]),
		RunAsUser: recipe.RunAsUser{Advice: a["user_advice"]},
		Authorize: recipe.Authorize{Flow: a["flow"], Public: a["public"] == "on"}, HandoverAt: a["handover_at"],
	}
	alone := a["flow"] == "client-credentials" || a["flow"] == "jwt-bearer"
	if alone && len(r.CallbackURLs) > 0 {
		r.CallbackUse = "unused" // the form wants a line
	}
	if a["flow"] == "client-credentials" {
		r.Authorize.Host = "my_domain"
	}
	if r.App.ContactEmail == "" {
		r.App.ContactEmail = "${contact_email}"
		r.Inputs = append(r.Inputs, recipe.Input{ID: "contact_email", Label: "Contact email for the app", Kind: recipe.KindEmail,
			Help: "Salesforce's form asks for one. Your own, or your team's; it is only shown in Setup."})
	}
	if alone {
		r.Policies.RunAs = "${acts_as}"
		r.Inputs = append(r.Inputs, recipe.Input{ID: "acts_as", Label: "Username that the integration acts as", Kind: recipe.KindText, Optional: true,
			Help: "The Username, which is not always the email address. Leave it empty if there is none yet."})
	}
	r.Switches, r.Source.Unsaid = boxes(a)
	for id, policy := range map[string]*string{"permitted_users": &r.Policies.PermittedUsers, "ip_relaxation": &r.Policies.IPRelaxation, "refresh_token_policy": &r.Policies.RefreshTokenPolicy} {
		if a[id] != unsaid {
			*policy = a[id]
		}
	}
	if a["policies"] != yes {
		r.Source.Unsaid = append(r.Source.Unsaid, "the policies")
	}
	for _, v := range handedOver() {
		if label := a["give_"+v.result]; label != "" {
			r.Handover = append(r.Handover, recipe.Field{Label: label, Value: "${" + v.result + "}", Secret: recipe.IsSecret(v.result)})
		}
	}
	r.HandoverDo, r.Notes = one(a["where"]), one(a["note"])
	return r
}

// boxes are the tick boxes that were spoken of, and what is left open.
func boxes(a map[string]string) (switches map[string]recipe.Switch, open []string) {
	switches = map[string]recipe.Switch{}
	for _, id := range recipe.SwitchIDs() {
		if a[id] != unsaid {
			switches[id] = recipe.Switch(a[id])
		}
	}
	own := map[string]string{"client-credentials": "client_credentials_flow", "jwt-bearer": "jwt_bearer_flow"}[a["flow"]]
	if own != "" { // the flow cannot do without
		switches[own] = recipe.SwitchOn
	}
	for part, words := range map[string]string{"flow_boxes": "the boxes of Flow Enablement", "security_boxes": "the boxes of Security"} {
		if a[part] != yes {
			open = append(open, words)
		}
	}
	slices.Sort(open)
	for _, id := range recipe.SwitchIDs() {
		part := "security_boxes"
		if slices.Contains(recipe.SwitchIDs()[:6], id) {
			part = "flow_boxes"
		}
		if _, said := switches[id]; !said && a[part] == yes {
			open = append(open, recipe.SwitchLabel(id))
		}
	}
	return switches, open
}

// one is a list of one text, or none.
func one(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}
