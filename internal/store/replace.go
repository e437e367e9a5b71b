package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// replaceFile is ReplaceFile under a lock: what killed writers left goes first.
func replaceFile(ctx context.Context, path string, data []byte) error {
	removeLeftovers(filepath.Split(path))
	return ReplaceFile(ctx, path, data)
}

// ReplaceFile puts data at path (0600) in one step: a reader sees the old content
// or the new, and after a power cut one of the two is there. Of several callers
// at once the last one wins. An error means that the old content is still there;
// ctx ends only the wait for a file that Windows says is in use, at most 2 s.
func ReplaceFile(ctx context.Context, path string, data []byte) error {
	dir, base := filepath.Split(path)
	temp, err := os.CreateTemp(dir, base+".*.tmp") // 0600
	if err != nil {
		return err
	}
	return putInPlace(ctx, temp, path, data)
}

// replaceAlone is ReplaceFile for a path that has one writer at a time: what a killed
// one left has a name that is known, and need not be looked for among thousands of files.
func replaceAlone(ctx context.Context, path string, data []byte) error {
	name := path + ".0.tmp"
	if err := remove(name); err != nil {
		return err
	}
	temp, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return putInPlace(ctx, temp, path, data)
}

func putInPlace(ctx context.Context, temp *os.File, path string, data []byte) (err error) {
	defer func() {
		if err != nil {
			_ = os.Remove(temp.Name())
		}
	}()
	_, err = temp.Write(data)
	if err == nil {
		err = temp.Sync()
	}
	if err = errors.Join(err, temp.Close()); err != nil {
		return err
	}
	if err = patiently(ctx, func() error { return rename(temp.Name(), path) }); err != nil {
		return err
	}
	syncFolder(filepath.Dir(path))
	return nil
}

// remove takes a file away; one that is gone is no error.
func remove(path string) error {
	err := patiently(context.Background(), func() error { return os.Remove(path) })
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// replaceHint is what to do about a file in the configuration folder that could not
// be replaced.
func replaceHint(why error) string {
	if errors.Is(why, syscall.EBUSY) {
		return "The file itself is mounted, as it is where a container is handed a single file: mount its folder instead."
	}
	return "Make sure that the folder may be written and the disk has room, or choose another with SFCONNECT_CONFIG_DIR."
}

// removeLeftovers clears the temporary files of a process that was killed mid-write.
func removeLeftovers(dir, base string) {
	for _, name := range namesIn(dir, base+".", ".tmp") {
		_ = os.Remove(filepath.Join(dir, name))
	}
}

// namesIn lists what begins and ends so in a folder, whose own path may have any
// characters; nothing where it cannot be read.
func namesIn(dir, prefix, suffix string) (names []string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if len(e.Name()) >= len(prefix)+len(suffix) && strings.HasPrefix(e.Name(), prefix) && strings.HasSuffix(e.Name(), suffix) {
			names = append(names, e.Name())
		}
	}
	return names
}

// syncFolder makes a rename durable where it can. It has happened all the same
// where that fails (a folder that may not be read, a file system without such a
// call), and so there is no error. On Windows rename itself does it.
func syncFolder(dir string) {
	if runtime.GOOS == "windows" {
		return
	}
	d, err := os.Open(dir)
	if err != nil {
		return
	}
	_ = d.Sync()
	_ = d.Close()
}

// readShared reads a file that another process may be replacing at this moment.
func readShared(path string) (data []byte, err error) {
	err = patiently(context.Background(), func() error {
		data, err = os.ReadFile(path)
		return err
	})
	return data, err
}

// patiently repeats do while Windows says that another process has the file
// open, which a reader or a virus scanner does for a moment, for at most 2 s.
func patiently(ctx context.Context, do func() error) error { return repeat(ctx, heldByAnother, do) }

// repeat repeats do while its error is held.
func repeat(ctx context.Context, held func(error) bool, do func() error) error {
	for try := 0; ; try++ {
		err := do()
		if err == nil || !held(err) || try >= 200 {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(10 * time.Millisecond):
		}
	}
}
