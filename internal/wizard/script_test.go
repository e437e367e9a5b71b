package wizard

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"example.com/sfconnect/internal/secret"
)

// The answers of a script beside a plain string: asDefault takes what the
// question suggests, a rejected must be refused by the question's own check, an
// error (ErrBack, ErrLeave, …) comes back as it is.
type (
	asDefault struct{}
	rejected  string
	pastes    func(address string) []string // what a person pastes who waits for that address
)

// script is a UI that answers by question ID, in order per ID, and fails the
// test on a question without an answer and on an answer without a question.
type script struct {
	t       *testing.T
	answers map[string][]any
	mu      sync.Mutex
	text    strings.Builder
	pages   []Page
	choices []Choice
	waited  map[string]int
	again   map[string]int // values sent on again, by Wait ID

	suggested bool // a secret was offered for an empty entry
}

func newScript(t *testing.T, answers map[string][]any) *script {
	s := &script{t: t, answers: answers, waited: map[string]int{}}
	t.Cleanup(func() {
		for id, left := range s.answers {
			if len(left) > 0 {
				t.Errorf("unused answers to %s: %v", id, left)
			}
		}
		if t.Failed() {
			t.Log(s.text.String())
		}
	})
	return s
}

func (s *script) next(id string) (any, error) {
	list := s.answers[id]
	if len(list) == 0 {
		s.t.Errorf("unexpected question %s", id)
		return nil, fmt.Errorf("unexpected question %s", id)
	}
	s.answers[id] = list[1:]
	if err, ok := list[0].(error); ok {
		return nil, err
	}
	return list[0], nil
}

func (s *script) printf(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(&s.text, format+"\n", args...)
}

func (s *script) Begin(b Screen) {
	s.printf("== %d/%d %s | done %d\n%s", b.Step, b.Of, b.Title, len(b.Done), strings.Join(b.Intro, "\n"))
}
func (s *script) Say(l Line) { s.printf("%s: %s | %s", l.Mark, l.Text, l.Hint) }

func (s *script) Choose(_ context.Context, c Choice) (string, error) {
	s.choices = append(s.choices, c)
	if c.ID == "tested" && len(s.answers[c.ID]) == 0 { // a pause to look at the result
		return c.Default, nil
	}
	a, err := s.next(c.ID)
	if err != nil {
		return "", err
	}
	value, _ := a.(string)
	if a == (asDefault{}) {
		value = c.Default
	}
	for _, o := range c.Options {
		if o.Value == value {
			s.printf("? %s %s", c.ID, value)
			return value, nil
		}
	}
	s.t.Errorf("%s has no option %q: %v", c.ID, value, c.Options)
	return "", fmt.Errorf("no option %q", value)
}

func (s *script) Ask(_ context.Context, q Question) (string, error) {
	for {
		a, err := s.next(q.ID)
		if err != nil {
			return "", err
		}
		value, good := q.Default, true
		switch a := a.(type) {
		case string:
			value = a
		case rejected:
			value, good = string(a), false
		}
		refusal := error(nil)
		if q.Check != nil {
			refusal = q.Check(value)
		}
		if good != (refusal == nil) {
			s.t.Errorf("%s: the check of %q says %v", q.ID, value, refusal)
			return "", fmt.Errorf("check: %v", refusal)
		}
		s.printf("? %s: %v", q.ID, refusal)
		if good {
			return value, nil
		}
	}
}

func (s *script) AskSecret(_ context.Context, q Question) (secret.Value, error) {
	s.suggested = s.suggested || !q.Suggest.Empty()
	for {
		a, err := s.next(q.ID)
		if err != nil {
			return secret.Value{}, err
		}
		switch a := a.(type) {
		case asDefault:
			if q.Check("") != nil || q.Suggest.Empty() {
				s.t.Errorf("%s has no suggestion", q.ID)
			}
			return q.Suggest, nil
		case rejected:
			if q.Check(string(a)) == nil {
				s.t.Errorf("%s accepts %q", q.ID, a)
			}
		case string:
			if err := q.Check(a); err != nil {
				s.t.Errorf("%s: %v", q.ID, err)
			}
			return secret.New(a), nil
		}
	}
}

func (s *script) Page(_ context.Context, p Page) (Action, error) {
	s.pages = append(s.pages, p)
	s.printf("page %s %s", p.ID, p.URL)
	a, err := s.next(p.ID)
	if err != nil {
		return "", err
	}
	action, _ := a.(Action)
	return action, nil
}

func (s *script) Wait(ctx context.Context, w Waiting, do func(context.Context, <-chan struct{}) error) error {
	s.waited[w.ID]++
	s.printf("wait %s %s %q %s", w.ID, w.Limit, w.Lines, w.Address)
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	var leave error
	if list := s.answers[w.ID]; len(list) > 0 { // a person who acts while waiting
		s.answers[w.ID] = list[1:]
		switch act := list[0].(type) {
		case asDefault:
		case pastes:
			go func() {
				for _, text := range act(w.Address) {
					select {
					case w.Paste <- text:
					case <-inner.Done():
					}
				}
			}()
		default:
			leave, _ = act.(error)
			cancel()
		}
	}
	again := make(chan struct{}, 10)
	for range s.again[w.ID] {
		again <- struct{}{}
	}
	err := do(inner, again)
	if leave != nil {
		return leave
	}
	return err
}

func (s *script) Copy(string) error { return nil }
