package wizard

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
)

// at runs the wizard at one step, as --step does.
func (g *rig) at(step string, answers map[string][]any) (*script, error) {
	g.t.Helper()
	ui := newScript(g.t, answers)
	s := g.setup(ui)
	s.Step = step
	return ui, s.Run(g.t.Context())
}

// TestLookingChangesNothing leaves each step of a finished connection at its first
// question: the connection stays finished, and nothing waits anywhere.
func TestLookingChangesNothing(t *testing.T) {
	g, _ := connected(t, nil)
	before, items := g.files(), g.items()
	for step, first := range map[string]string{
		stepIntegration: "recipe", stepLoginURL: "login_url", stepApp: "app_exists", stepKey: "consumer_key", stepConfirm: "confirm", stepHandOver: "hand_over",
	} {
		if _, err := g.at(step, map[string][]any{first: {ErrLeave}}); !errors.Is(err, ErrLeave) {
			t.Errorf("%s: %v", step, err)
		}
		if left := Unfinished(g.setup(nil).StateDir); len(left) != 0 || g.files() != before || g.items() != items {
			t.Errorf("a look at %s left something: %v, %d items", step, left, g.items())
		}
	}
	if _, err := g.at(stepApp, map[string][]any{"app_exists": {asDefault{}}, "app_manager": {ActionDone}, "basic_information": {ErrLeave}}); !errors.Is(err, ErrLeave) || g.files() != before {
		t.Errorf("pages that were compared: %v", err)
	}
	if _, err := g.run(map[string][]any{"finished": {"change"}, "recipe": {asDefault{}}, "input.contact_email": {asDefault{}}, "login_url": {ErrLeave}}); !errors.Is(err, ErrLeave) || g.files() != before {
		t.Errorf("the same answers: %v", err)
	}
	if _, err := g.at(stepHandOver, map[string][]any{"hand_over": {ActionDone}, "clean_up": {ActionDone}}); err != nil {
		t.Errorf("hand-over: %v", err)
	}
}

// TestALookThatWasKilled leaves its file behind: the connection is finished all the same.
func TestALookThatWasKilled(t *testing.T) {
	g, _ := connected(t, nil)
	var file []byte
	s := g.setup(nil)
	path := newProgressFile(s.StateDir, s.Profile).path
	s.UI, s.Step = peek{newScript(t, map[string][]any{"app_exists": {ErrLeave}}), func() { file, _ = os.ReadFile(path) }}, stepApp
	if err := s.Run(t.Context()); !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
	if len(file) == 0 {
		t.Fatal("nothing tells of the secret that waits meanwhile")
	}
	if err := newProgressFile(s.StateDir, s.Profile).replace(file); err != nil {
		t.Fatal(err)
	}
	if left := Unfinished(s.StateDir); len(left) != 0 {
		t.Errorf("unfinished: %v", left)
	}
	if _, err := g.run(map[string][]any{"finished": {ErrLeave}}); !errors.Is(err, ErrLeave) {
		t.Error(err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("it stays")
	}
}

// peek does something while a question waits.
type peek struct {
	*script
	do func()
}

func (p peek) Choose(ctx context.Context, c Choice) (string, error) {
	p.do()
	return p.script.Choose(ctx, c)
}

// TestChangesAreKept: what was answered differently is there the next time, and the
// values of the saved connection can be had meanwhile.
func TestChangesAreKept(t *testing.T) {
	g, _ := connected(t, nil)
	if _, err := g.at(stepApp, map[string][]any{"app_exists": {"new"}, "app_manager": {ErrLeave}}); !errors.Is(err, ErrLeave) {
		t.Error(err)
	}
	if left := Unfinished(g.setup(nil).StateDir); len(left) != 1 {
		t.Error("another answer is forgotten")
	}
	if _, err := g.at(stepHandOver, map[string][]any{"hand_over": {ActionDone}, "clean_up": {ActionDone}}); err != nil {
		t.Errorf("hand-over: %v", err)
	}
	if left := Unfinished(g.setup(nil).StateDir); len(left) != 1 {
		t.Error("the hand-over forgot the changes")
	}
}

// TestAnotherSecretIsKept: what was entered differently does not show in the answers.
func TestAnotherSecretIsKept(t *testing.T) {
	g, _ := connected(t, nil)
	other := strings.Repeat("A1", 32)
	if _, err := g.at(stepKey, map[string][]any{"consumer_key": {asDefault{}}, "consumer_secret": {other}, "check_app": {ErrLeave}}); !errors.Is(err, ErrLeave) {
		t.Error(err)
	}
	if left := Unfinished(g.setup(nil).StateDir); len(left) != 1 {
		t.Error("another secret is forgotten")
	}
}
