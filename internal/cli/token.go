package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
)

type tokenFlags struct {
	minValidity time.Duration
	refresh     bool
	yes         bool
}

func newToken(a *app) *cobra.Command {
	var f tokenFlags
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Print a fresh access token, alone, on stdout",
		Long: `Print an access token that is known to live for --min-validity at least, and a
newline. A saved one serves without a network call; else it is refreshed.
A terminal gets it only with --yes or after a question.`,
		Example: `  curl -H "Authorization: Bearer $(sfconnect token)" https://acme.my.salesforce.com/services/data/
  sfconnect token --json
  sfconnect token --min-validity 30m`,
		Args: plainArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runToken(cmd.Context(), a, f) },
	}
	cmd.Flags().DurationVar(&f.minValidity, "min-validity", time.Minute, "how long the token must live at least")
	cmd.Flags().BoolVar(&f.refresh, "refresh", false, "ask Salesforce for a new one in any case")
	cmd.Flags().BoolVar(&f.yes, "yes", false, "print it to a terminal without asking")
	return cmd
}

func runToken(ctx context.Context, a *app, f tokenFlags) error {
	if f.minValidity < 0 {
		return usage("--min-validity cannot be negative.")
	}
	name, m, err := a.profileMachine()
	if err != nil {
		return err
	}
	s, err := m.Open(name)
	if err != nil {
		return err
	}
	if a.StdoutTTY && !f.yes {
		if err := a.confirmPrinting(ctx, "the access token"); err != nil {
			return err
		}
	}
	token, expires, err := s.Token(ctx, f.minValidity, f.refresh)
	if err != nil {
		return err
	}
	if left := expires.Sub(a.Now()); !expires.IsZero() && left < f.minValidity {
		a.note("Warning: this new token ends in %s, before --min-validity: the org's session timeout is shorter.", connection.Spoken(left.Round(time.Second)))
	}
	p := s.Profile()
	if a.global.json {
		a.printJSON(struct {
			Schema      int    `json:"schema"`
			AccessToken string `json:"access_token"`
			InstanceURL string `json:"instance_url"`
			Username    string `json:"username"`
		}{1, token.Reveal(), p.Org.InstanceURL, p.User.Username})
		return nil
	}
	_, err = fmt.Fprintln(a.Stdout, token.Reveal())
	return err
}

// confirmPrinting keeps a secret off a screen where somebody may look over the shoulder.
func (a *app) confirmPrinting(ctx context.Context, what string) error {
	refused := fault.New(fault.Usage, "input", "Printing "+what+" to a terminal was not confirmed, so it was not printed.",
		"Pipe it to the program that needs it, or add --yes.")
	if !a.mayAsk() || !a.StderrTTY {
		return refused
	}
	yes, err := a.askYesNo(ctx, "Print "+what+" to this terminal?")
	if err != nil {
		return err
	}
	if !yes {
		return refused
	}
	return nil
}
