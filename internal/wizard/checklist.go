package wizard

import (
	"slices"
	"strings"

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
	Existing    bool     // the app is there: the pages are to be compared with it
	Ours        []string // the callback lines that sfconnect itself needs
	Certificate string   // the file to upload for the JWT bearer flow
	ActsAs      string   // the user whom that flow acts as
	Link        Links

	advice map[string]string // what Salesforce makes of the recipe's values, by box
}

// Checklist makes the pages for a filled recipe: what to click, fill in and
// tick, as Salesforce's form shows it, and nothing that the recipe leaves to the form.
// For an app that exists they say the same, to be compared with it.
func Checklist(f Form) []Page {
	f.advice = recipe.Advice(f.Recipe)
	form := applying([]Page{f.appPage(), f.basicPage(), f.oauthPage(), f.flowsPage(), f.securityPage()})
	end := &form[len(form)-1]
	end.Rows = append(end.Rows, f.endOfForm())
	for i := range form {
		form[i].URL = form[0].URL
	}
	last := f.keyPage()
	pages := applying(slices.Concat(f.stepPages("before"), []Page{f.userPage()}, form, []Page{f.policiesPage()}, f.stepPages("after"), []Page{last}))
	for i := range pages {
		pages[i].Done = "Done, next page"
		if f.Existing {
			pages[i].Done = "Compared, next page"
		}
	}
	pages[len(pages)-1].Done = last.Done
	return pages
}

// applying leaves out the pages on which there is nothing to do.
func applying(pages []Page) (out []Page) {
	for _, p := range pages {
		if len(p.Rows) > 0 {
			out = append(out, p)
		}
	}
	return out
}

// note is what stands beside a box: the recipe's own caution, and what Salesforce makes
// of the value.
func (f Form) note(id string) string { return beside(f.Recipe.Cautions[id], f.advice[id]) }

// beside joins remarks on one box, sentences and fragments.
func beside(remarks ...string) string {
	all := ""
	for _, r := range remarks {
		switch {
		case all == "" || r == "":
			all += r
		case strings.HasSuffix(all, "."):
			all += " " + r
		case strings.HasSuffix(r, "."):
			all += ". " + upperFirst(r)
		default:
			all += "; " + r
		}
	}
	return all
}

// section names a part of the form as a person finds it.
func (f Form) section(name string) string {
	if f.Existing {
		return f.appPath() + " › Settings › " + name
	}
	return newApp + " › " + name
}

// appPath is where the app is found once it is there.
func (f Form) appPath() string {
	if f.Existing {
		return appPath(recipe.Recipe{}) // it may have any name
	}
	return appPath(f.Recipe)
}

func appPath(r recipe.Recipe) string {
	name := r.App.Name
	if name == "" {
		name = "your app"
	}
	return "Setup › External Client App Manager › " + name
}

func (f Form) endOfForm() Row {
	if f.Existing {
		return Row{Kind: RowDo, Label: "Click Save, if you corrected anything on these pages"}
	}
	return Row{Kind: RowDo, Label: "Click Create at the end of the form"}
}

// appPage leads to the form, or to the app that is there.
func (f Form) appPage() Page {
	setup := salesforce.PageAppManager
	p := Page{
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
	if f.Existing {
		setup = salesforce.PageExternalClientApps
		p.Rows = []Row{
			{Kind: RowDo, Label: "Sign in to Salesforce, click the gear icon and open Setup"},
			{Kind: RowDo, Label: "Type External Client App Manager in the Quick Find box and choose it"},
			{Kind: RowDo, Label: "Click the name of your app and open its Settings tab"},
			{Kind: RowDo, Label: "Compare it with the next pages, and correct what differs"},
		}
		p.Why = []string{
			"Nothing is changed in your org by sfconnect. A change that you save takes up to 10 minutes to be known.",
			"Not in that list? A connected app, the older kind, is on Setup › App Manager. It goes on working, and its boxes have much the same names.",
		}
	}
	p.ID, p.Title, p.Path, p.URL = pageAppManager, strings.TrimPrefix(setup.Path(), "Setup › "), setup.Path(), f.Link(setup)
	if p.URL == "" {
		p.Why = append(p.Why, "With your own My Domain address as login URL, sfconnect can open these pages for you.")
	}
	if old := f.advice[recipe.AdviceApp]; old != "" {
		p.Why = append(p.Why, old)
	}
	return p
}

func (f Form) basicPage() Page {
	a := f.Recipe.App
	row := func(kind RowKind, id, label, value string) Row {
		return Row{Kind: kind, Label: label, Value: value, Note: f.note(id)}
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
	if f.Existing {
		rows[0].Note, rows[1].Note = "another name does no harm", "another one does no harm"
		if a.APIName == "" {
			rows[1].Note = "any will do"
		}
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
	return Page{ID: pageBasic, Title: "Basic information", Path: f.section("Basic Information"), Rows: rows}
}
