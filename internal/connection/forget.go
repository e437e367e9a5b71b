package connection

import (
	"context"
	"errors"

	"example.com/sfconnect/internal/oauthflow"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// Forget revokes a profile's token at Salesforce (its refresh token, or where
// there is none its access token) and removes all that was saved. With localOnly
// nothing is sent. The profile is forgotten even when revoking fails; revokeErr
// then says why. err means that it is not forgotten: a store that cannot be read
// or does not let go of a secret leaves the profile as it is, for another try.
func (m *Machine) Forget(ctx context.Context, name string, localOnly bool) (revokeErr, err error) {
	release, err := m.lock(ctx, name)
	if err != nil {
		return nil, err
	}
	defer release()
	s, err := m.Open(name)
	if err != nil {
		return nil, err
	}
	token, err := s.revocable(ctx)
	if err != nil {
		return nil, err
	}
	if !localOnly && !token.Empty() {
		revokeErr = s.revoke(ctx, token)
	}
	kept := context.WithoutCancel(ctx)
	for _, item := range items() {
		if err := m.Secrets.Delete(kept, s.profile.ID, item); err != nil {
			return revokeErr, err
		}
	}
	return revokeErr, m.File.Update(kept, func(set *store.Set) error {
		set.Remove(name)
		if left := set.Names(); set.Default == "" && len(left) == 1 {
			set.Default = left[0]
		}
		return nil
	})
}

// revocable is the token whose end ends the connection; empty when there is none.
func (s *Session) revocable(ctx context.Context) (secret.Value, error) {
	token, err := s.m.Secrets.Get(ctx, s.profile.ID, store.RefreshToken)
	if isNotFound(err) {
		token, err = s.SavedToken(ctx)
	}
	s.m.Redactor.Hide(token)
	return token, err
}

func (s *Session) revoke(ctx context.Context, token secret.Value) error {
	err := s.m.flow(s.login).Revoke(ctx, oauthflow.App{LoginURL: s.login.String(), ConsumerKey: s.profile.ConsumerKey}, token)
	var refused *oauthflow.Refused
	if errors.As(err, &refused) && refused.Status == 400 {
		return nil // Salesforce does not know the token: it is as good as revoked
	}
	return s.m.explain(err, salesforce.SurfaceRevoke, s.login, "/services/oauth2/revoke")
}

// SaveDraft keeps the Consumer Secret of an unfinished set-up in the store.
func (m *Machine) SaveDraft(ctx context.Context, id string, v secret.Value) error {
	m.Redactor.Hide(v)
	return m.Secrets.Set(ctx, id, store.ConsumerSecret, v)
}

// Draft returns a secret that SaveDraft kept; empty when there is none.
func (m *Machine) Draft(ctx context.Context, id string) (secret.Value, error) {
	v, err := m.Secrets.Get(ctx, id, store.ConsumerSecret)
	if isNotFound(err) {
		return secret.Value{}, nil
	}
	m.Redactor.Hide(v)
	return v, err
}

// DropDraft removes a kept secret; a missing one is no error.
func (m *Machine) DropDraft(ctx context.Context, id string) error {
	return m.Secrets.Delete(ctx, id, store.ConsumerSecret)
}
