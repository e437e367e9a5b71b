package cli

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/check"
	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/term"
	"example.com/sfconnect/internal/wizard"
)

func newTest(a *app) *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "test",
		Short: "Test a saved connection, stage by stage",
		Long: `Test a saved connection: store, dns, tcp, tls, app, token, identity, api, limits,
scopes. The first stage that fails is explained and the later ones are skipped.
Always asks Salesforce for a new access token, so that a dead refresh token shows.`,
		Example: "  sfconnect test\n  sfconnect test --profile acme --json\n  sfconnect test --all",
		Args:    plainArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if all {
				return runTestAll(cmd.Context(), a)
			}
			return runTest(cmd.Context(), a)
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "test every saved connection")
	return cmd
}

type testJSON struct {
	Schema  int         `json:"schema"`
	OK      bool        `json:"ok"`
	Profile string      `json:"profile"`
	Stages  []stageJSON `json:"stages"`
	Error   *errorJSON  `json:"error,omitempty"`
}

type stageJSON struct {
	Name   string  `json:"name"`
	Status string  `json:"status"`
	MS     float64 `json:"ms"`
	Detail string  `json:"detail"`
	Hint   string  `json:"hint"`
}

func runTest(ctx context.Context, a *app) error {
	name, m, err := a.profileMachine()
	if err != nil {
		return err
	}
	r := a.testOne(ctx, m, name)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if a.global.json {
		a.printJSON(a.toTestJSON(r))
	}
	if !r.OK() {
		return exitOnly{r.Fault.Exit}
	}
	return nil
}

// testOne runs the test and, for people, prints each stage as it ends.
func (a *app) testOne(ctx context.Context, m *connection.Machine, name string) check.Result {
	if a.global.json {
		return check.Test(ctx, m, name, nil)
	}
	out := a.people(a.Stdout, a.StdoutTTY)
	saved, err := a.savedProfile(name)
	there := err == nil && saved.ID != "" // else stdout has nothing to tell
	if there {
		fmt.Fprintf(a.Stdout, "Profile %s\n", clean(name))
	}
	unknown := false
	r := check.Test(ctx, m, name, func(s check.Stage) {
		unknown = unknown || s.Name == "store" && s.Status == check.Fail // nothing was tried then
		if !unknown {
			out.Status(a.toStatus(s))
		}
	})
	if !r.OK() && ctx.Err() == nil {
		if there {
			fmt.Fprintln(a.Stdout)
		}
		a.tell(r.Fault)
	}
	return r
}

// toStatus leaves what a failed stage has to say to the error below the list.
func (a *app) toStatus(s check.Stage) term.Status {
	out := term.Status{Name: s.Name, Took: s.Took, Detail: a.redactor.Redact(s.Detail), Hint: a.redactor.Redact(s.Hint)}
	switch s.Status {
	case check.Pass:
		out.Mark = wizard.MarkOK
	case check.Warn:
		out.Mark = wizard.MarkWarn
	case check.Skip:
		out.Mark = wizard.MarkSkip
	case check.Fail:
		out.Mark, out.Detail, out.Hint = wizard.MarkFail, "", ""
	}
	return out
}

func runTestAll(ctx context.Context, a *app) error {
	if a.global.profile != "" {
		return usage("--all and --profile exclude each other.")
	}
	set, err := a.file().Load()
	if err != nil {
		return err
	}
	m, err := a.machine()
	if err != nil {
		return err
	}
	out := struct {
		Schema   int        `json:"schema"`
		OK       bool       `json:"ok"`
		Profiles []testJSON `json:"profiles"`
	}{Schema: 1, OK: true, Profiles: []testJSON{}}
	exit := fault.ExitDone
	for _, name := range set.Names() {
		r := a.testOne(ctx, m, name)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !r.OK() && exit == fault.ExitDone {
			exit = r.Fault.Exit
			out.OK = false
		}
		out.Profiles = append(out.Profiles, a.toTestJSON(r))
	}
	if a.global.json {
		a.printJSON(out)
	} else if len(out.Profiles) == 0 {
		a.note("Nothing is saved yet. Start with: sfconnect init")
	}
	if exit != fault.ExitDone {
		return exitOnly{exit}
	}
	return nil
}

func (a *app) toTestJSON(r check.Result) testJSON {
	out := testJSON{Schema: 1, OK: r.OK(), Profile: r.Profile, Stages: []stageJSON{}}
	for _, s := range r.Stages {
		ms := math.Round(float64(s.Took)/float64(time.Millisecond)*10) / 10
		out.Stages = append(out.Stages, stageJSON{s.Name, string(s.Status), ms, a.redactor.Redact(s.Detail), a.redactor.Redact(s.Hint)})
	}
	if r.Fault != nil {
		e := a.errorJSON(r.Fault)
		out.Error = &e
	}
	return out
}
