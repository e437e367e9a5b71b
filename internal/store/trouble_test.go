package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/zalando/go-keyring"

	"example.com/sfconnect/internal/fault"
)

func TestBusTroubles(t *testing.T) {
	unlock := errors.New("failed to unlock correct collection '/org/freedesktop/secrets/aliases/default'")
	other := errors.New("some error")
	for _, c := range []struct {
		what   string
		err    error
		name   string
		state  keyringState
		screen bool
		code   string
		says   string
	}{
		{"no session bus", errNoBus, "", keyringState{}, true, fault.StoreAbsent, "no D-Bus session bus"},
		{"dead bus", &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, "", keyringState{unreachable: true}, true, fault.StoreAbsent, "cannot be connected to"},
		{"no service", other, "org.freedesktop.DBus.Error.ServiceUnknown", keyringState{}, true, fault.StoreAbsent, "no Secret Service"},
		{"no service seen", other, "", keyringState{noService: true}, true, fault.StoreAbsent, "no Secret Service"},
		{"service does not start", other, "org.freedesktop.DBus.Error.Spawn.ExecFailed", keyringState{noService: true}, true, fault.StoreAbsent, "could not be started"},
		{"service went away", other, "org.freedesktop.DBus.Error.NoReply", keyringState{noService: true}, true, fault.StoreAbsent, "went away"},
		{"bus went away", io.EOF, "", keyringState{unreachable: true}, true, fault.StoreAbsent, "went away"},
		{"panic of the library", fmt.Errorf("%w: nil", errVanished), "", keyringState{}, true, fault.StoreAbsent, "went away"},
		{"no keyring", unlock, "", keyringState{noCollection: true}, true, fault.StoreAbsent, "no keyring in it"},
		{"dismissed", unlock, "", keyringState{locked: true}, true, fault.StoreLocked, "dismissed or denied"},
		{"locked without a screen", unlock, "", keyringState{locked: true}, false, fault.StoreLocked, "no window could be shown"},
		{"locked, nothing known", unlock, "", keyringState{}, true, fault.StoreLocked, "locked"},
		{"item locked", other, "org.freedesktop.Secret.Error.IsLocked", keyringState{}, true, fault.StoreLocked, "locked"},
		{"prompt left alone", errNoAnswer, "", keyringState{locked: true}, true, fault.StoreLocked, "not unlocked in time"},
		{"access denied", other, "org.freedesktop.DBus.Error.AccessDenied", keyringState{}, true, fault.StoreLocked, "was denied"},
		{"hung", errNoAnswer, "", keyringState{}, true, "", ""},
		{"unknown", other, "org.example.Odd", keyringState{}, true, "", ""},
	} {
		got := busTrouble(c.err, c.name, c.state, c.screen)
		if got.code != c.code || !strings.Contains(got.why, c.says) || (got.code != "" && got.hint == "") {
			t.Errorf("%s: got %+v", c.what, got)
		}
	}
}

// exitError makes a real error of a process that ended with code.
func exitError(t *testing.T, code int) error {
	t.Helper()
	err := exec.Command("sh", "-c", "exit "+strconv.Itoa(code)).Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		t.Skip("no shell here: ", err)
	}
	return err
}

func TestMacTroubles(t *testing.T) {
	for code, want := range map[int]string{36: fault.StoreLocked, 51: fault.StoreLocked, 128: fault.StoreLocked, 37: fault.StoreAbsent, 50: fault.StoreAbsent, 53: fault.StoreAbsent, 1: ""} {
		if got := macTrouble(exitError(t, code)); got.code != want {
			t.Errorf("exit %d: got %+v, want %s", code, got, want)
		}
	}
	if got := macTrouble(&fs.PathError{Op: "fork/exec", Path: "/usr/bin/security", Err: syscall.ENOENT}); got.code != fault.StoreAbsent {
		t.Errorf("missing program: got %+v", got)
	}
	if got := macTrouble(errors.New("odd")); got.code != "" {
		t.Errorf("got %+v", got)
	}
}

func TestWindowsTroubles(t *testing.T) {
	for number, want := range map[syscall.Errno]string{1312: fault.StoreAbsent, 5: fault.StoreLocked, 1223: fault.StoreLocked, 1062: fault.StoreAbsent, 1783: fault.StoreTooSmall, 87: ""} {
		if got := windowsTrouble(fmt.Errorf("write: %w", number)); got.code != want {
			t.Errorf("error %d: got %+v, want %s", number, got, want)
		}
	}
}

func TestDiagnoseByTheLibrarysOwnErrors(t *testing.T) {
	k := newSystem(func(string) string { return "" }, "darwin")
	if got := k.diagnose(context.Background(), keyring.ErrSetDataTooBig); got.code != fault.StoreTooSmall {
		t.Errorf("got %+v", got)
	}
	if got := k.diagnose(context.Background(), keyring.ErrUnsupportedPlatform); got.code != fault.StoreAbsent {
		t.Errorf("got %+v", got)
	}
	if err := missing(keyring.ErrNotFound); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestTheSessionBusIsFoundBeforeTheLibraryLooks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows keeps secrets without D-Bus")
	}
	if _, err := os.Stat("/run/user/" + strconv.Itoa(os.Getuid()) + "/bus"); err == nil {
		t.Skip("this machine has a session bus of its own")
	}
	dir := shortTempDir(t)
	t.Setenv("PATH", dir) // no dbus-launch, should the guard fail
	env := func(pairs ...string) *system {
		return newSystem(func(name string) string {
			for i := 0; i < len(pairs); i += 2 {
				if pairs[i] == name {
					return pairs[i+1]
				}
			}
			return ""
		}, "linux")
	}
	for what, k := range map[string]*system{
		"nothing set":     env(),
		"autolaunch":      env(busVariable, "autolaunch:"),
		"empty folder":    env("XDG_RUNTIME_DIR", dir),
		"relative folder": env("XDG_RUNTIME_DIR", "."),
	} {
		if err := k.ready(); !errors.Is(err, errNoBus) {
			t.Errorf("%s: got %v", what, err)
		}
		if _, err := k.Get("sfconnect", "p/refresh-token"); !errors.Is(err, errNoBus) {
			t.Errorf("%s: got %v", what, err)
		}
	}
	k := env(busVariable, "unix:path=/nowhere")
	if err := k.ready(); err != nil || k.bus != "unix:path=/nowhere" {
		t.Errorf("got %q, %v", k.bus, err)
	}
	t.Setenv(busVariable, "") // ready sets it for the library
	listener, err := net.Listen("unix", filepath.Join(dir, "bus"))
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	k = env("XDG_RUNTIME_DIR", dir)
	if err := k.ready(); err != nil || k.bus != "unix:path="+dir+"/bus" || os.Getenv(busVariable) != k.bus {
		t.Errorf("got %q, %v", k.bus, err)
	}
	for _, goos := range []string{"darwin", "windows"} {
		if err := newSystem(func(string) string { return "" }, goos).ready(); err != nil {
			t.Errorf("%s needs no bus: %v", goos, err)
		}
	}
}

// shortTempDir is for sockets, whose path may have some hundred bytes only.
func shortTempDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "sfc")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}
