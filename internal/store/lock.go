package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/gofrs/flock"

	"example.com/sfconnect/internal/fault"
)

// Lock makes the caller the only one to work on profile until release is called, in
// this process and in any other that shares one of the two folders: who shares the
// secrets shares the configuration folder, and not always the state folder. Hold it
// over "read the secrets, refresh, save", never while a person is awaited.
//
// It waits up to LockWait and calls waiting (may be nil) once after NoticeAfter.
// release is never nil, may be called twice, and the kernel does it for a killed
// process. Faults: profile_busy, store_unwritable where no lock can be had,
// interrupted (with ctx's error as cause) when ctx ends first.
func (f *File) Lock(ctx context.Context, profile string, waiting func()) (release func(), err error) {
	return f.acquire(ctx, lockName(profile), f.LockWait, waiting, func(lock string) *fault.Fault {
		return fault.New(fault.ProfileBusy, "store",
			fmt.Sprintf("Nothing was done: another sfconnect has been busy with profile %q for %s.", profile, f.LockWait),
			"Wait for it to finish, or end it, and try again. Its lock is\n  "+lock)
	})
}

// lockName keeps any two profile names apart, on a file system that ignores
// case too, whatever characters they have.
func lockName(profile string) string {
	sum := sha256.Sum256([]byte(profile))
	return "profile-" + hex.EncodeToString(sum[:16]) + ".lock"
}

// lockFolder is where the locks of the configuration folder lie.
const lockFolder = "locks"

// acquire takes the lock of that name in the state folder, then the one in the
// configuration folder: always in this order, so that no two wait for each other.
// busy explains which of them could not be had in time.
func (f *File) acquire(ctx context.Context, name string, limit time.Duration, waiting func(), busy func(lock string) *fault.Fault) (func(), error) {
	end := time.NewTimer(limit)
	defer end.Stop()
	notice := time.NewTimer(f.NoticeAfter)
	defer notice.Stop()
	w := wait{f.Poll, end.C, notice.C, waiting}
	own, err := w.lock(ctx, filepath.Join(f.stateDir, name), busy)
	if err != nil {
		return func() {}, unlockable(f.stateDir, stateVariable, err)
	}
	folder := filepath.Join(f.configDir, lockFolder)
	shared, err := w.lock(ctx, filepath.Join(folder, name), busy)
	switch {
	case err == nil:
		return func() { shared(); own() }, nil
	case takesNoFile(err):
		return own, nil // what is shared there changes for nobody
	}
	own()
	return func() {}, unlockable(folder, configVariable, err)
}

// takesNoFile tells a folder that this user cannot write.
func takesNoFile(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) || errors.Is(err, syscall.ENOTDIR)
}

// wait is one wait for locks, however many.
type wait struct {
	poll        time.Duration
	end, notice <-chan time.Time
	waiting     func()
}

// lock waits for one lock, which it makes. Its error is a fault where somebody else
// holds it, or ctx has ended.
func (w wait) lock(ctx context.Context, path string, busy func(lock string) *fault.Fault) (release func(), err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	// A file of its own: locking the data file would block its replacement on
	// Windows. It is never removed, else two processes could hold "the" lock.
	lock := flock.New(path)
	retry := time.NewTicker(w.poll)
	defer retry.Stop()
	for {
		if err := ctx.Err(); err != nil {
			return nil, interrupted("another sfconnect was awaited", err)
		}
		got, err := lock.TryLock()
		if err != nil {
			return nil, err
		}
		if got {
			return sync.OnceFunc(func() { _ = lock.Unlock() }), nil
		}
		select {
		case <-ctx.Done():
		case <-retry.C:
		case <-w.notice:
			if w.waiting != nil {
				w.waiting()
			}
		case <-w.end:
			return nil, busy(path)
		}
	}
}

// unlockable explains why no lock could be had in a folder, which that variable chooses.
func unlockable(dir, variable string, why error) error {
	var known *fault.Fault
	if errors.As(why, &known) {
		return why
	}
	return fault.New(fault.StoreUnwritable, "store", "No lock could be had in "+dir+": "+why.Error()+".",
		"Make sure that the folder may be written and is on a local disk, or choose another with "+variable+".").Because(why)
}

const stateVariable, configVariable = "SFCONNECT_STATE_DIR", "SFCONNECT_CONFIG_DIR"

// interrupted is for a context that ended: Ctrl-C, or a deadline of the caller's.
func interrupted(while string, cause error) *fault.Fault {
	if errors.Is(cause, context.DeadlineExceeded) {
		return fault.New(fault.StoreTimeout, "store", "The time allowed was over while "+while+".", "Try again.").Because(cause)
	}
	return fault.New(fault.Interrupted, "store", "Interrupted while "+while+".", "").Because(cause)
}
