package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// walk visits every command of ours; completion and its shells are cobra's.
func walk(c *cobra.Command, visit func(*cobra.Command)) {
	visit(c)
	for _, child := range c.Commands() {
		if child.Name() != "completion" {
			walk(child, visit)
		}
	}
}

func testTree() *cobra.Command {
	return newRoot(newApp(System{Getenv: func(string) string { return "" }}), nil)
}

// Every command has what a person looks for in its help, in one form.
func TestCommandTree(t *testing.T) {
	walk(testTree(), func(c *cobra.Command) {
		name := c.CommandPath()
		if c.Short == "" || !unicode.IsUpper([]rune(c.Short)[0]) || strings.HasSuffix(c.Short, ".") {
			t.Errorf("%s: Short %q does not start with a capital or ends with a full stop", name, c.Short)
		}
		if c.Example == "" || c.Long == "" {
			t.Errorf("%s lacks an example or a description", name)
		}
		if c.HasParent() && c.Args == nil {
			t.Errorf("%s does not say which arguments it takes", name)
		}
		if c.HasParent() && c.GroupID == "" {
			t.Errorf("%s is in no group", name)
		}
		for _, line := range strings.Split(c.Long, "\n") {
			if len([]rune(line)) > 82 {
				t.Errorf("%s: this line of the description is longer than a terminal: %q", name, line)
			}
		}
	})
}

// An example is a whole line that a person could paste, in each command; a flag
// whose value is neither a file nor a program has a completion, also an empty one.
func TestExamplesAndCompletions(t *testing.T) {
	walk(testTree(), func(c *cobra.Command) {
		examples := 0
		for line := range strings.Lines(c.Example) {
			if strings.Contains(line, c.CommandPath()) {
				examples++
			}
		}
		if examples == 0 {
			t.Errorf("%s has no example that runs it:\n%s", c.CommandPath(), c.Example)
		}
		if c.ValidArgsFunction == nil && !strings.Contains(c.Use, "FILE") {
			t.Errorf("%s: its arguments have no completion", c.CommandPath())
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			_, completes := c.GetFlagCompletionFunc(f.Name)
			isFile := f.Name == "browser" || f.Name == "output" || strings.HasSuffix(f.Name, "-file")
			if f.NoOptDefVal == "" && !completes && !isFile {
				t.Errorf("%s --%s has no completion", c.CommandPath(), f.Name)
			}
		})
	})
}

// TestHelp compares each command's help with testdata/help; -update rewrites it.
func TestHelp(t *testing.T) {
	var names [][]string
	walk(testTree(), func(c *cobra.Command) { names = append(names, strings.Fields(c.CommandPath())[1:]) })
	for _, name := range names {
		var out bytes.Buffer
		sys := System{Stdout: &out, Stderr: &out, Stdin: strings.NewReader(""), Getenv: func(string) string { return "" }}
		if code := Run(context.Background(), append(name, "--help"), sys); code != 0 {
			t.Fatalf("%v --help ended with %d: %s", name, code, out.String())
		}
		file := filepath.Join("..", "..", "testdata", "help", strings.Join(append([]string{"sfconnect"}, name...), "-")+".txt")
		if *UpdateGolden {
			if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got := out.String(); got != string(want) {
			t.Errorf("%v --help differs from %s (go test ./internal/cli -update rewrites it):\n%s", name, file, got)
		}
	}
}

// A branch that is built alone is the same command as in the whole tree.
func TestBranchAlone(t *testing.T) {
	whole := testTree()
	for _, c := range commands() {
		alone := newRoot(newApp(System{Getenv: func(string) string { return "" }}), []string{c.name})
		if n := len(alone.Commands()); n != 1 {
			t.Errorf("%s alone comes with %d commands", c.name, n)
		}
		a, _, errAlone := alone.Find([]string{c.name})
		b, _, errWhole := whole.Find([]string{c.name})
		if errAlone != nil || errWhole != nil || a.Name() != c.name || a.UsageString() != b.UsageString() {
			t.Errorf("%s alone differs from %s in the tree: %v, %v", c.name, c.name, errAlone, errWhole)
		}
	}
}
