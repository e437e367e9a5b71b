// Package keyringtest runs a real gnome-keyring on a D-Bus session of its own, for
// tests and for the soak, and looks into it past sfconnect. No part of the program
// imports it.
package keyringtest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/godbus/dbus/v5"
)

const (
	// BusVariable is where programs find their session bus.
	BusVariable = "DBUS_SESSION_BUS_ADDRESS"
	// ServiceName is the Secret Service's on the bus.
	ServiceName = "org.freedesktop.secrets"
)

// busConfig starts no service by itself, so that only what was started answers.
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

// Programs are what must be installed.
func Programs() []string { return []string{"dbus-run-session", "dbus-daemon", "gnome-keyring-daemon"} }

// Missing is the first of Programs that is not installed; "" where all are.
func Missing() string {
	for _, name := range Programs() {
		if _, err := exec.LookPath(name); err != nil {
			return name
		}
	}
	return ""
}

// RunSession gives the words that run a program on a bus of its own, to be followed by
// the program's. The bus's configuration is written into home and its socket into run;
// both paths must be short.
func RunSession(home, run string) ([]string, error) {
	config := filepath.Join(home, "bus.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, busConfig, run), 0o600); err != nil {
		return nil, err
	}
	return []string{"dbus-run-session", "--config-file=" + config, "--"}, nil
}

// Daemon is a keyring, not started yet. The password unlocks it, or makes it; without
// one it stays locked.
func Daemon(password string) *exec.Cmd {
	how := "--unlock"
	if password == "" {
		how = "--start"
	}
	daemon := exec.Command("gnome-keyring-daemon", "--foreground", "--components=secrets", how)
	daemon.Stdin = strings.NewReader(password)
	return daemon
}

// Start starts a daemon and waits until it is on that bus, or ctx ends. Whoever called
// ends it, except after an error.
func Start(ctx context.Context, bus string, daemon *exec.Cmd) error {
	conn, err := dbus.Connect(bus)
	if err != nil {
		return err
	}
	defer conn.Close()
	changed, err := Changes(conn)
	if err != nil {
		return err
	}
	if err := daemon.Start(); err != nil {
		return err
	}
	for Owner(conn) != daemon.Process.Pid {
		select {
		case <-changed:
		case <-ctx.Done():
			_ = daemon.Process.Kill()
			_ = daemon.Wait()
			return fmt.Errorf("the keyring does not come to the bus: %w", context.Cause(ctx))
		}
	}
	return nil
}

// Changes brings word whenever somebody else offers the Secret Service, or nobody more.
func Changes(conn *dbus.Conn) (<-chan *dbus.Signal, error) {
	changed := make(chan *dbus.Signal, 8)
	conn.Signal(changed)
	return changed, conn.AddMatchSignal(dbus.WithMatchInterface("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, ServiceName))
}

// Owner is the process that offers the Secret Service; 0 for none.
func Owner(conn *dbus.Conn) int {
	var pid uint32
	if conn.BusObject().Call("org.freedesktop.DBus.GetConnectionUnixProcessID", 0, ServiceName).Store(&pid) != nil {
		return 0
	}
	return int(pid)
}
