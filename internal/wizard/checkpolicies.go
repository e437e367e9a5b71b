package wizard

import (
	"strings"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
)

func (f Form) policiesPage() Page {
	r := f.Recipe
	var rows []Row
	radio := func(id, label, value string) {
		if value == "" {
			return
		}
		note := f.note(id)
		if id == "permitted_users" && strings.HasPrefix(value, "All users") {
			note = strings.TrimSpace(`Some orgs write "may", some "can". ` + note)
		}
		rows = append(rows, Row{Kind: RowRadio, Label: label, Value: value, Note: note})
	}
	p := r.Policies
	radio("permitted_users", "Permitted Users", p.PermittedUsers)
	if strings.HasPrefix(p.PermittedUsers, "Admin approved") {
		who := "Under App Policies, select the profiles or permission sets that may use the app, yours included"
		if f.Flow.NeedsNobody() {
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
		rows = append(rows, Row{Kind: RowField, Label: "Run As (Username)", Value: p.RunAs, Note: beside(f.whichUser(), r.Cautions["run_as"])})
	case r.Switches["client_credentials_flow"] == recipe.SwitchOn:
		rows = append(rows, Row{Kind: RowField, Label: "Run As (Username)", Value: "", Note: f.whichUser()})
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
	return Page{ID: pagePolicies, Title: "Policies", Path: f.appPath() + " › Policies", URL: f.Link(salesforce.PageExternalClientApps), Rows: rows}
}

// whichUser says which user to enter in Run As.
func (f Form) whichUser() string {
	u := f.Recipe.RunAsUser
	switch {
	case len(f.userPage().Rows) > 0:
		return `the user of the page "The integration's user", by Username`
	case u.Advice != "":
		return beside("by Username", u.Advice)
	case f.Recipe.Policies.RunAs != "":
		return ""
	}
	return "the user whom the integration acts as, by Username; one with API Only User is best"
}

func (f Form) keyPage() Page {
	next, done := "Leave that page open: the next step asks for both values", "Done, I have both in front of me"
	if !f.Secret {
		next, done = "Leave that page open: the next step asks for the Consumer Key", "Done, I have the key in front of me"
	}
	return Page{
		ID: pageKey, Title: "Key and secret", Path: f.appPath() + " › Settings › OAuth Settings", URL: f.Link(salesforce.PageExternalClientApps),
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
		Done: done,
	}
}
