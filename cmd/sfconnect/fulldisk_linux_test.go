package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestFullDisk: no file can be written any more. A limit of the kernel's (RLIMIT_FSIZE,
// by prlimit) refuses each write, to root too; the keyring is another process and
// still takes what it is given.
func TestFullDisk(t *testing.T) {
	need(t, "prlimit")
	u := newUser(t)
	u.hasKeyring()
	browser, opened := u.hasBrowser()
	r := newRotating(t)
	u.sets("SFCONNECT_CONSUMER_SECRET=" + r.facts.ConsumerSecret)
	u.runs(0, r.authArgs("--browser", browser)...)
	<-opened
	before := u.profiles()
	full := func(code int, args ...string) []byte {
		t.Helper()
		path, err := binary()
		if err != nil {
			t.Fatal(err)
		}
		cmd := u.program("prlimit", append([]string{"--fsize=0", path}, args...)...)
		var out, said bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &said
		var ended *exec.ExitError
		if err := cmd.Run(); err != nil && !errors.As(err, &ended) || cmd.ProcessState.ExitCode() != code {
			t.Errorf("%s: exit %d, want %d: %v\n%s%s", strings.Join(args, " "), cmd.ProcessState.ExitCode(), code, err, out.Bytes(), said.Bytes())
		}
		return out.Bytes()
	}

	// What is saved in the keyring alone goes on.
	token := strings.TrimSpace(string(full(0, "token", "--refresh")))
	if live := r.org.Ledger().LiveAccessTokens; len(live) == 0 || live[len(live)-1] != token {
		t.Errorf("token prints %q", token)
	}
	// What must write a file is refused before anything is asked.
	asked := r.asked()
	var d struct{ Error failure }
	if err := json.Unmarshal(full(8, r.authArgs("--browser", browser, "--profile", "more")...), &d); err != nil || d.Error.Code != "store_unwritable" {
		t.Errorf("auth says %+v, %v", d, err)
	}
	if n := r.asked() - asked; n != 0 {
		t.Errorf("the org was asked %d times", n)
	}
	if u.profiles() != before {
		t.Error("the profiles have changed")
	}
	u.runs(0, "token", "--refresh")
	if l := r.org.Ledger(); l.RotationReplays != 0 || len(l.LiveRefreshTokens) != 1 {
		t.Errorf("%d replays, %d live", l.RotationReplays, len(l.LiveRefreshTokens))
	}
	if left, _ := filepath.Glob(filepath.Join(u.home, "*", "sfconnect", "*.tmp")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestProfilesCut is the built program with some of the files that
// TestProfilesCutAtEveryByte of package cli tries in full.
func TestProfilesCut(t *testing.T) {
	u := newUser(t)
	u.hasKeyring()
	browser, _ := u.hasBrowser()
	r := newRotating(t)
	u.sets("SFCONNECT_CONSUMER_SECRET=" + r.facts.ConsumerSecret)
	u.runs(0, r.authArgs("--browser", browser)...)
	u.runs(0, "token", "--refresh") // which notes that the app rotates, and so makes a backup
	path, whole := filepath.Join(u.home, "config", "sfconnect", "profiles.json"), u.profiles()
	asked := r.asked()
	for _, n := range []int{0, 1, len(whole) / 3, len(whole) / 2, len(whole) - 2} {
		for _, args := range [][]string{{"list", "--json"}, {"token", "--json"}, {"logout", "--json"}, r.authArgs("--browser", browser)} {
			if err := os.WriteFile(path, []byte(whole[:n]), 0o600); err != nil {
				t.Fatal(err)
			}
			f := u.runs(8, args...).failure()
			if f.Code != "store_corrupt" || !strings.Contains(f.Hint, path+".bak") || u.profiles() != whole[:n] {
				t.Errorf("%s of %d bytes says %+v", args[0], n, f)
			}
		}
	}
	if n := r.asked() - asked; n != 0 {
		t.Errorf("the org was asked %d times", n)
	}
	if err := os.WriteFile(path, []byte(whole), 0o600); err != nil {
		t.Fatal(err)
	}
	u.runs(0, "token", "--refresh")
}
