package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
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
// use by goroutines and by processes that share one of the folders. The exported
// durations may be changed before first use.
type File struct {
	LockWait    time.Duration // how long Lock waits for another holder; 60 s
	NoticeAfter time.Duration // when Lock calls waiting; 2 s
	UpdateWait  time.Duration // how long Update waits for another writer; 10 s
	Poll        time.Duration // between two tries at a lock; 25 ms

	configDir, stateDir string

	turn chan struct{} // of whoever writes for all that wait in queue

	reading sync.Mutex // held over a reading of the file

	mu     sync.Mutex
	read   *content // as it was last read or written
	coming *content // what is being written
	queued []*pending
}

// NewFile uses profiles.json in configDir and lock files in both folders. Neither
// folder needs to exist: Load never creates anything, Update and Lock do (0700).
func NewFile(configDir, stateDir string) *File {
	return &File{
		LockWait: time.Minute, NoticeAfter: 2 * time.Second, UpdateWait: 10 * time.Second, Poll: 25 * time.Millisecond,
		configDir: configDir, stateDir: stateDir, turn: make(chan struct{}, 1),
	}
}

// Path is where the profiles are kept.
func (f *File) Path() string { return filepath.Join(f.configDir, profilesName) }

// Backup is where the profiles as they were before the last change are kept.
func (f *File) Backup() string { return f.Path() + ".bak" }

// Missing reports that there is no profiles file, and whether there is a backup of one:
// then it was there once, and is lost.
func (f *File) Missing() (missing, backup bool) {
	_, err := os.Lstat(f.Path())
	_, none := os.Lstat(f.Backup())
	return errors.Is(err, fs.ErrNotExist), none == nil
}

// Load reads the profiles. A missing file or folder is an empty set. Whatever
// cannot be read as ours (torn, foreign, of a newer schema, not a file, not
// permitted) is a fault store_corrupt that names the file and its backup; the
// file is left as it is. Fields that this version does not know are ignored.
//
// The set is shared with other callers: it is for reading. While the file stays as it
// is it is decoded once, so that a command for thousands of profiles reads it once.
func (f *File) Load() (Set, error) {
	if set, same := f.unchanged(); same {
		return set, nil
	}
	f.reading.Lock() // else many who come at once decode the same thing
	defer f.reading.Unlock()
	if set, same := f.unchanged(); same {
		return set, nil
	}
	c, err := f.load()
	return c.set, err
}

// unchanged is the set as it was read, while the file looks the same.
func (f *File) unchanged() (Set, bool) {
	info, err := os.Stat(f.Path())
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil || !f.read.is(info) {
		return Set{}, false
	}
	return f.read.set, true
}

// content is a file as it was read or written.
type content struct {
	info  fs.FileInfo // nil where it does not tell a later change
	data  []byte      // nil for no file
	set   Set
	whole bool // the set holds all that data does
}

// settled is how old a file must be when it is read for its time to tell a later
// change: file systems stamp coarsely.
const settled = 50 * time.Millisecond

// is reports whether the file of info is still what was read.
func (c *content) is(info fs.FileInfo) bool {
	return c != nil && c.info != nil && os.SameFile(c.info, info) && c.info.Size() == info.Size() && c.info.ModTime().Equal(info.ModTime())
}

func (f *File) remember(c *content) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.read = c
}

func (f *File) expect(c *content) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.coming = c
}

// known is what was read or written before, if it was the same.
func (f *File) known(data []byte) (content, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range []*content{f.read, f.coming} {
		if c != nil && bytes.Equal(c.data, data) {
			return *c, true
		}
	}
	return content{}, false
}

func (f *File) load() (content, error) {
	none := content{set: Set{Schema: Schema, Profiles: map[string]Profile{}}}
	info, data, err := readRegular(f.Path())
	if errors.Is(err, fs.ErrNotExist) && !f.noFolder() {
		return none, nil
	}
	if err != nil {
		return none, f.corrupt(err)
	}
	c, known := f.known(data)
	if !known {
		c = content{data: data}
		if c.set, err = decode(data); err != nil {
			return none, f.corrupt(err)
		}
	}
	c.info = nil
	if time.Since(info.ModTime()) > settled {
		c.info = info
	}
	f.remember(&c)
	return c, nil
}

// loadWhole is load for a set that is to be written back: it also refuses what
// writing would drop, and decodes again, since a reader may have altered what it got.
func (f *File) loadWhole() (content, error) {
	c, err := f.load()
	if err != nil || c.data == nil {
		return c, err
	}
	if !c.whole {
		if why := onlyKnown(c.data); why != nil {
			return c, f.corrupt(why)
		}
	}
	if c.set, err = decode(c.data); err != nil {
		return c, f.corrupt(err)
	}
	return c, nil
}

// readRegular reads a whole file, and refuses a pipe or device before it can hang.
func readRegular(path string) (fs.FileInfo, []byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, nil, errors.New("it is not a regular file")
	}
	if info.Size() > largestFile {
		return nil, nil, fmt.Errorf("it has %d bytes", info.Size())
	}
	data, err := readShared(path)
	return info, data, err
}

// decode reads a profiles file's bytes and checks them.
func decode(data []byte) (Set, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return Set{}, errors.New("it is empty")
	}
	var set Set
	if err := json.Unmarshal(data, &set); err != nil {
		return Set{}, fmt.Errorf("it is not the JSON that sfconnect writes: %w", err)
	}
	return set, check(set)
}

// check fails where a set lacks what the rest of the program relies on, and fills in the
// store of profiles that name none.
func check(set Set) error {
	if set.Schema > Schema {
		return fmt.Errorf("a newer sfconnect wrote it (schema %d, this version reads %d)", set.Schema, Schema)
	}
	if set.Schema != Schema || set.Profiles == nil {
		return errors.New("it is not a profiles file of sfconnect")
	}
	owners := make(map[string]string, len(set.Profiles))
	for name, p := range set.Profiles {
		if CheckName(name) != nil {
			return fmt.Errorf("%q is no name for a profile", name)
		}
		if p.ID == "" {
			return fmt.Errorf("profile %q has no id", name)
		}
		if other, taken := owners[p.ID]; taken {
			return fmt.Errorf("profiles %q and %q have the same id", min(name, other), max(name, other))
		}
		owners[p.ID] = name
		if p.StoredIn == "" {
			p.StoredIn = keychainName
			set.Profiles[name] = p
		}
	}
	return nil
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

// target is the file to replace: where the profiles are a symbolic link, which
// dotfile managers make, the link stays and what it points to is replaced.
func (f *File) target() string {
	if target, err := filepath.EvalSymlinks(f.Path()); err == nil {
		return target
	}
	return f.Path()
}

// noFolder reports that a file stands in the place of the configuration folder. Windows
// says of what is looked for in it that it does not exist.
func (f *File) noFolder() bool {
	info, err := os.Stat(f.configDir)
	return err == nil && !info.IsDir()
}

func (f *File) corrupt(why error) *fault.Fault {
	if f.noFolder() {
		return fault.New(fault.StoreCorrupt, "store", "The profiles could not be read: "+f.configDir+" is no folder.",
			"Move that file away, or name a folder with "+configVariable+".").Because(why)
	}
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
