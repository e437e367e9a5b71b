package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"example.com/sfconnect/internal/fault"
)

// Lock makes the caller the only one, in this process and in any other that
// shares the state folder, to work on profile until release is called. Hold it
// over "read the secrets, refresh, save", never while a person is awaited.
//
// It waits up to LockWait and calls waiting (may be nil) once after NoticeAfter.
// release is never nil, may be called twice, and the kernel does it for a killed
// process. Faults: profile_busy, store_unwritable where the state folder cannot
// be used, interrupted (with ctx's error as cause) when ctx ends first.
func (f *File) Lock(ctx context.Context, profile string, waiting func()) (release func(), err error) {
	return f.acquire(ctx, lockName(profile), f.LockWait, waiting, func() *fault.Fault {
		return fault.New(fault.ProfileBusy, "store",
			fmt.Sprintf("Nothing was done: another sfconnect has been busy with profile %q for %s.", profile, f.LockWait),
			"Wait for it to finish, or end it, and try again. Its lock is\n  "+filepath.Join(f.stateDir, lockName(profile)))
	})
}

// lockName keeps any two profile names apart, on a file system that ignores
// case too, whatever characters they have.
func lockName(profile string) string {
	sum := sha256.Sum256([]byte(profile))
	return "profile-" + hex.EncodeToString(sum[:16]) + ".lock"
}

func (f *File) acquire(ctx context.Context, name string, limit time.Duration, waiting func(), busy func() *fault.Fault) (func(), error) {
	none := func() {}
	if err := os.MkdirAll(f.stateDir, 0o700); err != nil {
		return none, f.unlockable(err)
	}
	// A file of its own: locking the data file would block its replacement on
	// Windows. It is never removed, else two processes could hold "the" lock.
	lock := flock.New(filepath.Join(f.stateDir, name))
	give := sync.OnceFunc(func() { _ = lock.Unlock() })

	end := time.NewTimer(limit)
	defer end.Stop()
	notice := time.NewTimer(f.NoticeAfter)
	defer notice.Stop()
	retry := time.NewTicker(f.Poll)
	defer retry.Stop()
	for {
		if err := ctx.Err(); err != nil {
			return none, interrupted("another sfconnect was awaited", err)
		}
		got, err := lock.TryLock()
		if err != nil {
			return none, f.unlockable(err)
		}
		if got {
			return give, nil
		}
		select {
		case <-ctx.Done():
		case <-retry.C:
		case <-notice.C:
			if waiting != nil {
				waiting()
			}
		case <-end.C:
			return none, busy()
		}
	}
}

func (f *File) unlockable(why error) *fault.Fault {
	return fault.New(fault.StoreUnwritable, "store", "No lock could be had in "+f.stateDir+": "+why.Error()+".",
		"Make sure that the folder may be written and is on a local disk, or choose another with SFCONNECT_STATE_DIR.").Because(why)
}

// interrupted is for a context that ended: Ctrl-C, or a deadline of the caller's.
func interrupted(while string, cause error) *fault.Fault {
	if errors.Is(cause, context.DeadlineExceeded) {
		return fault.New(fault.StoreTimeout, "store", "The time allowed was over while "+while+".", "Try again.").Because(cause)
	}
	return fault.New(fault.Interrupted, "store", "Interrupted while "+while+".", "").Because(cause)
}
