package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/sfconnect/internal/keyringtest"
)

// hasKeyring gives the user a session bus with an unlocked gnome-keyring on it,
// for as long as the test runs.
func (u *user) hasKeyring() {
	t := u.t
	t.Helper()
	need(t, keyringtest.Programs()...)
	session, err := keyringtest.RunSession(u.home, filepath.Join(u.home, "run"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := u.program(session[0], append(session[1:], os.Args[0])...)
	cmd.Env = append(cmd.Env, roleVariable+"=bus")
	cmd.Stderr = newTranscript(t, "the bus")
	stop, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	// The end of its input ends keyring and bus, also where this process dies.
	cmd.Cancel = stop.Close
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stop.Close()
		_ = cmd.Wait()
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("no keyring: %v\n%s", err, cmd.Stderr)
	}
	u.sets(keyringtest.BusVariable + "=" + strings.TrimSpace(address))
}

// serveBus runs inside dbus-run-session: it starts the keyring, says the bus's
// address once it is there, and ends it when stdin ends.
func serveBus() int {
	ctx, cancel := context.WithTimeout(context.Background(), hangGuard)
	defer cancel()
	keyring := keyringtest.Daemon("pw")
	if err := keyringtest.Start(ctx, os.Getenv(keyringtest.BusVariable), keyring); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() {
		_ = keyring.Process.Kill()
		_ = keyring.Wait()
	}()
	fmt.Println(os.Getenv(keyringtest.BusVariable))
	_, _ = io.Copy(io.Discard, os.Stdin)
	return 0
}

// keyringItems lists what the Secret Service itself holds of sfconnect's.
func (u *user) keyringItems() map[string]string {
	u.t.Helper()
	items, err := keyringtest.Items(u.value(keyringtest.BusVariable))
	if err != nil {
		u.t.Fatal(err)
	}
	return items
}

// value is a variable of the user's environment.
func (u *user) value(name string) string {
	for i := len(u.env) - 1; i >= 0; i-- {
		if v, ok := strings.CutPrefix(u.env[i], name+"="); ok {
			return v
		}
	}
	return ""
}

// wantNoSecretInFiles looks through the whole home folder, the keyring's own
// encrypted file included.
func (u *user) wantNoSecretInFiles(secrets ...string) {
	u.t.Helper()
	err := filepath.WalkDir(u.home, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return nil // a file may go while we look
		}
		data, _ := os.ReadFile(path)
		for _, s := range secrets {
			if s != "" && strings.Contains(string(data), s) {
				u.t.Errorf("a secret is in the clear in %s", path)
			}
		}
		return nil
	})
	if err != nil {
		u.t.Error(err)
	}
}

// wantHeld wants these secrets among what the keyring holds.
func wantHeld(t *testing.T, held map[string]string, secrets ...string) {
	t.Helper()
	for _, s := range secrets {
		found := false
		for _, value := range held {
			found = found || value == s
		}
		if !found {
			t.Error("the keyring lacks a secret that was to be saved")
		}
	}
}

func values(held map[string]string) []string {
	var list []string
	for _, v := range held {
		list = append(list, v)
	}
	return list
}
