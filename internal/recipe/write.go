package recipe

import (
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// Write gives a recipe as the file that Parse reads, with a remark above each of its
// parts. Text is left out. r must be one that Parse accepts.
func Write(r Recipe) ([]byte, error) {
	r.Text = ""
	body, err := yaml.ValueToNode(r, yaml.IndentSequence(true))
	if err != nil {
		return nil, err
	}
	ast.Walk(quoter{}, body)
	lines := []string{
		"# A recipe of sfconnect. Check it after each change: sfconnect recipe validate FILE",
		"# For completion in an editor: sfconnect recipe schema >recipe.schema.json",
		"# Every key, with remarks: sfconnect recipe new --template",
	}
	for _, line := range strings.Split(body.String(), "\n") {
		key, _, _ := strings.Cut(line, ":") // no text has a line break, so that only a key of the head begins a line
		if text := remark(key); text != "" {
			lines = append(lines, "# "+text)
		}
		lines = append(lines, line)
	}
	return []byte(strings.Join(lines, "\n") + "\n"), nil
}

// remark says what a part of a recipe is, or is "".
func remark(part string) string {
	switch part {
	case "source":
		return "Where the values were read, and when. What the source leaves open is not made up."
	case "inputs":
		return "What the admin is asked first. A value below uses an answer as ${id}."
	case "app":
		return "Basic Information of Salesforce's form."
	case "callback_urls":
		return "Callback URL: the product's own lines. sfconnect adds its own where it signs in."
	case "scopes":
		return "Selected OAuth Scopes: the values in brackets."
	case "switches":
		return `The tick boxes: on, off, or default for "as Salesforce has it". What is not here is not said.`
	case "policies":
		return "The app's Policies tab, in the form's own words."
	case "run_as_user":
		return "What the user should be whom the integration acts as."
	case "authorize":
		return "How the product signs in: " + strings.Join(Flows(), ", ") + "."
	case "handover":
		return "What the product is given, by its own labels, and where that is entered."
	case "notes":
		return "What to mind afterwards."
	}
	return ""
}

// quoter quotes what the library leaves plain and reads as a key.
type quoter struct{}

// Visit implements ast.Visitor.
func (q quoter) Visit(n ast.Node) ast.Visitor {
	if s, ok := n.(*ast.StringNode); ok && strings.HasPrefix(s.Value, "?") {
		s.Token.Type = token.DoubleQuoteType
	}
	return q
}
