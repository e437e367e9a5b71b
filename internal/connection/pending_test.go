package connection_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"testing"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/store"
)

// mortal is a keychain that a process reaches until it dies.
type mortal struct {
	*store.Memory
	*life
}

func (k mortal) Get(service, user string) (string, error) {
	if err := k.next(); err != nil {
		return "", err
	}
	return k.Memory.Get(service, user)
}

func (k mortal) Set(service, user, value string) error {
	if err := k.next(); err != nil {
		return err
	}
	return k.Memory.Set(service, user, value)
}

func (k mortal) Delete(service, user string) error {
	if err := k.next(); err != nil {
		return err
	}
	return k.Memory.Delete(service, user)
}

// TestSignInDiesAtEachStep: of a sign-in that ends at any call of the keychain, and can
// revoke nothing any more, the next one leaves nothing: neither here nor at Salesforce.
func TestSignInDiesAtEachStep(t *testing.T) {
	const probe = 4 // calls, before anything is asked
	cleared := 0
	for last := probe; ; last++ {
		x := &trial{T: t, bench: newBench(t, nil)}
		if err := x.org.SetFaults("revoke-server-error"); err != nil {
			t.Fatal(err)
		}
		m := x.machine()
		m.Secrets = store.NewSecrets(mortal{x.keychain, &life{last: last}}, "linux", rand.Reader)
		_, died := m.Login(t.Context(), x.request())
		if err := x.org.SetFaults(); err != nil {
			t.Fatal(err)
		}
		lost := 0 // only the dead process had it
		if live := x.org.Ledger().LiveRefreshTokens; died != nil && len(live) == 1 && !x.holds(live[0]) {
			lost = 1
		} else if died != nil && len(live) == 1 {
			cleared++
		}
		cut, err := x.machine().CutOff(t.Context())
		if err != nil || (len(cut) == 1) != (died != nil) {
			t.Errorf("dead after %d calls: %d items, and %d sign-ins were cut off, %v", last, x.keychain.Len(), len(cut), err)
		}
		x.signIn(t)
		if n := x.items(); n != 3 {
			t.Errorf("dead after %d calls: %d secrets are kept, want 3", last, n)
		}
		if n := len(x.org.Ledger().LiveRefreshTokens); n != 1+lost {
			t.Errorf("dead after %d calls: %d refresh tokens live, of which %d could not be known", last, n, lost)
		}
		if left := x.machine().File.PendingOwners(); len(left) != 0 {
			t.Errorf("dead after %d calls: left behind: %v", last, left)
		}
		if died == nil {
			if cleared < 5 {
				t.Errorf("only %d sign-ins left something", cleared)
			}
			return
		}
	}
}

// TestSignInOverAnotherDies: what the former connection leaves is ended as well when
// the process dies after it was replaced.
func TestSignInOverAnotherDies(t *testing.T) {
	halfway := 0
	for last := 0; ; last++ {
		x := &trial{T: t, bench: newBench(t, nil)}
		first := x.signIn(t)
		l := &life{last: last}
		m := x.machine()
		m.Secrets = store.NewSecrets(mortal{x.keychain, l}, "linux", rand.Reader)
		_, err := m.Login(t.Context(), x.request())
		s, openErr := x.machine().Open("p")
		if openErr != nil {
			t.Fatal(openErr)
		}
		if err == nil && s.Profile().ID != first.Profile.ID && l.calls > last {
			halfway++
			clears(x, x.machine())
			works(x, nil)
			if n := x.items(); n != 3 {
				t.Errorf("dead after %d calls: %d secrets are kept, want 3", last, n)
			}
		}
		if l.calls <= last {
			if halfway < 3 {
				t.Errorf("only %d died after the step", halfway)
			}
			return
		}
	}
}

func (b *bench) holds(token string) bool {
	users, _ := b.keychain.Accounts("sfconnect")
	for _, user := range users {
		if text, _ := b.keychain.Get("sfconnect", user); text == token {
			return true
		}
	}
	return false
}

// clears is what doctor --fix does to the store.
func clears(x *trial, m *connection.Machine) {
	x.Helper()
	orphans, _, err := m.Orphans(x.Context(), nil)
	if err == nil {
		err = m.ClearOrphans(x.Context(), orphans, nil)
	}
	if err == nil {
		_, err = m.ClearCutOff(x.Context())
	}
	if err != nil {
		x.Error(err)
	}
}

// TestClearingSparesWhoIsAtWork: another process clears away what belongs to nobody, at
// each write of a sign-in, of a move and of a refresh.
func TestClearingSparesWhoIsAtWork(t *testing.T) {
	for _, item := range []store.Item{store.RefreshToken, store.ConsumerSecret, store.AccessToken, store.RescueIdentity} {
		t.Run(string(item), func(t *testing.T) {
			x := &trial{T: t, bench: newBench(t, map[string]string{"refresh_token_rotation": "true"})}
			during := func(do func(m *connection.Machine)) {
				m, times := x.machine(), 0
				m.Secrets = store.NewSecrets(before{x.keychain, item, func() { times++; clears(x, x.machine()) }}, "linux", rand.Reader)
				do(m)
				if times == 0 && item != store.RescueIdentity {
					t.Error("nothing was written")
				}
			}
			during(func(m *connection.Machine) {
				if _, err := m.Login(t.Context(), x.request()); err != nil {
					t.Error(err)
				}
			})
			works(x, nil)
			during(func(m *connection.Machine) {
				if _, err := m.Login(t.Context(), x.request()); err != nil {
					t.Error(err)
				}
			})
			works(x, nil)
			rescuedAgain(x)
		})
	}
}

// before is a keychain that lets something happen before and after each write of an item.
type before struct {
	*store.Memory
	item store.Item
	do   func()
}

func (k before) Set(service, user, value string) error {
	if user[len(user)-min(len(user), len(k.item)):] != string(k.item) {
		return k.Memory.Set(service, user, value)
	}
	k.do()
	defer k.do()
	return k.Memory.Set(service, user, value)
}

// TestClearingSparesTheFormer: until the person has said that the new one is right, the
// connection before may be put back, by a set-up whose state folder is another one.
func TestClearingSparesTheFormer(t *testing.T) {
	x := &trial{T: t, bench: newBench(t, map[string]string{"refresh_token_rotation": "true"})}
	x.signIn(t)
	r := x.request()
	r.KeepFormer = true
	second, err := x.machine().Login(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	clears(x, x.machine())
	if _, err := x.machine().Undo(t.Context(), "p", second.Profile.ID, second.Former); err != nil {
		t.Fatal(err)
	}
	works(x, nil)
	if left := x.machine().File.PendingOwners(); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	if second, err = x.machine().Login(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if _, err := x.machine().Settle(t.Context(), *second.Former); err != nil {
		t.Fatal(err)
	}
	clears(x, x.machine())
	works(x, nil)
	if left := x.machine().File.PendingOwners(); len(left) != 0 || x.items() != 3 {
		t.Errorf("left behind: %v, %d items", left, x.items())
	}
}

// TestClearingDuringAMove: what a move has written at its target is no orphan.
func TestClearingDuringAMove(t *testing.T) {
	v := newMoving(t)
	m := v.machine(-1)
	var group sync.WaitGroup
	target := store.NewSecrets(before{v.stores["file"], store.AccessToken, func() {
		// The other process waits for the profile's lock, and then finds nothing to do.
		other := v.machine(-1).In("file")
		orphans, _, err := other.Orphans(context.Background(), nil)
		if err != nil {
			t.Error(err)
		}
		group.Go(func() {
			if err := other.ClearOrphans(context.Background(), orphans, nil); err != nil {
				t.Error(err)
			}
		})
	}}, "linux", rand.Reader)
	source := m.Secrets
	m.Stores = func(name string) *store.Secrets {
		if name == "practice" || name == "file" {
			return target
		}
		return source
	}
	if _, err := m.Move(t.Context(), "acme", "file", false); err != nil {
		t.Fatal(err)
	}
	group.Wait()
	if in := v.wantWhole("moved"); in != "file" {
		t.Errorf("it is in %s", in)
	}
}

// TestAdoptedTokenIsNotRevoked: the token that another tool lives on is not the one to
// revoke when its sign-in here was cut off.
func TestAdoptedTokenIsNotRevoked(t *testing.T) {
	x := &trial{T: t, bench: newBench(t, nil)}
	anotherTool(x)
	for last := range 12 {
		m := x.machine()
		m.Secrets = store.NewSecrets(mortal{x.keychain, &life{last: last}}, "linux", rand.Reader)
		if err := adopts(x, m); err == nil {
			t.Fatalf("it takes %d calls", last)
		}
		clears(x, x.machine())
		if live := fmt.Sprint(x.org.Ledger().LiveRefreshTokens); live != fmt.Sprint([]string{x.given}) || x.keychain.Len() != 0 {
			t.Errorf("dead after %d calls: the other tool's token is not the one that lives, or %d items are left", last, x.keychain.Len())
		}
	}
}
