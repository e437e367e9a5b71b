package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"example.com/sfconnect/internal/fault"
)

const (
	profilesName = "profiles.json"
	updateLock   = "profiles.lock"

	// largestFile is far above what any number of profiles needs; what is larger is not ours.
	largestFile = 32 << 20
)

// File is the profiles file and the locks around it. It is safe for concurrent
// use by goroutines and by processes that share the folders. The exported
// durations may be changed before first use.
type File struct {
	LockWait    time.Duration // how long Lock waits for another holder; 60 s
	NoticeAfter time.Duration // when Lock calls waiting; 2 s
	UpdateWait  time.Duration // how long Update waits for another writer; 10 s
	Poll        time.Duration // between two tries at a lock; 25 ms

	configDir, stateDir string
}

// NewFile uses profiles.json in configDir and lock files in stateDir. Neither
// folder needs to exist: Load never creates anything, Update and Lock do (0700).
func NewFile(configDir, stateDir string) *File {
	return &File{
		LockWait: time.Minute, NoticeAfter: 2 * time.Second, UpdateWait: 10 * time.Second, Poll: 25 * time.Millisecond,
		configDir: configDir, stateDir: stateDir,
	}
}

// Path is where the profiles are kept.
func (f *File) Path() string { return filepath.Join(f.configDir, profilesName) }

// Backup is where the profiles as they were before the last change are kept.
func (f *File) Backup() string { return f.Path() + ".bak" }

// Load reads the profiles. A missing file or folder is an empty set. Whatever
// cannot be read as ours (torn, foreign, of a newer schema, not a file, not
// permitted) is a fault store_corrupt that names the file and its backup; the
// file is left as it is. Fields that this version does not know are ignored.
func (f *File) Load() (Set, error) {
	set, _, err := f.load()
	return set, err
}

func (f *File) load() (Set, []byte, error) {
	empty := Set{Schema: Schema, Profiles: map[string]Profile{}}
	data, err := readRegular(f.Path())
	if errors.Is(err, fs.ErrNotExist) {
		return empty, nil, nil
	}
	if err != nil {
		return empty, nil, f.corrupt(err)
	}
	set, err := decode(data)
	if err != nil {
		return empty, nil, f.corrupt(err)
	}
	return set, data, nil
}

// loadWhole is load for a set that is to be written back: it also refuses what
// writing would drop.
func (f *File) loadWhole() (Set, []byte, error) {
	set, data, err := f.load()
	if err == nil && data != nil {
		if why := onlyKnown(data); why != nil {
			err = f.corrupt(why)
		}
	}
	return set, data, err
}

// readRegular reads a whole file, and refuses a pipe or device before it can hang.
func readRegular(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is not a regular file")
	}
	if info.Size() > largestFile {
		return nil, fmt.Errorf("it has %d bytes", info.Size())
	}
	return readShared(path)
}

// decode reads a profiles file's bytes and checks what the rest of the program relies on.
func decode(data []byte) (Set, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return Set{}, errors.New("it is empty")
	}
	var set Set
	if err := json.Unmarshal(data, &set); err != nil {
		return Set{}, fmt.Errorf("it is not the JSON that sfconnect writes: %w", err)
	}
	if set.Schema > Schema {
		return Set{}, fmt.Errorf("a newer sfconnect wrote it (schema %d, this version reads %d)", set.Schema, Schema)
	}
	if set.Schema != Schema || set.Profiles == nil {
		return Set{}, errors.New("it is not a profiles file of sfconnect")
	}
	owners := make(map[string]string, len(set.Profiles))
	for name, p := range set.Profiles {
		if CheckName(name) != nil {
			return Set{}, fmt.Errorf("%q is no name for a profile", name)
		}
		if p.ID == "" {
			return Set{}, fmt.Errorf("profile %q has no id", name)
		}
		if other, taken := owners[p.ID]; taken {
			return Set{}, fmt.Errorf("profiles %q and %q have the same id", min(name, other), max(name, other))
		}
		owners[p.ID] = name
	}
	return set, nil
}

// onlyKnown fails where writing the decoded set back would drop something.
func onlyKnown(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var set Set
	if err := d.Decode(&set); err != nil {
		return fmt.Errorf("it holds something that this version of sfconnect does not know, and would lose by writing it: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows its end")
	}
	return nil
}

func encode(set Set) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(set); err != nil {
		return nil, fmt.Errorf("encode the profiles: %w", err)
	}
	return b.Bytes(), nil
}

// Update reads the set, lets change alter it and writes it back, all under a
// lock, so that concurrent updates never lose one another. An error of change is
// returned as it is and nothing is written. The new file replaces the old one
// whole or not at all, survives a power cut once Update has returned (where the
// file system can make a rename durable), is 0600, and the one before it is kept
// as Backup. An error always means that the profiles are as they were. Faults: store_corrupt as for Load and
// where the file holds fields that writing would drop, store_unwritable,
// profile_busy after UpdateWait, interrupted when ctx ends while waiting.
func (f *File) Update(ctx context.Context, change func(*Set) error) error {
	release, err := f.acquire(ctx, updateLock, f.UpdateWait, nil, func() *fault.Fault {
		return fault.New(fault.ProfileBusy, "save", "The profiles were not changed: another sfconnect has been writing them for "+f.UpdateWait.String()+".",
			"See what is running and try again. The lock is "+filepath.Join(f.stateDir, updateLock)+"; it is freed when its holder ends.")
	})
	if err != nil {
		return err
	}
	defer release()

	set, before, err := f.loadWhole()
	if err != nil {
		return err
	}
	if err := change(&set); err != nil {
		return err
	}
	after, err := encode(set)
	if err != nil {
		return err
	}
	if bytes.Equal(before, after) {
		return nil
	}
	if _, err := decode(after); err != nil {
		return fault.New(fault.Internal, "save", "The profiles were not changed: what was to be written is not valid.",
			"Run the command again with --verbose and report what it prints.").Because(err)
	}
	return f.write(ctx, before, after)
}

func (f *File) write(ctx context.Context, before, after []byte) error {
	if err := os.MkdirAll(f.configDir, 0o700); err != nil {
		return f.unwritable(err)
	}
	if before != nil {
		if err := replaceFile(ctx, f.Backup(), before); err != nil {
			return f.unwritable(err)
		}
	}
	if err := replaceFile(ctx, f.target(), after); err != nil {
		return f.unwritable(err)
	}
	return nil
}

// target is the file to replace: where the profiles are a symbolic link, which
// dotfile managers make, the link stays and what it points to is replaced.
func (f *File) target() string {
	if target, err := filepath.EvalSymlinks(f.Path()); err == nil {
		return target
	}
	return f.Path()
}

func (f *File) corrupt(why error) *fault.Fault {
	hint := "It was left as it is. Mend it, or move it away and connect again with: sfconnect init"
	if _, err := os.Stat(f.Backup()); err == nil {
		hint = "It was left as it is. The profiles before the last change are in\n  " + f.Backup() + "\nLook at both, and copy the backup over it if that is the right one."
	}
	reason := why.Error()
	var at *fs.PathError
	if errors.As(why, &at) {
		reason = at.Err.Error() // the path is in the sentence already
	}
	return fault.New(fault.StoreCorrupt, "store", "The profiles could not be read from "+f.Path()+": "+reason+".", hint).Because(why)
}

func (f *File) unwritable(why error) *fault.Fault {
	return fault.New(fault.StoreUnwritable, "save", "The profiles were not saved in "+f.configDir+": "+why.Error()+".",
		replaceHint(why)).Because(why)
}
