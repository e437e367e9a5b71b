package main

import (
	"context"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"example.com/sfconnect/internal/keyringtest"
)

// keyringPID is the process of the Secret Service.
func (u *user) keyringPID() int {
	u.t.Helper()
	conn := u.bus()
	defer conn.Close()
	pid := keyringtest.Owner(conn)
	if pid == 0 {
		u.t.Fatal("nobody offers the Secret Service")
	}
	return pid
}

func (u *user) bus() *dbus.Conn {
	u.t.Helper()
	conn, err := dbus.Connect(u.value(keyringtest.BusVariable))
	if err != nil {
		u.t.Fatal(err)
	}
	return conn
}

// TestStoreTroubleBeforeTheBrowser: whatever is wrong with the keyring is told
// apart, and neither a browser is opened nor the org asked.
func TestStoreTroubleBeforeTheBrowser(t *testing.T) {
	for _, c := range []struct {
		name, code, says string
		trouble          func(u *user)
	}{
		{"no bus", "store_absent", "no D-Bus session bus", func(u *user) { u.sets(keyringtest.BusVariable + "=") }},
		{"a bus that is gone", "store_absent", "cannot be connected to", func(u *user) { u.sets(keyringtest.BusVariable + "=unix:path=/nowhere/bus") }},
		{"no service", "store_absent", "no Secret Service", func(u *user) { u.endKeyring() }},
		{"locked", "store_locked", "locked", func(u *user) { u.lockKeyring() }},
		{"hanging", "store_timeout", "did not answer", func(u *user) {
			pid := u.keyringPID()
			if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
				u.t.Fatal(err)
			}
			u.t.Cleanup(func() { _ = syscall.Kill(pid, syscall.SIGCONT) })
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			u := newUser(t)
			u.hasKeyring()
			browser, opened := u.hasBrowser()
			r := newRotating(t)
			u.sets("SFCONNECT_CONSUMER_SECRET=" + r.facts.ConsumerSecret)
			c.trouble(u)
			f := u.runs(8, r.authArgs("--browser", browser)...).failure()
			if f.Code != c.code || f.Exit != 8 || !strings.Contains(f.Message, c.says) || f.Hint == "" {
				t.Errorf("auth says %+v", f)
			}
			select {
			case address := <-opened:
				t.Errorf("a browser was opened at %s", address)
			default:
			}
			if n := r.asked(); n != 0 {
				t.Errorf("the org was asked %d times", n)
			}
			u.wantNothingSaved()
		})
	}
}

func (u *user) lockKeyring() {
	u.t.Helper()
	conn := u.bus()
	defer conn.Close()
	const root = "/org/freedesktop/secrets"
	var locked []dbus.ObjectPath
	var prompt dbus.ObjectPath
	err := conn.Object(keyringtest.ServiceName, root).Call("org.freedesktop.Secret.Service.Lock", 0, []dbus.ObjectPath{root + "/collection/login"}).Store(&locked, &prompt)
	if err != nil || len(locked) != 1 {
		u.t.Fatal("not locked: ", err)
	}
}

// endKeyring ends the keyring, and waits until the bus knows.
func (u *user) endKeyring() {
	u.t.Helper()
	conn := u.bus()
	defer conn.Close()
	changed, err := keyringtest.Changes(conn)
	if err != nil {
		u.t.Fatal(err)
	}
	if err := syscall.Kill(u.keyringPID(), syscall.SIGKILL); err != nil {
		u.t.Fatal(err)
	}
	select {
	case <-changed:
	case <-time.After(hangGuard):
		u.t.Fatal("the keyring is still there")
	}
}

// anotherKeyring starts a keyring again, as the next session does.
func (u *user) anotherKeyring() {
	u.t.Helper()
	keyring := keyringtest.Daemon("pw")
	keyring.Env = append([]string(nil), u.env...)
	ctx, cancel := context.WithTimeout(u.t.Context(), hangGuard)
	defer cancel()
	if err := keyringtest.Start(ctx, u.value(keyringtest.BusVariable), keyring); err != nil {
		u.t.Fatal(err)
	}
	u.t.Cleanup(func() {
		_ = keyring.Process.Kill()
		_ = keyring.Wait()
	})
}

// TestKeyringEndsUnderARefresh: the real Secret Service is killed, locked or stopped
// when the org has rotated the refresh token and the answer is not there yet. The
// new one is kept all the same, and serves once the keyring is back.
func TestKeyringEndsUnderARefresh(t *testing.T) {
	for name, c := range map[string]struct {
		trouble, mend func(u *user)
		code          string
	}{
		"killed": {(*user).endKeyring, (*user).anotherKeyring, "store_absent"},
		"locked": {(*user).lockKeyring, func(u *user) { u.endKeyring(); u.anotherKeyring() }, "store_locked"},
		"stopped and killed": {func(u *user) {
			if err := syscall.Kill(u.keyringPID(), syscall.SIGSTOP); err != nil {
				u.t.Fatal(err)
			}
		}, func(u *user) { u.endKeyring(); u.anotherKeyring() }, "store_timeout"},
	} {
		t.Run(name, func(t *testing.T) {
			u := newUser(t)
			u.hasKeyring()
			browser, _ := u.hasBrowser()
			r := newRotating(t)
			u.sets("SFCONNECT_CONSUMER_SECRET=" + r.facts.ConsumerSecret)
			u.runs(0, r.authArgs("--browser", browser)...)
			r.whenAnswered(sync.OnceFunc(func() { c.trouble(u) }))
			f := u.runs(8, "token", "--refresh", "--json").failure()
			if f.Code != c.code || !strings.Contains(f.Hint, "Nothing is lost") {
				t.Errorf("token says %+v", f)
			}
			c.mend(u)
			u.runs(0, "token", "--refresh")
			l := r.org.Ledger()
			if l.RotationReplays != 0 || l.Refreshes != 2 || len(l.LiveRefreshTokens) != 1 {
				t.Errorf("%d replays, %d refreshes, %d live", l.RotationReplays, l.Refreshes, len(l.LiveRefreshTokens))
			}
			wantHeld(t, u.keyringItems(), l.LiveRefreshTokens...)
		})
	}
}
