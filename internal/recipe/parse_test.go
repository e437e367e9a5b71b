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
		{"result of another flow", more("handover:\n  - label: S\n    value: ${private_key_base64}\n    secret: true\n"), "f.yaml:14:12: ${private_key_base64}: only the flow jwt-bearer has it"},
		{"certificate of another flow", more("handover:\n  - label: S\n    value: ${certificate}\n"), "f.yaml:14:12: ${certificate}: only the flow jwt-bearer has it"},
		{"secret of a public client", more("  public: true\nhandover:\n  - label: S\n    value: ${consumer_secret}\n    secret: true\n"), "f.yaml:15:12: ${consumer_secret}: a public client has none"},
		{"refresh token of a flow without", swap("flow: web", "flow: client-credentials") + "handover:\n  - label: S\n    value: ${refresh_token}\n    secret: true\n", "f.yaml:14:12: ${refresh_token}: this flow brings no refresh token"},
		{"encoded key not marked", swap("flow: web", "flow: jwt-bearer") + "handover:\n  - label: S\n    value: ${private_key_base64}\n", "f.yaml:14:12: this value is secret"},
		{"name of the org too early", swap("  name: Acme", "  name: ${org_name}"), "f.yaml:6:9: ${org_name}: this is not known before the sign-in"},
		{"host in time", swap("  name: Acme", "  name: Acme ${login_host} ${token_url} ${authorize_url} ${subdomain}"), ""},
		{"source kind", swap("source: {}", "source:\n  kind: canvas_app"), "f.yaml:5:9: known are external_client_app, connected_app"},
		{"source date", swap("source: {}", "source:\n  date: \"22.11.2026\""), "f.yaml:5:9: a date looks like 2026-11-22"},
		{"reference", swap("source: {}", "source:\n  more:\n    - url: http://acme.example\n      date: May\n    - for: x"), "f.yaml:6:12: an address must start with https://"},
		{"date of a reference", swap("source: {}", "source:\n  more:\n    - url: https://acme.example\n      date: May"), "f.yaml:7:13: a date looks like 2026-11-22"},
		{"reference to nothing", swap("source: {}", "source:\n  more:\n    - for: x"), "f.yaml:6:7: url is missing"},
		{"api name", swap("  name: Acme", "  name: Acme\n  api_name: 1st"), "f.yaml:7:13: an API Name has letters, digits and _ alone"},
		{"api name with a blank", swap("  name: Acme", "  name: Acme\n  api_name: Acme App"), "f.yaml:7:13: an API Name has letters"},
		{"api name that trails", swap("  name: Acme", "  name: Acme\n  api_name: Acme_"), "f.yaml:7:13: an API Name has no _ at its end"},
		{"api name with two", swap("  name: Acme", "  name: Acme\n  api_name: Acme__App"), "f.yaml:7:13: an API Name has no _ at its end and no two in a row"},
		{"email", swap("  name: Acme", "  name: Acme\n  contact_email: me"), "f.yaml:7:18: an email address looks like"},
		{"phone", swap("  name: Acme", "  name: Acme\n  contact_phone: call us"), "f.yaml:7:18: a phone number looks like"},
		{"distribution", swap("  name: Acme", "  name: Acme\n  distribution_state: Global"), "f.yaml:7:23: known are Local, Packaged"},
		{"foreign letters in a host", swap("https://acme.example/cb", "https://аcme.example/cb"), "f.yaml:8:5: the host has characters that no host has"},
		{"callback twice", swap("  - https://acme.example/cb", "  - https://acme.example/cb\n  - https://acme.example/cb"), "f.yaml:9:5: this line is given twice"},
		{"callback with a star", swap("https://acme.example/cb", "https://*.example/cb"), "f.yaml:8:5: this is not an address"},
		{"callbacks too long", swap("  - https://acme.example/cb", "  - https://acme.example/"+strings.Repeat("a", 1500)+"\n  - https://acme.example/"+strings.Repeat("b", 500)), "f.yaml:8:3: the box takes 2000 characters in all, and these are 2043"},
		{"callback use", more("callback_use: later\n"), "f.yaml:12:15: known are used, unused"},
		{"free text in an address", swap("https://acme.example/cb", "https://${t}.acme.example/cb") + "inputs:\n  - id: t\n    label: T\n    kind: text\n", "f.yaml:8:5: ${t}: a part of an address must be a host"},
		{"checked text in an address", swap("https://acme.example/cb", "https://${t}.acme.example/cb") + "inputs:\n  - id: t\n    label: T\n    kind: text\n    pattern: \"[a-z]+\"\n    example: acme\n", ""},
		{"scope that there is not", swap("[api]", "[api, refreh_token]"), `f.yaml:9:15: there is no scope "refreh_token"; Salesforce knows address, api,`},
		{"scopes match", more("scopes_match: some\n"), "f.yaml:12:15: known are exact, at_least"},
		{"scope that is both", more("scopes_never: [full, api]\n"), `f.yaml:12:22: "api" is among the scopes too`},
		{"unknown scope never", more("scopes_never: [all]\n"), `f.yaml:12:16: there is no scope "all"`},
		{"certificate without its flow", more("certificate:\n  days: 365\n"), "f.yaml:13:3: only the flow jwt-bearer has a certificate"},
		{"certificate for ever", swap("flow: web", "flow: jwt-bearer") + "certificate:\n  days: 9999\n", "f.yaml:13:9: write a number of days from 1 to 3650"},
		{"certificate with a small key", swap("flow: web", "flow: jwt-bearer") + "certificate:\n  key_size: 1024\n", "f.yaml:13:13: write 2048, 3072 or 4096"},
		{"certificate in words", swap("flow: web", "flow: jwt-bearer") + "certificate:\n  days: a year\n", "f.yaml:13:9: a number is wanted here"},
		{"step at no time", more("steps:\n  - at: later\n    title: T\n    do: [x]\n"), "f.yaml:13:9: known are before, after"},
		{"step without a time", more("steps:\n  - title: T\n    do: [x]\n"), "f.yaml:13:5: at is missing"},
		{"step without a title", more("steps:\n  - at: before\n    do: [x]\n"), "f.yaml:13:5: title is missing"},
		{"step without anything to do", more("steps:\n  - at: before\n    title: T\n    do: []\n"), "f.yaml:15:9: do is missing"},
		{"step on no page", more("steps:\n  - at: before\n    title: T\n    do: [x]\n    page: home\n"), "f.yaml:16:11: known are app_manager, external_client_apps,"},
		{"step that runs something", more("steps:\n  - at: before\n    title: T\n    run: rm -r /\n"), `f.yaml:15:5: "run" is no key here; known are at, title, page, do, caution`},
		{"check without a sign", more("checks:\n  - do: x\n"), "f.yaml:13:5: sign is missing"},
		{"check without anything to do", more("checks:\n  - sign: x\n"), "f.yaml:13:5: do is missing"},
		{"check on no page", more("checks:\n  - sign: x\n    do: x\n    page: https://evil.example\n"), "f.yaml:15:11: known are app_manager,"},
		{"run as user", more("run_as_user:\n  licence: x\n"), `f.yaml:13:3: "licence" is no key here; known are advice, license,`},
		{"host default", more("inputs:\n  - id: h\n    label: L\n    kind: host\n    default: https://acme.example\n"), "f.yaml:16:14: leave out the https://"},
		{"kind", more("inputs:\n  - id: h\n    label: L\n    kind: number\n"), "f.yaml:15:11: known kinds are text, email, url"},
		{"pattern", more("inputs:\n  - id: h\n    label: L\n    kind: text\n    pattern: \"[a\"\n    example: a\n"), "f.yaml:16:14: this is no regular expression (RE2)"},
		{"pattern of a host", more("inputs:\n  - id: h\n    label: L\n    kind: host\n    pattern: a.b\n    example: a.b\n"), "f.yaml:16:14: only a text has a pattern"},
		{"pattern without an example", more("inputs:\n  - id: h\n    label: L\n    kind: text\n    pattern: a\n"), "f.yaml:16:14: a pattern needs an example"},
		{"example that does not fit", more("inputs:\n  - id: h\n    label: L\n    kind: text\n    pattern: a|b\n    example: abc\n"), "f.yaml:17:14: the example does not fit the pattern"},
		{"default that does not fit", more("inputs:\n  - id: h\n    label: L\n    kind: text\n    pattern: a+\n    example: a\n    default: ba\n"), "f.yaml:18:14: this should look like a"},
		{"input twice", more("inputs:\n  - id: h\n    label: L\n    kind: text\n  - id: h\n    label: L\n    kind: text\n"), `f.yaml:16:9: there are two inputs "h"`},
		{"input id", more("inputs:\n  - id: H\n    label: L\n    kind: text\n"), "f.yaml:13:9: an input's id has small letters"},
		{"input without a label", more("inputs:\n  - id: h\n    kind: text\n"), "f.yaml:13:5: label is missing"},
		{"choice without options", more("inputs:\n  - id: h\n    label: L\n    kind: choice\n"), "f.yaml:13:5: a choice needs options"},
		{"not always asked", more("inputs:\n  - id: a\n    label: L\n    kind: bool\n    default: \"on\"\n  - id: b\n    label: L\n    kind: text\n    when: a=on\n"), "f.yaml:20:11: an input that is not always asked needs a default"},
		{"no variants", more("variants: []\n"), "f.yaml:12:11: there is no variant here"},
		{"variant is reserved", more("inputs:\n  - id: variant\n    label: L\n    kind: text\n"), `f.yaml:13:9: "variant" is the name of the answer`},
		{"prompt", more("  prompt: login force\n"), "f.yaml:12:11: known are login, consent and select_account"},
		{"host of the login", more("  host: evil.example\n"), "f.yaml:12:9: known are any, my_domain"},
		{"hand-over without a label", more("handover:\n  - value: x\n"), "f.yaml:13:5: label is missing"},
		{"hand-over without a value", more("handover:\n  - label: x\n"), "f.yaml:13:5: value is missing"},
		{"template in a condition", more("handover:\n  - label: S\n    value: x\n    when: ${login_url}=1\n"), "f.yaml:15:11: ${login_url}: no template can be used here"},
		{"template in a link to Setup", more("steps:\n  - at: before\n    title: T\n    do: [x]\n    page: ${login_url}\n"), "f.yaml:16:11: ${login_url}: no template can be used here"},
		{"secret in a step", more("steps:\n  - at: after\n    title: T\n    do: [\"${consumer_secret}\"]\n"), "f.yaml:15:10: ${consumer_secret}: a secret can be used in a hand-over's value alone"},
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
// terminal would obey, reads the same again, and can be filled in each of its
// variants; of another each problem has a place in the file and is one clean line.
func FuzzParse(f *testing.F) {
	f.Add(small)
	f.Add(twoWays)
	for _, id := range ids() {
		f.Add(text(id))
	}
	f.Add("a: &x [*x, {? b}]\n--- !!binary |\n")
	f.Fuzz(func(t *testing.T, yaml string) {
		r, err := Parse("f", []byte(yaml))
		var problems Problems
		if errors.As(err, &problems) {
			for _, p := range problems {
				if p.Line < 1 || p.Column < 1 || p.Text == "" || strings.ContainsFunc(p.String(), unicode.IsControl) {
					t.Errorf("%q has the problem %+v", yaml, p)
				}
				if lines := strings.Count(strings.ReplaceAll(yaml, "\r", "\n"), "\n") + 1; p.Line > lines {
					t.Errorf("%q has %d lines and the problem %+v", yaml, lines, p)
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
		fillEach(t, r)
		r.Text = ""
		eachString(reflect.ValueOf(r), func(s string) {
			if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) }) {
				t.Errorf("accepted %q", s)
			}
		})
	})
}

// fillEach fills every variant with words that are no good anywhere, and looks
// whether a template of an input is left, or a secret came in.
func fillEach(t *testing.T, r Recipe) {
	variants := append([]Variant{{}}, r.Variants...)
	for _, v := range variants {
		chosen, err := r.Variant(v.ID)
		if err != nil || len(chosen.Variants) > 0 || len(chosen.Flows()) == 0 {
			t.Fatalf("variant %q: %v, %v", v.ID, err, chosen.Flows())
		}
		answers := map[string]string{VariantAnswer: v.ID}
		for _, in := range chosen.Inputs {
			answers[in.ID] = "\x00 word"
		}
		filled := r.Fill(answers)
		walkTexts(reflect.ValueOf(filled), "", func(path, text string) {
			names, _ := Names(text)
			for _, name := range names {
				if _, asked := chosen.input(name); asked {
					t.Errorf("%s of variant %q still has ${%s}", path, v.ID, name)
				}
			}
		})
		_ = filled.Unfit()
	}
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
		{KindScopes, "api refreh_token", "!"},
		{KindURL, "https://аcme.example/", "!"},
		{KindURL, "https://[::1]/", "https://[::1]/"},
		{KindHost, "Acme-1.example", "Acme-1.example"},
		{KindHost, "https://acme.example", "!"},
		{KindHost, "acme.example/", "!"},
		{KindHost, "acme.example:443", "!"},
		{KindHost, "acme", "!"},
		{KindHost, "-acme.example", "!"},
		{KindHost, "acme..example", "!"},
		{KindHost, "acme .example", "!"},
		{KindName, "Acme_App1", "Acme_App1"},
		{KindName, "_Acme", "!"},
		{KindName, "Acme App", "!"},
		{KindName, "Acme_", "!"},
	}
	for _, tt := range tests {
		got, err := CheckAnswer(Input{Kind: tt.kind, Options: []string{"no", "yes"}}, tt.raw)
		if (err != nil) != (tt.want == "!") || err == nil && got != tt.want {
			t.Errorf("%s %q: got %q, %v, want %q", tt.kind, tt.raw, got, err, tt.want)
		}
	}
}
