package wizard

import (
	"context"
	"fmt"
	"strings"

	"example.com/sfconnect/internal/check"
)

// test is step 7: the connectivity test, shown stage by stage.
func (s *Setup) test(ctx context.Context) error {
	s.screen(7, "")
	for {
		result, err := s.testOnce(ctx)
		if err != nil {
			return err
		}
		if result.OK() {
			accepted, err := s.audit(ctx)
			if err != nil {
				return err
			}
			if !accepted && !s.p.HandedOver { // the next page would cover the result before anybody has read it
				again, err := s.askTested(ctx, result)
				if err != nil {
					return err
				}
				if again {
					continue
				}
			}
			s.p.Tested = true
			return nil
		}
		s.last = result.Fault
		answer, err := s.UI.Choose(ctx, Choice{ID: "test_failed", Title: "What now?", Options: []Option{
			{"again", "Test again", "after mending what the hint says"},
			{"sign_in", "Sign in again", ""},
			{"accept", "Go on anyway", "sfconnect test shows this again at any time"},
		}})
		if err != nil {
			return err
		}
		switch answer {
		case "accept":
			s.p.Tested = true
			return nil
		case "sign_in":
			s.p.Connected, s.p.Confirmed = false, false
			return nil
		}
	}
}

// askTested waits until the person has seen how the test went.
func (s *Setup) askTested(ctx context.Context, result check.Result) (again bool, err error) {
	c := Choice{ID: "tested", Title: "The connection works.", Default: "go_on", First: true, Options: []Option{
		{"go_on", "Go on", "what to enter in " + s.product()},
		{"again", "Test again", ""},
	}}
	for _, stage := range result.Stages {
		if stage.Status == check.Warn {
			c.Title = "The connection works; look at what is marked (!)."
		}
	}
	answer, err := s.UI.Choose(ctx, c)
	return answer == "again", err
}

func (s *Setup) testOnce(ctx context.Context) (check.Result, error) {
	var result check.Result
	w := Waiting{ID: "test", Title: "Testing name, connection, encryption, app, token, identity and API …"}
	err := s.UI.Wait(ctx, w, func(ctx context.Context, _ <-chan struct{}) error {
		result = check.Test(ctx, s.Machine, s.Profile, nil)
		return ctx.Err()
	})
	if err != nil {
		return result, err
	}
	for _, stage := range result.Stages {
		if stage.Status == check.Fail {
			stage.Detail, stage.Hint = "", "" // the fault below says it
		}
		s.UI.Say(Line{Mark: stageMark(stage.Status), Text: strings.TrimSpace(stageText(stage)), Hint: stage.Hint})
	}
	if result.Fault != nil {
		s.UI.Say(Line{Mark: MarkFail, Text: result.Fault.Message, Hint: result.Fault.Hint})
	}
	return result, nil
}

func stageText(s check.Stage) string {
	took := check.Took(s.Took)
	if s.Status == check.Skip {
		took = ""
	}
	return fmt.Sprintf("%-9s %8s  %s", s.Name, took, s.Detail)
}

func stageMark(s check.Status) Mark {
	switch s {
	case check.Pass:
		return MarkOK
	case check.Warn:
		return MarkWarn
	case check.Fail:
		return MarkFail
	}
	return MarkSkip
}
