package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"filippo.io/age"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
)

// ageBench is a folder with a file store, and keys outside of it.
type ageBench struct {
	t    *testing.T
	dir  string
	told []string
}

func newAgeBench(t *testing.T) *ageBench {
	t.Helper()
	return &ageBench{t: t, dir: t.TempDir()}
}

func (b *ageBench) path(name string) string { return filepath.Join(b.dir, name) }

func (b *ageBench) config() string { return b.path("config") }

// write makes a file that nobody else may use.
func (b *ageBench) write(name, text string) string {
	b.t.Helper()
	path := b.path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		b.t.Fatal(err)
	}
	return path
}

// identity makes an identity file, as age-keygen does.
func (b *ageBench) identity(name string) string {
	b.t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		b.t.Fatal(err)
	}
	return b.write(name, "# created: 2026-11-22T10:00:00Z\n# public key: "+id.Recipient().String()+"\n"+id.String()+"\n")
}

// open is another process's view of the store.
func (b *ageBench) open(key AgeKey) *AgeFile {
	f := NewAgeFile(b.config(), b.path("state"))
	f.Key = key
	f.WorkFactor = 10 // the real one takes its time, and that is its purpose
	f.Tell = func(text string) { b.told = append(b.told, text) }
	return f
}

func (b *ageBench) secrets(key AgeKey) *Secrets { return newTestSecrets(b.open(key)) }

func (b *ageBench) set(key AgeKey, owner, text string) {
	b.t.Helper()
	if err := b.secrets(key).Set(b.t.Context(), owner, RefreshToken, secret.New(text)); err != nil {
		b.t.Fatal(err)
	}
}

func (b *ageBench) wantItem(key AgeKey, owner, want string) {
	b.t.Helper()
	got, err := b.secrets(key).Get(b.t.Context(), owner, RefreshToken)
	if err != nil || got.Reveal() != want {
		b.t.Errorf("%s has %q, %v, want %q", owner, got.Reveal(), err, want)
	}
}

func withPassphrase(text string) AgeKey { return AgeKey{Passphrase: secret.New(text)} }

const rightPassphrase, wrongPassphrase = "correct horse battery staple", "incorrect horse"

func TestAgeFileRoundTrip(t *testing.T) {
	b := newAgeBench(t)
	key := AgeKey{IdentityFile: b.identity("key.txt")}
	s := b.secrets(key)
	if _, err := s.Get(t.Context(), "p1", RefreshToken); !errors.Is(err, ErrNotFound) {
		t.Fatalf("got %v from a store that is not there, want ErrNotFound", err)
	}
	if err := s.Delete(t.Context(), "p1", RefreshToken); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(b.config()); err == nil {
		t.Error("reading made the folder")
	}
	for _, text := range []string{canary, "line\nline\r\n", " blanks ", "Größe 会社 \x00", strings.Repeat("x", 200_000)} {
		if err := s.Set(t.Context(), "p1", RefreshToken, secret.New(text)); err != nil {
			t.Fatal(err)
		}
		b.wantItem(key, "p1", text)
	}
	b.set(key, "p2", canary)
	if err := s.Delete(t.Context(), "p1", RefreshToken); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(t.Context(), "p1", RefreshToken); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v after the removal", err)
	}
	b.wantItem(key, "p2", canary)
	if text := read(t, s.keychain.(*AgeFile).Path()); strings.Contains(text, canary) || strings.Contains(text, string(RefreshToken)) {
		t.Error("the file shows what is in it")
	}
	for path, want := range map[string]os.FileMode{b.config(): 0o700, b.path("config/" + ageName): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want && !onWindows() {
			t.Errorf("%s: %v, %v, want %v", path, info.Mode(), err, want)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(b.config(), "[^l]*")); len(left) != 1 { // besides the locks
		t.Errorf("in the folder: %v", left)
	}
	if len(b.told) != 0 {
		t.Errorf("told %q", b.told)
	}
	if s.Name() != "file" || !strings.Contains(s.Label(), b.path("config/"+ageName)) || s.MaxBytes() != 0 {
		t.Errorf("%s, %s, %d", s.Name(), s.Label(), s.MaxBytes())
	}
}

func TestAgeFileProbe(t *testing.T) {
	b := newAgeBench(t)
	key := AgeKey{IdentityFile: b.identity("key.txt")}
	if err := b.secrets(key).Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	f := b.open(key)
	opened, err := f.open(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	if items, err := f.load(opened, false); err != nil || len(items) != 0 {
		t.Errorf("the probe left %v, %v", items, err)
	}
}

// TestAgeFilePassphrase goes the ways of a passphrase; each opening is one derivation.
func TestAgeFilePassphrase(t *testing.T) {
	b := newAgeBench(t)
	right := withPassphrase(rightPassphrase)
	b.set(right, "p1", canary)
	for _, name := range []string{ageName, ageKeyName} {
		if info, err := os.Stat(b.path("config/" + name)); err != nil || info.Mode().Perm() != 0o600 && !onWindows() {
			t.Errorf("%s: %v", name, err)
		}
	}
	key := read(t, b.path("config/"+ageKeyName))
	if f := NewAgeFile("", ""); f.WorkFactor != 16 || !strings.Contains(key, " 10\n") {
		t.Errorf("the work factor is %d and not as the decision says, or not used:\n%s", f.WorkFactor, key)
	}
	b.wantItem(AgeKey{PassphraseFile: b.write("passphrase", rightPassphrase+"\r\n")}, "p1", canary)

	wrong := b.secrets(withPassphrase(wrongPassphrase))
	_, err := wrong.Get(t.Context(), "p1", RefreshToken)
	f := wantFault(t, err, fault.WrongPassphrase)
	if f.Exit != fault.ExitStore || strings.Contains(f.Error()+f.Hint, wrongPassphrase) {
		t.Errorf("got %+v", f)
	}
	wantFault(t, wrong.Set(t.Context(), "p1", RefreshToken, secret.New("new")), fault.WrongPassphrase)

	var asked []bool
	var refused error
	person := AgeKey{Ask: func(_ context.Context, making bool, check func(secret.Value) error) (secret.Value, error) {
		asked = append(asked, making)
		refused = check(secret.New(wrongPassphrase))
		return secret.New(rightPassphrase), check(secret.New(rightPassphrase))
	}}
	s := b.secrets(person)
	if err := s.Open(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if got, err := s.Get(t.Context(), "p1", RefreshToken); err != nil || got.Reveal() != canary {
			t.Fatalf("got %q, %v", got.Reveal(), err)
		}
	}
	if !slices.Equal(asked, []bool{false}) || refused == nil || !errors.Is(refused, ErrWrongPassphrase) {
		t.Errorf("asked %v, the wrong one got %v", asked, refused)
	}
	if got := read(t, b.path("config/"+ageKeyName)); got != key {
		t.Error("the key was written again")
	}
}

// A store that nothing is kept in yet asks for nothing until something is to be kept.
func TestAgeFileAsksWhenItIsMade(t *testing.T) {
	b := newAgeBench(t)
	var asked []bool
	person := AgeKey{Ask: func(_ context.Context, making bool, check func(secret.Value) error) (secret.Value, error) {
		asked = append(asked, making)
		return secret.New(rightPassphrase), check(secret.New(rightPassphrase))
	}}
	s := b.secrets(person)
	if err := s.Open(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(t.Context(), "p1", RefreshToken); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if err := s.CheckWritable(t.Context()); err != nil {
		t.Error(err)
	}
	if asked != nil {
		t.Error("asked for a store that is not there")
	}
	if err := s.Set(t.Context(), "p1", RefreshToken, secret.New(canary)); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(asked, []bool{true}) {
		t.Errorf("asked %v", asked)
	}
	gone := errors.New("left")
	leaver := b.secrets(AgeKey{Ask: func(context.Context, bool, func(secret.Value) error) (secret.Value, error) {
		asked = append(asked, false)
		return secret.Value{}, fault.New(fault.Interrupted, "", "Left.", "").Because(gone)
	}})
	for range 3 {
		if _, err := leaver.Get(t.Context(), "p1", RefreshToken); !errors.Is(err, gone) {
			t.Errorf("got %v", err)
		}
	}
	if len(asked) != 2 {
		t.Errorf("somebody who left was asked %d times", len(asked)-1)
	}
}

// The first identity of a file is written to, and all of them open: a key is
// changed by putting the new one on top.
func TestAgeFileChangesItsIdentity(t *testing.T) {
	b := newAgeBench(t)
	old := b.identity("old.txt")
	b.set(AgeKey{IdentityFile: old}, "p1", canary)
	pq, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	both := b.write("both.txt", pq.String()+"\n"+read(t, old))
	b.wantItem(AgeKey{IdentityFile: both}, "p1", canary)
	b.set(AgeKey{IdentityFile: both}, "p2", "second")
	b.wantItem(AgeKey{IdentityFile: b.write("new.txt", pq.String())}, "p1", canary)
	_, err = b.secrets(AgeKey{IdentityFile: old}).Get(t.Context(), "p1", RefreshToken)
	wantFault(t, err, fault.WrongPassphrase)
}

func TestAgeFileKnowsWhenItWasChanged(t *testing.T) {
	b := newAgeBench(t)
	key := AgeKey{IdentityFile: b.identity("key.txt")}
	b.set(key, "p1", "one")
	f := b.open(key)
	first := newTestSecrets(f)
	get := func(want string) {
		t.Helper()
		if got, err := first.Get(t.Context(), "p1", RefreshToken); err != nil || got.Reveal() != want {
			t.Errorf("got %q, %v, want %q", got.Reveal(), err, want)
		}
	}
	get("one")
	kept := f.key.from
	f.key.from = nil // what is decrypted already is not decrypted again
	get("one")
	f.key.from = kept
	b.set(key, "p1", "two")
	get("two")
	if err := os.Remove(f.Path()); err != nil {
		t.Fatal(err)
	}
	if _, err := first.Get(t.Context(), "p1", RefreshToken); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestAgeFileOfManyWriters(t *testing.T) {
	b := newAgeBench(t)
	key := AgeKey{IdentityFile: b.identity("key.txt")}
	shared := b.secrets(key)
	var all sync.WaitGroup
	for n := range 4 {
		s := shared
		if n%2 == 0 {
			s = b.secrets(key)
		}
		for i := range 5 {
			all.Go(func() {
				if err := s.Set(t.Context(), fmt.Sprintf("p%d-%d", n, i), RefreshToken, secret.New(canary)); err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
	for n := range 4 {
		for i := range 5 {
			b.wantItem(key, fmt.Sprintf("p%d-%d", n, i), canary)
		}
	}
}

// identityVariable tells another process which identity file to use.
const identityVariable = "SFCONNECT_STORE_TEST_IDENTITY"

// saveMany is one of several processes: it saves ten items, and takes every other away again.
func saveMany() {
	f := NewAgeFile(os.Args[1], os.Args[2])
	f.Key.IdentityFile = os.Getenv(identityVariable)
	s := newTestSecrets(f)
	fmt.Println("begun")
	for n := range 10 {
		owner := fmt.Sprintf("%s-%d", os.Args[3], n)
		err := s.Set(context.Background(), owner, RefreshToken, secret.New(owner))
		if err == nil && n%2 == 1 {
			err = s.Delete(context.Background(), owner, RefreshToken)
		}
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
}

func TestAgeFileOfSeveralProcesses(t *testing.T) {
	b := newAgeBench(t)
	key := AgeKey{IdentityFile: b.identity("key.txt")}
	t.Setenv(identityVariable, key.IdentityFile)
	f := NewFile(b.config(), b.path("state"))
	var ends []func() error
	for _, name := range []string{"a", "b", "c"} {
		cmd, _, lines := playRole(t, "save", f, name)
		ends = append(ends, func() error {
			for lines.Scan() {
				if lines.Text() != "begun" {
					t.Error(lines.Text())
				}
			}
			return cmd.Wait()
		})
	}
	for _, end := range ends {
		if err := end(); err != nil {
			t.Error(err)
		}
	}
	s := b.secrets(key)
	for _, name := range []string{"a", "b", "c"} {
		for n := range 10 {
			owner := fmt.Sprintf("%s-%d", name, n)
			got, err := s.Get(t.Context(), owner, RefreshToken)
			if n%2 == 0 && got.Reveal() != owner || n%2 == 1 && !errors.Is(err, ErrNotFound) {
				t.Errorf("%s: %q, %v", owner, got.Reveal(), err)
			}
		}
	}
}

// Two who make a store with one passphrase at a time end up with one key.
func TestAgeFileIsMadeOnce(t *testing.T) {
	b := newAgeBench(t)
	key := withPassphrase(rightPassphrase)
	var all sync.WaitGroup
	for n := range 2 {
		all.Go(func() {
			if err := b.secrets(key).Set(t.Context(), fmt.Sprint(n), RefreshToken, secret.New(canary)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	b.wantItem(key, "0", canary)
	b.wantItem(key, "1", canary)
}

func FuzzDecodeSecrets(f *testing.F) {
	for _, text := range []string{`{"schema":1,"items":{}}`, `{"schema":1,"items":{"sfconnect/p/refresh-token":"x"}}`, `{"schema":2}`, `{`, ``, `null`, `{"schema":1,"items":{},"more":1}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, plain []byte) {
		items, err := decodeSecrets(plain)
		if (items == nil) == (err == nil) {
			t.Fatalf("%v, %v", items, err)
		}
	})
}

// FuzzUnseal feeds the reader of the file: it never panics, and takes nothing that
// the key did not seal.
func FuzzUnseal(f *testing.F) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		f.Fatal(err)
	}
	key := &ageKey{from: []age.Identity{id}, to: id.Recipient()}
	sealed, err := seal(key, map[string]string{"sfconnect/p/refresh-token": "x"})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed)
	f.Add([]byte("age-encryption.org/v1\n-> X25519 a\nb\n-> sfconnect-sum \n--- \n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		store := NewAgeFile("config", "state")
		items, err := store.unseal(key, data)
		if err == nil && string(data) != string(sealed) {
			t.Errorf("took %q: %v", data, items)
		}
	})
}
