package wizard

import (
	"errors"
	"strings"
	"testing"

	"example.com/sfconnect/internal/recipe"
)

// stranger is a set-up with a recipe file.
func stranger(r recipe.Recipe) func(*Setup) {
	return func(s *Setup) { only(r)(s); s.RecipeFile = "./" + r.ID + ".yaml" }
}

// TestStrangersRecipeIsShownFirst: before any question of its own, and Enter is no yes.
func TestStrangersRecipeIsShownFirst(t *testing.T) {
	g := newRig(t, nil)
	ui, err := g.stepRun(map[string][]any{"recipe_file": {asDefault{}}}, stranger(everything(t)))
	if !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
	for _, want := range []string{
		"File          ./everything.yaml", "Everything (everything), by Everything Inc", "https://everything.example/salesforce, as of 2026-11-25",
		"Codes go to   ‹Your Everything host›", "this computer, while sfconnect waits for you", "Key (secret)",
	} {
		if !strings.Contains(ui.text.String(), want) {
			t.Errorf("never said %q", want)
		}
	}
	if left := Unfinished(g.setup(nil).StateDir); len(left) != 0 {
		t.Errorf("progress is left: %v", left)
	}
	if g.items() != 0 {
		t.Errorf("%d items in the store", g.items())
	}
}

func TestTrustInARecipeIsForWhatWasSeen(t *testing.T) {
	r := parse(t, "{schema: 1, id: small, title: Small, source: {}, app: {name: Small}, authorize: {flow: web}}")
	g := newRig(t, nil)
	if _, err := g.stepRun(map[string][]any{"recipe_file": {"yes"}, "login_url": {ErrLeave}}, stranger(r)); !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
	if _, err := g.stepRun(map[string][]any{"resume": {"continue"}, "login_url": {ErrLeave}}, stranger(r)); !errors.Is(err, ErrLeave) {
		t.Errorf("the same again: %v", err)
	}
	changed := parse(t, strings.Replace(r.Text, "authorize", `callback_urls: ["https://evil.example/cb"], authorize`, 1))
	ui, err := g.stepRun(map[string][]any{"recipe_file": {"no"}}, stranger(changed))
	if !errors.Is(err, ErrLeave) || !strings.Contains(ui.text.String(), "Codes go to   evil.example") {
		t.Errorf("another text: %v, %s", err, ui.text.String())
	}
	if _, p := g.progress(); p.Recipe.Source != r.Text {
		t.Error("the text that was not agreed to is kept")
	}
	file, p := g.progress()
	p.Pages, p.PagesDone = []string{partExists, pageAppManager}, true
	if err := file.save(p); err != nil {
		t.Fatal(err)
	}
	if _, err := g.stepRun(map[string][]any{"login_url": {ErrLeave}}, func(s *Setup) { stranger(changed)(s); s.TrustRecipe = true }); !errors.Is(err, ErrLeave) {
		t.Errorf("trusted by flag: %v", err)
	}
	if _, p := g.progress(); p.PagesDone || len(p.Pages) != 0 || p.Recipe.Source != changed.Text {
		t.Errorf("what was filled in for another text counts as done: %+v", p)
	}
}

// TestRecipeCannotRelaxAHostRule: whatever a file says, the login URL is judged as ever.
func TestRecipeCannotRelaxAHostRule(t *testing.T) {
	g := newRig(t, nil)
	_, err := g.stepRun(map[string][]any{"variant": {"web"}, "input.contact_email": {"ada@acme.com"}, "input.tenant": {"login.evil.example"},
		"login_url": {rejected("https://login.evil.example"), rejected("https://my.salesforce.com.evil.example"), rejected("http://acme.my.salesforce.com"), ErrLeave}}, only(everything(t)))
	if !errors.Is(err, ErrLeave) {
		t.Error(err)
	}
	for _, key := range []string{"trust_host: true", "authorize: {trust_host: true}", "authorize: {host: login.evil.example}", "login_url: https://evil.example"} {
		text := "{schema: 1, id: small, title: Small, source: {}, app: {name: Small}, " + key + "}"
		if _, err := recipe.Parse("test.yaml", []byte(text)); err == nil {
			t.Errorf("%s is accepted", key)
		}
	}
}

func TestWhereCodesGo(t *testing.T) {
	r := recipe.Recipe{
		Inputs:       []recipe.Input{{ID: "tenant", Label: "Your tenant"}, {ID: "lines", Label: "Your lines"}},
		CallbackURLs: []string{"https://a.example/cb?x=https://b.example", "https://${tenant}.c.example:8443/cb", "${lines}", "sfdc://oauth/success", "http://localhost:8080/cb"},
		Authorize:    recipe.Authorize{Flow: "paste"},
	}
	if got := strings.Join(ofAll(r, codesGoTo), " | "); got != "a.example | ‹Your tenant›.c.example:8443 | ‹Your lines› | the program registered for sfdc: | localhost:8080" {
		t.Errorf("got %s", got)
	}
}
