package wizard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"example.com/sfconnect/internal/secret"
)

// ErrNoAnswer is in the chain of the error that Prepared returns for a question
// without an answer.
var ErrNoAnswer = errors.New("no prepared answer")

// Prepared is a UI that answers by itself and writes a plain transcript: the
// same wizard without a person. An answer is taken from Answers by the
// question's ID (of a page: "done" or "open"), else it is the question's own
// Default, a secret's Suggest or a page's done. It fails on a question that has
// neither, above all on "What now?" after a failure. No secret is written.
type Prepared struct {
	Answers map[string]string
	Out     io.Writer
}

var _ UI = (*Prepared)(nil)

// Begin writes the head of a screen.
func (u *Prepared) Begin(s Screen) {
	head := s.Title
	if s.Step > 0 {
		head = fmt.Sprintf("Step %d of %d: %s", s.Step, s.Of, s.Title)
	}
	u.print("\n== %s ==", head)
	for _, text := range s.Intro {
		u.print("%s", text)
	}
}

// Say writes one finding.
func (u *Prepared) Say(l Line) {
	mark := string(l.Mark)
	u.print("%-4s  %s", mark, l.Text)
	for line := range strings.Lines(l.Hint) {
		u.print("      %s", strings.TrimRight(line, "\n"))
	}
}

// Choose takes the prepared option.
func (u *Prepared) Choose(ctx context.Context, c Choice) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	answer, given := u.Answers[c.ID]
	if !given {
		answer = c.Default
	}
	for _, o := range c.Options {
		if o.Value == answer {
			u.print("?     %s  %s", c.Title, o.Label)
			return answer, nil
		}
	}
	return "", u.noAnswer(c.ID, c.Title, answer)
}

// Ask takes the prepared text; it must pass the question's own check.
func (u *Prepared) Ask(ctx context.Context, q Question) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	answer, given := u.Answers[q.ID]
	if !given {
		answer = q.Default
	}
	said := answer
	if q.Hides(answer) {
		said = secret.Hidden
	}
	if q.Check != nil {
		if err := q.Check(answer); err != nil {
			return "", u.noAnswer(q.ID, q.Title+": "+err.Error(), said)
		}
	}
	u.print("?     %s  %s", q.Title, said)
	return answer, nil
}

// AskSecret takes the suggestion. Prepared answers hold no secrets.
func (u *Prepared) AskSecret(ctx context.Context, q Question) (secret.Value, error) {
	if err := ctx.Err(); err != nil {
		return secret.Value{}, err
	}
	if q.Suggest.Empty() {
		return secret.Value{}, u.noAnswer(q.ID, q.Title, "")
	}
	u.print("?     %s  %s", q.Title, secret.Hidden)
	return q.Suggest, nil
}

// Page writes the page as text and is done with it.
func (u *Prepared) Page(ctx context.Context, p Page) (Action, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	u.print("%s", p.Path)
	if p.URL != "" {
		u.print("%s", p.URL)
	}
	for _, r := range p.Rows {
		u.print("  %s", rowText(r))
	}
	for _, why := range p.Why {
		u.print("%s", why)
	}
	action := ActionDone
	if given, ok := u.Answers[p.ID]; ok {
		action = Action(given)
	}
	if action != ActionDone && action != ActionOpen {
		return "", u.noAnswer(p.ID, p.Path, string(action))
	}
	u.print("?     %s", p.Done)
	return action, nil
}

// Wait writes what is under way and runs do to its end. What the wait would take from
// a person is the answer to its ID, where there is one.
func (u *Prepared) Wait(ctx context.Context, w Waiting, do func(ctx context.Context, again <-chan struct{}) error) error {
	u.print("...   %s", w.Title)
	for _, line := range w.Lines {
		u.print("%s", line)
	}
	if w.Address != "" {
		u.print("%s", w.Address)
	}
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	if text, given := u.Answers[w.ID]; given && w.Paste != nil {
		go func() {
			select {
			case w.Paste <- text:
			case <-inner.Done():
			}
		}()
	}
	ended := make(chan error, 1)
	go func() { ended <- do(inner, nil) }()
	for {
		select {
		case l := <-w.News:
			u.Say(l)
		case err := <-ended:
			return err
		}
	}
}

// Copy does nothing: nobody is there to paste.
func (u *Prepared) Copy(string) error { return nil }

func (u *Prepared) print(format string, args ...any) {
	fmt.Fprintln(u.Out, strings.TrimRight(fmt.Sprintf(format, args...), " "))
}

func (u *Prepared) noAnswer(id, title, answer string) error {
	return fmt.Errorf("%w to %s (%s, got %q)", ErrNoAnswer, id, title, answer)
}

// rowText draws one row without any layout.
func rowText(r Row) string {
	text := r.Label
	switch r.Kind {
	case RowCheck:
		text = checkBox(r.On) + " " + r.Label
	case RowRadio:
		text = r.Label + ": (*) " + r.Value
	case RowField:
		text = r.Label + ": " + r.Value
	case RowSecret:
		text = r.Label + ": none"
		if !r.Secret.Empty() {
			text = r.Label + ": " + secret.Hidden
		}
	case RowDo:
		text = "> " + r.Label
	case RowCaution:
		text = "! " + r.Label
	case RowHeading:
		text = "-- " + r.Label + " --"
	}
	if r.Note != "" {
		text += "  (" + r.Note + ")"
	}
	for _, v := range r.Values {
		text += "\n    " + v
	}
	return text
}

func checkBox(on *bool) string {
	switch {
	case on == nil:
		return "[ as it is ]"
	case *on:
		return "[x]"
	}
	return "[ ]"
}
