package wizard

import (
	"slices"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
)

// Links gives the address of a Setup page in the admin's own org, or "".
type Links func(salesforce.SetupPage) string

// The IDs of the checklist's pages, in the order of Salesforce's screens.
const (
	pageAppManager = "app_manager"
	pageBasic      = "basic_information"
	pageOAuth      = "oauth"
	pageFlows      = "flow_enablement"
	pageSecurity   = "security"
	pagePolicies   = "policies"
	pageKey        = "key_and_secret"
)

// newApp is where the form is found.
const newApp = "Setup › App Manager › New External Client App"

// Form is what the checklist is made from.
type Form struct {
	Recipe      recipe.Recipe // filled in
	Flow        connection.Flow
	Secret      bool     // the integration works with a Consumer Secret
	Ours        []string // the callback lines that sfconnect itself needs
	Certificate string   // the file to upload for the JWT bearer flow
	ActsAs      string   // the user whom that flow acts as
	Link        Links
}

// Checklist makes the pages for a filled recipe: what to click, fill in and
// tick, as Salesforce's form shows it, and nothing that the recipe leaves to the form.
func Checklist(f Form) []Page {
	r, link := f.Recipe, f.Link
	pages := []Page{appManagerPage(link), basicPage(r), oauthPage(f)}
	for _, p := range []Page{flowsPage(f), securityPage(r)} {
		if len(p.Rows) > 0 {
			pages = append(pages, p)
		}
	}
	form := &pages[len(pages)-1]
	form.Rows = append(form.Rows, Row{Kind: RowDo, Label: "Click Create at the end of the form"})
	for i := 1; i < len(pages); i++ {
		pages[i].URL = link(salesforce.PageAppManager)
	}
	for _, p := range []Page{policiesPage(f), keyPage(f)} {
		if len(p.Rows) > 0 {
			p.URL = link(salesforce.PageExternalClientApps)
			pages = append(pages, p)
		}
	}
	for i := range pages {
		pages[i].Done = "Done, next page"
	}
	pages[len(pages)-1].Done = "Done, I have both in front of me"
	if !f.Secret {
		pages[len(pages)-1].Done = "Done, I have the key in front of me"
	}
	return pages
}

// pageTitle names a page in the head of the screen.
func pageTitle(id string) string {
	switch id {
	case pageAppManager:
		return "App Manager"
	case pageBasic:
		return "Basic information"
	case pageOAuth:
		return "OAuth"
	case pageFlows:
		return "Flow enablement"
	case pageSecurity:
		return "Security"
	case pagePolicies:
		return "Policies"
	case pageKey:
		return "Key and secret"
	}
	return id
}

func appManagerPage(link Links) Page {
	p := Page{
		ID: pageAppManager, Path: salesforce.PageAppManager.Path(), URL: link(salesforce.PageAppManager),
		Rows: []Row{
			{Kind: RowDo, Label: "Sign in to Salesforce, click the gear icon and open Setup"},
			{Kind: RowDo, Label: "Type App Manager in the Quick Find box and choose App Manager"},
			{Kind: RowDo, Label: "Click New External Client App"},
		},
		Why: []string{
			"Nothing is changed in your org by sfconnect: you fill in the form, and nothing happens before you click Create.",
			"No such button? It is also on Setup › External Client App Manager. It needs Lightning Experience.",
		},
	}
	if p.URL == "" {
		p.Why = append(p.Why, "With your own My Domain address as login URL, sfconnect can open these pages for you.")
	}
	return p
}

func basicPage(r recipe.Recipe) Page {
	a := r.App
	row := func(kind RowKind, id, label, value string) Row {
		return Row{Kind: kind, Label: label, Value: value, Note: r.Cautions[id]}
	}
	rows := []Row{
		row(RowField, "name", "External Client App Name", a.Name),
		row(RowField, "api_name", "API Name", a.APIName),
		row(RowField, "contact_email", "Contact Email", a.ContactEmail),
		row(RowRadio, "distribution_state", "Distribution State", a.DistributionState),
	}
	if a.APIName == "" {
		rows[1].Note = "leave what Salesforce fills in from the name"
	}
	if a.ContactEmail == "" {
		rows[2].Note = "your own"
	}
	if a.DistributionState == "" {
		rows[3].Value, rows[3].Note = "Local", "for this org only"
	}
	for _, optional := range []Row{
		row(RowField, "contact_phone", "Contact Phone", a.ContactPhone),
		row(RowField, "info_url", "Info URL", a.InfoURL),
		row(RowField, "logo_url", "Logo Image URL", a.LogoURL),
		row(RowField, "icon_url", "Icon URL", a.IconURL),
		row(RowField, "description", "Description", a.Description),
	} {
		if optional.Value != "" {
			rows = append(rows, optional)
		}
	}
	return Page{ID: pageBasic, Path: newApp + " › Basic Information", Rows: rows}
}

func oauthPage(f Form) Page {
	yes, r := true, f.Recipe
	lines := slices.Clone(r.CallbackURLs)
	for _, l := range f.Ours {
		if !slices.Contains(lines, l) {
			lines = append(lines, l)
		}
	}
	p := Page{
		ID: pageOAuth, Path: newApp + " › API (Enable OAuth Settings)",
		Rows: []Row{
			{Kind: RowCheck, Label: "Enable OAuth", On: &yes},
			{Kind: RowHeading, Label: "App Settings"},
			{Kind: RowLines, Label: "Callback URL", Values: lines, Note: r.Cautions["callback_urls"]},
		},
		Why: whyCallback(f),
	}
	if len(r.Scopes) > 0 {
		note := r.Cautions["scopes"]
		if note == "" {
			note = "and no others"
		}
		p.Rows = append(p.Rows, Row{Kind: RowPicks, Label: "OAuth Scopes", Values: recipe.ScopeLabels(r.Scopes), Note: note})
		p.Why = append(p.Why, "The sentences differ a little between orgs. The values in brackets count.")
	}
	return p
}

func whyCallback(f Form) []string {
	if f.Flow.NeedsNobody() {
		return []string{"Salesforce's form wants a Callback URL. This way of signing in does not use it."}
	}
	exact := "Salesforce compares callback lines letter by letter: copy them, do not retype them."
	if len(f.Ours) == 0 {
		return []string{exact}
	}
	return []string{
		"Why localhost? So that sfconnect can sign in and check your app from this computer. You may remove those lines at the end.",
		"Salesforce's help asks for https; http is accepted for localhost.",
		exact,
	}
}
