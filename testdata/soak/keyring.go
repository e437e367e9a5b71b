package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/godbus/dbus/v5"
)

const (
	insideVariable = "SFCONNECT_SOAK_HOME" // the folder of the bus that we run on
	busVariable    = "DBUS_SESSION_BUS_ADDRESS"
	secretsName    = "org.freedesktop.secrets"
	secretsPath    = dbus.ObjectPath("/org/freedesktop/secrets")
	secretsAPI     = "org.freedesktop.Secret."
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

func inside() bool { return os.Getenv(insideVariable) != "" }

func missingProgram() string {
	for _, name := range []string{"dbus-run-session", "dbus-daemon", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(name); err != nil {
			return name
		}
	}
	return ""
}

// goInside runs this program again on a session bus of its own, which ends with it.
func goInside() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	home, err := os.MkdirTemp("", "soakbus")
	if err != nil {
		return err
	}
	defer os.RemoveAll(home)
	config := filepath.Join(home, "bus.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, busConfig, home), 0o600); err != nil {
		return err
	}
	cmd := exec.Command("dbus-run-session", append([]string{"--config-file=" + config, "--", self}, os.Args[1:]...)...)
	cmd.Env = append(os.Environ(), insideVariable+"="+home, "HOME="+home, "XDG_RUNTIME_DIR="+home, "XDG_DATA_HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home)
	var complaints bytes.Buffer // dbus-daemon has some where all is well
	cmd.Stdout, cmd.Stderr = os.Stdout, &complaints
	if err := cmd.Run(); err != nil {
		_, _ = complaints.WriteTo(os.Stderr)
		return err
	}
	return nil
}

// keyring is an unlocked gnome-keyring, and our own look into it.
type keyring struct {
	daemon  *exec.Cmd
	conn    *dbus.Conn
	session dbus.ObjectPath
}

func startKeyring(ctx context.Context) (*keyring, error) {
	conn, err := dbus.Connect(os.Getenv(busVariable))
	if err != nil {
		return nil, err
	}
	if err := conn.AddMatchSignal(dbus.WithMatchInterface("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, secretsName)); err != nil {
		return nil, err
	}
	changed := make(chan *dbus.Signal, 8)
	conn.Signal(changed)
	k := &keyring{daemon: exec.Command("gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock"), conn: conn}
	k.daemon.Stdin = strings.NewReader("pw")
	if err := k.daemon.Start(); err != nil {
		return nil, err
	}
	select {
	case <-changed:
	case <-ctx.Done():
		k.stop()
		return nil, fmt.Errorf("nobody offers %s", secretsName)
	}
	conn.RemoveSignal(changed)
	var none dbus.Variant
	if err := conn.Object(secretsName, secretsPath).Call(secretsAPI+"Service.OpenSession", 0, "plain", dbus.MakeVariant("")).Store(&none, &k.session); err != nil {
		k.stop()
		return nil, err
	}
	return k, nil
}

func (*keyring) environment() []string { return []string{busVariable + "=" + os.Getenv(busVariable)} }

func (k *keyring) stop() {
	_ = k.conn.Close()
	_ = k.daemon.Process.Kill()
	_ = k.daemon.Wait()
}

// paths lists sfconnect's items by account.
func (k *keyring) paths() (map[string]dbus.ObjectPath, error) {
	var unlocked, locked []dbus.ObjectPath
	if err := k.conn.Object(secretsName, secretsPath).Call(secretsAPI+"Service.SearchItems", 0, map[string]string{"service": "sfconnect"}).Store(&unlocked, &locked); err != nil {
		return nil, err
	}
	found := map[string]dbus.ObjectPath{}
	for _, path := range append(unlocked, locked...) {
		attributes, err := k.conn.Object(secretsName, path).GetProperty(secretsAPI + "Item.Attributes")
		if err != nil {
			return nil, err
		}
		found[attributes.Value().(map[string]string)["username"]] = path
	}
	return found, nil
}

func (k *keyring) items() (map[string]string, error) {
	all, err := k.paths()
	if err != nil {
		return nil, err
	}
	texts := map[string]string{}
	for account, path := range all {
		var held struct {
			Session     dbus.ObjectPath
			Parameters  []byte
			Value       []byte
			ContentType string
		}
		if err := k.conn.Object(secretsName, path).Call(secretsAPI+"Item.GetSecret", 0, k.session).Store(&held); err != nil {
			return nil, err
		}
		texts[account] = string(held.Value)
	}
	return texts, nil
}

func (k *keyring) remove(account string) error {
	all, err := k.paths()
	if err != nil {
		return err
	}
	var prompt dbus.ObjectPath
	return k.conn.Object(secretsName, all[account]).Call(secretsAPI+"Item.Delete", 0).Store(&prompt)
}
