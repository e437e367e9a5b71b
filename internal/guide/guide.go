// Package guide writes a recipe as a document for the admin who follows it by
// hand: Markdown, or one HTML page that draws Salesforce's form. It knows how
// the form looks; what stands in it comes from the recipe. Nothing is contacted.
package guide

import (
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
)

// Options is what is known when the guide is written.
type Options struct {
	Variant string              // of the recipe's; "" is the first
	Answers map[string]string   // to inputs, as they were typed
	Login   salesforce.LoginURL // the zero value where it is not known
	Name    string              // what --recipe is given in commands: an id, or a file's path; "" is the recipe's id
}

// Guide is the finished document. Markdown and HTML write it out.
type Guide struct {
	Title    string
	Variant  string // of the recipe, "" where it has none
	Lead     []Text
	Facts    []Fact
	Sections []Section
}

// Fact is a name and what there is to say about it.
type Fact struct{ Name, About Text }

// Section is a step, where Number is not 0, or something to know.
type Section struct {
	ID, Title string
	Number    int
	Path      string // of the Setup page, as a person finds it
	URL       string // of that page; "" where the org is not known
	Blocks    []Block
}

// Block is a part of a section; one field of it is set.
type Block struct {
	Para     Text
	Remark   *Remark
	List     []Text
	Do       []Text // one action each, in order
	Commands *Commands
	Table    *Table
	Form     *Form
	Signs    []Fact // what may be seen, and what to do about it
}

// Remark is set apart from the text; a Caution is a warning.
type Remark struct {
	Caution bool
	Text    Text
}

// Commands are lines for a terminal.
type Commands struct{ Lines []string }

// Table has a head and rows; the first cell of a row is its name. Copy holds the
// exact value of a row for the clipboard, "" for none.
type Table struct {
	Head []string
	Rows [][]Text
	Copy []string
}

// New writes the guide of a recipe, which must have been checked (recipe.Parse).
// Inputs without an answer and without a default are gaps in the text. An unknown
// variant or input, or an answer that cannot be, is a fault with code usage.
func New(r recipe.Recipe, o Options) (Guide, error) {
	w, err := newWriter(r, o)
	if err != nil {
		return Guide{}, err
	}
	g := Guide{Title: "Set up Salesforce for " + w.product, Variant: w.variant, Lead: w.lead(), Facts: w.facts()}
	sections := []Section{w.start()}
	sections = append(sections, w.steps("before")...)
	sections = append(sections, w.certificate(), w.user(), w.open(), w.form(), w.policies())
	sections = append(sections, w.steps("after")...)
	sections = append(sections, w.keys(), w.loginURL(), w.signIn(), w.handover(), w.followUp(), w.cleanup(), w.safety(), w.about())
	number := 0
	for _, s := range sections {
		if len(s.Blocks) == 0 {
			continue
		}
		if s.Number > 0 {
			number++
			s.Number = number
		}
		g.Sections = append(g.Sections, s)
	}
	return g, nil
}
