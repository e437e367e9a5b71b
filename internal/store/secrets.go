package store

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
)

// Secrets keeps the secrets of profiles and drafts in a Keychain, under a
// service name of our own and the account "OWNER/ITEM". Every call on the
// keychain has a time limit. Calls are made one at a time, in order, so that one
// that is stuck and answers late never overtakes a newer one.
//
// Besides ErrNotFound, errors are faults: store_absent, store_locked (denied and
// dismissed included), store_timeout, store_too_small, store_unwritable,
// store_corrupt (what was read back is not what was written), interrupted. Where
// a secret must not be lost to Ctrl-C, pass a context without cancellation.
//
// It is safe for concurrent use. Set the exported fields before first use.
type Secrets struct {
	Limit time.Duration // for one call on the keychain; 5 s

	// PromptLimit replaces Limit, and Notify is told why, while the keychain is
	// known to be showing the person a window for its password. 60 s. Without
	// Notify nobody would know what is waited for, so Limit stays.
	PromptLimit time.Duration
	Notify      func(text string)

	keychain Keychain
	goos     string
	rand     io.Reader
	queue    queue
}

// NewSecrets keeps secrets in k. goos (as runtime.GOOS) chooses size limit and
// wording; rand is used by Probe. A k that is Named gives Name and Label itself.
func NewSecrets(k Keychain, goos string, rand io.Reader) *Secrets {
	s := &Secrets{Limit: 5 * time.Second, PromptLimit: time.Minute, keychain: k, goos: goos, rand: rand, queue: queue{place: make(chan struct{}, 1)}}
	if p, ok := k.(patient); ok {
		s.Limit = p.patience()
	}
	return s
}

// Name is the value of `stored_in`.
func (s *Secrets) Name() string {
	if n, ok := s.keychain.(Named); ok {
		return n.Name()
	}
	return keychainName
}

// keychainName is the `stored_in` of the system's keychain, and of a profile that
// names no store: there was no other one at first.
const keychainName = "keychain"

// Label names the store in the middle of a sentence.
func (s *Secrets) Label() string {
	if n, ok := s.keychain.(Named); ok {
		return n.Label()
	}
	return systemLabel(s.goos)
}

// MaxBytes is the longest value that the store takes as one, 0 when there is no
// limit of note. Longer ones are kept in parts; callers may leave out what is nice
// to have, as a long access token is.
func (s *Secrets) MaxBytes() int {
	if _, ok := s.keychain.(Named); ok {
		return 0
	}
	switch s.goos {
	case "windows":
		return 2560 // CRED_MAX_CREDENTIAL_BLOB_SIZE
	case "darwin":
		// One `security` command is at most 4096 bytes with the value in base64; at
		// exactly that length a failed write reports success, so stay well below.
		return 2048
	}
	return 0
}

// Open asks a person for what opens the store, where it needs that and somebody can
// be asked. Every call does so by itself; a caller that is about to take a lock, or
// to read from the terminal, opens first. making says that something is to be
// written: without it, a store that nothing is kept in yet is not made.
func (s *Secrets) Open(ctx context.Context, making bool) error {
	op := opOpen
	if making { // there may be nothing yet
		op = opProbe
	}
	return s.explain(ctx, op, s.open(ctx, making))
}

// CheckWritable finds what would keep a secret from being saved, and changes none:
// before a step that makes an old secret worthless. It is nil for a store that
// cannot tell without writing.
func (s *Secrets) CheckWritable(ctx context.Context) error {
	w, ok := s.keychain.(writable)
	if !ok {
		return nil
	}
	_, err := s.call(ctx, opCheck, func() (string, error) { return "", w.Writable(ctx) })
	return err
}

// InFile reports whether the store is a file of ours, so that it takes nothing where
// no file can be written.
func (s *Secrets) InFile() bool {
	_, ok := s.keychain.(interface{ Path() string })
	return ok
}

// Get reads owner's item; ErrNotFound when there is none.
func (s *Secrets) Get(ctx context.Context, owner string, item Item) (secret.Value, error) {
	name := account(owner, item)
	for line := ""; ; {
		text, err := s.get(ctx, opRead, name)
		p, inParts := readParts(text)
		if err != nil || !s.splits() || !inParts {
			return secret.New(text), err
		}
		whole, err := s.joinParts(ctx, name, p)
		if err == nil || text == line {
			return secret.New(whole), err
		}
		line = text // another process may have replaced the value in between
	}
}

// Set writes owner's item, replacing an older one, reads it back and compares.
// An empty v is refused: it could not be told from a lost one.
func (s *Secrets) Set(ctx context.Context, owner string, item Item, v secret.Value) error {
	if most := mostParts * partSize; s.splits() && len(v.Reveal()) > most {
		return s.tooSmall(opWrite, len(v.Reveal()), most)
	}
	name := account(owner, item)
	before, hadParts := s.partsOf(ctx, name)
	if s.splits() && len(v.Reveal()) > partSize {
		line, err := s.setParts(ctx, name, v)
		if err != nil {
			return err
		}
		v = line
	}
	err := s.write(ctx, opWrite, name, v)
	if err == nil {
		err = s.compare(ctx, opWrite, name, v)
	}
	switch now, inParts := readParts(v.Reveal()); {
	case err != nil && inParts:
		// The line may stand there all the same.
		if there, ok := s.partsOf(context.WithoutCancel(ctx), name); hadParts && ok && there == before {
			s.dropParts(context.WithoutCancel(ctx), name, now)
		}
	case err == nil && hadParts:
		s.dropParts(context.WithoutCancel(ctx), name, before)
	}
	return err
}

// Delete removes owner's item and makes sure that it is gone. A missing one is fine.
func (s *Secrets) Delete(ctx context.Context, owner string, item Item) error {
	name := account(owner, item)
	if p, inParts := s.partsOf(ctx, name); inParts {
		for i := range p.count {
			if err := s.delete(ctx, opRemove, p.name(name, i)); err != nil {
				return err
			}
		}
	}
	return s.delete(ctx, opRemove, name)
}

// Probe writes, reads, compares and removes an item of no meaning, so that a
// store that cannot be used shows before a sign-in is begun.
func (s *Secrets) Probe(ctx context.Context) error {
	var b [24]byte
	if _, err := io.ReadFull(s.rand, b[:]); err != nil {
		return fmt.Errorf("draw a probe: %w", err)
	}
	name, value := account("probe-"+hex.EncodeToString(b[:8]), "probe"), secret.New(hex.EncodeToString(b[8:]))
	// What could not be written needs no removal: it would only ask a person again.
	if err := s.write(ctx, opProbe, name, value); err != nil {
		return err
	}
	err := s.compare(ctx, opProbe, name, value)
	gone := s.delete(context.WithoutCancel(ctx), opProbe, name)
	if err != nil {
		return err
	}
	return gone
}

func account(owner string, item Item) string { return owner + "/" + string(item) }

func (s *Secrets) get(ctx context.Context, op operation, name string) (string, error) {
	return s.call(ctx, op, func() (string, error) { return s.keychain.Get(serviceName, name) })
}

func (s *Secrets) write(ctx context.Context, op operation, name string, v secret.Value) error {
	if v.Empty() {
		return fault.New(fault.Internal, "save", op.lead()+": it is empty.", "Run the command again with --verbose and report what it prints.")
	}
	if most := s.MaxBytes(); most > 0 && len(v.Reveal()) > most {
		return s.tooSmall(op, len(v.Reveal()), most)
	}
	_, err := s.call(ctx, op, func() (string, error) { return "", s.keychain.Set(serviceName, name, v.Reveal()) })
	return err
}

// compare reads back what was written: not every store reports a failed write.
func (s *Secrets) compare(ctx context.Context, op operation, name string, v secret.Value) error {
	back, err := s.get(ctx, op, name)
	if errors.Is(err, ErrNotFound) {
		return fault.New(fault.StoreUnwritable, op.stage(), op.lead()+": "+s.Label()+" took it and does not have it.", s.lookHint()).Because(err)
	}
	if err != nil {
		return err
	}
	if !secret.New(back).Equal(v) {
		return fault.New(fault.StoreCorrupt, op.stage(), op.lead()+": "+s.Label()+" gave back something else than was written.", s.lookHint())
	}
	return nil
}

func (s *Secrets) delete(ctx context.Context, op operation, name string) error {
	// A keychain may hold duplicates, and one whose prompt was dismissed reports
	// success: only a read tells. Three rounds are for duplicates.
	for range 3 {
		_, err := s.call(ctx, op, func() (string, error) { return "", s.keychain.Delete(serviceName, name) })
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err = s.get(ctx, op, name); errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return fault.New(fault.StoreUnwritable, op.stage(), op.lead()+": "+s.Label()+" still has it.", s.lookHint())
}

func (s *Secrets) tooSmall(op operation, size, most int) *fault.Fault {
	return fault.New(fault.StoreTooSmall, op.stage(), fmt.Sprintf("%s: it has %d bytes, and %s takes %d at most.", op.lead(), size, s.Label(), most),
		"Where the app's access tokens are JWTs, turn that off in its settings in Salesforce: they are the longest.")
}
