package wizard

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/store"
)

// connected is a computer with a finished set-up.
func connected(t *testing.T, settings map[string]string) (*rig, store.Profile) {
	t.Helper()
	g := newRig(t, settings)
	if _, err := g.run(wholeWay(g, "yes")); err != nil {
		t.Fatal(err)
	}
	p, _ := g.saved()
	return g, p
}

// wholeWay answers every question of a first set-up.
func wholeWay(g *rig, confirm ...any) map[string][]any {
	answers := done(map[string][]any{
		"recipe": {"quilia"}, "input.contact_email": {"ada@acme.com"}, "login_url": {asDefault{}},
		"consumer_key": {asDefault{}}, "consumer_secret": {g.secret()}, "confirm": confirm,
	})
	if confirm[len(confirm)-1] == "yes" {
		answers["hand_over"], answers["clean_up"] = []any{ActionDone}, []any{ActionDone}
	}
	return answers
}

func (g *rig) progress() (progressFile, *progress) {
	g.t.Helper()
	file := newProgressFile(filepath.Join(g.dir, "state"), "default")
	p, _, err := file.load("default")
	if err != nil || p == nil {
		g.t.Fatalf("%v, %v", p, err)
	}
	return file, p
}

// wantBack demands that the connection of before is as it was and works.
func (g *rig) wantBack(former store.Profile, revoked int) {
	g.t.Helper()
	if now, _ := g.saved(); cmp.Diff(former, now) != "" {
		g.t.Error(cmp.Diff(former, now))
	}
	if n := g.items(); n != 4 {
		g.t.Errorf("%d items in the store, want those of the connection and the draft", n)
	}
	if n := g.revokedGrants(); n != revoked {
		g.t.Errorf("%d revoked, want %d", n, revoked)
	}
	ui, err := g.run(map[string][]any{"resume": {"discard"}, "finished": {"verify"}})
	if err != nil || !strings.Contains(ui.text.String(), "All is well.") {
		g.t.Errorf("it does not work: %v", err)
	}
	if n := g.items(); n != 3 {
		g.t.Errorf("%d items in the store at the end", n)
	}
}

func TestNoAfterSigningInAgainPutsTheFormerBack(t *testing.T) {
	g, former := connected(t, nil)
	ui, err := g.run(map[string][]any{"finished": {"authorize"}, "confirm": {"no"}, "sign_in": {asDefault{}, ErrLeave}})
	if !errors.Is(err, ErrLeave) || !strings.Contains(ui.text.String(), "The connection before it is back.") {
		t.Errorf("got %v", err)
	}
	g.wantBack(former, 1)
}

// TestNoAfterACrash: the sign-in was saved, the progress after it was not.
func TestNoAfterACrash(t *testing.T) {
	g, former := connected(t, nil)
	if _, err := g.run(map[string][]any{"finished": {"authorize"}, "confirm": {ErrLeave}}); !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
	file, p := g.progress()
	p.Connected, p.Unconfirmed = false, ""
	if err := file.save(p); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(g.files(), g.secret()) {
		t.Error("a secret is in a file")
	}
	ui, err := g.run(map[string][]any{"resume": {"continue"}, "confirm": {"no"}, "sign_in": {ErrLeave}})
	if !errors.Is(err, ErrLeave) || ui.waited["sign_in"] != 1 {
		t.Errorf("%v, signed in %d times", err, ui.waited["sign_in"])
	}
	g.wantBack(former, 1)
}

// TestCrashAfterPuttingBack: the connection before is back, and the progress still
// says that the other one waits for the person's word.
func TestCrashAfterPuttingBack(t *testing.T) {
	g, former := connected(t, nil)
	if _, err := g.run(map[string][]any{"finished": {"authorize"}, "confirm": {ErrLeave}}); !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
	file, p := g.progress()
	if _, err := g.machine.Undo(t.Context(), "default", p.Unconfirmed, p.Former); err != nil {
		t.Fatal(err)
	}
	if err := file.save(p); err != nil {
		t.Fatal(err)
	}
	if _, err := g.run(map[string][]any{"resume": {"continue"}, "sign_in": {ErrLeave}}); !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
	g.wantBack(former, 1)
}

// TestOnlyTheConfirmedOneIsPutBack: a sign-in that nobody confirmed is replaced by
// another, and what is put back is the connection before both.
func TestOnlyTheConfirmedOneIsPutBack(t *testing.T) {
	for _, crash := range []bool{false, true} {
		g, former := connected(t, nil)
		if _, err := g.run(map[string][]any{"finished": {"authorize"}, "confirm": {ErrLeave}}); !errors.Is(err, ErrLeave) {
			t.Fatal(err)
		}
		if crash {
			file, p := g.progress()
			p.Connected, p.Unconfirmed = false, ""
			if err := file.save(p); err != nil {
				t.Fatal(err)
			}
		}
		answers := wholeWay(g, "no")
		answers["resume"], answers["sign_in"] = []any{"restart"}, []any{asDefault{}, ErrLeave}
		if _, err := g.run(answers); !errors.Is(err, ErrLeave) {
			t.Fatal(err)
		}
		g.wantBack(former, 2) // the unconfirmed one went when it was replaced
	}
}

func TestSignedInAlready(t *testing.T) {
	since := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	before, after := since.Add(-time.Second), since.Add(time.Second)
	for _, tt := range []struct {
		name     string
		saved    store.Profile
		progress progress
		want     bool
	}{
		{"a new one", store.Profile{ID: "b", UpdatedAt: after}, progress{SignInSince: since, Former: &store.Profile{ID: "a"}}, true},
		{"the first one", store.Profile{ID: "b", UpdatedAt: after}, progress{SignInSince: since}, true},
		{"nothing is saved", store.Profile{}, progress{SignInSince: since}, false},
		{"no sign-in was begun", store.Profile{ID: "b", UpdatedAt: after}, progress{}, false},
		{"an older one", store.Profile{ID: "b", UpdatedAt: before}, progress{SignInSince: since}, false},
		{"the one before", store.Profile{ID: "a", UpdatedAt: after}, progress{SignInSince: since, Former: &store.Profile{ID: "a"}}, false},
		{"an earlier sign-in's", store.Profile{ID: "b", UpdatedAt: after}, progress{SignInSince: since, Unconfirmed: "b"}, false},
		{"another app's", store.Profile{ID: "b", UpdatedAt: after, ConsumerKey: "x"}, progress{SignInSince: since}, false},
	} {
		if got := (&Setup{p: &tt.progress}).signedInAlready(tt.saved); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

func TestNoToTheSecondSignInOfAFirstSetUp(t *testing.T) {
	g := newRig(t, nil)
	if _, err := g.run(wholeWay(g, ErrLeave)); !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
	answers := wholeWay(g, "no")
	answers["resume"], answers["sign_in"] = []any{"restart"}, []any{asDefault{}, ErrLeave}
	if _, err := g.run(answers); !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
	if p, ok := g.saved(); ok || g.items() != 1 {
		t.Errorf("there was none before, and now there is %s; %d items", p.ID, g.items())
	}
}

func TestYesRemovesWhatTheFormerLeft(t *testing.T) {
	g, _ := connected(t, nil)
	if _, err := g.run(map[string][]any{"finished": {"authorize"}, "confirm": {ErrLeave}}); !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
	if n := g.items(); n != 7 {
		t.Errorf("%d items, want those of both connections and the draft", n)
	}
	if _, err := g.run(map[string][]any{"resume": {"continue"}, "confirm": {"yes"}}); err != nil {
		t.Fatal(err)
	}
	if n := g.items(); n != 3 {
		t.Errorf("%d items left", n)
	}
}

func TestDiscardRemovesWhatTheFormerLeft(t *testing.T) {
	g, _ := connected(t, nil)
	if _, err := g.run(map[string][]any{"finished": {"authorize"}, "confirm": {ErrLeave}}); !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
	if found, err := Discard(t.Context(), g.machine, filepath.Join(g.dir, "state"), "default"); !found || err != nil {
		t.Fatal(found, err)
	}
	if p, ok := g.saved(); !ok || g.items() != 3 {
		t.Errorf("profile %q, %d items", p.ID, g.items())
	}
}

// stubborn is a store that keeps what belongs to one owner.
type stubborn struct {
	*store.Memory
	owner string
}

func (k *stubborn) Delete(service, user string) error {
	if k.owner != "" && strings.HasPrefix(user, k.owner+"/") {
		return errors.New("not now")
	}
	return k.Memory.Delete(service, user)
}

func TestAStoreThatKeepsTheFormersSecrets(t *testing.T) {
	g, former := connected(t, nil)
	k := &stubborn{g.memory, former.ID}
	g.machine.Secrets = store.NewSecrets(k, "linux", g.machine.Rand)
	ui, err := g.run(map[string][]any{"finished": {"authorize"}, "confirm": {"yes"}})
	var f *fault.Fault
	if !errors.As(err, &f) || f.Exit != fault.ExitStore {
		t.Errorf("got %v", err)
	}
	if !strings.Contains(ui.text.String(), "warn: ") || !strings.Contains(ui.text.String(), "the connection before this one") {
		t.Error("it is not said")
	}
	k.owner = ""
	if _, err := g.run(map[string][]any{"resume": {"continue"}}); err != nil {
		t.Error(err)
	}
	if n := g.items(); n != 3 {
		t.Errorf("%d items left", n)
	}
}
