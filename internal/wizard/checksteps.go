package wizard

import (
	"fmt"

	"example.com/sfconnect/internal/salesforce"
)

// pageUser is the page on the user whom the integration acts as.
const pageUser = "run_as_user"

// stepPages are the recipe's own steps, before the app is made or after the policies, a
// page each.
func (f Form) stepPages(at string) (pages []Page) {
	for n, step := range f.Recipe.Steps {
		if step.At != at {
			continue
		}
		p := Page{ID: fmt.Sprintf("%s_%d", at, n+1), Title: step.Title, Path: step.Title}
		if setup := salesforce.SetupPageOf(step.Page); setup != "" {
			p.Path, p.URL = setup.Path(), f.Link(setup)
		}
		for _, do := range step.Do {
			p.Rows = append(p.Rows, Row{Kind: RowDo, Label: do})
		}
		if step.Caution != "" {
			p.Rows = append(p.Rows, Row{Kind: RowCaution, Label: step.Caution})
		}
		pages = append(pages, p)
	}
	return pages
}

// userPage says what the user should be whom the integration acts as; empty where the
// recipe says no more than a sentence.
func (f Form) userPage() Page {
	u := f.Recipe.RunAsUser
	if u.License == "" && u.Profile == "" && len(u.Permissions)+len(u.PermissionSets) == 0 {
		return Page{}
	}
	who := "Make a user who signs in for the integration, or choose one"
	if f.Flow.NeedsNobody() {
		who = "Make a user whom the integration acts as, or choose one"
	}
	p := Page{
		ID: pageUser, Title: "The integration's user", Path: salesforce.PageUsers.Path(), URL: f.Link(salesforce.PageUsers),
		Rows: []Row{{Kind: RowDo, Label: who, Note: u.Advice}},
	}
	if u.License != "" {
		p.Rows = append(p.Rows, Row{Kind: RowRadio, Label: "User License", Value: u.License})
	}
	if u.Profile != "" {
		p.Rows = append(p.Rows, Row{Kind: RowRadio, Label: "Profile", Value: u.Profile, Note: f.advice["run_as"]})
	}
	if len(u.Permissions) > 0 {
		p.Rows = append(p.Rows, Row{Kind: RowHeading, Label: "System permissions, by profile or permission set"})
	}
	yes := true
	for _, name := range u.Permissions {
		p.Rows = append(p.Rows, Row{Kind: RowCheck, Label: name, On: &yes})
	}
	if len(u.PermissionSets) > 0 {
		p.Rows = append(p.Rows, Row{Kind: RowPicks, Label: "Permission Set Assignments", Values: u.PermissionSets})
	}
	return p
}
