package term

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/wizard"
)

// nothingBefore answers "back" where it leads nowhere.
const nothingBefore = "There is nothing before this question; quit leaves."

// Choose implements wizard.UI.
func (l *Lines) Choose(ctx context.Context, c wizard.Choice) (string, error) {
	l.print(c.Title)
	if c.Help != "" {
		l.print(c.Help)
	}
	prompt := "Number: "
	for i, o := range c.Options {
		text := o.Label
		if o.Note != "" {
			text += " (" + o.Note + ")"
		}
		l.p.lines(l.p.flow(padLeft(itoa(i+1), 4)+". ", text, nil))
		if c.Default != "" && o.Value == c.Default {
			prompt = "Number [" + itoa(i+1) + "]: "
		}
	}
	for {
		line, err := l.read(ctx, prompt, false)
		if c.First && errors.Is(err, wizard.ErrBack) {
			l.print(nothingBefore)
			continue
		}
		if err != nil {
			return "", err
		}
		if line == "" && c.Default != "" {
			return c.Default, nil
		}
		if n, err := strconv.Atoi(line); err == nil && n >= 1 && n <= len(c.Options) {
			return c.Options[n-1].Value, nil
		}
		for _, o := range c.Options {
			if strings.EqualFold(line, o.Label) {
				return o.Value, nil
			}
		}
		l.print("Enter a number from 1 to " + itoa(len(c.Options)) + ".")
	}
}

// Ask implements wizard.UI.
func (l *Lines) Ask(ctx context.Context, q wizard.Question) (string, error) {
	return l.ask(ctx, q, false)
}

// AskSecret implements wizard.UI.
func (l *Lines) AskSecret(ctx context.Context, q wizard.Question) (secret.Value, error) {
	q.Default = ""
	answer, err := l.ask(ctx, q, true)
	if err != nil {
		return secret.Value{}, err
	}
	if answer == "" && !q.Suggest.Empty() {
		return q.Suggest, nil
	}
	return secret.New(answer), nil
}

func (l *Lines) ask(ctx context.Context, q wizard.Question, hidden bool) (string, error) {
	prompt := clean(q.Title)
	if q.Help != "" {
		l.print(q.Help)
	}
	switch {
	case hidden && !q.Suggest.Empty():
		prompt += " (Enter alone takes the one that is ready)"
	case hidden:
		prompt += " (not shown)"
	case q.Hides(q.Default):
		prompt += " [hidden]"
	case q.Default != "":
		prompt += " [" + clean(q.Default) + "]"
	case q.Hint != "":
		prompt += " (like " + clean(q.Hint) + ")"
	}
	check := checker(q, hidden)
	for {
		line, err := l.read(ctx, prompt+": ", hidden)
		if q.First && errors.Is(err, wizard.ErrBack) {
			l.print(nothingBefore)
			continue
		}
		if err != nil {
			return "", err
		}
		if line == "" {
			line = q.Default
		}
		err = check(line)
		if err == nil {
			return line, nil
		}
		message, hint := sentences(err)
		l.Say(wizard.Line{Mark: wizard.MarkFail, Text: message, Hint: hint})
	}
}
