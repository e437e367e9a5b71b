package cli

import (
	"fmt"
	"slices"
	"strings"

	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/wizard"
)

// recipeRows collects the rows of a recipe for people.
type recipeRows struct {
	r    recipe.Recipe
	rows []wizard.Row
}

// recipeSheet is everything that a recipe says, in the order in which it is used.
func recipeSheet(whole, r recipe.Recipe, variant string) []wizard.Row {
	s := &recipeRows{r: r}
	s.heading(r.Title+" ("+r.ID+")", r.Summary)
	s.field("Vendor", r.Vendor, "")
	for _, v := range whole.Variants {
		note := v.Summary
		if v.ID == variant {
			note = strings.TrimSuffix("this one; "+note, "; ")
		}
		s.field("Variant "+v.ID, v.Title, note)
	}
	s.source()
	if len(r.Inputs) > 0 {
		s.heading("You are asked", "")
	}
	for _, in := range r.Inputs {
		s.field("‹"+in.ID+"›", in.Label, inputNote(in))
	}
	if len(r.Needs) > 0 {
		s.heading("Have at hand", "")
		s.list("You need", r.Needs)
	}
	s.steps("before", "Before the app is made")
	s.form()
	s.policies()
	s.steps("after", "After the policies")
	s.signIn()
	s.handover()
	s.remarks()
	return s.rows
}

func (s *recipeRows) add(row wizard.Row) {
	row.Label, row.Value = shown(row.Label), shown(row.Value)
	row.Values = slices.Clone(row.Values)
	for i, v := range row.Values {
		row.Values[i] = shown(v)
	}
	s.rows = append(s.rows, row)
}

func (s *recipeRows) heading(text, note string) {
	s.add(wizard.Row{Kind: wizard.RowHeading, Label: text, Note: note})
}

func (s *recipeRows) field(label, value, note string) {
	if value != "" {
		s.add(wizard.Row{Kind: wizard.RowField, Label: label, Value: value, Note: note})
	}
}

// list is several sentences beside one label.
func (s *recipeRows) list(label string, values []string) {
	if len(values) > 0 {
		s.add(wizard.Row{Kind: wizard.RowField, Label: label, Values: values})
	}
}

func (s *recipeRows) actions(lines []string) {
	for _, line := range lines {
		s.add(wizard.Row{Kind: wizard.RowDo, Label: line})
	}
}

func (s *recipeRows) source() {
	src := s.r.Source
	note := ""
	if src.Date != "" {
		note = "read " + src.Date
	}
	if src.Kind == "connected_app" {
		note = strings.TrimPrefix(note+"; it describes a connected app, which can no longer be made", "; ")
	}
	s.field("Source", src.URL, note)
	for _, m := range src.More {
		note := m.For
		if m.Date != "" {
			note = strings.TrimSuffix("read "+m.Date+": "+note, ": ")
		}
		s.field("Source", m.URL, note)
	}
	s.list("It does not say", src.Unsaid)
}

// form is Salesforce's form, section by section.
func (s *recipeRows) form() {
	r := s.r
	s.heading("Basic Information", "")
	for _, f := range appFields(r.App) {
		s.field(f.label, f.value, r.Cautions[f.key])
	}
	s.heading("API (Enable OAuth Settings)", "")
	note := r.Cautions["callback_urls"]
	if r.CallbackUse == "unused" {
		note = strings.TrimSpace("The form wants one; the product does not use it. " + note)
	}
	if len(r.CallbackURLs) > 0 {
		s.add(wizard.Row{Kind: wizard.RowLines, Label: "Callback URL", Values: r.CallbackURLs, Note: note})
	}
	if len(r.Scopes) > 0 {
		note := "and no others"
		if r.ScopesMatch == "at_least" {
			note = "at least these"
		}
		s.add(wizard.Row{Kind: wizard.RowPicks, Label: "OAuth Scopes", Values: recipe.ScopeLabels(r.Scopes), Note: firstOf(r.Cautions["scopes"], note)})
	}
	s.field("Never", strings.Join(r.ScopesNever, ", "), "")
	ids := recipe.SwitchIDs()
	security := slices.Index(ids, "secret_required_for_web_server")
	s.switches("Flow Enablement", ids[:security])
	s.switches("Security", ids[security:])
	if c := r.Certificate; c != (recipe.Certificate{}) {
		s.heading("Certificate", "")
		if c.Days > 0 {
			s.field("Valid for", fmt.Sprintf("%d days", c.Days), "")
		}
		if c.KeySize > 0 {
			s.field("RSA key", fmt.Sprintf("%d bits", c.KeySize), "")
		}
	}
}

func (s *recipeRows) switches(title string, ids []string) {
	s.heading(title, "")
	for _, id := range ids {
		row := wizard.Row{Kind: wizard.RowCheck, Label: recipe.SwitchLabel(id), Note: s.r.Cautions[id]}
		yes, no := true, false
		switch v := s.r.Switches[id]; v {
		case recipe.SwitchOn:
			row.On = &yes
		case recipe.SwitchOff:
			row.On = &no
		case recipe.SwitchDefault:
			row.Note = firstOf(row.Note, "as the form has it")
		case recipe.SwitchUnsaid:
			row.Note = firstOf(row.Note, "the source does not say")
		default:
			row.Note = firstOf(row.Note, shown(string(v)))
		}
		s.add(row)
	}
}

func (s *recipeRows) policies() {
	p := s.r.Policies
	if p != (recipe.Policies{}) {
		s.heading("Policies", "")
	}
	labels := []string{"Permitted Users", "IP Relaxation", "Refresh Token Policy", "Run As (Username)"}
	for i, id := range recipe.PolicyIDs() {
		s.field(labels[i], policy(p, id), s.r.Cautions[id])
	}
	u := s.r.RunAsUser
	if u.Advice+u.License+u.Profile == "" && len(u.Permissions)+len(u.PermissionSets) == 0 {
		return
	}
	s.heading("The user whom it acts as", "")
	s.field("Advice", u.Advice, "")
	s.field("License", u.License, "")
	s.field("Profile", u.Profile, "")
	s.field("Permissions", strings.Join(u.Permissions, ", "), "")
	s.field("Permission sets", strings.Join(u.PermissionSets, ", "), "")
}

func (s *recipeRows) steps(at, title string) {
	first := true
	for _, step := range s.r.Steps {
		if step.At != at {
			continue
		}
		if first {
			s.heading(title, "")
			first = false
		}
		s.field("Step", step.Title, "")
		s.actions(step.Do)
		s.field("Caution", step.Caution, "")
	}
}

func (s *recipeRows) signIn() {
	a := s.r.Authorize
	s.heading("Sign-in", "")
	note := ""
	if a.Public {
		note = "without a Consumer Secret"
	}
	s.field("Flow", a.Flow, note)
	if a.Host == "my_domain" {
		s.field("Login URL", "the org's My Domain alone", "")
	}
	s.field("Prompt", a.Prompt, "")
}

func (s *recipeRows) handover() {
	r := s.r
	if len(r.Handover) == 0 {
		return
	}
	s.heading("Hand over", "")
	s.field("Where", r.HandoverAt, "")
	s.actions(r.HandoverDo)
	for _, f := range r.Handover {
		var notes []string
		if f.Secret {
			notes = append(notes, "secret")
		}
		if f.Where != "" {
			notes = append(notes, f.Where)
		}
		if f.Usual != "" {
			notes = append(notes, "usually "+f.Usual)
		}
		if f.When != "" {
			notes = append(notes, "only if "+f.When)
		}
		s.field(f.Label, f.Value, strings.Join(notes, "; "))
	}
}

func (s *recipeRows) remarks() {
	if len(s.r.Cleanup) > 0 {
		s.heading("Afterwards, in Salesforce", "")
		s.actions(s.r.Cleanup)
	}
	if len(s.r.Checks) > 0 {
		s.heading("If something shows up later", "")
	}
	for _, c := range s.r.Checks {
		s.field(c.Sign, c.Do, "")
	}
	if len(s.r.Notes) > 0 {
		s.heading("Notes", "")
		s.list("Note", s.r.Notes)
	}
}

// inputNote says what is accepted and what is proposed.
func inputNote(in recipe.Input) string {
	var notes []string
	if len(in.Options) > 0 {
		notes = append(notes, strings.Join(in.Options, ", "))
	} else {
		notes = append(notes, string(in.Kind))
	}
	if in.Default != "" {
		notes = append(notes, "begins with "+in.Default)
	}
	if in.Example != "" {
		notes = append(notes, "such as "+in.Example)
	}
	if in.Optional {
		notes = append(notes, "may stay empty")
	}
	if in.When != "" {
		notes = append(notes, "asked if "+in.When)
	}
	return strings.Join(notes, "; ")
}

// shown is a template for people: ‹consumer_key› for ${consumer_key}.
func shown(text string) string {
	return recipe.Expand(text, func(name string) (string, bool) { return "‹" + name + "›", true })
}
