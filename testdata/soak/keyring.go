package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"

	"example.com/sfconnect/internal/keyringtest"
)

const insideVariable = "SFCONNECT_SOAK_HOME" // the folder of the bus that we run on

func inside() bool { return os.Getenv(insideVariable) != "" }

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
	session, err := keyringtest.RunSession(home, home)
	if err != nil {
		return err
	}
	cmd := exec.Command(session[0], append(append(session[1:], self), os.Args[1:]...)...)
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
	daemon *exec.Cmd
	bus    string
}

func startKeyring(ctx context.Context) (*keyring, error) {
	k := &keyring{keyringtest.Daemon("pw"), os.Getenv(keyringtest.BusVariable)}
	return k, keyringtest.Start(ctx, k.bus, k.daemon)
}

func (k *keyring) environment() []string { return []string{keyringtest.BusVariable + "=" + k.bus} }

func (k *keyring) stop() {
	_ = k.daemon.Process.Kill()
	_ = k.daemon.Wait()
}

func (k *keyring) items() (map[string]string, error) { return keyringtest.Items(k.bus) }

func (k *keyring) remove(account string) error { return keyringtest.Remove(k.bus, account) }
