package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/check"
	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/store"
	"example.com/sfconnect/internal/wizard"
)

type keepaliveFlags struct {
	many        manyFlags
	dryRun, yes bool
	olderThan   time.Duration
}

// refreshEvery is far within the 30 days after which Salesforce lets an unused
// refresh token die where its idle limit is on.
const refreshEvery = 7 * 24 * time.Hour

func newKeepalive(a *app) *cobra.Command {
	f := keepaliveFlags{olderThan: refreshEvery}
	cmd := &cobra.Command{
		Use:   "keepalive",
		Short: "Refresh what would die of disuse (for cron)",
		Long: `Refresh a saved connection whose refresh token has lain unused for --older-than,
and say what else is due. Salesforce can let a refresh token die that nobody uses
for 30 days. When it was last used is remembered to the day.

A refresh token that was handed over is left alone where the app rotates refresh
tokens, or may: two holders of one rotating token destroy each other.`,
		Example: "  sfconnect keepalive --all\n  sfconnect keepalive --all --dry-run --json\n  0 6 * * * sfconnect keepalive --all --no-input",
		Args:    plainArgs(0),
		RunE:    func(cmd *cobra.Command, _ []string) error { return runKeepalive(cmd.Context(), a, f) },
	}
	f.many.add(cmd, "every saved connection")
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "say what is due and send nothing")
	cmd.Flags().BoolVar(&f.yes, "yes", false, "refresh what was handed over too")
	cmd.Flags().Var((*ageValue)(&f.olderThan), "older-than", "how long a refresh token may lie unused, as 7d or 36h")
	return cmd
}

// The outcomes for one profile.
const (
	aliveRefreshed = "refreshed"
	aliveFresh     = "fresh"
	aliveSkipped   = "skipped" // nothing of it dies of disuse
	aliveHeld      = "held"    // somebody else has the refresh token too
	aliveFailed    = "failed"
	aliveDue       = "due"
)

type aliveJSON struct {
	Name        string     `json:"name"`
	Status      string     `json:"status"`
	LastRefresh *string    `json:"last_refresh"`
	Detail      string     `json:"detail"`
	Error       *errorJSON `json:"error,omitempty"`
}

func runKeepalive(ctx context.Context, a *app, f keepaliveFlags) error {
	if err := f.many.check(a); err != nil {
		return err
	}
	if f.olderThan < 0 {
		return usage("--older-than cannot be negative.")
	}
	names, m, err := a.toKeepAlive(f.many.all)
	if err != nil {
		return err
	}
	m.RefreshShared = f.yes
	return a.forAll(ctx, f.many, names, func(ctx context.Context, name string) outcome { return a.keepAlive(ctx, m, name, f) })
}

// toKeepAlive names the profiles, in alphabetical order.
func (a *app) toKeepAlive(all bool) ([]string, *connection.Machine, error) {
	if !all {
		name, m, err := a.profileMachine()
		if err == nil {
			_, err = m.Open(name)
		}
		return []string{name}, m, err
	}
	set, err := a.file().Load()
	if err != nil {
		return nil, nil, err
	}
	m, err := a.manyMachine()
	return set.Names(), m, err
}

// keepAlive does what is due for one profile.
func (a *app) keepAlive(ctx context.Context, m *connection.Machine, name string, f keepaliveFlags) outcome {
	var p store.Profile
	r := aliveJSON{Name: name}
	s, err := m.Open(name)
	if err == nil {
		p = s.Profile()
		r.Status, r.Detail = keepaliveVerdict(p, a.Now(), f)
		r.LastRefresh = stamp(p.RefreshedAt)
		if r.Status == aliveDue && !f.dryRun {
			_, err = s.Renew(ctx)
			r.Status, r.LastRefresh, r.Detail = aliveRefreshed, stamp(a.Now()), "the refresh token lives, and its idle limit begins anew"
		}
	}
	if errors.Is(err, connection.ErrShared) { // handed over at this very moment
		r.Status, r.LastRefresh, r.Detail, err = aliveHeld, stamp(p.RefreshedAt), held(s.Profile()), nil
	}
	if err != nil {
		failure := fault.From(err)
		e := a.errorJSON(failure)
		r.Status, r.LastRefresh, r.Detail, r.Error = aliveFailed, stamp(p.RefreshedAt), e.Message, &e
		return outcome{r, a.aliveLine(r, ""), failure}
	}
	notice := check.CertificateNotice(p, a.Now())
	if notice != "" {
		r.Detail += "; " + notice
	}
	return outcome{r, a.aliveLine(r, notice), nil}
}

// keepaliveVerdict says what a profile needs, before anything is sent.
func keepaliveVerdict(p store.Profile, now time.Time, f keepaliveFlags) (status, detail string) {
	switch {
	case connection.Flow(p.Flow).NeedsNobody():
		return aliveSkipped, "the flow " + p.Flow + " gets a new access token at any time, without a refresh token"
	case !p.HasRefreshToken:
		return aliveSkipped, "it has no refresh token and ends with its session"
	case !connection.RefreshDue(p, now, f.olderThan):
		return aliveFresh, "last used " + days(now.Sub(p.RefreshedAt))
	case connection.Shared(p) && !f.yes:
		return aliveHeld, held(p)
	case p.RefreshedAt.IsZero():
		return aliveDue, "when it was last used is not known"
	}
	return aliveDue, "last used " + days(now.Sub(p.RefreshedAt))
}

// held says why nothing was done for a profile.
func held(p store.Profile) string {
	return "its refresh token is left alone: " + connection.WhyShared(p) + " (--yes does it all the same)"
}

// days says how long ago something was, to the day, as it is remembered.
func days(ago time.Duration) string {
	switch n := int(ago.Hours() / 24); {
	case n < 1:
		return "within a day"
	case n == 1:
		return "1 day ago"
	default:
		return fmt.Sprintf("%d days ago", n)
	}
}

func stamp(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	text := t.UTC().Format(time.RFC3339)
	return &text
}

// aliveLine is how it went for one profile, for people.
func (a *app) aliveLine(r aliveJSON, certificate string) wizard.Line {
	line := wizard.Line{Text: r.Name + ": " + r.Status + "; " + a.redactor.Redact(r.Detail)}
	switch r.Status {
	case aliveRefreshed, aliveFresh:
		line.Mark = wizard.MarkOK
	case aliveSkipped:
		line.Mark = wizard.MarkSkip
	case aliveHeld, aliveDue:
		line.Mark = wizard.MarkWarn
	case aliveFailed:
		line.Mark, line.Hint = wizard.MarkFail, r.Error.Hint
	}
	if certificate != "" {
		line.Mark, line.Hint = wizard.MarkWarn, check.RenewCertificate
	}
	return line
}
