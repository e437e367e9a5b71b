package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"filippo.io/age"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
)

const (
	ageKeyName = "secrets.key.age"

	// mostWork bounds a key file that another program wrote: 4 s.
	mostWork = 20

	largestKey = 1 << 20
)

// ErrWrongPassphrase is in the chain of the error for a passphrase that does not fit.
var ErrWrongPassphrase = errors.New("wrong passphrase")

// AgeKey is what opens an AgeFile: the first of its sources that is given.
type AgeKey struct {
	// IdentityFile holds age identities, as age-keygen writes them. The first is
	// written to, all of them open.
	IdentityFile string
	// A passphrase opens secrets.key.age, which holds an identity of the store's own.
	Passphrase     secret.Value
	PassphraseFile string
	// Ask asks a person for the passphrase until check takes it (ErrWrongPassphrase is
	// its word on one that does not fit); making says that the store is being made.
	// Nil where nobody can be asked. Its errors are passed on.
	Ask func(ctx context.Context, making bool, check func(secret.Value) error) (secret.Value, error)
}

func (k AgeKey) usesPassphrase() bool { return k.IdentityFile == "" }

// ageKey is an opened key.
type ageKey struct {
	from []age.Identity
	to   age.Recipient
	also age.Recipient // while the key is being changed; else nil
	sum  string        // of the key file; "" for an identity file
}

// Open asks for what opens the file, and tries it, as far as there is something
// to open: before a lock is held, and outside of any time limit. It is done once.
// making says that something is to be written: the key of a store that does not
// exist yet is then made as well.
func (f *AgeFile) Open(ctx context.Context, making bool) error {
	_, err := f.open(ctx, making)
	return err
}

// open gives nil where nothing is kept yet and nothing is to be.
func (f *AgeFile) open(ctx context.Context, making bool) (*ageKey, error) {
	f.opening.Lock()
	defer f.opening.Unlock()
	if f.key != nil || f.failed != nil {
		return f.key, f.failed
	}
	key, err := f.openKey(ctx, making)
	if ctx.Err() == nil {
		f.failed = err
	}
	f.key = key
	return key, err
}

func (f *AgeFile) openKey(ctx context.Context, making bool) (*ageKey, error) {
	_, err := f.look(f.Path())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	exists := err == nil
	if !exists && !making {
		return nil, nil
	}
	if !f.Key.usesPassphrase() {
		return f.openIdentity()
	}
	path := f.keyPath()
	_, err = f.look(path)
	switch {
	case err == nil:
		return f.openWrapped(ctx, path)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	case exists:
		return nil, f.noKeyFile()
	}
	return f.makeWrapped(ctx, path)
}

func (f *AgeFile) keyPath() string { return filepath.Join(f.files.configDir, ageKeyName) }

func (f *AgeFile) openIdentity() (*ageKey, error) {
	if !f.Key.Passphrase.Empty() || f.Key.PassphraseFile != "" {
		f.trace("The identity file %s opens %s; the passphrase that was given as well is not used.", f.Key.IdentityFile, f.Label())
	}
	text, err := f.readPersonal(f.Key.IdentityFile, "the identity file")
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "AGE-SECRET-KEY-") {
			f.hide(secret.New(line))
		}
	}
	key, err := parseKey(text)
	if err != nil {
		return nil, f.notIdentity(err)
	}
	return key, nil
}

// parseKey reads identities of age. Errors hold nothing of the text.
func parseKey(text []byte) (*ageKey, error) {
	identities, err := age.ParseIdentities(bytes.NewReader(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))))
	if err != nil {
		return nil, errors.New("it holds no identity of age that can be read")
	}
	key := &ageKey{from: identities}
	switch first := identities[0].(type) {
	case *age.X25519Identity:
		key.to = first.Recipient()
	case *age.HybridIdentity:
		key.to = first.Recipient()
	default:
		return nil, fmt.Errorf("its first identity is of a kind that sfconnect does not know (%T)", first)
	}
	return key, nil
}

// Makeable implements maker.
func (f *AgeFile) Makeable(ctx context.Context) error {
	_, err := f.look(f.keyPath())
	switch {
	case !f.Key.usesPassphrase(), err == nil:
		return f.Open(ctx, true) // makes no key
	case !errors.Is(err, fs.ErrNotExist):
		return err
	case f.Key.Passphrase.Empty() && f.Key.PassphraseFile == "" && f.Key.Ask != nil:
		return nil // who can be asked is asked when it is made
	}
	_, err = f.passphrase(ctx, true, CheckPassphrase)
	return err
}

// openWrapped opens the store's own identity with a passphrase.
func (f *AgeFile) openWrapped(ctx context.Context, path string) (*ageKey, error) {
	data, err := readShared(path)
	if err != nil {
		return nil, f.unreadable(path, err)
	}
	var key *ageKey
	try := func(passphrase secret.Value) (err error) {
		key, err = f.unwrap(path, data, passphrase)
		return err
	}
	_, err = f.passphrase(ctx, false, try)
	return key, err
}

func (f *AgeFile) unwrap(path string, data []byte, passphrase secret.Value) (*ageKey, error) {
	identity, err := age.NewScryptIdentity(passphrase.Reveal())
	if err != nil {
		return nil, f.wrongPassphrase(err)
	}
	identity.SetMaxWorkFactor(mostWork)
	plain, err := decrypt(data, []age.Identity{identity})
	var no *age.NoIdentityMatchError
	switch {
	case errors.As(err, &no) && len(no.StanzaTypes) == 1 && no.StanzaTypes[0] == "scrypt" && !f.damagedKey(data):
		return nil, f.wrongPassphrase(err)
	case err != nil:
		return nil, f.corrupt(path, err)
	}
	f.hide(secret.New(strings.TrimSpace(string(plain))))
	key, err := parseKey(plain)
	if err != nil {
		return nil, f.corrupt(path, err)
	}
	key.sum = sumOf(data)
	return key, nil
}

// damagedKey reports that the key file is not the one that the secrets were
// written with: then no passphrase is to blame.
func (f *AgeFile) damagedKey(key []byte) bool {
	data, err := readShared(f.Path())
	if err != nil {
		return false
	}
	sum := keySum(data)
	return sum != "" && sum != sumOf(key)
}

// makeWrapped makes the store's own identity. Of two who make a store at a time the
// later one takes what the other made.
func (f *AgeFile) makeWrapped(ctx context.Context, path string) (*ageKey, error) {
	passphrase, err := f.passphrase(ctx, true, CheckPassphrase)
	if err != nil {
		return nil, err
	}
	data, err := f.newWrapped(passphrase)
	if err != nil {
		return nil, err
	}
	if data, err = f.putKey(ctx, path, data); err != nil {
		return nil, err
	}
	return f.unwrap(path, data, passphrase)
}

// putKey saves a key file unless there is one, and gives the one that there is.
func (f *AgeFile) putKey(ctx context.Context, path string, data []byte) ([]byte, error) {
	release, err := f.files.acquire(ctx, ageLock, f.LockWait, nil, f.busy)
	if err != nil {
		return nil, err
	}
	defer release()
	if other, err := readShared(path); err == nil {
		return other, nil
	}
	if _, err := os.Lstat(f.Path()); err == nil {
		return nil, f.noKeyFile()
	}
	return data, f.put(ctx, path, data)
}

func wrap(text string, passphrase secret.Value, workFactor int) ([]byte, error) {
	recipient, err := age.NewScryptRecipient(passphrase.Reveal())
	if err != nil {
		return nil, err
	}
	recipient.SetWorkFactor(workFactor)
	var b bytes.Buffer
	w, err := age.Encrypt(&b, recipient)
	if err == nil {
		_, err = io.WriteString(w, text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("encrypt the key: %w", err)
	}
	return b.Bytes(), nil
}

// passphrase gives the passphrase from wherever it comes, once check has taken it.
func (f *AgeFile) passphrase(ctx context.Context, making bool, check func(secret.Value) error) (secret.Value, error) {
	v := f.Key.Passphrase
	switch {
	case !v.Empty():
	case f.Key.PassphraseFile != "":
		text, err := f.readPersonal(f.Key.PassphraseFile, "the passphrase file")
		if err != nil {
			return v, err
		}
		v = secret.New(oneLine(text))
		if v.Empty() {
			return v, f.emptyPassphrase()
		}
	case f.Key.Ask != nil:
		return f.Key.Ask(ctx, making, func(typed secret.Value) error {
			f.hide(typed)
			return check(typed)
		})
	default:
		return v, f.noKeyGiven()
	}
	f.hide(v)
	return v, check(v)
}

// shortestPassphrase is in characters; it keeps out the ones that a guess finds at once.
const shortestPassphrase = 8

// CheckPassphrase judges a passphrase that is to be used from now on. One that is in
// use already opens what it was made for, however short.
func CheckPassphrase(v secret.Value) error {
	if utf8.RuneCountInString(v.Reveal()) >= shortestPassphrase {
		return nil
	}
	return fault.New(fault.Usage, "input", fmt.Sprintf("The passphrase is too short: take %d characters or more, best several words.", shortestPassphrase), "Nothing was made. Choose another one.")
}

// oneLine drops a BOM and one newline at the end.
func oneLine(text []byte) string {
	s := strings.TrimSuffix(string(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))), "\n")
	return strings.TrimSuffix(s, "\r")
}

func (f *AgeFile) hide(v secret.Value) {
	if f.Hide != nil {
		f.Hide(v)
	}
}

func (f *AgeFile) tell(format string, args ...any) {
	if f.Tell != nil {
		f.Tell(fmt.Sprintf(format, args...))
	}
}

func (f *AgeFile) trace(format string, args ...any) {
	if f.Trace != nil {
		f.Trace(fmt.Sprintf(format, args...))
	}
}
