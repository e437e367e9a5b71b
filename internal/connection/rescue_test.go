package connection_test

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/store"
)

// lying is a keychain that misbehaves on writes of refresh tokens.
type lying struct {
	*store.Memory
	how string // "refuse", "drop" (says that it wrote) or "garble"
}

func (l lying) Set(service, user, value string) error {
	if !strings.HasSuffix(user, "/refresh-token") {
		return l.Memory.Set(service, user, value)
	}
	switch l.how {
	case "refuse":
		return errors.New("no more room")
	case "garble":
		return l.Memory.Set(service, user, "x"+value)
	}
	return nil
}

// TestRotatedTokenIsRescued: the store takes the new refresh token not at all, or
// wrongly. Nothing is lost: it waits encrypted, the old one is never shown again,
// and once the store works the connection goes on.
func TestRotatedTokenIsRescued(t *testing.T) {
	for _, how := range []string{"refuse", "drop", "garble"} {
		t.Run(how, func(t *testing.T) {
			b := newBench(t, map[string]string{"refresh_token_rotation": "true"})
			done := b.signIn(t)
			broken := b.machine()
			broken.Secrets = store.NewSecrets(lying{b.keychain, how}, "linux", rand.Reader)
			s, err := broken.Open("p")
			if err != nil {
				t.Fatal(err)
			}
			token, _, err := s.Token(t.Context(), 0, true)
			f := fault.From(err)
			if !token.Empty() || err == nil || f.Exit != fault.ExitStore || !strings.Contains(f.Hint, "sfconnect doctor") {
				t.Fatalf("%+v", f)
			}
			path := broken.File.RescuePath(done.Profile.ID)
			data, err := os.ReadFile(path)
			if info, _ := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 || strings.Contains(string(data), "5Aep") || !strings.Contains(f.Hint, path) {
				t.Fatalf("the rescue place: %v, mode %v", err, info)
			}
			// As long as the store is broken the old token is not shown again.
			before := b.org.Ledger().TokensByGrant["refresh_token"]
			if _, _, err := s.Token(t.Context(), 0, true); fault.From(err).Exit != fault.ExitStore || err == nil {
				t.Errorf("again: %v", err)
			}
			if l := b.org.Ledger(); l.TokensByGrant["refresh_token"] != before || l.RotationReplays != 0 {
				t.Errorf("%d refreshes, %d replays", l.TokensByGrant["refresh_token"]-before, l.RotationReplays)
			}
			mended, err := b.machine().Open("p")
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := mended.Token(t.Context(), 0, true); err != nil {
				t.Errorf("after mending: %v", err)
			}
			if l := b.org.Ledger(); l.RotationReplays != 0 || broken.File.HasRescue(done.Profile.ID) {
				t.Errorf("%d replays, left behind: %v", l.RotationReplays, broken.File.Rescues())
			}
		})
	}
}

// TestRescueThatCannotBeRead: the key is gone, or the file is damaged; signing in
// again is what helps, and a log-out is not in the way of it.
func TestRescueThatCannotBeRead(t *testing.T) {
	for name, spoil := range map[string]func(*bench, string) error{
		"the key is gone": func(b *bench, _ string) error {
			m := b.machine()
			set, err := m.File.Load()
			if err == nil {
				err = b.keychain.Delete("sfconnect", store.RescueOwner(set.Rescue[m.Secrets.Name()])+"/"+string(store.RescueIdentity))
			}
			return err
		},
		"damaged": func(_ *bench, path string) error { return os.WriteFile(path, []byte("age-encryption.org/v1\n"), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, map[string]string{"refresh_token_rotation": "true"})
			rescued(&trial{T: t, bench: b})
			m := b.machine()
			if err := spoil(b, m.File.RescuePath(m.File.Rescues()[0])); err != nil {
				t.Fatal(err)
			}
			s, _ := m.Open("p")
			if _, _, err := s.Token(t.Context(), 0, true); err == nil || fault.From(err).Code != fault.StoreCorrupt || !strings.Contains(fault.From(err).Hint, "Sign in again: sfconnect init --profile p") {
				t.Errorf("%+v", fault.From(err))
			}
			if l := b.org.Ledger(); l.RotationReplays != 0 {
				t.Errorf("%d replays", l.RotationReplays)
			}
			ended, err := m.Forget(t.Context(), "p", false)
			if err != nil || ended.Revoked || ended.RevokeErr == nil {
				t.Errorf("%+v, %v", ended, err)
			}
			if left := m.File.Rescues(); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestRestore(t *testing.T) {
	b := newBench(t, map[string]string{"refresh_token_rotation": "true"})
	b.signIn(t)
	broken := b.machine()
	broken.Secrets = store.NewSecrets(lying{b.keychain, "refuse"}, "linux", rand.Reader)
	s, _ := broken.Open("p")
	if _, _, err := s.Token(t.Context(), 0, true); err == nil {
		t.Fatal("it was stored")
	}
	if found, err := broken.Restore(t.Context(), "p"); !found || fault.From(err).Exit != fault.ExitStore || err == nil {
		t.Errorf("with the broken store: %v, %v", found, err)
	}
	m := b.machine()
	if found, err := m.Restore(t.Context(), "p"); !found || err != nil {
		t.Errorf("%v, %v", found, err)
	}
	if found, err := m.Restore(t.Context(), "p"); found || err != nil {
		t.Errorf("twice: %v, %v", found, err)
	}
	s, _ = m.Open("p")
	if _, _, err := s.Token(t.Context(), 0, true); err != nil || b.org.Ledger().RotationReplays != 0 {
		t.Errorf("%v after %d replays", err, b.org.Ledger().RotationReplays)
	}
}

// TestLogoutRevokesTheRescuedOne: what waits in the rescue place is the living token.
func TestLogoutRevokesTheRescuedOne(t *testing.T) {
	b := newBench(t, map[string]string{"refresh_token_rotation": "true"})
	rescued(&trial{T: t, bench: b})
	ended, err := b.machine().Forget(t.Context(), "p", false)
	if err != nil || !ended.Revoked {
		t.Errorf("%+v, %v", ended, err)
	}
	if l := b.org.Ledger(); len(l.LiveRefreshTokens) != 0 {
		t.Errorf("%d tokens live", len(l.LiveRefreshTokens))
	}
	if left, _ := filepath.Glob(filepath.Join(b.dir, "rescue-*")); len(left) != 0 || b.keychain.Len() != 0 {
		t.Errorf("left behind: %v, %d items", left, b.keychain.Len())
	}
}

// TestRescueKeyLeavesWithTheLast: the key is there from the first login to the last logout.
func TestRescueKeyLeavesWithTheLast(t *testing.T) {
	b := newBench(t, nil)
	m := b.machine()
	for _, name := range []string{"a", "b"} {
		r := b.request()
		r.Profile = name
		if _, err := m.Login(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	set, _ := m.File.Load()
	first := set.Rescue["practice"]
	if first == "" {
		t.Fatal("no key")
	}
	if _, err := m.Forget(t.Context(), "a", false); err != nil {
		t.Fatal(err)
	}
	if set, _ = m.File.Load(); set.Rescue["practice"] != first {
		t.Error("the key changed")
	}
	if _, err := m.Forget(t.Context(), "b", false); err != nil {
		t.Fatal(err)
	}
	if set, _ = m.File.Load(); len(set.Rescue) != 0 || b.keychain.Len() != 0 {
		t.Errorf("left behind: %v, %d items", set.Rescue, b.keychain.Len())
	}
}

// TestRescueKeyLeavesWithTheLastOfMany: profiles that end at the same time do not each
// leave the key to the other.
func TestRescueKeyLeavesWithTheLastOfMany(t *testing.T) {
	b := newBench(t, map[string]string{"client_credentials_flow": "true"})
	m := b.machine()
	for range 5 {
		names := []string{"a", "b", "c", "d"}
		for _, name := range names {
			r := b.request()
			r.Profile, r.Flow = name, connection.FlowClientCredentials
			if _, err := m.Login(t.Context(), r); err != nil {
				t.Fatal(err)
			}
		}
		var all sync.WaitGroup
		for _, name := range names {
			all.Go(func() {
				if _, err := m.Forget(t.Context(), name, false); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if set, _ := m.File.Load(); len(set.Rescue) != 0 || b.keychain.Len() != 0 {
			t.Fatalf("left behind: %v, %d items", set.Rescue, b.keychain.Len())
		}
	}
}

// TestAgainRevokesTheFormer: five live approvals are the most that Salesforce keeps.
func TestAgainRevokesTheFormer(t *testing.T) {
	b := newBench(t, nil)
	for range 7 {
		b.signIn(t)
	}
	if l := b.org.Ledger(); len(l.LiveRefreshTokens) != 1 || l.Evictions != 0 {
		t.Errorf("%d refresh tokens live, %d were pushed out", len(l.LiveRefreshTokens), l.Evictions)
	}
	// One that was handed over is somebody else's too.
	m := b.machine()
	if err := m.File.Update(t.Context(), func(set *store.Set) error {
		p := set.Profiles["p"]
		p.HandedOver = true
		set.Put("p", p)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	done := b.signIn(t)
	if l := b.org.Ledger(); len(l.LiveRefreshTokens) != 2 || !strings.Contains(strings.Join(done.Warnings, " "), "handed over") {
		t.Errorf("%d live, warnings %q", len(l.LiveRefreshTokens), done.Warnings)
	}
	if done.Profile.HandedOver {
		t.Error("the new token was handed to nobody yet")
	}
	if err := b.org.SetFaults("revoke-server-error"); err != nil {
		t.Fatal(err)
	}
	if done := b.signIn(t); !strings.Contains(strings.Join(done.Warnings, " "), "could not be revoked") {
		t.Errorf("warnings %q", done.Warnings)
	}
}

// TestRotationIsLearned: a refresh shows it, and what is known decides whether a
// busy token may be shown again.
func TestRotationIsLearned(t *testing.T) {
	for setting, want := range map[string]store.Rotation{"true": store.RotationOn, "false": store.RotationOff} {
		b := newBench(t, map[string]string{"refresh_token_rotation": setting})
		b.signIn(t)
		m := b.machine()
		s, _ := m.Open("p")
		if s.Profile().Rotation != store.RotationUnknown {
			t.Errorf("known before any refresh: %q", s.Profile().Rotation)
		}
		if _, _, err := s.Token(t.Context(), 0, true); err != nil {
			t.Fatal(err)
		}
		if again, _ := m.Open("p"); again.Profile().Rotation != want || s.Profile().Rotation != want {
			t.Errorf("rotation %s: %q, %q", setting, again.Profile().Rotation, s.Profile().Rotation)
		}
		now, asked := time.Now().Add(time.Hour), b.org.Ledger().TokensByGrant["refresh_token"]
		m.Now = func() time.Time { return now }
		m.Sleep = func(_ context.Context, d time.Duration) error { now = now.Add(d); return nil }
		if err := b.org.SetFaults("token-request-stuck"); err != nil {
			t.Fatal(err)
		}
		busy, _ := m.Open("p")
		_, _, err := busy.Token(t.Context(), 0, true)
		asked = b.org.Ledger().TokensByGrant["refresh_token"] - asked
		if f := fault.From(err); f.Exit != fault.ExitRefused || want == store.RotationOn && asked != 1 || want == store.RotationOff && asked != 9 {
			t.Errorf("rotation %s: asked %d times, %v", setting, asked, err)
		}
	}
}

// TestProvenDead: a server that says revoked and takes the token all the same.
func TestProvenDead(t *testing.T) {
	b := newBench(t, nil)
	b.signIn(t)
	if err := b.org.SetFaults("revoke-forgets"); err != nil {
		t.Fatal(err)
	}
	ended, err := b.machine().Forget(t.Context(), "p", false)
	if err != nil || ended.Revoked || fault.From(ended.RevokeErr).Exit != fault.ExitNetwork {
		t.Errorf("%+v, %v", ended, err)
	}
}

// readOnlyStore cannot be written, and says so beforehand.
type readOnlyStore struct{ *store.Memory }

func (readOnlyStore) Set(string, string, string) error { return errBroken }

func (readOnlyStore) Writable(context.Context) error {
	return fault.New(fault.StoreUnwritable, "save", "The file store cannot be written.", "Mount it writable.")
}

// A store that cannot be written is refused before the refresh, not after.
func TestNoRefreshThatCouldNotBeSaved(t *testing.T) {
	for _, rotation := range []string{"true", "false"} {
		t.Run("rotation "+rotation, func(t *testing.T) { noRefreshThatCouldNotBeSaved(t, rotation) })
	}
}

func noRefreshThatCouldNotBeSaved(t *testing.T, rotation string) {
	b := newBench(t, map[string]string{"refresh_token_rotation": rotation})
	b.signIn(t)
	m := b.machine()
	s, err := m.Open("p")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Token(t.Context(), 0, true); err != nil { // whether tokens rotate is known from here on
		t.Fatal(err)
	}
	before := b.org.Ledger().TokensByGrant["refresh_token"]
	m.Secrets = store.NewSecrets(readOnlyStore{b.keychain}, "linux", rand.Reader)
	if s, err = m.Open("p"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Token(t.Context(), 0, true); fault.From(err).Code != fault.StoreUnwritable || err == nil {
		t.Errorf("%v", err)
	}
	if n := b.org.Ledger().TokensByGrant["refresh_token"]; n != before {
		t.Errorf("%d refreshes were made", n-before)
	}
}

// TestTwoFoldersOneKeychain: what happens in one configuration folder must not make
// what waits in the rescue place of another unreadable.
func TestTwoFoldersOneKeychain(t *testing.T) {
	for name, meanwhile := range map[string]func(*connection.Machine, connection.LoginRequest) error{
		"login": func(m *connection.Machine, r connection.LoginRequest) error {
			_, err := m.Login(t.Context(), r)
			return err
		},
		"login and logout": func(m *connection.Machine, r connection.LoginRequest) error {
			_, err := m.Login(t.Context(), r)
			if err == nil {
				_, err = m.Forget(t.Context(), r.Profile, false)
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			x := &trial{T: t, bench: newBench(t, map[string]string{"refresh_token_rotation": "true"})}
			rescued(x)
			elsewhere, dir := x.machine(), t.TempDir()
			elsewhere.File = store.NewFile(dir, dir)
			if err := meanwhile(elsewhere, x.request()); err != nil {
				t.Fatal(err)
			}
			if err := refreshes(x, x.machine()); err != nil || x.org.Ledger().RotationReplays != 0 {
				t.Errorf("%v after %d replays", err, x.org.Ledger().RotationReplays)
			}
		})
	}
}

// meanwhile is a keychain that lets something happen before the first write of an item.
type meanwhile struct {
	*store.Memory
	item store.Item
	do   func()
}

func (m meanwhile) Set(service, user, value string) error {
	if strings.HasSuffix(user, "/"+string(m.item)) {
		m.do()
	}
	return m.Memory.Set(service, user, value)
}

// TestLastLogoutDuringALogin: the key of the rescue place, which a login has just
// found, does not leave with what was the last connection until then.
func TestLastLogoutDuringALogin(t *testing.T) {
	x := &trial{T: t, bench: newBench(t, map[string]string{"refresh_token_rotation": "true"})}
	r := x.request()
	r.Profile = "last"
	if _, err := x.machine().Login(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	over, waits := make(chan error, 1), make(chan struct{})
	m := x.machine()
	m.Secrets = store.NewSecrets(meanwhile{x.keychain, store.RefreshToken, sync.OnceFunc(func() {
		leaving := x.machine()
		leaving.File.NoticeAfter = time.Millisecond
		leaving.Waiting = func(string) { close(waits) }
		go func() {
			_, err := leaving.Forget(t.Context(), "last", false)
			over <- err
			over <- err
		}()
		select {
		case <-over:
		case <-waits:
		}
	})}, "linux", rand.Reader)
	if _, err := m.Login(t.Context(), x.request()); err != nil {
		t.Fatal(err)
	}
	if err := <-over; err != nil {
		t.Error(err)
	}
	rescuedAgain(x)
}

// TestKeptNowhere: neither the store nor the rescue place takes the new token. That
// is said as it is, and a new sign-in mends it.
func TestKeptNowhere(t *testing.T) {
	x := &trial{T: t, bench: newBench(t, map[string]string{"refresh_token_rotation": "true"})}
	done := x.signIn(t)
	broken := x.machine()
	inTheWay := broken.File.RescuePath(done.Profile.ID)
	broken.Secrets = store.NewSecrets(meanwhile{x.keychain, store.RefreshToken, func() {
		if err := os.MkdirAll(filepath.Join(inTheWay, "full"), 0o700); err != nil {
			t.Error(err)
		}
		panic(errBroken) // the keychain goes away under the call
	}}, "linux", rand.Reader)
	f := fault.From(refreshes(x, broken))
	if f == nil || f.Exit != fault.ExitStore || !strings.Contains(f.Message, "kept nowhere") || !strings.Contains(f.Hint, "sign in again") {
		t.Errorf("%+v", f)
	}
	if err := os.RemoveAll(inTheWay); err != nil {
		t.Fatal(err)
	}
	x.signIn(t)
	works(x, nil)
}

// TestMoveTakesTheRescuedOne: the living token waits in the rescue place, whose key
// is in the store that the profile leaves.
func TestMoveTakesTheRescuedOne(t *testing.T) {
	x := &trial{T: t, bench: newBench(t, map[string]string{"refresh_token_rotation": "true"})}
	rescued(x)
	m, l := x.machine(), &life{last: -1}
	other := store.NewSecrets(place{store.NewMemory(), "other", l}, "linux", rand.Reader)
	here := m.Secrets
	m.Stores = func(name string) *store.Secrets {
		if name == "other" {
			return other
		}
		return here
	}
	if moved, err := m.Move(t.Context(), "p", "other", false); err != nil || !moved.Done {
		t.Fatalf("%+v, %v", moved, err)
	}
	if err := refreshes(x, m); err != nil || x.org.Ledger().RotationReplays != 0 {
		t.Errorf("%v after %d replays", err, x.org.Ledger().RotationReplays)
	}
	if x.keychain.Len() != 0 || len(m.File.Rescues()) != 0 {
		t.Errorf("left behind: %d items, %v", x.keychain.Len(), m.File.Rescues())
	}
}
