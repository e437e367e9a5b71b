package connection

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/oauthflow"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// underway is the note that lies beside a refresh token while it is being shown, and
// stays where its successor went to the rescue place: that is in a state folder, and
// who shares the secrets may have another one (docs/decisions).
type underway struct {
	State  string `json:"state"`  // File.StateID
	Folder string `json:"folder"` // where that is, as an absolute path
}

// begin writes the note, and so proves that the store can be written: a new token
// that cannot be saved is worse than no refresh at all. over removes it, unless
// something waits in the rescue place; one that stays costs the next refresh a look.
// Where no successor is expected the store is only looked at.
func (m *Machine) begin(ctx context.Context, p store.Profile, c credentials) (over func(), err error) {
	if c.refresh.Empty() || p.Rotation == store.RotationOff {
		return func() {}, m.Secrets.CheckWritable(ctx)
	}
	folder, err := filepath.Abs(m.File.StateDir())
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(underway{m.File.StateID(m.Rand), folder})
	if err != nil {
		return nil, err
	}
	if err := m.Secrets.Announce(ctx, p.ID, store.Refreshing, secret.New(string(text))); err != nil {
		return nil, err
	}
	return func() {
		if !m.File.HasRescue(p.ID) {
			m.settled(ctx, p.ID)
		}
	}, nil
}

func (m *Machine) settled(ctx context.Context, owner string) {
	_ = m.Secrets.Delete(context.WithoutCancel(ctx), owner, store.Refreshing)
}

// elsewhere says that the newest refresh token may wait in the rescue place of a
// state folder that cannot be looked into from here.
type elsewhere struct{ folder string }

func (e *elsewhere) Error() string {
	return "It was last used with another state folder, which cannot be looked into from here: " + e.folder +
		". A newer one may wait in the rescue place there."
}

// waitsIn finds the state folder in whose rescue place the newest refresh token of an
// owner waits; nil where none does.
func (m *Machine) waitsIn(ctx context.Context, owner string) (*store.File, error) {
	if m.File.HasRescue(owner) {
		return m.File, nil
	}
	text, err := m.Secrets.Get(ctx, owner, store.Refreshing)
	if isNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var last underway
	if json.Unmarshal([]byte(text.Reveal()), &last) != nil || last.State == "" {
		return nil, &elsewhere{last.Folder}
	}
	if last.State == m.File.KnownStateID() {
		return nil, nil // killed here, and nothing was rescued
	}
	other := m.File.Beside(last.Folder)
	switch {
	case other.KnownStateID() != last.State:
		return nil, &elsewhere{last.Folder}
	case !other.HasRescue(owner):
		return nil, nil
	}
	return other, nil
}

// bringBack is restore for who is about to show the saved refresh token. Where the
// newest one may be elsewhere the saved one must be known to live.
func (s *Session) bringBack(ctx context.Context, at place) error {
	there := s.m.of(at.profile)
	_, err := there.restore(ctx, s.name, at.profile.ID)
	var where *elsewhere
	if !errors.As(err, &where) {
		return err
	}
	if s.stillLives(ctx, at) {
		there.settled(ctx, at.profile.ID)
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
	bounded, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	answer, err := s.m.flow(at.login).Introspect(bounded, c.app, c.refresh, oauthflow.HintRefreshToken)
	return err == nil && answer.Active
}

// notHere is the fault for a refresh token whose successor may be elsewhere.
func notHere(name string, where *elsewhere) *fault.Fault {
	return fault.New(fault.StoreCorrupt, "store",
		fmt.Sprintf("The saved refresh token of profile %q is not used. %s", name, where.Error()),
		fmt.Sprintf("Run with that folder: SFCONNECT_STATE_DIR=%s sfconnect doctor --fix\nIf it is gone for good, sign in again: sfconnect init --profile %s", ShellWord(where.folder), ShellWord(name))).Because(where)
}
