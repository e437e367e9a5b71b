package store

import (
	"bytes"
	"context"
	"maps"
	"os"
	"slices"

	"example.com/sfconnect/internal/fault"
)

// pending is a change that waits to be written.
type pending struct {
	change func(*Set) error
	done   chan error // holds the outcome, once
}

// Update reads the set, lets change alter it and writes it back, all under a
// lock, so that concurrent updates never lose one another. Change may be called several
// times, each time with a set as it would be without the call before. An error of change is
// returned as it is and nothing of it is written. The new file replaces the old one
// whole or not at all, survives a power cut once Update has returned (where the
// file system can make a rename durable), is 0600, and the one before it is kept
// as Backup. An error always means that the profiles are as they were. Faults: store_corrupt as for Load and
// where the file holds fields that writing would drop, store_unwritable,
// profile_busy after UpdateWait, interrupted when ctx ends while waiting.
//
// Changes of one process that wait at the same time are written together, one after
// the other in one file: a command for a thousand profiles writes few files.
func (f *File) Update(ctx context.Context, change func(*Set) error) error {
	p := &pending{change, make(chan error, 1)}
	f.mu.Lock()
	f.queued = append(f.queued, p)
	f.mu.Unlock()
	select {
	case err := <-p.done:
		return err
	case f.turn <- struct{}{}:
		defer func() { <-f.turn }()
		f.writeQueued(ctx, p)
	case <-ctx.Done():
		if f.withdraw(p) {
			return interrupted("another change was written", ctx.Err())
		}
	}
	return <-p.done
}

// withdraw takes p out of the queue; false where it is no longer in it.
func (f *File) withdraw(p *pending) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.Index(f.queued, p)
	if i < 0 {
		return false
	}
	f.queued = slices.Delete(f.queued, i, i+1)
	return true
}

func (f *File) takeQueued() []*pending {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := f.queued
	f.queued = nil
	return all
}

// writeQueued writes for everybody who waits. ctx is that of own, whose turn it is.
func (f *File) writeQueued(ctx context.Context, own *pending) {
	if len(own.done) > 0 {
		return // somebody else's turn has written it
	}
	release, err := f.acquire(ctx, updateLock, f.UpdateWait, nil, func(lock string) *fault.Fault {
		return fault.New(fault.ProfileBusy, "save", "The profiles were not changed: another sfconnect has been writing them for "+f.UpdateWait.String()+".",
			"See what is running and try again. The lock is "+lock+"; it is freed when its holder ends.")
	})
	defer release()
	switch {
	case err != nil && ctx.Err() != nil:
		if f.withdraw(own) {
			own.done <- err
		}
		return
	case err != nil:
		for _, p := range f.takeQueued() {
			p.done <- err
		}
		return
	}
	f.commit(context.WithoutCancel(ctx), f.takeQueued())
}

// commit writes a batch and tells each of it the outcome.
func (f *File) commit(ctx context.Context, batch []*pending) {
	tell := func(list []*pending, err error) {
		for _, p := range list {
			p.done <- err
		}
	}
	before, err := f.loadWhole()
	if err != nil {
		tell(batch, err)
		return
	}
	set, good := apply(before.set, batch)
	after, err := encode(set)
	if err == nil && len(good) > 0 && !bytes.Equal(before.data, after) {
		if invalid := check(set); invalid != nil {
			if len(good) > 1 {
				for _, p := range good { // one of them is to blame
					f.commit(ctx, []*pending{p})
				}
				return
			}
			err = fault.New(fault.Internal, "save", "The profiles were not changed: what was to be written is not valid.",
				"Run the command again with --verbose and report what it prints.").Because(invalid)
		} else {
			f.expect(&content{nil, after, set, true})
			err = f.write(ctx, before.data, after)
			f.expect(nil)
		}
	}
	if err == nil {
		if info, gone := os.Stat(f.Path()); gone == nil && len(good) > 0 {
			f.remember(&content{info, after, set, true})
		}
	}
	tell(good, err)
}

// apply makes the changes of a batch, tells those that fail, and gives the others with
// the set that they made. A failing one may have altered the set first, so that the
// others are made again.
func apply(before Set, batch []*pending) (set Set, good []*pending) {
	for {
		set = before
		set.Profiles, set.Rescue = maps.Clone(before.Profiles), maps.Clone(before.Rescue) // before is shared with readers
		failing := slices.IndexFunc(batch, func(p *pending) bool {
			err := p.change(&set)
			if err != nil {
				p.done <- err
			}
			return err != nil
		})
		if failing < 0 {
			return set, batch
		}
		batch = slices.Delete(batch, failing, failing+1)
	}
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
