package check

import (
	"context"
	"slices"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/store"
)

// Audit compares how an app really behaves with what a recipe asks for. Set Machine
// and Profile; Run changes nothing in the org.
//
// The requests go out side by side. The longest chain of requests that wait for one
// another has four, and ends with the revocation of a token that nobody keeps: whether
// the saved token lives (in the flows without a person), a refresh, the list of the org's
// apps, and the reading of them. Introspection takes the place of the first where a new
// token is saved; a saved token that has died before its time costs both. Beside it run
// the requests without a login (two in a row, since the one without a code challenge
// needs a callback line that is known to be registered), the trials at the token endpoint
// (one, and the revocation of a token that comes), and what the user may do.
// TestAuditDepth holds this.
type Audit struct {
	Machine *connection.Machine
	Profile string
	Recipe  *recipe.Recipe    // nil: the profile's own copy; none there compares with nothing
	Variant string            // which of its methods Recipe is, to be told
	Inputs  map[string]string // the admin's answers to Recipe; unused without it
	Outside bool              // nothing that needs credentials is asked, and none is read
	Without []string          // names of AuditProbes that are not made
}

// Evidence says how a finding is known.
type Evidence string

// The kinds of evidence.
const (
	Observed Evidence = "observed" // Salesforce did it, or said it in so many words
	Inferred Evidence = "inferred" // from a refusal that implies it, held against a control
	Read     Evidence = "read"     // from the org's own metadata
)

// Finding is one check of an audit. Name is its id, with ":" and the value of one
// that comes several times; Status is Pass, Fail or Unknown. Where nothing is asked
// for, Want is nil, and Status is Pass where Got is known: nothing fails for it.
type Finding struct {
	Stage
	Want, Got any      // bool, string, []string, or nil
	Evidence  Evidence // of an unknown one, the kind that would settle it
}

// Audited is the outcome of an audit.
type Audited struct {
	Profile  string
	Recipe   string // its id; empty for none
	Variant  string // of a recipe with several methods, the one that was compared with
	App      string // the app's name, as far as it is known
	Saved    store.Profile
	Findings []Finding // in the order of AuditIDs
	Notes    []Note

	failed map[string]bool // by name of a finding: it failed, and has not passed since
}

// Note is something that no box decides and an admin should know.
type Note struct {
	Status       Status // Pass or Warn
	Text         string
	Hint         string
	RevokeFailed bool // a token that a probe was given lives on
}

// OK reports whether nothing differs from what is asked for.
func (r Audited) OK() bool {
	return !slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Status == Fail })
}

// Settled reports whether Again has nothing left to ask about: all that failed has
// passed since.
func (r Audited) Settled() bool {
	return !slices.ContainsFunc(r.Findings, r.open)
}

func (r Audited) open(f Finding) bool {
	return f.Status == Fail || f.Status == Unknown && r.failed[f.Name]
}

// Run makes the audit. The error is a fault, where nothing could be compared: no such
// profile, secrets that cannot be read, a host that does not answer as Salesforce.
func (a Audit) Run(ctx context.Context) (Audited, error) {
	q, err := a.open(ctx)
	if err != nil {
		return Audited{}, err
	}
	return q.run(ctx, q.checks())
}

// Again asks once more about what failed in former or the runs before it and has not
// passed since, and about nothing else.
func (a Audit) Again(ctx context.Context, former Audited) (Audited, error) {
	q, err := a.open(ctx)
	if err != nil {
		return former, err
	}
	open := map[string]bool{}
	for _, f := range former.Findings {
		open[f.Name] = former.open(f)
	}
	var some []auditCheck
	for _, c := range q.checks() {
		if open[c.name()] {
			some = append(some, c)
		}
	}
	now, err := q.run(ctx, some)
	if err != nil {
		return former, err
	}
	merged := slices.Clone(former.Findings)
	for _, f := range now.Findings {
		if i := slices.IndexFunc(merged, func(old Finding) bool { return old.Name == f.Name }); i >= 0 {
			merged[i] = f
		}
	}
	for _, n := range former.Notes {
		if !slices.Contains(now.Notes, n) {
			now.Notes = append(now.Notes, n)
		}
	}
	now.Findings, now.failed = merged, open
	return now, nil
}

// inquiry is one run: what is asked for, and what was found out.
type inquiry struct {
	Audit
	s      *connection.Session
	p      store.Profile
	r      recipe.Recipe
	prober *connection.Prober
	seen   evidence
}

func (a Audit) open(ctx context.Context) (*inquiry, error) {
	s, err := a.Machine.Open(a.Profile)
	if err != nil {
		return nil, err
	}
	q := &inquiry{Audit: a, s: s, p: s.Profile()}
	if q.r, err = a.wanted(q.p); err != nil {
		return nil, err
	}
	q.prober, err = s.Prober(ctx, !a.Outside)
	return q, err
}

func (q *inquiry) run(ctx context.Context, checks []auditCheck) (Audited, error) {
	if err := q.gather(ctx, checks); err != nil {
		return Audited{}, err
	}
	out := Audited{Profile: q.Profile, Recipe: q.r.ID, Variant: q.variant(), Saved: q.s.Profile(), App: q.appName(), Notes: q.notes()}
	for _, c := range checks {
		out.Findings = append(out.Findings, q.settle(c))
	}
	return out, nil
}

func (q *inquiry) variant() string {
	if q.Recipe != nil {
		return q.Variant
	}
	return q.p.Recipe.Inputs[recipe.VariantAnswer]
}

// appName is what the person looks for in Setup.
func (q *inquiry) appName() string {
	if label := q.seen.app.App.Fields["label"]; label != "" {
		return label
	}
	if said(q.r.App.Name) {
		return q.r.App.Name
	}
	return ""
}

// setup is the address of a page of the profile's org, "" where it is not known.
func (q *inquiry) setup(page salesforce.SetupPage) string {
	return salesforce.SetupURLFor(q.p.Org.InstanceURL, page)
}
