package connection_test

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// faulty is a keychain of which one call goes wrong, the first being number 1.
type faulty struct {
	*store.Memory
	how  string
	at   int
	over <-chan struct{} // when a call that hangs is let go

	mu    sync.Mutex
	calls int
	hit   string // the call that went wrong
}

// The ways in which a call goes wrong.
const (
	fails     = "fails"
	failsOn   = "fails, and all after it"
	failsDone = "does it, and fails"
	hangs     = "hangs"
	missing   = "lies: dropped, or not found"
	garbled   = "lies: garbled"
)

func (f *faulty) wrong(op, user string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	if f.calls != f.at && !(f.how == failsOn && f.calls > f.at) {
		return ""
	}
	if f.hit == "" {
		_, item, _ := strings.Cut(user, "/")
		f.hit = op + " " + item
	}
	return f.how
}

// found names the call that went wrong; "" when there were fewer calls.
func (f *faulty) found() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.hit
}

var errBroken = errors.New("the keychain is broken")

func (f *faulty) Get(service, user string) (string, error) {
	how := f.wrong("get", user)
	switch how {
	case fails, failsOn, failsDone:
		return "", errBroken
	case hangs:
		<-f.over
		return "", errBroken
	case missing:
		return "", store.ErrNotFound
	}
	value, err := f.Memory.Get(service, user)
	if how == garbled && err == nil {
		value = "x" + value
	}
	return value, err
}

func (f *faulty) Set(service, user, value string) error {
	switch f.wrong("set", user) {
	case fails, failsOn:
		return errBroken
	case failsDone:
		_ = f.Memory.Set(service, user, value)
		return errBroken
	case hangs:
		<-f.over
		return errBroken
	case missing:
		return nil
	case garbled:
		value = "x" + value
	}
	return f.Memory.Set(service, user, value)
}

func (f *faulty) Delete(service, user string) error {
	switch f.wrong("delete", user) {
	case fails, failsOn:
		return errBroken
	case failsDone:
		_ = f.Memory.Delete(service, user)
		return errBroken
	case hangs:
		<-f.over
		return errBroken
	case missing, garbled:
		return nil
	}
	return f.Memory.Delete(service, user)
}

// attempt is something that is done with the broken keychain, and what must hold
// afterwards with the healthy one.
type attempt struct {
	name    string
	prepare func(*trial)
	do      func(*trial, *connection.Machine) error
	after   func(*trial, error)
}

// trial is one attempt with one call gone wrong.
type trial struct {
	*testing.T
	*bench
	warned string // what the attempt said beside its error
	hit    string // the call that went wrong
	given  string // a refresh token of another tool
}

// TestEachKeychainCallGoesWrong: whichever call of the keychain goes wrong, and
// however, in a refresh, a login or a logout: afterwards the connection works, or
// the error said what to do; no used refresh token is shown, and none lives at
// the org that nobody has, unless the person was told.
func TestEachKeychainCallGoesWrong(t *testing.T) {
	for _, a := range []attempt{
		{"refresh", signedIn, refreshes, works},
		{"refresh from the rescue place", rescued, refreshes, works},
		{"first login", func(*trial) {}, logsIn, loginWorks},
		{"login again", signedIn, logsIn, loginWorks},
		{"login again over the rescue place", rescued, logsIn, loginWorks},
		{"login to be settled", signedIn, logsInAndSettles, loginWorks},
		{"adopt", anotherTool, adopts, adopted},
		{"logout", signedIn, logsOut, gone},
		{"logout with the rescue place", rescued, logsOut, gone},
	} {
		for _, how := range []string{fails, failsOn, failsDone, hangs, missing, garbled} {
			t.Run(a.name+", a call "+how, func(t *testing.T) {
				t.Parallel()
				for k := 1; ; k++ {
					if !a.try(t, how, k) {
						if k < 4 {
							t.Errorf("only %d calls", k-1)
						}
						t.Logf("%d calls", k-1)
						break
					}
				}
			})
		}
	}
}

// try is false when there is no k-th call.
func (a attempt) try(t *testing.T, how string, k int) bool {
	return a.within(t, how, k, 50*time.Millisecond)
}

// within tries with a time limit for what hangs. A machine that is too busy to answer
// within it proves nothing, and gets more time.
func (a attempt) within(t *testing.T, how string, k int, limit time.Duration) bool {
	x := &trial{T: t, bench: newBench(t, map[string]string{"refresh_token_rotation": "true"})}
	a.prepare(x)
	over := make(chan struct{})
	defer close(over)
	f := &faulty{Memory: x.keychain, how: how, at: k, over: over}
	m := x.machine()
	m.Secrets = store.NewSecrets(f, "linux", rand.Reader)
	if how == hangs {
		m.Secrets.Limit = limit
	}
	failed := t.Failed()
	err := a.do(x, m)
	hit := f.found()
	if how == hangs && hit == "" && err != nil && fault.From(err).Code == fault.StoreTimeout && limit < 30*time.Second {
		return a.within(t, how, k, 4*limit)
	}
	x.hit = hit
	if err != nil && (hit == "" || fault.From(err).Hint == "" || fault.From(err).Code == fault.Internal) {
		t.Errorf("%v, hint %q", err, fault.From(err).Hint)
	}
	a.after(x, err)
	if l := x.org.Ledger(); l.RotationReplays != 0 {
		t.Errorf("a used refresh token was shown")
	}
	if t.Failed() && !failed {
		t.Errorf("it was call %d, %s; it ended with %v %s", k, hit, err, x.warned)
	}
	return hit != ""
}

func signedIn(x *trial) { x.signIn(x.T) }

// rescued leaves the living refresh token in the rescue place.
func rescued(x *trial) {
	x.signIn(x.T)
	broken := x.machine()
	broken.Secrets = store.NewSecrets(lying{x.keychain, "refuse"}, "linux", rand.Reader)
	if refreshes(x, broken) == nil || len(broken.File.Rescues()) != 1 {
		x.Fatal("nothing waits in the rescue place")
	}
}

func refreshes(x *trial, m *connection.Machine) error {
	s, err := m.Open("p")
	if err == nil {
		_, _, err = s.Token(x.Context(), 0, true)
	}
	return err
}

func logsIn(x *trial, m *connection.Machine) error {
	done, err := m.Login(x.Context(), x.request())
	x.warned = strings.Join(done.Warnings, " ")
	return err
}

func logsInAndSettles(x *trial, m *connection.Machine) error {
	r := x.request()
	r.KeepFormer = true
	done, err := m.Login(x.Context(), r)
	if err == nil && done.Former != nil {
		x.warned, err = m.Settle(x.Context(), *done.Former)
	}
	return err
}

// anotherTool has a refresh token of its own.
func anotherTool(x *trial) {
	x.signIn(x.T)
	s, err := x.machine().Open("p")
	if err != nil {
		x.Fatal(err)
	}
	x.given = x.held(s.Profile().ID)
	if _, err := x.machine().Forget(context.Background(), "p", true); err != nil {
		x.Fatal(err)
	}
}

// held is the refresh token in the keychain.
func (b *bench) held(owner string) string {
	text, _ := b.keychain.Get("sfconnect", owner+"/"+string(store.RefreshToken))
	return text
}

func adopts(x *trial, m *connection.Machine) error {
	r := x.request()
	r.Flow, r.Callbacks, r.RefreshToken = connection.FlowRefreshToken, nil, secret.New(x.given)
	done, err := m.Login(x.Context(), r)
	x.warned = strings.Join(done.Warnings, " ")
	return err
}

func logsOut(x *trial, m *connection.Machine) error {
	ended, err := m.Forget(x.Context(), "p", false)
	if ended.RevokeErr != nil {
		x.warned = ended.RevokeErr.Error()
	}
	return err
}

// works wants a connection whose refresh token is the one that lives.
func works(x *trial, _ error) {
	if err := refreshes(x, x.machine()); err != nil {
		x.Errorf("the connection does not work: %v", err)
		return
	}
	s, err := x.machine().Open("p")
	if err != nil {
		x.Fatal(err)
	}
	live := x.org.Ledger().LiveRefreshTokens
	told := strings.Contains(x.warned, "Revoke it in Setup")
	if n := len(live); n != 1 && !(n == 2 && told) || live[n-1] != x.held(s.Profile().ID) {
		x.Errorf("%d refresh tokens live, and the last is ours: %v", n, live[n-1] == x.held(s.Profile().ID))
	}
	if left := x.machine().File.Rescues(); len(left) != 0 {
		x.Errorf("%d things wait in the rescue place", len(left))
	}
}

// loginWorks wants the new connection, or the former one, or none where there was
// none; and that a rescue is still possible.
func loginWorks(x *trial, err error) {
	set, loadErr := x.machine().File.Load()
	if loadErr != nil {
		x.Fatal(loadErr)
	}
	if _, found := set.Profiles["p"]; !found && err != nil {
		if n := len(x.org.Ledger().LiveRefreshTokens); n != 0 {
			x.Errorf("%d refresh tokens live of a login that was refused", n)
		}
		x.signIn(x.T)
	}
	works(x, err)
	if err != nil || strings.Contains(x.hit, "identity") {
		rescuedAgain(x)
	}
}

// rescuedAgain puts a token into the rescue place and back.
func rescuedAgain(x *trial) {
	broken := x.machine()
	broken.Secrets = store.NewSecrets(lying{x.keychain, "refuse"}, "linux", rand.Reader)
	if err := refreshes(x, broken); err == nil || !strings.Contains(fault.From(err).Hint, "Nothing is lost") {
		x.Errorf("the rescue place took nothing: %v", err)
	}
	works(x, nil)
}

// adopted wants the token of the other tool to be alive, or the person to be told
// that it is used up.
func adopted(x *trial, err error) {
	if err == nil {
		works(x, err)
		return
	}
	live := x.org.Ledger().LiveRefreshTokens
	if len(live) == 1 && live[0] == x.given {
		return
	}
	if f := fault.From(err); len(live) != 0 || !strings.Contains(f.Message+f.Hint, "used up") {
		x.Errorf("%d tokens live, and %q, %q", len(live), f.Message, f.Hint)
	}
}

// gone wants nothing left, at the latest after a second logout.
func gone(x *trial, err error) {
	if err != nil {
		if err := logsOut(x, x.machine()); err != nil {
			x.Errorf("the second logout: %v", err)
		}
	}
	set, err := x.machine().File.Load()
	if err != nil || len(set.Profiles) != 0 || x.keychain.Len() != 0 || len(x.machine().File.Rescues()) != 0 {
		x.Errorf("left: %v, %d items, %v, %v", set.Names(), x.keychain.Len(), x.machine().File.Rescues(), err)
	}
	if n := len(x.org.Ledger().LiveRefreshTokens); n != 0 && x.warned == "" {
		x.Errorf("%d refresh tokens live", n)
	}
}
