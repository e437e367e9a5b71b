package guide

import (
	"strings"

	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
)

// appName is what the admin looks for in the list of apps.
func (w *writer) appName() Text {
	if w.r.App.Name == "" {
		return words("your app")
	}
	return value(w.r.App.Name)
}

// appPath is where a tab of the app is found.
func (w *writer) appPath(tab string) string {
	return salesforce.PageExternalClientApps.Path() + " › " + w.appName().Plain() + " › " + tab
}

func (w *writer) policies() Section {
	s := w.at(salesforce.PageExternalClientApps, Section{ID: "policies", Title: "Set the policies", Number: step, Blocks: []Block{
		{Do: []Text{
			words("Salesforce shows the new app. If it does not: ", strong("Setup › External Client App Manager"), ", then ", w.appName(), "."),
			words("Open the ", strong("Policies"), " tab and click ", strong("Edit"), "."),
			words("Set what is set here, leave the rest as it is, and click ", strong("Save"), "."),
		}},
		{Form: &Form{Title: w.appName().Plain(), Tabs: []string{"Policies", "Settings"}, Tab: "Policies", Action: "Edit", Submit: "Save", Groups: []Group{
			w.appPolicies(), w.oauthPolicies(),
		}}},
	}})
	s.Path = w.appPath("Policies")
	return s
}

// approved reports whether only users whom an admin approved may use the app.
func (w *writer) approved() bool {
	return strings.HasPrefix(w.r.Policies.PermittedUsers, "Admin approved")
}

func (w *writer) appPolicies() Group {
	profiles := Control{Kind: KindField, Label: "Select Profiles", Leave: true}
	sets := Control{Kind: KindField, Label: "Select Permission Sets", Leave: true}
	if w.approved() {
		profiles.Leave, profiles.Value = false, Text{{Words: "profile of who may use the app", Gap: true}}
		if w.flow == "jwt-bearer" || w.flow == "client-credentials" {
			profiles.Value = Text{{Words: "profile of the user whom the integration acts as", Gap: true}}
		}
		if p := w.r.RunAsUser.Profile; p != "" {
			profiles.Value = value(p)
		}
		profiles.Notes = append(profiles.Notes, words("Or select a permission set of that user instead. A profile is the surer way: a permission set on the Salesforce API Integration license cannot carry an app."))
	}
	return Group{ID: "app-policies", Title: "App Policies", Rows: []Control{profiles, sets}}
}

func (w *writer) oauthPolicies() Group {
	p := w.r.Policies
	permitted := w.policy(KindList, "permitted_users", "Permitted Users", p.PermittedUsers)
	if strings.HasPrefix(p.PermittedUsers, "All users") {
		permitted.Notes = append([]Text{words("Some orgs write “may self-authorize”, some “can self-authorize”.")}, permitted.Notes...)
	}
	rows := []Control{
		permitted, w.policy(KindList, "ip_relaxation", "IP Relaxation", p.IPRelaxation),
		w.policy(KindRadio, "refresh_token_policy", "Refresh Token Policy", p.RefreshTokenPolicy),
		{Kind: KindHeading, Label: "OAuth Flows"},
	}
	return Group{ID: "oauth-policies", Title: "OAuth Policies", Rows: append(rows, w.runAs()...)}
}

// runAs is the box of the client credentials flow, which stands here once more,
// and the user that it works as.
func (w *writer) runAs() []Control {
	on := w.r.Switches["client_credentials_flow"] == recipe.SwitchOn
	box := Control{Kind: KindTick, Label: recipe.SwitchLabel("client_credentials_flow"), On: on, Leave: !on}
	user := Control{Kind: KindField, ID: "run_as", Label: "Run As (Username)", Sub: true, Leave: !on, Value: value(w.r.Policies.RunAs)}
	if on {
		box.Notes = append(box.Notes, words("Needed here too, beside the box in the form."))
		user.Notes = append(user.Notes, words("The Username as Setup › Users shows it, not the email address. Look at this field once more after saving: turning the box off and on may clear it."))
		if len(user.Value) == 0 {
			user.Value = Text{{Words: "Username of the user whom the integration acts as", Gap: true}}
		}
	} else if len(user.Value) > 0 && w.flow != "jwt-bearer" {
		user.Leave = false
	} else {
		user.Value = nil
	}
	w.caution(&user)
	return []Control{box, user}
}

func (w *writer) policy(kind Kind, id, label, chosen string) Control {
	c := Control{Kind: kind, ID: id, Label: label, Value: said(chosen), Leave: chosen == ""}
	if kind == KindRadio {
		known := false
		for _, l := range recipe.PolicyLabels(id) {
			stem, counted := strings.CutSuffix(l, " n")
			o := Option{Label: l, Chosen: l == chosen || counted && strings.HasPrefix(chosen, stem+" ")}
			if o.Chosen {
				o.Label, known = chosen, true
			} else if counted {
				o.Label = stem + " …"
			}
			c.Options = append(c.Options, o)
		}
		if !known && chosen != "" {
			c.Kind, c.Options = KindList, nil
		}
	}
	w.caution(&c)
	return c
}

func (w *writer) keys() Section {
	both := "Consumer Key and Consumer Secret"
	if w.public() {
		both = "Consumer Key"
	}
	shown := []Control{{Kind: KindField, Label: "Consumer Key", Value: value("${consumer_key}")}}
	if !w.public() {
		shown = append(shown, Control{Kind: KindField, Label: "Consumer Secret", Value: value("${consumer_secret}")})
	}
	s := w.at(salesforce.PageExternalClientApps, Section{ID: "keys", Title: "Copy the " + both, Number: step, Blocks: []Block{
		{Do: []Text{
			words("Open the ", strong("Settings"), " tab of the app and expand ", strong("OAuth Settings"), "."),
			words("Click ", strong("Consumer Key and Secret"), ". Some orgs call the button Manage Consumer Details."),
			words("Salesforce wants to know that it is you. Enter the code that it emails you, or that your authenticator app shows, into ", strong("Verification Code"), " and click ", strong("Verify"), "."),
			words("Leave the page that opens as it is: you copy from it later. Copy each value whole."),
		}},
		{Form: &Form{Picture: true, Title: w.appName().Plain(), Tabs: []string{"Policies", "Settings"}, Tab: "Settings", Groups: []Group{
			{ID: "oauth-settings", Title: "OAuth Settings", Rows: []Control{{Kind: KindButton, Label: "Consumer Key and Secret"}}},
			{ID: "verification", Title: "Then Salesforce asks for the code", Rows: []Control{
				{Kind: KindField, Label: "Verification Code", Required: true, Value: Text{{Words: "the code", Gap: true}}},
				{Kind: KindButton, Label: "Verify"},
			}},
			{ID: "key-and-secret", Title: "Then it shows the values", Rows: shown},
		}}},
	}})
	s.Path = w.appPath("Settings › OAuth Settings")
	if w.public() {
		s.Blocks = append(s.Blocks, Block{Remark: &Remark{Text: words("The Consumer Secret on the same page is not needed: " + w.within() + " works without it. Leave it where it is.")}})
	} else {
		s.Blocks = append(s.Blocks, Block{Remark: &Remark{Caution: true, Text: words("The Consumer Secret is like a password. Copy it from page to page; do not keep it in a file, an email or a screenshot.")}})
	}
	s.Blocks = append(s.Blocks, Block{Para: words("In a scratch org the email with the code never arrives.")})
	return s
}
