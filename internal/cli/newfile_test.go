package cli

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"example.com/sfconnect/internal/fault"
)

// TestNewFile: what came to the place meanwhile is not written over, unless told so.
func TestNewFile(t *testing.T) {
	for _, force := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "out.env")
		f, err := prepareFile("The credentials", path, force)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(path); err == nil {
			t.Error("it is there before it has anything in it")
		}
		if err := os.WriteFile(path, []byte("another's"), 0o644); err != nil {
			t.Fatal(err)
		}
		err = f.commit([]byte("ours"))
		f.discard()
		text, _ := os.ReadFile(path)
		if want := map[bool]string{false: "another's", true: "ours"}[force]; string(text) != want || (err == nil) != force {
			t.Errorf("force %v: %q, %v", force, text, err)
		}
		if err != nil && fault.From(err).Exit != fault.ExitUsage {
			t.Error(err)
		}
		if left, _ := filepath.Glob(path + "*"); len(left) != 1 {
			t.Errorf("left behind: %v", left)
		}
		if info, err := os.Stat(path); force && runtime.GOOS != "windows" && (err != nil || info.Mode().Perm() != 0o600) {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
	}
}

// A file that was not written leaves nothing.
func TestNewFileDiscarded(t *testing.T) {
	dir := t.TempDir()
	f, err := prepareFile("The credentials", filepath.Join(dir, "out.env"), false)
	if err != nil {
		t.Fatal(err)
	}
	f.discard()
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// A link that came to the place meanwhile is not replaced either, told so or not.
func TestNewFileOverALink(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need a right there")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "out.env")
	f, err := prepareFile("The credentials", path, true)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "elsewhere"), path); err != nil {
		t.Fatal(err)
	}
	if err := f.commit([]byte("ours")); fault.From(err).Exit != fault.ExitUsage {
		t.Errorf("over a link: %v", err)
	}
	f.discard()
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}
