package connection_test

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/age"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/store"
)

// folders are one configuration folder and two state folders, as two containers have
// them that share a volume.
type folders struct {
	*trial
	config, identity string
}

func newFolders(t *testing.T) *folders {
	t.Helper()
	f := &folders{trial: &trial{T: t, bench: newBench(t, map[string]string{"refresh_token_rotation": "true"})}, config: t.TempDir()}
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	f.identity = filepath.Join(f.dir, "key.txt")
	if err := os.WriteFile(f.identity, []byte(key.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *folders) state(name string) string { return filepath.Join(f.dir, name) }

// on is a process with that state folder, whose secrets are in the file store.
func (f *folders) on(state string) *connection.Machine {
	secrets := store.NewAgeFile(f.config, f.state(state))
	secrets.Key.IdentityFile = f.identity
	m := f.machine()
	m.File, m.Secrets = store.NewFile(f.config, f.state(state)), store.NewSecrets(secrets, "linux", rand.Reader)
	return m
}

// signsIn connects with state folder "a", and lets the app be known to rotate.
func (f *folders) signsIn() store.Profile {
	f.Helper()
	done, err := f.on("a").Login(f.Context(), f.request())
	if err != nil {
		f.Fatal(err)
	}
	return done.Profile
}

func (f *folders) wantNoReplay() {
	f.Helper()
	if n := f.org.Ledger().RotationReplays; n != 0 {
		f.Errorf("a used refresh token was shown %d times", n)
	}
}

// TestTwoStateFoldersMakeOneRefresh: whoever shares the secrets shares the locks.
func TestTwoStateFoldersMakeOneRefresh(t *testing.T) {
	f := newFolders(t)
	f.signsIn()
	var sessions []*connection.Session
	for i := range 12 {
		s, err := f.on([]string{"a", "b", "c"}[i%3]).Open("p")
		if err != nil {
			t.Fatal(err)
		}
		sessions = append(sessions, s)
	}
	var wg sync.WaitGroup
	for _, s := range sessions {
		wg.Go(func() {
			if _, _, err := s.Token(t.Context(), time.Minute, true); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := f.org.Ledger().Refreshes; n != 1 {
		t.Errorf("%d refreshes", n)
	}
	f.wantNoReplay()
}

// TestTwoStateFoldersLoseNoSecret: writers of the one file wait for each other.
func TestTwoStateFoldersLoseNoSecret(t *testing.T) {
	f := newFolders(t)
	const each = 8
	var wg sync.WaitGroup
	for _, state := range []string{"a", "b", "c"} {
		wg.Go(func() {
			m := f.on(state)
			for i := range each {
				owner := state + string(rune('0'+i))
				if err := m.SaveDraft(t.Context(), owner, store.ConsumerSecret, f.request().ConsumerSecret); err != nil {
					t.Error(err)
				}
				if err := m.File.Update(t.Context(), func(set *store.Set) error {
					set.Put(owner, store.Profile{ID: owner})
					return nil
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	all, _, err := f.on("d").Secrets.Accounts(t.Context())
	set, loadErr := f.on("d").File.Load()
	if len(all) != 3*each || len(set.Profiles) != 3*each || err != nil || loadErr != nil {
		t.Errorf("%d secrets and %d profiles are left of %d; %v, %v", len(all), len(set.Profiles), 3*each, err, loadErr)
	}
}

// breaks lets a refresh with that state folder end in its rescue place.
func (f *folders) breaks(state string) {
	f.Helper()
	m := f.keychainOn(state)
	m.Secrets = store.NewSecrets(lying{f.keychain, "refuse"}, "linux", rand.Reader)
	if err := refreshes(f.trial, m); err == nil || len(m.File.Rescues()) != 1 {
		f.Fatalf("nothing waits in the rescue place: %v", err)
	}
}

// keychainOn is a process with that state folder and a keychain.
func (f *folders) keychainOn(state string) *connection.Machine {
	m := f.machine()
	m.File = store.NewFile(f.config, f.state(state))
	return m
}

func (f *folders) signsInToKeychain() {
	f.Helper()
	if _, err := f.keychainOn("a").Login(f.Context(), f.request()); err != nil {
		f.Fatal(err)
	}
}

// TestRescuedElsewhere: the living refresh token waits in the rescue place of another
// state folder. One that can be reached is brought back; else the old one, which is
// dead, is shown to nobody.
func TestRescuedElsewhere(t *testing.T) {
	f := newFolders(t)
	f.signsInToKeychain()
	f.breaks("a")
	away := f.state("away")
	if err := os.Rename(f.state("a"), away); err != nil {
		t.Fatal(err)
	}
	before := f.org.Ledger().TokensByGrant["refresh_token"]
	for range 2 {
		err := refreshes(f.trial, f.keychainOn("b"))
		if g := fault.From(err); err == nil || g.Exit != fault.ExitStore || !strings.Contains(g.Message+g.Hint, f.state("a")) || !strings.Contains(g.Hint, "sfconnect init --profile p") {
			t.Errorf("%+v", g)
		}
	}
	if n := f.org.Ledger().TokensByGrant["refresh_token"] - before; n != 0 {
		t.Errorf("%d refreshes", n)
	}
	f.wantNoReplay()

	if err := os.Rename(away, f.state("a")); err != nil {
		t.Fatal(err)
	}
	for _, state := range []string{"b", "a", "b"} {
		if err := refreshes(f.trial, f.keychainOn(state)); err != nil {
			t.Errorf("with state folder %s: %v", state, err)
		}
	}
	f.wantNoReplay()
	f.wantTheLivingOne()
}

// wantTheLivingOne wants the keychain to hold the refresh token that lives.
func (f *folders) wantTheLivingOne() {
	f.Helper()
	s, err := f.keychainOn("d").Open("p")
	if err != nil {
		f.Fatal(err)
	}
	if live := f.org.Ledger().LiveRefreshTokens; len(live) != 1 || live[0] != f.held(s.Profile().ID) {
		f.Errorf("%d refresh tokens live, or it is not the saved one", len(live))
	}
	if n := f.keychain.Len(); n != 4 { // with the key of the rescue place
		f.Errorf("%d items are in the keychain", n)
	}
}

// TestLogoutOfWhatIsRescuedElsewhere: the token that lives cannot be revoked.
func TestLogoutOfWhatIsRescuedElsewhere(t *testing.T) {
	f := newFolders(t)
	f.signsInToKeychain()
	f.breaks("a")
	if err := os.Rename(f.state("a"), f.state("away")); err != nil {
		t.Fatal(err)
	}
	ended, err := f.keychainOn("b").Forget(t.Context(), "p", false)
	if err != nil || ended.Revoked || ended.RevokeErr == nil {
		t.Errorf("%+v, %v", ended, err)
	}
	if n := f.keychain.Len(); n != 0 {
		t.Errorf("%d items are left", n)
	}
	f.wantNoReplay()
}

// TestKilledElsewhere: a process with another state folder died in a refresh, and its
// state folder is gone, as with a container. As long as the refresh token lives it
// is used.
func TestKilledElsewhere(t *testing.T) {
	f := newFolders(t)
	f.signsInToKeychain()
	if err := f.org.SetFaults("server-error"); err != nil {
		t.Fatal(err)
	}
	m := f.keychainOn("a")
	m.Secrets = store.NewSecrets(undeletable{f.keychain}, "linux", rand.Reader) // as if it had been killed before it could
	if err := refreshes(f.trial, m); err == nil {
		t.Fatal("refreshed")
	}
	if err := f.org.SetFaults(); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(f.state("a")); err != nil {
		t.Fatal(err)
	}
	for _, state := range []string{"b", "a"} {
		if err := refreshes(f.trial, f.keychainOn(state)); err != nil {
			t.Errorf("with state folder %s: %v", state, err)
		}
	}
	f.wantNoReplay()
	f.wantTheLivingOne()
}

// undeletable is a keychain in which everything stays.
type undeletable struct{ *store.Memory }

func (undeletable) Delete(string, string) error { return errBroken }
