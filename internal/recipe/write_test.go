package recipe

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWrittenRecipesAreReadBack: every recipe of ours, and texts that mean something in
// YAML.
func TestWrittenRecipesAreReadBack(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for _, odd := range []string{
		"on", "off", "yes", "null", "~", "1.0", "0x1f", "2026-11-25", "- a", "a: b", "a #b", "#b", "'", `"`, `\`, "%", "@x", "`x`", "!x", "&x", "*x", "|", ">", "[x]", "{x}",
		"? x", ":", "-", "---", "...", "a'b\"c", "x:", "ends ", "ä ‹ü› — 日本", "true", "<<",
	} {
		r := Recipe{Schema: Schema, ID: "odd", Title: "x" + odd, App: App{Name: odd, Description: odd}, Authorize: Authorize{Flow: "web"}, Notes: []string{odd}, Needs: []string{odd, odd},
			Cautions: map[string]string{"name": odd}, Handover: []Field{{Label: odd, Value: "${consumer_key} " + odd}}}
		all = append(all, r)
	}
	for _, r := range all {
		text, err := Write(r)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Parse(r.ID+".yaml", text)
		if err != nil {
			t.Errorf("%s: %v\n%s", r.Title, err, text)
			continue
		}
		back.Text, r.Text = "", ""
		if d := cmp.Diff(r, back); d != "" {
			t.Errorf("%s: %s\n%s", r.Title, d, text)
		}
	}
}

func TestWrittenRecipeHasRemarks(t *testing.T) {
	r, err := Find("quilia")
	if err != nil {
		t.Fatal(err)
	}
	text, err := Write(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# A recipe of sfconnect.", "# Selected OAuth Scopes: the values in brackets.\nscopes:\n", "# How the product signs in: web, paste,"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// TestStarterNamesEveryKey: it is valid as it stands, and with every line that is left out
// in it each key of the format is there.
func TestStarterNamesEveryKey(t *testing.T) {
	if _, err := Parse("starter.yaml", []byte(Starter())); err != nil {
		t.Error(err)
	}
	seen := map[string]bool{}
	var keys func(v reflect.Type)
	keys = func(v reflect.Type) {
		switch v.Kind() {
		case reflect.Slice:
			keys(v.Elem())
		case reflect.Struct:
			for i := range v.NumField() {
				name, _, _ := strings.Cut(v.Field(i).Tag.Get("yaml"), ",")
				seen[name] = seen[name] || name == "-" || regexp.MustCompile(`(?m)^[# -]*`+name+`:`).MatchString(Starter())
				if !seen[name] {
					t.Errorf("%s is not in the starter", name)
				}
				keys(v.Field(i).Type)
			}
		}
	}
	keys(reflect.TypeOf(Recipe{}))
	for _, result := range Results() {
		if !strings.Contains(Starter(), result) {
			t.Errorf("the result %s is not in the starter", result)
		}
	}
}
