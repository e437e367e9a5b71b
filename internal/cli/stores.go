package cli

import (
	"context"
	"errors"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
	"example.com/sfconnect/internal/wizard"
)

// The stores, as --store and `stored_in` name them.
const (
	keychainStore = "keychain"
	fileStore     = "file"
)

func (a *app) checkStore() error {
	return knownStore(firstOf(a.global.store, a.Getenv("SFCONNECT_STORE"), keychainStore))
}

func knownStore(name string) error {
	if name != keychainStore && name != fileStore {
		return usage("The store %q is not known; there are: keychain, file.", name)
	}
	return nil
}

// machine is for what is saved already: each profile's secrets are where the
// profile says, or where --store does.
func (a *app) machine() (*connection.Machine, error) {
	m, err := a.machineWith(a.file(), a.secretsIn(firstOf(a.global.store, a.Getenv("SFCONNECT_STORE"))))
	if err == nil {
		m.Stores = func(name string) *store.Secrets { return a.secretsIn(firstOf(a.global.store, name)) }
	}
	return m, err
}

// savingMachine is for what is to be saved under a profile's name: where --store
// says, else where the profile's unfinished set-up waits ("" for none), else as the
// environment says, else where the profile is now.
func (a *app) savingMachine(saved store.Profile, waits string) (*connection.Machine, error) {
	m, err := a.machineWith(a.file(), a.secretsIn(firstOf(a.global.store, waits, a.Getenv("SFCONNECT_STORE"), saved.StoredIn)))
	if err == nil {
		m.Stores = a.secretsIn
	}
	return m, err
}

// profileMachine is the profile that this command is about, and the machine for it.
func (a *app) profileMachine() (string, *connection.Machine, error) {
	name, err := a.profileName()
	if err != nil {
		return "", nil, err
	}
	m, err := a.machine()
	return name, m, err
}

// secretsIn is the store of that name, "" for the keychain. None is contacted or
// opened before it is used. After the first call it is safe for concurrent use.
func (a *app) secretsIn(name string) *store.Secrets {
	if a.stores == nil {
		a.stores = map[string]*store.Secrets{
			keychainStore: a.newSecrets(a.Keychain),
			fileStore:     a.newSecrets(a.ageFile()),
		}
	}
	if name == "" {
		name = keychainStore
	}
	if s, ok := a.stores[name]; ok {
		return s
	}
	return a.newSecrets(store.Unknown(name))
}

// newSecrets keeps secrets in k. Where a person is at the terminal it may take as
// long as the keychain's own window needs.
func (a *app) newSecrets(k store.Keychain) *store.Secrets {
	s := store.NewSecrets(k, a.OS, a.Rand)
	if a.StderrTTY {
		s.Notify = func(text string) { a.note("%s", text) }
	}
	return s
}

// ageFile is the file store. Its variables are read now: a browser that is opened
// later takes the passphrase out of the environment.
func (a *app) ageFile() *store.AgeFile {
	f := store.NewAgeFile(a.configDir(), a.stateDir())
	f.OwnFolder = a.Getenv("SFCONNECT_CONFIG_DIR") == ""
	f.Tell = func(text string) { a.note("%s", text) }
	f.Hide = func(v secret.Value) { a.redactor.Hide(v) }
	if a.global.verbose {
		f.Trace = f.Tell
	}
	f.Key = store.AgeKey{
		IdentityFile:   a.Getenv("SFCONNECT_AGE_IDENTITY_FILE"),
		Passphrase:     a.hide(secret.New(trimInput([]byte(a.Getenv("SFCONNECT_PASSPHRASE"))))),
		PassphraseFile: a.Getenv("SFCONNECT_PASSPHRASE_FILE"),
	}
	if a.mayAsk() && a.StderrTTY {
		f.Key.Ask = func(ctx context.Context, making bool, check func(secret.Value) error) (secret.Value, error) {
			if making {
				return a.choosePassphrase(ctx, "Choose a passphrase for the file store", f.Path())
			}
			return a.askPassphrase(ctx, f.Path(), check)
		}
	}
	return f
}

func (a *app) askPassphrase(ctx context.Context, path string, check func(secret.Value) error) (secret.Value, error) {
	var failed error // something else than the wrong passphrase: no other entry helps
	v, err := a.ui().AskSecret(ctx, wizard.Question{
		ID: "passphrase", Title: "Passphrase of the file store", Help: "It opens " + path + ".",
		Check: func(typed string) error {
			if err := needed(typed); err != nil {
				return err
			}
			err := check(secret.New(typed))
			if errors.Is(err, store.ErrWrongPassphrase) {
				return refused("This passphrase does not open the file store.")
			}
			failed = err
			return nil
		},
	})
	return v, left(errors.Join(err, failed))
}

// choosePassphrase asks twice: what was mistyped once would lock everything up.
func (a *app) choosePassphrase(ctx context.Context, title, path string) (secret.Value, error) {
	ask := a.ui()
	v, err := ask.AskSecret(ctx, wizard.Question{
		ID: "new_passphrase", Title: title,
		Help: "It protects " + path + ". Several words are good. It is kept nowhere: without it, what is saved is lost.",
		Check: func(typed string) error {
			if err := store.CheckPassphrase(secret.New(typed)); err != nil {
				return refused(fault.From(err).Message)
			}
			return nil
		},
	})
	if err != nil {
		return v, left(err)
	}
	a.hide(v)
	_, err = ask.AskSecret(ctx, wizard.Question{
		ID: "new_passphrase_again", Title: "The same passphrase again",
		Check: func(typed string) error {
			if !secret.New(typed).Equal(v) {
				return refused("That is not the same. Ctrl-C leaves, to begin anew.")
			}
			return nil
		},
	})
	return v, left(err)
}

// refused is what stands beside a field whose entry is not taken.
func refused(text string) error { return sentence(fault.New(fault.Usage, "input", text, "")) }
