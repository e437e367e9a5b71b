package wizard

import (
	"context"
	"fmt"
	"strings"

	"example.com/sfconnect/internal/check"
)

// audit compares the app with the recipe and lets the person mend what differs. It
// stops nobody: what could not be asked is said, and the set-up goes on. accepted
// tells that the person went on with what differs.
func (s *Setup) audit(ctx context.Context) (accepted bool, err error) {
	all := false
	audited, err := s.auditOnce(ctx, nil)
	for err == nil {
		s.sayAudit(audited, all)
		if audited.OK() {
			return false, nil
		}
		answer, left := s.UI.Choose(ctx, Choice{ID: "audit_differs", Title: "What now?", Default: "accept", Options: []Option{
			{"again", "Check again", "after mending; a change takes up to 10 minutes"},
			{"all", "Show all", "also what is as it should be"},
			{"accept", "Go on anyway", "sfconnect audit shows this again at any time"},
		}})
		switch {
		case left != nil:
			return false, left
		case answer == "accept":
			return true, nil
		case answer == "again":
			all = false
			audited, err = s.auditOnce(ctx, &audited)
		default:
			all = true
		}
	}
	return false, s.fail(ctx, err)
}

// auditOnce makes the audit, or asks once more about what differed in former.
func (s *Setup) auditOnce(ctx context.Context, former *check.Audited) (check.Audited, error) {
	var out check.Audited
	a := check.Audit{Machine: s.Machine, Profile: s.Profile}
	err := s.UI.Wait(ctx, Waiting{ID: "audit", Title: "Comparing the app with what " + s.product() + " asks for …"}, func(ctx context.Context, _ <-chan struct{}) error {
		var err error
		if former != nil {
			out, err = a.Again(ctx, *former)
		} else {
			out, err = a.Run(ctx)
		}
		return err
	})
	return out, err
}

func (s *Setup) sayAudit(r check.Audited, all bool) {
	ok, unknown := 0, []string(nil)
	for _, f := range r.Findings {
		switch {
		case f.Status == check.Fail:
			s.UI.Say(Line{Mark: MarkFail, Text: f.Label() + ": wanted " + f.Spoken(f.Want) + ", found " + f.Spoken(f.Got), Hint: f.Detail + "\n" + f.Hint})
		case f.Want == nil:
		case f.Status == check.Unknown:
			unknown = append(unknown, f.Label())
			if all {
				s.UI.Say(Line{Mark: MarkUnknown, Text: f.Label() + ": " + f.Detail})
			}
		default:
			ok++
			if all {
				s.UI.Say(Line{Mark: MarkOK, Text: f.Label() + ": " + f.Spoken(f.Got) + " (" + string(f.Evidence) + ")"})
			}
		}
	}
	if len(unknown) > 0 && !all {
		s.UI.Say(Line{Mark: MarkNote, Text: "Could not be told: " + strings.Join(unknown, ", ") + ". sfconnect audit says why."})
	}
	for _, n := range r.Notes {
		if n.Status == check.Warn {
			s.UI.Say(Line{Mark: MarkWarn, Text: n.Text, Hint: n.Hint})
		}
	}
	if ok > 0 {
		s.UI.Say(Line{Mark: MarkOK, Text: fmt.Sprintf("%d settings of the app are as %s asks.", ok, s.product())})
	}
}
