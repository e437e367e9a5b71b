package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"example.com/sfconnect/internal/fault"
)

// roleVariable makes this test binary play another process.
const roleVariable = "SFCONNECT_STORE_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(roleVariable) {
	case "":
		os.Exit(m.Run())
	case "hold":
		holdLock()
	case "update":
		updateMany()
	case "save":
		saveMany()
	case "full":
		saveOnAFullDisk()
	case "mounted":
		saveOverAMount()
	case "inside":
		os.Exit(m.Run())
	}
}

// holdLock says "held" and keeps the lock of profile os.Args[3] until its stdin ends.
func holdLock() {
	_, err := NewFile(os.Args[1], os.Args[2]).Lock(context.Background(), os.Args[3], nil)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("held")
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// updateMany adds profiles os.Args[3]-0, -1, … , saying each, until it is killed or has added ten.
func updateMany() {
	f := NewFile(os.Args[1], os.Args[2])
	for n := range 10 {
		id := fmt.Sprintf("%s-%d", os.Args[3], n)
		if err := f.Update(context.Background(), put(id, sample(id))); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(id)
	}
}

func playRole(t *testing.T, role string, f *File, arg string) (cmd *exec.Cmd, stdin io.Closer, lines *bufio.Scanner) {
	t.Helper()
	cmd = exec.CommandContext(t.Context(), os.Args[0], f.configDir, f.stateDir, arg)
	cmd.Env = append(os.Environ(), roleVariable+"="+role)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, in, bufio.NewScanner(out)
}

func TestLockKeepsOthersOutUntilReleased(t *testing.T) {
	f := newTestFile(t)
	inside := 0
	var mu sync.Mutex
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			release, err := f.Lock(context.Background(), "acme", nil)
			if err != nil {
				t.Error(err)
				return
			}
			defer release()
			mu.Lock()
			inside++
			if inside != 1 {
				t.Errorf("%d hold the lock", inside)
			}
			mu.Unlock()
			mu.Lock()
			inside--
			mu.Unlock()
		})
	}
	group.Wait()
}

func TestLocksOfDifferentProfilesAreApart(t *testing.T) {
	f := newTestFile(t)
	f.LockWait = 0
	for _, name := range []string{"a", "A", "a/b", "../a", "größe", "gro\u0308ße", "groß", "CON", "a:b", "a b"} {
		release, err := f.Lock(t.Context(), name, nil)
		if err != nil {
			t.Errorf("%q: %v", name, err)
		}
		defer release()
	}
	files, err := os.ReadDir(f.stateDir)
	if err != nil || len(files) != 10 {
		t.Errorf("got %d lock files, %v", len(files), err)
	}
}

func TestLockSaysThatItWaitsAndGivesUp(t *testing.T) {
	f := newTestFile(t)
	synctest.Test(t, func(t *testing.T) {
		release, err := f.Lock(t.Context(), "acme", func() { t.Error("waited for a free lock") })
		if err != nil {
			t.Fatal(err)
		}
		defer release()
		begin := time.Now()
		var notices []time.Duration
		none, err := f.Lock(t.Context(), "acme", func() { notices = append(notices, time.Since(begin)) })
		none()
		if flt := wantFault(t, err, fault.ProfileBusy); flt.Exit != 1 {
			t.Errorf("exit %d", flt.Exit)
		}
		if took := time.Since(begin); took != time.Minute {
			t.Errorf("gave up after %v", took)
		}
		if len(notices) != 1 || notices[0] != 2*time.Second {
			t.Errorf("notices at %v", notices)
		}
		release()
		release()
		again, err := f.Lock(t.Context(), "acme", nil)
		if err != nil {
			t.Error("not free after release: ", err)
		}
		again()
	})
}

func TestLockEndsWithItsContext(t *testing.T) {
	f := newTestFile(t)
	synctest.Test(t, func(t *testing.T) {
		release, err := f.Lock(t.Context(), "acme", nil)
		if err != nil {
			t.Fatal(err)
		}
		defer release()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)
		_, err = f.Lock(ctx, "acme", nil)
		if flt := wantFault(t, err, fault.Interrupted); flt.Exit != 130 || !errors.Is(err, context.Canceled) {
			t.Errorf("got %+v", flt)
		}
		if _, err := f.Lock(ctx, "free", nil); !errors.Is(err, context.Canceled) {
			t.Errorf("a cancelled context got a free lock: %v", err)
		}
	})
}

func TestAKilledProcessHoldsNoLock(t *testing.T) {
	f := newTestFile(t)
	cmd, _, lines := playRole(t, "hold", f, "acme")
	if !lines.Scan() || lines.Text() != "held" {
		t.Fatalf("the other process said %q", lines.Text())
	}
	f.LockWait = 0
	_, err := f.Lock(t.Context(), "acme", nil)
	wantFault(t, err, fault.ProfileBusy)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	release, err := f.Lock(t.Context(), "acme", nil)
	if err != nil {
		t.Fatal(err)
	}
	release()
}

// Who shares the configuration folder shares the locks, whatever the state folder is.
func TestLockOfAnotherStateFolder(t *testing.T) {
	f := newTestFile(t)
	_, stdin, lines := playRole(t, "hold", NewFile(f.configDir, filepath.Join(t.TempDir(), "other")), "acme")
	if !lines.Scan() || lines.Text() != "held" {
		t.Fatalf("the other process said %q", lines.Text())
	}
	f.LockWait = 0
	_, err := f.Lock(t.Context(), "acme", nil)
	if flt := wantFault(t, err, fault.ProfileBusy); !strings.Contains(flt.Hint, filepath.Join(f.configDir, lockFolder)) {
		t.Errorf("the hint is %q", flt.Hint)
	}
	other, err := f.Lock(t.Context(), "emca", nil)
	if err != nil {
		t.Error(err)
	}
	other()
	_ = stdin.Close()
	f.LockWait = time.Minute
	release, err := f.Lock(t.Context(), "acme", nil)
	if err != nil {
		t.Fatal(err)
	}
	release()
}

func TestUpdatesOfSeveralProcesses(t *testing.T) {
	f := newTestFile(t)
	want := 0
	var group sync.WaitGroup
	for _, name := range []string{"a", "b", "c"} {
		cmd, _, lines := playRole(t, "update", f, name)
		want += 10
		group.Go(func() {
			for lines.Scan() { // until the process ends
			}
			if err := cmd.Wait(); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	set, err := f.Load()
	if err != nil || len(set.Profiles) != want {
		t.Errorf("%d profiles of %d, error %v", len(set.Profiles), want, err)
	}
}

func TestAProcessKilledInTheMiddleOfWriting(t *testing.T) {
	f := newTestFile(t)
	for round := range 5 {
		name := fmt.Sprint(round)
		cmd, _, lines := playRole(t, "update", f, name)
		said := ""
		for range round + 1 {
			if lines.Scan() {
				said = lines.Text()
			}
		}
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		set, err := f.Load()
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := set.Profiles[said]; !ok {
			t.Errorf("%s was said to be saved and is not there", said)
		}
	}
	mustUpdate(t, f, put("after", sample("after")))
	if left, _ := os.ReadDir(f.configDir); len(left) != 3 { // one of them is the folder of the locks
		t.Errorf("left behind: %v", left)
	}
}
