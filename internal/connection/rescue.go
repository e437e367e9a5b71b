package connection

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// rescueLock keeps two logins from making two keys. It is no name for a profile.
const rescueLock = "\x00rescue"

// ensureRescue sees, at a login, that the store holds the key of the rescue place:
// it cannot be put there when it is needed. The key stays at least until release,
// to be called once the profile is saved. Who locks a profile too does so before.
func (m *Machine) ensureRescue(ctx context.Context) (release func(), err error) {
	release, err = m.lock(ctx, rescueLock)
	if err != nil {
		return release, err
	}
	if err = m.makeRescueKey(ctx); err != nil {
		release()
	}
	return release, err
}

// needRescueKey sees, before a refresh, that the key of the rescue place is there for
// a profile of set, which keeps it from leaving: a profiles file that was restored by
// hand may lack it, or name one that is gone.
func (m *Machine) needRescueKey(ctx context.Context, set store.Set) error {
	if fits, err := m.rescueKeyFits(ctx, set); err != nil || fits {
		return err
	}
	release, err := m.ensureRescue(ctx)
	release()
	return err
}

// rescueKeyFits reports whether the store has the other half of the key in set.
func (m *Machine) rescueKeyFits(ctx context.Context, set store.Set) (bool, error) {
	known := set.Rescue[m.Secrets.Name()]
	if known == "" {
		return false, nil
	}
	identity, err := m.Secrets.Get(ctx, store.RescueOwner(known), store.RescueIdentity)
	if isNotFound(err) {
		return false, nil
	}
	m.Redactor.Hide(identity)
	return err == nil && store.RescueKeyFits(identity, known), err
}

// makeRescueKey makes the key where there is none; for who holds the lock.
func (m *Machine) makeRescueKey(ctx context.Context) error {
	set, err := m.File.Load()
	if err != nil {
		return err
	}
	if fits, err := m.rescueKeyFits(ctx, set); err != nil || fits {
		return err
	}
	place := m.Secrets.Name()
	identity, recipient, err := store.NewRescueKey()
	if err != nil {
		return err
	}
	m.Redactor.Hide(identity)
	// The file first: a key that it does not name would be left in the store for ever.
	note := func(ctx context.Context, recipient string) error {
		return m.File.Update(ctx, func(set *store.Set) error {
			set.PutRescue(place, recipient)
			return nil
		})
	}
	if err := note(ctx, recipient); err != nil {
		return err
	}
	owner := store.RescueOwner(recipient)
	if err := m.Secrets.Set(ctx, owner, store.RescueIdentity, identity); err != nil {
		kept := context.WithoutCancel(ctx)
		if m.Secrets.Delete(kept, owner, store.RescueIdentity) == nil {
			_ = note(kept, set.Rescue[place])
		}
		return err
	}
	return nil
}

// dropRescueKey removes the key when no profile is left in the store. A change that
// is not nil, by which a profile leaves, is made after it and under the same lock:
// of two profiles that end at a time each would else leave the key to the other.
func (m *Machine) dropRescueKey(ctx context.Context, change func(*store.Set)) error {
	release, err := m.lock(ctx, rescueLock)
	if err != nil {
		return err
	}
	defer release()
	if err := m.dropUnneededKey(ctx, change); err != nil || change == nil {
		return err
	}
	return m.File.Update(ctx, func(set *store.Set) error {
		change(set)
		return nil
	})
}

// dropUnneededKey does so for who holds the lock; change counts as made.
func (m *Machine) dropUnneededKey(ctx context.Context, change func(*store.Set)) error {
	set, err := m.File.Load()
	place := m.Secrets.Name()
	recipient := set.Rescue[place]
	if err != nil || recipient == "" {
		return err
	}
	if change != nil {
		set.Profiles = maps.Clone(set.Profiles) // the set is shared with other readers
		change(&set)
	}
	for _, p := range set.Profiles {
		if p.StoredIn == place {
			return nil
		}
	}
	if err := m.Secrets.Delete(ctx, store.RescueOwner(recipient), store.RescueIdentity); err != nil {
		return err
	}
	return m.File.Update(ctx, func(set *store.Set) error { set.PutRescue(place, ""); return nil })
}

// saveRotated keeps the refresh token that a refresh has just brought, before
// anything else happens: the old one is dead by now. Where the store does not take
// it, it is put into the rescue place, and the error says so.
func (s *Session) saveRotated(ctx context.Context, at place, token secret.Value) error {
	there := s.m.of(at.profile)
	err := there.Secrets.Set(ctx, at.profile.ID, store.RefreshToken, token)
	if err == nil {
		return nil
	}
	f := *fault.From(err)
	f.Exit = fault.ExitStore
	f.Stage = "save"
	kept := there.rescue(store.Rescued{Owner: at.profile.ID, Profile: s.name, Item: store.RefreshToken, At: s.m.Now(), Value: token})
	if kept != nil {
		bounded, cancel := context.WithTimeout(ctx, retireLimit)
		defer cancel()
		_, _ = s.m.revoke(bounded, at, token) // nobody will ever have it
		f.Message = fmt.Sprintf("Salesforce gave a new refresh token for profile %q, and it could be kept nowhere. %s The rescue place failed too: %s.", s.name, f.Message, kept.Error())
		f.Hint = "The connection is lost: sign in again once the store works: " + s.again() + "\n" + f.Hint
		return f.Because(errors.Join(err, kept))
	}
	f.Message = fmt.Sprintf("Salesforce gave a new refresh token for profile %q, and %s did not take it. %s", s.name, there.Secrets.Label(), f.Message)
	f.Hint = "Nothing is lost: it waits, encrypted, in " + there.File.RescuePath(at.profile.ID) + ".\nMend the store, then bring it back: sfconnect doctor\n" + f.Hint
	return f.Because(err)
}

func (m *Machine) rescue(r store.Rescued) error {
	set, err := m.File.Load()
	if err != nil {
		return err
	}
	recipient := set.Rescue[m.Secrets.Name()]
	if recipient == "" {
		return errors.New("it has no key, since this connection was made by an older sfconnect")
	}
	return m.File.Rescue(recipient, r)
}

// Restore brings back what waits in the rescue place for a profile, under its lock.
// found is false where nothing does.
func (m *Machine) Restore(ctx context.Context, name string) (found bool, err error) {
	at, err := m.load(name)
	if err != nil {
		return false, err
	}
	release, err := m.of(at.profile).lock(ctx, name)
	if err != nil {
		return false, err
	}
	defer release()
	if at, err = m.load(name); err != nil {
		return false, err
	}
	return m.of(at.profile).restore(ctx, name, at.profile.ID)
}

// restore is Restore for who holds the lock. As long as it fails the saved refresh
// token must not be used: it is dead, and showing it would end its successor too.
// Where another state folder may have that one, isElsewhere tells the error.
func (m *Machine) restore(ctx context.Context, name, owner string) (found bool, err error) {
	file, elsewhere := m.File.RescuedIn(owner)
	if elsewhere != nil {
		return false, notHere(name, elsewhere)
	}
	if file == nil {
		return false, nil
	}
	r, err := m.rescued(ctx, file, owner)
	if err == nil {
		if err = m.Secrets.Set(ctx, owner, r.Item, r.Value); err == nil {
			return true, file.DropRescue(owner)
		}
	}
	if isNotFound(err) || errors.Is(err, store.ErrRescueLost) {
		return true, fault.New(fault.StoreCorrupt, "store",
			fmt.Sprintf("The newest refresh token of profile %q is in the rescue place and cannot be read there any more; the older one is dead.", name),
			"Sign in again: "+"sfconnect init --profile "+ShellWord(name)+"\nThe file is "+file.RescuePath(owner)+".").Because(err)
	}
	f := fault.New(fault.StoreUnwritable, "store",
		fmt.Sprintf("The newest refresh token of profile %q waits in the rescue place and could not be brought back, so the older one is not used.", name),
		"Mend the store, then run: sfconnect doctor\nThe file is "+file.RescuePath(owner)+".")
	if known := fault.From(err); known.Exit == fault.ExitStore {
		f.Code = known.Code
		f.Hint = known.Message + "\n" + f.Hint + "\n" + known.Hint
	}
	return true, f.Because(err)
}

// rescued reads what waits for an owner in the rescue place of a state folder.
func (m *Machine) rescued(ctx context.Context, file *store.File, owner string) (store.Rescued, error) {
	set, err := m.File.Load()
	if err != nil {
		return store.Rescued{}, err
	}
	identity, err := m.Secrets.Get(ctx, store.RescueOwner(set.Rescue[m.Secrets.Name()]), store.RescueIdentity)
	if err != nil {
		return store.Rescued{}, err
	}
	m.Redactor.Hide(identity)
	r, err := file.Rescued(owner, identity)
	m.Redactor.Hide(r.Value)
	return r, err
}
