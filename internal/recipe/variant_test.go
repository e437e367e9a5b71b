package recipe

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const twoWays = `schema: 1
id: acme
title: Acme
source:
  url: https://acme.example/docs
  date: "2026-08-21"
inputs:
  - id: tenant
    label: Tenant
    kind: host
    default: one.acme.example
app:
  name: Acme
  description: The head's
callback_urls:
  - https://${tenant}/cb
scopes: [api, refresh_token]
switches:
  pkce_required: on
policies:
  ip_relaxation: Relax IP restrictions
notes: [one, two]
cautions:
  scopes: Only these.
variants:
  - id: web
    title: Somebody signs in
    authorize:
      flow: web
  - id: client-credentials
    title: As one fixed user
    summary: with a Run As user
    source:
      url: https://acme.example/cc
    inputs:
      - id: bot
        label: User
        kind: text
        default: bot@acme.example
    app:
      description: The variant's
    callback_urls: []
    scopes: [api]
    switches:
      client_credentials_flow: on
    policies:
      run_as: ${bot}
    run_as_user:
      permissions: [API Only User]
    authorize:
      flow: client-credentials
    notes: [three]
    cautions:
      run_as: The Username.
`

func TestVariantIsMergedOverItsRecipe(t *testing.T) {
	r, err := Parse("f.yaml", []byte(twoWays))
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.Variant("client-credentials")
	if err != nil {
		t.Fatal(err)
	}
	want := Recipe{
		Schema: 1, ID: "acme", Title: "Acme", Summary: "with a Run As user", Text: twoWays,
		Source: Source{URL: "https://acme.example/cc", Date: "2026-08-21"},
		Inputs: []Input{{ID: "tenant", Label: "Tenant", Kind: KindHost, Default: "one.acme.example"}, {ID: "bot", Label: "User", Kind: KindText, Default: "bot@acme.example"}},
		App:    App{Name: "Acme", Description: "The variant's"}, CallbackURLs: []string{}, Scopes: []string{"api"},
		Switches: map[string]Switch{"pkce_required": SwitchOn, "client_credentials_flow": SwitchOn},
		Policies: Policies{IPRelaxation: "Relax IP restrictions", RunAs: "${bot}"}, RunAsUser: RunAsUser{Permissions: []string{"API Only User"}},
		Authorize: Authorize{Flow: "client-credentials"}, Notes: []string{"three"},
		Cautions: map[string]string{"scopes": "Only these.", "run_as": "The Username."},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	first, err := r.Variant("")
	if err != nil || first.Authorize.Flow != "web" || len(first.Inputs) != 1 || len(first.Notes) != 2 || first.Summary != "" {
		t.Errorf("the first: %+v, %v", first, err)
	}
	if r.Switches["client_credentials_flow"] != "" || len(r.Variants) != 2 || len(r.Inputs) != 1 {
		t.Error("merging changed the recipe")
	}
	for id, in := range map[string]Recipe{"jwt": r, "web": got} {
		if _, err := in.Variant(id); err == nil || !strings.Contains(err.Error(), "has no variant") {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func TestFillTakesTheChosenVariant(t *testing.T) {
	r, err := Parse("f.yaml", []byte(twoWays))
	if err != nil {
		t.Fatal(err)
	}
	for answer, want := range map[string][2]string{"": {"web", ""}, "nonsense": {"web", ""}, "client-credentials": {"client-credentials", "ada@acme.example"}} {
		f := r.Fill(map[string]string{VariantAnswer: answer, "bot": "ada@acme.example"})
		if f.Authorize.Flow != want[0] || f.Policies.RunAs != want[1] || f.Variants != nil {
			t.Errorf("%q: %+v", answer, f)
		}
	}
}

// A fault is named where it stands, in the recipe or in the variant, and once.
func TestVariantProblemsHaveTheirPlace(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"the variant's list":      {"    scopes: [api]", "    scopes: [api, api]", "43:19: \"api\" is given twice"},
		"the recipe's list":       {"scopes: [api, refresh_token]", "scopes: [api, nope]", "17:15: there is no scope"},
		"the variant's key":       {"client_credentials_flow: on", "client_credentials_flow: maybe", "45:32: write on, off"},
		"the recipe's key":        {"pkce_required: on", "pkce_required: maybe", "19:18: write on, off"},
		"the variant's input":     {"        label: User\n", "", "36:9: label is missing"},
		"the recipe's input":      {"    label: Tenant\n", "", "8:5: label is missing"},
		"an input in both":        {"      - id: bot\n", "      - id: bot\n        label: B\n        kind: text\n      - id: tenant\n", "39:13: there are two inputs \"tenant\""},
		"an input of another":     {"notes: [one, two]", "notes: [\"${bot}\"]", "22:9: ${bot}: this is neither an input nor a result"},
		"characters of all":       {"Somebody signs in", "\"Some\\tbody\"", "27:12: the character U+0009 is not allowed"},
		"unused part of the head": {"    description: The variant's\n", "    contact_email: me\n", "41:22: an email address looks like"},
		"id":                      {"id: client-credentials", "id: Client", "30:9: an id has small letters"},
		"id twice":                {"id: client-credentials", "id: web", "30:9: there are two variants \"web\""},
		"no title":                {"    title: Somebody signs in\n", "", "26:5: title is missing"},
		"no flow":                 {"    authorize:\n      flow: web\n", "", "26:5: \"\" is no flow"},
		"a key of the head":       {"    title: Somebody signs in\n", "    title: S\n    vendor: V\n", "28:5: \"vendor\" is no key here; known are id, title, summary, source,"},
		"variants of a variant":   {"    title: Somebody signs in\n", "    title: S\n    variants: []\n", "28:5: \"variants\" is no key here"},
	} {
		t.Run(name, func(t *testing.T) {
			if strings.Count(twoWays, c.old) != 1 {
				t.Fatalf("%q is in the sample %d times", c.old, strings.Count(twoWays, c.old))
			}
			_, err := Parse("f", []byte(strings.Replace(twoWays, c.old, c.new, 1)))
			var problems Problems
			if !errors.As(err, &problems) || len(problems) != 1 || !strings.HasPrefix(problems[0].String(), "f:"+c.want) {
				t.Errorf("got  %v\nwant f:%s", err, c.want)
			}
		})
	}
}

// A variant may say what a recipe may say, but for its head.
func TestVariantHasTheKeysOfARecipe(t *testing.T) {
	fields := func(v any, without ...string) map[string]string {
		all := map[string]string{}
		for _, f := range reflect.VisibleFields(reflect.TypeOf(v)) {
			all[f.Name] = f.Type.String() + " " + strings.TrimSuffix(f.Tag.Get("yaml"), ",omitempty")
		}
		for _, name := range without {
			delete(all, name)
		}
		return all
	}
	if d := cmp.Diff(fields(Recipe{}, "Schema", "Vendor", "Variants", "Text"), fields(Variant{})); d != "" {
		t.Error(d)
	}
}

// Every text that a template may stand in is filled: what Parse allows, Fill does.
func TestFillReachesEveryTemplate(t *testing.T) {
	r := Recipe{Inputs: []Input{{ID: "x", Kind: KindText}}}
	set(reflect.ValueOf(&r).Elem(), "${x}")
	r.Inputs, r.Variants, r.Certificate = []Input{{ID: "x", Kind: KindText}}, nil, Certificate{}
	filled := r.Fill(map[string]string{"x": "filled"})
	walkTexts(reflect.ValueOf(filled), "", func(path, text string) {
		want := "filled"
		if r.nameProblem(path, "x") != "" {
			want = "${x}"
		}
		if text != want && !strings.HasPrefix(path, "inputs") {
			t.Errorf("%s is %s", path, text)
		}
	})
	walkTexts(reflect.ValueOf(r), "", func(path, text string) {
		if text != "${x}" && !strings.HasPrefix(path, "inputs") {
			t.Errorf("Fill changed %s of the recipe it was called on", path)
		}
	})
}

// set puts text into every text under v, with one item in each list and map.
func set(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Struct:
		for i := range v.NumField() {
			set(v.Field(i), text)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		set(v.Index(0), text)
	case reflect.Map:
		item := reflect.New(v.Type().Elem()).Elem()
		set(item, text)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("key"), item)
	}
}

func TestUnfit(t *testing.T) {
	r := Recipe{App: App{Name: "Acme", APIName: "${name}"}, CallbackURLs: []string{"https://acme.example/${path}"}, Scopes: []string{"${scopes}"}}
	for _, c := range []struct{ name, path, scopes, want string }{
		{"Acme_App", "cb", "api web", ""},
		{"Acme App", "cb", "api", "an API Name has"},
		{"Acme", "a b", "api", "this is not an address"},
		{"Acme", strings.Repeat("x", 2000), "api", "the box takes 2000 characters"},
		{"Acme", "cb", "api everything", `there is no scope "everything"`},
	} {
		err := r.Fill(map[string]string{"name": c.name, "path": c.path, "scopes": c.scopes}).Unfit()
		if (err == nil) != (c.want == "") || err != nil && !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s %.20s: %v", c.name, c.path, err)
		}
	}
}

// What a replaced list had at a place is no place for a fault of the new one.
func TestReplacedListLendsNoPlace(t *testing.T) {
	_, err := Parse("f", []byte(small+`handover:
  - label: Key
    value: ${consumer_key}
variants:
  - id: web
    title: W
    handover:
      - value: ${consumer_key}
`))
	if err == nil || err.Error() != "f:19:9: label is missing" {
		t.Errorf("got %v", err)
	}
}
