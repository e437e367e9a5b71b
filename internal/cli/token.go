package cli

import (
	"context"
	"errors"
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
newline. A saved one serves without a network call; else it is refreshed. --json
also says when it ends, where that is known.
A terminal gets it only with --yes or after a question.

A refresh token that was handed over is left alone where the app rotates refresh
tokens, or may: two holders of one rotating token destroy each other. --yes
refreshes it all the same.`,
		Example: `  curl -H "Authorization: Bearer $(sfconnect token)" https://acme.my.salesforce.com/services/data/
  sfconnect token --json
  sfconnect token --min-validity 30m`,
		Args: plainArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runToken(cmd.Context(), a, f) },
	}
	cmd.Flags().DurationVar(&f.minValidity, "min-validity", time.Minute, "how long the token must live at least")
	cmd.Flags().BoolVar(&f.refresh, "refresh", false, "ask Salesforce for a new one in any case")
	cmd.Flags().BoolVar(&f.yes, "yes", false, "ask nothing: print it to a terminal, and refresh what was handed over too")
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
	m.RefreshShared = f.yes
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
	if errors.Is(err, connection.ErrShared) && a.mayAsk() && a.StderrTTY {
		if m.RefreshShared, err = a.confirmEnding(ctx, err); err != nil {
			return err
		}
		token, expires, err = s.Token(ctx, f.minValidity, f.refresh)
	}
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
			ExpiresAt   string `json:"expires_at,omitempty"` // left out where it is not known
		}{1, token.Reveal(), p.Org.InstanceURL, p.User.Username, expiresAt(expires)})
		return nil
	}
	_, err = fmt.Fprintln(a.Stdout, token.Reveal())
	return err
}

// confirmEnding asks whether a refresh is to be made that may end another tool's copy.
// No is the same as not to ask: left comes back.
func (a *app) confirmEnding(ctx context.Context, left error) (bool, error) {
	a.note("%s", fault.From(left).Message)
	yes, err := a.askYesNo(ctx, "Refresh it all the same, at the cost of the other copy?")
	if err == nil && !yes {
		err = left
	}
	return yes, err
}

func expiresAt(t time.Time) string {
	if text := stamp(t); text != nil {
		return *text
	}
	return ""
}

// confirmPrinting keeps a secret off a screen where somebody may look over the shoulder.
func (a *app) confirmPrinting(ctx context.Context, what string) error {
	refused := fault.New(fault.Usage, "input", "Nothing was printed: to show "+what+" on a terminal was not confirmed.",
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
