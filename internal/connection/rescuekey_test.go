package connection_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/store"
)

// TestRescueKeyThatIsMissing: profiles.json was restored by hand, without the public
// half of the rescue place's key or with one whose other half is gone. That shows
// before the refresh, not when something must be rescued, and the key is made anew.
func TestRescueKeyThatIsMissing(t *testing.T) {
	for name, lose := range map[string]func(*trial){
		"the public half": func(x *trial) {
			x.changes(func(set *store.Set) { set.Rescue = nil })
		},
		"its other half": func(x *trial) {
			_, other, err := store.NewRescueKey()
			if err != nil {
				x.Fatal(err)
			}
			x.changes(func(set *store.Set) { set.PutRescue("practice", other) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			x := &trial{T: t, bench: newBench(t, map[string]string{"refresh_token_rotation": "true"})}
			x.signIn(t)
			works(x, nil) // whether tokens rotate is known from here on
			lose(x)
			rescuedAgain(x)
		})
	}
}

// TestNoRescueKeyCanBeMade: nothing is refreshed that could not be rescued.
func TestNoRescueKeyCanBeMade(t *testing.T) {
	x := &trial{T: t, bench: newBench(t, map[string]string{"refresh_token_rotation": "true"})}
	x.signIn(t)
	x.changes(func(set *store.Set) { set.Rescue = nil })
	backup := x.machine().File.Backup()
	if err := errors.Join(os.Remove(backup), os.MkdirAll(filepath.Join(backup, "in-the-way"), 0o700)); err != nil {
		t.Fatal(err)
	}
	before := x.org.Ledger().TokensByGrant["refresh_token"]
	if err := refreshes(x, x.machine()); err == nil || fault.From(err).Exit != fault.ExitStore {
		t.Errorf("got %v", err)
	}
	if n := x.org.Ledger().TokensByGrant["refresh_token"] - before; n != 0 {
		t.Errorf("%d refreshes", n)
	}
}

// changes is a person who edits profiles.json.
func (x *trial) changes(change func(*store.Set)) {
	x.Helper()
	if err := x.machine().File.Update(x.Context(), func(set *store.Set) error { change(set); return nil }); err != nil {
		x.Fatal(err)
	}
}
