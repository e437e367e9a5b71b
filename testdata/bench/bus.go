package main

import (
	"os"
	"os/exec"
	"strings"
)

func keyringHere() bool {
	_, bus := exec.LookPath("dbus-run-session")
	_, keyring := exec.LookPath("gnome-keyring-daemon")
	return bus == nil && keyring == nil
}

// insideBus runs this program again within a session bus of its own with an
// unlocked keyring; both end with it.
func insideBus() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	home, err := os.MkdirTemp("", "sfconnect-bench-home-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(home)
	cmd := exec.Command("dbus-run-session", "--", "sh", "-c",
		`printf bench | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec "$0" "$@"`, self)
	cmd.Args = append(cmd.Args, os.Args[1:]...)
	cmd.Env = append(os.Environ(), "SFCONNECT_BENCH_BUS=1", "XDG_DATA_HOME="+home, "XDG_RUNTIME_DIR="+home, "GOPATH="+goEnv("GOPATH"), "GOCACHE="+goEnv("GOCACHE"))
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}

func goEnv(name string) string {
	out, _ := exec.Command("go", "env", name).Output()
	return strings.TrimSpace(string(out))
}
