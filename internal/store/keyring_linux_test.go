package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/keyringtest"
	"example.com/sfconnect/internal/secret"
)

// The tests in this file run against a real gnome-keyring on a D-Bus session of
// their own: TestKeyring starts this test binary again under dbus-run-session,
// once for each scenario, in folders of its own, and sees that no daemon is left.

func TestKeyring(t *testing.T) {
	if os.Getenv(roleVariable) != "" {
		t.Skip("this is the inner process")
	}
	needPrograms(t, keyringtest.Programs()...)
	for _, scenario := range []struct {
		name     string
		services bool // the bus may start the services that are installed
	}{
		{"Works", false},
		{"LockedLater", false},
		{"LockedFromTheStart", true},
		{"LockedWithoutPrompter", false},
		{"Fresh", true},
		{"NoService", false},
		{"Stopped", false},
		{"Killed", false},
		{"KilledInTheMiddle", false},
		{"PromptLeftAlone", false},
		{"PromptDismissed", false},
		{"BusGoesAwayUnderAPrompt", false},
	} {
		t.Run(scenario.name, func(t *testing.T) { runInside(t, scenario.name, scenario.services) })
	}
}

func needPrograms(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if _, err := exec.LookPath(name); err != nil {
			if os.Getenv("SFCONNECT_TEST_STRICT") == "1" {
				t.Fatalf("%s is not installed, and SFCONNECT_TEST_STRICT=1 asks for it", name)
			}
			t.Skipf("%s is not installed: nothing is tested against a real keyring", name)
		}
	}
}

func runInside(t *testing.T, scenario string, services bool) {
	home := shortTempDir(t)
	run := filepath.Join(home, "run")
	if err := os.Mkdir(run, 0o700); err != nil {
		t.Fatal(err)
	}
	session := []string{"dbus-run-session", "--"}
	if !services {
		var err error
		if session, err = keyringtest.RunSession(home, run); err != nil {
			t.Fatal(err)
		}
	}
	session = append(session, os.Args[0], "-test.run=^TestInside$/^"+scenario+"$", "-test.v", "-test.timeout=60s")
	cmd := exec.CommandContext(t.Context(), session[0], session[1:]...)
	pids := filepath.Join(home, "pids")
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TMPDIR=" + home, "XDG_RUNTIME_DIR=" + run,
		"XDG_DATA_HOME=" + filepath.Join(home, "data"), "XDG_CONFIG_HOME=" + filepath.Join(home, "config"), "XDG_CACHE_HOME=" + filepath.Join(home, "cache"),
		roleVariable + "=inside", "GORACE=atexit_sleep_ms=0", "SFCONNECT_STORE_TEST_PIDS=" + pids,
	}
	// A group of its own, so that ending it early ends the bus too.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 10 * time.Second
	output, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(output), "--- PASS: TestInside/"+scenario) {
		t.Errorf("%v\n%s", err, output)
	}
	if testing.Verbose() {
		t.Logf("%s", output)
	}
	noted, _ := os.ReadFile(pids)
	for _, line := range strings.Fields(string(noted)) {
		if pid, err := strconv.Atoi(line); err != nil || !endsSoon(pid) {
			t.Errorf("process %s is still there", line)
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}

// endsSoon gives a process a moment to notice that its bus is gone.
func endsSoon(pid int) bool {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range 500 {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return true
		}
		// "pid (name) state …": Z is one that only its parent still knows.
		if _, rest, ok := strings.Cut(string(stat), ") "); ok && strings.HasPrefix(rest, "Z") {
			return true
		}
		<-tick.C
	}
	return false
}

func TestInside(t *testing.T) {
	if os.Getenv(roleVariable) != "inside" {
		t.Skip("run by TestKeyring on a bus of its own")
	}
	for name, scenario := range map[string]func(*testing.T){
		"Works":                   insideWorks,
		"LockedLater":             insideLockedLater,
		"LockedFromTheStart":      insideLocked,
		"LockedWithoutPrompter":   insideLocked,
		"Fresh":                   insideFresh,
		"NoService":               insideNoService,
		"Stopped":                 insideStopped,
		"Killed":                  insideKilled,
		"KilledInTheMiddle":       insideKilledInTheMiddle,
		"PromptLeftAlone":         insidePromptLeftAlone,
		"PromptDismissed":         insidePromptDismissed,
		"BusGoesAwayUnderAPrompt": insideBusGoesAway,
	} {
		t.Run(name, scenario)
	}
}

// startKeyring starts gnome-keyring in the foreground, so that its pid is known. An
// empty password leaves it locked.
func startKeyring(t *testing.T, password string) *os.Process {
	t.Helper()
	cmd := keyringtest.Daemon(password)
	if err := keyringtest.Start(t.Context(), os.Getenv(busVariable), cmd); err != nil {
		t.Fatal(err)
	}
	notePID(t, cmd.Process.Pid)
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return cmd.Process
}

// notePID tells the outer process which processes must be gone in the end.
func notePID(t *testing.T, pid int) {
	t.Helper()
	file, err := os.OpenFile(os.Getenv("SFCONNECT_STORE_TEST_PIDS"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	fmt.Fprintln(file, pid)
}

// waitUntilGone waits until nobody offers the Secret Service any more.
func waitUntilGone(t *testing.T) {
	t.Helper()
	conn := connectBus(t)
	defer conn.Close()
	changed, err := keyringtest.Changes(conn)
	for err == nil && keyringtest.Owner(conn) != 0 {
		<-changed
	}
	if err != nil {
		t.Fatal(err)
	}
}

// owner is the process that offers the Secret Service, 0 for none.
func owner(t *testing.T) int {
	t.Helper()
	conn := connectBus(t)
	defer conn.Close()
	return keyringtest.Owner(conn)
}

func connectBus(t *testing.T) *dbus.Conn {
	t.Helper()
	conn, err := dbus.Connect(os.Getenv(busVariable))
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

func systemSecrets() *Secrets {
	return patientSecrets(os.Getenv)
}

// patientSecrets has limits that a loaded machine cannot exceed.
func patientSecrets(getenv func(string) string) *Secrets {
	k := newSystem(getenv, runtime.GOOS)
	k.inspectLimit = 20 * time.Second
	s := NewSecrets(k, runtime.GOOS, rand.Reader)
	s.Limit = 20 * time.Second
	return s
}

// unlockAsHinted does what the hints say, password apart.
func unlockAsHinted(t *testing.T) {
	t.Helper()
	before := owner(t)
	if out, err := exec.Command("sh", "-c", "pw=pw; "+pipeUnlock).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range 1000 {
		if now := owner(t); now != 0 && now != before {
			notePID(t, now)
			return
		}
		<-tick.C
	}
	t.Fatal("the hint changed nothing")
}

func insideWorks(t *testing.T) {
	startKeyring(t, "pw")
	s, ctx := systemSecrets(), t.Context()
	if err := s.Probe(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(ctx, "p", RefreshToken); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v", err)
	}
	for _, text := range []string{"first", canary, "line\nline\n", " Größe 会社 ", strings.Repeat("x", 20_000)} {
		if err := s.Set(ctx, "p", RefreshToken, secret.New(text)); err != nil {
			t.Fatal(err)
		}
		// Another program instance must find it.
		got, err := systemSecrets().Get(ctx, "p", RefreshToken)
		if err != nil || got.Reveal() != text {
			t.Errorf("got %d bytes, %v, want %d", len(got.Reveal()), err, len(text))
		}
	}
	if err := s.Set(ctx, "p", AccessToken, secret.New("other")); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Delete(ctx, "p", RefreshToken); err != nil {
			t.Error(err)
		}
	}
	if _, err := s.Get(ctx, "p", RefreshToken); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if got, err := s.Get(ctx, "p", AccessToken); err != nil || got.Reveal() != "other" {
		t.Errorf("the other item: %v", err)
	}
	// No file holds a secret in the clear.
	_ = s.Set(ctx, "p", RefreshToken, secret.New(canary))
	_ = filepath.WalkDir(os.Getenv("HOME"), func(path string, entry os.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			if data, _ := os.ReadFile(path); strings.Contains(string(data), canary) {
				t.Errorf("the secret is in the clear in %s", path)
			}
		}
		return nil
	})
}

func insideLockedLater(t *testing.T) {
	startKeyring(t, "pw")
	s := systemSecrets()
	if err := s.Set(t.Context(), "p", RefreshToken, secret.New(canary)); err != nil {
		t.Fatal(err)
	}
	lock(t)
	_, err := s.Get(t.Context(), "p", RefreshToken)
	wantLocked(t, err)
	wantLocked(t, s.Delete(t.Context(), "p", RefreshToken))
}

// lock locks the login keyring, as a screen lock may do.
func lock(t *testing.T) {
	t.Helper()
	conn := connectBus(t)
	defer conn.Close()
	var locked []dbus.ObjectPath
	var prompt dbus.ObjectPath
	err := conn.Object(secretsName, secretsPath).Call(secretsInterface+".Lock", 0, []dbus.ObjectPath{loginCollection}).Store(&locked, &prompt)
	if err != nil || len(locked) != 1 {
		t.Fatal("not locked: ", err)
	}
}

func wantLocked(t *testing.T, err error) {
	t.Helper()
	f := wantFault(t, err, fault.StoreLocked)
	if !strings.Contains(f.Message, "locked") || !strings.Contains(f.Hint, "nlock") {
		t.Errorf("got %q, hint %q", f.Message, f.Hint)
	}
	t.Logf("%s\n%s", f.Message, f.Hint)
}

func insideLocked(t *testing.T) {
	process := startKeyring(t, "pw")
	if err := systemSecrets().Set(t.Context(), "p", RefreshToken, secret.New(canary)); err != nil {
		t.Fatal(err)
	}
	_ = process.Kill() // as a reboot: the keyring's file is there, nobody has opened it
	endsSoon(process.Pid)
	startKeyring(t, "")
	_, err := systemSecrets().Get(t.Context(), "p", RefreshToken)
	wantLocked(t, err)
	wantLocked(t, systemSecrets().Probe(t.Context()))

	unlockAsHinted(t)
	got, err := systemSecrets().Get(t.Context(), "p", RefreshToken)
	if err != nil || got.Reveal() != canary {
		t.Errorf("after the hint was followed: %v", err)
	}
}

func insideFresh(t *testing.T) {
	// The bus starts gnome-keyring, which nobody ever gave a password to.
	err := systemSecrets().Probe(t.Context())
	notePID(t, int(owner(t)))
	f := wantFault(t, err, fault.StoreAbsent)
	if !strings.Contains(f.Message, "no keyring in it") {
		t.Errorf("got %q", f.Message)
	}
	t.Logf("%s\n%s", f.Message, f.Hint)

	unlockAsHinted(t)
	if err := systemSecrets().Probe(t.Context()); err != nil {
		t.Errorf("after the hint was followed: %v", err)
	}
}

func insideNoService(t *testing.T) {
	f := wantFault(t, systemSecrets().Probe(t.Context()), fault.StoreAbsent)
	if !strings.Contains(f.Message, "no Secret Service") {
		t.Errorf("got %q", f.Message)
	}
	t.Logf("%s\n%s", f.Message, f.Hint)
	// A bus of another session, long gone.
	gone := func(string) string { return "unix:path=/nowhere/bus" }
	if state := newSystem(gone, "linux").inspect(t.Context()); !state.unreachable {
		t.Errorf("got %+v", state)
	}
	unlockAsHinted(t)
	if err := systemSecrets().Probe(t.Context()); err != nil {
		t.Errorf("after the hint was followed: %v", err)
	}
}

func insideStopped(t *testing.T) {
	process := startKeyring(t, "pw")
	k := newSystem(os.Getenv, "linux")
	k.inspectLimit = 300 * time.Millisecond
	s := NewSecrets(k, "linux", rand.Reader)
	s.Limit = 20 * time.Second
	if err := s.Set(t.Context(), "p", RefreshToken, secret.New(canary)); err != nil {
		t.Fatal(err)
	}
	if err := process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	s.Limit = 300 * time.Millisecond
	_, err := s.Get(t.Context(), "p", RefreshToken)
	f := wantFault(t, err, fault.StoreTimeout)
	t.Logf("%s\n%s", f.Message, f.Hint)
	wantFault(t, s.Probe(t.Context()), fault.StoreTimeout)
	if err := process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	s.Limit = 20 * time.Second
	got, err := untilFree(t, s)
	if err != nil || got.Reveal() != canary {
		t.Errorf("after it went on: %v", err)
	}
}

// untilFree reads again until the call that was given up has ended.
func untilFree(t *testing.T, s *Secrets) (secret.Value, error) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range 1000 {
		got, err := s.Get(t.Context(), "p", RefreshToken)
		if err == nil || fault.From(err).Code != fault.StoreTimeout {
			return got, err
		}
		<-tick.C
	}
	return secret.Value{}, errors.New("still stuck")
}

func insideKilled(t *testing.T) {
	process := startKeyring(t, "pw")
	s := systemSecrets()
	if err := s.Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	_ = process.Kill()
	endsSoon(process.Pid)
	waitUntilGone(t)
	f := wantFault(t, s.Probe(t.Context()), fault.StoreAbsent)
	t.Logf("%s\n%s", f.Message, f.Hint)
}

// promptingAlways has Secrets call Notify while a call is under way.
type promptingAlways struct{ *system }

func (promptingAlways) prompting(context.Context) bool { return true }

func insideKilledInTheMiddle(t *testing.T) {
	process := startKeyring(t, "pw")
	k := newSystem(os.Getenv, "linux")
	k.inspectLimit = 20 * time.Second
	s := NewSecrets(promptingAlways{k}, "linux", rand.Reader)
	s.Limit = 20 * time.Second
	if err := s.Set(t.Context(), "p", RefreshToken, secret.New(canary)); err != nil {
		t.Fatal(err)
	}
	if err := process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	s.Limit, s.PromptLimit = 300*time.Millisecond, 20*time.Second
	s.Notify = func(string) { _ = process.Kill() }
	_, err := s.Get(t.Context(), "p", RefreshToken)
	f := wantFault(t, err, fault.StoreAbsent)
	t.Logf("%s\n%s", f.Message, f.Hint)
}

// promptingService is a locked Secret Service whose prompt does what a test says.
type promptingService struct {
	conn   *dbus.Conn
	prompt func(conn *dbus.Conn)
}

const promptPath = dbus.ObjectPath("/org/freedesktop/secrets/prompt/p1")

func (p promptingService) Unlock([]dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	return nil, promptPath, nil
}

func (p promptingService) OpenSession(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
	return dbus.MakeVariant(""), "/org/freedesktop/secrets/session/s1", nil
}

func (p promptingService) Prompt(string) *dbus.Error {
	go p.prompt(p.conn)
	return nil
}

func (p promptingService) Get(_, property string) (dbus.Variant, *dbus.Error) {
	if property == "Locked" {
		return dbus.MakeVariant(true), nil
	}
	return dbus.MakeVariant([]dbus.ObjectPath{loginCollection}), nil
}

func servePrompt(t *testing.T, prompt func(conn *dbus.Conn)) {
	t.Helper()
	conn := connectBus(t)
	t.Cleanup(func() { _ = conn.Close() })
	p := promptingService{conn, prompt}
	for _, e := range []struct {
		path  dbus.ObjectPath
		iface string
	}{
		{secretsPath, secretsInterface}, {promptPath, "org.freedesktop.Secret.Prompt"},
		{secretsPath, "org.freedesktop.DBus.Properties"}, {loginCollection, "org.freedesktop.DBus.Properties"},
		{"/org/freedesktop/secrets/session/s1", "org.freedesktop.Secret.Session"},
	} {
		if err := conn.Export(p, e.path, e.iface); err != nil {
			t.Fatal(err)
		}
	}
	if reply, err := conn.RequestName(secretsName, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatal(reply, err)
	}
}

func insidePromptLeftAlone(t *testing.T) {
	servePrompt(t, func(*dbus.Conn) {})
	s := systemSecrets()
	s.Limit, s.PromptLimit = 200*time.Millisecond, 200*time.Millisecond
	var notes []string
	s.Notify = func(text string) { notes = append(notes, text) }
	f := wantFault(t, s.Probe(t.Context()), fault.StoreLocked)
	if !strings.Contains(f.Message, "not unlocked in time") || len(notes) != 1 {
		t.Errorf("got %q, notes %q", f.Message, notes)
	}
	t.Logf("%s\n%s", f.Message, f.Hint)
}

func insidePromptDismissed(t *testing.T) {
	servePrompt(t, func(conn *dbus.Conn) {
		_ = conn.Emit(promptPath, "org.freedesktop.Secret.Prompt.Completed", true, dbus.MakeVariant([]dbus.ObjectPath{}))
	})
	s := patientSecrets(func(name string) string {
		if name == "DISPLAY" {
			return ":0"
		}
		return os.Getenv(name)
	})
	f := wantFault(t, s.Probe(t.Context()), fault.StoreLocked)
	if !strings.Contains(f.Message, "dismissed") {
		t.Errorf("got %q", f.Message)
	}
	t.Logf("%s\n%s", f.Message, f.Hint)
}

func insideBusGoesAway(t *testing.T) {
	servePrompt(t, func(conn *dbus.Conn) {
		var bus uint32
		_ = conn.BusObject().Call("org.freedesktop.DBus.GetConnectionUnixProcessID", 0, "org.freedesktop.DBus").Store(&bus)
		_ = syscall.Kill(int(bus), syscall.SIGKILL) // the bus of this scenario alone
	})
	f := wantFault(t, systemSecrets().Probe(t.Context()), fault.StoreAbsent)
	t.Logf("%s\n%s", f.Message, f.Hint)
}

func TestNoSessionBusAtAll(t *testing.T) {
	if _, err := os.Stat("/run/user/" + strconv.Itoa(os.Getuid()) + "/bus"); err == nil {
		t.Skip("this machine has a session bus of its own")
	}
	// Where it finds no bus the D-Bus library runs dbus-launch. This one tells on it.
	dir := t.TempDir()
	told := filepath.Join(dir, "told")
	if err := os.WriteFile(filepath.Join(dir, "dbus-launch"), []byte("#!/bin/sh\n: >"+told+"\nexit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	t.Setenv(busVariable, "")
	f := wantFault(t, NewSecrets(System(func(string) string { return "" }, "linux"), "linux", rand.Reader).Probe(t.Context()), fault.StoreAbsent)
	if !strings.Contains(f.Message, "no D-Bus session bus") || f.Exit != 8 {
		t.Errorf("got %+v", f)
	}
	if _, err := os.Stat(told); err == nil {
		t.Error("a session bus was launched")
	}
}
