package store

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"
)

func TestIsOurs(t *testing.T) {
	for name, want := range map[string]bool{
		"profiles.json": true, "profiles.json.bak": true, "profiles.lock": true, "profile-0a.lock": true, "rescue-1.age": true,
		"secrets.age": true, "profiles.json.12.tmp": true, "profiles.json.bak.7.tmp": true, "rescue-1.age.9.tmp": true, "probe.3.tmp": true, "folder.id": true, "refresh-1.json": true, "signin-1.json": true, "signin-1.lock": true,
		"profiles.json.x.tmp": false, "notes.12.tmp": false, "other.lock": false, "profiles.json~": false, ".12.tmp": false, "a.json": false,
	} {
		if got := isOurs(name, false); got != want {
			t.Errorf("isOurs(%q) = %v", name, got)
		}
	}
	for name, want := range map[string]bool{"ab.json": true, "ab.json.unreadable": true, "ab.json.5.tmp": true, "ab.txt": false} {
		if got := isOurs(name, true); got != want {
			t.Errorf("in setup: isOurs(%q) = %v", name, got)
		}
	}
}

// Looking at folders that are not there makes none, and says whether they could be made.
func TestFoldersMissing(t *testing.T) {
	dir := t.TempDir()
	f := NewFile(filepath.Join(dir, "a", "config"), filepath.Join(dir, "a", "state"))
	config, state := f.Folders()
	if !config.Missing || !state.Missing || config.Err != nil || state.Err != nil {
		t.Errorf("%+v, %+v", config, state)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	if err := os.WriteFile(filepath.Join(dir, "a"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	config, _ = f.Folders()
	wantFault(t, config.Err, "store_unwritable")
}

func TestLooseAndTighten(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no such permissions")
	}
	both := t.TempDir() // the configuration and the state folder are one on macOS
	f := NewFile(both, both)
	mustUpdate(t, f, put("a", sample("1")))
	if err := os.MkdirAll(filepath.Join(both, "setup"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, mode := range map[string]os.FileMode{".": 0o770, "profiles.json": 0o606, "setup": 0o701, "setup/ab.json": 0o640} {
		path := filepath.Join(both, name)
		if name == "setup/ab.json" {
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	loose := f.Loose()
	var names []string
	for _, e := range loose {
		if e.Shared {
			t.Errorf("%s is taken for shared", e.Path)
		}
		name, _ := filepath.Rel(both, e.Path)
		names = append(names, name)
		if err := f.Tighten(e); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{".", "profiles.json", "setup", "setup/ab.json"}; !slices.Equal(names, want) {
		t.Errorf("loose: %q, want %q", names, want)
	}
	if again := f.Loose(); len(again) != 0 {
		t.Errorf("still loose: %v", again)
	}
	if info, _ := os.Stat(filepath.Join(both, "profiles.json")); info.Mode().Perm() != 0o600 {
		t.Errorf("the owner's own permissions changed: %v", info.Mode())
	}
}

func TestASharedFolderIsLeftAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no such permissions")
	}
	dir := t.TempDir()
	f := NewFile(dir, filepath.Join(dir, "state"))
	for _, name := range []string{"hers.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	loose := f.Loose()
	if len(loose) != 1 || !loose[0].Shared || loose[0].Path != dir {
		t.Fatalf("%+v", loose)
	}
	if err := f.Tighten(loose[0]); err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(dir); info.Mode().Perm() != 0o755 {
		t.Errorf("the folder is %v now", info.Mode())
	}
}

func TestLeftovers(t *testing.T) {
	dir := t.TempDir()
	f := NewFile(dir, filepath.Join(dir, "state"))
	old := time.Now().Add(-time.Hour)
	for name, at := range map[string]time.Time{
		"profiles.json.1.tmp": old, "profiles.json.2.tmp": time.Now(), "hers.3.tmp": old,
		"state/rescue-a.age.4.tmp": old, "state/rescue-b.age.5.tmp": old, "state/rescue-b.age": old, "state/setup/x.json.6.tmp": old,
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, l := range f.Leftovers(time.Now().Add(-time.Minute)) {
		name, _ := filepath.Rel(dir, l.Path)
		if l.For != "" {
			becomes, _ := filepath.Rel(dir, l.For)
			name += " for " + becomes
		}
		got = append(got, filepath.ToSlash(name))
		if err := f.Clear(l); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"profiles.json.1.tmp", "state/rescue-a.age.4.tmp for state/rescue-a.age", "state/rescue-b.age.5.tmp", "state/setup/x.json.6.tmp"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if left := f.Leftovers(time.Now().Add(-time.Minute)); len(left) != 1 || left[0].For == "" {
		t.Errorf("after clearing: %+v", left)
	}
}

func TestAccounts(t *testing.T) {
	m := NewMemory()
	s := NewSecrets(m, "linux", nil)
	for _, pair := range [][2]string{{"sfconnect", "b/refresh-token"}, {"sfconnect", "a/access-token"}, {"another", "c/x"}} {
		if err := m.Set(pair[0], pair[1], "v"); err != nil {
			t.Fatal(err)
		}
	}
	all, known, err := s.Accounts(t.Context())
	if want := []Account{{"a", AccessToken}, {"b", RefreshToken}}; !slices.Equal(all, want) || !known || err != nil {
		t.Errorf("%v, %v, %v", all, known, err)
	}
	if all, known, err = NewSecrets(unlisted{m}, "linux", nil).Accounts(t.Context()); all != nil || known || err != nil {
		t.Errorf("a store that cannot list: %v, %v, %v", all, known, err)
	}
}

type unlisted struct{ Keychain }

// A folder may have any name; what is in it is found all the same.
func TestFolderNamesWithBrackets(t *testing.T) {
	name := "w[1]*"
	if runtime.GOOS == "windows" {
		name = "w[1]" // a star is in no name there
	}
	dir := filepath.Join(t.TempDir(), name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	f := NewFile(dir, dir)
	for _, name := range []string{"rescue-a.age", "profiles.json.1.tmp"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := f.Rescues(); !slices.Equal(got, []string{"a"}) {
		t.Errorf("%q", got)
	}
	removeLeftovers(dir, "profiles.json")
	if _, err := os.Stat(filepath.Join(dir, "profiles.json.1.tmp")); err == nil {
		t.Error("a killed writer's file is left")
	}
}

// What a killed refresh left beside its note is found by doctor, and is in nobody's way,
// whatever it is.
func TestLeftoverBesideANote(t *testing.T) {
	dir := t.TempDir()
	f := NewFile(dir, dir)
	left := f.notePath("0123456789abcdef0123456789abcdef") + ".0.tmp"
	if err := os.MkdirAll(filepath.Dir(left), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(left, nil, 0o400); err != nil {
		t.Fatal(err)
	}
	later := time.Now().Add(time.Hour)
	if found := f.Leftovers(later); len(found) != 1 || found[0].Path != left {
		t.Errorf("leftovers: %+v", found)
	}
	over, err := f.Begin("0123456789abcdef0123456789abcdef", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	over()
	if found := f.Leftovers(later); len(found) > 0 {
		t.Errorf("still there: %+v", found)
	}
}
