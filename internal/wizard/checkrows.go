package wizard

import (
	"slices"
	"strings"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/recipe"
)

func flowsPage(f Form) Page {
	r := f.Recipe
	ids := []string{"client_credentials_flow", "code_and_credentials_flow", "device_flow", "jwt_bearer_flow", "token_exchange_flow"}
	rows := switchRows(r, ids)
	if i := slices.IndexFunc(rows, func(w Row) bool { return w.Label == recipe.SwitchLabel("client_credentials_flow") }); i >= 0 && on(rows[i]) {
		rows = slices.Insert(rows, i+1, Row{Kind: RowDo, Label: "Click OK in the message that pops up"})
	}
	if i := slices.IndexFunc(rows, func(w Row) bool { return w.Label == recipe.SwitchLabel("jwt_bearer_flow") }); i >= 0 && on(rows[i]) && f.Certificate != "" {
		rows = slices.Insert(rows, i+1, Row{Kind: RowField, Label: "Upload Certificate", Value: f.Certificate, Note: "choose this file; sfconnect made it for this app"})
	}
	if r.Switches["token_exchange_flow"] == recipe.SwitchOn {
		rows = append(rows, switchRows(r, []string{"secret_required_for_token_exchange"})...)
	}
	return Page{ID: pageFlows, Path: newApp + " › Flow Enablement", Rows: rows, Why: []string{
		"Boxes that are not listed here: leave them as Salesforce has them.",
		"Signing in with the browser has no box of its own. It is on as soon as OAuth is on.",
	}}
}

func securityPage(r recipe.Recipe) Page {
	ids := []string{"secret_required_for_web_server", "secret_required_for_refresh", "pkce_required", "refresh_token_rotation", "named_user_jwt"}
	return Page{ID: pageSecurity, Path: newApp + " › Security", Rows: switchRows(r, ids), Why: []string{
		"A box that your org keeps ticked and grey can stay so. sfconnect works with it.",
	}}
}

// switchRows makes a tick box for each switch that the recipe speaks of.
func switchRows(r recipe.Recipe, ids []string) []Row {
	var rows []Row
	for _, id := range ids {
		row := Row{Kind: RowCheck, Label: recipe.SwitchLabel(id), Note: r.Cautions[id]}
		switch r.Switches[id] {
		case recipe.SwitchOn:
			row.On = new(bool)
			*row.On = true
		case recipe.SwitchOff:
			row.On = new(bool)
		case recipe.SwitchDefault:
			if row.Note == "" {
				row.Note = "leave it as it is"
			}
		default:
			continue
		}
		rows = append(rows, row)
	}
	return rows
}

func on(row Row) bool { return row.On != nil && *row.On }

func policiesPage(f Form) Page {
	r := f.Recipe
	var rows []Row
	radio := func(id, label, value string) {
		if value == "" {
			return
		}
		note := r.Cautions[id]
		if id == "permitted_users" && strings.HasPrefix(value, "All users") {
			note = strings.TrimSpace(`Some orgs write "may", some "can". ` + note)
		}
		rows = append(rows, Row{Kind: RowRadio, Label: label, Value: value, Note: note})
	}
	p := r.Policies
	radio("permitted_users", "Permitted Users", p.PermittedUsers)
	if strings.HasPrefix(p.PermittedUsers, "Admin approved") {
		who := "Under App Policies, select the profiles or permission sets that may use the app, yours included"
		if f.Flow == connection.FlowJWTBearer {
			who = "Under App Policies, select the profile or a permission set of the user whom the integration acts as"
			if f.ActsAs != "" {
				who += ": " + f.ActsAs
			}
		}
		rows = append(rows, Row{Kind: RowDo, Label: who})
	}
	if r.Switches["client_credentials_flow"] == recipe.SwitchOn {
		yes := true
		rows = append(rows, Row{Kind: RowHeading, Label: "OAuth Flows"},
			Row{Kind: RowCheck, Label: recipe.SwitchLabel("client_credentials_flow"), On: &yes, Note: "needed here too, beside the box in the form"})
	}
	switch {
	case f.Flow == connection.FlowJWTBearer:
	case p.RunAs != "":
		rows = append(rows, Row{Kind: RowField, Label: "Run As (Username)", Value: p.RunAs, Note: r.Cautions["run_as"]})
	case r.Switches["client_credentials_flow"] == recipe.SwitchOn:
		rows = append(rows, Row{Kind: RowField, Label: "Run As (Username)", Value: "", Note: "the user whom the integration acts as, by Username; one with API Only User is best"})
	}
	radio("ip_relaxation", "IP Relaxation", p.IPRelaxation)
	radio("refresh_token_policy", "Refresh Token Policy", p.RefreshTokenPolicy)
	if rows == nil {
		return Page{}
	}
	first := []Row{{Kind: RowDo, Label: "Open the Policies tab and click Edit"}}
	if rows[0].Kind != RowHeading {
		first = append(first, Row{Kind: RowHeading, Label: "OAuth Policies"})
	}
	rows = append(first, rows...)
	rows = append(rows, Row{Kind: RowDo, Label: "Click Save"})
	return Page{ID: pagePolicies, Path: appPath(r) + " › Policies", Rows: rows}
}

func keyPage(f Form) Page {
	next := "Leave that page open: the next step asks for both values"
	if !f.Secret {
		next = "Leave that page open: the next step asks for the Consumer Key"
	}
	return Page{
		ID: pageKey, Path: appPath(f.Recipe) + " › Settings › OAuth Settings",
		Rows: []Row{
			{Kind: RowDo, Label: "Open the Settings tab and expand OAuth Settings"},
			{Kind: RowDo, Label: "Click Consumer Key and Secret"},
			{Kind: RowDo, Label: "Enter the verification code that Salesforce emails you, if it asks for one"},
			{Kind: RowDo, Label: next},
		},
		Why: []string{
			"Some orgs call the button Manage Consumer Details.",
			"In a scratch org the email with the code never arrives.",
		},
	}
}

func appPath(r recipe.Recipe) string {
	name := r.App.Name
	if name == "" {
		name = "your app"
	}
	return "Setup › External Client App Manager › " + name
}
