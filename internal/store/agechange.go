package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"filippo.io/age"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
)

// NewIdentity makes an age identity, as age-keygen does: the text of its file, and its
// public half.
func NewIdentity(now time.Time) (file secret.Value, recipient string, err error) {
	k, err := age.GenerateX25519Identity()
	if err != nil {
		return secret.Value{}, "", fmt.Errorf("make an identity: %w", err)
	}
	recipient = k.Recipient().String()
	return secret.New("# created: " + now.UTC().Format(time.RFC3339) + "\n# public key: " + recipient + "\n" + k.String() + "\n"), recipient, nil
}

// ChangePassphrase lets a new passphrase, with a new key behind it, open the file that
// f.Key opens now, whether that is a passphrase or an identity. At each moment one of the
// two opens it, also where the process dies; what was open before does so no more in the
// end. CheckPassphrase judges the new one. Faults as for the file store, store_absent
// where there is none yet.
func (f *AgeFile) ChangePassphrase(ctx context.Context, passphrase secret.Value) error {
	f.hide(passphrase)
	if err := CheckPassphrase(passphrase); err != nil {
		return err
	}
	return f.changeKey(ctx, func(old *ageKey, items map[string]string) (*ageKey, error) {
		data, err := f.newWrapped(passphrase)
		if err != nil {
			return nil, err
		}
		next, err := f.unwrap(f.keyPath(), data, passphrase)
		if err != nil {
			return nil, err
		}
		if old.sum != "" {
			// The old key file is about to go: until the secrets are written anew both keys open them.
			both := *old
			both.from, both.also = append(append([]age.Identity{}, old.from...), next.from...), next.to
			if err := f.write(ctx, &both, items); err != nil {
				return nil, err
			}
			if _, err := f.load(next, false); err != nil {
				return nil, err
			}
			f.trace("The old passphrase and the new key open the secrets.")
		}
		err = f.put(ctx, f.keyPath(), data)
		f.trace("The new passphrase opens the new key.")
		return next, err
	}, nil)
}

// UseIdentity lets an identity file open the file that f.Key opens now, in its place.
func (f *AgeFile) UseIdentity(ctx context.Context, path string) error {
	other := NewAgeFile(f.files.configDir, f.files.stateDir)
	other.Key.IdentityFile, other.Tell, other.Hide = path, f.Tell, f.Hide
	next, err := other.openIdentity()
	if err != nil {
		return f.explained(err)
	}
	return f.changeKey(ctx, func(*ageKey, map[string]string) (*ageKey, error) { return next, nil }, func() error {
		if err := remove(f.keyPath()); err != nil {
			return f.unwritable(err)
		}
		return nil
	})
}

// Ready opens the file, and refuses where there is none. Its error is a fault.
func (f *AgeFile) Ready(ctx context.Context) error {
	key, err := f.open(ctx, false)
	if err == nil && key == nil {
		err = fault.New(fault.StoreAbsent, "store", "There is no file store yet, so there is nothing to change.", "It is made by the first sign-in with --store file, and opened from then on by what is given then.")
	}
	return f.explained(err)
}

// changeKey writes the items for another key, under the lock. after follows once that
// key alone opens them.
func (f *AgeFile) changeKey(ctx context.Context, prepare func(old *ageKey, items map[string]string) (*ageKey, error), after func() error) error {
	if err := f.Ready(ctx); err != nil {
		return err
	}
	old, err := f.open(ctx, false)
	if err != nil {
		return f.explained(err)
	}
	ctx = context.WithoutCancel(ctx)
	release, err := f.hold(ctx)
	if err != nil {
		return err
	}
	defer release()
	items, err := f.load(old, false)
	if err == nil {
		var next *ageKey
		if next, err = prepare(old, items); err == nil {
			err = f.write(ctx, next, items)
		}
		if err == nil {
			f.stamp = nil
			f.opening.Lock()
			f.key = next
			f.opening.Unlock()
		}
	}
	if err == nil {
		f.trace("The new key alone opens the secrets.")
	}
	if err == nil && after != nil {
		err = after()
	}
	return f.explained(err)
}

// write puts the items into the file, for a key, and reads it back.
func (f *AgeFile) write(ctx context.Context, key *ageKey, items map[string]string) error {
	f.stamp = nil
	sealed, err := seal(key, items)
	if err != nil {
		return err
	}
	return f.put(ctx, f.Path(), sealed)
}

// newWrapped makes an identity behind a passphrase.
func (f *AgeFile) newWrapped(passphrase secret.Value) ([]byte, error) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, err
	}
	f.hide(secret.New(identity.String()))
	return wrap(identity.String()+"\n", passphrase, f.WorkFactor)
}

// explained is a fault for the caller of one of our own methods.
func (f *AgeFile) explained(err error) error {
	var known *fault.Fault
	if err == nil || errors.As(err, &known) {
		return err
	}
	t := f.diagnose(context.Background(), err)
	return fault.New(t.code, "store", "The key of the file store was not changed: "+t.why+".", t.hint).Because(err)
}
