package wizard

import (
	"slices"
	"strings"

	"example.com/sfconnect/internal/recipe"
)

func (f Form) oauthPage() Page {
	yes, r := true, f.Recipe
	lines := slices.Clone(r.CallbackURLs)
	for _, l := range f.Ours {
		if !slices.Contains(lines, l) {
			lines = append(lines, l)
		}
	}
	section := "API (Enable OAuth Settings)"
	callbacks := Row{Kind: RowLines, Label: "Callback URL", Values: lines, Note: f.note("callback_urls")}
	if r.CallbackUse == "unused" {
		callbacks.Note = beside("The form wants a line; "+r.Title+" does not use it.", callbacks.Note)
	}
	if f.Existing {
		section = "OAuth Settings"
		callbacks.Note = beside("add what is missing; other lines may stay", callbacks.Note)
	}
	p := Page{
		ID: pageOAuth, Title: "OAuth", Path: f.section(section),
		Rows: []Row{{Kind: RowCheck, Label: "Enable OAuth", On: &yes}, {Kind: RowHeading, Label: "App Settings"}, callbacks},
		Why:  f.whyCallback(),
	}
	if len(r.Scopes) > 0 {
		p.Rows = append(p.Rows, Row{Kind: RowPicks, Label: "OAuth Scopes", Values: recipe.ScopeLabels(r.Scopes), Note: f.scopesNote()})
		p.Why = append(p.Why, "The sentences differ a little between orgs. The values in brackets count.")
	}
	return p
}

// scopesNote says whether these are all, and which must not be among them, unless the
// recipe says it in its own words.
func (f Form) scopesNote() string {
	r, note := f.Recipe, "and no others"
	never := strings.Join(r.ScopesNever, ", ")
	switch {
	case r.Cautions["scopes"] != "":
		note = ""
	case r.ScopesMatch == "at_least" && never != "":
		note = "others may be selected, but not " + never
	case r.ScopesMatch == "at_least":
		note = "others may be selected"
	case never != "":
		note = "and no others, above all not " + never
	}
	return beside(note, f.note("scopes"))
}

func (f Form) whyCallback() []string {
	switch {
	case f.Recipe.CallbackUse == "unused" && len(f.Ours) == 0:
		return nil // the row says it
	case f.Flow.NeedsNobody():
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
