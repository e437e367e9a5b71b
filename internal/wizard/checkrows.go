package wizard

import (
	"slices"

	"example.com/sfconnect/internal/recipe"
)

func (f Form) flowsPage() Page {
	r := f.Recipe
	ids := []string{"client_credentials_flow", "code_and_credentials_flow", "device_flow", "jwt_bearer_flow", "token_exchange_flow"}
	rows := f.switchRows(ids)
	if i := slices.IndexFunc(rows, func(w Row) bool { return w.Label == recipe.SwitchLabel("client_credentials_flow") }); i >= 0 && on(rows[i]) {
		rows = slices.Insert(rows, i+1, Row{Kind: RowDo, Label: f.ifTicked("Click OK in the message that pops up")})
	}
	if i := slices.IndexFunc(rows, func(w Row) bool { return w.Label == recipe.SwitchLabel("jwt_bearer_flow") }); i >= 0 && on(rows[i]) && f.Certificate != "" {
		rows = slices.Insert(rows, i+1, f.certificateRow())
	}
	if r.Switches["token_exchange_flow"] == recipe.SwitchOn {
		rows = append(rows, f.switchRows([]string{"secret_required_for_token_exchange"})...)
	}
	p := Page{ID: pageFlows, Title: "Flow enablement", Path: f.section("Flow Enablement"), Rows: rows, Why: []string{
		"Boxes that are not listed here: leave them as Salesforce has them.",
	}}
	if f.Flow.Browser() {
		p.Why = append(p.Why, "Signing in with the browser has no box of its own. It is on as soon as OAuth is on.")
	}
	return p
}

func (f Form) securityPage() Page {
	ids := []string{"secret_required_for_web_server", "secret_required_for_refresh", "pkce_required", "refresh_token_rotation", "named_user_jwt"}
	p := Page{ID: pageSecurity, Title: "Security", Path: f.section("Security"), Rows: f.switchRows(ids)}
	if f.Secret {
		p.Why = []string{"A box that your org keeps ticked and grey can stay so. sfconnect works with it."}
	}
	return p
}

// ifTicked words what follows a click on a box that may be ticked already.
func (f Form) ifTicked(text string) string {
	if f.Existing {
		return "If you tick it now: " + lowerFirst(text)
	}
	return text
}

// certificateRow names the file to upload. An app has one certificate.
func (f Form) certificateRow() Row {
	note := "choose this file; sfconnect made it for this app"
	if f.Existing {
		note = "choose this file; it takes the place of the certificate there, and what signs in with that one's key stops working"
	}
	return Row{Kind: RowField, Label: "Upload Certificate", Value: f.Certificate, Note: note}
}

// switchRows makes a tick box for each switch that the recipe speaks of.
func (f Form) switchRows(ids []string) []Row {
	var rows []Row
	for _, id := range ids {
		row := Row{Kind: RowCheck, Label: recipe.SwitchLabel(id), Note: f.note(id)}
		switch f.Recipe.Switches[id] {
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
