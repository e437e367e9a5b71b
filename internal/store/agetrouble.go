package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"example.com/sfconnect/internal/fault"
)

// ageTrouble is an error of an AgeFile with what a person needs to know of it.
type ageTrouble struct {
	trouble
	cause error
}

func (t *ageTrouble) Error() string {
	if t.cause != nil {
		return t.why + ": " + t.cause.Error()
	}
	return t.why
}

func (t *ageTrouble) Unwrap() error { return t.cause }

// diagnose implements diagnoser.
func (f *AgeFile) diagnose(_ context.Context, err error) trouble {
	var known *ageTrouble
	switch {
	case errors.As(err, &known):
		return known.trouble
	case errors.Is(err, errNoAnswer):
		return trouble{fault.StoreTimeout, f.Label() + " did not answer in time", "See that the disk or the network share that it is on answers, then try again."}
	}
	return trouble{fault.StoreUnwritable, f.Label() + " could not be used (" + err.Error() + ")", f.lookHint()}
}

// lookHint implements hinter.
func (f *AgeFile) lookHint() string {
	return "Look at " + f.Path() + ": whether the disk is sound and has room, and whether another program changes the file."
}

func (f *AgeFile) busy(lock string) *fault.Fault {
	return fault.New(fault.StoreTimeout, "store", "The secrets were not changed: another sfconnect has been writing them for "+f.LockWait.String()+".",
		"See what is running and try again. The lock is "+lock+"; it is freed when its holder ends.")
}

func (f *AgeFile) unwritable(why error) error {
	var known *ageTrouble
	if errors.As(why, &known) {
		return why
	}
	return &ageTrouble{trouble{fault.StoreUnwritable, f.Label() + " could not be written (" + why.Error() + ")",
		replaceHint(why)}, why}
}

func (f *AgeFile) unreadable(path string, why error) error {
	return &ageTrouble{trouble{fault.StoreLocked, path + " could not be read (" + reason(why) + ")",
		"Run sfconnect as the user who made the file store, and see that the folder may be read."}, why}
}

func (f *AgeFile) corrupt(path string, why error) error {
	return &ageTrouble{trouble{fault.StoreCorrupt, path + " is not as sfconnect wrote it (" + reason(why) + ")",
		"It was left as it is. Restore the file from a backup; or " + f.beginAnew()}, why}
}

// beginAnew is for who has lost the key for good: one of the two files alone would
// be in the way of a new store.
func (f *AgeFile) beginAnew() string {
	files := f.Path()
	if _, err := os.Lstat(f.keyPath()); err == nil || f.Key.usesPassphrase() {
		files += " and " + f.keyPath()
	}
	return "move " + files + " away and sign in again, for each connection that was kept there: sfconnect init --profile NAME, or sfconnect auth with the Consumer Secret."
}

func (f *AgeFile) loose(why, hint string, cause error) error {
	return &ageTrouble{trouble{fault.StoreLocked, why, "Change that, then try again:\n  " + hint}, cause}
}

func (f *AgeFile) noPersonal(path, what string, why error) error {
	return &ageTrouble{trouble{fault.StoreLocked, what + " " + path + " could not be read (" + reason(why) + ")",
		"Give the right path, and see that the user who runs sfconnect may read it. No other key is made in its place: what is in the file store could not be read with it."}, why}
}

func (f *AgeFile) notIdentity(why error) error {
	return &ageTrouble{trouble{fault.StoreLocked, "the identity file " + f.Key.IdentityFile + " cannot be used: " + why.Error(),
		"It must be as age-keygen (of the package age) writes it, with a line AGE-SECRET-KEY-…: neither encrypted with a passphrase, nor an SSH key, nor a plug-in's."}, why}
}

func (f *AgeFile) emptyPassphrase() error {
	return &ageTrouble{trouble{fault.StoreLocked, "the passphrase file " + f.Key.PassphraseFile + " is empty", "Write the passphrase into it, as its first and only line."}, nil}
}

func (f *AgeFile) noKeyGiven() error {
	why := "nothing was given to open " + f.Label() + " with"
	if f.Blank() {
		why = "no key was given for " + f.Label() + ", which holds nothing yet"
	}
	return &ageTrouble{trouble{fault.StoreLocked, why + ", and nobody can be asked here",
		"Give one of these:\n  SFCONNECT_AGE_IDENTITY_FILE   path of an identity: sfconnect store identity --output FILE makes one\n  SFCONNECT_PASSPHRASE_FILE     path of a file with the passphrase\n  SFCONNECT_PASSPHRASE          the passphrase\nOr run the command on a terminal, which asks for the passphrase."}, nil}
}

func (f *AgeFile) wrongPassphrase(why error) error {
	hint := "Give the passphrase that the file store was made with. It is kept nowhere; without it, move " + f.Path() + " and " + f.keyPath() + " away and sign in again."
	if _, err := os.Lstat(f.Path()); errors.Is(err, fs.ErrNotExist) {
		hint = "Give the passphrase that the file store was made with. It holds nothing yet: to begin anew, remove " + f.keyPath() + "."
	}
	return &ageTrouble{trouble{fault.WrongPassphrase, "the passphrase does not open " + f.keyPath(), hint}, fmt.Errorf("%w: %w", ErrWrongPassphrase, why)}
}

// otherKey is for a file that is in order and encrypted to another key.
func (f *AgeFile) otherKey(why error) error {
	if f.Key.usesPassphrase() {
		return &ageTrouble{trouble{fault.WrongPassphrase, f.Path() + " was not written with the key in " + f.keyPath() + ", which the passphrase opens",
			"It was written with an identity file, or the two files are of different stores. Give SFCONNECT_AGE_IDENTITY_FILE, or put the two that belong together side by side."}, why}
	}
	hint := "Give the identity that it was written with: SFCONNECT_AGE_IDENTITY_FILE. If it is lost, " + f.beginAnew()
	if _, err := os.Lstat(f.keyPath()); err == nil {
		hint = "It was probably made with a passphrase: unset SFCONNECT_AGE_IDENTITY_FILE and give SFCONNECT_PASSPHRASE or SFCONNECT_PASSPHRASE_FILE. Else give the identity that it was written with."
	}
	return &ageTrouble{trouble{fault.WrongPassphrase, "no identity in " + f.Key.IdentityFile + " opens " + f.Path(), hint}, why}
}

// noKeyFile is for secrets without the key file that a passphrase opens: nobody is
// asked for a passphrase then.
func (f *AgeFile) noKeyFile() error {
	hint := "If it was made with an identity file, give SFCONNECT_AGE_IDENTITY_FILE. If it was made with a passphrase, restore the missing file from a backup. If neither can be had, " + f.beginAnew()
	if f.Key.Passphrase.Empty() && f.Key.PassphraseFile == "" {
		return &ageTrouble{trouble{fault.StoreLocked, "no identity was given to open " + f.Path() + " with, and there is no " + ageKeyName + " beside it that a passphrase would open", hint}, nil}
	}
	return &ageTrouble{trouble{fault.WrongPassphrase, "no passphrase opens " + f.Path() + ": there is no " + ageKeyName + " beside it", hint}, nil}
}

// reason leaves out the path of an error, which is in the sentence already.
func reason(err error) string {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err.Error()
	}
	return err.Error()
}
