package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
)

// scripted is a keychain whose calls can be made to go wrong.
type scripted struct {
	*Memory
	before func(call string) error // runs first; nil does nothing
	after  func(call, value string, err error) (string, error)
	asks   func() bool // whether it is waiting for a person

	mu    sync.Mutex
	calls []string
}

func newScripted() *scripted { return &scripted{Memory: NewMemory()} }

func (k *scripted) do(call string, real func() (string, error)) (string, error) {
	k.mu.Lock()
	k.calls = append(k.calls, call)
	k.mu.Unlock()
	if k.before != nil {
		if err := k.before(call); err != nil {
			return "", err
		}
	}
	value, err := real()
	if k.after != nil {
		return k.after(call, value, err)
	}
	return value, err
}

func (k *scripted) Get(service, user string) (string, error) {
	return k.do("get "+user, func() (string, error) { return k.Memory.Get(service, user) })
}

func (k *scripted) Set(service, user, value string) error {
	_, err := k.do("set "+user, func() (string, error) { return "", k.Memory.Set(service, user, value) })
	return err
}

func (k *scripted) Delete(service, user string) error {
	_, err := k.do("delete "+user, func() (string, error) { return "", k.Memory.Delete(service, user) })
	return err
}

func (k *scripted) prompting(context.Context) bool { return k.asks != nil && k.asks() }

// unnamed hides that a keychain is Named, so that it passes for the system's.
type unnamed struct{ Keychain }

const canary = "canary-5Aep861-never-to-be-shown"

func newTestSecrets(k Keychain) *Secrets { return NewSecrets(k, "linux", rand.Reader) }

func TestSecretsRoundTrip(t *testing.T) {
	k := newScripted()
	s := newTestSecrets(k)
	ctx := t.Context()
	if _, err := s.Get(ctx, "p1", RefreshToken); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
	for _, text := range []string{canary, "line\nline\r\n", " blanks ", "Größe 会社 \x00", strings.Repeat("x", 10_000)} {
		if err := s.Set(ctx, "p1", RefreshToken, secret.New(text)); err != nil {
			t.Fatal(err)
		}
		got, err := s.Get(ctx, "p1", RefreshToken)
		if err != nil || got.Reveal() != text {
			t.Errorf("got %q, %v, want %q", got.Reveal(), err, text)
		}
	}
	for _, other := range []struct {
		owner string
		item  Item
	}{{"p1", AccessToken}, {"p1", ConsumerSecret}, {"p2", RefreshToken}} {
		if _, err := s.Get(ctx, other.owner, other.item); !errors.Is(err, ErrNotFound) {
			t.Errorf("%v is there: %v", other, err)
		}
	}
	for range 2 {
		if err := s.Delete(ctx, "p1", RefreshToken); err != nil {
			t.Error(err)
		}
	}
	if k.Len() != 0 {
		t.Errorf("%d items left", k.Len())
	}
	if k.calls[0] != "get p1/refresh-token" {
		t.Errorf("account is %q", k.calls[0])
	}
}

func TestProbeLeavesNothingBehind(t *testing.T) {
	k := newScripted()
	if err := newTestSecrets(k).Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	kinds := make([]string, len(k.calls))
	for i, c := range k.calls {
		kinds[i], _, _ = strings.Cut(c, " ")
	}
	if want := []string{"set", "get", "delete", "get"}; !slices.Equal(kinds, want) || k.Len() != 0 {
		t.Errorf("calls %v, want %v; %d items left", kinds, want, k.Len())
	}

	k = newScripted()
	k.after = func(call, value string, err error) (string, error) {
		if strings.HasPrefix(call, "get") && err == nil {
			value = "something else"
		}
		return value, err
	}
	wantFault(t, newTestSecrets(k).Probe(t.Context()), fault.StoreCorrupt)
	if k.Len() != 0 {
		t.Error("a failed probe left its item")
	}

	k = newScripted()
	k.before = func(string) error { return errors.New("dismissed") }
	wantFault(t, newTestSecrets(k).Probe(t.Context()), fault.StoreUnwritable)
	if len(k.calls) != 1 {
		t.Errorf("a person who said no was asked again: %v", k.calls)
	}
}

func TestWhatGoesWrongIsNamed(t *testing.T) {
	broken := errors.New("out of cheese")
	on := func(prefix string, err error) func(string) error {
		return func(call string) error {
			if strings.HasPrefix(call, prefix) {
				return err
			}
			return nil
		}
	}
	set := func(s *Secrets) error { return s.Set(context.Background(), "p", AccessToken, secret.New(canary)) }
	get := func(s *Secrets) error { _, err := s.Get(context.Background(), "p", AccessToken); return err }
	remove := func(s *Secrets) error { return s.Delete(context.Background(), "p", AccessToken) }
	probe := func(s *Secrets) error { return s.Probe(context.Background()) }
	own := fault.New(fault.StoreLocked, "store", "It is locked.", "")
	for name, c := range map[string]struct {
		before func(string) error
		after  func(call, value string, err error) (string, error)
		do     func(*Secrets) error
		code   string
		says   string
	}{
		"write fails":   {on("set", broken), nil, set, fault.StoreUnwritable, "out of cheese"},
		"read fails":    {on("get", broken), nil, get, fault.StoreAbsent, "out of cheese"},
		"removal fails": {on("delete", broken), nil, remove, fault.StoreUnwritable, "not removed"},
		"probe fails":   {on("set", broken), nil, probe, fault.StoreUnwritable, "cannot be saved here"},
		"its own fault": {on("get", own), nil, get, fault.StoreLocked, "It is locked."},
		"panic":         {func(string) error { panic("nil signal") }, nil, get, fault.StoreAbsent, "went away"},
		"written but gone": {nil, func(call, value string, err error) (string, error) {
			if strings.HasPrefix(call, "get") {
				return "", ErrNotFound
			}
			return value, err
		}, set, fault.StoreUnwritable, "does not have it"},
		"written but different": {nil, func(call, value string, err error) (string, error) { return value[:len(value)/2], err }, set, fault.StoreCorrupt, "something else"},
		"removed but there": {nil, func(call, _ string, _ error) (string, error) {
			if strings.HasPrefix(call, "get") {
				return "still there", nil
			}
			return "", nil
		}, remove, fault.StoreUnwritable, "still has it"},
	} {
		t.Run(name, func(t *testing.T) {
			k := newScripted()
			k.before, k.after = c.before, c.after
			err := c.do(newTestSecrets(k))
			f := wantFault(t, err, c.code)
			if f.Exit != 8 || !strings.Contains(f.Message, c.says) {
				t.Errorf("exit %d, message %q, want %q in it", f.Exit, f.Message, c.says)
			}
			if shown := fmt.Sprintf("%+v %v %s", f, f.Cause, f.Hint); strings.Contains(shown, canary) {
				t.Errorf("the secret is in %q", shown)
			}
		})
	}
}

func TestDuplicatesAreAllRemoved(t *testing.T) {
	k := newScripted()
	left := 3
	k.after = func(call, _ string, _ error) (string, error) {
		if left == 0 {
			return "", ErrNotFound
		}
		if strings.HasPrefix(call, "delete") {
			left--
		}
		return "twin", nil
	}
	if err := newTestSecrets(k).Delete(t.Context(), "p", RefreshToken); err != nil || left != 0 {
		t.Errorf("%d left, %v", left, err)
	}
}

func TestSizeIsCheckedBeforeTheCall(t *testing.T) {
	for _, c := range []struct {
		goos string
		size int
		fits bool
	}{
		{"windows", 9600, true}, {"windows", 9601, false},
		{"darwin", 9600, true}, {"darwin", 9601, false},
		{"linux", 100_000, true},
	} {
		k := newScripted()
		s := NewSecrets(unnamed{k}, c.goos, rand.Reader)
		err := s.Set(t.Context(), "p", AccessToken, secret.New(strings.Repeat("x", c.size)))
		if c.fits && err != nil {
			t.Errorf("%+v: %v", c, err)
		}
		if !c.fits {
			wantFault(t, err, fault.StoreTooSmall)
			if len(k.calls) != 0 {
				t.Errorf("%+v: the keychain was called", c)
			}
		}
	}
	wantFault(t, newTestSecrets(NewMemory()).Set(t.Context(), "p", AccessToken, secret.Value{}), fault.Internal)
}

func TestAStuckStoreTimesOutAndBlocksNobodyFurther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newScripted()
		free := make(chan struct{})
		k.before = func(call string) error {
			if call == "set p/refresh-token" {
				<-free
			}
			return nil
		}
		s := newTestSecrets(k)
		begin := time.Now()
		err := s.Set(t.Context(), "p", RefreshToken, secret.New("old"))
		wantFault(t, err, fault.StoreTimeout)
		if took := time.Since(begin); took != 5*time.Second {
			t.Errorf("took %v", took)
		}
		_, err = s.Get(t.Context(), "p", RefreshToken)
		wantFault(t, err, fault.StoreTimeout)
		if took := time.Since(begin); took != 5*time.Second {
			t.Errorf("the call behind a stuck one took %v more", took-5*time.Second)
		}
		close(free)
		synctest.Wait()
		k.before = nil
		if err := s.Set(t.Context(), "p", RefreshToken, secret.New("new")); err != nil {
			t.Fatal(err)
		}
		if v, err := s.Get(t.Context(), "p", RefreshToken); err != nil || v.Reveal() != "new" {
			t.Errorf("the late write won: %v", err)
		}
	})
}

func TestCallsWaitForOneAnotherWithinTheLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newScripted()
		k.before = func(string) error { <-time.After(2 * time.Second); return nil }
		s := newTestSecrets(k)
		var timeouts, found int
		var mu sync.Mutex
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				_, err := s.Get(t.Context(), "p", RefreshToken)
				mu.Lock()
				defer mu.Unlock()
				if errors.Is(err, ErrNotFound) {
					found++
				} else {
					wantFault(t, err, fault.StoreTimeout)
					timeouts++
				}
			})
		}
		group.Wait()
		// 2 s and 4 s are within 5 s; the third is in the middle of its call then, the fourth not begun.
		if found != 2 || timeouts != 2 {
			t.Errorf("%d answered, %d timed out", found, timeouts)
		}
		synctest.Wait()
		time.Sleep(10 * time.Second) // the bubble's clock: let the one left behind end
	})
}

func TestAPersonGetsTimeForThePassword(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newScripted()
		k.asks = func() bool { return true }
		k.before = func(string) error { <-time.After(20 * time.Second); return nil }
		s := newTestSecrets(k)
		var notes []string
		s.Notify = func(text string) { notes = append(notes, text) }
		if _, err := s.Get(t.Context(), "p", RefreshToken); !errors.Is(err, ErrNotFound) {
			t.Errorf("got %v", err)
		}
		if len(notes) != 1 || !strings.Contains(notes[0], "unlock") {
			t.Errorf("notes %q", notes)
		}
		k.before = func(string) error { <-time.After(2 * time.Minute); return nil }
		begin := time.Now()
		_, err := s.Get(t.Context(), "p", RefreshToken)
		wantFault(t, err, fault.StoreTimeout)
		if took := time.Since(begin); took != 65*time.Second {
			t.Errorf("took %v", took)
		}
		time.Sleep(2 * time.Minute) // the bubble's clock
	})
}

func TestCallsEndWithTheirContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newScripted()
		free := make(chan struct{})
		k.before = func(string) error { <-free; return nil }
		s := newTestSecrets(k)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		_, err := s.Get(ctx, "p", RefreshToken)
		if f := wantFault(t, err, fault.Interrupted); f.Exit != 130 || !errors.Is(err, context.Canceled) {
			t.Errorf("got %+v", f)
		}
		// A cleanup after Ctrl-C must not be refused because the cut call still runs.
		time.AfterFunc(time.Second, func() { close(free) })
		if _, err := s.Get(t.Context(), "p", RefreshToken); !errors.Is(err, ErrNotFound) {
			t.Errorf("got %v", err)
		}
		calls := len(k.calls)
		if _, err := s.Get(ctx, "p", RefreshToken); !errors.Is(err, context.Canceled) || len(k.calls) != calls {
			t.Errorf("a cancelled context reached the keychain: %v", err)
		}
	})
}

func TestNamesAndLabels(t *testing.T) {
	for goos, label := range map[string]string{
		"linux": "the desktop keyring (Secret Service)", "freebsd": "the desktop keyring (Secret Service)",
		"darwin": "the macOS keychain", "windows": "Windows Credential Manager",
	} {
		s := NewSecrets(unnamed{NewMemory()}, goos, rand.Reader)
		if s.Name() != "keychain" || s.Label() != label {
			t.Errorf("%s: %q, %q", goos, s.Name(), s.Label())
		}
	}
	s := NewSecrets(NewMemory(), "linux", rand.Reader)
	if s.Name() != "practice" || s.Label() != "a throw-away store (practice)" {
		t.Errorf("%q, %q", s.Name(), s.Label())
	}
}

func TestMemoryIsSafeForConcurrentUse(t *testing.T) {
	m := NewMemory()
	var group sync.WaitGroup
	for n := range 8 {
		group.Go(func() {
			user := fmt.Sprint(n % 2)
			_ = m.Set("s", user, user)
			if v, err := m.Get("s", user); err == nil && v != user {
				t.Errorf("got %q", v)
			}
			_ = m.Delete("s", user)
		})
	}
	group.Wait()
	if err := m.Delete("s", "0"); !errors.Is(err, ErrNotFound) || m.Len() != 0 {
		t.Errorf("got %v, %d items", err, m.Len())
	}
}

// guarded is a keychain that must be opened, and can tell whether it may be written.
type guarded struct {
	*scripted
	opened  []bool
	refuse  error
	unready error
}

func (k *guarded) Open(ctx context.Context, making bool) error {
	k.opened = append(k.opened, making)
	return errors.Join(ctx.Err(), k.refuse)
}

func (k *guarded) Writable(context.Context) error { return k.unready }

func (k *guarded) patience() time.Duration { return time.Hour }

func TestAStoreIsOpenedFirst(t *testing.T) {
	k := &guarded{scripted: newScripted()}
	s := newTestSecrets(k)
	if s.Limit != time.Hour {
		t.Errorf("the limit is %v", s.Limit)
	}
	ctx := t.Context()
	_, _ = s.Get(ctx, "p1", RefreshToken)
	if err := errors.Join(s.Open(ctx, false), s.Set(ctx, "p1", RefreshToken, secret.New("x")), s.Delete(ctx, "p1", RefreshToken), s.CheckWritable(ctx)); err != nil {
		t.Fatal(err)
	}
	// get; open; set and its read; delete and its read; check
	if want := []bool{false, false, true, true, false, false, false}; !slices.Equal(k.opened, want) {
		t.Errorf("opened for writing: %v, want %v", k.opened, want)
	}
	calls := len(k.calls)
	k.refuse = fault.New(fault.StoreLocked, "store", "Locked.", "")
	wantFault(t, s.Set(ctx, "p1", RefreshToken, secret.New("x")), fault.StoreLocked)
	wantFault(t, s.Open(ctx, false), fault.StoreLocked)
	if len(k.calls) != calls {
		t.Errorf("called all the same: %v", k.calls[calls:])
	}
	k.refuse = nil
	k.unready = errors.New("read-only")
	if f := wantFault(t, s.CheckWritable(ctx), fault.StoreUnwritable); !strings.HasPrefix(f.Message, "Nothing was begun") {
		t.Errorf("got %q", f.Message)
	}
	if err := newTestSecrets(NewMemory()).CheckWritable(ctx); err != nil {
		t.Errorf("a store that cannot tell: %v", err)
	}
}
