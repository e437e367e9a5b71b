package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
)

// killLogins ends sign-ins with SIGKILL, every other one to a profile that there
// is already. Afterwards there is the former profile or the new one, whole, or
// none where there was none; never something in between.
func (w *world) killLogins() error {
	var before, wire, unsaved, after int
	var left, ended, probes, grants int
	usual, err := w.usual(func() (*process, error) { return w.authorizes("again") })
	if err != nil {
		return err
	}
	rounds := (w.rounds + 1) / 2
	for i := range rounds {
		if w.ctx.Err() != nil {
			return context.Cause(w.ctx)
		}
		name := "again"
		if i%2 == 1 {
			name = "first"
		}
		former, existed, err := w.saved(name)
		if err != nil {
			return err
		}
		there, back := w.within(mostDelay), w.within(mostDelay)
		w.wire.begin(there, back, nil)
		p, err := w.authorizes(name)
		if err != nil {
			return err
		}
		at := w.strike(p, usual+mostDelay, there+back)
		passed, err := w.wire.settled(w.ctx)
		if err != nil {
			return err
		}
		exchanges := of(passed, "authorization_code")
		now, exists, err := w.saved(name)
		if err != nil {
			return fmt.Errorf("a killed sign-in left a file that cannot be read: %w", err)
		}
		switch {
		case exists && now.ID != former.ID:
			after++
		case exists != existed:
			return fmt.Errorf("a killed sign-in took profile %q away", name)
		case len(exchanges) == 0:
			before++
		case at.Before(exchanges[0].delivered):
			wire++
		default:
			unsaved++
		}
		if err := w.wholeOrAbsent(name, exists); err != nil {
			return err
		}
		if name == "first" && exists {
			if err := w.signOut(name); err != nil {
				return err
			}
		}
		had, gone, err := w.mend()
		if err != nil {
			return err
		}
		remain, alive, err := w.sweep()
		if err != nil {
			return err
		}
		left, ended, probes, grants = left+had, ended+gone, probes+remain, grants+alive
	}
	fmt.Printf("kill -9 in a sign-in: %d rounds, %d before the code was spent, %d on the wire, %d answered and not yet saved, %d after the save; lost 0, half-written 0\n",
		rounds, before, wire, unsaved, after)
	fmt.Printf("  the killed left %d items of the store that no profile owns; doctor --fix removed all but %d (of probes) and ended %d grants; %d grants that only the killed knew live on\n",
		left, probes, ended, grants)
	return w.noRescue()
}

// wholeOrAbsent wants a profile that works, or none in the list.
func (w *world) wholeOrAbsent(name string, exists bool) error {
	p, err := w.runs("list", "--json")
	if err != nil {
		return err
	}
	var d struct{ Profiles []struct{ Name string } }
	if p.exit() != 0 || json.Unmarshal(p.out.Bytes(), &d) != nil {
		return fmt.Errorf("after a killed sign-in: %s", p.text())
	}
	listed := slices.ContainsFunc(d.Profiles, func(p struct{ Name string }) bool { return p.Name == name })
	if listed != exists {
		return fmt.Errorf("profile %q: in the file %v, in the list %v", name, exists, listed)
	}
	if !exists {
		return nil
	}
	if err := w.works(name); err != nil {
		return fmt.Errorf("after a killed sign-in: %w", err)
	}
	return w.whole(name)
}

// mend lets doctor --fix end what a killed sign-in has left. Of what the store had,
// nothing may be left but a probe, and no grant may live.
func (w *world) mend() (left, ended int, err error) {
	orphans, tokens, err := w.unowned()
	if err != nil {
		return 0, 0, err
	}
	w.wire.begin(0, 0, nil)
	p, err := w.runs("doctor", "--fix", "--json")
	if err != nil {
		return 0, 0, err
	}
	after, _, err := w.unowned()
	if err != nil {
		return 0, 0, err
	}
	for _, account := range after {
		if !strings.HasPrefix(account, "probe-") {
			return 0, 0, fmt.Errorf("doctor --fix left %s: %s", account, p.text())
		}
	}
	for _, token := range w.wire.org.Ledger().LiveRefreshTokens {
		if slices.Contains(tokens, token) {
			return 0, 0, fmt.Errorf("doctor --fix did not end a grant: %s", p.text())
		}
	}
	return len(orphans), len(tokens), nil
}

// unowned lists the items that no profile owns, and the refresh tokens among them.
func (w *world) unowned() (accounts, tokens []string, err error) {
	set, err := w.user.file.Load()
	if err != nil {
		return nil, nil, err
	}
	items, err := w.vault.items()
	for account, text := range items {
		owner, item, _ := strings.Cut(account, "/")
		if strings.HasPrefix(owner, "rescue") || set.NameOf(owner) != "" {
			continue
		}
		accounts = append(accounts, account)
		if item == "refresh-token" {
			tokens = append(tokens, text)
		}
	}
	return accounts, tokens, err
}

// sweep counts what no profile owns and does away with it, as a person would who
// looks through the store and Setup: five living grants of a user and app are
// the most, and a sixth would push out one that a profile lives on.
func (w *world) sweep() (orphans, grants int, err error) {
	set, err := w.user.file.Load()
	if err != nil {
		return 0, 0, err
	}
	owned := map[string]bool{}
	for _, p := range set.Profiles {
		owned[p.ID] = true
	}
	items, err := w.vault.items()
	if err != nil {
		return 0, 0, err
	}
	held := map[string]bool{}
	for account, text := range items {
		owner, item, _ := strings.Cut(account, "/")
		switch {
		case strings.HasPrefix(owner, "rescue"):
		case !owned[owner]:
			orphans++
			if err := w.vault.remove(account); err != nil {
				return 0, 0, err
			}
		case item == "refresh-token":
			held[text] = true
		}
	}
	for _, token := range w.wire.org.Ledger().LiveRefreshTokens {
		if held[token] {
			continue
		}
		grants++
		answer, err := w.wire.alone.Post(w.wire.facts.MyDomainURL+"/services/oauth2/revoke", "application/x-www-form-urlencoded",
			bytes.NewBufferString(url.Values{"token": {token}}.Encode()))
		if err != nil {
			return 0, 0, err
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
	}
	return orphans, grants, nil
}
