package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"example.com/sfconnect/internal/fault"
)

// listing names every file under the two folders with its content.
func listing(t *testing.T, f *File) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, dir := range []string{f.configDir, f.stateDir} {
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range files {
			if path := filepath.Join(dir, e.Name()); e.Type().IsRegular() {
				out[path] = read(t, path)
			}
		}
	}
	return out
}

func TestProbeMakesFoldersAndNothingElse(t *testing.T) {
	f := newTestFile(t)
	if err := f.Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	for path := range listing(t, f) {
		if path != filepath.Join(f.stateDir, updateLock) {
			t.Errorf("left %s behind", path)
		}
	}
	if runtime.GOOS != "windows" {
		for _, dir := range []string{f.configDir, f.stateDir} {
			if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
				t.Errorf("%s: %v, %v", dir, info.Mode(), err)
			}
		}
	}
	mustUpdate(t, f, put("a", sample("1")))
	before := listing(t, f)
	if err := f.Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	for path, content := range listing(t, f) {
		if before[path] != content || len(before) != len(listing(t, f)) {
			t.Errorf("%s was changed", path)
		}
	}
}

func TestProbeFindsWhatUpdateWouldRefuse(t *testing.T) {
	fileAsFolder := fault.StoreCorrupt
	if runtime.GOOS == "windows" {
		fileAsFolder = fault.StoreUnwritable // what lies in a file is said to be missing, not to be impossible
	}
	const unknown = `{"schema":1,"default":"a","profiles":{"a":{"id":"x","colour":"green"}}}`
	for name, tt := range map[string]struct {
		prepare func(t *testing.T, f *File) error
		code    string
	}{
		"a torn file":                  {func(_ *testing.T, f *File) error { return os.WriteFile(f.Path(), []byte(`{"schema":1,`), 0o600) }, fault.StoreCorrupt},
		"fields of a later version":    {func(_ *testing.T, f *File) error { return os.WriteFile(f.Path(), []byte(unknown), 0o600) }, fault.StoreCorrupt},
		"a folder named profiles.json": {func(_ *testing.T, f *File) error { return os.Mkdir(f.Path(), 0o700) }, fault.StoreCorrupt},
		"a folder in the backup's place": {func(t *testing.T, f *File) error {
			mustUpdate(t, f, put("a", sample("1")))
			return os.Mkdir(f.Backup(), 0o700)
		}, fault.StoreUnwritable},
		"a file in place of the configuration": {func(_ *testing.T, f *File) error {
			return errors.Join(os.Remove(f.configDir), os.WriteFile(f.configDir, nil, 0o600))
		}, fileAsFolder},
		"a file in place of the state": {func(_ *testing.T, f *File) error { return os.WriteFile(f.stateDir, nil, 0o600) }, fault.StoreUnwritable},
		"a folder in the lock's place": {func(_ *testing.T, f *File) error { return os.MkdirAll(filepath.Join(f.stateDir, updateLock), 0o700) }, fault.StoreUnwritable},
	} {
		t.Run(name, func(t *testing.T) {
			f := newTestFile(t)
			if err := os.MkdirAll(f.configDir, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := tt.prepare(t, f); err != nil {
				t.Fatal(err)
			}
			wantFault(t, f.Probe(t.Context()), tt.code)
			wantFault(t, f.Update(t.Context(), put("b", sample("2"))), tt.code)
		})
	}
}

func TestProbeDoesNotWaitForAnotherWriter(t *testing.T) {
	f := newTestFile(t)
	synctest.Test(t, func(t *testing.T) {
		err := f.Update(t.Context(), func(*Set) error {
			begin := time.Now()
			if err := f.Probe(t.Context()); err != nil {
				t.Error(err)
			}
			if took := time.Since(begin); took > time.Second {
				t.Errorf("waited %v", took)
			}
			return errors.New("nothing to write")
		})
		if err == nil {
			t.Error("no error")
		}
	})
}

func TestProbeEndsWithItsContext(t *testing.T) {
	f := newTestFile(t)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.Probe(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestReplaceFileLeavesTheTemporaryFilesOfOthers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "progress.json")
	other := path + ".1.tmp"
	if err := os.WriteFile(other, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"one", "two"} {
		if err := ReplaceFile(t.Context(), path, []byte(text)); err != nil || read(t, path) != text {
			t.Errorf("%q, %v", read(t, path), err)
		}
	}
	if files, _ := os.ReadDir(filepath.Dir(path)); len(files) != 2 {
		t.Errorf("got %v", files)
	}
	if info, _ := os.Stat(path); runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
}
