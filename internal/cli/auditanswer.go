package cli

import (
	"fmt"
	"slices"
	"strings"

	"example.com/sfconnect/internal/check"
	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/term"
	"example.com/sfconnect/internal/wizard"
)

type auditJSON struct {
	Schema  int           `json:"schema"`
	OK      bool          `json:"ok"`
	Profile string        `json:"profile"`
	Recipe  string        `json:"recipe"`
	Variant string        `json:"variant"`
	Checks  []findingJSON `json:"checks"`
	Notes   []noteJSON    `json:"notes"`
	Error   *errorJSON    `json:"error,omitempty"`
}

type findingJSON struct {
	ID       string `json:"id"`
	Want     any    `json:"want"`
	Got      any    `json:"got"`
	Status   string `json:"status"`
	Evidence string `json:"evidence"`
	Detail   string `json:"detail"`
	Hint     string `json:"hint"`
}

type noteJSON struct {
	Status string `json:"status"`
	Text   string `json:"text"`
	Hint   string `json:"hint"`
}

func (a *app) toAuditJSON(r check.Audited) auditJSON {
	out := auditJSON{Schema: 1, OK: r.OK(), Profile: r.Profile, Recipe: r.Recipe, Variant: r.Variant, Checks: []findingJSON{}, Notes: []noteJSON{}}
	for _, f := range r.Findings {
		out.Checks = append(out.Checks, findingJSON{f.Name, f.Want, f.Got, string(f.Status), string(f.Evidence), a.redactor.Redact(f.Detail), a.redactor.Redact(f.Hint)})
	}
	for _, n := range r.Notes {
		out.Notes = append(out.Notes, noteJSON{string(n.Status), a.redactor.Redact(n.Text), a.redactor.Redact(n.Hint)})
	}
	return out
}

// auditCount is how many findings there are of each kind.
type auditCount struct{ ok, differ, unknown int }

func countFindings(r check.Audited) auditCount {
	var c auditCount
	for _, f := range r.Findings {
		switch {
		case f.Status == check.Fail:
			c.differ++
		case f.Want == nil:
		case f.Status == check.Unknown:
			c.unknown++
		default:
			c.ok++
		}
	}
	return c
}

// String is the count for people: "22 ok, 1 to mend, 2 unknown".
func (c auditCount) String() string {
	parts := []string{fmt.Sprintf("%d ok", c.ok)}
	if c.differ > 0 {
		parts = append(parts, fmt.Sprintf("%d to mend", c.differ))
	}
	if c.unknown > 0 {
		parts = append(parts, fmt.Sprintf("%d unknown", c.unknown))
	}
	return strings.Join(parts, ", ")
}

// auditTitle says what was compared with what.
func auditTitle(r check.Audited) string {
	app := r.App
	if app == "" {
		app = "The app"
	}
	title := app + " in " + connection.OrgTitle(r.Saved.Org)
	if r.Recipe == "" {
		return title + ", and no recipe to compare with"
	}
	return title + ", against the recipe " + recipeTitle(r)
}

// recipeTitle names the recipe, and which of its methods.
func recipeTitle(r check.Audited) string {
	if r.Variant == "" {
		return r.Recipe
	}
	return r.Recipe + ", variant " + r.Variant
}

// sayAudit shows an audit to people: what differs first, then what could not be told,
// then what is as asked, then what the recipe does not speak of.
func (a *app) sayAudit(r check.Audited) {
	out := a.people(a.Stdout, a.StdoutTTY)
	fmt.Fprintln(a.Stdout, "Profile "+clean(r.Profile))
	out.Line(wizard.Line{Text: a.redactor.Redact(auditTitle(r))})
	out.Line(wizard.Line{Text: countFindings(r).String() + "."})
	fmt.Fprintln(a.Stdout)
	differ, unknown, ok, unsaid := a.sortFindings(r)
	linkOnce(differ, unknown)
	out.Findings(differ)
	out.Findings(unknown)
	out.Findings(ok)
	if len(unsaid) > 0 {
		fmt.Fprintln(a.Stdout)
		head := "The recipe does not say how these should be:"
		if r.Recipe == "" {
			head = "This is how the app is set up:"
		}
		out.Line(wizard.Line{Text: head})
		out.Findings(unsaid)
	}
	if len(r.Notes) > 0 {
		fmt.Fprintln(a.Stdout)
	}
	for _, n := range r.Notes {
		mark := wizard.MarkNote
		if n.Status == check.Warn {
			mark = wizard.MarkWarn
		}
		out.Line(wizard.Line{Mark: mark, Text: a.redactor.Redact(n.Text), Hint: a.redactor.Redact(n.Hint)})
	}
}

// adviseAudit says what to do about an audit that has been said.
func (a *app) adviseAudit(r check.Audited) {
	switch {
	case r.Recipe == "":
		a.note("This connection was made without a recipe. Compare it with one: sfconnect audit%s --recipe ID", a.profileFlag(r.Profile))
	case !r.OK():
		a.note("Mend what is marked (x). sfconnect audit%s --watch looks again meanwhile.", a.profileFlag(r.Profile))
	}
}

// sortFindings makes the four groups. What is unknown for one reason stands together.
func (a *app) sortFindings(r check.Audited) (differ, unknown, ok, unsaid []term.Finding) {
	for _, f := range r.Findings {
		row := a.toFinding(f)
		switch {
		case f.Status == check.Fail:
			differ = append(differ, row)
		case f.Status == check.Unknown && f.Want != nil:
			i := slices.IndexFunc(unknown, func(u term.Finding) bool { return u.Detail == row.Detail })
			if i < 0 {
				unknown = append(unknown, row)
				continue
			}
			unknown[i].Label += ", " + row.Label
			if _, link, found := strings.Cut(row.Hint, "\n"); found {
				unknown[i].Hint = "Look at them in Setup, or with another user.\n" + link
			}
		case f.Status == check.Pass && f.Want != nil:
			ok = append(ok, row)
		case f.Status == check.Pass:
			unsaid = append(unsaid, row)
		}
	}
	return differ, unknown, ok, unsaid
}

// linkOnce leaves each address below the first finding that has it.
func linkOnce(groups ...[]term.Finding) {
	seen := map[string]bool{}
	for _, group := range groups {
		for i, f := range group {
			var lines []string
			for line := range strings.SplitSeq(f.Hint, "\n") {
				if address := strings.Contains(line, "://"); !address || !seen[line] {
					lines = append(lines, line)
				}
				seen[line] = true
			}
			group[i].Hint = strings.Join(lines, "\n")
		}
	}
}

func (a *app) toFinding(f check.Finding) term.Finding {
	row := term.Finding{
		Mark: wizard.MarkOK, Label: f.Label(), Wanted: f.Spoken(f.Want), Found: f.Spoken(f.Got), How: string(f.Evidence),
		Detail: a.redactor.Redact(f.Detail), Hint: a.redactor.Redact(f.Hint),
	}
	if _, line, several := strings.Cut(f.Name, ":"); several {
		row.Label += " " + line
	}
	switch {
	case f.Status == check.Fail:
		row.Mark = wizard.MarkFail
	case f.Status == check.Unknown:
		row.Mark = wizard.MarkUnknown
	case f.Want == nil:
		row.Mark = wizard.MarkNone
	}
	return row
}
