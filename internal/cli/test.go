package cli

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/check"
	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/term"
	"example.com/sfconnect/internal/wizard"
)

func newTest(a *app) *cobra.Command {
	var many manyFlags
	var audit, yes bool
	cmd := &cobra.Command{
		Use:   "test",
		Short: "Test a saved connection, stage by stage",
		Long: `Test a saved connection: store, dns, tcp, tls, app, token, identity, api, limits,
scopes. The first stage that fails is explained and the later ones are skipped.
Always asks Salesforce for a new access token, so that a dead refresh token shows.

With --all many connections are tested at a time, and one that hangs holds up no
other. Each is told as it comes. The exit code is that of the first failing one
by name.

With --audit an audit follows where nothing is wrong; it ends with 9 where the app
is set up differently.

A refresh token that was handed over is not used where the app rotates refresh
tokens, or may: two holders of one rotating token destroy each other. Salesforce
is asked whether it lives instead, and the saved access token serves for the
rest.`,
		Example: "  sfconnect test\n  sfconnect test --profile acme --json\n  sfconnect test --all\n  sfconnect test --all --jsonl | jq -r \"select(.ok | not).profile\"",
		Args:    plainArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := many.check(a); err != nil {
				return err
			}
			if many.all {
				return runTestAll(cmd.Context(), a, many, audit, yes)
			}
			return runTest(cmd.Context(), a, audit, yes)
		},
	}
	cmd.Flags().BoolVar(&audit, "audit", false, "audit the app too where the test finds nothing wrong")
	many.add(cmd, "test every saved connection")
	cmd.Flags().BoolVar(&yes, "yes", false, "refresh what was handed over too")
	return cmd
}

type testJSON struct {
	Schema  int         `json:"schema"`
	OK      bool        `json:"ok"`
	Profile string      `json:"profile"`
	Stages  []stageJSON `json:"stages"`
	Audit   *auditJSON  `json:"audit,omitempty"`
	Error   *errorJSON  `json:"error,omitempty"`
}

type stageJSON struct {
	Name   string  `json:"name"`
	Status string  `json:"status"`
	MS     float64 `json:"ms"`
	Detail string  `json:"detail"`
	Hint   string  `json:"hint"`
}

func runTest(ctx context.Context, a *app, audit, yes bool) error {
	name, m, err := a.profileMachine()
	if err != nil {
		return err
	}
	m.RefreshShared = yes
	r := a.testOne(ctx, m, name)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if audit && r.OK() {
		return a.auditTested(ctx, m, r)
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

func runTestAll(ctx context.Context, a *app, many manyFlags, audit, yes bool) error {
	set, err := a.file().Load()
	if err != nil {
		return err
	}
	m, err := a.manyMachine()
	if err != nil {
		return err
	}
	m.RefreshShared = yes
	return a.forAll(ctx, many, set.Names(), func(ctx context.Context, name string) outcome {
		start := a.Now()
		r := check.Test(ctx, m, name, nil)
		out := outcome{document: a.toTestJSON(r), people: a.testLine(r, a.Now().Sub(start)), fault: r.Fault}
		if audit && r.OK() {
			return a.withAudit(ctx, m, r, out)
		}
		return out
	})
}

// testLine says in one line how a test went; what a warning or a failure asks for
// follows.
func (a *app) testLine(r check.Result, took time.Duration) wizard.Line {
	line := wizard.Line{Mark: wizard.MarkOK, Text: r.Profile + ": well, in " + check.Took(took)}
	if r.Fault != nil {
		line.Mark, line.Text, line.Hint = wizard.MarkFail, r.Profile+": "+r.Fault.Stage+": "+r.Fault.Message, r.Fault.Hint
	}
	for _, s := range r.Stages {
		if s.Status == check.Warn {
			if r.Fault == nil {
				line.Mark = wizard.MarkWarn
			}
			line.Hint = strings.TrimPrefix(line.Hint+"\n"+s.Name+": "+s.Detail+". "+s.Hint, "\n")
		}
	}
	line.Text, line.Hint = a.redactor.Redact(line.Text), a.redactor.Redact(line.Hint)
	return line
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
