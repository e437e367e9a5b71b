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
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"filippo.io/age"

	"example.com/sfconnect/internal/secret"
)

const (
	ageName = "secrets.age"
	ageLock = "secrets.lock"

	// ageSchema is the version of what is inside the file.
	ageSchema = 1
)

// AgeFile is a Keychain for machines without one: all secrets in one file, which
// is encrypted with age (age-encryption.org/v1) and replaced whole. Nothing is
// read or asked before the first call, and nothing is decrypted twice while the
// file stays the same. Writers in several processes never lose one another's
// items. It is safe for concurrent use. Set the exported fields before first use.
type AgeFile struct {
	Key   AgeKey
	Tell  func(text string)  // what a person must hear: a key beside the file, mended modes; may be nil
	Trace func(text string)  // what only helps those who look closer; may be nil
	Hide  func(secret.Value) // told of every key that is read or made; may be nil
	// OwnFolder says that nobody chose the folder, so that its mode may be mended.
	OwnFolder bool
	LockWait  time.Duration // how long a write waits for another writer; 10 s

	// WorkFactor is scrypt's for a passphrase's key that is made, as a power of two.
	// 16 is 0.25 s and 64 MiB for each guess; docs/decisions has the measurement.
	WorkFactor int

	files *File // its folders, and the locks

	opening sync.Mutex // held while a person is asked
	key     *ageKey    // nil until it is opened
	failed  error      // what opening ended with; it is not tried again

	mu    sync.Mutex
	items map[string]string // as the file of stamp has them
	stamp fs.FileInfo
	taken bool // the file was replaced once, and so it can be

	judged atomic.Bool // the folder's mode was looked at
}

// NewAgeFile uses secrets.age and, where a passphrase opens it, secrets.key.age in
// configDir, and a lock file in both folders. Folders are made when they are needed.
func NewAgeFile(configDir, stateDir string) *AgeFile {
	return &AgeFile{LockWait: 10 * time.Second, WorkFactor: 16, files: NewFile(configDir, stateDir)}
}

// Path is where the secrets are kept.
func (f *AgeFile) Path() string { return filepath.Join(f.files.configDir, ageName) }

// Name implements Named.
func (*AgeFile) Name() string { return "file" }

// Label implements Named.
func (f *AgeFile) Label() string { return "the file store (" + f.Path() + ")" }

// patience is the limit for one call: a write may wait for another writer.
func (f *AgeFile) patience() time.Duration { return f.LockWait + 5*time.Second }

// Get implements Keychain.
func (f *AgeFile) Get(service, user string) (string, error) {
	key, err := f.open(context.Background(), false)
	if err != nil {
		return "", err
	}
	if key == nil {
		return "", ErrNotFound
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	items, err := f.load(key, true)
	if err != nil {
		return "", err
	}
	value, ok := items[service+"/"+user]
	if !ok {
		return "", ErrNotFound
	}
	return value, nil
}

// Set implements Keychain.
func (f *AgeFile) Set(service, user, value string) error {
	key, err := f.open(context.Background(), true)
	if err != nil {
		return err
	}
	return f.change(key, func(items map[string]string) (changed bool, err error) {
		name := service + "/" + user
		old, ok := items[name]
		items[name] = value
		return !ok || old != value, nil
	})
}

// Delete implements Keychain.
func (f *AgeFile) Delete(service, user string) error {
	key, err := f.open(context.Background(), false)
	if err != nil {
		return err
	}
	if key == nil {
		return ErrNotFound
	}
	return f.change(key, func(items map[string]string) (changed bool, err error) {
		name := service + "/" + user
		if _, ok := items[name]; !ok {
			return false, ErrNotFound
		}
		delete(items, name)
		return true, nil
	})
}

// Blank implements blank.
func (f *AgeFile) Blank() bool {
	_, err := os.Lstat(f.Path())
	return errors.Is(err, fs.ErrNotExist)
}

// Accounts implements Lister.
func (f *AgeFile) Accounts(service string) ([]string, error) {
	key, err := f.open(context.Background(), false)
	if err != nil || key == nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	items, err := f.load(key, true)
	var users []string
	for name := range items {
		if user, ours := strings.CutPrefix(name, service+"/"); ours {
			users = append(users, user)
		}
	}
	return users, err
}

// Writable tells whether Set would find the file readable, the folders writable and
// room for it. A file that there is takes its own place: one that is mounted by itself
// refuses that, in a folder that takes every other file. Where that, or a Set, has gone
// well once it is not tried again.
func (f *AgeFile) Writable(ctx context.Context) error {
	key, err := f.open(ctx, false)
	if err != nil {
		return err
	}
	f.mu.Lock()
	taken := f.taken
	f.mu.Unlock()
	if taken {
		return nil
	}
	release, err := f.hold(ctx)
	if err != nil {
		return err
	}
	defer release()
	size := probeSize
	if key != nil {
		if _, err := f.load(key, true); err != nil {
			return err
		}
		if f.stamp != nil {
			size += int(f.stamp.Size())
		}
	}
	err = f.makeFolder()
	if err == nil {
		err = tryWriting(f.files.configDir, ageName, size)
	}
	if err != nil {
		return f.unwritable(err)
	}
	if f.stamp == nil {
		return nil
	}
	data, err := readShared(f.Path())
	if err != nil {
		return f.unreadable(f.Path(), err)
	}
	if err := f.put(ctx, f.Path(), data); err != nil {
		return err
	}
	f.stamp, err = f.look(f.Path()) // what was decrypted holds for the new file too
	f.taken = err == nil
	return err
}

// hold makes the caller the only one to work on the file, in this process and in others.
func (f *AgeFile) hold(ctx context.Context) (release func(), err error) {
	unlock, err := f.files.acquire(ctx, ageLock, f.LockWait, nil, f.busy)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	return func() { f.mu.Unlock(); unlock() }, nil
}

// load reads the items; a missing file has none. With cached, what was decrypted
// before serves as long as the file looks the same. f.mu is held.
func (f *AgeFile) load(key *ageKey, cached bool) (map[string]string, error) {
	info, err := f.look(f.Path())
	if errors.Is(err, fs.ErrNotExist) {
		f.items, f.stamp = nil, nil
		return map[string]string{}, nil
	}
	if err != nil {
		return nil, err
	}
	if cached && f.stamp != nil && os.SameFile(f.stamp, info) && f.stamp.Size() == info.Size() && f.stamp.ModTime().Equal(info.ModTime()) {
		return f.items, nil
	}
	data, err := readShared(f.Path())
	if err != nil {
		return nil, f.unreadable(f.Path(), err)
	}
	items, err := f.unseal(key, data)
	if err != nil {
		return nil, err
	}
	f.items, f.stamp = items, info
	return items, nil
}

// look finds a file of ours in order: a regular file, of a size that may be, for
// nobody else to read or write. A missing one is fs.ErrNotExist.
func (f *AgeFile) look(path string) (fs.FileInfo, error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fs.ErrNotExist
	case err != nil:
		return nil, f.unreadable(path, err)
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, f.corrupt(path, errors.New("it is a symbolic link, which is not followed"))
	case !info.Mode().IsRegular():
		return nil, f.corrupt(path, errors.New("it is not a regular file"))
	case info.Size() == 0:
		return nil, f.corrupt(path, errors.New("it is empty"))
	case info.Size() > largestFile:
		return nil, f.corrupt(path, fmt.Errorf("it has %d bytes", info.Size()))
	}
	if err := f.mendFolder(); err != nil {
		return nil, err
	}
	return info, f.mendFile(path, info)
}

// change alters the items under the lock. Without an error they were read back
// from the file. An error means that the file is as it was, except where it gave
// back something else than was written.
func (f *AgeFile) change(key *ageKey, alter func(map[string]string) (changed bool, err error)) error {
	ctx := context.Background() // what is begun is finished; LockWait is the bound
	release, err := f.hold(ctx)
	if err != nil {
		return err
	}
	defer release()
	items, err := f.load(key, false)
	if err != nil {
		return err
	}
	if changed, err := alter(items); err != nil || !changed {
		return err
	}
	f.stamp = nil // what is in memory is not what the file has, until it is read again
	sealed, err := seal(key, items)
	if err != nil {
		return err
	}
	if err := f.put(ctx, f.Path(), sealed); err != nil {
		return err
	}
	_, err = f.load(key, false)
	f.taken = f.taken || err == nil
	return err
}

// put replaces a file of ours and reads it back.
func (f *AgeFile) put(ctx context.Context, path string, data []byte) error {
	err := f.makeFolder()
	if err == nil {
		err = replaceFile(ctx, path, data)
	}
	if err != nil {
		return f.unwritable(err)
	}
	back, err := readShared(path)
	if err != nil {
		return f.unreadable(path, err)
	}
	if !bytes.Equal(back, data) {
		return f.corrupt(path, errors.New("it gave back something else than was written"))
	}
	return nil
}

func (f *AgeFile) makeFolder() error {
	if err := os.MkdirAll(f.files.configDir, 0o700); err != nil {
		return err
	}
	return f.mendFolder()
}

// secretsJSON is what the file holds inside; the names are SERVICE/OWNER/ITEM.
type secretsJSON struct {
	Schema int               `json:"schema"`
	Items  map[string]string `json:"items"`
}

func seal(key *ageKey, items map[string]string) ([]byte, error) {
	for name, value := range items {
		if strings.ToValidUTF8(value, "") != value {
			return nil, fmt.Errorf("the value of %s is no text", name)
		}
	}
	plain, err := json.Marshal(secretsJSON{ageSchema, items})
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	to := []age.Recipient{marked{key.to, key.sum}}
	if key.also != nil {
		to = append(to, key.also)
	}
	w, err := age.Encrypt(&b, to...)
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	// What could not be opened again must not take the place of what can.
	back, err := decrypt(b.Bytes(), key.from)
	if err != nil || !bytes.Equal(back, plain) {
		return nil, fmt.Errorf("what was encrypted does not open again: %w", err)
	}
	return b.Bytes(), nil
}

func (f *AgeFile) unseal(key *ageKey, data []byte) (map[string]string, error) {
	plain, err := decrypt(data, key.from)
	var no *age.NoIdentityMatchError
	switch {
	case errors.As(err, &no) && intact(data):
		return nil, f.otherKey(err)
	case errors.As(err, &no):
		return nil, f.corrupt(f.Path(), errors.New("its head is damaged, or it was not written by sfconnect"))
	case err != nil:
		return nil, f.corrupt(f.Path(), err)
	}
	items, err := decodeSecrets(plain)
	if err != nil {
		return nil, f.corrupt(f.Path(), err)
	}
	return items, nil
}

func decrypt(data []byte, from []age.Identity) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(data), from...)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// decodeSecrets refuses whatever writing it back would lose.
func decodeSecrets(plain []byte) (map[string]string, error) {
	var got secretsJSON
	if err := json.Unmarshal(plain, &got); err != nil {
		return nil, errors.New("what is inside is not the JSON that sfconnect writes")
	}
	if got.Schema > ageSchema {
		return nil, fmt.Errorf("a newer sfconnect wrote it (schema %d, this version reads %d)", got.Schema, ageSchema)
	}
	d := json.NewDecoder(bytes.NewReader(plain))
	d.DisallowUnknownFields()
	if d.Decode(&got) != nil || got.Schema != ageSchema || got.Items == nil {
		return nil, errors.New("what is inside is not the JSON that sfconnect writes")
	}
	return got.Items, nil
}

func onWindows() bool { return runtime.GOOS == "windows" }
