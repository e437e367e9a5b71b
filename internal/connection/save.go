package connection

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/oauthflow"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// save writes the rest of the secrets under the new owner, then points the profile at
// them in one atomic step, then removes the old ones unless they are to be kept: a
// crash or a failing store in between leaves the profile as it was. Whether the org and
// user may change is judged in that same step, so that a login which ended
// meanwhile is seen.
func (m *Machine) save(ctx context.Context, done *Login, r LoginRequest, grant oauthflow.Grant, expiry time.Time) error {
	release, err := m.lock(ctx, r.Profile)
	if err != nil {
		return err
	}
	defer release()
	saved, err := m.ensureRescue(ctx)
	if err != nil {
		return err
	}
	var former store.Claim // what is replaced
	err = m.writeSecrets(ctx, done.Profile.ID, r, grant, expiry)
	if err == nil {
		err = m.File.Update(ctx, func(set *store.Set) (err error) {
			before, existed := set.Profiles[r.Profile]
			if existed {
				if err := samePerson(r, before, done.Profile); err != nil {
					return err
				}
				done.Profile.CreatedAt = before.CreatedAt
				if done.Former == nil { // this may run twice
					former, err = m.pendFormer(ctx, r, before)
				}
				if err != nil {
					return err
				}
				done.Former = &before
			}
			set.Put(r.Profile, done.Profile)
			return nil
		})
	}
	saved()
	if err != nil {
		former.Drop() // it stays what it is
		return err
	}
	if done.Former != nil && !r.KeepFormer {
		there := m.of(*done.Former)
		if warning := there.retire(ctx, *done.Former, grant.RefreshToken); warning != "" {
			done.Warnings = append(done.Warnings, warning)
		}
		there.unpend(ctx, done.Former.ID, former)
		_ = m.File.DropRescue(done.Former.ID)
		if err := there.dropRescueKey(context.WithoutCancel(ctx), nil); err != nil {
			done.Warnings = append(done.Warnings, "A key that nothing needs any more is left in "+there.Secrets.Label()+": "+fault.From(err).Message)
		}
	}
	return nil
}

func (m *Machine) writeSecrets(ctx context.Context, owner string, r LoginRequest, grant oauthflow.Grant, expiry time.Time) error {
	if !r.ConsumerSecret.Empty() {
		if err := m.Secrets.Set(ctx, owner, store.ConsumerSecret, r.ConsumerSecret); err != nil {
			return err
		}
	}
	if r.Flow == FlowJWTBearer {
		if err := m.Secrets.Set(ctx, owner, store.PrivateKey, r.PrivateKey); err != nil {
			return err
		}
	}
	if err := m.cacheAccess(ctx, owner, access{token: grant.AccessToken, expires: expiry, began: m.Now()}); err != nil {
		return err
	}
	if grant.RefreshToken.Empty() && !r.Flow.NeedsNobody() && m.tooLarge(grant.AccessToken) {
		return fault.New(fault.StoreTooSmall, "save", "No refresh token came, and the access token is too long for "+m.Secrets.Label()+".",
			"Add the scope refresh_token to the app, or turn JWT-based access tokens off in its settings.")
	}
	return nil
}

// MarkHandedOver remembers that somebody else has a copy of the profile's refresh
// token: it is not revoked when a newer sign-in takes its place, nor refreshed
// where that may end the copy (see Shared).
func (m *Machine) MarkHandedOver(ctx context.Context, name string) error {
	return m.File.Update(ctx, func(set *store.Set) error {
		if p, found := set.Profiles[name]; found && p.HasRefreshToken {
			p.HandedOver = true
			set.Put(name, p)
		}
		return nil
	})
}

func items() []store.Item {
	return []store.Item{store.ConsumerSecret, store.RefreshToken, store.AccessToken, store.PrivateKey}
}

// deleteSecrets removes what an owner has; a leftover is harmless and not worth an error.
func (m *Machine) deleteSecrets(ctx context.Context, owner string) {
	kept := context.WithoutCancel(ctx)
	for _, item := range items() {
		_ = m.Secrets.Delete(kept, owner, item)
	}
}

// lock opens the store first: a person who is asked for its key is not awaited under the lock.
func (m *Machine) lock(ctx context.Context, profile string) (func(), error) {
	if err := m.Secrets.Open(ctx, false); err != nil {
		return func() {}, err
	}
	return m.File.Lock(ctx, profile, func() {
		m.waiting("Another sfconnect is using this profile; waiting for it …")
	})
}

// access is a saved access token with what is known of its life.
type access struct {
	token   secret.Value
	expires time.Time // zero when not known
	began   time.Time // when the refresh that fetched it began, or the login that did was saved
}

type accessJSON struct {
	Token   string    `json:"token"`
	Expires time.Time `json:"expires_at,omitzero"`
	Began   time.Time `json:"began_at"`
}

// roomBeside is what stands around a saved access token.
const roomBeside = 160

// tooLarge tells a token that the store would refuse, as JWT ones are on some
// systems; such a token is simply asked for again.
func (m *Machine) tooLarge(token secret.Value) bool {
	most := m.Secrets.MaxBytes()
	return most > 0 && len(token.Reveal())+roomBeside > most
}

func (m *Machine) cacheAccess(ctx context.Context, owner string, a access) error {
	if m.tooLarge(a.token) {
		return m.Secrets.Delete(ctx, owner, store.AccessToken)
	}
	text, err := json.Marshal(accessJSON{a.token.Reveal(), a.expires.UTC(), a.began.UTC()})
	if err != nil {
		return err
	}
	return m.Secrets.Set(ctx, owner, store.AccessToken, secret.New(string(text)))
}

// cachedAccess returns the zero access when nothing usable is saved.
func (m *Machine) cachedAccess(ctx context.Context, owner string) (access, error) {
	v, err := m.Secrets.Get(ctx, owner, store.AccessToken)
	var f *fault.Fault
	if isNotFound(err) || errors.As(err, &f) && f.Code == fault.StoreCorrupt {
		return access{}, nil // a new one is to be had
	}
	if err != nil {
		return access{}, err
	}
	var a accessJSON
	if json.Unmarshal([]byte(v.Reveal()), &a) != nil {
		return access{}, nil
	}
	token := secret.New(a.Token)
	m.Redactor.Hide(token)
	return access{token: token, expires: a.Expires, began: a.Began}, nil
}
