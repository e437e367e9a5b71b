package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// wine is a Windows made of Wine: a prefix of our own with the programs in it.
type wine struct {
	prefix  string
	program string // sfconnect.exe
	visitor string // its browser, as a Windows path
}

// env is what a program in this Windows runs with; no window is ever needed.
func (w wine) env() []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + w.prefix, "LANG=C.UTF-8",
		"WINEPREFIX=" + w.prefix, "WINEARCH=win64", "WINEDEBUG=-all", "WINEDLLOVERRIDES=mscoree,mshtml=",
	}
}

// drive is where the Windows drive C: is.
func (w wine) drive(path ...string) string {
	return filepath.Join(append([]string{w.prefix, "drive_c"}, path...)...)
}

// windows makes the prefix and builds the programs, once for all tests.
var windows = sync.OnceValues(func() (wine, error) {
	w := wine{prefix: filepath.Join(buildDir(), "wine"), program: filepath.Join(buildDir(), "sfconnect.exe"), visitor: `C:\visitor.exe`}
	prng := w.drive("windows", "system32", "bcryptprimitives.dll")
	if err := os.MkdirAll(w.prefix, 0o700); err != nil {
		return w, err
	}
	// A file, because the server would keep a pipe open for as long as it lives.
	said, err := os.Create(filepath.Join(buildDir(), "wine.log"))
	if err != nil {
		return w, err
	}
	defer said.Close()
	for _, step := range []struct {
		env  []string
		argv []string
	}{
		// It stays for as long as one test follows the other, and ends by itself when they have been killed.
		{w.env(), []string{"wineserver", "-p60"}},
		{w.env(), []string{"wine", "wineboot", "-i"}},
		{os.Environ(), []string{"x86_64-w64-mingw32-gcc", "-shared", "-O2", "-s", "-o", prng, filepath.Join("testdata", "bcryptprimitives.c"), "-ladvapi32"}},
		{forWindows(), []string{"go", "build", "-trimpath", "-ldflags", "-s -w", "-o", w.program, "."}},
		{forWindows(), []string{"go", "build", "-trimpath", "-ldflags", "-s -w", "-o", w.drive("visitor.exe"), "./testdata/visitor"}},
		{forWindows(), []string{"go", "build", "-trimpath", "-ldflags", "-s -w", "-o", w.drive("explorer.exe"), "./testdata/explorer"}},
	} {
		cmd := exec.Command(step.argv[0], step.argv[1:]...)
		cmd.Env, cmd.Stdout, cmd.Stderr = step.env, said, said
		if err := cmd.Run(); err != nil {
			text, _ := os.ReadFile(said.Name())
			return w, fmt.Errorf("%s: %w\n%s", strings.Join(step.argv, " "), err, text)
		}
	}
	return w, nil
})

// forWindows is the environment of a build for Windows.
func forWindows() []string {
	return append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0")
}

// endWine ends what runs in the prefix, where there is one.
func endWine() {
	prefix := filepath.Join(buildDir(), "wine")
	if _, err := os.Stat(prefix); errors.Is(err, os.ErrNotExist) {
		return
	}
	cmd := exec.Command("wineserver", "-k", "-w")
	cmd.Env = wine{prefix: prefix}.env()
	_ = cmd.Run()
}

// onWindows is the user of the one Windows that there is. What a test saves it removes.
func onWindows(t *testing.T) (*user, wine) {
	t.Helper()
	need(t, "wine", "wineserver", "x86_64-w64-mingw32-gcc")
	w, err := windows()
	if err != nil {
		t.Fatal(err)
	}
	u := &user{t: t, home: w.drive("users"), env: w.env(), by: []string{"wine", w.program}}
	t.Cleanup(func() {
		if !t.Failed() {
			return
		}
		// The next test is not to stumble over what this one has left.
		for _, folder := range []string{"Roaming", "Local"} {
			_ = os.RemoveAll(filepath.Join(w.profileFolder(t, "AppData", folder), "sfconnect"))
		}
		reg := exec.Command("wine", "reg", "delete", credentialManager, "/f")
		reg.Env = w.env()
		_ = reg.Run()
	})
	return u, w
}

// credentialManager is where Wine keeps what the Credential Manager holds.
const credentialManager = `HKCU\Software\Wine\Credential Manager`

// path is a file of ours as a Windows path: Wine has the whole file system as drive Z.
func (w wine) path(file string) string { return "Z:" + strings.ReplaceAll(file, "/", `\`) }

// profileFolder finds a folder of the Windows user's own, whose name is the system's.
func (w wine) profileFolder(t *testing.T, path ...string) string {
	t.Helper()
	found, err := filepath.Glob(w.drive(append([]string{"users", "*"}, path...)...))
	if err != nil || len(found) != 1 {
		t.Fatalf("%d folders %s, %v", len(found), filepath.Join(path...), err)
	}
	return found[0]
}

// registry runs reg.exe and gives what it says.
func (w wine) registry(t *testing.T, args ...string) string {
	t.Helper()
	said, err := os.CreateTemp(w.prefix, "reg")
	if err != nil {
		t.Fatal(err)
	}
	defer said.Close()
	cmd := exec.Command("wine", append([]string{"reg"}, args...)...)
	cmd.Env, cmd.Stdout = w.env(), said
	if err := cmd.Run(); err != nil {
		t.Fatalf("reg %s: %v", strings.Join(args, " "), err)
	}
	text, err := os.ReadFile(said.Name())
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// credentials lists what the Credential Manager holds of ours.
func (w wine) credentials(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, line := range strings.Fields(w.registry(t, "query", credentialManager)) {
		if _, name, ok := strings.Cut(line, "sfconnect:"); ok {
			names = append(names, name)
		}
	}
	return names
}
