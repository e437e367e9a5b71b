package wizard

import (
	"errors"
	"testing"

	"example.com/sfconnect/internal/check"
)

// TestResultOfTheTestIsSeen: the page that comes next would cover it, so that the person
// goes on by a key.
func TestResultOfTheTestIsSeen(t *testing.T) {
	g := newRig(t, nil)
	ui, err := g.run(done(map[string][]any{
		"recipe": {"quilia"}, "input.contact_email": {"ada@acme.com"}, "login_url": {asDefault{}},
		"consumer_key": {asDefault{}}, "consumer_secret": {g.secret()},
		"confirm": {"yes"}, "tested": {"again", "go_on"}, "hand_over": {ErrLeave},
	}))
	if !errors.Is(err, ErrLeave) || ui.waited["test"] != 2 {
		t.Errorf("got %v after %d tests, want %v after 2", err, ui.waited["test"], ErrLeave)
	}
}

func TestWarningsOfTheTestArePointedOut(t *testing.T) {
	for status, want := range map[check.Status]string{
		check.Pass: "The connection works.", check.Skip: "The connection works.", check.Warn: "The connection works; look at what is marked (!).",
	} {
		ui := newScript(t, map[string][]any{"tested": {asDefault{}}})
		s := &Setup{UI: ui, p: &progress{}}
		again, err := s.askTested(t.Context(), check.Result{Stages: []check.Stage{{Status: check.Pass}, {Status: status}}})
		if got := ui.choices[0].Title; again || err != nil || got != want {
			t.Errorf("%v: got %v, %v, %q; want %q", status, again, err, got, want)
		}
	}
}

func TestRemarksBesideABox(t *testing.T) {
	for _, c := range []struct{ one, other, want string }{
		{"by Username", "The user must have a profile.", "by Username. The user must have a profile."},
		{"by Username", "one with API Only User is best", "by Username; one with API Only User is best"},
		{"Done.", "More", "Done. More"}, {"", "one", "one"}, {"one", "", "one"},
	} {
		if got := beside(c.one, c.other); got != c.want {
			t.Errorf("%q beside %q: got %q, want %q", c.one, c.other, got, c.want)
		}
	}
}
