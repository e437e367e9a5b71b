package connection

import (
	"context"
	"errors"
	"time"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/oauthflow"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// pend saves the refresh token of a new grant under the profile's owner as soon as it
// is there, and notes that first: a process that is killed before the profile points
// at it leaves what the next one can revoke and remove.
func (m *Machine) pend(ctx context.Context, r LoginRequest, p store.Profile, grant oauthflow.Grant) (store.Claim, error) {
	claim, err := m.File.Pend(ctx, pendingOf(r.Profile, p, m.Now()))
	if err != nil || grant.RefreshToken.Empty() {
		return claim, err
	}
	if err := m.Secrets.Set(ctx, p.ID, store.RefreshToken, grant.RefreshToken); err != nil {
		m.unpend(ctx, p.ID, claim)
		return claim, err
	}
	return claim, nil
}

func pendingOf(name string, p store.Profile, now time.Time) store.Pending {
	return store.Pending{
		Owner: p.ID, Profile: name, Store: p.StoredIn, LoginURL: p.LoginURL, TrustHost: p.TrustHost, ConsumerKey: p.ConsumerKey,
		NotOurs: p.HandedOver, Began: now.UTC(),
	}
}

// pendFormer notes what a login is about to replace, which it then ends; one that may
// be put back is only noted, so that nobody else clears it away.
func (m *Machine) pendFormer(ctx context.Context, r LoginRequest, former store.Profile) (store.Claim, error) {
	if !r.KeepFormer {
		claim, _ := m.File.Pend(ctx, pendingOf(r.Profile, former, m.Now())) // it is ended all the same
		return claim, nil
	}
	if err := m.File.NoteKept(former.ID); err != nil {
		return store.Claim{}, fault.New(fault.StoreUnwritable, "save", "The connection before this one could not be noted: "+err.Error()+".",
			"Make sure that the configuration folder may be written and the disk has room.").Because(err)
	}
	return store.Claim{}, nil
}

// unpend removes what was written under an owner; where the store does not let go
// of it the entry stays, and with it the next try.
func (m *Machine) unpend(ctx context.Context, owner string, claim store.Claim) {
	if m.removeSecrets(context.WithoutCancel(ctx), owner) != nil {
		claim.Keep()
		return
	}
	claim.Drop()
}

// CutOff lists the sign-ins into the machine's store whose process was killed, so that
// no profile has what they left. Nothing is changed.
func (m *Machine) CutOff(ctx context.Context) ([]store.Pending, error) {
	var out []store.Pending
	err := m.eachCutOff(ctx, func(c store.Claim) error {
		out = append(out, c.Pending)
		c.Keep()
		return nil
	})
	return out, err
}

// ClearCutOff revokes and removes what CutOff lists. What cannot be revoked stays, for
// another try, as does all after it; cleared counts what is gone.
func (m *Machine) ClearCutOff(ctx context.Context) (cleared int, err error) {
	err = m.eachCutOff(ctx, func(c store.Claim) error {
		if err := m.endPending(ctx, c.Pending); err != nil {
			c.Keep()
			return err
		}
		c.Drop()
		cleared++
		return nil
	})
	if cleared == 0 {
		return cleared, err
	}
	return cleared, errors.Join(err, m.dropRescueKey(ctx, nil)) // it may have been made for that sign-in alone
}

// eachCutOff claims each in turn. A sign-in that was saved before its process died
// needs nothing but that its entry goes.
func (m *Machine) eachCutOff(ctx context.Context, do func(store.Claim) error) error {
	if missing, backup := m.File.Missing(); missing && backup {
		return nil // which of them were saved is not known
	}
	for _, owner := range m.File.PendingOwners() {
		claim, dead := m.File.Dead(ctx, owner)
		if !dead {
			continue
		}
		set, err := m.File.Load()
		switch {
		case err != nil || claim.Store != m.Secrets.Name():
			claim.Keep()
		case set.NameOf(owner) != "":
			claim.Drop()
		default:
			err = do(claim)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// endPending revokes the token of a sign-in that was cut off, and removes its secrets.
func (m *Machine) endPending(ctx context.Context, p store.Pending) error {
	token, err := m.Secrets.Get(ctx, p.Owner, store.RefreshToken)
	if err != nil && !isNotFound(err) {
		return err
	}
	m.Redactor.Hide(token)
	if !p.NotOurs && !token.Empty() {
		if err := m.revokePending(ctx, p, token); err != nil {
			return err
		}
	}
	return m.removeSecrets(context.WithoutCancel(ctx), p.Owner)
}

func (m *Machine) revokePending(ctx context.Context, p store.Pending, token secret.Value) error {
	login, err := salesforce.ParseLoginURL(p.LoginURL, salesforce.LoginOptions{TrustHost: p.TrustHost})
	if err != nil {
		return err
	}
	bounded, cancel := context.WithTimeout(ctx, retireLimit)
	defer cancel()
	_, err = m.revoke(bounded, place{store.Profile{ConsumerKey: p.ConsumerKey}, login}, token)
	return err
}
