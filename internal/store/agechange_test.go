package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
)

const newPassphrase = "another battery entirely"

// wantShut wants a key not to open the store any more.
func (b *ageBench) wantShut(key AgeKey) {
	b.t.Helper()
	_, err := b.secrets(key).Get(b.t.Context(), "p1", RefreshToken)
	if err == nil || fault.From(err).Code != fault.WrongPassphrase {
		b.t.Errorf("the old key still opens it, or: %v", err)
	}
}

func TestChangeOfKey(t *testing.T) {
	passphrase := func(b *ageBench, text string) (AgeKey, func(*AgeFile) error) {
		return withPassphrase(text), func(f *AgeFile) error { return f.ChangePassphrase(b.t.Context(), secret.New(text)) }
	}
	identity := func(b *ageBench, name string) (AgeKey, func(*AgeFile) error) {
		path := b.identity(name)
		return AgeKey{IdentityFile: path}, func(f *AgeFile) error { return f.UseIdentity(b.t.Context(), path) }
	}
	type kind func(*ageBench, string) (AgeKey, func(*AgeFile) error)
	for name, c := range map[string]struct {
		from, to         kind
		fromText, toText string
		keyFile          bool // is there in the end
	}{
		"passphrase to passphrase": {passphrase, passphrase, rightPassphrase, newPassphrase, true},
		"passphrase to identity":   {passphrase, identity, rightPassphrase, "new.txt", false},
		"identity to passphrase":   {identity, passphrase, "old.txt", newPassphrase, true},
		"identity to identity":     {identity, identity, "old.txt", "new.txt", false},
	} {
		t.Run(name, func(t *testing.T) {
			b := newAgeBench(t)
			old, _ := c.from(b, c.fromText)
			b.set(old, "p1", canary)
			f := b.open(old)
			next, change := c.to(b, c.toText)
			if err := change(f); err != nil {
				t.Fatal(err)
			}
			b.wantItem(next, "p1", canary)
			b.wantShut(old)
			if err := newTestSecrets(f).Set(t.Context(), "p2", RefreshToken, secret.New("after")); err != nil {
				t.Errorf("the process that changed it: %v", err)
			}
			b.set(next, "p3", "later")
			b.wantItem(next, "p2", "after")
			if _, err := os.Lstat(b.path("config/" + ageKeyName)); errors.Is(err, fs.ErrNotExist) == c.keyFile {
				t.Errorf("the key file: %v", err)
			}
			if text := read(t, b.path("config/"+ageName)); strings.Count(text, "-> X25519") != 1 {
				t.Error("more than one key opens it in the end")
			}
		})
	}
}

// What cannot become the new key leaves all as it was.
func TestChangeOfKeyRefused(t *testing.T) {
	b := newAgeBench(t)
	key := withPassphrase(rightPassphrase)
	if err := b.open(key).ChangePassphrase(t.Context(), secret.New(newPassphrase)); err == nil || fault.From(err).Code != fault.StoreAbsent {
		t.Errorf("where there is no store: %v", err)
	}
	b.set(key, "p1", canary)
	before := b.everything()
	for name, c := range map[string]struct {
		do   func() error
		code string
	}{
		"too short": {func() error { return b.open(key).ChangePassphrase(t.Context(), secret.New("short")) }, fault.Usage},
		"wrong one now": {func() error {
			return b.open(withPassphrase(wrongPassphrase)).ChangePassphrase(t.Context(), secret.New(newPassphrase))
		}, fault.WrongPassphrase},
		"no such identity":  {func() error { return b.open(key).UseIdentity(t.Context(), b.path("none.txt")) }, fault.StoreLocked},
		"no identity in it": {func() error { return b.open(key).UseIdentity(t.Context(), b.write("bad.txt", "nothing")) }, fault.StoreLocked},
	} {
		if err := c.do(); err == nil || fault.From(err).Code != c.code || fault.From(err).Hint == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for path, text := range b.everything() {
		if before[path] != text && !strings.HasSuffix(path, ".lock") && !strings.HasSuffix(path, "bad.txt") {
			t.Errorf("%s was changed or left behind", path)
		}
	}
	b.wantItem(key, "p1", canary)
}

// TestChangeOfKeyDiesAtEachStep: as the files are after each step, one of the two keys
// opens them, with all that is in them.
func TestChangeOfKeyDiesAtEachStep(t *testing.T) {
	for name, from := range map[string]func(*ageBench) AgeKey{
		"passphrase": func(*ageBench) AgeKey { return withPassphrase(rightPassphrase) },
		"identity":   func(b *ageBench) AgeKey { return AgeKey{IdentityFile: b.identity("old.txt")} },
	} {
		t.Run(name, func(t *testing.T) {
			b := newAgeBench(t)
			old := from(b)
			b.set(old, "p1", canary)
			f, steps := b.open(old), 0
			f.Trace = func(step string) {
				steps++
				after := newAgeBench(t) // what a process that dies now leaves
				for path, text := range b.everything() {
					after.write("config/"+filepath.Base(path), text)
				}
				opened := 0
				for _, key := range []AgeKey{old, withPassphrase(newPassphrase)} {
					if got, err := after.secrets(key).Get(t.Context(), "p1", RefreshToken); err == nil && got.Reveal() == canary {
						opened++
						if err := after.open(key).ChangePassphrase(t.Context(), secret.New("a third passphrase")); err != nil {
							t.Errorf("%s again: %v", step, err)
						}
						break
					}
				}
				if opened != 1 {
					t.Errorf("%s nothing opens it", step)
				}
			}
			if err := f.ChangePassphrase(t.Context(), secret.New(newPassphrase)); err != nil {
				t.Fatal(err)
			}
			if steps < 2 {
				t.Errorf("%d steps", steps)
			}
		})
	}
}
