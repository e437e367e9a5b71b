package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/store"
	"example.com/sfconnect/internal/wizard"
)

func newLogout(a *app) *cobra.Command {
	var localOnly, yes bool
	var many manyFlags
	cmd := &cobra.Command{
		Use:   "logout [NAME]",
		Short: "Revoke a connection at Salesforce and forget it here",
		Long: `Revoke a connection's refresh token at Salesforce (which ends its access tokens
too), then remove its secrets and its entry here. Where revoking fails it is
forgotten here all the same, and the exit code is 3. What an unfinished set-up of
that name has kept goes with it.

A refresh token that was handed over ends with it, also where it is used now: a
terminal is asked first. --local-only forgets it here, and the other copy goes on.`,
		Example:           "  sfconnect logout\n  sfconnect logout acme --local-only\n  sfconnect logout --all",
		Args:              plainArgs(1),
		ValidArgsFunction: a.completeProfiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := many.check(a); err != nil {
				return err
			}
			if many.all {
				if len(args) > 0 {
					return usage("--all and a profile's name exclude each other.")
				}
				set, err := a.file().Load()
				if err != nil {
					return err
				}
				names := append(set.Names(), wizard.Unfinished(a.stateDir())...)
				slices.Sort(names)
				names = slices.Compact(names)
				if err := a.sureToEnd(cmd.Context(), set, names, localOnly || yes); err != nil {
					return err
				}
				return logoutAll(cmd.Context(), a, many, names, localOnly)
			}
			name, _, err := a.chosen(args)
			if err != nil && !slices.Contains(wizard.Unfinished(a.stateDir()), name) {
				return err
			}
			if set, err := a.file().Load(); err == nil {
				if err := a.sureToEnd(cmd.Context(), set, []string{name}, localOnly || yes); err != nil {
					return err
				}
			}
			return runLogout(cmd.Context(), a, name, localOnly)
		},
	}
	cmd.Flags().BoolVar(&localOnly, "local-only", false, "forget it here and tell Salesforce nothing")
	cmd.Flags().BoolVar(&yes, "yes", false, "revoke what was handed over too, without a question")
	many.add(cmd, "every saved connection")
	return cmd
}

// sureToEnd says of refresh tokens that were handed over that their holders are cut
// off, and asks a person whether that is meant. A script means what it says.
func (a *app) sureToEnd(ctx context.Context, set store.Set, names []string, sure bool) error {
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !set.Profiles[name].HandedOver })
	if sure || len(names) == 0 {
		return nil
	}
	a.note("The refresh token was handed over: %s. Whoever uses it now is cut off as well.", strings.Join(names, ", "))
	if a.global.json || !a.mayAsk() || !a.StderrTTY {
		return nil
	}
	yes, err := a.askYesNo(ctx, "Revoke it all the same?")
	if err == nil && !yes {
		err = fault.New(fault.Interrupted, "", "Nothing was revoked and nothing is forgotten.",
			"To forget it here alone, while the other copy goes on: sfconnect logout "+connection.ShellWord(names[0])+" --local-only")
	}
	return err
}

type logoutJSON struct {
	Schema  int        `json:"schema"`
	OK      bool       `json:"ok"`
	Profile string     `json:"profile"`
	Revoked bool       `json:"revoked"`
	Error   *errorJSON `json:"error,omitempty"`
}

func runLogout(ctx context.Context, a *app, name string, localOnly bool) error {
	m, err := a.endingMachine([]string{name})
	if err != nil {
		return err
	}
	o := logoutOne(ctx, a, m, name, localOnly)
	if a.ctx.Err() != nil {
		return a.ctx.Err()
	}
	if o.fault != nil {
		a.tell(o.fault)
	} else {
		a.note("%s", o.people.Text)
	}
	if a.global.json {
		a.printJSON(o.document)
	} else {
		a.tellDefault()
	}
	if o.fault != nil {
		return exitOnly{o.fault.Exit}
	}
	return nil
}

func logoutAll(ctx context.Context, a *app, many manyFlags, names []string, localOnly bool) error {
	m, err := a.endingMachine(names)
	if err != nil {
		return err
	}
	if len(names) == 0 && !a.global.json && !many.jsonl {
		a.note("Nothing is saved, so there is nothing to log out of.")
		return nil
	}
	return a.forAll(ctx, many, names, func(ctx context.Context, name string) outcome { return logoutOne(ctx, a, m, name, localOnly) })
}

// endingMachine removes secrets where they are: another store than a profile's own
// is refused, because the secrets would stay behind.
func (a *app) endingMachine(names []string) (*connection.Machine, error) {
	set, err := a.file().Load()
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		p, ok := set.Profiles[name]
		if ok && a.global.store != "" && a.global.store != p.StoredIn {
			return nil, usage("Nothing was forgotten: profile %q keeps its secrets in %s, not in the store %q. Leave --store out.", name, a.secretsIn(p.StoredIn).Label(), a.global.store)
		}
	}
	machine := a.machine
	if len(names) > 1 {
		machine = a.manyMachine
	}
	m, err := machine()
	if err == nil {
		m.Stores = a.secretsIn
	}
	return m, err
}

// tellDefault says that commands have no profile of their own to use any more.
func (a *app) tellDefault() {
	set, err := a.file().Load()
	if err != nil || len(set.Profiles) == 0 || set.Default != "" {
		return
	}
	a.note("No default is chosen now. Saved profiles: %s. Choose one with: sfconnect use NAME", strings.Join(set.Names(), ", "))
}

// stillSaved adds to an error of the store what became of the connection. --local-only
// is no way around a store that does not let go of its secrets.
func stillSaved(err error, name string, revoked bool) error {
	if err == nil || fault.From(err).Exit != fault.ExitStore {
		return err
	}
	f := *fault.From(err)
	at := "nothing was revoked at Salesforce"
	if revoked {
		at = "its token is revoked at Salesforce"
	}
	f.Hint += fmt.Sprintf("\nProfile %q is still saved here, and %s. Run the command again once the store can be used; with --local-only it asks the store for no token and tells Salesforce nothing, but must remove the secrets there all the same.", name, at)
	if !revoked {
		f.Hint += "\nTo end the connection before that: Setup › Connected Apps OAuth Usage."
	}
	return &f
}

// endYourself is what a person does about a sign-in that lives on at Salesforce.
func endYourself(p store.Profile) string {
	who := "the user"
	if p.User.Username != "" {
		who += " " + p.User.Username
	}
	page := salesforce.PageConnectedAppsUsage
	hint := "It is still open there. End it yourself in " + page.Path() + ": find the app and " + who + ", and choose Revoke."
	if address := salesforce.SetupURLFor(p.Org.InstanceURL, page); address != "" {
		hint += "\n" + address
	}
	return hint
}

// logoutOne ends one connection; a failed revocation is exit code 3.
func logoutOne(ctx context.Context, a *app, m *connection.Machine, name string, localOnly bool) outcome {
	var was store.Profile
	if set, err := m.File.Load(); err == nil {
		was = set.Profiles[name]
	}
	ended, err := m.Forget(ctx, name, localOnly)
	err = stillSaved(err, name, ended.Revoked)
	if err == nil || fault.From(err).Code == fault.ProfileNotFound {
		begun, discardErr := wizard.Discard(ctx, m, a.stateDir(), name)
		switch {
		case discardErr != nil:
			err = discardErr
		case err != nil && begun:
			return a.loggedOut(name, false, "The unfinished set-up of %q is forgotten. There was no saved connection of that name.")
		}
	}
	switch {
	case err != nil:
		return a.notLoggedOut(name, ended.Revoked, fault.From(err))
	case ended.RevokeErr != nil:
		return a.notLoggedOut(name, false, notRevoked(name, was, ended.RevokeErr))
	case ended.Revoked:
		return a.loggedOut(name, true, "Profile %q is revoked at Salesforce and forgotten here.")
	case localOnly:
		return a.loggedOut(name, false, "Profile %q is forgotten here. Its tokens still work: revoke them in Setup › Connected Apps OAuth Usage.")
	}
	return a.loggedOut(name, false, "Profile %q is forgotten here. It had no token left to revoke.")
}

func (a *app) loggedOut(name string, revoked bool, text string) outcome {
	return outcome{
		document: logoutJSON{Schema: 1, OK: true, Profile: name, Revoked: revoked},
		people:   wizard.Line{Mark: wizard.MarkOK, Text: fmt.Sprintf(text, name)},
	}
}

func (a *app) notLoggedOut(name string, revoked bool, f *fault.Fault) outcome {
	e := a.errorJSON(f)
	return outcome{
		document: logoutJSON{Schema: 1, Profile: name, Revoked: revoked, Error: &e},
		people:   wizard.Line{Mark: wizard.MarkFail, Text: e.Message, Hint: e.Hint},
		fault:    f,
	}
}

func notRevoked(name string, was store.Profile, why error) *fault.Fault {
	f := *fault.From(why)
	f.Exit = fault.ExitNetwork
	f.Message = "Profile \"" + name + "\" is forgotten here, but Salesforce could not be told to revoke it: " + f.Message
	f.Hint = endYourself(was)
	return &f
}
