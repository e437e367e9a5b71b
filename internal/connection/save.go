package connection

import (
	"context"
	"encoding/json"
	"time"

	"example.com/sfconnect/internal/oauthflow"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// save writes the secrets under a new owner, then points the profile at them in
// one atomic step, then removes the old ones: a crash or a failing store in
// between leaves the profile as it was.
func (m *Machine) save(ctx context.Context, done *Login, r LoginRequest, grant oauthflow.Grant, expiry time.Time) error {
	release, err := m.lock(ctx, r.Profile)
	if err != nil {
		return err
	}
	defer release()
	owner := done.Profile.ID
	if err := m.writeSecrets(ctx, owner, r.ConsumerSecret, grant, expiry); err != nil {
		m.deleteSecrets(ctx, owner)
		return err
	}
	var before store.Profile
	err = m.File.Update(ctx, func(set *store.Set) error {
		before = set.Profiles[r.Profile]
		if before.ID != "" {
			done.Profile.CreatedAt = before.CreatedAt
		}
		set.Put(r.Profile, done.Profile)
		return nil
	})
	if err != nil {
		m.deleteSecrets(ctx, owner)
		return err
	}
	if before.ID != "" {
		m.deleteSecrets(ctx, before.ID)
	}
	return nil
}

func (m *Machine) writeSecrets(ctx context.Context, owner string, consumer secret.Value, grant oauthflow.Grant, expiry time.Time) error {
	if !consumer.Empty() {
		if err := m.Secrets.Set(ctx, owner, store.ConsumerSecret, consumer); err != nil {
			return err
		}
	}
	if !grant.RefreshToken.Empty() {
		if err := m.Secrets.Set(ctx, owner, store.RefreshToken, grant.RefreshToken); err != nil {
			return err
		}
	}
	return m.cacheAccess(ctx, owner, access{token: grant.AccessToken, expires: expiry, began: m.Now()})
}

func items() []store.Item {
	return []store.Item{store.ConsumerSecret, store.RefreshToken, store.AccessToken}
}

// deleteSecrets removes what an owner has; a leftover is harmless and not worth an error.
func (m *Machine) deleteSecrets(ctx context.Context, owner string) {
	kept := context.WithoutCancel(ctx)
	for _, item := range items() {
		_ = m.Secrets.Delete(kept, owner, item)
	}
}

func (m *Machine) lock(ctx context.Context, profile string) (func(), error) {
	return m.File.Lock(ctx, profile, func() {
		m.waiting("Another sfconnect is using this profile; waiting for it …")
	})
}

// access is a saved access token with what is known of its life.
type access struct {
	token   secret.Value
	expires time.Time // zero when not known
	began   time.Time // when the request that fetched it began
}

type accessJSON struct {
	Token   string    `json:"token"`
	Expires time.Time `json:"expires_at,omitzero"`
	Began   time.Time `json:"began_at"`
}

// largestAccess keeps the cached token away from the smallest keychain's limit;
// JWT tokens are larger and are simply asked for again.
const largestAccess = 1200

func (m *Machine) cacheAccess(ctx context.Context, owner string, a access) error {
	text, err := json.Marshal(accessJSON{a.token.Reveal(), a.expires.UTC(), a.began.UTC()})
	if err != nil {
		return err
	}
	if len(text) > largestAccess {
		return m.Secrets.Delete(ctx, owner, store.AccessToken)
	}
	return m.Secrets.Set(ctx, owner, store.AccessToken, secret.New(string(text)))
}

// cachedAccess returns the zero access when nothing usable is saved.
func (m *Machine) cachedAccess(ctx context.Context, owner string) (access, error) {
	v, err := m.Secrets.Get(ctx, owner, store.AccessToken)
	if isNotFound(err) {
		return access{}, nil
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
