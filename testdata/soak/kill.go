package main

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// whole wants the store to hold the refresh token that lives at the org.
func (w *world) whole(profile string) error {
	p, found, err := w.saved(profile)
	if err != nil || !found {
		return fmt.Errorf("profile %q is not there: %v", profile, err)
	}
	held, err := w.refreshToken(p.ID)
	if err != nil {
		return err
	}
	if !slices.Contains(w.wire.org.Ledger().LiveRefreshTokens, held) {
		return fmt.Errorf("the refresh token of %q in the store is not one that lives", profile)
	}
	return nil
}

// strike ends a process with SIGKILL at a random moment: half of the times by the
// clock, so that every moment has its turn, and else where the danger is, while a
// request for tokens is on its way or soon after its answer has come.
func (w *world) strike(p *process, usual, line time.Duration) time.Time {
	moment := w.dice.IntN(4)
	switch moment {
	case 0, 1:
		p.orAfter(w.ctx, w.within(usual*11/10))
	default:
		there := func(passed []passage) bool {
			return len(passed) > 0 && (moment == 2 || !passed[0].delivered.IsZero())
		}
		if w.asked(p, there) {
			p.orAfter(w.ctx, w.within([]time.Duration{line, usual / 3}[moment-2]))
		}
	}
	at := time.Now()
	_ = p.Process.Kill()
	<-p.ended
	return at
}

// asked waits until ok says so of the passages; it is false where p ended before.
func (w *world) asked(p *process, ok func([]passage) bool) bool {
	alive, cancel := context.WithCancel(w.ctx)
	defer cancel()
	go func() {
		select {
		case <-p.ended:
			cancel()
		case <-alive.Done():
		}
	}()
	return w.wire.until(alive, ok)
}

// orAfter waits for the end of the process, d at most.
func (p *process) orAfter(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-p.ended:
	case <-ctx.Done():
	}
}

// mostDelay is the longest that a request or an answer is on its way.
const mostDelay = 40 * time.Millisecond

// killRefreshes ends refreshes with SIGKILL, in two state folders by turns. The connection may end only where
// the org had given the old token up and the new one had not been written yet,
// which no client can help; in any other round it must go on.
func (w *world) killRefreshes() error {
	if err := w.signIn("kill"); err != nil {
		return err
	}
	var before, wire, unsaved, after, ended, beyond int
	var longest time.Duration
	usual, err := w.usual(func() (*process, error) { return w.runs("token", "--refresh", "--profile", "kill") })
	if err != nil {
		return err
	}
	for i := range w.rounds {
		if w.ctx.Err() != nil {
			return context.Cause(w.ctx)
		}
		if err := w.whole("kill"); err != nil {
			return err
		}
		profile, _, err := w.saved("kill")
		if err != nil {
			return err
		}
		old, err := w.refreshToken(profile.ID)
		if err != nil {
			return err
		}
		there, back := w.within(mostDelay), w.within(mostDelay)
		w.wire.begin(there, back, nil)
		p, err := w.starts(w.stateFolder(i), "token", "--refresh", "--profile", "kill")
		if err != nil {
			return err
		}
		at := w.strike(p, usual+mostDelay, there+back)
		passed, err := w.wire.settled(w.ctx)
		if err != nil {
			return err
		}
		refreshes := of(passed, "refresh_token")
		now, err := w.refreshToken(profile.ID)
		if err != nil {
			return err
		}
		if len(refreshes) > 1 {
			return fmt.Errorf("one process refreshed %d times", len(refreshes))
		}
		lost := false
		switch {
		case len(refreshes) == 0 && now == old:
			before++
		case len(refreshes) == 1 && now == refreshes[0].refresh:
			after++
			if p.exit() == 0 {
				ended++
			}
		case len(refreshes) == 1 && now == old && at.Before(refreshes[0].delivered):
			wire++
			lost = true
		case len(refreshes) == 1 && now == old:
			unsaved++
			longest = max(longest, at.Sub(refreshes[0].delivered))
			lost = true
		default:
			return fmt.Errorf("the store holds neither the old refresh token nor the new one, after %d refreshes", len(refreshes))
		}
		if !lost {
			if err := w.works("kill"); err != nil {
				return fmt.Errorf("killed, and nothing explains the loss: %w", err)
			}
			continue
		}
		beyond++
		// Nothing of this computer has the living token. It must be said as it is,
		// and a new sign-in must mend it.
		p, err = w.runs("token", "--refresh", "--json", "--profile", "kill")
		if err != nil {
			return err
		}
		if p.exit() != 4 || p.code() != "invalid_grant" {
			return fmt.Errorf("a connection that ended on the wire: %s", p.text())
		}
		if err := w.signIn("kill"); err != nil {
			return err
		}
	}
	fmt.Printf("kill -9 in a refresh: %d rounds, %d before the request, %d on the wire, %d come and not yet written (at most %s), %d after the save (%d of them ended before); lost 0\n",
		w.rounds, before, wire, unsaved, longest.Round(100*time.Microsecond), after, ended)
	fmt.Printf("  %d ended at the org, whose new token was on the wire or in memory alone\n", beyond)
	if err := w.noRescue(); err != nil {
		return err
	}
	return w.signOut("kill")
}

// usual is how long a run takes on this machine now, the line apart.
func (w *world) usual(run func() (*process, error)) (time.Duration, error) {
	var all []time.Duration
	for range 3 {
		w.wire.begin(0, 0, nil)
		p, err := run()
		if err != nil {
			return 0, err
		}
		<-p.ended
		if p.exit() != 0 {
			return 0, fmt.Errorf("nobody killed it: %s", p.text())
		}
		all = append(all, time.Since(p.begun))
	}
	slices.Sort(all)
	return all[1], nil
}

// noRescue wants nothing in the rescue place: the store took everything.
func (w *world) noRescue() error {
	if left := w.user.file.Rescues(); len(left) != 0 {
		return fmt.Errorf("something waits in the rescue place: %v", left)
	}
	return nil
}
