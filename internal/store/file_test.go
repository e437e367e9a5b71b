package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/sfconnect/internal/fault"
)

func newTestFile(t *testing.T) *File {
	t.Helper()
	dir := t.TempDir()
	return NewFile(filepath.Join(dir, "deep", "config"), filepath.Join(dir, "deep", "state"))
}

func sample(id string) Profile {
	day := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	return Profile{
		ID: id, LoginURL: "https://acme.my.salesforce.com", ConsumerKey: "3MVG9<&>", Flow: "web", StoredIn: "keychain",
		Org: Org{ID: "00D000000000001AAA", Name: "Acme Größe 会社"}, User: User{Username: "a@acme.com"},
		Scopes: []string{"api"}, HasRefreshToken: true,
		Recipe:    RecipeRef{ID: "quilia", Source: "id: quilia\n", Inputs: map[string]string{"site": "x"}},
		CreatedAt: day, UpdatedAt: day,
	}
}

func put(name string, p Profile) func(*Set) error {
	return func(s *Set) error { s.Put(name, p); return nil }
}

func mustUpdate(t *testing.T, f *File, change func(*Set) error) {
	t.Helper()
	if err := f.Update(t.Context(), change); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func wantFault(t *testing.T, err error, code string) *fault.Fault {
	t.Helper()
	var f *fault.Fault
	if !errors.As(err, &f) || f.Code != code {
		t.Fatalf("got error %v, want a fault %s", err, code)
	}
	if !strings.HasSuffix(f.Message, ".") || strings.Contains(f.Message, "..") && !strings.Contains(f.Message, "../") {
		t.Errorf("message is no sentence: %q", f.Message)
	}
	return f
}

func TestLoadOfNothingIsEmptyAndCreatesNothing(t *testing.T) {
	f := newTestFile(t)
	got, err := f.Load()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Set{Schema: 1, Profiles: map[string]Profile{}}, got); diff != "" {
		t.Error(diff)
	}
	if _, err := os.Stat(f.configDir); !os.IsNotExist(err) {
		t.Errorf("Load created %s", f.configDir)
	}
}

func TestUpdateSavesAndKeepsTheOneBefore(t *testing.T) {
	f := newTestFile(t)
	mustUpdate(t, f, put("acme", sample("1")))
	if _, err := os.Stat(f.Backup()); !os.IsNotExist(err) {
		t.Error("a backup of nothing was made")
	}
	first := read(t, f.Path())
	mustUpdate(t, f, put("Zweite Größe", sample("2")))

	got, err := f.Load()
	if err != nil {
		t.Fatal(err)
	}
	want := Set{Schema: 1, Default: "acme", Profiles: map[string]Profile{"acme": sample("1"), "Zweite Größe": sample("2")}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if read(t, f.Backup()) != first {
		t.Error("the backup is not the file before")
	}
	if runtime.GOOS == "windows" {
		return
	}
	for path, mode := range map[string]os.FileMode{f.configDir: 0o700, f.stateDir: 0o700, f.Path(): 0o600, f.Backup(): 0o600} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != mode {
			t.Errorf("%s has mode %v, want %v", path, info.Mode().Perm(), mode)
		}
	}
}

func TestUpdateWithoutAChangeWritesNothing(t *testing.T) {
	f := newTestFile(t)
	mustUpdate(t, f, put("acme", sample("1")))
	mustUpdate(t, f, put("acme", sample("1")))
	if _, err := os.Stat(f.Backup()); !os.IsNotExist(err) {
		t.Error("a backup was made without a change")
	}
}

func TestUpdateReturnsTheErrorOfChange(t *testing.T) {
	f := newTestFile(t)
	mustUpdate(t, f, put("acme", sample("1")))
	before := read(t, f.Path())
	stop := errors.New("stop")
	err := f.Update(t.Context(), func(s *Set) error { s.Remove("acme"); return stop })
	if !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
	if read(t, f.Path()) != before {
		t.Error("the file was changed")
	}
}

func TestUpdateRefusesToWriteWhatItCouldNotRead(t *testing.T) {
	f := newTestFile(t)
	for name, p := range map[string]Profile{"no id": {}, "bad\nname": sample("1")} {
		wantFault(t, f.Update(t.Context(), put(name, p)), fault.Internal)
	}
	if _, err := os.Stat(f.Path()); !os.IsNotExist(err) {
		t.Error("a file was written")
	}
}

func TestCorruptFileIsReportedAndLeftAlone(t *testing.T) {
	valid, err := encode(Set{Schema: 1, Profiles: map[string]Profile{"acme": sample("1")}})
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"empty":         "",
		"blank":         " \n",
		"torn":          string(valid[:len(valid)/2]),
		"doubled":       string(valid) + string(valid),
		"binary":        "\x00\x01\x02",
		"null":          "null",
		"list":          "[]",
		"foreign":       `{"name":"other","version":3}`,
		"newer":         `{"schema":2,"profiles":{}}`,
		"no profiles":   `{"schema":1}`,
		"wrong type":    `{"schema":1,"profiles":{"a":{"id":7}}}`,
		"no id":         `{"schema":1,"profiles":{"a":{"login_url":"x"}}}`,
		"same id twice": `{"schema":1,"profiles":{"a":{"id":"x"},"b":{"id":"x"}}}`,
		"bad name":      `{"schema":1,"profiles":{"a\u001b[2J":{"id":"x"}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			f := newTestFile(t)
			if err := os.MkdirAll(f.configDir, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(f.Path(), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := f.Load()
			flt := wantFault(t, err, fault.StoreCorrupt)
			if flt.Exit != 8 || !strings.Contains(flt.Message, f.Path()) {
				t.Errorf("exit %d, message %q", flt.Exit, flt.Message)
			}
			if err := os.WriteFile(f.Backup(), valid, 0o600); err != nil {
				t.Fatal(err)
			}
			err = f.Update(t.Context(), put("new", sample("2")))
			if flt := wantFault(t, err, fault.StoreCorrupt); !strings.Contains(flt.Hint, f.Backup()) {
				t.Errorf("the hint does not name the backup: %q", flt.Hint)
			}
			if strings.ContainsRune(flt.Message, '\x1b') {
				t.Errorf("raw control character in %q", flt.Message)
			}
			if read(t, f.Path()) != content || read(t, f.Backup()) != string(valid) {
				t.Error("a file was changed")
			}
		})
	}
}

func TestFieldsOfALaterVersionAreReadButNeverLost(t *testing.T) {
	f := newTestFile(t)
	if err := os.MkdirAll(f.configDir, 0o700); err != nil {
		t.Fatal(err)
	}
	const later = `{"schema":1,"default":"a","profiles":{"a":{"id":"x","colour":"green"}}}`
	if err := os.WriteFile(f.Path(), []byte(later), 0o600); err != nil {
		t.Fatal(err)
	}
	set, err := f.Load()
	if err != nil || set.Profiles["a"].ID != "x" {
		t.Errorf("got %v, %v", set, err)
	}
	flt := wantFault(t, f.Update(t.Context(), put("b", sample("2"))), fault.StoreCorrupt)
	if !strings.Contains(flt.Message, "colour") {
		t.Errorf("the message does not name the field: %q", flt.Message)
	}
	if read(t, f.Path()) != later {
		t.Error("the file was changed")
	}
}

func TestThingsInTheWay(t *testing.T) {
	t.Run("a folder named profiles.json", func(t *testing.T) {
		f := newTestFile(t)
		if err := os.MkdirAll(f.Path(), 0o700); err != nil {
			t.Fatal(err)
		}
		_, err := f.Load()
		wantFault(t, err, fault.StoreCorrupt)
		wantFault(t, f.Update(t.Context(), put("a", sample("1"))), fault.StoreCorrupt)
	})
	t.Run("a file in place of the state folder", func(t *testing.T) {
		f := newTestFile(t)
		if err := os.MkdirAll(filepath.Dir(f.stateDir), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f.stateDir, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		wantFault(t, f.Update(t.Context(), put("a", sample("1"))), fault.StoreUnwritable)
		release, err := f.Lock(t.Context(), "a", nil)
		release()
		wantFault(t, err, fault.StoreUnwritable)
	})
	t.Run("no room for the new file", func(t *testing.T) {
		f := newTestFile(t)
		mustUpdate(t, f, put("a", sample("1")))
		before := read(t, f.Path())
		if err := os.Mkdir(f.Backup(), 0o700); err != nil { // the backup cannot be replaced
			t.Fatal(err)
		}
		wantFault(t, f.Update(t.Context(), put("b", sample("2"))), fault.StoreUnwritable)
		if read(t, f.Path()) != before {
			t.Error("the file was changed")
		}
		if left, _ := filepath.Glob(filepath.Join(f.configDir, "*.tmp")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	})
	t.Run("a temporary file of a killed process", func(t *testing.T) {
		f := newTestFile(t)
		mustUpdate(t, f, put("a", sample("1")))
		left := f.Path() + ".123.tmp"
		if err := os.WriteFile(left, []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
		mustUpdate(t, f, put("b", sample("2")))
		if _, err := os.Stat(left); !os.IsNotExist(err) {
			t.Error("it was left behind")
		}
	})
	t.Run("a symbolic link", func(t *testing.T) {
		f := newTestFile(t)
		mustUpdate(t, f, put("a", sample("1")))
		target := filepath.Join(t.TempDir(), "real.json")
		if err := os.Rename(f.Path(), target); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(target, f.Path()); err != nil {
			t.Skip("no symbolic links here: ", err)
		}
		mustUpdate(t, f, put("b", sample("2")))
		info, err := os.Lstat(f.Path())
		if err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Error("the link was replaced")
		}
		if set, err := f.Load(); err != nil || len(set.Profiles) != 2 {
			t.Errorf("got %v, %v", set.Names(), err)
		}
		if _, err := os.Stat(f.Backup()); err != nil {
			t.Error("no backup beside the link: ", err)
		}
	})
}

func TestUpdatesNeverLoseOneAnother(t *testing.T) {
	f := newTestFile(t)
	const writers, each = 6, 5
	stop := make(chan struct{})
	var reading sync.WaitGroup
	reading.Go(func() {
		for seen := 0; ; {
			select {
			case <-stop:
				return
			default:
			}
			set, err := f.Load()
			if err != nil || len(set.Profiles) < seen {
				t.Errorf("a reader saw %d profiles after %d, error %v", len(set.Profiles), seen, err)
				return
			}
			seen = len(set.Profiles)
		}
	})
	var writing sync.WaitGroup
	want := map[string]Profile{}
	for w := range writers {
		for n := range each {
			id := fmt.Sprintf("%d-%d", w, n)
			want[id] = sample(id)
		}
		writing.Go(func() {
			for n := range each {
				id := fmt.Sprintf("%d-%d", w, n)
				if err := f.Update(context.Background(), put(id, sample(id))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writing.Wait()
	close(stop)
	reading.Wait()
	got, err := f.Load()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, maps.Clone(got.Profiles)); diff != "" {
		t.Error(diff)
	}
}

func FuzzDecode(f *testing.F) {
	good, err := encode(Set{Schema: 1, Default: "a", Profiles: map[string]Profile{"a": sample("1"), "b": {ID: "2"}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"schema":1,"profiles":{}}`))
	f.Add([]byte(`{"schema":1,"profiles":{"` + "\xff" + `":{"id":"x"}}}`))
	f.Add([]byte(`{"schema":1e0,"profiles":{"a":{"id":"x","created_at":"0000-01-01T00:00:00Z"}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		first, err := decode(data)
		if err != nil {
			return
		}
		written, err := encode(first)
		if err != nil {
			t.Fatalf("read but not written: %v", err)
		}
		second, err := decode(written)
		if err != nil {
			t.Fatalf("written but not read: %v", err)
		}
		if err := onlyKnown(written); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, second); diff != "" {
			t.Fatal(diff)
		}
	})
}
