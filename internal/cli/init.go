package cli

import (
	"context"
	"errors"
	"net/url"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/oauthflow"
	"example.com/sfconnect/internal/practice"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
	"example.com/sfconnect/internal/wizard"
)

type initFlags struct {
	practice  bool
	recipe    string
	variant   string
	inputs    []string
	yes       bool
	step      string
	fromStart bool
	trustHost bool
	noBrowser bool
	browser   string
	timeout   time.Duration
}

func newInit(a *app) *cobra.Command {
	var f initFlags
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Set up a connection step by step",
		Long: `Set up a connection step by step: choose the integration, create the External
Client App in Salesforce Setup with a checklist, enter its key and secret and
have them checked, sign in through the browser, test the connection, hand the
values over.

Nothing is changed in your org by sfconnect. Leave any time with Ctrl-C: what was
answered is kept, and the next run goes on from there. Secrets wait in the store
of --store, the system's keychain unless told otherwise.

--step goes straight to one step of a set-up that was begun or is finished, by
number or name:
  1 integration   2 login-url   3 app        4 key
  5 sign-in       6 confirm     7 test       8 hand-over`,
		Example: `  sfconnect init
  sfconnect init --profile acme --recipe quilia
  sfconnect init --step hand-over          # see the values to hand over again
  sfconnect init --practice                # a rehearsal with a simulated org
  sfconnect init --practice --no-input     # the same, walking through by itself`,
		Args: plainArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runInit(cmd.Context(), a, f) },
	}
	cmd.Flags().BoolVar(&f.practice, "practice", false, "rehearse with a simulated org; nothing is kept")
	cmd.Flags().StringVar(&f.recipe, "recipe", "", "the integration: a recipe's id or file")
	addVariant(cmd, &f.variant)
	cmd.Flag("variant").Usage = "how the integration signs in, where it has several ways (default: it is asked)"
	cmd.Flags().StringArrayVar(&f.inputs, "input", nil, "answer one of the integration's questions beforehand, as `NAME=VALUE`, repeatable")
	cmd.Flags().BoolVar(&f.yes, "yes", false, "go on with a recipe file without asking whether it is trusted")
	cmd.Flags().StringVar(&f.step, "step", "", "go straight to one step, by name or number")
	cmd.Flags().BoolVar(&f.fromStart, "from-start", false, "look at every step again, with your answers filled in")
	cmd.Flags().BoolVar(&f.trustHost, "trust-host", false, "accept a login host outside Salesforce's own domains")
	cmd.Flags().BoolVar(&f.noBrowser, "no-browser", false, "open no browser; use the printed addresses")
	cmd.Flags().StringVar(&f.browser, "browser", "", "program that opens addresses, which it gets as its last argument (BROWSER)")
	cmd.Flags().DurationVar(&f.timeout, "timeout", connection.DefaultTimeout, "how long to wait for the sign-in")
	_ = cmd.RegisterFlagCompletionFunc("step", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return wizard.StepNames(), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	})
	return cmd
}

func runInit(ctx context.Context, a *app, f initFlags) error {
	onTerminal := a.mayAsk() && (a.StderrTTY || a.StdoutTTY)
	if !onTerminal && !f.practice {
		return fault.New(fault.Usage, "input", "sfconnect init asks questions, and there is no terminal to ask them on.",
			"For scripts there is: sfconnect auth --login-url URL --consumer-key KEY --consumer-secret-stdin\nFor a rehearsal without questions: sfconnect init --practice --no-input")
	}
	if f.recipe == "" && f.variant == "" && f.practice && !onTerminal {
		f.recipe = "quilia"
	}
	setup := &wizard.Setup{Recipes: recipe.All, TrustHost: f.trustHost, NoBrowser: f.noBrowser, Timeout: f.timeout, Folder: a.HomeDir}
	err := f.preset(setup)
	if err != nil {
		return err
	}
	if onTerminal {
		setup.UI = a.ui()
		away := a.browserIsAway(f.browser)
		setup.NoBrowser = f.noBrowser || away
		setup.Elsewhere = func(address string) []string { return a.elsewhere(address, away, true) }
	} else {
		out := a.Stdout
		if a.global.json {
			out = a.Stderr // stdout is for documents
		}
		setup.UI = &wizard.Prepared{Out: out}
	}
	if f.practice {
		err = a.rehearse(ctx, f, setup, onTerminal)
	} else {
		err = a.setUp(ctx, f, setup)
	}
	if errors.Is(err, wizard.ErrLeave) || errors.Is(err, context.Canceled) {
		return a.setupLeft(setup, f.practice)
	}
	if err == nil && a.global.json {
		a.printJSON(map[string]any{"schema": 1, "ok": true, "profile": setup.Profile})
	}
	return err
}

// setupLeft tells a person who left what is kept, and how to go on. Where there is
// nothing to go on with, nothing went wrong, and it is not told as a failure.
func (a *app) setupLeft(setup *wizard.Setup, practice bool) error {
	text, hint := "", ""
	switch {
	case practice:
		text, hint = "Left the rehearsal; nothing of it is kept.", "Begin another one: sfconnect init --practice"
	case slices.Contains(wizard.Unfinished(setup.StateDir), setup.Profile):
		text = "Left before it was finished; what you answered is kept."
		hint = "Go on where you were: sfconnect init --profile " + connection.ShellWord(setup.Profile)
	}
	if text != "" {
		return fault.New(fault.Interrupted, "", text, hint)
	}
	text = "Left. Nothing was begun."
	if saved, err := a.savedProfile(setup.Profile); err == nil && saved.ID != "" {
		text = "Left. Profile " + setup.Profile + " is as it was."
	}
	a.note("%s", text)
	if a.global.json {
		a.printJSON(errorDocument{Schema: 1, Error: a.errorJSON(fault.New(fault.Interrupted, "", text, ""))})
	}
	return exitOnly{fault.ExitInterrupted}
}

func (a *app) setUp(ctx context.Context, f initFlags, setup *wizard.Setup) error {
	name, err := a.profileName()
	if err != nil {
		return err
	}
	saved, err := a.savedProfile(name)
	if err != nil {
		return err
	}
	waits := wizard.DraftStore(a.stateDir(), name)
	if waits != "" && a.global.store != "" && a.global.store != waits {
		return usage("The set-up of %q that is not finished keeps its secret in %s. Finish it without --store, then move it: sfconnect store migrate --to %s", name, a.secretsIn(waits).Label(), a.global.store)
	}
	m, err := a.savingMachine(saved, waits)
	if err != nil {
		return err
	}
	m.OpenBrowser = a.openBrowser(f.browser)
	setup.Machine, setup.StateDir, setup.Profile = m, a.stateDir(), name
	setup.Preset = map[string]string{"login_url": a.Getenv("SFCONNECT_LOGIN_URL"), "consumer_key": a.Getenv("SFCONNECT_CONSUMER_KEY")}
	return setup.Run(ctx)
}

// rehearse runs the same wizard against a simulated org, with a store that is
// thrown away at the end.
func (a *app) rehearse(ctx context.Context, f initFlags, setup *wizard.Setup, onTerminal bool) error {
	o, err := practiceOptions(a, practiceFlags{recipe: f.recipe, variant: f.variant})
	if err != nil {
		return err
	}
	running, err := practice.Serve(ctx, a.Listen, "127.0.0.1:0", o)
	if err != nil {
		return err
	}
	defer running.Close()
	dir, err := a.TempDir()
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)

	m, err := a.machineWith(store.NewFile(dir, dir), store.NewSecrets(store.NewMemory(), a.OS, a.Rand))
	if err != nil {
		return err
	}
	m.OpenBrowser = a.openBrowser(f.browser)
	if !onTerminal {
		m.OpenBrowser, setup.Pasted = rehearsedBrowser()
	}
	facts := running.Org.Facts()
	setup.Machine, setup.StateDir, setup.Profile, setup.Folder = m, dir, "practice", dir
	setup.Preset = map[string]string{"login_url": facts.MyDomainURL, "consumer_key": facts.ConsumerKey, "input.contact_email": facts.Username, "username": facts.Username}
	setup.Rehearsal = true
	setup.Chosen = func(r recipe.Recipe) {
		// Where a callback is nobody's, the wizard takes the success page of the login URL.
		r.CallbackURLs = append(slices.Clip(r.CallbackURLs), facts.MyDomainURL+"/services/oauth2/success")
		running.Org.Adopt(&r)
		if r.Authorize.Flow == string(connection.FlowRefreshToken) {
			setup.PresetToken = a.hide(secret.New(running.Org.IssueRefreshToken()))
		}
	}
	setup.Uploaded = func(certificate []byte) error { return running.Org.Set("certificate", string(certificate)) }
	setup.PresetSecret = a.hide(secret.New(facts.ConsumerSecret))
	return setup.Run(ctx)
}

// rehearsedBrowser is a browser with a person in front of it, who signs in and, where
// the callback is not on this machine, pastes the address that the browser landed on.
func rehearsedBrowser() (open func(context.Context, string) error, pasted <-chan string) {
	visitor := practice.Visitor{}
	addresses := make(chan string, 1)
	return func(ctx context.Context, address string) error {
		go func() {
			if oauthflow.CheckCallback(redirectOf(address)) == nil {
				_ = visitor.Visit(ctx, address)
				return
			}
			if landed, err := visitor.Address(ctx, address); err == nil {
				addresses <- landed
			}
		}()
		return nil
	}, addresses
}

// redirectOf is the callback address that an authorize address names.
func redirectOf(authorize string) string {
	u, err := url.Parse(authorize)
	if err != nil {
		return ""
	}
	return u.Query().Get("redirect_uri")
}
