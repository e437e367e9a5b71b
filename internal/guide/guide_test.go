package guide_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"example.com/sfconnect/internal/guide"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// written is a guide in both formats.
type written struct{ md, html string }

func write(t *testing.T, r recipe.Recipe, o guide.Options) written {
	t.Helper()
	g, err := guide.New(r, o)
	if err != nil {
		t.Fatal(err)
	}
	var md, page bytes.Buffer
	if err := g.Markdown(&md); err != nil {
		t.Fatal(err)
	}
	if err := g.HTML(&page); err != nil {
		t.Fatal(err)
	}
	return written{md.String(), page.String()}
}

func load(t *testing.T, name string) recipe.Recipe {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := recipe.Parse(name+".yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// everyRecipe gives each recipe there is, and with it each of its variants.
func everyRecipe(t *testing.T, do func(t *testing.T, whole recipe.Recipe, variant string)) {
	all, err := recipe.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"service", "certificate", "hostile"} {
		all = append(all, load(t, name))
	}
	for _, r := range all {
		variants := []string{""}
		for _, v := range r.Variants {
			variants = append(variants, v.ID)
		}
		for _, v := range variants[min(1, len(variants)-1):] {
			t.Run(r.ID+v, func(t *testing.T) { do(t, r, v) })
		}
	}
}

func acme(t *testing.T) salesforce.LoginURL {
	t.Helper()
	l, err := salesforce.ParseLoginURL("https://acme.my.salesforce.com", salesforce.LoginOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// Both guides carry every value of the recipe, as a reader sees it.
func TestEveryValue(t *testing.T) {
	everyRecipe(t, func(t *testing.T, whole recipe.Recipe, variant string) {
		r, err := whole.Variant(variant)
		if err != nil {
			t.Fatal(err)
		}
		out := write(t, whole, guide.Options{Variant: variant})
		texts := map[string]string{"md": squeeze(htmlText(t, rendered(t, out.md))), "html": squeeze(htmlText(t, out.html))}
		for _, v := range whole.Variants {
			for format, text := range texts {
				for _, want := range []string{v.Title, v.Summary} {
					if !strings.Contains(text, squeeze(want)) {
						t.Errorf("%s lacks the variant's %q", format, want)
					}
				}
			}
		}
		eachValue(reflect.ValueOf(r), "", func(path, value string) {
			if custom := whole.ID == recipe.Custom; custom && (path == "title" || path == "vendor" || path == "summary" || strings.HasPrefix(path, "inputs") || strings.HasPrefix(path, "source") || strings.HasPrefix(path, "handover.")) {
				return // it is for any product, and asks for more than one guide holds
			}
			for format, text := range texts {
				for _, piece := range pieces(value) {
					if !strings.Contains(text, squeeze(piece)) {
						t.Errorf("%s: the guide lacks %s: %q", format, path, piece)
					}
				}
			}
		})
	})
}

// eachValue visits what a reader wants to see of a recipe: not how it is written down.
func eachValue(v reflect.Value, path string, visit func(path, value string)) {
	unseen := []string{"schema", "id", "inputs.id", "inputs.kind", "inputs.when", "handover.when", "callback_use", "scopes_match", "steps.at", "steps.page", "checks.page", "source.kind", "authorize.host", "variants"}
	if slices.Contains(unseen, path) {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
			if name != "-" {
				eachValue(v.Field(i), strings.TrimPrefix(path+"."+name, "."), visit)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachValue(v.Index(i), path, visit)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			if path == "switches" {
				visit(path, recipe.SwitchLabel(key.String()))
				continue
			}
			eachValue(v.MapIndex(key), path, visit)
		}
	case reflect.Int:
		if !v.IsZero() {
			visit(path, itoa(int(v.Int())))
		}
	case reflect.String:
		text := v.String()
		if path == "scopes" || path == "scopes_never" {
			text = recipe.ScopeLabel(text)
		}
		visit(path, text)
	}
}

// pieces are the literal parts of a template.
func pieces(template string) []string {
	marked := recipe.Expand(template, func(string) (string, bool) { return "\x00", true })
	return strings.Split(marked, "\x00")
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// htmlText is what a page says, without its style and script.
func htmlText(t *testing.T, page string) string {
	t.Helper()
	var b strings.Builder
	eachNode(t, page, func(n *html.Node) {
		if n.Type == html.TextNode && n.Parent.Data != "style" && n.Parent.Data != "script" {
			b.WriteString(n.Data)
		}
		if n.Type == html.ElementNode && !slices.Contains([]string{"code", "mark", "strong", "a", "em", "span"}, n.Data) {
			b.WriteByte(' ')
		}
	})
	return b.String()
}

func eachNode(t *testing.T, page string, visit func(*html.Node)) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		visit(n)
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
}

func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// The guides as they are, without the style and the script of the page; -update
// rewrites them.
func TestGolden(t *testing.T) {
	quilia, err := recipe.Find("quilia")
	if err != nil {
		t.Fatal(err)
	}
	for name, g := range map[string]struct {
		r recipe.Recipe
		o guide.Options
	}{
		"quilia":      {quilia, guide.Options{}},
		"quilia-acme": {quilia, guide.Options{Login: acme(t), Answers: map[string]string{"contact_email": "admin@acme.com"}}},
		"service":     {load(t, "service"), guide.Options{Name: "./service.yaml", Answers: map[string]string{"tenant": "blue-42"}}},
		"certificate": {load(t, "certificate"), guide.Options{Name: "./certificate.yaml"}},
	} {
		out := write(t, g.r, g.o)
		page := regexp.MustCompile(`(?s)(<style>).*(</style>)|(<script>).*(</script>)|sha256-\S+?=&#39;`).ReplaceAllString(out.html, "$1$3…$2$4")
		for file, got := range map[string]string{name + ".md": out.md, name + ".html": page} {
			path := filepath.Join("testdata", file)
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs (go test ./internal/guide -update rewrites it)", path)
			}
		}
	}
}

// What cannot be asked for is refused, and what is wrong with it is said.
func TestRefused(t *testing.T) {
	service := load(t, "service")
	for name, c := range map[string]struct {
		o    guide.Options
		want string
	}{
		"unknown input":   {guide.Options{Answers: map[string]string{"nobody": "x"}}, `does not ask for "nobody"`},
		"wrong form":      {guide.Options{Answers: map[string]string{"tenant": "No Such"}}, "--input tenant=No Such cannot be used"},
		"empty":           {guide.Options{Answers: map[string]string{"tenant": ""}}, "this is needed"},
		"unknown variant": {guide.Options{Variant: "other"}, `no variant "other"`},
	} {
		if _, err := guide.New(service, c.o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	custom, err := recipe.Find(recipe.Custom)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := guide.New(custom, guide.Options{Answers: map[string]string{"pkce": "off"}}); err == nil || !strings.Contains(err.Error(), "asked only where security=yes") {
		t.Errorf("an answer that is not asked for: %v", err)
	}
}
