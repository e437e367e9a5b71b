package wizard

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/sfconnect/internal/store"
)

// TestLeaveAnywhereAndComeBack leaves at every question in turn and finishes
// with a new process each time: nothing that was answered is asked again.
func TestLeaveAnywhereAndComeBack(t *testing.T) {
	g := newRig(t, nil)
	leave := ErrLeave
	runs := []map[string][]any{
		{"recipe": {leave}},
		{"recipe": {"quilia"}, "input.contact_email": {leave}},
		{"recipe": {asDefault{}}, "input.contact_email": {"ada@acme.com"}, "login_url": {leave}},
		{"resume": {"continue"}, "login_url": {asDefault{}}, "app_exists": {"new"}, "app_manager": {ActionDone}, "basic_information": {ActionDone}, "oauth": {leave}},
		{"resume": {"continue"}, "oauth": {ActionDone}, "flow_enablement": {ActionDone}, "security": {ActionDone}, "policies": {ActionDone}, "key_and_secret": {ActionDone}, "consumer_key": {asDefault{}}, "consumer_secret": {leave}},
		{"resume": {"continue"}, "consumer_key": {asDefault{}}, "consumer_secret": {g.secret()}, "sign_in": {leave}},
		{"resume": {"continue"}, "confirm": {leave}},
		{"resume": {"continue"}, "confirm": {"yes"}, "hand_over": {leave}},
		{"resume": {"continue"}, "hand_over": {ActionDone}, "clean_up": {ActionDone}},
	}
	for i, answers := range runs {
		ui, err := g.run(answers)
		if want := i < len(runs)-1; errors.Is(err, ErrLeave) != want || !want && err != nil {
			t.Fatalf("run %d: %v", i, err)
		}
		if n := g.boundPorts(); n != 0 {
			t.Errorf("run %d left %d ports bound", i, n)
		}
		if i == 2 && !strings.Contains(ui.text.String(), "Welcome back: this set-up was begun.") {
			t.Errorf("run %d does not say that it goes on", i)
		}
		if i == 4 && !strings.Contains(ui.text.String(), "Welcome back: steps 1-2 are done.") {
			t.Errorf("run %d does not say what is done", i)
		}
		if strings.Contains(g.files(), g.secret()) {
			t.Errorf("run %d left the secret in a file", i)
		}
	}
	if _, ok := g.saved(); !ok {
		t.Error("nothing saved")
	}
	info, _ := os.Stat(filepath.Join(g.dir, "state", "setup"))
	if info.Mode().Perm() != 0o700 {
		t.Errorf("the folder is %v", info.Mode())
	}
}

func TestFinishedProfile(t *testing.T) {
	g := newRig(t, nil)
	if _, err := g.run(done(map[string][]any{
		"recipe": {"quilia"}, "input.contact_email": {"ada@acme.com"}, "login_url": {asDefault{}},
		"consumer_key": {asDefault{}}, "consumer_secret": {g.secret()},
		"confirm": {"yes"}, "hand_over": {ActionDone}, "clean_up": {ActionDone},
	})); err != nil {
		t.Fatal(err)
	}
	before := g.files()
	if _, err := g.run(map[string][]any{"finished": {ErrLeave}}); !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
	if g.files() != before {
		t.Error("looking changed a file")
	}
	if ui, err := g.run(map[string][]any{"finished": {asDefault{}}}); err != nil || !strings.Contains(ui.text.String(), "All is well.") {
		t.Errorf("verify: %v", err)
	}
	if _, err := g.run(map[string][]any{"finished": {"values"}, "hand_over": {ActionDone}, "clean_up": {ActionDone}}); err != nil {
		t.Errorf("values: %v", err)
	}
	old, _ := g.saved()
	if _, err := g.run(map[string][]any{"finished": {"authorize"}, "confirm": {"yes"}}); err != nil {
		t.Errorf("authorize: %v", err)
	}
	if now, _ := g.saved(); now.ID == old.ID || g.items() != 3 {
		t.Errorf("signed in again: %d items in the store", g.items())
	}
	if _, err := g.run(map[string][]any{"finished": {"change"}, "recipe": {asDefault{}}, "input.contact_email": {"eve@acme.com"}, "login_url": {ErrLeave}}); !errors.Is(err, ErrLeave) {
		t.Errorf("change: %v", err)
	}
	if _, err := g.run(map[string][]any{"resume": {"discard"}, "finished": {ErrLeave}}); !errors.Is(err, ErrLeave) {
		t.Errorf("discard: %v", err)
	}
	if p, _ := g.saved(); p.Recipe.Inputs["contact_email"] != "ada@acme.com" || g.items() != 3 {
		t.Errorf("a discarded change is in the profile: %+v", p.Recipe.Inputs)
	}
	if _, err := g.run(done(map[string][]any{"finished": {"change"}, "recipe": {asDefault{}}, "input.contact_email": {"eve@acme.com"}, "login_url": {asDefault{}},
		"consumer_key": {asDefault{}}, "consumer_secret": {asDefault{}}, "confirm": {"yes"}, "hand_over": {ActionDone}, "clean_up": {ActionDone}})); err != nil {
		t.Errorf("change: %v", err)
	}
	if p, _ := g.saved(); p.Recipe.Inputs["contact_email"] != "eve@acme.com" || g.items() != 3 {
		t.Errorf("changed: %+v, %d items", p.Recipe.Inputs, g.items())
	}
}

// TestCrashAfterSaving: the profile was saved and the progress was not.
func TestCrashAfterSaving(t *testing.T) {
	g := newRig(t, nil)
	if _, err := g.run(done(map[string][]any{
		"recipe": {"quilia"}, "input.contact_email": {"ada@acme.com"}, "login_url": {asDefault{}},
		"consumer_key": {asDefault{}}, "consumer_secret": {g.secret()}, "confirm": {ErrLeave},
	})); !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
	file := newProgressFile(filepath.Join(g.dir, "state"), "default")
	p, _, err := file.load("default")
	if err != nil || !p.Connected {
		t.Fatalf("%+v, %v", p, err)
	}
	p.Connected, p.Unconfirmed = false, ""
	if err := file.save(p); err != nil {
		t.Fatal(err)
	}
	ui, err := g.run(map[string][]any{"resume": {"continue"}, "confirm": {ErrLeave}})
	if !errors.Is(err, ErrLeave) || ui.waited["sign_in"] != 0 {
		t.Errorf("%v, signed in %d times more", err, ui.waited["sign_in"])
	}
}

func TestSecretGoneFromTheStore(t *testing.T) {
	g := newRig(t, nil)
	if _, err := g.run(done(map[string][]any{
		"recipe": {"quilia"}, "input.contact_email": {"ada@acme.com"}, "login_url": {asDefault{}},
		"consumer_key": {asDefault{}}, "consumer_secret": {g.secret()}, "sign_in": {ErrLeave},
	})); !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
	*g.memory = *store.NewMemory()
	_, err := g.run(map[string][]any{"resume": {"continue"}, "consumer_key": {asDefault{}}, "consumer_secret": {g.secret()}, "confirm": {ErrLeave}})
	if !errors.Is(err, ErrLeave) {
		t.Error(err)
	}
}

func TestUnreadableProgressIsPutAside(t *testing.T) {
	g := newRig(t, nil)
	file := newProgressFile(filepath.Join(g.dir, "state"), "default")
	for _, text := range []string{"{torn", `{"schema":99,"profile":"default","draft_id":"x"}`, `{"schema":1,"profile":"other","draft_id":"x"}`} {
		if err := file.replace([]byte(text)); err != nil {
			t.Fatal(err)
		}
		ui, err := g.run(map[string][]any{"recipe": {ErrLeave}})
		if !errors.Is(err, ErrLeave) || !strings.Contains(ui.text.String(), "put aside") {
			t.Errorf("%s: %v", text, err)
		}
		if kept, _ := os.ReadFile(file.path + ".unreadable"); string(kept) != text {
			t.Errorf("kept %q", kept)
		}
	}
}

// TestFlagsWinOverProgress: what the command line asks for is looked at again,
// and nothing that belongs to another app or org is taken as done.
func TestFlagsWinOverProgress(t *testing.T) {
	g := newRig(t, nil)
	if _, err := g.run(done(map[string][]any{
		"recipe": {"quilia"}, "input.contact_email": {"ada@acme.com"}, "login_url": {asDefault{}},
		"consumer_key": {asDefault{}}, "consumer_secret": {g.secret()}, "confirm": {ErrLeave},
	})); !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
	s := g.setup(newScript(t, map[string][]any{"login_url": {asDefault{}}, "app_exists": {"new"}, "app_manager": {ErrLeave}, "resume": {"continue"}}))
	s.Preset["login_url"] = g.org.Org.Facts().LoginURL
	if err := s.Run(t.Context()); !errors.Is(err, ErrLeave) {
		t.Error(err)
	}
	if p, _, err := s.file.load("default"); err != nil || p.Connected || p.KeyDone {
		t.Errorf("another org is taken as done: %+v, %v", p, err)
	}
	s = g.setup(newScript(t, map[string][]any{"input.app_name": {ErrLeave}, "resume": {"continue"}}))
	s.RecipeID = "custom"
	if err := s.Run(t.Context()); !errors.Is(err, ErrLeave) {
		t.Error(err)
	}
}
