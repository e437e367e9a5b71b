package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

const (
	busVariable  = "DBUS_SESSION_BUS_ADDRESS"
	secretsName  = "org.freedesktop.secrets"
	serviceAsked = "sfconnect" // the attribute "service" of every item of ours
)

// busConfig starts no service by itself: only our keyring answers.
const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=%s</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

// hasKeyring gives the user a session bus with an unlocked gnome-keyring on it,
// for as long as the test runs.
func (u *user) hasKeyring() {
	t := u.t
	t.Helper()
	need(t, "dbus-run-session", "dbus-daemon", "gnome-keyring-daemon")
	config := filepath.Join(u.home, "bus.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, busConfig, filepath.Join(u.home, "run")), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := u.program("dbus-run-session", "--config-file="+config, "--", os.Args[0])
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
	u.sets(busVariable + "=" + strings.TrimSpace(address))
}

// serveBus runs inside dbus-run-session: it starts the keyring, says the bus's
// address once it is there, and ends it when stdin ends.
func serveBus() int {
	keyring := exec.Command("gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock")
	keyring.Stdin = strings.NewReader("pw")
	keyring.Stderr = os.Stderr
	if err := keyring.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() {
		_ = keyring.Process.Kill()
		_ = keyring.Wait()
	}()
	if err := waitForOwner(os.Getenv(busVariable)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(os.Getenv(busVariable))
	_, _ = io.Copy(io.Discard, os.Stdin)
	return 0
}

// waitForOwner waits until somebody offers the Secret Service on that bus.
func waitForOwner(bus string) error {
	conn, err := dbus.Connect(bus)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.AddMatchSignal(dbus.WithMatchInterface("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, secretsName)); err != nil {
		return err
	}
	changed := make(chan *dbus.Signal, 8)
	conn.Signal(changed)
	var there bool
	if err := conn.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, secretsName).Store(&there); err != nil || there {
		return err
	}
	guard := time.NewTimer(hangGuard)
	defer guard.Stop()
	select {
	case <-changed:
		return nil
	case <-guard.C:
		return fmt.Errorf("nobody offers %s", secretsName)
	}
}

// keyringItems lists what the Secret Service itself holds of sfconnect's: the
// accounts, and the secrets' text by account.
func (u *user) keyringItems() map[string]string {
	t := u.t
	t.Helper()
	conn, err := dbus.Connect(u.value(busVariable))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	service := conn.Object(secretsName, "/org/freedesktop/secrets")
	const api = "org.freedesktop.Secret."
	var unlocked, locked []dbus.ObjectPath
	if err := service.Call(api+"Service.SearchItems", 0, map[string]string{"service": serviceAsked}).Store(&unlocked, &locked); err != nil {
		t.Fatal(err)
	}
	var none dbus.Variant
	var session dbus.ObjectPath
	if err := service.Call(api+"Service.OpenSession", 0, "plain", dbus.MakeVariant("")).Store(&none, &session); err != nil {
		t.Fatal(err)
	}
	items := map[string]string{}
	for _, path := range append(unlocked, locked...) {
		item := conn.Object(secretsName, path)
		attributes, err := item.GetProperty(api + "Item.Attributes")
		if err != nil {
			t.Fatal(err)
		}
		var held struct {
			Session     dbus.ObjectPath
			Parameters  []byte
			Value       []byte
			ContentType string
		}
		if err := item.Call(api+"Item.GetSecret", 0, session).Store(&held); err != nil {
			t.Fatal(err)
		}
		items[attributes.Value().(map[string]string)["username"]] = string(held.Value)
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
