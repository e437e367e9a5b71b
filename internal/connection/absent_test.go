package connection_test

import (
	"crypto/rand"
	"strings"
	"testing"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/store"
)

// absent is a keychain that is not there and says of everything that it is not found,
// as the library does on macOS where HOME names a folder without a keychain.
type absent struct{}

func (absent) Get(string, string) (string, error) { return "", store.ErrNotFound }
func (absent) Set(string, string, string) error   { return nil }
func (absent) Delete(string, string) error        { return store.ErrNotFound }
func (absent) Name() string                       { return "practice" }
func (absent) Label() string                      { return "the keychain" }

// TestAKeychainThatIsNotThereIsNotAnEmptyOne: nobody is told to sign in again, and a
// log-out forgets nothing whose secrets are still somewhere.
func TestAKeychainThatIsNotThereIsNotAnEmptyOne(t *testing.T) {
	x := &trial{T: t, bench: newBench(t, map[string]string{"refresh_token_rotation": "true"})}
	x.signIn(t)
	m := x.machine()
	m.Secrets = store.NewSecrets(absent{}, "darwin", rand.Reader)
	s, err := m.Open("p")
	if err != nil {
		t.Fatal(err)
	}
	forget := func(local bool) func() error {
		return func() error { _, err := m.Forget(t.Context(), "p", local); return err }
	}
	for what, do := range map[string]func() error{
		"refresh":            func() error { return refreshes(x, m) },
		"check":              func() error { return s.CheckSecrets(t.Context()) },
		"log-out":            forget(false),
		"log-out, localOnly": forget(true),
	} {
		err := do()
		if err == nil {
			t.Errorf("%s: it is done", what)
			continue
		}
		if f := fault.From(err); f.Exit != fault.ExitStore || f.Code == fault.StoreCorrupt || strings.Contains(f.Hint, "again:") {
			t.Errorf("%s: %+v", what, f)
		}
	}
	works(x, nil)
}
