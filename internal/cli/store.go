package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/store"
	"example.com/sfconnect/internal/wizard"
)

func newStore(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "store",
		Short: "Move secrets to another store, or change what opens the file store",
		Long: `Secrets are kept in one of two stores: the system's keychain, or a file that is
encrypted with age, for machines without a keychain. --store file (or
SFCONNECT_STORE=file) chooses the file for what is saved from then on; a saved
connection remembers its store.`,
		Example: "  sfconnect store migrate --to file --dry-run\n  sfconnect store migrate --to file",
		Args:    cobra.ArbitraryArgs,
		RunE:    func(cmd *cobra.Command, args []string) error { return a.onlyCommands(cmd, args) },
	}
	cmd.AddGroup(&cobra.Group{ID: "store", Title: "Commands:"})
	for _, one := range []*cobra.Command{newStoreMigrate(a), newStorePassphrase(a), newStoreIdentity(a)} {
		one.GroupID = "store"
		one.Annotations = map[string]string{waits: "yes"}
		cmd.AddCommand(one)
	}
	return cmd
}

func newStoreMigrate(a *app) *cobra.Command {
	var to string
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Move the secrets of the saved connections to another store",
		Long: `Move the secrets of every saved connection, or of the one of --profile, to another
store: each is written there, read back and compared; then the connection uses
the new store; then the old copies are removed. A connection that cannot be moved
stays as it is. A run that was cut short is simply run again.`,
		Example: `  sfconnect store migrate --to file --dry-run
  sfconnect store migrate --to file
  sfconnect store migrate --to keychain --profile acme`,
		Args: plainArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if to == "" {
				return fault.New(fault.MissingInput, "input", "Nothing was moved: the store to move to is missing.", "Give it: --to file or --to keychain")
			}
			if cmd.Flags().Changed("store") {
				return usage("--store has no meaning here: --to says where to, and each connection knows where from.")
			}
			if err := knownStore(to); err != nil {
				return err
			}
			return runStoreMigrate(cmd.Context(), a, to, dryRun)
		},
	}
	cmd.Flags().StringVar(&to, "to", "", "the store to move to: keychain or file")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "only say what would be moved")
	return cmd
}

type migrateJSON struct {
	Schema   int            `json:"schema"`
	OK       bool           `json:"ok"`
	DryRun   bool           `json:"dry_run"`
	Profiles []migratedJSON `json:"profiles"`
}

type migratedJSON struct {
	Name   string     `json:"name"`
	From   string     `json:"from"`
	To     string     `json:"to"`
	Items  []string   `json:"items"`
	Status string     `json:"status"` // moved, skipped, failed, would_move
	Error  *errorJSON `json:"error,omitempty"`
}

func runStoreMigrate(ctx context.Context, a *app, to string, dryRun bool) error {
	names, err := a.toMigrate()
	if err != nil {
		return err
	}
	m, err := a.machineWith(a.file(), a.secretsIn(to))
	if err != nil {
		return err
	}
	m.Stores = a.secretsIn
	if err := a.readyToMove(ctx, m, names, to, dryRun); err != nil {
		return err
	}
	out := migrateJSON{Schema: 1, OK: true, DryRun: dryRun, Profiles: []migratedJSON{}}
	exit := fault.ExitDone
	for _, name := range names {
		r, f := a.migrateOne(ctx, m, name, to, dryRun)
		if ctx.Err() != nil && r.Status == "failed" {
			return ctx.Err()
		}
		if f != nil && exit == fault.ExitDone {
			exit = f.Exit
			out.OK = false
		}
		out.Profiles = append(out.Profiles, r)
	}
	a.tellWaiting(names, to)
	switch {
	case a.global.json:
		a.printJSON(out)
	case len(names) == 0:
		a.note("Nothing is saved, so there is nothing to move.")
	}
	if exit != fault.ExitDone {
		return exitOnly{exit}
	}
	return nil
}

// toMigrate names the one profile of --profile, else all.
func (a *app) toMigrate() ([]string, error) {
	set, err := a.file().Load()
	if err != nil {
		return nil, err
	}
	name := firstOf(a.global.profile, a.Getenv("SFCONNECT_PROFILE"))
	if name == "" {
		return set.Names(), nil
	}
	_, err = set.Find(name)
	return []string{name}, err
}

// readyToMove finds a target that cannot be used before anything is moved there.
func (a *app) readyToMove(ctx context.Context, m *connection.Machine, names []string, to string, dryRun bool) error {
	set, err := m.File.Load()
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(names, func(name string) bool { return set.Profiles[name].StoredIn != to }) {
		return nil
	}
	probe := m.ProbeStore
	if dryRun {
		probe = m.LookAtStore
	}
	return errors.Join(probe(ctx), m.File.Probe(ctx))
}

// migrateOne moves one profile and says how it went.
func (a *app) migrateOne(ctx context.Context, m *connection.Machine, name, to string, dryRun bool) (migratedJSON, *fault.Fault) {
	moved, err := m.Move(ctx, name, to, dryRun)
	what := strings.Join(itemNames(moved.Items), ", ")
	if what == "" {
		what = "nothing"
	}
	r := migratedJSON{Name: name, From: moved.From, To: to, Items: itemNames(moved.Items), Status: "failed"}
	switch {
	case moved.Done:
		r.Status = "moved"
		a.say("Profile %q: %s moved from %s to %s.", name, what, m.SecretsIn(moved.From).Label(), m.SecretsIn(to).Label())
	case err != nil:
	case moved.From == to:
		r.Status = "skipped"
		a.say("Profile %q: is in %s already.", name, m.SecretsIn(to).Label())
		if !dryRun {
			a.clearMoved(ctx, m, name, to)
		}
	case dryRun:
		r.Status = "would_move"
		a.say("Profile %q: %s would be moved from %s to %s.", name, what, m.SecretsIn(moved.From).Label(), m.SecretsIn(to).Label())
	}
	if err == nil {
		return r, nil
	}
	f := *fault.From(err)
	if moved.Done {
		f.Message = fmt.Sprintf("Profile %q is moved, but copies of its secrets are still in %s: %s", name, m.SecretsIn(moved.From).Label(), f.Message)
		f.Hint = strings.TrimSpace(f.Hint + "\nRun the same command again to have them removed.")
	} else {
		f.Message = fmt.Sprintf("Profile %q was not moved: %s", name, f.Message)
	}
	a.tell(&f)
	e := a.errorJSON(&f)
	r.Error = &e
	return r, &f
}

// clearMoved finishes a move that was cut short after its step. A store that cannot
// be looked into holds nothing that is used.
func (a *app) clearMoved(ctx context.Context, m *connection.Machine, name, to string) {
	from := fileStore
	if to == fileStore {
		from = keychainStore
	}
	cleared, err := m.ClearMoved(ctx, name, from)
	switch {
	case cleared:
		a.note("What an earlier move of %q had left in %s is removed.", name, m.SecretsIn(from).Label())
	case err != nil && a.global.verbose:
		a.note("Whether an earlier move left something in %s could not be seen: %v", m.SecretsIn(from).Label(), err)
	}
}

// tellWaiting says what is not moved: the secrets of set-ups that are not finished.
func (a *app) tellWaiting(names []string, to string) {
	one := firstOf(a.global.profile, a.Getenv("SFCONNECT_PROFILE")) != ""
	for _, name := range wizard.Unfinished(a.stateDir()) {
		waits := wizard.DraftStore(a.stateDir(), name)
		if waits == "" || waits == to || one && !slices.Contains(names, name) {
			continue
		}
		a.note("The set-up of %q that is not finished keeps what waits for it in %s. Finish it (sfconnect init --profile %s), then move it; or forget it there.",
			name, a.secretsIn(waits).Label(), connection.ShellWord(name))
	}
}

func itemNames(items []store.Item) []string {
	names := make([]string, len(items))
	for i, item := range items {
		names[i] = string(item)
	}
	return names
}

// say is a line of the answer, where that is for people.
func (a *app) say(format string, args ...any) {
	if !a.global.json {
		_, err := fmt.Fprintln(a.Stdout, clean(a.redactor.Redact(fmt.Sprintf(format, args...))))
		a.writeErr = errors.Join(a.writeErr, err)
	}
}
