package connection

import (
	"context"
	"errors"
	"fmt"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/store"
)

// begin sees that what comes of a refresh can be saved, because a token that cannot
// be saved is worse than no refresh at all. Where it may bring a new refresh token,
// that can also be rescued, and it is noted that one is under way. over is to be
// called at its end.
func (m *Machine) begin(ctx context.Context, p store.Profile, c credentials) (over func(), err error) {
	none := func() {}
	if err := m.Secrets.CheckWritable(ctx); err != nil {
		return none, err
	}
	if c.refresh.Empty() || p.Rotation == store.RotationOff {
		return none, nil
	}
	set, err := m.File.Load()
	if err == nil {
		err = m.needRescueKey(ctx, set)
	}
	if err != nil {
		return none, err
	}
	over, err = m.File.Begin(p.ID, m.Rand)
	if err != nil && !m.Secrets.InFile() {
		return none, nil // a keychain needs no folder, and a full disk does not concern it
	}
	return over, err
}

// bringBack is restore for who is about to show the saved refresh token. Where the
// newest one may be elsewhere the saved one must be known to live.
func (s *Session) bringBack(ctx context.Context, at place) error {
	there := s.m.of(at.profile)
	_, err := there.restore(ctx, s.name, at.profile.ID)
	if !isElsewhere(err) {
		return err
	}
	if s.stillLives(ctx, at) {
		there.File.Over(at.profile.ID)
		return nil
	}
	return err
}

// stillLives asks Salesforce whether the saved refresh token lives, without using it.
func (s *Session) stillLives(ctx context.Context, at place) bool {
	c, err := s.presented(ctx, at)
	if err != nil || c.refresh.Empty() {
		return err == nil
	}
	return s.refreshLives(ctx, at, c) == Known
}

func isElsewhere(err error) bool {
	var where *store.ElsewhereError
	return errors.As(err, &where)
}

// notHere is the fault for a refresh token whose successor may be elsewhere.
func notHere(name string, where *store.ElsewhereError) *fault.Fault {
	return fault.New(fault.StoreCorrupt, "store",
		fmt.Sprintf("The saved refresh token of profile %q is not used: it was last used with another state folder, which cannot be looked into from here (%s), and a newer one may wait in the rescue place there.", name, where.Folder),
		fmt.Sprintf("Set SFCONNECT_STATE_DIR to that folder, then run: sfconnect doctor --fix\nIf it is gone for good, sign in again: sfconnect init --profile %s", ShellWord(name))).Because(where)
}
