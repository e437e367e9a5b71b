package wizard

import (
	"errors"
	"strings"
	"testing"

	"example.com/sfconnect/internal/store"
)

// edit changes the saved profile behind the wizard's back.
func (g *rig) edit(change func(*store.Profile)) {
	g.t.Helper()
	err := g.machine.File.Update(g.t.Context(), func(set *store.Set) error {
		p := set.Profiles["default"]
		change(&p)
		set.Put("default", p)
		return nil
	})
	if err != nil {
		g.t.Fatal(err)
	}
}

// TestSavedSecretIsGone: somebody removed it from the keychain.
func TestSavedSecretIsGone(t *testing.T) {
	g, p := connected(t, nil)
	if err := g.machine.Secrets.Delete(t.Context(), p.ID, store.ConsumerSecret); err != nil {
		t.Fatal(err)
	}
	ui, err := g.run(map[string][]any{"finished": {"values"}, "hand_over": {ActionDone}, "clean_up": {ActionDone}})
	if err != nil {
		t.Fatal(err)
	}
	noted := ""
	for _, r := range ui.pages[0].Rows {
		if r.Label == "Consumer Secret" {
			noted = r.Note
		}
	}
	if noted != "not kept any more; copy it from Salesforce" {
		t.Errorf("the hand-over says %q", noted)
	}

	ui, err = g.run(map[string][]any{"finished": {"authorize"}, "consumer_key": {asDefault{}}, "consumer_secret": {g.secret()}, "confirm": {"yes"}})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(ui.text.String(), "The Consumer Secret is no longer in") {
		t.Error("it is not said")
	}
	now, _ := g.saved()
	if v, err := g.machine.Secrets.Get(t.Context(), now.ID, store.ConsumerSecret); err != nil || v.Reveal() != g.secret() {
		t.Errorf("not saved again: %v", err)
	}
}

func TestTrustIsForOneHost(t *testing.T) {
	const saved = "https://login.acme.example"
	for _, tt := range []struct {
		name, raw        string
		flag, savedTrust bool
		refused, takenOn bool
		before           string
	}{
		{name: "the saved one", raw: saved + "/path", before: saved, savedTrust: true, takenOn: true},
		{name: "another one", raw: "https://evil.example", before: saved, savedTrust: true, refused: true},
		{name: "one inside it", raw: "https://x.login.acme.example", before: saved, savedTrust: true, refused: true},
		{name: "another port", raw: saved + ":8443", before: saved, savedTrust: true, refused: true},
		{name: "saved without trust", raw: saved, before: saved, refused: true},
		{name: "the flag", raw: "https://evil.example", before: saved, flag: true, takenOn: true},
		{name: "Salesforce's", raw: "https://acme.my.salesforce.com", before: saved, flag: true, savedTrust: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &Setup{TrustHost: tt.flag, p: &progress{LoginURL: tt.before, TrustHost: tt.savedTrust}}
			login, err := s.parseLogin(tt.raw)
			if (err != nil) != tt.refused {
				t.Fatalf("%s, %v", login, err)
			}
			if err != nil {
				return
			}
			if s.takeLogin(login); s.p.TrustHost != tt.takenOn {
				t.Errorf("trust saved: %v", s.p.TrustHost)
			}
		})
	}
}

func TestTrustOfASavedProfileIsNotInherited(t *testing.T) {
	g, _ := connected(t, nil)
	g.edit(func(p *store.Profile) { p.TrustHost = true })
	answers := func(first string, choice string) map[string][]any {
		return map[string][]any{first: {choice}, "recipe": {asDefault{}}, "input.contact_email": {"eve@acme.com"}, "login_url": {rejected("https://evil.example"), ErrLeave}}
	}
	if _, err := g.run(answers("finished", "change")); !errors.Is(err, ErrLeave) {
		t.Error(err)
	}
	if _, p := g.progress(); !p.TrustHost {
		t.Error("the progress does not know of the trust: the test shows nothing")
	}
	if _, err := g.run(answers("resume", "restart")); !errors.Is(err, ErrLeave) {
		t.Error(err)
	}
}

// TestOwnCallbackIsUsedAgain: a profile made by auth --callback-url, with an app
// that knows no line of ours.
func TestOwnCallbackIsUsedAgain(t *testing.T) {
	const own = "http://localhost:2020/mine"
	g := newRig(t, map[string]string{"callbacks": "http://localhost:1718/OauthRedirect " + own})
	answers := wholeWay(g, "yes")
	answers["callbacks_missing"], answers["audit_differs"] = []any{"accept"}, []any{"accept"}
	if _, err := g.run(answers); err != nil {
		t.Fatal(err)
	}
	g.edit(func(p *store.Profile) { p.CallbackURL = own })
	if _, err := g.run(map[string][]any{"finished": {"authorize"}, "confirm": {"yes"}, "audit_differs": {"accept"}}); err != nil {
		t.Fatal(err)
	}
	if p, _ := g.saved(); p.CallbackURL != own {
		t.Errorf("signed in through %s", p.CallbackURL)
	}
}

func TestCallbacksOfAnotherAppAreNotUsed(t *testing.T) {
	s := &Setup{saved: store.Profile{Flow: "web", ConsumerKey: "old", CallbackURL: "http://localhost:2020/mine"}, p: &progress{ConsumerKey: "old"}}
	if got := s.callbacks(); len(got) != 4 || got[0] != "http://localhost:2020/mine" {
		t.Errorf("got %v", got)
	}
	s.p.ConsumerKey = "new"
	if got := s.callbacks(); len(got) != 3 {
		t.Errorf("another app: %v", got)
	}
	s.saved = store.Profile{Flow: "web", ConsumerKey: "new", CallbackURL: "http://localhost:1719/OauthRedirect"}
	if got := strings.Join(s.callbacks(), " "); got != "http://localhost:1719/OauthRedirect http://localhost:1717/OauthRedirect http://localhost:1718/OauthRedirect" {
		t.Errorf("one of ours: %v", got)
	}
}

func TestCleanUpSaysWhatNeedsTheLines(t *testing.T) {
	page := (&Setup{p: &progress{}}).cleanUpPage(find(t, "quilia"), store.Profile{})
	if why := strings.Join(page.Why, " "); !strings.Contains(why, "sfconnect test shows a warning") || !strings.Contains(why, "signing in again needs them") {
		t.Errorf("got %q", why)
	}
}
