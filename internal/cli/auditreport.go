package cli

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"path/filepath"
	"strings"

	"example.com/sfconnect/internal/check"
	"example.com/sfconnect/internal/connection"
)

//go:embed auditreport.html
var auditReportHTML string

// report is an audit as a change ticket or an auditor wants it.
type report struct {
	Title   string
	Facts   [][2]string
	Rows    []reportRow
	Notes   []string
	Summary string
}

type reportRow struct {
	ID, Label, Wanted, Found, Verdict, Evidence, Detail, Hint string
}

type hintLine struct {
	Text string
	Link bool
}

// HintLines are the lines of the hint, of which the deep link is one.
func (r reportRow) HintLines() []hintLine {
	var out []hintLine
	for line := range strings.Lines(r.Hint) {
		line = strings.TrimSpace(line)
		out = append(out, hintLine{line, strings.HasPrefix(line, "https://") || strings.HasPrefix(line, "http://")})
	}
	return out
}

// checkReport refuses a report that could not be written, before anything is sent.
func checkReport(path string, force bool) error {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".md", ".html":
	default:
		return usage("--report takes a file that ends in .md or .html, not %s.", path)
	}
	file, err := prepareFile("The report", path, force)
	if err != nil {
		return err
	}
	file.discard()
	return nil
}

// writeReport writes the report whole or not at all, for this user alone.
func (a *app) writeReport(path string, force bool, r check.Audited) error {
	text, err := a.render(a.toReport(r), strings.ToLower(filepath.Ext(path)) == ".html")
	if err != nil {
		return err
	}
	file, err := prepareFile("The report", path, force)
	if err != nil {
		return err
	}
	defer file.discard()
	return file.commit(text)
}

func (a *app) toReport(r check.Audited) report {
	p := r.Saved
	out := report{
		Title: "Audit: " + auditTitle(r), Summary: countFindings(r).String(),
		Facts: [][2]string{
			{"Date", a.Now().UTC().Format("2006-01-02 15:04 UTC")}, {"Profile", r.Profile}, {"App", r.App}, {"Consumer Key", p.ConsumerKey},
			{"Org", connection.OrgTitle(p.Org) + ", " + p.Org.ID}, {"Login URL", p.LoginURL}, {"User", connection.Person(p.User)},
			{"Recipe", recipeTitle(r)}, {"Made with", "sfconnect " + a.Version},
		},
	}
	verdict := func(f check.Finding) string {
		switch {
		case f.Status == check.Fail:
			return "differs"
		case f.Status == check.Unknown:
			return "unknown"
		case f.Want == nil:
			return "not asked for"
		}
		return "as asked"
	}
	for _, want := range []string{"differs", "unknown", "as asked", "not asked for"} {
		for _, f := range r.Findings {
			if verdict(f) != want {
				continue
			}
			row := a.toFinding(f)
			line := reportRow{f.Name, row.Label, row.Wanted, row.Found, want, row.How, row.Detail, row.Hint}
			if f.Want == nil {
				line.Wanted = "not said"
			}
			if f.Status == check.Unknown {
				line.Found, line.Evidence = "unknown", "would be "+row.How
			}
			if f.Status == check.Pass {
				line.Hint = ""
			}
			out.Rows = append(out.Rows, line)
		}
	}
	for _, n := range r.Notes {
		out.Notes = append(out.Notes, a.redactor.Redact(strings.TrimSpace(n.Text+" "+n.Hint)))
	}
	return out
}

func (a *app) render(r report, asHTML bool) ([]byte, error) {
	var b bytes.Buffer
	if asHTML {
		page, err := template.New("report").Parse(auditReportHTML)
		if err != nil {
			return nil, err
		}
		err = page.Execute(&b, r)
		return b.Bytes(), err
	}
	fmt.Fprintf(&b, "# %s\n\n%s.\n\n| | |\n| --- | --- |\n", mdText(r.Title), r.Summary)
	for _, f := range r.Facts {
		fmt.Fprintf(&b, "| %s | %s |\n", f[0], mdText(f[1]))
	}
	b.WriteString("\n## Checks\n\n| check | wanted | found | verdict | evidence | what was seen |\n| --- | --- | --- | --- | --- | --- |\n")
	for _, row := range r.Rows {
		fmt.Fprintf(&b, "| %s (`%s`) | %s | %s | %s | %s | %s |\n", mdText(row.Label), strings.ReplaceAll(row.ID, "|", "\\|"), mdText(row.Wanted), mdText(row.Found), row.Verdict, row.Evidence, mdText(row.Detail))
	}
	mend := false
	for _, row := range r.Rows {
		if row.Verdict == "differs" && row.Hint != "" {
			if !mend {
				b.WriteString("\n## To mend\n\n")
			}
			mend = true
			fmt.Fprintf(&b, "- **%s**: %s\n", mdText(row.Label), mdText(row.Hint))
		}
	}
	if len(r.Notes) > 0 {
		b.WriteString("\n## Notes\n\n")
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "- %s\n", mdText(n))
	}
	return b.Bytes(), nil
}

// mdText is text for Markdown, on one line and without its signs in force.
func mdText(s string) string {
	return strings.NewReplacer("\n", " ", "\\", "\\\\", "|", "\\|", "<", "&lt;", "*", "\\*", "`", "\\`", "_", "\\_", "[", "\\[").Replace(clean(s))
}
