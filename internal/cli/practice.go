package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/practice"
)

type practiceFlags struct {
	recipe     string
	variant    string
	faults     []string
	listFaults bool
	set        []string
	listen     string
}

func newPractice(a *app) *cobra.Command {
	var f practiceFlags
	cmd := &cobra.Command{
		Use:   "practice",
		Short: "Run a simulated Salesforce org on this computer",
		Long: `Run a simulated Salesforce org on loopback until interrupted: a login page, a
consent page, the OAuth endpoints and a little REST API. It exists to rehearse,
to test, and to see what each error looks like. It is not Salesforce: what is not
known of the real one is not simulated as if it were.

--set takes NAME=VALUE, or NAME=@FILE where the file holds the value, such as the
certificate of the JWT bearer flow in PEM form. --json prints one line with
everything that a script needs. Where the app uses the org's own certificate,
private_key in it is the key to sign with: jq -r .private_key facts.json >key.pem

While the org runs, a click on a box of its Setup pages turns it. Scripts do the
same below control_url, with control_key as the bearer token:
  GET or POST settings   NAME=VALUE, as many as wanted, all or none
  GET or POST faults     fault=NAME for each; none heals the org
  GET ledger             what the org saw: requests, tokens, what became of them`,
		Example: `  sfconnect practice
  sfconnect practice --json --recipe quilia
  sfconnect practice --set refresh_token_rotation=true --fault inactive-user
  sfconnect practice --set jwt_bearer_flow=true --set certificate=@cert.pem
  curl -H "Authorization: Bearer $(jq -r .control_key facts.json)" \
    -d pkce_required=false "$(jq -r .control_url facts.json)settings"
  sfconnect practice --list-faults`,
		Args: plainArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.listFaults {
				return listFaults(a)
			}
			return runPractice(cmd.Context(), a, f)
		},
	}
	cmd.Flags().StringVar(&f.recipe, "recipe", "", "set the app up as this recipe (id or file) asks")
	addVariant(cmd, &f.variant)
	cmd.Flags().StringArrayVar(&f.faults, "fault", nil, "make one thing wrong, repeatable (see --list-faults)")
	cmd.Flags().BoolVar(&f.listFaults, "list-faults", false, "list the faults and the settings")
	cmd.Flags().StringArrayVar(&f.set, "set", nil, "turn one of the app's switches, NAME=VALUE or NAME=@FILE, repeatable")
	cmd.Flags().StringVar(&f.listen, "listen", "127.0.0.1:0", "loopback address of the login host; My Domain gets another port")
	_ = cmd.RegisterFlagCompletionFunc("fault", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return faultNames(), cobra.ShellCompDirectiveNoFileComp
	})
	return cmd
}

// practiceOptions turns the flags into a simulated org's settings.
func practiceOptions(a *app, f practiceFlags) (practice.Options, error) {
	o := practice.Options{Faults: f.faults, Settings: map[string]string{}, Now: a.Now, Rand: a.Rand}
	if err := knownFaults(f.faults); err != nil {
		return o, err
	}
	if f.recipe != "" {
		found, err := findRecipe(f.recipe)
		if err != nil {
			return o, err
		}
		if found, _, err = chosenVariant(found, f.variant, ""); err != nil {
			return o, err
		}
		found = found.Fill(nil) // what only an admin knows stands at its default
		o.Recipe = &found
	} else if err := needsRecipe(f.recipe, f.variant); err != nil {
		return o, err
	}
	for _, pair := range f.set {
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return o, usage("--set %s lacks a value; it takes NAME=VALUE or NAME=@FILE.", pair)
		}
		if err := knownSetting(name); err != nil {
			return o, err
		}
		if file, is := strings.CutPrefix(value, "@"); is {
			text, err := settingFile(name, file)
			if err != nil {
				return o, err
			}
			value = text
		}
		o.Settings[name] = value
	}
	if _, err := practice.New(o); err != nil {
		return o, usage("The practice org was not started: %s.", strings.TrimSuffix(practiceWords(err), "."))
	}
	return o, nil
}

// knownFaults names what comes near a fault that there is not: there are too many
// to list them all.
func knownFaults(asked []string) error {
	names := faultNames()
	for _, name := range asked {
		if slices.Contains(names, name) {
			continue
		}
		return fault.New(fault.Usage, "input", fmt.Sprintf("The practice org has no fault %q.", name),
			didYouMean(nearest(name, names), "List them with: sfconnect practice --list-faults"))
	}
	return nil
}

// knownSetting is knownFaults for --set.
func knownSetting(name string) error {
	var names []string
	for _, s := range practice.SettingNames() {
		if s.Name == name {
			return nil
		}
		names = append(names, s.Name)
	}
	return fault.New(fault.Usage, "input", fmt.Sprintf("The practice org has no setting %q.", name),
		didYouMean(nearest(name, names), "List them with: sfconnect practice --list-faults"))
}

func faultNames() []string {
	var names []string
	for _, known := range practice.FaultNames() {
		names = append(names, known.Name)
	}
	return names
}

// practiceWords is an error of package practice for a sentence that names the org.
func practiceWords(err error) string { return strings.TrimPrefix(err.Error(), "practice org: ") }

// settingFile reads a setting's value without the line break at its end.
func settingFile(name, file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", usage("The file for --set %s could not be read: %v.", name, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, largestInput+1))
	if err != nil {
		return "", usage("The file for --set %s could not be read: %v.", name, err)
	}
	if len(text) > largestInput {
		return "", usage("The file %s is too large for --set %s.", file, name)
	}
	return trimInput(text), nil
}

func runPractice(ctx context.Context, a *app, f practiceFlags) error {
	o, err := practiceOptions(a, f)
	if err != nil {
		return err
	}
	if a.global.verbose {
		o.Log = func(line string) { a.note("%s", line) }
	}
	running, err := practice.Serve(ctx, a.Listen, f.listen, o)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fault.New(fault.PortBusy, "port", fmt.Sprintf("The practice org could not listen on %s: the port, or the next one, is in use.", f.listen), "Choose another with --listen, or leave it out.").Because(err)
	}
	if err != nil {
		return fault.New(fault.Usage, "input", "The practice org could not listen: "+practiceWords(err)+".", "Leave --listen out, or give it a loopback address with a free port, such as 127.0.0.1:8080.").Because(err)
	}
	defer running.Close()
	facts := running.Org.Facts()
	if a.global.json {
		a.printJSON(facts)
	} else {
		fmt.Fprintf(a.Stdout, "The practice org is running. It is simulated; nothing in it is real.\n\n"+
			"  Login URL        %s\n  My Domain        %s\n  Setup            %s\n  Consumer Key     %s\n  Consumer Secret  %s\n  User             %s\n  Password         %s\n\n"+
			"Try it in another terminal:\n  %s\n%s\nCtrl-C ends it.\n",
			facts.LoginURL, facts.MyDomainURL, facts.SetupURL, facts.ConsumerKey, facts.ConsumerSecret, facts.Username, facts.Password,
			withSecret(a.OS, facts.ConsumerSecret, "--profile practice --login-url "+facts.MyDomainURL+" --consumer-key "+facts.ConsumerKey), withoutBrowser(facts, a.OS))
	}
	<-ctx.Done()
	a.note("The practice org has stopped.")
	return exitOnly{fault.ExitInterrupted}
}

func listFaults(a *app) error {
	if a.global.json {
		a.printJSON(struct {
			Schema   int                  `json:"schema"`
			Faults   []practice.FaultInfo `json:"faults"`
			Settings []practice.Setting   `json:"settings"`
		}{1, practice.FaultNames(), practice.SettingNames()})
		return nil
	}
	fmt.Fprintln(a.Stdout, "Faults (--fault NAME):")
	for _, f := range practice.FaultNames() {
		fmt.Fprintf(a.Stdout, "  %-44s %s\n", f.Name, f.Help)
	}
	fmt.Fprintln(a.Stdout, "\nSettings (--set NAME=VALUE):")
	for _, s := range practice.SettingNames() {
		fmt.Fprintf(a.Stdout, "  %-44s %s\n", s.Name, s.Help)
	}
	return nil
}
