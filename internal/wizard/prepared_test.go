package wizard

import (
	"context"
	"errors"
	"strings"
	"testing"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
)

func (g *rig) prepared(out *strings.Builder) *Setup {
	s := g.setup(&Prepared{Out: out, Answers: map[string]string{"input.contact_email": "ada@practice.example"}})
	s.RecipeID, s.PresetSecret = "quilia", secret.New(g.secret())
	return s
}

func TestPreparedWalksThrough(t *testing.T) {
	g := newRig(t, nil)
	var out strings.Builder
	if err := g.prepared(&out).Run(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	if _, ok := g.saved(); !ok || strings.Contains(out.String(), g.secret()) {
		t.Error("not saved, or the secret is in the transcript")
	}
	for _, want := range []string{"== Step 8 of 8: Clean up ==", "Consumer Secret: [hidden]", "== Done ==", "(*) Relax IP restrictions"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the transcript has no %q:\n%s", want, out.String())
		}
	}
}

// TestPreparedEndsAtAFailure: it must not try for ever, and the error is the
// failure, with its exit code, not the missing answer.
func TestPreparedEndsAtAFailure(t *testing.T) {
	tests := []struct {
		name     string
		settings map[string]string
		deny     bool
		exit     int
	}{
		{"denied", nil, true, fault.ExitRefused},
		{"unknown key", map[string]string{"propagation": "1h"}, false, fault.ExitRefused},
		{"unknown lines", map[string]string{"callbacks": "https://portal.quilia.com/api/integrations/salesforce/callback"}, false, fault.ExitRefused},
		{"scopes", map[string]string{"scopes": "api refresh_token"}, false, fault.ExitRefused},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := newRig(t, tt.settings)
			g.visitor.Deny = tt.deny
			var out strings.Builder
			err := g.prepared(&out).Run(t.Context())
			var f *fault.Fault
			if !errors.As(err, &f) || f.Exit != tt.exit || f.Code == fault.Internal {
				t.Errorf("got %v\n%s", err, out.String())
			}
		})
	}
}

func TestPreparedHasNoAnswer(t *testing.T) {
	u := &Prepared{Out: &strings.Builder{}, Answers: map[string]string{"a": "x", "page": "back"}}
	ctx := context.Background()
	_, choose := u.Choose(ctx, Choice{ID: "a", Options: []Option{{Value: "y"}}, Default: "y"})
	_, ask := u.Ask(ctx, Question{ID: "b", Check: func(string) error { return errors.New("needed") }})
	_, hidden := u.AskSecret(ctx, Question{ID: "c"})
	_, page := u.Page(ctx, Page{ID: "page"})
	for i, err := range []error{choose, ask, hidden, page} {
		if !errors.Is(err, ErrNoAnswer) {
			t.Errorf("%d: %v", i, err)
		}
	}
	if optional, err := u.Ask(ctx, Question{ID: "d"}); optional != "" || err != nil {
		t.Errorf("an empty answer that nothing forbids: %q, %v", optional, err)
	}
}

func TestPreparedHidesWhatIsSensitive(t *testing.T) {
	var out strings.Builder
	u := &Prepared{Out: &out, Answers: map[string]string{"key": "shh-secret"}}
	q := Question{ID: "key", Title: "Key", Sensitive: func(in string) bool { return in == "shh-secret" }}
	if answer, err := u.Ask(t.Context(), q); answer != "shh-secret" || err != nil {
		t.Errorf("got %q, %v", answer, err)
	}
	q.Check = func(string) error { return errors.New("That is the secret.") }
	_, err := u.Ask(t.Context(), q)
	if err == nil || strings.Contains(out.String()+err.Error(), "shh-secret") {
		t.Errorf("said %q and %v", out.String(), err)
	}
}

func TestPreparedPastesAnAnswer(t *testing.T) {
	var out strings.Builder
	u := &Prepared{Out: &out, Answers: map[string]string{"sign_in": "http://localhost:1717/?code=x"}}
	paste := make(chan string)
	w := Waiting{ID: "sign_in", Title: "w", Address: "https://acme.my.salesforce.com/x", Paste: paste}
	got := ""
	if err := u.Wait(t.Context(), w, func(context.Context, <-chan struct{}) error { got = <-paste; return nil }); err != nil {
		t.Error(err)
	}
	if got != "http://localhost:1717/?code=x" || out.String() != "...   w\nhttps://acme.my.salesforce.com/x\n" {
		t.Errorf("pasted %q, printed %q", got, out.String())
	}
	w.ID = "another" // has no answer, and waits for none
	if err := u.Wait(t.Context(), w, func(context.Context, <-chan struct{}) error { return nil }); err != nil {
		t.Error(err)
	}
}

func TestPreparedShowsNewsAndStopsWithItsContext(t *testing.T) {
	var out strings.Builder
	u := &Prepared{Out: &out}
	news := make(chan Line)
	err := u.Wait(t.Context(), Waiting{Title: "w", News: news}, func(context.Context, <-chan struct{}) error {
		news <- Line{Mark: MarkNote, Text: "seen"}
		return nil
	})
	if err != nil || !strings.Contains(out.String(), "note  seen") {
		t.Errorf("%v, %q", err, out.String())
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	g := newRig(t, nil)
	if err := g.prepared(&out).Run(ended); !errors.Is(err, context.Canceled) {
		var f *fault.Fault
		if !errors.As(err, &f) || f.Code != fault.Interrupted {
			t.Errorf("got %v", err)
		}
	}
}
