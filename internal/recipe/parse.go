package recipe

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"example.com/sfconnect/internal/fault"
)

// largest is how many bytes a recipe may have; the longest of ours has 5 kB.
const largest = 64 << 10

// Problem is one fault of a recipe, at a place of the file. Line and Column
// count from 1.
type Problem struct {
	File         string
	Line, Column int
	Text         string
}

// String gives FILE:LINE:COLUMN: what is wrong.
func (p Problem) String() string {
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Text)
}

// Problems is the error of Parse: every fault that was found, in file order.
type Problems []Problem

// Error gives one line for each fault.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Fault makes the error that a user sees where a recipe was only a means.
func (ps Problems) Fault() *fault.Fault {
	return fault.New(fault.Usage, "input", "The recipe "+ps[0].File+" cannot be used: it has mistakes.", ps.Error()).Because(ps)
}

// Parse reads one recipe and checks all of it. file is the name for messages.
// What was wrong is returned as Problems.
func Parse(file string, data []byte) (Recipe, error) {
	p := &reader{file: printable(file), at: map[string]place{}}
	if len(data) > largest {
		p.add(place{1, 1}, "a recipe must not be larger than %d kB", largest>>10)
		return Recipe{}, p.problems
	}
	var r Recipe
	if node := p.document(data); node != nil {
		p.read(node, reflect.ValueOf(&r).Elem(), "")
	}
	if len(p.problems) == 0 {
		p.check(r)
	}
	if len(p.problems) > 0 {
		return Recipe{}, p.sorted()
	}
	r.Text = string(data)
	return r, nil
}

type place struct{ line, column int }

// reader collects problems and remembers where each value stood, by its path
// ("app.info_url", "scopes[1]").
type reader struct {
	file     string
	at       map[string]place
	problems Problems
}

func (p *reader) add(at place, format string, args ...any) {
	p.problems = append(p.problems, Problem{p.file, max(at.line, 1), max(at.column, 1), fmt.Sprintf(format, args...)})
}

// document parses the YAML. The parser is somebody else's and the file may be a
// stranger's, so a panic in it is a fault of the file.
func (p *reader) document(data []byte) (body ast.Node) {
	defer func() {
		if recover() != nil {
			body = nil
			p.add(place{1, 1}, "this is not readable as YAML")
		}
	}()
	f, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		at, text := place{1, 1}, "this is not readable as YAML"
		if e, ok := err.(interface {
			GetToken() *token.Token
			GetMessage() string
		}); ok {
			at, text = tokenPlace(e.GetToken()), printable(e.GetMessage())
		}
		if tab, found := tabIndent(data); found {
			at, text = tab, "there is a tab here: YAML indents with spaces, not with tabs"
		}
		p.add(at, "%s", text)
		return nil
	}
	var bodies []ast.Node
	for _, d := range f.Docs {
		if d.Body != nil {
			bodies = append(bodies, d.Body)
		}
	}
	switch len(bodies) {
	case 0:
		p.add(place{1, 1}, "the file is empty")
		return nil
	case 1:
		return bodies[0]
	}
	p.add(nodePlace(bodies[1]), "a file holds one recipe")
	return nil
}

// tabIndent finds the first tab among the blanks that begin a line.
func tabIndent(data []byte) (place, bool) {
	line := 0
	for text := range strings.Lines(string(data)) {
		line++
		blank := text[:len(text)-len(strings.TrimLeft(text, " \t"))]
		if column := strings.IndexByte(blank, '\t'); column >= 0 && strings.TrimSpace(text) != "" {
			return place{line, column + 1}, true
		}
	}
	return place{}, false
}

func nodePlace(n ast.Node) place {
	if m, ok := n.(ast.MapNode); ok {
		if it := m.MapRange(); it.Next() {
			return tokenPlace(it.Key().GetToken())
		}
	}
	return tokenPlace(n.GetToken())
}

func tokenPlace(t *token.Token) place {
	if t == nil || t.Position == nil {
		return place{1, 1}
	}
	return place{t.Position.Line, t.Position.Column}
}

// printable keeps a hostile file or name from writing to the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if checkText(string(r)) != nil {
			return '?'
		}
		return r
	}, s)
}
