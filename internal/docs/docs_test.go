package docs

import (
	"bytes"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/sfconnect/internal/cli"
)

var update = flag.Bool("update", false, "write docs/reference.md anew")

func TestReferenceIsFresh(t *testing.T) {
	const file = "../../docs/reference.md"
	var b bytes.Buffer
	if err := Reference(&b, cli.Tree("dev")); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), want) {
		t.Error("docs/reference.md is stale: make reference")
	}
}

// Two runs give the same pages, each complete, and no line of text that troff
// would take for a request.
func TestMan(t *testing.T) {
	var runs [2]map[string]string
	for i := range runs {
		dir := t.TempDir()
		if err := Man(dir, cli.Tree("v1.2.3"), time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)); err != nil {
			t.Fatal(err)
		}
		runs[i] = map[string]string{}
		files, _ := filepath.Glob(filepath.Join(dir, "*.1"))
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			runs[i][filepath.Base(f)] = string(text)
		}
	}
	requests := regexp.MustCompile(`^\.(TH|nh|ad l|SH|B|BR|PP|TP|nf|fi)( |$)`)
	for name, text := range runs[0] {
		if runs[1][name] != text {
			t.Errorf("%s differs from run to run", name)
		}
		for _, part := range []string{`"2026\-11\-25" "sfconnect v1.2.3"`, ".SH NAME\n", ".SH SYNOPSIS\n", ".SH DESCRIPTION\n", ".SH EXAMPLES\n", ".SH SEE ALSO\n"} {
			if !strings.Contains(text, part) && !(name == "sfconnect-completion.1" && part == ".SH EXAMPLES\n") {
				t.Errorf("%s lacks %q", name, part)
			}
		}
		for line := range strings.Lines(text) {
			if (line[0] == '.' || line[0] == '\'') && !requests.MatchString(strings.TrimSuffix(line, "\n")) {
				t.Errorf("%s: troff would not print %q", name, line)
			}
		}
	}
	for _, name := range []string{"sfconnect.1", "sfconnect-auth.1", "sfconnect-store-migrate.1"} {
		if runs[0][name] == "" {
			t.Errorf("%s is missing", name)
		}
	}
}

func TestBlocks(t *testing.T) {
	got := blocks("One\ntwo.\nThree:\n  a  b\n  c\n\n  d\nFour\n")
	want := []block{{false, []string{"One", "two.", "Three:"}}, {true, []string{"  a  b", "  c"}}, {true, []string{"  d"}}, {false, []string{"Four"}}}
	if !slices.EqualFunc(got, want, func(a, b block) bool { return a.asItIs == b.asItIs && slices.Equal(a.lines, b.lines) }) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestRoff(t *testing.T) {
	for s, want := range map[string]string{
		`a\b --flag`: `a\eb \-\-flag`, ".hidden": `\&.hidden`, "'quoted'": `\&'quoted'`, "‹NAME›": "<NAME>",
	} {
		if got := roff(s); got != want {
			t.Errorf("roff(%q) = %q, want %q", s, got, want)
		}
	}
}

// The environment that the reference names is the one that the program reads.
func TestEnvironmentIsComplete(t *testing.T) {
	named := map[string]bool{}
	for _, r := range environment() {
		for name := range strings.SplitSeq(r.name, ", ") {
			named[name] = true
		}
	}
	variable := regexp.MustCompile(`(?:etenv|nviron)\("([A-Z_]+)"\)|"(SFCONNECT_[A-Z_]+)"`)
	read := map[string]bool{}
	for _, pattern := range []string{"../*/*.go", "../../cmd/sfconnect/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") || strings.HasPrefix(file, "../docs/") || file == "../check/variables.go" {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range variable.FindAllStringSubmatch(string(text), -1) {
				read[m[1]+m[2]] = true
			}
		}
	}
	for name := range read {
		if strings.HasPrefix(name, "SFCONNECT_") && !named[name] {
			t.Errorf("%s is read and not in the reference", name)
		}
	}
	for name := range named {
		if strings.HasPrefix(name, "SFCONNECT_") && !read[name] {
			t.Errorf("%s is in the reference and not read", name)
		}
	}
}

// The exit codes are those of package fault, in its words.
func TestExitCodesAreFaults(t *testing.T) {
	parsed, err := parser.ParseFile(token.NewFileSet(), "../fault/fault.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string]string{}
	ast.Inspect(parsed, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if ok && strings.HasPrefix(v.Names[0].Name, "Exit") {
			declared[v.Values[0].(*ast.BasicLit).Value] = strings.TrimSpace(v.Comment.Text())
		}
		return true
	})
	for _, r := range exits() {
		text, ok := declared[r.name]
		if !ok || text != "" && !strings.Contains(r.text, text) {
			t.Errorf("exit code %s: %q, and package fault says %q", r.name, r.text, text)
		}
		delete(declared, r.name)
	}
	if len(declared) != 0 {
		t.Errorf("not in the reference: %v", declared)
	}
}
