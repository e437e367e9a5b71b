package connection_test

import (
	"context"
	"testing"
	"time"

	"example.com/sfconnect/internal/fault"
)

// "Token request is already being processed" is waited out, for eight seconds at most.
func TestBusySiblingIsWaitedOut(t *testing.T) {
	b := newBench(t, nil)
	b.signIn(t)
	m := b.machine()
	now, slept := time.Now(), 0
	m.Now = func() time.Time { return now }
	m.Sleep = func(_ context.Context, d time.Duration) error {
		slept++
		now = now.Add(d)
		return nil
	}
	s, err := m.Open("p")
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Second)
	if err := b.org.SetFaults("token-request-already-processing"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Token(t.Context(), 0, true); err != nil || slept != 2 {
		t.Errorf("after %d waits: %v", slept, err)
	}
	again, err := m.Open("p")
	if err != nil {
		t.Fatal(err)
	}
	if err := b.org.SetFaults("token-request-stuck"); err != nil {
		t.Fatal(err)
	}
	slept = 0
	_, _, err = again.Token(t.Context(), 0, true)
	if f := fault.From(err); err == nil || f.Exit != fault.ExitRefused || slept != 8 {
		t.Errorf("after %d waits: %v", slept, err)
	}
}
