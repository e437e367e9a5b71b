package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/store"
)

// The formats of export.
const (
	formatEnv      = "env"
	formatJSON     = "json"
	formatSfdxURL  = "sfdx-url"
	formatHandover = "handover"
)

func exportFormats() []string { return []string{formatEnv, formatJSON, formatSfdxURL, formatHandover} }

type exportFlags struct {
	format, output string
	force, yes     bool
}

func newExport(a *app) *cobra.Command {
	var f exportFlags
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Hand credentials over in another tool's format",
		Long: `Print the credentials of a saved connection for another tool, secrets included:

  env       SALESFORCE_LOGIN_URL, SALESFORCE_INSTANCE_URL, SALESFORCE_CLIENT_ID,
            SALESFORCE_CLIENT_SECRET, SALESFORCE_REFRESH_TOKEN, quoted for a POSIX
            shell to read; a private key has several lines within its quotes
  json      the same in one document: login_url, instance_url, client_id, …
  sfdx-url  force://KEY:SECRET:REFRESH@HOST, for sf org login sfdx-url
  handover  what the integration's recipe hands over, in the vendor's form

env and json leave out what a connection does not have. One with a certificate
(jwt-bearer) has SALESFORCE_USERNAME, SALESFORCE_AUDIENCE and, in PEM,
SALESFORCE_PRIVATE_KEY instead of secret and refresh token.

A terminal gets it only with --yes or after a question. --output makes a file that
only you can read. With --json, stdout is one document in every format; sf takes
that of sfdx-url as a .json file.

A refresh token that leaves is remembered. Where the app rotates refresh tokens,
or may, two holders destroy each other: sfconnect then refreshes it only with
--yes.`,
		Example: `  set -a; eval "$(sfconnect export --format env)"; set +a
  sfconnect export --format json | jq -r .client_id
  sfconnect export --format sfdx-url | sf org login sfdx-url --alias acme --sfdx-url-stdin
  sfconnect export --format handover --profile acme
  sfconnect export --format env --output salesforce.env`,
		Args: plainArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runExport(cmd.Context(), a, f) },
	}
	cmd.Flags().StringVar(&f.format, "format", "", "the form: env, json, sfdx-url or handover")
	cmd.Flags().StringVar(&f.output, "output", "", "write to this new file, which only you can read, instead of stdout")
	cmd.Flags().BoolVar(&f.force, "force", false, "replace the file of --output")
	cmd.Flags().BoolVar(&f.yes, "yes", false, "print it to a terminal without asking")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]cobra.Completion{
		cobra.CompletionWithDesc(formatEnv, "lines for a POSIX shell"), cobra.CompletionWithDesc(formatJSON, "one document"),
		cobra.CompletionWithDesc(formatSfdxURL, "for the Salesforce CLI"), cobra.CompletionWithDesc(formatHandover, "what the recipe hands over"),
	}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// exported is what leaves, in its form and for --json.
type exported struct {
	text     string
	document any
	profile  store.Profile
	token    bool     // a refresh token is in it
	head     string   // what to do with it; may be empty
	missing  []string // of the hand-over, a sentence each
	note     string   // what the other tool makes of the refresh token; may be empty
}

func runExport(ctx context.Context, a *app, f exportFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	name, m, err := a.profileMachine()
	if err != nil {
		return err
	}
	s, err := m.Open(name)
	if err != nil {
		return err
	}
	if err := fits(f.format, name, s.Profile()); err != nil {
		return err
	}
	var file *newFile
	switch {
	case f.output != "":
		if file, err = prepareFile("The export", f.output, f.force); err != nil {
			return err
		}
		defer file.discard()
	case a.StdoutTTY && !f.yes:
		if err := a.confirmPrinting(ctx, "the credentials of profile "+name); err != nil {
			return err
		}
	}
	out, err := a.export(ctx, m, name, f.format)
	if err != nil {
		return err
	}
	if file == nil {
		err = a.printExport(f, out)
	} else {
		err = a.fileExport(name, f, file, out)
	}
	if err != nil {
		return err
	}
	for _, sentence := range out.missing {
		a.note("Warning: %s", sentence)
	}
	if out.token {
		a.tellHandedOver(name, out)
	}
	return nil
}

func (f exportFlags) check() error {
	switch {
	case f.format == "":
		return fault.New(fault.MissingInput, "input", "Nothing was exported: the format is missing.", "Give one of these: --format "+strings.Join(exportFormats(), "|"))
	case !slices.Contains(exportFormats(), f.format):
		return usage("The format %q is not known; there are: %s.", f.format, strings.Join(exportFormats(), ", "))
	case f.force && f.output == "":
		return usage("--force is about the file of --output, and none was named.")
	}
	return nil
}

// fits refuses a format that a profile has not enough for, before anything leaves.
func fits(format, name string, p store.Profile) error {
	if format != formatSfdxURL || p.HasRefreshToken {
		return nil
	}
	if connection.Flow(p.Flow).NeedsNobody() {
		return usage("Profile %q cannot be written as an sfdx-url, which is made of a refresh token: the flow %s has none. Take --format env or json.", name, p.Flow)
	}
	f := fault.New(fault.NoRefreshToken, "input", fmt.Sprintf("Profile %q cannot be written as an sfdx-url: it has no refresh token.", name),
		"Add the scope refresh_token to the app, and sign in again: sfconnect init --profile "+connection.ShellWord(name))
	f.Exit = fault.ExitSignIn
	return f
}

// export reads what the format needs and writes it in that form. From here on a
// refresh token counts as handed over.
func (a *app) export(ctx context.Context, m *connection.Machine, name, format string) (exported, error) {
	if format == formatHandover {
		given, err := m.Handover(ctx, name)
		return handoverExport(name, given), err
	}
	var out exported
	c, err := m.Credentials(ctx, name, func(c connection.Credentials) (err error) {
		switch format {
		case formatEnv:
			out = envExport(name, c)
		case formatJSON:
			out, err = jsonExport(c)
		default:
			out, err = sfdxExport(name, c)
		}
		return err
	})
	out.profile, out.token = c.Profile, !c.RefreshToken.Empty()
	return out, err
}

func (a *app) printExport(f exportFlags, out exported) error {
	if a.global.json {
		a.printJSON(out.document)
		return nil
	}
	if out.head != "" {
		a.note("%s", out.head)
	}
	_, err := fmt.Fprint(a.Stdout, out.text)
	return err
}

func (a *app) fileExport(name string, f exportFlags, file *newFile, out exported) error {
	if err := file.commit([]byte(out.text)); err != nil {
		return err
	}
	if a.global.json {
		a.printJSON(struct {
			Schema  int      `json:"schema"`
			OK      bool     `json:"ok"`
			Profile string   `json:"profile"`
			Format  string   `json:"format"`
			Output  string   `json:"output"`
			Missing []string `json:"missing"`
		}{1, true, name, f.format, f.output, list(out.missing)})
		return nil
	}
	a.note("Written to %s, which only you can read.", f.output)
	return nil
}

// tellHandedOver says what follows where a refresh token has left.
func (a *app) tellHandedOver(name string, out exported) {
	if !connection.Shared(out.profile) {
		a.note("Note: the refresh token is in two places now. The app did not rotate refresh tokens when last seen, so both can use it.")
		return
	}
	a.note("Note: sfconnect leaves this refresh token alone from here on, unless --yes is given, because %s.", connection.WhyShared(out.profile))
	if out.note != "" {
		a.note("%s", out.note)
	}
	var taken []string
	if set, err := a.file().Load(); err == nil {
		taken = set.Names()
	}
	a.note("For a refresh token that sfconnect has alone, sign in a second time:\n  %s", connection.OwnSignIn(name, out.profile, taken))
}
