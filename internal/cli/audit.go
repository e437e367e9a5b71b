package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/check"
	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/wizard"
)

type auditFlags struct {
	many            manyFlags
	recipe, variant string
	offline         bool
	noProbe         []string
	dryRun          bool
	report          string
	force           bool
	watch           bool
	yes             bool
}

func newAudit(a *app) *cobra.Command {
	var f auditFlags
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "Compare how the app really behaves with what its recipe asks for",
		Long: `Compare how the app of a saved connection really behaves with what the recipe of
the integration asks for: the boxes of the form, callback lines, scopes, policies.

Each finding says how it is known: observed (Salesforce did it), inferred (a
refusal implies it, held against a control) or read (in the org's metadata, if the
user may do so). What the facts do not settle is unknown, and no failure.

Nothing is changed in the org. The requests are made to be refused; a token that
comes all the same is revoked at once. --dry-run lists them. The exit code is 9
where something differs.`,
		Example: `  sfconnect audit
  sfconnect audit --watch
  sfconnect audit --recipe quilia --json
  sfconnect audit --report audit.md
  sfconnect audit --offline-only --dry-run
  sfconnect audit --all`,
		Args: plainArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(a); err != nil {
				return err
			}
			return runAudit(cmd.Context(), a, f)
		},
	}
	cmd.Flags().StringVar(&f.recipe, "recipe", "", "compare with this recipe (id or file) instead of the connection's own")
	addVariant(cmd, &f.variant)
	cmd.Flags().BoolVar(&f.offline, "offline-only", false, "only what can be seen without the credentials: neither secrets nor tokens are used")
	cmd.Flags().StringArrayVar(&f.noProbe, "no-probe", nil, "leave the requests of a check out, by its id; also: refresh, metadata, user (repeatable)")
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "list what would be sent, and send nothing")
	cmd.Flags().StringVar(&f.report, "report", "", "write a report to this file, .md or .html")
	cmd.Flags().BoolVar(&f.force, "force", false, "let the report replace a file")
	cmd.Flags().BoolVar(&f.watch, "watch", false, "ask again about what differs, until nothing does or Ctrl-C ends it")
	cmd.Flags().BoolVar(&f.yes, "yes", false, "refresh a token that was handed over, too")
	f.many.add(cmd, "every saved connection")
	_ = cmd.RegisterFlagCompletionFunc("no-probe", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return check.AuditProbes(), cobra.ShellCompDirectiveNoFileComp
	})
	return cmd
}

// check refuses what does not go together, before anything is read.
func (f *auditFlags) check(a *app) error {
	if err := f.many.check(a); err != nil {
		return err
	}
	for _, name := range f.noProbe {
		if !slices.Contains(check.AuditProbes(), name) {
			hint := "There are: " + strings.Join(check.AuditProbes(), ", ") + "."
			if near := nearest(name, check.AuditProbes()); len(near) > 0 {
				hint = "Did you mean: " + strings.Join(near, ", ") + "?\n" + hint
			}
			return fault.New(fault.Usage, "input", "--no-probe does not know "+name+".", hint)
		}
	}
	if err := needsRecipe(f.recipe, f.variant); err != nil {
		return err
	}
	switch {
	case f.many.all && (f.watch || f.dryRun || f.report != ""):
		return usage("--watch, --dry-run and --report are about one connection, and --all about every one.")
	case f.dryRun && (f.watch || f.report != ""):
		return usage("--dry-run sends nothing, so there is nothing to watch or to report.")
	case f.force && f.report == "":
		return usage("--force goes with --report.")
	}
	if f.report != "" {
		return checkReport(f.report, f.force)
	}
	return nil
}

// audit makes the audit of one profile. Of a recipe that has several methods it is the
// one that was named, else the connection's own, else the only one of its flow.
func (f *auditFlags) audit(m *connection.Machine, profile string) (check.Audit, error) {
	out := check.Audit{Machine: m, Profile: profile, Outside: f.offline, Without: f.noProbe}
	if f.recipe == "" {
		return out, nil
	}
	found, err := findRecipe(f.recipe)
	if err != nil {
		return out, err
	}
	s, err := m.Open(profile)
	if err != nil {
		return out, err
	}
	p, variant := s.Profile(), f.variant
	if variant == "" && p.Recipe.ID == found.ID {
		variant = p.Recipe.Inputs[recipe.VariantAnswer]
	}
	chosen, answers, err := chosenVariant(found, variant, p.Flow)
	out.Recipe, out.Variant = &chosen, answers[recipe.VariantAnswer]
	return out, err
}

func runAudit(ctx context.Context, a *app, f auditFlags) error {
	if f.many.all {
		return runAuditAll(ctx, a, f)
	}
	name, m, err := a.profileMachine()
	if err != nil {
		return err
	}
	m.RefreshShared = f.yes
	audit, err := f.audit(m, name)
	switch {
	case err != nil:
		return err
	case f.dryRun:
		return a.planAudit(audit)
	}
	var r check.Audited
	if f.watch {
		r, err = a.watchAudit(ctx, audit)
	} else {
		r, err = audit.Run(ctx)
	}
	if err != nil {
		return err
	}
	if f.report != "" {
		if err := a.writeReport(f.report, f.force, r); err != nil {
			return err
		}
	}
	switch {
	case a.global.json:
		a.printJSON(a.toAuditJSON(r))
	case !f.watch:
		a.sayAudit(r)
		a.adviseAudit(r)
	}
	if f.report != "" {
		a.note("The report is in %s.", f.report)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if !r.OK() {
		return exitOnly{fault.ExitAudit}
	}
	return nil
}

func runAuditAll(ctx context.Context, a *app, f auditFlags) error {
	set, err := a.file().Load()
	if err != nil {
		return err
	}
	m, err := a.manyMachine()
	if err != nil {
		return err
	}
	m.RefreshShared = f.yes
	if f.recipe != "" {
		if _, err := findRecipe(f.recipe); err != nil {
			return err
		}
	}
	return a.forAll(ctx, f.many, set.Names(), func(ctx context.Context, name string) outcome { return a.auditOne(ctx, m, name, f) })
}

// auditOne is the audit of one of many.
func (a *app) auditOne(ctx context.Context, m *connection.Machine, name string, f auditFlags) outcome {
	audit, err := f.audit(m, name)
	var r check.Audited
	if err == nil {
		r, err = audit.Run(ctx)
	}
	if err != nil {
		failure := fault.From(err)
		e := a.errorJSON(failure)
		return outcome{
			document: auditJSON{Schema: 1, Profile: name, Checks: []findingJSON{}, Notes: []noteJSON{}, Error: &e},
			people:   wizard.Line{Mark: wizard.MarkFail, Text: name + ": " + e.Message, Hint: e.Hint}, fault: failure,
		}
	}
	out := outcome{document: a.toAuditJSON(r), people: a.auditLine(r)}
	if !r.OK() {
		out.fault = &fault.Fault{Message: "The app is set up differently.", Exit: fault.ExitAudit}
	}
	return out
}

// auditLine says in one line how an audit went; what is to be mended follows.
func (a *app) auditLine(r check.Audited) wizard.Line {
	count := countFindings(r)
	line := wizard.Line{Mark: wizard.MarkOK, Text: r.Profile + ": " + count.String()}
	if r.Recipe == "" {
		line.Text += ", and no recipe to compare with"
	}
	var hint []string
	for _, f := range r.Findings {
		if f.Status == check.Fail {
			line.Mark = wizard.MarkFail
			hint = append(hint, f.Label()+": wanted "+f.Spoken(f.Want)+", found "+f.Spoken(f.Got)+". "+f.Hint)
		}
	}
	line.Text, line.Hint = a.redactor.Redact(line.Text), a.redactor.Redact(strings.Join(hint, "\n"))
	return line
}
