package cli

import (
	"bytes"
	"errors"
	"testing"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/store"
	"example.com/sfconnect/internal/wizard"
)

// TestLeavingALookIsNoFailure: a sentence without a mark, and the exit code of Ctrl-C.
func TestLeavingALookIsNoFailure(t *testing.T) {
	var out bytes.Buffer
	dir := t.TempDir()
	a := newApp(System{Stderr: &out, Getenv: func(string) string { return "" }, ConfigDir: dir, StateDir: dir})
	left := func(name, want string) {
		t.Helper()
		out.Reset()
		var said exitOnly
		if err := a.setupLeft(&wizard.Setup{StateDir: dir, Profile: name}, false); !errors.As(err, &said) || said.code != fault.ExitInterrupted {
			t.Errorf("%s: %v", name, err)
		}
		if got := out.String(); got != want+"\n" {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	left("q", "Left. Nothing was begun.")
	err := a.file().Update(t.Context(), func(set *store.Set) error {
		set.Put("q", store.Profile{ID: "1"})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	left("q", "Left. Profile q is as it was.")
}
