package connection

import (
	"context"
	"errors"

	"example.com/sfconnect/internal/oauthflow"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// Forgotten tells how the end of a connection went.
type Forgotten struct {
	Revoked   bool  // Salesforce said that the token is dead
	RevokeErr error // why it could not be told; nil when nothing was to be revoked
}

// Forget revokes a profile's token at Salesforce (its refresh token, or where
// there is none its access token) and removes all that was saved. With localOnly
// nothing is sent. The profile is forgotten even when revoking fails. An error
// means that it is not forgotten: an interrupt, or a store that cannot be read or
// does not let go of a secret, leaves the profile as it is, for another try.
func (m *Machine) Forget(ctx context.Context, name string, localOnly bool) (Forgotten, error) {
	return m.end(ctx, name, !localOnly, func(set *store.Set) { set.Remove(name) })
}

// Undo takes a login back that was made with KeepFormer: its token is revoked and
// its secrets go, and the profile is again what it was, or is gone when there was
// none. The default stays as it was.
func (m *Machine) Undo(ctx context.Context, name string, former *store.Profile) (Forgotten, error) {
	return m.end(ctx, name, true, func(set *store.Set) {
		if former != nil {
			set.Profiles[name] = *former
		} else {
			delete(set.Profiles, name)
		}
	})
}

// Settle removes the secrets of the profile that a login made with KeepFormer replaced.
func (m *Machine) Settle(ctx context.Context, former store.Profile) error {
	return m.removeSecrets(ctx, former.ID)
}

func (m *Machine) end(ctx context.Context, name string, revoke bool, change func(*store.Set)) (out Forgotten, err error) {
	release, err := m.lock(ctx, name)
	if err != nil {
		return out, err
	}
	defer release()
	at, err := m.load(name)
	if err != nil {
		return out, err
	}
	if revoke {
		token, err := m.revocable(ctx, at.profile.ID)
		if err != nil {
			return out, err
		}
		if !token.Empty() {
			out.RevokeErr = m.revoke(ctx, at, token)
			out.Revoked = out.RevokeErr == nil
		}
		if ctx.Err() != nil {
			return out, interrupted(ctx.Err())
		}
	}
	kept := context.WithoutCancel(ctx)
	if err := m.removeSecrets(kept, at.profile.ID); err != nil {
		return out, err
	}
	return out, m.File.Update(kept, func(set *store.Set) error {
		change(set)
		return nil
	})
}

func (m *Machine) removeSecrets(ctx context.Context, owner string) error {
	for _, item := range items() {
		if err := m.Secrets.Delete(ctx, owner, item); err != nil {
			return err
		}
	}
	return nil
}

// revocable is the token whose end ends the connection; empty when there is none.
func (m *Machine) revocable(ctx context.Context, owner string) (secret.Value, error) {
	token, err := m.Secrets.Get(ctx, owner, store.RefreshToken)
	if isNotFound(err) {
		saved, err := m.cachedAccess(ctx, owner)
		return saved.token, err
	}
	m.Redactor.Hide(token)
	return token, err
}

func (m *Machine) revoke(ctx context.Context, at place, token secret.Value) error {
	err := m.flow(at.login).Revoke(ctx, oauthflow.App{LoginURL: at.login.String(), ConsumerKey: at.profile.ConsumerKey}, token)
	var refused *oauthflow.Refused
	if errors.As(err, &refused) && (refused.Code == "invalid_token" || refused.Code == "unsupported_token_type") {
		return nil // Salesforce does not know the token: it is as good as revoked
	}
	return m.explain(err, salesforce.SurfaceRevoke, at.login, revokePath)
}

// SaveDraft keeps a secret of an unfinished set-up in the store.
func (m *Machine) SaveDraft(ctx context.Context, id string, item store.Item, v secret.Value) error {
	m.Redactor.Hide(v)
	return m.Secrets.Set(ctx, id, item, v)
}

// Draft returns a secret that SaveDraft kept; empty when there is none.
func (m *Machine) Draft(ctx context.Context, id string, item store.Item) (secret.Value, error) {
	v, err := m.Secrets.Get(ctx, id, item)
	if isNotFound(err) {
		return secret.Value{}, nil
	}
	m.Redactor.Hide(v)
	return v, err
}

// DropDraft removes what is kept under id; nothing to remove is no error.
func (m *Machine) DropDraft(ctx context.Context, id string) error {
	for _, item := range []store.Item{store.ConsumerSecret, store.PrivateKey} {
		if err := m.Secrets.Delete(ctx, id, item); err != nil {
			return err
		}
	}
	return nil
}
