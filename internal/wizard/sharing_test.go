package wizard

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/store"
)

// small is a recipe whose product gets the refresh token.
func small(t *testing.T) recipe.Recipe {
	t.Helper()
	r, err := recipe.Parse("small.yaml", []byte(`schema: 1
id: small
title: Small
source: {date: "2026-11-25"}
app: {name: Small}
scopes: [id, api, refresh_token, openid]
authorize: {flow: web}
handover:
  - {label: Refresh Token, value: "${refresh_token}", secret: true}
`))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// runSmall runs the set-up with the recipe small; more are the answers beside the usual ones.
func (g *rig) runSmall(more map[string][]any) (*script, error) {
	g.t.Helper()
	r := small(g.t)
	ui := newScript(g.t, more)
	s := g.setup(ui)
	s.Recipes = func() ([]recipe.Recipe, error) { return []recipe.Recipe{r}, nil }
	return ui, s.Run(g.t.Context())
}

func smallAnswers(g *rig, more map[string][]any) map[string][]any {
	answers := done(map[string][]any{
		"recipe": {"small"}, "login_url": {asDefault{}}, "consumer_key": {asDefault{}}, "consumer_secret": {g.secret()},
		"confirm": {"yes"}, "audit_differs": {"accept"}, "hand_over": {ActionDone}, "clean_up": {ActionDone},
	})
	for _, page := range []string{pageFlows, pageSecurity, pagePolicies} {
		delete(answers, page)
	}
	maps.Copy(answers, more)
	return answers
}

// TestHandedOverRefreshTokenIsMarked: the vendor lives on it, so that a later
// sign-in must not revoke it. Who left at the page with it has seen it.
func TestHandedOverRefreshTokenIsMarked(t *testing.T) {
	for name, atPage := range map[string]any{"done": ActionDone, "left": ErrLeave} {
		t.Run(name, func(t *testing.T) {
			g := newRig(t, nil)
			answers := smallAnswers(g, map[string][]any{"hand_over": {atPage}, "sharing": {asDefault{}}})
			if atPage == ErrLeave {
				delete(answers, "clean_up")
				delete(answers, "sharing")
			}
			if _, err := g.runSmall(answers); err != nil && !errors.Is(err, ErrLeave) {
				t.Fatal(err)
			}
			if p, _ := g.saved(); !p.HandedOver {
				t.Errorf("not marked: %+v", p)
			}
			if l := g.org.Org.Ledger(); len(l.LiveRefreshTokens) != 1 {
				t.Errorf("%d live", len(l.LiveRefreshTokens))
			}
		})
	}
}

// What two holders of one refresh token mean is said by what is known of rotation.
func TestSharingIsExplained(t *testing.T) {
	for setting, says := range map[string]string{"true": "The app rotated refresh tokens when last seen. If it still does, each refresh ends", "false": "did not rotate refresh tokens when last seen, so both can live on it"} {
		g := newRig(t, map[string]string{"refresh_token_rotation": setting})
		ui, err := g.runSmall(smallAnswers(g, map[string][]any{"sharing": {ErrBack, "keep"}, "clean_up": {ActionDone, ActionDone}}))
		if err != nil {
			t.Fatal(err)
		}
		if said := ui.text.String(); !strings.Contains(said, says) || strings.Contains(said, "only with --yes.") != (setting == "true") {
			t.Errorf("rotation %s: %s", setting, said)
		}
		if last := ui.pages[len(ui.pages)-1]; last.ID != pageCleanUp || last.Done != "Done, go on" {
			t.Errorf("before the question comes %s, %q", last.ID, last.Done)
		}
	}
	if said := sharing("Small", store.RotationUnknown); !strings.Contains(said[0], "not known whether") || len(said) != 2 {
		t.Errorf("%q", said)
	}
}

// TestOwnSignInAfterHandover: a second sign-in brings a refresh token that sfconnect has
// alone, and the product keeps the first.
func TestOwnSignInAfterHandover(t *testing.T) {
	g := newRig(t, map[string]string{"refresh_token_rotation": "true"})
	ui, err := g.runSmall(smallAnswers(g, map[string][]any{"sharing": {"own"}, "confirm": {"yes", "yes"}, "audit_differs": {"accept", "accept"}}))
	if err != nil {
		t.Fatal(err)
	}
	p, _ := g.saved()
	if p.HandedOver || len(g.opened) != 2 || len(g.org.Org.Ledger().LiveRefreshTokens) != 2 {
		t.Errorf("handed over %v, %d sign-ins, %d tokens live", p.HandedOver, len(g.opened), len(g.org.Org.Ledger().LiveRefreshTokens))
	}
	var given string
	for _, page := range ui.pages {
		for _, row := range page.Rows {
			if row.Label == "Refresh Token" {
				given = row.Secret.Reveal()
			}
		}
	}
	ours, err := g.machine.Secrets.Get(t.Context(), p.ID, store.RefreshToken)
	if err != nil || given == "" || ours.Reveal() == given {
		t.Errorf("the token of our own is the product's: %v", err)
	}
	if said := ui.text.String(); !strings.Contains(said, "left alive at Salesforce, because its refresh token was handed over") || !strings.Contains(said, "is connected and saved") {
		t.Errorf("said %s", said)
	}
	if len(g.org.Org.Ledger().LiveRefreshTokens) != 2 || g.org.Org.Ledger().RotationReplays != 0 {
		t.Error("the product's token was touched")
	}
}

// TestForgottenAfterHandover: the product goes on with the sign-in, and nothing of it is left here.
func TestForgottenAfterHandover(t *testing.T) {
	g := newRig(t, nil)
	ui, err := g.runSmall(smallAnswers(g, map[string][]any{"sharing": {"forget"}}))
	if err != nil {
		t.Fatal(err)
	}
	if p, found := g.saved(); found || g.memory.Len() != 0 || len(Unfinished(g.setup(ui).StateDir)) != 0 {
		t.Errorf("left behind: %+v, %d items", p, g.memory.Len())
	}
	if said := ui.text.String(); len(g.org.Org.Ledger().LiveRefreshTokens) != 1 || !strings.Contains(said, "lives on in Small") || strings.Contains(said, "connected and saved") {
		t.Errorf("%d live; %s", len(g.org.Org.Ledger().LiveRefreshTokens), said)
	}
}

// The same choices stand behind the values of a finished set-up.
func TestSharingOfAFinishedSetUp(t *testing.T) {
	values := func(next any) map[string][]any {
		return map[string][]any{"finished": {"values"}, "hand_over": {ActionDone}, "clean_up": {ActionDone}, "sharing": {next}}
	}
	g := newRig(t, nil)
	if _, err := g.runSmall(smallAnswers(g, map[string][]any{"sharing": {"keep"}})); err != nil {
		t.Fatal(err)
	}
	if _, err := g.runSmall(values("keep")); err != nil {
		t.Fatal(err)
	}
	if p, _ := g.saved(); !p.HandedOver {
		t.Error("kept, and not marked any more")
	}
	own := values("own")
	own["confirm"], own["audit_differs"] = []any{"yes"}, []any{"accept"}
	if _, err := g.runSmall(own); err != nil {
		t.Fatal(err)
	}
	if p, _ := g.saved(); p.HandedOver || len(g.opened) != 2 {
		t.Errorf("handed over %v, %d sign-ins", p.HandedOver, len(g.opened))
	}
	if _, err := g.runSmall(values("forget")); err != nil {
		t.Fatal(err)
	}
	if _, found := g.saved(); found || g.memory.Len() != 0 {
		t.Errorf("%d items left", g.memory.Len())
	}
}

// Where nobody signs in there is no second token to be had.
func TestSharingWithoutASignIn(t *testing.T) {
	ui := newScript(t, map[string][]any{"sharing": {"keep"}})
	g := newRig(t, nil)
	s := g.setup(ui)
	s.p = &progress{}
	s.recipe = recipe.Recipe{Title: "Small", Authorize: recipe.Authorize{Flow: "refresh-token"}}
	if _, err := s.askSharing(t.Context(), store.Profile{HandedOver: true}); err != nil {
		t.Fatal(err)
	}
	if n := len(ui.choices[0].Options); n != 2 {
		t.Errorf("%d options", n)
	}
}
