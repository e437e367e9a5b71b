package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/store"
)

func newStorePassphrase(a *app) *cobra.Command {
	given := secretFlags{name: "new passphrase", flag: "--new-passphrase-stdin"}
	cmd := &cobra.Command{
		Use:   "passphrase",
		Short: "Change the passphrase of the file store",
		Long: `Let a new passphrase, with a new key behind it, open the file store. The store is
opened first, as always, by the passphrase or the identity file that opens it now;
afterwards that opens only copies of its files from before. A run that was cut
short leaves a store that one of the two opens, and is simply run again.

It has at least 8 characters. A terminal asks for it, twice.`,
		Example: "  sfconnect store passphrase\n  sfconnect store passphrase --new-passphrase-file new.txt",
		Args:    plainArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.fileStoreOnly(); err != nil {
				return err
			}
			return runStorePassphrase(cmd.Context(), a, given)
		},
	}
	cmd.Flags().BoolVar(&given.stdin, "new-passphrase-stdin", false, "read the new passphrase from stdin")
	cmd.Flags().StringVar(&given.file, "new-passphrase-file", "", "read the new passphrase from this file")
	return cmd
}

func newStoreIdentity(a *app) *cobra.Command {
	var output, use string
	cmd := &cobra.Command{
		Use:   "identity",
		Short: "Make an identity file, or let one open the file store",
		Long: `Make an age identity, as age-keygen does, in a new file that nobody else may read:
--output. SFCONNECT_AGE_IDENTITY_FILE names the file that opens the file store.

--use lets an identity file open the file store that there is, in the place of the
passphrase or the identity file that opens it now.`,
		Example: "  sfconnect store identity --output identity.txt\n  sfconnect store identity --use identity.txt",
		Args:    plainArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case output != "" && use != "":
				return usage("--output makes a file and --use takes one that is there: give one of them at a time.")
			case output != "":
				return runStoreIdentity(a, output)
			case use == "":
				return fault.New(fault.MissingInput, "input", "Nothing was made: the file is missing.", "Give it: --output FILE for a new one, or --use FILE for one that is to open the file store.")
			}
			if err := a.fileStoreOnly(); err != nil {
				return err
			}
			return runStoreUse(cmd.Context(), a, use)
		},
	}
	cmd.Flags().StringVar(&output, "output", "", "write a new identity to this file, which must not be there yet")
	cmd.Flags().StringVar(&use, "use", "", "let the identity in this file open the file store")
	return cmd
}

// fileStoreOnly refuses a --store that the command is not about.
func (a *app) fileStoreOnly() error {
	if a.global.store != "" && a.global.store != fileStore {
		return usage("--store %s has no meaning here: this is about the file store.", a.global.store)
	}
	return nil
}

type storeKeyJSON struct {
	Schema   int    `json:"schema"`
	OK       bool   `json:"ok"`
	OpenedBy string `json:"opened_by"`
}

func runStorePassphrase(ctx context.Context, a *app, given secretFlags) error {
	ask := a.mayAsk() && a.StderrTTY
	if !given.stdin && given.file == "" && !ask {
		return fault.New(fault.MissingInput, "input", "The passphrase was not changed: the new one is missing.",
			"Give it:\n  --new-passphrase-stdin       piped in\n  --new-passphrase-file PATH   from a file\nOr run the command on a terminal, which asks for it.")
	}
	f := a.ageFile()
	if err := f.Ready(ctx); err != nil { // the old one is asked for first
		return err
	}
	passphrase, err := given.read(ctx, a)
	if err == nil && passphrase.Empty() {
		passphrase, err = a.choosePassphrase(ctx, "Choose a new passphrase for the file store", f.Path())
	}
	if err != nil {
		return err
	}
	if err := f.ChangePassphrase(ctx, passphrase); err != nil {
		return err
	}
	if a.global.json {
		a.printJSON(storeKeyJSON{1, true, "passphrase"})
		return nil
	}
	a.say("The file store is opened by the new passphrase from now on.")
	if f.Key.IdentityFile != "" {
		a.say("Its identity file opens it no more: unset SFCONNECT_AGE_IDENTITY_FILE wherever it is set.")
	}
	a.say("Wherever a passphrase is given, give the new one now:")
	a.say("  SFCONNECT_PASSPHRASE, or the file that SFCONNECT_PASSPHRASE_FILE names")
	return nil
}

// runStoreIdentity makes a key. A file that is there is never replaced: what it opens
// could not be opened any more.
func runStoreIdentity(a *app, path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return usage("The identity is not written: there is a file %s already, and a key is never replaced. Name another one.", path)
	}
	text, recipient, err := store.NewIdentity(a.Now())
	if err != nil {
		return fault.From(err)
	}
	a.hide(text)
	file, err := prepareFile("The identity", path, false)
	if err != nil {
		return err
	}
	defer file.discard()
	if err := file.commit([]byte(text.Reveal())); err != nil {
		return err
	}
	if a.global.json {
		a.printJSON(struct {
			Schema    int    `json:"schema"`
			OK        bool   `json:"ok"`
			Path      string `json:"path"`
			Recipient string `json:"recipient"`
		}{1, true, path, recipient})
		return nil
	}
	a.say("Public key: %s", recipient)
	a.note("%s", strings.Join([]string{
		"The identity is in " + path + ". Keep a copy elsewhere, and not beside the secrets: without it what it opens is lost.",
		"To begin a file store with it: set SFCONNECT_AGE_IDENTITY_FILE to its path, and sign in with --store file.",
		"To let it open the one that there is: sfconnect store identity --use " + connection.ShellWord(path)}, "\n"))
	return nil
}

func runStoreUse(ctx context.Context, a *app, path string) error {
	f := a.ageFile()
	if err := f.UseIdentity(ctx, path); err != nil {
		return err
	}
	if a.global.json {
		a.printJSON(storeKeyJSON{1, true, "identity"})
		return nil
	}
	a.say("The file store is opened by the identity in %s from now on, and by nothing else.", path)
	a.say("Set SFCONNECT_AGE_IDENTITY_FILE to its path wherever sfconnect runs.")
	return nil
}
