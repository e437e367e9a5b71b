package cli

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/store"
)

// globalFlags are the flags that every command knows.
type globalFlags struct {
	profile    string
	store      string
	json       bool
	noInput    bool
	verbose    bool
	caFile     string
	accessible bool
}

// waits marks a command that waits for a person, a server or the keychain, and so
// must end in order when it is interrupted.
const waits = "waits"

// command is one line of the tree.
type command struct {
	group, name string
	make        func(*app) *cobra.Command
	waits       bool
}

func commands() []command {
	return []command{
		{"connect", "init", newInit, true}, {"connect", "auth", newAuth, true}, {"connect", "test", newTest, true},
		{"connect", "audit", newAudit, true},
		{"saved", "list", newList, false}, {"saved", "show", newShow, false}, {"saved", "use", newUse, false},
		{"saved", "token", newToken, true}, {"saved", "export", newExport, true}, {"saved", "keepalive", newKeepalive, true}, {"saved", "logout", newLogout, true},
		{"saved", "store", newStore, false},
		{"more", "recipe", newRecipe, false}, {"more", "explain", newExplain, false}, {"more", "doctor", newDoctor, true}, {"more", "practice", newPractice, true}, {"more", "version", newVersion, false},
	}
}

// Tree is every command with its flags and texts, for who writes documentation of
// them; none of them is to be run.
func Tree(version string) *cobra.Command {
	return newRoot(newApp(System{Getenv: func(string) string { return "" }, Version: version}), nil)
}

// newRoot builds the tree; where args begin with a command's name, that branch alone.
func newRoot(a *app, args []string) *cobra.Command {
	cobra.EnableCommandSorting = false // the groups are in the order of a person's way through them
	cobra.MousetrapHelpText = ""       // it sends away who double-clicks on Windows; main opens the wizard
	root := &cobra.Command{
		Use:   "sfconnect",
		Short: "Connect a Salesforce org to an integration, and prove that it works",
		Long: `sfconnect connects a Salesforce org to an integration and proves that it works.

Start with "sfconnect init": it walks you through creating an External Client
App in Salesforce Setup, checks what you enter at once, signs you in through the
browser, keeps the credentials in your system's keychain and tests the result.
No org at hand? "sfconnect init --practice" uses a simulated one.`,
		Example: `  sfconnect init
  sfconnect init --practice
  sfconnect auth --login-url https://acme.my.salesforce.com --consumer-key 3MVG9... --consumer-secret-stdin
  sfconnect test
  sfconnect token | some-script`,
		Version:       a.Version,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if a.global.json {
				return usage("No command was given, and help is no JSON.")
			}
			return cmd.Help()
		},
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Annotations[waits] != "" {
				a.ctx = a.Interrupts(cmd.Context())
				cmd.SetContext(a.ctx)
			}
			if cmd.Flags().Changed("profile") && a.global.profile == "" {
				return store.CheckName("")
			}
			a.started = true
			a.tellMisspelt(cmd)
			return a.checkStore()
		},
	}
	root.DisableSuggestions = true // unknownCommand makes them, in the form of all others
	root.SetFlagErrorFunc(flagFault)
	root.SetHelpFunc(a.help(root.HelpFunc()))
	flags := root.PersistentFlags()
	flags.StringVar(&a.global.profile, "profile", "", "the saved connection to use (SFCONNECT_PROFILE; default: the one chosen with \"use\", else \"default\")")
	flags.StringVar(&a.global.store, "store", "", "where secrets are kept: keychain or file (SFCONNECT_STORE; default: where the profile was saved, else keychain)")
	flags.BoolVar(&a.global.json, "json", false, "print one JSON document on stdout")
	flags.BoolVar(&a.global.noInput, "no-input", false, "never ask (SFCONNECT_NO_INPUT=1)")
	flags.BoolVar(&a.global.verbose, "verbose", false, "show each request's method, host, path, status and time on stderr")
	flags.StringVar(&a.global.caFile, "ca-file", "", "trust the certificates in this PEM file as well")
	flags.BoolVar(&a.global.accessible, "accessible", false, "plain questions, one line each (ACCESSIBLE=1)")
	root.AddGroup(
		&cobra.Group{ID: "connect", Title: "Connect:"},
		&cobra.Group{ID: "saved", Title: "Saved connections:"},
		&cobra.Group{ID: "more", Title: "More:"},
	)
	table := commands()
	if i := slices.IndexFunc(table, func(c command) bool { return len(args) > 0 && c.name == args[0] }); i >= 0 {
		// The rest of the tree is only for help, suggestions and completion.
		table = table[i : i+1]
		root.CompletionOptions.DisableDefaultCmd = true
	}
	for _, c := range table {
		made := c.make(a)
		made.GroupID = c.group
		if c.waits {
			made.Annotations = map[string]string{waits: "yes"}
		}
		root.AddCommand(made)
	}
	if len(table) > 1 {
		strictHelpers(root)
		a.completeTree(root)
	}
	root.SetHelpCommandGroupID("more")
	root.SetCompletionCommandGroupID("more")
	return root
}

// help fits cobra's help into the terminal; a pipe gets it as it is.
func (a *app) help(print func(*cobra.Command, []string)) func(*cobra.Command, []string) {
	return func(cmd *cobra.Command, args []string) {
		var text bytes.Buffer
		out := cmd.OutOrStdout()
		cmd.SetOut(&text)
		print(cmd, args)
		cmd.SetOut(out)
		if !a.StdoutTTY {
			_, _ = text.WriteTo(a.Stdout)
			return
		}
		a.people(a.Stdout, true).Help(text.String())
	}
}

// strictHelpers makes cobra's help and completion refuse what they do not know,
// as every other command does.
func strictHelpers(root *cobra.Command) {
	help := &cobra.Command{
		Use: "help [COMMAND]", Short: "Help about any command", Long: "Help about any command.",
		Example: "  sfconnect help auth", GroupID: "more", Args: cobra.ArbitraryArgs,
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			return completeCommands(root, args), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			about, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return unknownCommand(fmt.Errorf("unknown command %q for \"sfconnect\"", strings.Join(args, " ")))
			}
			about.InitDefaultHelpFlag()
			return about.Help()
		},
	}
	root.SetHelpCommand(help)
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		if c.Name() == "completion" {
			c.GroupID = "more"
			c.Args = nil // cobra then names the shell that it does not know
			c.RunE = func(cmd *cobra.Command, args []string) error {
				if len(args) > 0 {
					return usage("There is no completion for %q; there is for bash, zsh, fish and powershell.", args[0])
				}
				return cmd.Help()
			}
		}
	}
}

// configDir holds profiles.json.
func (a *app) configDir() string {
	if dir := a.Getenv("SFCONNECT_CONFIG_DIR"); dir != "" {
		return dir
	}
	return filepath.Join(a.ConfigDir, "sfconnect")
}

// stateDir holds locks and unfinished set-ups.
func (a *app) stateDir() string {
	if dir := a.Getenv("SFCONNECT_STATE_DIR"); dir != "" {
		return dir
	}
	return filepath.Join(a.StateDir, "sfconnect")
}

// file is the one of the run, so that what one part has read another need not.
func (a *app) file() *store.File {
	a.profilesOnce.Do(func() { a.profiles = store.NewFile(a.configDir(), a.stateDir()) })
	return a.profiles
}

// profileName is the profile this command is about: flag, environment, the one
// chosen with use, else "default".
func (a *app) profileName() (string, error) {
	for _, name := range []string{a.global.profile, a.Getenv("SFCONNECT_PROFILE")} {
		if name != "" {
			return name, store.CheckName(name)
		}
	}
	set, err := a.file().Load()
	if err != nil {
		return "", err
	}
	if set.Default != "" {
		return set.Default, nil
	}
	return "default", nil
}

// mayAsk tells whether a person can be asked something.
func (a *app) mayAsk() bool {
	return a.StdinTTY && !a.global.noInput && !truthy(a.Getenv("SFCONNECT_NO_INPUT"))
}

func truthy(s string) bool {
	switch s {
	case "", "0", "false", "no", "off":
		return false
	}
	return true
}
