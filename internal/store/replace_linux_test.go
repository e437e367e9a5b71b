package store

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"example.com/sfconnect/internal/fault"
)

// asPlainUser runs do without root's way round file permissions. The thread whose
// rights were taken away ends with the goroutine that is locked to it.
func asPlainUser(t *testing.T, own []string, do func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		do()
		return
	}
	const nobody = 65534
	for _, path := range own {
		if err := os.Chown(path, nobody, nobody); err != nil {
			t.Fatal(err)
		}
	}
	ended := make(chan error)
	go func() {
		defer close(ended)
		runtime.LockOSThread()
		if err := syscall.Setfsuid(nobody); err != nil {
			ended <- err
			return
		}
		do()
	}()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

// openFolders gives the two folders of a File, in a place that any user can reach.
func openFolders(t *testing.T) (*File, []string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o711); err != nil {
		t.Fatal(err)
	}
	f := NewFile(filepath.Join(dir, "config"), filepath.Join(dir, "state"))
	mustUpdate(t, f, put("a", sample("1")))
	own := []string{f.configDir, f.stateDir, f.Path()}
	locks, err := filepath.Glob(filepath.Join(f.stateDir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return f, append(own, locks...)
}

// TestAFolderThatCannotBeSynced: what has been renamed is saved. An error would
// make the caller remove the secrets to which the saved profile points.
func TestAFolderThatCannotBeSynced(t *testing.T) {
	f, own := openFolders(t)
	if err := os.Chmod(f.configDir, 0o300); err != nil {
		t.Fatal(err)
	}
	asPlainUser(t, own, func() {
		if _, err := os.Open(f.configDir); err == nil {
			t.Error("the folder can be read: the test shows nothing")
		}
		if err := f.Update(t.Context(), put("b", sample("2"))); err != nil {
			t.Errorf("Update: %v", err)
		}
		if err := f.Probe(t.Context()); err != nil {
			t.Errorf("Probe: %v", err)
		}
	})
	if set, err := f.Load(); err != nil || len(set.Profiles) != 2 {
		t.Errorf("saved %v, %v", set.Names(), err)
	}
}

// A configuration folder that this user may not write is no reason to refuse a lock:
// with a keychain nothing need be written there.
func TestLockBesideAFolderThatMayNotBeWritten(t *testing.T) {
	f, own := openFolders(t)
	if err := errors.Join(os.RemoveAll(filepath.Join(f.configDir, lockFolder)), os.Chmod(f.configDir, 0o500)); err != nil {
		t.Fatal(err)
	}
	asPlainUser(t, own, func() {
		release, err := f.Lock(t.Context(), "acme", nil)
		if err != nil {
			t.Fatal(err)
		}
		defer release()
		f.LockWait = 0
		_, err = f.Lock(t.Context(), "acme", nil)
		wantFault(t, err, fault.ProfileBusy)
	})
}

func TestProbeFindsAFolderThatMayNotBeWritten(t *testing.T) {
	for name, pick := range map[string]func(*File) string{
		"configuration": func(f *File) string { return f.configDir },
		"state":         func(f *File) string { return f.stateDir },
	} {
		t.Run(name, func(t *testing.T) {
			f, own := openFolders(t)
			if err := os.Chmod(pick(f), 0o500); err != nil {
				t.Fatal(err)
			}
			asPlainUser(t, own, func() {
				wantFault(t, f.Probe(t.Context()), fault.StoreUnwritable)
			})
		})
	}
}
