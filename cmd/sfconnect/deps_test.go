package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "example.com/sfconnect/"

// mayImport is the whole rule: what of our own each package may reach, directly
// or through others. Data travels one way, from the command down.
func mayImport() map[string][]string {
	below := []string{"internal/secret", "internal/fault"}
	three := append([]string{"internal/oauthflow", "internal/store", "internal/salesforce", "internal/recipe"}, below...)
	connection := append([]string{"internal/connection"}, three...)
	check := append([]string{"internal/check"}, connection...)
	wizard := append([]string{"internal/wizard"}, check...)
	cli := append([]string{"internal/cli", "internal/guide", "internal/term", "internal/term/background", "internal/practice"}, wizard...)
	return map[string][]string{
		"internal/secret":          {},
		"internal/keyringtest":     {}, // of tests alone: no other line has it
		"internal/porttest":        {}, // likewise
		"internal/fault":           {},
		"internal/term/background": {},
		"internal/oauthflow":       below,
		"internal/store":           below,
		"internal/salesforce":      below,
		"internal/recipe":          below,
		"internal/practice":        {"internal/recipe", "internal/fault", "internal/secret"}, // the last two through recipe only
		"internal/connection":      three,
		"internal/check":           connection,
		"internal/wizard":          check,
		"internal/guide":           connection,
		"internal/term":            append([]string{"internal/term/background"}, wizard...),
		"internal/cli":             cli,
		"internal/docs":            append([]string{"internal/cli"}, cli...),
		"cmd/sfconnect":            append([]string{"internal/cli"}, cli...),
	}
}

// forbidden names packages outside our module that only some of ours may import directly.
func forbidden() map[string][]string {
	return map[string][]string{
		"github.com/spf13/cobra":            {"internal/cli", "internal/docs"},
		"github.com/charmbracelet/huh":      {"internal/term"},
		"github.com/zalando/go-keyring":     {"internal/store"},
		"golang.org/x/oauth2":               {"internal/oauthflow"},
		"github.com/pkg/browser":            {"cmd/sfconnect"},
		"github.com/shirou/gopsutil/v4/net": {"cmd/sfconnect"},
		"github.com/gofrs/flock":            {"internal/store"},
		"filippo.io/age":                    {"internal/store"},
		"github.com/goccy/go-yaml":          {"internal/recipe"},
		"net/http/httptest":                 {},
		"crypto/rand":                       {"cmd/sfconnect"},
		"github.com/charmbracelet/lipgloss": {"internal/term", "internal/term/background"},
	}
}

func goList(t *testing.T, format string, args ...string) []string {
	t.Helper()
	out, err := exec.Command("go", append([]string{"list", "-f", format}, args...)...).Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return strings.Fields(string(out))
}

func TestImportDirection(t *testing.T) {
	rule := mayImport()
	for _, path := range goList(t, "{{.ImportPath}}", module+"cmd/...", module+"internal/...") {
		name := strings.TrimPrefix(path, module)
		allowed, ok := rule[name]
		if !ok {
			t.Errorf("%s is a new package: give it a line in the rule", name)
			continue
		}
		for _, dep := range goList(t, "{{join .Deps \"\\n\"}}", path) {
			if own, ours := strings.CutPrefix(dep, module); ours && own != name && !slices.Contains(allowed, own) {
				t.Errorf("%s must not depend on %s", name, own)
			}
		}
		direct := goList(t, "{{join .Imports \"\\n\"}}", path)
		for outside, who := range forbidden() {
			if slices.Contains(direct, outside) && !slices.Contains(who, name) {
				t.Errorf("%s must not import %s", name, outside)
			}
		}
		if name == "internal/practice" {
			for _, dep := range direct {
				if strings.Contains(dep, ".") && dep != module+"internal/recipe" {
					t.Errorf("internal/practice may import recipe and the standard library only, not %s", dep)
				}
			}
		}
	}
}
