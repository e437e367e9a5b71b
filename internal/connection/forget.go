package connection

import (
	"context"
	"errors"
	"fmt"
	"time"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/oauthflow"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// Forgotten tells how the end of a connection went.
type Forgotten struct {
	Revoked   bool  // Salesforce said that the token is dead, and did not take it afterwards
	RevokeErr error // why it could not be told, or was not done; nil when nothing was to be revoked
}

// Forget revokes a profile's token at Salesforce (its refresh token, or where
// there is none its access token) and removes all that was saved. With localOnly
// nothing is sent. The profile is forgotten even when revoking fails. An error
// means that it is not forgotten: an interrupt, or a store that cannot be read or
// does not let go of a secret, leaves the profile as it is, for another try. Sign-ins
// into the same store that were cut off end with it.
func (m *Machine) Forget(ctx context.Context, name string, localOnly bool) (Forgotten, error) {
	revoke := revokeGrant
	if localOnly {
		revoke = revokeNothing
	}
	return m.end(ctx, name, "", revoke, func(set *store.Set) { set.Remove(name) })
}

// Undo takes a login back that was made with KeepFormer: its token is revoked and
// its secrets go, and the profile is again what it was, or is gone when there was
// none. The default stays as it was. Another login than the one with that id is
// left alone: code profile_busy.
func (m *Machine) Undo(ctx context.Context, name, id string, former *store.Profile) (Forgotten, error) {
	out, err := m.end(ctx, name, id, revokeOurs, func(set *store.Set) {
		if former != nil {
			set.Profiles[name] = former.Clone()
		} else {
			delete(set.Profiles, name)
		}
	})
	if err == nil && former != nil {
		_ = m.File.DropPending(former.ID) // a profile has it again
	}
	return out, err
}

// Settle revokes the grant of the profile that a login made with KeepFormer
// replaced, and removes its secrets. The warning says why it could not be revoked.
func (m *Machine) Settle(ctx context.Context, former store.Profile) (warning string, err error) {
	there := m.of(former)
	warning = there.retire(ctx, former, secret.Value{})
	if err := there.removeSecrets(ctx, former.ID); err != nil {
		return warning, err
	}
	if err := m.dropTraces(former.ID); err != nil {
		return warning, err
	}
	return warning, there.dropRescueKey(ctx, nil)
}

// retire revokes the refresh token of a profile that a newer sign-in has replaced:
// five live approvals of a user and app are the most, and a sixth ends the oldest,
// which may be somebody else's. One that was handed over is left alive.
func (m *Machine) retire(ctx context.Context, former store.Profile, now secret.Value) (warning string) {
	if !former.HasRefreshToken {
		return ""
	}
	if former.HandedOver {
		return "The sign-in before this one is left alive at Salesforce, because its refresh token was handed over. Revoke it in Setup › Connected Apps OAuth Usage once nobody uses it."
	}
	login, err := salesforce.ParseLoginURL(former.LoginURL, salesforce.LoginOptions{TrustHost: former.TrustHost})
	if err != nil {
		return ""
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), retireLimit)
	defer cancel()
	at := place{former, login}
	old, err := m.living(bounded, at)
	if err == nil {
		if old.Equal(now) {
			return ""
		}
		_, _, err = m.revokeSaved(bounded, at, old)
	}
	if err != nil {
		return "The sign-in before this one could not be revoked at Salesforce, where it counts among five for each user and app: " +
			fault.From(err).Message + " Revoke it in Setup › Connected Apps OAuth Usage."
	}
	return ""
}

// retireLimit bounds what a finished login still waits for.
const retireLimit = 5 * time.Second

// revoking says how much of a profile ends at Salesforce.
type revoking int

const (
	revokeNothing revoking = iota
	revokeOurs             // not a refresh token that somebody else has too
	revokeGrant
)

// end ends a profile; with an id only where it is still that login.
func (m *Machine) end(ctx context.Context, name, id string, revoke revoking, change func(*store.Set)) (out Forgotten, err error) {
	at, err := m.load(name)
	if err != nil {
		return out, err
	}
	release, err := m.of(at.profile).lock(ctx, name)
	if err != nil {
		return out, err
	}
	defer release()
	if at, err = m.load(name); err != nil {
		return out, err
	}
	if id != "" && at.profile.ID != id {
		return out, fault.New(fault.ProfileBusy, "store", fmt.Sprintf("Profile %q was not taken back: it was signed in again meanwhile.", name),
			"See which org and user it has now: sfconnect show "+ShellWord(name))
	}
	kept, there := context.WithoutCancel(ctx), m.of(at.profile)
	if revoke != revokeNothing {
		var lost *fault.Fault
		if err := (&Session{m: m, name: name, at: at}).bringBack(ctx, at); err != nil && !(errors.As(err, &lost) && lost.Code == fault.StoreCorrupt) {
			return out, err // the living token is the one that waits there
		}
		ours := at.profile.HasRefreshToken && !(revoke == revokeOurs && at.profile.HandedOver)
		token, err := there.revocable(ctx, at, ours && lost == nil)
		if errors.As(err, &lost) && lost.Code == fault.NoRefreshToken {
			token, err = there.revocable(ctx, at, false)
		}
		if err != nil {
			return out, err
		}
		if !token.Empty() {
			if ours && lost == nil {
				var known bool
				token, known, out.RevokeErr = there.revokeSaved(ctx, at, token)
				if known {
					out.RevokeErr = m.proveDead(ctx, at, token)
				}
			} else {
				_, out.RevokeErr = m.revoke(ctx, at, token)
			}
			out.Revoked = out.RevokeErr == nil
		}
		if lost != nil && at.profile.HasRefreshToken {
			out.Revoked, out.RevokeErr = false, lost
		}
		if ctx.Err() != nil {
			return out, interrupted(ctx.Err())
		}
	}
	if err := there.reached(kept, at.profile); err != nil {
		return out, err
	}
	if err := there.removeSecrets(kept, at.profile.ID); err != nil {
		return out, err
	}
	if err := m.dropTraces(at.profile.ID); err != nil {
		return out, err
	}
	err = there.dropRescueKey(kept, change)
	if err == nil && revoke == revokeGrant && out.RevokeErr == nil {
		_, _ = there.ClearCutOff(ctx) // what fails is tried again, and doctor tells of it
	}
	return out, err
}

// dropTraces removes what the folders have of an owner besides its profile.
func (m *Machine) dropTraces(owner string) error {
	err := m.File.DropRescue(owner)
	if err == nil {
		_ = m.File.DropPending(owner) // of an owner without secrets it does no harm
		return nil
	}
	return fault.New(fault.StoreUnwritable, "store", "What waited in the rescue place could not be removed: "+err.Error()+".", "Remove it yourself: "+m.File.RescuePath(owner)).Because(err)
}

// proveDead shows a revoked refresh token once more, which must be refused. What
// keeps it from being asked is no proof of anything, and so no failure.
func (m *Machine) proveDead(ctx context.Context, at place, token secret.Value) error {
	s := &Session{m: m, at: at}
	app, err := s.app(ctx, at)
	if err != nil {
		return nil
	}
	bounded, cancel := context.WithTimeout(ctx, retireLimit)
	defer cancel()
	grant, err := m.flow(at.login).Refresh(bounded, app, token)
	if err != nil {
		return nil
	}
	m.Redactor.Hide(grant.AccessToken, grant.RefreshToken)
	again := grant.RefreshToken
	if again.Empty() {
		again = token
	}
	_, _ = m.revoke(bounded, at, again)
	f := fault.New(fault.NotSalesforce, "token", "Salesforce said that the refresh token is revoked, and took it all the same.", "Look into Setup › Connected Apps OAuth Usage, and revoke the user's session there.")
	f.Exit = fault.ExitNetwork
	return f
}

// reached sees that nothing is forgotten whose secrets are only out of reach: a store
// that has none of them must work.
func (m *Machine) reached(ctx context.Context, p store.Profile) error {
	for _, item := range items() {
		if _, err := m.Secrets.Get(ctx, p.ID, item); !isNotFound(err) {
			return err
		}
	}
	return m.ProbeStore(ctx)
}

func (m *Machine) removeSecrets(ctx context.Context, owner string) error {
	for _, item := range items() {
		if err := m.Secrets.Delete(ctx, owner, item); err != nil {
			return err
		}
	}
	return nil
}

// revocable is the token whose end ends the connection, or with whole false what of
// it can be ended alone; empty when there is none.
func (m *Machine) revocable(ctx context.Context, at place, whole bool) (secret.Value, error) {
	if whole {
		return m.living(ctx, at)
	}
	saved, err := m.cachedAccess(ctx, at.profile.ID)
	return saved.token, err
}

// living is a profile's newest refresh token: what waits in a rescue place, else what
// is saved. Where there is none the fault is no_refresh_token.
func (m *Machine) living(ctx context.Context, at place) (secret.Value, error) {
	file, elsewhere := m.File.RescuedIn(at.profile.ID)
	if elsewhere != nil {
		return secret.Value{}, fault.New(fault.StoreCorrupt, "store", "Its newest refresh token may not be here: "+elsewhere.Error()+".", "Revoke it in Setup › Connected Apps OAuth Usage.").Because(elsewhere)
	}
	if file != nil {
		r, err := m.rescued(ctx, file, at.profile.ID)
		return r.Value, err
	}
	token, err := m.Secrets.Get(ctx, at.profile.ID, store.RefreshToken)
	if isNotFound(err) {
		return token, fault.New(fault.NoRefreshToken, "token", "The refresh token is not in "+m.Secrets.Label()+" any more.",
			"Revoke it in Setup › Connected Apps OAuth Usage.")
	}
	m.Redactor.Hide(token)
	return token, err
}

// revokeSaved revokes what living gave. Where Salesforce does not know that, the
// store is read again: it may have given something else than it holds.
func (m *Machine) revokeSaved(ctx context.Context, at place, token secret.Value) (revoked secret.Value, known bool, err error) {
	known, err = m.revoke(ctx, at, token)
	if known || err != nil {
		return token, known, err
	}
	again, failed := m.living(ctx, at)
	if failed != nil || again.Equal(token) {
		return token, false, nil
	}
	known, err = m.revoke(ctx, at, again)
	return again, known, err
}

// revoke ends a token at Salesforce. A token that is not known there is as good as
// revoked: then known is false, and there is no error.
func (m *Machine) revoke(ctx context.Context, at place, token secret.Value) (known bool, err error) {
	err = m.flow(at.login).Revoke(ctx, oauthflow.App{LoginURL: at.login.String(), ConsumerKey: at.profile.ConsumerKey}, token)
	var refused *oauthflow.Refused
	if errors.As(err, &refused) && (refused.Code == "invalid_token" || refused.Code == "unsupported_token_type") {
		return false, nil
	}
	return err == nil, m.explain(err, salesforce.SurfaceRevoke, at.login, revokePath)
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
