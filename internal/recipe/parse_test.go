package recipe

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

const small = `schema: 1
id: acme
title: Acme
source: {}
app:
  name: Acme
callback_urls:
  - https://acme.example/cb
scopes: [api]
authorize:
  flow: web
`

func TestParseProblems(t *testing.T) {
	swap := func(old, new string) string {
		if !strings.Contains(small, old) {
			t.Fatalf("%q is not in the sample", old)
		}
		return strings.Replace(small, old, new, 1)
	}
	more := func(s string) string { return small + s }
	choice := func(options string) string {
		return "inputs:\n  - id: flow\n    label: F\n    kind: choice\n    options: [" + options + "]\n"
	}
	tests := []struct{ name, yaml, want string }{
		{"good", small, ""},
		{"empty", "", "f.yaml:1:1: the file is empty"},
		{"syntax", "a: [1,\nb: {", "f.yaml:"},
		{"two documents", more("---\nid: b\n"), "f.yaml:13:1: a file holds one recipe"},
		{"unknown key", swap("  name: Acme", "  name: Acme\n  colour: red"), `f.yaml:7:3: "colour" is no key here; known are name,`},
		{"key twice", more("title: B\n"), `f.yaml:12:1: "title" is given twice`},
		{"null", swap("  name: Acme", "  name:"), "f.yaml:6:8: there is no value here"},
		{"number for text", swap("title: Acme", "title: 42"), "f.yaml:3:8: text is wanted here"},
		{"bool for text", more("switches:\n  pkce_required: true\n"), "f.yaml:13:18: text is wanted here"},
		{"list for text", swap("title: Acme", "title: [a]"), "f.yaml:3:8: text is wanted"},
		{"text for list", swap("scopes: [api]", "scopes: api"), "f.yaml:9:9: a list is wanted here"},
		{"text for keys", swap("source: {}", "source: here"), "f.yaml:4:9: keys with values are wanted here"},
		{"anchor", swap("title: Acme", "title: &a Acme"), "f.yaml:3:"},
		{"schema", swap("schema: 1", "schema: 2"), "f.yaml:1:9: this program reads schema 1"},
		{"id", swap("id: acme", "id: Acme_X"), "f.yaml:2:5: an id has small letters"},
		{"no name", swap("  name: Acme", "  api_name: Acme"), "f.yaml:6:3: app.name is missing"},
		{"escape sequence", swap("title: Acme", `title: "a\x1b[2J"`), "f.yaml:3:8: the character U+001B is not allowed"},
		{"line break", swap("title: Acme", "title: |\n  a\n  b"), "a line break is not allowed here"},
		{"bidi", swap("title: Acme", "title: a\u202eb"), "f.yaml:3:8: the character U+202E is not allowed"},
		{"http link", swap("  name: Acme", "  name: Acme\n  info_url: http://acme.example"), "f.yaml:7:13: an address must start with https://"},
		{"script link", swap("  name: Acme", "  name: Acme\n  logo_url: javascript:alert(1)"), "f.yaml:7:13: an address must start with https://"},
		{"user in link", swap("source: {}", "source:\n  url: https://login.salesforce.com@evil.example/"), "f.yaml:5:8: an address must not carry a user name"},
		{"http callback", swap("https://acme.example/cb", "http://acme.example/cb"), "f.yaml:8:5: a callback address must start with https://"},
		{"local callback", swap("https://acme.example/cb", "http://localhost:8787/cb"), ""},
		{"own scheme", swap("https://acme.example/cb", "cursor://acme/cb"), ""},
		{"callback template", swap("https://acme.example/cb", "https://x.example/${my_domain}/cb"), ""},
		{"scope", swap("[api]", "[\"api full\"]"), "f.yaml:9:10: "},
		{"scope twice", swap("[api]", "[api, api]"), `f.yaml:9:15: "api" is given twice`},
		{"switch id", more("switches:\n  pkce: on\n"), `f.yaml:13:9: "pkce" is no switch`},
		{"switch value", more("switches:\n  pkce_required: maybe\n"), "f.yaml:13:18: write on, off, default"},
		{"policy", more("policies:\n  ip_relaxation: Bypass\n"), "f.yaml:13:18: the form knows: Enforce IP restrictions |"},
		{"policy with a count", more("policies:\n  refresh_token_policy: Expire refresh token after 90 Days\n"), ""},
		{"flow", swap("flow: web", "flow: device"), `f.yaml:11:9: "device" is no flow; known are web, paste, client-credentials, jwt-bearer, refresh-token`},
		{"another flow", swap("flow: web", "flow: jwt-bearer"), ""},
		{"flow by choice", swap("flow: web", "flow: ${flow}") + choice("web, jwt-bearer"), ""},
		{"flow by choice of another kind", swap("flow: web", "flow: ${flow}") + "inputs:\n  - id: flow\n    label: F\n    kind: text\n", "f.yaml:11:9: write a flow, or a choice input alone"},
		{"flow by choice that may stay open", swap("flow: web", "flow: ${flow}") + choice("web") + "    optional: true\n", "f.yaml:11:9: write a flow, or a choice input alone"},
		{"flow in a longer text", swap("flow: web", "flow: w${flow}") + choice("eb"), "f.yaml:11:9: write a flow, or a choice input alone"},
		{"flow by choice of no flow", swap("flow: web", "flow: ${flow}") + choice("web, device"), `f.yaml:11:9: "device" is no flow`},
		{"flow is a result", swap("flow: web", "flow: ${login_url}"), "f.yaml:11:9: write a flow, or a choice input alone"},
		{"prompt template", more("  prompt: ${flow}\n") + choice("login"), "f.yaml:12:11: ${flow}: no template can be used here"},
		{"public", more("  public: true\n"), ""},
		{"public paste by choice", swap("flow: web", "flow: ${flow}\n  public: true") + choice("web, paste"), ""},
		{"public without a browser", swap("flow: web", "flow: client-credentials\n  public: true"), "f.yaml:12:11: only web and paste work without a Consumer Secret, not client-credentials"},
		{"public without a browser by choice", swap("flow: web", "flow: ${flow}\n  public: true") + choice("web, refresh-token"), "not refresh-token"},
		{"public is no text", more("  public: on\n"), "f.yaml:12:11: true or false is wanted here"},
		{"unknown name", more("notes:\n  - see ${nothing}\n"), "f.yaml:13:5: ${nothing}: this is neither an input nor a result"},
		{"broken template", more("notes:\n  - see ${Oops\n"), "f.yaml:13:5: ${ must be followed by"},
		{"secret in a note", more("notes:\n  - ${consumer_secret}\n"), "f.yaml:13:5: ${consumer_secret}: a secret can be used in a hand-over's value alone"},
		{"secret in a callback", swap("https://acme.example/cb", "https://acme.example/${refresh_token}"), "a secret can be used"},
		{"secret not marked", more("handover:\n  - label: S\n    value: ${consumer_secret}\n"), "f.yaml:14:12: this value is secret"},
		{"key not marked", more("handover:\n  - label: S\n    value: ${private_key}\n"), "f.yaml:14:12: this value is secret"},
		{"condition on nothing", more("handover:\n  - label: S\n    value: x\n    when: nope=1\n"), "f.yaml:15:11: write input=value"},
		{"too early", swap("  name: Acme", "  name: ${org_id}"), "f.yaml:6:9: ${org_id}: this is not known before the sign-in"},
		{"input is a result", more("inputs:\n  - id: login_url\n    label: L\n    kind: text\n"), `"login_url" is a result`},
		{"bad default", more("inputs:\n  - id: mail\n    label: L\n    kind: email\n    default: nobody\n"), "f.yaml:16:14: an email address looks like"},
		{"when", more("inputs:\n  - id: a\n    label: L\n    kind: text\n    when: b=c\n"), "f.yaml:16:11: write earlier_input=value"},
		{"caution", more("cautions:\n  nothing: x\n"), `f.yaml:13:12: "nothing" is no box of the form`},
		{"too large", "title: " + strings.Repeat("a", largest), "f.yaml:1:1: a recipe must not be larger than 64 kB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse("f.yaml", []byte(tt.yaml))
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("got %v, want none", err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("got %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestParseNamesEveryProblem(t *testing.T) {
	_, err := Parse("f\x1b.yaml", []byte("schema: 1\nid: acme\ntitle: 1\ncolour: red\nsource: x\n"))
	var problems Problems
	if !errors.As(err, &problems) || len(problems) != 3 {
		t.Fatalf("got %v", err)
	}
	if problems[0].Line != 3 || problems[2].Line != 5 || strings.Contains(err.Error(), "\x1b") {
		t.Errorf("got %v", err)
	}
	if f := problems.Fault(); f.Exit != 2 || !strings.Contains(f.Hint, "f?.yaml:4:1") {
		t.Errorf("fault: %+v", f)
	}
}

// FuzzParse: a recipe that is accepted holds nothing in any of its texts that a
// terminal would obey, and reads the same again; of another each problem has a
// place and is one clean line.
func FuzzParse(f *testing.F) {
	f.Add(small)
	f.Add(text("quilia"))
	f.Add("a: &x [*x, {? b}]\n--- !!binary |\n")
	f.Fuzz(func(t *testing.T, yaml string) {
		r, err := Parse("f", []byte(yaml))
		var problems Problems
		if errors.As(err, &problems) {
			for _, p := range problems {
				if p.Line < 1 || p.Column < 1 || p.Text == "" || strings.ContainsFunc(p.String(), unicode.IsControl) {
					t.Errorf("%q has the problem %+v", yaml, p)
				}
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse("f", []byte(r.Text))
		if err != nil || !reflect.DeepEqual(r, again) {
			t.Errorf("%q reads otherwise the second time: %v", yaml, err)
		}
		r.Text = ""
		eachString(reflect.ValueOf(r), func(s string) {
			if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) }) {
				t.Errorf("accepted %q", s)
			}
		})
	})
}

// eachString visits every text in v.
func eachString(v reflect.Value, visit func(string)) {
	switch v.Kind() {
	case reflect.String:
		visit(v.String())
	case reflect.Pointer:
		if !v.IsNil() {
			eachString(v.Elem(), visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			eachString(v.Field(i), visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachString(v.Index(i), visit)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			eachString(key, visit)
			eachString(v.MapIndex(key), visit)
		}
	}
}

func TestCheckAnswer(t *testing.T) {
	tests := []struct {
		kind      Kind
		raw, want string // want "!" for a refusal
	}{
		{KindText, "  Acme  ", "Acme"},
		{KindText, "", "!"},
		{KindText, "${consumer_secret}", "!"},
		{KindText, "a\x1b[1mb", "!"},
		{KindText, "a\u200bb", "!"},
		{KindEmail, "ada@acme.com", "ada@acme.com"},
		{KindEmail, "ada@acme", "!"},
		{KindEmail, "ada@@acme.com", "!"},
		{KindEmail, "Ada <ada@acme.com>", "!"},
		{KindPhone, "+44 20 3290 0456", "+44 20 3290 0456"},
		{KindPhone, "call me", "!"},
		{KindURL, "https://acme.example/x", "https://acme.example/x"},
		{KindURL, "http://acme.example/x", "!"},
		{KindURL, "https:///x", "!"},
		{KindURLs, "https://a.example/1,\n https://b.example/2 ", "https://a.example/1 https://b.example/2"},
		{KindURLs, "https://a.example/* https://b.example", "!"},
		{KindChoice, "no", "no"},
		{KindChoice, "maybe", "!"},
		{KindSwitch, "default", "default"},
		{KindBool, "default", "!"},
		{KindScopes, "api, refresh_token api", "api refresh_token"},
		{KindScopes, "Manage user data (api)", "!"},
	}
	for _, tt := range tests {
		got, err := CheckAnswer(Input{Kind: tt.kind, Options: []string{"no", "yes"}}, tt.raw)
		if (err != nil) != (tt.want == "!") || err == nil && got != tt.want {
			t.Errorf("%s %q: got %q, %v, want %q", tt.kind, tt.raw, got, err, tt.want)
		}
	}
}
