package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.com/sfconnect/internal/recipe"
)

// root is the folder of the repository.
const root = "../.."

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// prose are the pages that are written by hand, and the reference.
func prose(t *testing.T) []string {
	t.Helper()
	names := []string{"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"}
	for _, pattern := range []string{"docs/*.md", "docs/decisions/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, file := range found {
			name, err := filepath.Rel(root, file)
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, filepath.ToSlash(name))
		}
	}
	return names
}

// fences finds the blocks of a page that are shown as they are.
func fences() *regexp.Regexp { return regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$") }

// anchors are the headings of a page as GitHub links to them.
func anchors(text string) (all []string) {
	notInLinks := regexp.MustCompile(`[^\w\- ]`)
	for _, h := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(fences().ReplaceAllString(text, ""), -1) {
		all = append(all, strings.ReplaceAll(notInLinks.ReplaceAllString(strings.ToLower(h[1]), ""), " ", "-"))
	}
	return all
}

func TestLinksLeadSomewhere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	for _, page := range prose(t) {
		for _, m := range link.FindAllStringSubmatch(fences().ReplaceAllString(read(t, page), ""), -1) {
			path, anchor, _ := strings.Cut(m[1], "#")
			if strings.HasPrefix(path, "https://") {
				continue
			}
			to := page
			if path != "" {
				to = filepath.ToSlash(filepath.Join(filepath.Dir(page), path))
			}
			if _, err := os.Stat(filepath.Join(root, to)); err != nil {
				t.Errorf("%s links to %s, which is not there", page, m[1])
			} else if anchor != "" && !slices.Contains(anchors(read(t, to)), anchor) {
				t.Errorf("%s links to %s, and there is no such heading", page, m[1])
			}
		}
	}
}

// What the page of threats says a threat is held by must be there.
func TestHeldByWhatIsThere(t *testing.T) {
	for _, m := range regexp.MustCompile("`([\\w./*]+)`").FindAllStringSubmatch(read(t, "docs/security.md"), -1) {
		name := m[1]
		switch {
		case strings.HasSuffix(name, ".txtar"):
			name = filepath.Join("testdata/script", name)
		case strings.HasSuffix(name, "_test.go") && !strings.Contains(name, "/"):
			name = filepath.Join("internal/*", name)
		case !strings.HasPrefix(name, "internal/") && !strings.HasPrefix(name, "cmd/") && !strings.HasPrefix(name, "testdata/"):
			continue
		}
		if found, err := filepath.Glob(filepath.Join(root, name)); err != nil || len(found) == 0 {
			t.Errorf("docs/security.md names %s, which is not there", m[1])
		}
	}
}

// Every library that go.mod asks for has its reason in the table.
func TestLibrariesHaveAReason(t *testing.T) {
	_, table, found := strings.Cut(read(t, "docs/architecture.md"), "## Libraries, and why each")
	if !found {
		t.Fatal("docs/architecture.md has no table of libraries")
	}
	libraries := regexp.MustCompile(`(?m)^\t([\w./-]+) v\S+(.*)$`).FindAllStringSubmatch(read(t, "go.mod"), -1)
	if len(libraries) == 0 {
		t.Fatal("no library was found in go.mod")
	}
	version := regexp.MustCompile(`/v\d+$`)
	for _, m := range libraries {
		if strings.Contains(m[2], "// indirect") {
			continue
		}
		parts := strings.Split(version.ReplaceAllString(m[1], ""), "/")
		if last := parts[len(parts)-1]; !regexp.MustCompile("[`/]" + regexp.QuoteMeta(last) + "`").MatchString(table) {
			t.Errorf("%s has no reason in docs/architecture.md", m[1])
		}
	}
}

// The README lists every integration with the guide that it was read in.
func TestReadmeListsTheRecipes(t *testing.T) {
	all, err := recipe.All()
	if err != nil {
		t.Fatal(err)
	}
	readme := read(t, "README.md")
	for _, r := range all {
		if r.Source.URL != "" && !strings.Contains(readme, "| `"+r.ID+"` | ["+r.Title+"]("+r.Source.URL+")") {
			t.Errorf("the README has no row for %s with %s", r.ID, r.Source.URL)
		}
	}
}

// The recipes in the page about recipes are taken; the second is a part of one.
func TestRecipesOfThePageAreTaken(t *testing.T) {
	blocks := fences().FindAllStringSubmatch(read(t, "docs/recipes.md"), -1)
	blocks = slices.DeleteFunc(blocks, func(b []string) bool { return b[1] != "yaml" })
	if len(blocks) != 2 {
		t.Fatalf("docs/recipes.md has %d recipes", len(blocks))
	}
	for _, text := range []string{blocks[0][2], "schema: 1\nid: part\ntitle: Part\napp: {name: Part}\n" + blocks[1][2]} {
		if _, err := recipe.Parse("page.yaml", []byte(text)); err != nil {
			t.Errorf("%v\n%s", err, text)
		}
	}
}
