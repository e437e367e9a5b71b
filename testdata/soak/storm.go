package main

import (
	"fmt"
	"regexp"
	"slices"
	"time"
)

var waits = regexp.MustCompile(`waiting for it`)

// storms lets many processes want a token of one profile at the same time. Every
// other one has another state folder, as in a second container.
func (w *world) storms() error {
	refresh := []string{"token", "--refresh", "--profile", "storm"}
	plain := []string{"token", "--profile", "storm"}
	// The cache of this profile is always too old for the default of --min-validity.
	if err := w.wire.org.Set("session_timeout", "30s"); err != nil {
		return err
	}
	if err := w.signIn("storm"); err != nil {
		return err
	}
	if err := w.wire.org.Set("session_timeout", "2h"); err != nil {
		return err
	}
	if err := w.held("expired cache", plain); err != nil {
		return err
	}
	if err := w.held("--refresh", refresh); err != nil {
		return err
	}
	if err := w.late(refresh); err != nil {
		return err
	}
	if err := w.free(refresh); err != nil {
		return err
	}
	return w.signOut("storm")
}

// held starts all while the profile's lock is taken, so that each has begun before
// the first can refresh: one refresh serves all.
func (w *world) held(what string, args []string) error {
	release, err := w.user.file.Lock(w.ctx, "storm", nil)
	if err != nil {
		return err
	}
	defer release()
	w.wire.begin(0, 0, nil)
	all, err := w.many(w.processes, args)
	if err != nil {
		return err
	}
	release()
	return w.judge(what+", all begun before the first refresh", all, 1)
}

// late starts all but one while the answer to that one's refresh is on its way.
// Its token is older than their wish, so that one more refresh serves all of them.
func (w *world) late(args []string) error {
	hold := make(chan struct{})
	w.wire.begin(0, 0, hold)
	first, err := w.starts(nil, args...)
	if err != nil {
		return err
	}
	if !w.asked(first, func(passed []passage) bool { return len(passed) > 0 }) {
		return fmt.Errorf("the first did not ask: %s", first.text())
	}
	others, err := w.many(w.processes-1, args)
	close(hold)
	if err != nil {
		return err
	}
	return w.judge("--refresh, all but one begun during the first refresh", append(others, first), 2)
}

// many starts n processes and waits until each says that it waits for the lock.
func (w *world) many(n int, args []string) ([]*process, error) {
	var all []*process
	for i := range n {
		p, err := w.starts(w.stateFolder(i), args...)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	for _, p := range all {
		if p.said.until(w.ctx, waits) == nil {
			<-p.ended
			return nil, fmt.Errorf("it did not wait for the lock: %s", p.text())
		}
	}
	return all, nil
}

// free starts all at once and holds nobody up. How many refreshes that makes is
// up to the machine; what is the same on each is judged.
func (w *world) free(args []string) error {
	w.wire.begin(0, 5*time.Millisecond, nil)
	var all []*process
	for i := range w.processes {
		p, err := w.starts(w.stateFolder(i), args...)
		if err != nil {
			return err
		}
		all = append(all, p)
	}
	return w.judge("--refresh, nobody held up", all, 0)
}

// judge holds what the processes printed against what the org witnessed: all got
// a token that lives, from a refresh that is not older than they are; no refresh
// token was shown twice; each refresh served somebody. want is how many refreshes
// there must be, 0 for any number.
func (w *world) judge(what string, all []*process, want int) error {
	var failed error
	for _, p := range all {
		<-p.ended
		if p.exit() != 0 && failed == nil {
			failed = fmt.Errorf("%s: one failed: %s", what, p.text())
		}
	}
	if failed != nil {
		return failed
	}
	passed, err := w.wire.settled(w.ctx)
	if err != nil {
		return err
	}
	ledger := w.wire.org.Ledger()
	var shown []string
	began := map[string]time.Time{}
	for _, p := range passed {
		if p.grant != "refresh_token" || p.status != 200 || slices.Contains(shown, p.presented) {
			return fmt.Errorf("%s: a request for %s was answered with %d, shown before: %v", what, p.grant, p.status, slices.Contains(shown, p.presented))
		}
		shown = append(shown, p.presented)
		began[p.access] = p.arrived
	}
	served := map[string]bool{}
	for _, p := range all {
		asked, known := began[p.token()]
		switch {
		case !known || !slices.Contains(ledger.LiveAccessTokens, p.token()):
			return fmt.Errorf("%s: a token was printed that is none of these refreshes': %s", what, p.text())
		case asked.Before(p.begun):
			return fmt.Errorf("%s: a process was given a token that was asked for %s before it began", what, p.begun.Sub(asked))
		}
		served[p.token()] = true
	}
	switch {
	case ledger.RotationReplays != 0:
		return fmt.Errorf("%s: a used refresh token was shown %d times", what, ledger.RotationReplays)
	case len(served) != len(passed):
		return fmt.Errorf("%s: %d refreshes served %d tokens", what, len(passed), len(served))
	case want != 0 && len(passed) != want:
		return fmt.Errorf("%s: %d refreshes, want %d", what, len(passed), want)
	}
	fmt.Printf("%d processes, %s: %d refreshes, 0 replays, all served\n", len(all), what, len(passed))
	return w.whole("storm")
}
