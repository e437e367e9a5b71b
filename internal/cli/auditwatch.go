package cli

import (
	"context"
	"fmt"
	"time"

	"example.com/sfconnect/internal/check"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/term"
	"example.com/sfconnect/internal/wizard"
)

// How often --watch asks: often while an admin is likely to have just saved, then
// less, and never so seldom that a change of 10 minutes ago stays unseen.
const (
	watchFirst = 10 * time.Second
	watchMost  = time.Minute
)

// watchAudit asks again about what differs until nothing does. What is put right is
// said as it comes; what cannot be told for a while is asked on. Ctrl-C ends it with what is known by then.
func (a *app) watchAudit(ctx context.Context, audit check.Audit) (check.Audited, error) {
	r, err := audit.Run(ctx)
	if err != nil {
		return r, err
	}
	if !a.global.json {
		a.sayAudit(r)
		if r.Recipe == "" {
			a.adviseAudit(r)
		}
	}
	pause := watchFirst
	for !r.Settled() {
		a.note("Asking again in %s about what differs. Ctrl-C ends it.", spokenPause(pause))
		if err := a.Sleep(ctx, pause); err != nil {
			return r, nil // the person has seen enough
		}
		now, err := audit.Again(ctx, r)
		switch {
		case ctx.Err() != nil:
			return r, nil
		case err != nil: // a network that is gone for a while is no reason to give up
			f := fault.From(err)
			a.note("Not asked: %s", f.Message)
			pause = min(2*pause, watchMost)
			continue
		}
		if a.sayMended(r, now) {
			pause = watchFirst // the admin is at it
		} else {
			pause = min(pause*3/2, watchMost)
		}
		r = now
	}
	if !a.global.json {
		a.people(a.Stdout, a.StdoutTTY).Line(wizard.Line{Mark: wizard.MarkOK, Text: "Nothing differs: " + countFindings(r).String() + "."})
	}
	return r, nil
}

// sayMended tells what is as asked by now, what is wrong in another way, and what
// cannot be told this time.
func (a *app) sayMended(before, now check.Audited) bool {
	any := false
	out := a.people(a.Stdout, a.StdoutTTY)
	for i, f := range now.Findings {
		old := before.Findings[i]
		if f.Status == old.Status && f.Spoken(f.Got) == old.Spoken(old.Got) {
			continue
		}
		any = true
		if a.global.json {
			continue
		}
		line := a.toFinding(f)
		switch f.Status {
		case check.Fail:
			out.Findings([]term.Finding{line})
		case check.Pass:
			out.Line(wizard.Line{Mark: wizard.MarkOK, Text: fmt.Sprintf("%s: %s, as asked (%s)", line.Label, line.Found, line.How)})
		default:
			out.Line(wizard.Line{Mark: wizard.MarkUnknown, Text: line.Label + ": " + line.Detail})
		}
	}
	return any
}

func spokenPause(d time.Duration) string {
	if d >= time.Minute {
		return "1 minute"
	}
	return fmt.Sprintf("%d seconds", int(d.Seconds()))
}
