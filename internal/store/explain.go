package store

import (
	"context"
	"errors"
	"time"

	"example.com/sfconnect/internal/fault"
)

// operation is what a keychain call was for, as the person sees it.
type operation int

const (
	opRead operation = iota
	opWrite
	opRemove
	opProbe
	opOpen
	opCheck
)

func (o operation) lead() string {
	switch o {
	case opRead:
		return "The saved secret was not read"
	case opWrite:
		return "The secret was not saved"
	case opRemove:
		return "The saved secret was not removed"
	case opOpen:
		return "The saved secrets cannot be reached"
	case opCheck:
		return "Nothing was begun, because what comes of it could not be saved"
	}
	return "Secrets cannot be saved here"
}

func (o operation) stage() string {
	if o == opWrite {
		return "save"
	}
	return "store"
}

// trouble is what is wrong with a store: a code of package fault, the reason as
// the second half of a sentence, and the remedy. An empty code is "not known".
type trouble struct{ code, why, hint string }

// diagnoser is a Keychain that can say more about an error of its own, or about
// a call that got no answer (errNoAnswer). It must return within two seconds.
type diagnoser interface {
	diagnose(ctx context.Context, err error) trouble
}

// prompter is a Keychain that can tell whether it is waiting for a person. It
// must return within two seconds.
type prompter interface {
	prompting(ctx context.Context) bool
}

// opener is a Keychain that must be opened first, which may wait for a person for
// as long as ctx lives. It is quick once it is open. making says that something is
// to be written.
type opener interface {
	Open(ctx context.Context, making bool) error
}

// writable is a Keychain that can tell whether it could be written, without doing so.
type writable interface {
	Writable(ctx context.Context) error
}

// patient is a Keychain with a limit of its own for one call.
type patient interface {
	patience() time.Duration
}

// hinter is a Keychain that says itself where a person is to look.
type hinter interface {
	lookHint() string
}

func (s *Secrets) open(ctx context.Context, making bool) error {
	if o, ok := s.keychain.(opener); ok {
		return o.Open(ctx, making)
	}
	return nil
}

func (s *Secrets) lookHint() string {
	if h, ok := s.keychain.(hinter); ok {
		return h.lookHint()
	}
	return checkHint(s.goos)
}

func (s *Secrets) prompting(ctx context.Context) bool {
	p, ok := s.keychain.(prompter)
	return ok && p.prompting(ctx)
}

// explain turns what a call ended with into what the caller gets.
func (s *Secrets) explain(ctx context.Context, op operation, err error) error {
	var known *fault.Fault
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrNotFound):
		return ErrNotFound
	case errors.As(err, &known):
		return known
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return interrupted(s.Label()+" was asked", err)
	}
	var t trouble
	if d, ok := s.keychain.(diagnoser); ok {
		t = d.diagnose(context.WithoutCancel(ctx), err)
	}
	if t.code == "" {
		t = s.plain(op, err)
	}
	if op == opOpen && s.Blank() {
		op = opProbe // nothing is saved there that could be reached
	}
	return fault.New(t.code, op.stage(), op.lead()+": "+t.why+".", t.hint).Because(err)
}

// plain is for what nothing more is known about.
func (s *Secrets) plain(op operation, err error) trouble {
	switch {
	case errors.Is(err, errNoAnswer):
		return trouble{fault.StoreTimeout, s.Label() + " did not answer within " + s.Limit.String(), hangHint(s.goos)}
	case errors.Is(err, errVanished):
		return trouble{fault.StoreAbsent, s.Label() + " went away while it was asked", "Try again. " + s.lookHint()}
	case op == opRead, op == opOpen:
		return trouble{fault.StoreAbsent, s.Label() + " could not be used (" + err.Error() + ")", s.lookHint()}
	}
	return trouble{fault.StoreUnwritable, s.Label() + " refused it (" + err.Error() + ")", s.lookHint()}
}

func systemLabel(goos string) string {
	switch goos {
	case "darwin":
		return "the macOS keychain"
	case "windows":
		return "Windows Credential Manager"
	}
	return "the desktop keyring (Secret Service)"
}

func hangHint(goos string) string {
	switch goos {
	case "darwin":
		return "Look for a window that asks to unlock the keychain and answer it, then try again. Without a screen, as over SSH, unlock it first:\n  security unlock-keychain"
	case "windows":
		return "Make sure that the service \"Credential Manager\" runs (services.msc), then try again."
	}
	return "Look for a window that asks to unlock the keyring and answer it, then try again. If there is none, the service hangs; restart it:\n  systemctl --user restart gnome-keyring-daemon\nor sign out of the desktop and in again."
}

func checkHint(goos string) string {
	switch goos {
	case "darwin":
		return "Open the app Keychain Access and see that the keychain \"login\" is there and unlocked. It is looked for in the folder that HOME names."
	case "windows":
		return "Open Credential Manager in the Control Panel and see that generic credentials can be added there."
	}
	return "Open \"Passwords and Keys\" (seahorse), or your desktop's own wallet, and see that the default keyring is there and unlocked."
}
