package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"example.com/sfconnect/internal/fault"
)

// probeSize is more than one profile adds to the file.
const probeSize = 16 << 10

// Probe finds what Update would refuse, and changes no profile, so that a login
// whose result could not be saved is never begun: both folders are there or can
// be made (0700), take a file and have room for it, the profiles file can be read,
// holds nothing that writing would drop and can be replaced, and the lock works. Another writer
// at this moment is no failure and is not waited for. Faults as Update gives them.
func (f *File) Probe(ctx context.Context) error {
	busy := fault.New(fault.ProfileBusy, "save", "Another sfconnect is writing the profiles.", "Try again.")
	release, err := f.acquire(ctx, updateLock, 0, nil, func(string) *fault.Fault { return busy })
	if err != nil && !errors.Is(err, busy) {
		return err
	}
	defer release()
	alone := err == nil
	if alone {
		removeLeftovers(f.stateDir, probeName) // others' too, but theirs has served
	}
	if err := tryWriting(f.stateDir, probeName, 1); err != nil {
		return unlockable(f.stateDir, stateVariable, err)
	}
	at, err := f.loadWhole()
	if err != nil {
		return err
	}
	err = f.probeFolders(at.data)
	if err == nil && alone && at.data != nil {
		// One that is mounted by itself refuses that, in a folder that takes other files.
		err = takeOwnPlace(ctx, f.target(), at.data)
	}
	if err != nil {
		return f.unwritable(err)
	}
	return nil
}

// probeName begins the names of the files that a probe makes in the state folder.
const probeName = "probe"

func (f *File) probeFolders(data []byte) error {
	if err := os.MkdirAll(f.configDir, 0o700); err != nil {
		return err
	}
	size := len(data) + probeSize
	// Named as those of Update are, which removes what a killed probe leaves.
	if err := tryWriting(f.configDir, profilesName, size); err != nil {
		return err
	}
	if data == nil {
		return nil
	}
	if info, err := os.Lstat(f.Backup()); err == nil && info.IsDir() {
		return &fs.PathError{Op: "replace", Path: f.Backup(), Err: errors.New("it is a folder")}
	}
	if dir := filepath.Dir(f.target()); dir != filepath.Clean(f.configDir) {
		return tryWriting(dir, profilesName, size)
	}
	return nil
}

// takeOwnPlace replaces a file by itself: content and permissions stay.
func takeOwnPlace(ctx context.Context, path string, data []byte) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if err := ReplaceFile(ctx, path, data); err != nil {
		return err
	}
	return os.Chmod(path, info.Mode().Perm())
}

// tryWriting makes a file of that size in dir and removes it.
func tryWriting(dir, base string, size int) error {
	temp, err := os.CreateTemp(dir, base+".*.tmp")
	if err != nil {
		return err
	}
	_, err = temp.Write(make([]byte, size))
	err = errors.Join(err, temp.Close())
	return errors.Join(err, remove(temp.Name())) // unless another writer has cleared it
}
