package store

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"example.com/sfconnect/internal/fault"
)

// Pending is the owner of secrets to which no profile points: those of a sign-in that
// is not finished, or was cut off, or of a connection that was replaced and may be put
// back. It lies among the locks of the configuration folder and holds no secret.
type Pending struct {
	Owner       string    `json:"owner"` // Profile.ID
	Kept        bool      `json:"kept"`  // replaced, and may be put back: nothing of it is cleared
	Profile     string    `json:"profile"`
	Store       string    `json:"store"` // Secrets.Name
	LoginURL    string    `json:"login_url"`
	TrustHost   bool      `json:"trust_host"`
	ConsumerKey string    `json:"consumer_key"`
	NotOurs     bool      `json:"not_ours"` // its token is somebody else's too: it is never revoked
	Began       time.Time `json:"began"`
}

const pendingPrefix, pendingSuffix = "signin-", ".json"

func (f *File) pendingPath(owner string) string {
	return filepath.Join(f.configDir, lockFolder, pendingPrefix+owner+pendingSuffix)
}

func (f *File) pendingLock(owner string) string {
	return filepath.Join(f.configDir, lockFolder, pendingPrefix+owner+".lock")
}

// Claim is a Pending that this process alone works on. Call one of its methods, once;
// those of the zero Claim do nothing.
type Claim struct {
	Pending
	f       *File
	release func()
}

// Keep lets go of it and leaves the entry, for who comes next.
func (c Claim) Keep() {
	if c.f != nil {
		c.release()
	}
}

// Drop removes the entry: nothing is left of the sign-in, or a profile has it.
func (c Claim) Drop() {
	if c.f == nil {
		return
	}
	_ = c.f.DropPending(c.Owner)
	c.release()
	_ = remove(c.f.pendingLock(c.Owner)) // no other process looks for it without the entry
}

// Pend notes durably that secrets are about to be written under an owner, and claims it.
func (f *File) Pend(ctx context.Context, p Pending) (Claim, error) {
	release, got, err := f.claim(ctx, p.Owner)
	if err == nil && got {
		if err = f.notePending(p); err == nil {
			return Claim{p, f, release}, nil
		}
		release()
	}
	if err == nil {
		err = errors.New("another process holds the lock of a name that was just drawn")
	}
	return Claim{}, f.unwritable(err)
}

// NoteKept notes that an owner's connection was replaced and may be put back.
func (f *File) NoteKept(owner string) error {
	return f.notePending(Pending{Owner: owner, Kept: true})
}

// DropPending removes the entry of an owner; none is no error.
func (f *File) DropPending(owner string) error { return remove(f.pendingPath(owner)) }

func (f *File) notePending(p Pending) error {
	text, err := json.Marshal(p)
	if err == nil {
		err = os.MkdirAll(filepath.Join(f.configDir, lockFolder), 0o700)
	}
	if err == nil {
		err = ReplaceFile(context.Background(), f.pendingPath(p.Owner), text)
	}
	return err
}

// claim takes the lock of an owner without waiting.
func (f *File) claim(ctx context.Context, owner string) (release func(), got bool, err error) {
	taken := fault.New(fault.ProfileBusy, "store", "A sign-in is under way.", "")
	over := make(chan time.Time)
	close(over)
	release, err = wait{poll: f.Poll, end: over}.lock(ctx, f.pendingLock(owner), func(string) *fault.Fault { return taken })
	if errors.Is(err, error(taken)) {
		return nil, false, nil
	}
	return release, err == nil, err
}

// PendingOwners lists the owners of all entries, those of living processes included.
func (f *File) PendingOwners() []string {
	var owners []string
	for _, name := range namesIn(filepath.Join(f.configDir, lockFolder), pendingPrefix, pendingSuffix) {
		owners = append(owners, strings.TrimSuffix(strings.TrimPrefix(name, pendingPrefix), pendingSuffix))
	}
	return owners
}

// Dead claims the entry of a sign-in whose process has ended; false where it lives, or
// the entry is of another kind, or gone.
func (f *File) Dead(ctx context.Context, owner string) (Claim, bool) {
	release, got, err := f.claim(ctx, owner)
	if err != nil || !got {
		return Claim{}, false
	}
	var p Pending
	text, err := readShared(f.pendingPath(owner))
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	if err == nil && p.Owner == owner && !p.Kept {
		return Claim{p, f, release}, true
	}
	release()
	if errors.Is(err, fs.ErrNotExist) || p.Kept {
		_ = remove(f.pendingLock(owner))
	}
	return Claim{}, false
}
