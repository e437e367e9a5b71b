package guide

import (
	"crypto/sha256"
	_ "embed" // for the page, its style and its script
	"encoding/base64"
	"html/template"
	"io"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

//go:embed page.js
var pageJS string

// HTML writes the guide as one page that needs nothing else: no request leaves
// it, and its policy allows its own style and script alone. What comes from the
// recipe is text to it.
func (g Guide) HTML(out io.Writer) error {
	page, err := template.New("page").Parse(pageHTML)
	if err != nil {
		return err
	}
	return page.Execute(out, struct {
		Guide
		Style  template.CSS
		Script template.JS
		Policy string
	}{g, template.CSS(pageCSS), template.JS(pageJS), "default-src 'none'; img-src data:; style-src " + hash(pageCSS) +
		"; script-src " + hash(pageJS) + "; base-uri 'none'; form-action 'none'"})
}

// hash names an inline style or script in a Content-Security-Policy.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// Run is a part of a text that is set together: a value with its gaps, or words.
type Run struct {
	Code  bool
	Spans Text
}

// Runs groups the spans of a text.
func (t Text) Runs() []Run {
	var runs []Run
	for _, s := range t {
		if last := len(runs) - 1; last >= 0 && runs[last].Code == s.Code {
			runs[last].Spans = append(runs[last].Spans, s)
			continue
		}
		runs = append(runs, Run{s.Code, Text{s}})
	}
	return runs
}

// Line is all lines of a command as a shell takes them.
func (c Commands) Line() string {
	text := ""
	for i, l := range c.Lines {
		if i > 0 {
			text += "\n"
		}
		text += l
	}
	return text
}

// Row is a row of a table, each cell with the head of its column.
type Row struct {
	Cells []Cell
	Copy  string
}

// Cell is one cell. The first of a row is its name.
type Cell struct {
	Head string
	Text Text
}

// Named gives the rows with the heads of their columns.
func (t Table) Named() []Row {
	var rows []Row
	for i, r := range t.Rows {
		row := Row{}
		for n, c := range r {
			row.Cells = append(row.Cells, Cell{t.Head[n], c})
		}
		if i < len(t.Copy) {
			row.Copy = t.Copy[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// State says in words how a part of the form should stand.
func (c Control) State() string {
	switch {
	case len(c.Decide) > 0:
		return "as you choose"
	case c.Leave, c.Default:
		return "leave as it is"
	case c.Kind == KindTick && c.On:
		return "ticked"
	case c.Kind == KindTick:
		return "not ticked"
	}
	return ""
}

// Mark names the state for the style sheet.
func (c Control) Mark() string {
	switch {
	case len(c.Decide) > 0:
		return "decide"
	case c.Leave, c.Default:
		return "leave"
	case c.On:
		return "on"
	}
	return "off"
}

// Copied is a button's text for the clipboard, and what it is called.
type Copied struct{ Text, Of string }

// Copied is the control's value.
func (c Control) Copied() Copied { return Copied{c.Copy(), c.Label} }

// Copied is all lines.
func (c Commands) Copied() Copied { return Copied{c.Line(), "these lines"} }

// Copied is the row's value.
func (r Row) Copied() Copied { return Copied{r.Copy, r.Cells[0].Text.Plain()} }

// Listed reports whether the contents name the form's sections.
func (f Form) Listed() bool { return len(f.Groups) > 2 && !f.Picture }
