package connection

import (
	"context"
	"fmt"
	"strings"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// Moved tells what became of one profile's secrets.
type Moved struct {
	From, To string       // stores, as `stored_in` names them
	Items    []store.Item // that were, or would be, moved
	Done     bool         // the profile points to To now, and did not before
}

// Move takes a profile's secrets to the store of that name, under the profile's
// lock: each item is written there, read back and compared; then the profile
// points there, in one atomic step; then the items go where they were. A failure
// before the step leaves profile and source as they were, and takes back what was
// written; one after it is returned with Done, and leaves copies at the source
// that no profile uses. A run after a crash at any point finishes what was begun.
//
// With dry nothing is written. Items are then what the source has.
func (m *Machine) Move(ctx context.Context, name, to string, dry bool) (Moved, error) {
	at, err := m.load(name)
	if err != nil {
		return Moved{To: to}, err
	}
	if dry {
		out := Moved{From: at.profile.StoredIn, To: to}
		if out.From == to {
			return out, nil
		}
		_, out.Items, err = m.of(at.profile).readSecrets(ctx, name, at.profile)
		return out, err
	}
	target := m.In(to)
	if err := target.Secrets.Open(ctx, true); err != nil {
		return Moved{From: at.profile.StoredIn, To: to}, err
	}
	release, err := m.of(at.profile).lock(ctx, name)
	if err != nil {
		return Moved{From: at.profile.StoredIn, To: to}, err
	}
	defer release()
	if at, err = m.load(name); err != nil {
		return Moved{To: to}, err
	}
	out := Moved{From: at.profile.StoredIn, To: to}
	if out.From == to {
		return out, nil
	}
	source := m.of(at.profile)
	// The living token may wait in the rescue place, whose key stays in that store.
	if err := (&Session{m: m, name: name, at: at}).bringBack(ctx, at); err != nil {
		return out, err
	}
	secrets, found, err := source.readSecrets(ctx, name, at.profile)
	out.Items = found
	if err != nil {
		return out, err
	}
	if err := ctx.Err(); err != nil {
		return out, interrupted(err)
	}
	// From here on an interrupt would only leave more behind.
	whole := context.WithoutCancel(ctx)
	saved, err := target.ensureRescue(whole)
	if err != nil {
		return out, err
	}
	if out.Items, err = target.writeAll(whole, at.profile.ID, secrets, found); err == nil {
		err = m.pointTo(whole, name, at.profile, to)
	}
	saved()
	if err != nil {
		target.deleteSecrets(whole, at.profile.ID)
		return out, err
	}
	out.Done = true
	if err := source.removeSecrets(whole, at.profile.ID); err != nil {
		return out, err
	}
	return out, source.dropRescueKey(whole, nil)
}

// ClearMoved removes from the store of that name what a move that was cut short has
// left there of a profile that is kept in another.
func (m *Machine) ClearMoved(ctx context.Context, name, from string) (cleared bool, err error) {
	other := m.In(from)
	if err := other.Secrets.Open(ctx, false); err != nil {
		return false, err
	}
	release, err := m.File.Lock(ctx, name, nil)
	if err != nil {
		return false, err
	}
	defer release()
	at, err := m.load(name)
	if err != nil || at.profile.StoredIn == from {
		return false, err
	}
	for _, item := range items() {
		_, err := other.Secrets.Get(ctx, at.profile.ID, item)
		if isNotFound(err) {
			continue
		}
		if err == nil {
			err = other.Secrets.Delete(ctx, at.profile.ID, item)
		}
		if err != nil {
			return cleared, err
		}
		cleared = true
	}
	return cleared, nil
}

// readSecrets reads all that the store has of a profile, in the order of items. It
// fails where something is missing without which the profile cannot work.
func (m *Machine) readSecrets(ctx context.Context, name string, p store.Profile) (map[store.Item]secret.Value, []store.Item, error) {
	secrets, found := map[store.Item]secret.Value{}, []store.Item{}
	for _, item := range items() {
		v, err := m.Secrets.Get(ctx, p.ID, item)
		if isNotFound(err) {
			continue
		}
		if err != nil {
			return nil, found, err
		}
		m.Redactor.Hide(v)
		secrets[item], found = v, append(found, item)
	}
	needed := map[store.Item]bool{
		store.ConsumerSecret: p.HasConsumerSecret, store.RefreshToken: p.HasRefreshToken,
		store.PrivateKey: Flow(p.Flow) == FlowJWTBearer,
	}
	for _, item := range items() {
		if _, ok := secrets[item]; needed[item] && !ok {
			return nil, found, fault.New(fault.StoreCorrupt, "store",
				fmt.Sprintf("Its %s is not in %s any more.", itemWord(item), m.Secrets.Label()),
				"Sign in again, into the store that you want: sfconnect init --profile "+ShellWord(name))
		}
	}
	return secrets, found, nil
}

// itemWord names an item in a sentence.
func itemWord(item store.Item) string {
	if item == store.ConsumerSecret {
		return "Consumer Secret"
	}
	return strings.ReplaceAll(string(item), "-", " ")
}

// writeAll writes the items and gives those that were written. An access token that
// the store finds too long is left out, as it is at a login.
func (m *Machine) writeAll(ctx context.Context, owner string, secrets map[store.Item]secret.Value, found []store.Item) ([]store.Item, error) {
	written := []store.Item{}
	for _, item := range found {
		err := m.Secrets.Set(ctx, owner, item, secrets[item])
		if err != nil && item == store.AccessToken && fault.From(err).Code == fault.StoreTooSmall {
			if err := m.Secrets.Delete(ctx, owner, item); err != nil { // an older one
				return written, err
			}
			continue
		}
		if err != nil {
			return written, err
		}
		written = append(written, item)
	}
	return written, nil
}

// pointTo lets the profile remember another store, unless it was changed meanwhile.
func (m *Machine) pointTo(ctx context.Context, name string, was store.Profile, to string) error {
	return m.File.Update(ctx, func(set *store.Set) error {
		p, err := set.Find(name)
		if err != nil {
			return err
		}
		if p.ID != was.ID || p.StoredIn != was.StoredIn {
			return fault.New(fault.ProfileBusy, "save", "Another command changed it meanwhile.", "Try again.")
		}
		p.StoredIn = to
		set.Profiles[name] = p
		return nil
	})
}
