package wizard

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"example.com/sfconnect/internal/fault"
)

// stepRun runs the wizard with --step or --from-start.
func (g *rig) stepRun(answers map[string][]any, change func(*Setup)) (*script, error) {
	g.t.Helper()
	ui := newScript(g.t, answers)
	s := g.setup(ui)
	change(s)
	return ui, s.Run(g.t.Context())
}

func at(step string) func(*Setup) { return func(s *Setup) { s.Step = step } }

// TestStepOfASavedProfile: each step is there without a question, and what follows from
// it comes after it; nothing else does.
func TestStepOfASavedProfile(t *testing.T) {
	g, _ := connected(t, nil)
	for _, tt := range []struct {
		step    string
		answers map[string][]any
	}{
		{stepIntegration, map[string][]any{"recipe": {asDefault{}}, "input.contact_email": {asDefault{}}}},
		{stepLoginURL, map[string][]any{"login_url": {asDefault{}}}},
		{stepApp, func() map[string][]any {
			answers := done(map[string][]any{})
			answers[partExists] = []any{asDefault{}}
			return answers
		}()},
		{stepKey, map[string][]any{"consumer_key": {asDefault{}}, "consumer_secret": {asDefault{}}, "confirm": {"yes"}, "hand_over": {ActionDone}, "clean_up": {ActionDone}}},
		{stepSignIn, map[string][]any{"confirm": {"yes"}}},
		{stepConfirm, map[string][]any{"confirm": {"yes"}}},
		{stepTest, nil},
		{stepHandOver, map[string][]any{"hand_over": {ActionDone}, "clean_up": {ActionDone}}},
	} {
		t.Run(tt.step, func(t *testing.T) {
			g.t = t
			ui, err := g.stepRun(maps.Clone(tt.answers), at(tt.step))
			if err != nil {
				t.Fatal(err)
			}
			if said := ui.text.String(); strings.Contains(said, "This set-up is finished") || strings.Contains(said, "? resume") {
				t.Errorf("asked where to go: %s", said)
			}
			if now, _ := g.saved(); now.Recipe.ID != "quilia" || g.items() != 3 {
				t.Errorf("%d items in the store, profile %+v", g.items(), now)
			}
			if left := Unfinished(g.setup(nil).StateDir); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestStepOfAnUnfinishedSetUp(t *testing.T) {
	g := newRig(t, nil)
	first := map[string][]any{"recipe": {"quilia"}, "input.contact_email": {"ada@acme.com"}, "login_url": {asDefault{}}, partExists: {appNew}, pageAppManager: {ErrLeave}}
	if _, err := g.run(first); !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
	_, err := g.stepRun(nil, at(stepSignIn))
	var f *fault.Fault
	if !errors.As(err, &f) || f.Exit != fault.ExitUsage || !strings.Contains(f.Message, "needs step 3 (app) first") || f.Hint != "Go on there with: sfconnect init --step app" {
		t.Errorf("got %+v", f)
	}
	if _, err = g.stepRun(map[string][]any{partExists: {asDefault{}}, pageAppManager: {ActionDone}, pageBasic: {ErrLeave}}, at(stepApp)); !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
	if _, err = g.stepRun(map[string][]any{partExists: {ErrLeave}}, at(stepApp)); !errors.Is(err, ErrLeave) {
		t.Errorf("not from its first question: %v", err)
	}
	ui, err := g.stepRun(map[string][]any{"input.contact_email": {"eve@acme.com"}, "recipe": {asDefault{}}, partExists: {asDefault{}}, pageAppManager: {ErrLeave}}, at(stepIntegration))
	if !errors.Is(err, ErrLeave) || strings.Contains(ui.text.String(), "? resume") {
		t.Errorf("%v: %s", err, ui.text.String())
	}
	if _, p := g.progress(); p.Recipe.Inputs["contact_email"] != "eve@acme.com" || !p.LoginDone {
		t.Errorf("progress: %+v", p)
	}
}

func TestStepWhereNothingIs(t *testing.T) {
	g := newRig(t, nil)
	var f *fault.Fault
	if _, err := g.stepRun(nil, at(stepKey)); !errors.As(err, &f) || !strings.Contains(f.Message, "needs step 1 (integration) first") {
		t.Errorf("got %v", f)
	}
	if _, err := g.stepRun(map[string][]any{"recipe": {ErrLeave}}, at(stepIntegration)); !errors.Is(err, ErrLeave) {
		t.Error(err)
	}
}

// TestAnotherAnswerIsSaved: what the app should be has changed, so that its pages and the
// sign-in, which saves it, come again.
func TestAnotherAnswerIsSaved(t *testing.T) {
	g, _ := connected(t, nil)
	answers := done(map[string][]any{"recipe": {asDefault{}}, "input.contact_email": {"eve@acme.com"}, "confirm": {"yes"}, "hand_over": {ActionDone}, "clean_up": {ActionDone}})
	answers[partExists] = []any{asDefault{}}
	if _, err := g.stepRun(answers, at(stepIntegration)); err != nil {
		t.Fatal(err)
	}
	if now, _ := g.saved(); now.Recipe.Inputs["contact_email"] != "eve@acme.com" || g.items() != 3 {
		t.Errorf("%d items, saved %v", g.items(), now.Recipe.Inputs)
	}
}

// TestAnotherAnswerMeansAChange: flags that differ from what is saved are not dropped by
// who presses Enter.
func TestAnotherAnswerMeansAChange(t *testing.T) {
	g, _ := connected(t, nil)
	for _, tt := range []struct{ email, want string }{{"ada@acme.com", "verify"}, {"eve@acme.com", "change"}} {
		ui, err := g.stepRun(map[string][]any{"finished": {ErrLeave}}, func(s *Setup) {
			s.RecipeID, s.Given = "quilia", map[string]string{"contact_email": tt.email}
		})
		if !errors.Is(err, ErrLeave) || ui.choices[0].Default != tt.want {
			t.Errorf("%s: %v, Enter means %q", tt.email, err, ui.choices[0].Default)
		}
	}
}

func TestStepNames(t *testing.T) {
	for i, name := range StepNames() {
		for _, text := range []string{name, fmt.Sprint(i + 1)} {
			if got, err := StepName(text); got != name || err != nil {
				t.Errorf("%s: %q, %v", text, got, err)
			}
		}
	}
	for _, text := range []string{"0", "9", "-1", "Key", "policies", ""} {
		var f *fault.Fault
		if _, err := StepName(text); !errors.As(err, &f) || f.Exit != fault.ExitUsage || !strings.Contains(f.Hint, "login-url, app, key") {
			t.Errorf("%q: %v", text, err)
		}
	}
	s := &Setup{p: &progress{}}
	for i, st := range s.steps() {
		if st.name != StepNames()[i] {
			t.Errorf("step %d is %q, and is called %q", i+1, st.name, StepNames()[i])
		}
	}
}

func TestFromStart(t *testing.T) {
	fromStart := func(s *Setup) { s.FromStart = true }
	g := newRig(t, nil)
	if _, err := g.stepRun(map[string][]any{"recipe": {"quilia"}, "input.contact_email": {"ada@acme.com"}, "login_url": {ErrLeave}}, fromStart); !errors.Is(err, ErrLeave) {
		t.Errorf("nothing yet: %v", err)
	}
	if _, err := g.stepRun(map[string][]any{"recipe": {asDefault{}}, "input.contact_email": {asDefault{}}, "login_url": {ErrLeave}}, fromStart); !errors.Is(err, ErrLeave) {
		t.Errorf("unfinished: %v", err)
	}
	if _, err := g.run(map[string][]any{"resume": {"discard"}}); err != nil {
		t.Fatal(err)
	}
	g, _ = connected(t, nil)
	answers := wholeWay(g, "yes")
	answers["recipe"], answers["input.contact_email"], answers["consumer_secret"], answers[partExists] = []any{asDefault{}}, []any{asDefault{}}, []any{asDefault{}}, []any{asDefault{}}
	ui, err := g.stepRun(answers, fromStart)
	if err != nil {
		t.Fatal(err)
	}
	if said := ui.text.String(); strings.Contains(said, "This set-up is finished") || !strings.Contains(said, "Compare the app: OAuth (page 3 of 7)") {
		t.Errorf("asked where to go, or made a new app: %s", said)
	}
}
