package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"example.com/sfconnect/internal/porttest"
	"example.com/sfconnect/internal/practice"
)

// The tests of the *_linux_test.go files run the built program as its users do:
// with a real browser, a real Secret Service and a real terminal. They need
// chromium, gnome-keyring, dbus and wine; see need.

// roleVariable makes this test binary one of the programs that a test needs.
const roleVariable = "SFCONNECT_TEST_ROLE"

func TestMain(m *testing.M) {
	switch role := os.Getenv(roleVariable); role {
	case "":
	case "bus":
		os.Exit(serveBus())
	case "browser":
		os.Exit(browse(os.Args[len(os.Args)-1]))
	default:
		fmt.Fprintln(os.Stderr, "unknown role", role)
		os.Exit(1)
	}
	code := m.Run()
	endWine()
	_ = os.RemoveAll(buildDir())
	os.Exit(code)
}

var buildDir = sync.OnceValue(func() string {
	dir, err := os.MkdirTemp("", "sfconnect-e2e-")
	if err != nil {
		panic(err)
	}
	return dir
})

// binary builds the program once, with the race detector where the tests have it.
var binary = sync.OnceValues(func() (string, error) {
	path := filepath.Join(buildDir(), "sfconnect")
	args := []string{"build", "-o", path}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "-race" && s.Value == "true" {
				args = append(args, "-race")
			}
		}
	}
	if out, err := exec.Command("go", append(args, ".")...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

// need skips the test where a program is missing; with SFCONNECT_TEST_STRICT=1 it fails.
func need(t *testing.T, programs ...string) {
	t.Helper()
	for _, name := range programs {
		if _, err := exec.LookPath(name); err != nil {
			if os.Getenv("SFCONNECT_TEST_STRICT") == "1" {
				t.Fatalf("%s is not installed, and SFCONNECT_TEST_STRICT=1 asks for it", name)
			}
			t.Skipf("%s is not installed: this is not tested here", name)
		}
	}
}

// tempDir is a folder with a short path, for sockets, that may still be in use
// by a program which is just ending when the test ends.
func tempDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "sfc")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// user is somebody with a home folder of their own.
type user struct {
	t    *testing.T
	home string
	env  []string
	by   []string // what runs the program; nil is the program itself
}

func newUser(t *testing.T) *user {
	t.Helper()
	home := tempDir(t)
	run := filepath.Join(home, "run")
	if err := os.Mkdir(run, 0o700); err != nil {
		t.Fatal(err)
	}
	return &user{t: t, home: home, env: []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TMPDIR=" + home, "XDG_RUNTIME_DIR=" + run, "LANG=C.UTF-8", "TERM=xterm-256color",
		"XDG_CONFIG_HOME=" + filepath.Join(home, "config"), "XDG_STATE_HOME=" + filepath.Join(home, "state"),
		"XDG_DATA_HOME=" + filepath.Join(home, "data"), "XDG_CACHE_HOME=" + filepath.Join(home, "cache"),
		"GORACE=atexit_sleep_ms=0",
	}}
}

// sets adds variables to the environment of what this user starts.
func (u *user) sets(pairs ...string) { u.env = append(u.env, pairs...) }

// command is the program with this user's environment, ended with the test at the latest.
func (u *user) command(args ...string) *exec.Cmd {
	u.t.Helper()
	if u.by != nil {
		return u.program(u.by[0], append(u.by[1:len(u.by):len(u.by)], args...)...)
	}
	path, err := binary()
	if err != nil {
		u.t.Fatal(err)
	}
	return u.program(path, args...)
}

func (u *user) program(path string, args ...string) *exec.Cmd {
	ctx, cancel := context.WithTimeout(u.t.Context(), hangGuard)
	u.t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append([]string(nil), u.env...)
	cmd.Dir = u.home
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// freePort is a port that nobody else is given while the test runs.
func freePort(t *testing.T) string { return strconv.Itoa(porttest.Free(t)) }

// wantFree wants nobody to listen on the port any more.
func wantFree(t *testing.T, port string) {
	t.Helper()
	for _, host := range []string{"127.0.0.1", "::1"} {
		conn, err := net.Dial("tcp", net.JoinHostPort(host, port))
		if err == nil {
			conn.Close()
			t.Errorf("port %s of %s is still served", port, host)
		}
	}
	for _, address := range []string{"127.0.0.1:" + port, "[::1]:" + port} {
		l, err := net.Listen("tcp", address)
		switch {
		case err == nil:
			l.Close()
		case !errors.Is(err, syscall.EADDRNOTAVAIL) && !errors.Is(err, syscall.EAFNOSUPPORT): // no IPv6 here
			t.Errorf("the port is not free: %v", err)
		}
	}
}

// visitsVariable is where the browser of a test tells which addresses it opens.
const visitsVariable = "SFCONNECT_TEST_VISITS"

// browse is what --browser starts: a person who signs in and allows.
func browse(address string) int {
	ctx, cancel := context.WithTimeout(context.Background(), hangGuard)
	defer cancel()
	if tell := os.Getenv(visitsVariable); tell != "" {
		answer, err := http.Post(tell, "text/plain", strings.NewReader(address))
		if err != nil {
			return 1
		}
		answer.Body.Close()
	}
	if err := (practice.Visitor{}).Visit(ctx, address); err != nil && !errors.Is(err, context.Canceled) {
		return 1
	}
	return 0
}
