package fault_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"

	"example.com/sfconnect/internal/fault"
)

// Every code constant of this package is ours and explained, once.
func TestInfosExplainEveryCode(t *testing.T) {
	rows := map[string]int{}
	for _, i := range fault.Infos() {
		rows[i.Code]++
		if !strings.HasSuffix(i.What, ".") || strings.Contains(i.What, ". ") || !strings.HasSuffix(i.Fix, ".") {
			t.Errorf("%s: one sentence for what it means, whole ones for what to do: %q, %q", i.Code, i.What, i.Fix)
		}
	}
	for _, code := range codeConstants(t) {
		if rows[code] != 1 {
			t.Errorf("%s has %d rows in Infos", code, rows[code])
		}
		if !fault.Own(code) {
			t.Errorf("%s is not known as ours", code)
		}
		delete(rows, code)
	}
	for code := range rows {
		t.Errorf("%s is explained and is no constant", code)
	}
}

// codeConstants reads the string constants out of the source: a list in the test
// would be forgotten where the table is.
func codeConstants(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "fault.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for _, v := range spec.Values {
			if text, ok := v.(*ast.BasicLit); ok && text.Kind == token.STRING {
				code, err := strconv.Unquote(text.Value)
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, code)
			}
		}
		return true
	})
	if len(out) == 0 {
		t.Fatal("no constants were found")
	}
	return out
}
