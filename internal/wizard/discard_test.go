package wizard

import (
	"crypto/rand"
	"slices"
	"testing"

	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

func TestDiscardRemovesTheWaitingSecret(t *testing.T) {
	r := newRig(t, nil)
	dir := t.TempDir()
	for _, name := range []string{"b", "a"} {
		if err := newProgressFile(dir, name).save(&progress{Schema: progressSchema, Profile: name, DraftID: "setup-" + name}); err != nil {
			t.Fatal(err)
		}
		if err := r.machine.SaveDraft(t.Context(), "setup-"+name, store.ConsumerSecret, secret.New("waiting")); err != nil {
			t.Fatal(err)
		}
	}
	if got := Unfinished(dir); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("Unfinished = %q", got)
	}
	if found, err := Discard(t.Context(), r.machine, dir, "a"); !found || err != nil {
		t.Errorf("Discard = %v, %v", found, err)
	}
	if left, err := r.machine.Draft(t.Context(), "setup-a", store.ConsumerSecret); err != nil || !left.Empty() {
		t.Errorf("the secret is still there: %v", err)
	}
	if got := Unfinished(dir); !slices.Equal(got, []string{"b"}) {
		t.Errorf("Unfinished afterwards = %q", got)
	}
	if found, err := Discard(t.Context(), r.machine, dir, "a"); found || err != nil {
		t.Errorf("a second Discard = %v, %v", found, err)
	}
}

// What waits for an unfinished set-up is removed from the store that it waits in.
func TestDiscardLooksWhereItWaits(t *testing.T) {
	r := newRig(t, nil)
	dir, other := t.TempDir(), store.NewMemory()
	elsewhere := store.NewSecrets(other, "linux", rand.Reader)
	r.machine.Stores = func(name string) *store.Secrets {
		if name == "file" {
			return elsewhere
		}
		return r.machine.Secrets
	}
	if err := newProgressFile(dir, "a").save(&progress{Schema: progressSchema, Profile: "a", DraftID: "setup-a", Store: "file"}); err != nil {
		t.Fatal(err)
	}
	if err := r.machine.In("file").SaveDraft(t.Context(), "setup-a", store.ConsumerSecret, secret.New("waiting")); err != nil {
		t.Fatal(err)
	}
	if got := DraftStore(dir, "a"); got != "file" || DraftStore(dir, "b") != "" {
		t.Errorf("it waits in %q", got)
	}
	if found, err := Discard(t.Context(), r.machine, dir, "a"); !found || err != nil || other.Len() != 0 {
		t.Errorf("Discard = %v, %v, %d items left", found, err, other.Len())
	}
	if err := newProgressFile(dir, "old").save(&progress{Schema: progressSchema, Profile: "old", DraftID: "setup-old"}); err != nil {
		t.Fatal(err)
	}
	if got := DraftStore(dir, "old"); got != "keychain" {
		t.Errorf("one of before waits in %q", got)
	}
}
