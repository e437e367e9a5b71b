package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/term"
)

// answerOf runs a command that contacts nothing, and gives its answer.
func answerOf(t *testing.T, args ...string) string {
	t.Helper()
	var out, talk bytes.Buffer
	sys := System{Stdout: &out, Stderr: &talk, Stdin: strings.NewReader(""), Getenv: func(string) string { return "" }}
	if code := Run(context.Background(), args, sys); code != 0 {
		t.Fatalf("%v ended with %d: %s", args, code, talk.String())
	}
	return out.String()
}

// golden compares text with a file of testdata; -update rewrites it.
func golden(t *testing.T, file, text string) {
	t.Helper()
	path := filepath.Join("..", "..", "testdata", "recipe", file)
	if *UpdateGolden {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if text != string(want) {
		t.Errorf("%s differs (go test ./internal/cli -update rewrites it):\n%s", path, text)
	}
}

// Every recipe, and every variant of one, as scripts and as people see it.
func TestRecipeShow(t *testing.T) {
	var files []string
	all, err := recipe.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, whole := range all {
		for _, variant := range append(variantIDs(whole), "") {
			if variant == "" && len(whole.Variants) > 0 {
				continue
			}
			name := strings.TrimSuffix(whole.ID+"-"+variant, "-")
			args := []string{"recipe", "show", whole.ID, "--json"}
			if variant != "" {
				args = append(args, "--variant", variant)
			}
			var indented bytes.Buffer
			if err := json.Indent(&indented, []byte(answerOf(t, args...)), "", "  "); err != nil {
				t.Fatal(err)
			}
			golden(t, name+".json", indented.String())

			r, err := whole.Variant(variant)
			if err != nil {
				t.Fatal(err)
			}
			var sheet bytes.Buffer
			term.NewPrinter(&sheet, func(string) string { return "" }, 80).Sheet(recipeSheet(whole, r, variant))
			for line := range strings.Lines(sheet.String()) {
				if width := len([]rune(strings.TrimRight(line, "\n"))); width > 80 && !strings.Contains(line, "https://") {
					t.Errorf("%s: this line is wider than the terminal: %s", name, line)
				}
			}
			golden(t, name+".txt", sheet.String())
			files = append(files, name+".json", name+".txt")
		}
	}
	entries, err := os.ReadDir(filepath.Join("..", "..", "testdata", "recipe"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(files, e.Name()) {
			t.Errorf("testdata/recipe/%s belongs to no recipe", e.Name())
		}
	}
}

// A variant that is not named is the first, and the answer says which.
func TestRecipeShowTakesTheFirstVariant(t *testing.T) {
	if answerOf(t, "recipe", "show", "nango", "--json") != answerOf(t, "recipe", "show", "nango", "--json", "--variant", "web") {
		t.Error("nango alone is not its variant web")
	}
}

// What the shell offers behind recipe show, --recipe and --variant.
func TestRecipeCompletion(t *testing.T) {
	for _, c := range []struct {
		args []string
		want []string
	}{
		{[]string{"recipe", "show", ""}, []string{"quilia\n", "custom\n", "nango\n"}},
		{[]string{"recipe", "show", "nango", "--variant", ""}, []string{"web\t", "client-credentials\t", "jwt-bearer\t"}},
		{[]string{"init", "--recipe", ""}, []string{"quilia\n"}},
		{[]string{"auth", "--recipe", "nango", "--variant", ""}, []string{"jwt-bearer\t"}},
		{[]string{"practice", "--recipe", "nango", "--variant", ""}, []string{"jwt-bearer\t"}},
	} {
		got := answerOf(t, append([]string{"__complete"}, c.args...)...)
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%v: %q lacks %q", c.args, got, want)
			}
		}
	}
}
