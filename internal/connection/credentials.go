package connection

import (
	"context"

	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// Credentials are what another program needs to sign in as a profile does. What the
// profile does not have is empty.
type Credentials struct {
	Profile        store.Profile
	ConsumerSecret secret.Value
	RefreshToken   secret.Value
	PrivateKey     secret.Value // in PEM, of the JWT bearer flow
}

// Credentials reads what a profile has. Where a refresh token is among it, the living
// one is given, and the profile is marked as handed over before Credentials returns.
// Nothing is sent, unless a newer token may wait where it cannot be seen. What the
// profile should have and the store has not any more is a fault of code store_corrupt.
// An error of accept ends it before anything is marked.
func (m *Machine) Credentials(ctx context.Context, name string, accept func(Credentials) error) (c Credentials, err error) {
	hasToken := func(p store.Profile) (bool, error) { return p.HasRefreshToken, nil }
	err = m.give(ctx, name, hasToken, func(s *Session, at place) error {
		app, err := s.app(ctx, at)
		if err != nil {
			return err
		}
		c = Credentials{Profile: at.profile, ConsumerSecret: app.ConsumerSecret}
		if Flow(at.profile.Flow) == FlowJWTBearer {
			if c.PrivateKey, err = s.held(ctx, at, store.PrivateKey, "private key"); err != nil {
				return err
			}
		}
		if at.profile.HasRefreshToken {
			if c.RefreshToken, err = s.held(ctx, at, store.RefreshToken, "refresh token"); err != nil {
				return err
			}
		}
		return accept(c)
	})
	if err != nil {
		return Credentials{}, err
	}
	c.Profile.HandedOver = c.Profile.HandedOver || !c.RefreshToken.Empty()
	return c, nil
}

// give reads credentials of a profile that are to leave sfconnect. Where prepare says
// that the refresh token is among them, that happens under the profile's lock, the
// living token is brought back from the rescue place first, and the profile is marked
// before give returns: whoever has seen the token may use it.
func (m *Machine) give(ctx context.Context, name string, prepare func(store.Profile) (refresh bool, err error), read func(*Session, place) error) error {
	s, err := m.Open(name)
	if err != nil {
		return err
	}
	refresh, err := prepare(s.Profile())
	if err != nil {
		return err
	}
	if !refresh {
		return read(s, s.now())
	}
	release, err := m.of(s.Profile()).lock(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	at, err := m.load(name)
	if err != nil {
		return err
	}
	s.set(at)
	if _, err := prepare(at.profile); err != nil {
		return err
	}
	if err := s.bringBack(ctx, at); err != nil {
		return err
	}
	if err := read(s, at); err != nil {
		return err
	}
	return m.MarkHandedOver(ctx, name)
}
