package connection_test

import (
	"os"
	"testing"
	"time"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/store"
)

// TestRefreshedAt: a login and each refresh count, and the file is written for it once a day.
func TestRefreshedAt(t *testing.T) {
	b := newBench(t, nil)
	m := b.machine()
	start := time.Now().UTC().Round(0)
	now := start
	m.Now = func() time.Time { return now }
	r := b.request()
	done, err := m.Login(t.Context(), r)
	if err != nil || !done.Profile.RefreshedAt.Equal(start) {
		t.Fatalf("after the login: %v, %v", done.Profile.RefreshedAt, err)
	}
	saved := func() time.Time {
		t.Helper()
		set, err := m.File.Load()
		if err != nil {
			t.Fatal(err)
		}
		return set.Profiles["p"].RefreshedAt
	}
	for _, step := range []struct {
		after time.Duration
		want  time.Duration // what is saved
		why   string
	}{
		{time.Hour, time.Hour, "the first refresh shows whether the app rotates, and both are written"},
		{2 * time.Hour, time.Hour, "not a day later"},
		{25*time.Hour - time.Second, time.Hour, "not quite a day later"},
		{25 * time.Hour, 25 * time.Hour, "a day later"},
	} {
		now = start.Add(step.after)
		s, err := m.Open("p")
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.Token(t.Context(), 0, true); err != nil {
			t.Fatal(err)
		}
		if !s.Profile().RefreshedAt.Equal(now) {
			t.Errorf("%s: the session has %v", step.why, s.Profile().RefreshedAt)
		}
		if got := saved().Sub(start); got != step.want {
			t.Errorf("%s: saved after %v, want %v", step.why, got, step.want)
		}
	}

	// The time alone is not worth a failure.
	now = start.Add(100 * time.Hour)
	before, err := os.ReadFile(m.File.Path())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(m.File.Backup()); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(m.File.Backup(), 0o700); err != nil { // what stands in the way of every write
		t.Fatal(err)
	}
	s, err := m.Open("p")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Token(t.Context(), 0, true); err != nil {
		t.Errorf("a refresh failed for the time alone: %v", err)
	}
	if after, _ := os.ReadFile(m.File.Path()); string(after) != string(before) {
		t.Error("the file was written, so this shows nothing")
	}
}

func TestRefreshDue(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	const week = 7 * 24 * time.Hour
	for _, c := range []struct {
		last time.Time
		want bool
	}{
		{time.Time{}, true}, {now, false}, {now.Add(-week), false}, {now.Add(-week - time.Second), true}, {now.Add(time.Hour), false},
	} {
		if got := connection.RefreshDue(store.Profile{RefreshedAt: c.last}, now, week); got != c.want {
			t.Errorf("last %v: due %v", c.last, got)
		}
	}
}

func TestShared(t *testing.T) {
	for _, c := range []struct {
		handed   bool
		rotation store.Rotation
		want     bool
	}{
		{false, store.RotationOn, false}, {false, store.RotationUnknown, false},
		{true, store.RotationOn, true}, {true, store.RotationUnknown, true}, {true, store.RotationOff, false},
	} {
		if got := connection.Shared(store.Profile{HandedOver: c.handed, Rotation: c.rotation}); got != c.want {
			t.Errorf("handed over %v, rotation %q: %v", c.handed, c.rotation, got)
		}
	}
}
