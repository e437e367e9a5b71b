package wizard

import (
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/store"
)

// everything is a recipe file that uses all that the format has.
func everything(t *testing.T) recipe.Recipe {
	t.Helper()
	file := filepath.Join("testdata", "everything.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r, err := recipe.Parse(file, text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func parse(t *testing.T, text string) recipe.Recipe {
	t.Helper()
	r, err := recipe.Parse("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// only lets a set-up know one recipe.
func only(r recipe.Recipe) func(*Setup) {
	return func(s *Setup) {
		s.Recipes = func() ([]recipe.Recipe, error) { return []recipe.Recipe{r}, nil }
		s.RecipeID = r.ID
	}
}

func TestEverythingGolden(t *testing.T) {
	for _, v := range everything(t).Variants {
		r := everything(t).Fill(map[string]string{recipe.VariantAnswer: v.ID, "contact_email": "ada@acme.com", "tenant": "acme.everything.example", "bot": "bot@acme.com"})
		f := Form{Recipe: r, Flow: connection.Flow(r.Authorize.Flow), Secret: r.Authorize.Flow != "jwt-bearer", Link: link}
		switch f.Flow {
		case connection.FlowWeb:
			f.Ours = connection.DefaultCallbacks()
		case connection.FlowJWTBearer:
			f.Certificate, f.ActsAs = "/home/ada/sfconnect-default.crt", "bot@acme.com"
		}
		golden(t, "everything-"+v.ID+".golden", transcript(t, f))
	}
}

func TestEachSetupPageIsThere(t *testing.T) {
	for _, id := range recipe.SetupPages() {
		if p := salesforce.SetupPageOf(id); p == "" || p.Path() == "Setup" {
			t.Errorf("%s has no page", id)
		}
	}
	if p := salesforce.SetupPageOf("other"); p != "" {
		t.Errorf("got %q", p)
	}
}

// TestVariantIsAskedAndRemembered: it is the first question, its own inputs come after the
// recipe's, and another variant needs another app.
func TestVariantIsAskedAndRemembered(t *testing.T) {
	g := newRig(t, nil)
	set := only(everything(t))
	ui, err := g.stepRun(map[string][]any{
		"variant": {asDefault{}, "alone", asDefault{}}, "input.contact_email": {ErrBack, "ada@acme.com", ErrBack, "ada@acme.com"},
		"input.tenant": {rejected("https://acme.example"), ErrBack, "acme.example"},
		"input.bot":    {ErrBack, "bot@acme.com"}, "login_url": {asDefault{}}, partExists: {appNew}, "before_1": {ErrLeave},
	}, func(s *Setup) {
		set(s)
		ui := s.UI.(*script)
		ui.answers["input.tenant"] = append(ui.answers["input.tenant"], "acme.example")
	})
	if !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
	if c := ui.choices[0]; c.Title != "How does Everything sign in?" || c.Default != "web" || c.Options[1] != (Option{"alone", "As one fixed user (client credentials)", "for servers"}) {
		t.Errorf("asked %+v", c)
	}
	_, p := g.progress()
	if p.Recipe.Inputs[recipe.VariantAnswer] != "alone" || p.Recipe.Inputs["bot"] != "bot@acme.com" || !p.LoginDone {
		t.Errorf("progress %+v", p)
	}

	ui, err = g.stepRun(map[string][]any{"input.contact_email": {asDefault{}}, "input.tenant": {asDefault{}}, "app_exists": {appNew}, "before_1": {ErrLeave}},
		func(s *Setup) { set(s); s.Variant = "web" })
	if !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
	if _, p = g.progress(); p.Recipe.Inputs[recipe.VariantAnswer] != "web" || p.Recipe.Inputs["bot"] != "" {
		t.Errorf("progress %+v", p.Recipe.Inputs)
	}
	if said := ui.text.String(); strings.Contains(said, "? variant") {
		t.Error("asked though it was given")
	}
	_, err = g.stepRun(map[string][]any{"resume": {"continue"}, "before_1": {ErrLeave}}, func(*Setup) {})
	if !errors.Is(err, ErrLeave) {
		t.Errorf("going on: %v", err)
	}
}

// TestEachVariantRunsThrough: by itself, as a rehearsal does.
func TestEachVariantRunsThrough(t *testing.T) {
	for _, v := range everything(t).Variants {
		t.Run(v.ID, func(t *testing.T) {
			g := newRig(t, nil)
			g.clock = time.Now() // the library signs with the real one
			var out strings.Builder
			s := g.prepared(&out)
			only(everything(t))(s)
			s.Variant, s.Rehearsal, s.Folder = v.ID, true, g.dir
			s.Preset["username"] = g.org.Org.Facts().Username
			s.Chosen = func(r recipe.Recipe) { g.org.Org.Adopt(&r) }
			s.Uploaded = func(c []byte) error { return g.org.Org.Set("certificate", string(c)) }
			if err := s.Run(t.Context()); err != nil {
				t.Fatalf("%v\n%s", err, out.String())
			}
			p, _ := g.saved()
			if p.Recipe.Inputs[recipe.VariantAnswer] != v.ID || p.Flow != v.Authorize.Flow {
				t.Errorf("profile %+v", p)
			}
			said := out.String()
			if !strings.Contains(said, "note  INSUFFICIENT_ACCESS in the logs\n      Look at Session Security Level Policies.\n") || !strings.Contains(said, "/lightning/setup/IdentityVerification/home") {
				t.Errorf("no follow-up at the end: %s", said)
			}
			if strings.Contains(said, "You named") {
				t.Error("the rehearsal names a user who is not there")
			}
			if v.ID == "certificate" {
				key, err := g.machine.Secrets.Get(t.Context(), p.ID, store.PrivateKey)
				if block, _ := pem.Decode([]byte(key.Reveal())); err != nil || len(block.Bytes) < 1700 { // 2048 bits have about 1200 bytes
					t.Errorf("the key has %d bytes, %v", len(block.Bytes), err)
				}
			}
			if v.ID == "certificate" && (p.JWT.CertificateEnds.Sub(g.clock) > 91*24*time.Hour || !strings.Contains(said, "valid?  90")) {
				t.Errorf("the certificate ends on %v", p.JWT.CertificateEnds)
			}
		})
	}
}

// TestUnusedLineIsNotAskedAbout: the product does not use it, so that another one in the app
// is nobody's loss.
func TestUnusedLineIsNotAskedAbout(t *testing.T) {
	r := parse(t, `{schema: 1, id: small, title: Small, source: {}, app: {name: Small}, authorize: {flow: web},
callback_urls: ["https://small.example/cb"], callback_use: unused}`)
	g := newRig(t, nil)
	answers := map[string][]any{"login_url": {asDefault{}}, partExists: {appExisting}, pageAppManager: {ActionDone}, pageBasic: {ActionDone}, pageOAuth: {ActionDone}, pageKey: {ActionDone},
		"consumer_key": {asDefault{}}, "consumer_secret": {g.secret()}, "confirm": {ErrLeave}}
	ui, err := g.stepRun(answers, only(r))
	if !errors.Is(err, ErrLeave) || strings.Contains(ui.text.String(), "small.example/cb  ") {
		t.Errorf("%v: %s", err, ui.text.String())
	}
}

func TestGivenInputsAreNotAsked(t *testing.T) {
	g := newRig(t, nil)
	set := only(everything(t))
	given := func(more map[string]string) func(*Setup) {
		return func(s *Setup) { set(s); s.Given = more }
	}
	ui, err := g.stepRun(map[string][]any{"variant": {asDefault{}}, "input.contact_email": {"ada@acme.com"}, "login_url": {ErrLeave}}, given(map[string]string{"tenant": " acme.example "}))
	if !errors.Is(err, ErrLeave) || !strings.Contains(ui.text.String(), "ok: Your Everything host: acme.example") {
		t.Errorf("%v: %s", err, ui.text.String())
	}
	if _, p := g.progress(); p.Recipe.Inputs["tenant"] != "acme.example" {
		t.Errorf("progress %+v", p.Recipe.Inputs)
	}
	// Another answer opens the step again.
	_, err = g.stepRun(map[string][]any{"variant": {asDefault{}}, "input.contact_email": {asDefault{}}, "login_url": {ErrLeave}}, given(map[string]string{"tenant": "other.example"}))
	if !errors.Is(err, ErrLeave) {
		t.Error(err)
	}
	if _, p := g.progress(); p.Recipe.Inputs["tenant"] != "other.example" {
		t.Errorf("progress %+v", p.Recipe.Inputs)
	}
}

// TestGivenInputsThatCannotBe are refused before the secret store is asked anything.
func TestGivenInputsThatCannotBe(t *testing.T) {
	conditional := parse(t, `{schema: 1, id: small, title: Small, source: {}, app: {name: Small}, authorize: {flow: web},
inputs: [{id: more, label: More, kind: choice, options: ["no", "yes"], default: "no"}, {id: which, label: Which, kind: text, optional: true, when: more=yes}]}`)
	for name, tt := range map[string]struct {
		recipe recipe.Recipe
		given  map[string]string
		want   string
	}{
		"unknown":   {find(t, "quilia"), map[string]string{"tenant": "x"}, `Quilia does not ask for "tenant". It asks for: contact_email.`},
		"wrong":     {find(t, "quilia"), map[string]string{"contact_email": "nobody"}, "The answer --input contact_email=nobody cannot be used: an email address looks like admin@acme.com."},
		"not asked": {conditional, map[string]string{"which": "x", "more": "no"}, "it is asked only where more=yes"},
	} {
		g := newRig(t, nil)
		ui, err := g.stepRun(nil, func(s *Setup) { only(tt.recipe)(s); s.Given = tt.given })
		var f *fault.Fault
		if !errors.As(err, &f) || f.Exit != fault.ExitUsage || !strings.Contains(f.Message+" "+f.Hint, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
		if began := strings.Contains(ui.text.String(), "=="); began != (name == "not asked") {
			t.Errorf("%s: a screen was shown: %v", name, began)
		}
	}
}

// TestAnswersThatTheFormRefuses are asked for again, and a machine that answers the same
// again is told.
func TestAnswersThatTheFormRefuses(t *testing.T) {
	r := parse(t, `{schema: 1, id: small, title: Small, source: {}, app: {name: Small}, authorize: {flow: web},
callback_urls: ["https://small.example/cb", "${more}"], inputs: [{id: more, label: More lines, kind: urls}]}`)
	g := newRig(t, nil)
	ui, err := g.stepRun(map[string][]any{"input.more": {"https://small.example/cb", "https://small.example/other"}, "login_url": {ErrLeave}}, only(r))
	if !errors.Is(err, ErrLeave) || !strings.Contains(ui.text.String(), "fail: Salesforce's form would not take these answers: this line is given twice.") {
		t.Errorf("%v: %s", err, ui.text.String())
	}
	s := g.prepared(&strings.Builder{})
	s.Profile = "other"
	only(r)(s)
	s.Given = map[string]string{"more": "https://small.example/cb"}
	var f *fault.Fault
	if err := s.Run(t.Context()); !errors.As(err, &f) || f.Exit != fault.ExitUsage {
		t.Errorf("got %v", err)
	}
}
