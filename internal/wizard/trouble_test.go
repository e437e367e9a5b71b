package wizard

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/sfconnect/internal/fault"
)

func TestWaitForANewApp(t *testing.T) {
	g := newRig(t, map[string]string{"propagation": "2m"})
	ui, err := g.run(done(map[string][]any{
		"recipe": {"quilia"}, "input.contact_email": {"ada@acme.com"}, "login_url": {asDefault{}},
		"consumer_key": {asDefault{}}, "consumer_secret": {g.secret()},
		"key_refused": {"again", "wait"}, "confirm": {ErrLeave},
	}))
	if !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
	if n := len(g.slept); n < 7 || n > 9 || g.slept[0] != pollEvery {
		t.Errorf("slept %v", g.slept)
	}
	if !strings.Contains(ui.text.String(), "does not know this key on") {
		t.Error("it is not said")
	}
}

func TestWaitEndsAfterTenMinutes(t *testing.T) {
	g := newRig(t, map[string]string{"propagation": "2h"})
	_, err := g.run(done(map[string][]any{
		"recipe": {"quilia"}, "input.contact_email": {"ada@acme.com"}, "login_url": {asDefault{}},
		"consumer_key": {asDefault{}}, "consumer_secret": {g.secret()},
		"key_refused": {"wait", ErrLeave},
	}))
	if !errors.Is(err, ErrLeave) || len(g.slept) < 38 || len(g.slept) > 40 {
		t.Errorf("%v after %d looks", err, len(g.slept))
	}
}

func TestMissingCallbackLines(t *testing.T) {
	vendor := "https://portal.quilia.com/api/integrations/salesforce/callback"
	tests := []struct {
		name, registered string
		answer           any
	}{
		{"one of ours is enough", vendor + " http://localhost:1718/OauthRedirect", "accept"},
		{"none of ours", vendor, ErrLeave},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := newRig(t, map[string]string{"callbacks": tt.registered})
			answers := done(map[string][]any{
				"recipe": {"quilia"}, "input.contact_email": {"ada@acme.com"}, "login_url": {asDefault{}},
				"consumer_key": {asDefault{}}, "consumer_secret": {g.secret()}, "callbacks_missing": {tt.answer},
			})
			if tt.answer == "accept" {
				answers["confirm"] = []any{ErrLeave}
			}
			ui, err := g.run(answers)
			if !errors.Is(err, ErrLeave) {
				t.Fatal(err)
			}
			if !strings.Contains(ui.text.String(), "http://localhost:1717/OauthRedirect  not registered") {
				t.Error("the missing line is not named")
			}
		})
	}
}

func TestDeniedSignInSavesNothing(t *testing.T) {
	g := newRig(t, nil)
	g.visitor.Deny = true
	ui, err := g.run(done(map[string][]any{
		"recipe": {"quilia"}, "input.contact_email": {"ada@acme.com"}, "login_url": {asDefault{}},
		"consumer_key": {asDefault{}}, "consumer_secret": {g.secret()}, "sign_in_failed": {"again", ErrLeave},
	}))
	if !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
	if _, ok := g.saved(); ok || !strings.Contains(ui.text.String(), "fail: ") {
		t.Error("saved, or not said")
	}
}

func TestTooFewScopesFailTheTest(t *testing.T) {
	g := newRig(t, map[string]string{"scopes": "api refresh_token"})
	ui, err := g.run(done(map[string][]any{
		"recipe": {"quilia"}, "input.contact_email": {"ada@acme.com"}, "login_url": {asDefault{}},
		"consumer_key": {asDefault{}}, "consumer_secret": {g.secret()},
		"confirm": {"yes", "yes"}, "test_failed": {"again", "sign_in", "accept"}, "hand_over": {ErrLeave},
	}))
	if !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
	if !strings.Contains(ui.text.String(), "fail: scopes") || ui.waited["sign_in"] != 2 {
		t.Error("the failed stage is not shown, or no second sign-in")
	}
}

func TestLoginURLThatDoesNotAnswer(t *testing.T) {
	g := newRig(t, nil)
	ui, err := g.run(map[string][]any{
		"recipe": {"quilia"}, "input.contact_email": {"ada@acme.com"},
		"login_url": {"http://127.0.0.1:1", g.org.Org.Facts().MyDomainURL}, "login_url_failed": {"again", "change"}, "app_exists": {ErrLeave},
	})
	if !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
	if n := strings.Count(ui.text.String(), "fail: "); n != 2 || ui.waited["check_login_url"] != 3 {
		t.Errorf("%d failures shown", n)
	}
}

func TestRecipeThatNeedsMyDomain(t *testing.T) {
	s := &Setup{recipe: find(t, "quilia"), p: &progress{}}
	if _, err := s.parseLogin("login.salesforce.com"); err != nil {
		t.Error(err)
	}
	s.recipe.Authorize.Host = "my_domain"
	if _, err := s.parseLogin("login.salesforce.com"); err == nil || !strings.Contains(err.Error(), "My Domain") {
		t.Errorf("got %v", err)
	}
	if _, err := s.parseLogin("https://acme.lightning.force.com/lightning/page/home"); err != nil {
		t.Error(err)
	}
}

func TestABrowserThatCannotBeOpenedIsSaid(t *testing.T) {
	for _, broken := range []bool{false, true} {
		g := newRig(t, nil)
		g.machine.OpenBrowser = func(ctx context.Context, url string) error {
			_ = g.browse(ctx, url) // the person opens it by hand
			if broken {
				return errors.New("xdg-open is missing")
			}
			return nil
		}
		ui, err := g.run(wholeWay(g, ErrLeave))
		if !errors.Is(err, ErrLeave) {
			t.Fatal(err)
		}
		if said := strings.Contains(ui.text.String(), "warn: No browser could be opened (xdg-open is missing)"); said != broken {
			t.Errorf("broken %v, said %v", broken, said)
		}
		if strings.Contains(ui.text.String(), "that just opened") {
			t.Error("it says twice that a window opens")
		}
	}
}

// TestProfilesThatCannotBeSaved: that shows before the first question, not after
// the checklist.
func TestProfilesThatCannotBeSaved(t *testing.T) {
	g := newRig(t, nil)
	path := g.machine.File.Path()
	later := `{"schema":1,"default":"","profiles":{"other":{"id":"x","colour":"green"}}}`
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(later), 0o600)); err != nil {
		t.Fatal(err)
	}
	_, err := g.run(map[string][]any{})
	var f *fault.Fault
	if !errors.As(err, &f) || f.Code != fault.StoreCorrupt {
		t.Errorf("got %v", err)
	}
}

// A secret that Salesforce refused is not offered again, now or after leaving.
func TestRefusedSecretIsNotOfferedAgain(t *testing.T) {
	g := newRig(t, nil)
	wrong := strings.Repeat("0", 63) + "1"
	_, err := g.run(done(map[string][]any{
		"recipe": {"quilia"}, "input.contact_email": {"ada@acme.com"}, "login_url": {asDefault{}},
		"consumer_key": {asDefault{}}, "consumer_secret": {wrong}, "sign_in_failed": {ErrLeave},
	}))
	if !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
	p, _, err := newProgressFile(filepath.Join(g.dir, "state"), "default").load("default")
	if err != nil || p == nil || p.KeyDone || !p.SecretRefused {
		t.Fatalf("the progress is %+v, %v", p, err)
	}
	ui, err := g.run(map[string][]any{
		"resume": {"continue"}, "consumer_key": {asDefault{}}, "consumer_secret": {g.secret()}, "confirm": {"yes"},
		"hand_over": {ActionDone}, "clean_up": {ActionDone},
	})
	if err != nil {
		t.Fatal(err)
	}
	if ui.suggested {
		t.Error("the refused secret was offered again")
	}
}
