package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// Folder is one of the two folders as it was found.
type Folder struct {
	Path    string
	Missing bool // nothing has been saved yet
	// Err is a fault store_unwritable where it cannot be used, or, when it is
	// missing, not be made.
	Err error
}

// Folders looks at the configuration and the state folder. Nothing stays behind:
// a missing folder is not made.
func (f *File) Folders() (config, state Folder) {
	config, state = lookAt(f.configDir, profilesName), lookAt(f.stateDir, probeName)
	if config.Err != nil {
		config.Err = f.unwritable(config.Err)
	}
	if state.Err != nil {
		state.Err = unlockable(f.stateDir, stateVariable, state.Err)
	}
	return config, state
}

func lookAt(dir, base string) Folder {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Folder{Path: dir, Missing: true, Err: couldBeMade(dir)}
	case err != nil:
		return Folder{Path: dir, Err: err}
	case !info.IsDir():
		return Folder{Path: dir, Err: &fs.PathError{Op: "open", Path: dir, Err: errors.New("it is no folder")}}
	}
	return Folder{Path: dir, Err: tryWriting(dir, base, 1)}
}

// couldBeMade tries in the nearest folder above that is there.
func couldBeMade(dir string) error {
	above := filepath.Dir(dir)
	for above != filepath.Dir(above) {
		if _, err := os.Stat(above); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		above = filepath.Dir(above)
	}
	made, err := os.MkdirTemp(above, ".sfconnect-*")
	if err != nil {
		return err
	}
	return os.Remove(made)
}

// Entry is a file or folder of ours that others on this machine may look into.
type Entry struct {
	Path   string
	Want   fs.FileMode // 0700 or 0600
	Shared bool        // a folder that holds other things too: Tighten leaves it alone
}

// Loose lists what of ours has more permissions than it needs. Windows has no such
// permissions, and there it is empty.
func (f *File) Loose() []Entry {
	if runtime.GOOS == "windows" {
		return nil
	}
	var out []Entry
	for _, dir := range f.dirs() {
		names, shared := f.content(dir)
		if names == nil {
			continue
		}
		if loose(dir, 0o700) {
			out = append(out, Entry{dir, 0o700, shared})
		}
		for _, name := range names {
			if path := filepath.Join(dir, name); loose(path, 0o600) {
				out = append(out, Entry{Path: path, Want: 0o600})
			}
		}
	}
	return out
}

func loose(path string, want fs.FileMode) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().Perm()&^want != 0
}

// Tighten takes the surplus permissions of e away.
func (f *File) Tighten(e Entry) error {
	if e.Shared {
		return nil
	}
	info, err := os.Stat(e.Path)
	if err != nil {
		return err
	}
	return os.Chmod(e.Path, info.Mode().Perm()&e.Want)
}

// dirs are the folders that hold something of ours, each once.
func (f *File) dirs() []string {
	dirs := []string{filepath.Clean(f.configDir), filepath.Clean(f.stateDir), filepath.Join(f.stateDir, setupFolder), filepath.Join(f.configDir, lockFolder)}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

// setupFolder holds what is kept of unfinished set-ups, which package wizard owns.
const setupFolder = "setup"

// content lists the names of our files in dir, nil when it cannot be read, and
// whether there is anything else.
func (f *File) content(dir string) (ours []string, shared bool) {
	found, err := os.ReadDir(dir)
	if err != nil {
		return nil, false
	}
	ours = []string{}
	inSetup := filepath.Base(dir) == setupFolder && filepath.Dir(dir) == filepath.Clean(f.stateDir)
	for _, e := range found {
		switch name := e.Name(); {
		case e.IsDir() && name == setupFolder && dir == filepath.Clean(f.stateDir):
		case e.IsDir() && name == lockFolder && dir == filepath.Clean(f.configDir):
		case !e.IsDir() && isOurs(name, inSetup):
			ours = append(ours, name)
		default:
			shared = true
		}
	}
	return ours, shared
}

// isOurs knows our files by their names, the temporary ones included.
func isOurs(name string, inSetup bool) bool {
	if whole, ok := cutTemporary(name); ok {
		name = whole
	}
	if inSetup {
		return strings.HasSuffix(strings.TrimSuffix(name, ".unreadable"), ".json")
	}
	switch name {
	case profilesName, profilesName + ".bak", updateLock, probeName, stateIDName, ageName, ageKeyName, ageLock:
		return true
	}
	return strings.HasPrefix(name, "profile-") && strings.HasSuffix(name, ".lock") ||
		strings.HasPrefix(name, pendingPrefix) && (strings.HasSuffix(name, pendingSuffix) || strings.HasSuffix(name, ".lock")) ||
		strings.HasPrefix(name, notePrefix) && strings.HasSuffix(name, noteSuffix) ||
		strings.HasPrefix(name, rescuePrefix) && strings.HasSuffix(name, rescueSuffix)
}

// cutTemporary gives the name of the file that a temporary one was to become.
func cutTemporary(name string) (whole string, ok bool) {
	rest, ok := strings.CutSuffix(name, ".tmp")
	i := strings.LastIndexByte(rest, '.')
	if !ok || i <= 0 || strings.Trim(rest[i+1:], "0123456789") != "" {
		return "", false
	}
	return rest[:i], true
}

// Leftover is a temporary file of a process that was killed while it wrote.
type Leftover struct {
	Path string
	// For is the file of the rescue place that it was to become, where that one is
	// not there: it may be the only copy of a secret. Empty for what may go.
	For string
}

// Leftovers lists the temporary files of ours that nobody has written to since
// before. A process that is writing now needs no more than a moment.
func (f *File) Leftovers(before time.Time) []Leftover {
	var out []Leftover
	for _, dir := range f.dirs() {
		names, _ := f.content(dir)
		for _, name := range names {
			whole, temporary := cutTemporary(name)
			path := filepath.Join(dir, name)
			if info, err := os.Lstat(path); !temporary || err != nil || !info.ModTime().Before(before) {
				continue
			}
			left := Leftover{Path: path}
			if becomes := filepath.Join(dir, whole); strings.HasPrefix(whole, rescuePrefix) {
				if _, err := os.Lstat(becomes); errors.Is(err, fs.ErrNotExist) {
					left.For = becomes
				}
			}
			out = append(out, left)
		}
	}
	return out
}

// Clear removes a leftover that may go; one that is gone already is no error.
func (f *File) Clear(l Leftover) error {
	if l.For != "" {
		return nil
	}
	return remove(l.Path)
}
