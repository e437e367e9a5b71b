package wizard

import (
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
