package term

import (
	"context"
	"errors"
	"strconv"

	"example.com/sfconnect/internal/wizard"
)

// Page implements wizard.UI.
func (l *Lines) Page(ctx context.Context, p wizard.Page) (wizard.Action, error) {
	s := newSheet(l.p.style, p.Rows)
	s.screen = l.p.width
	l.print("")
	l.print(p.Path)
	l.p.lines(s.lines(l.p.columns(), 1<<12, false)) // an address that is too long stays whole, to be copied
	for _, paragraph := range p.Why {
		l.print(paragraph)
	}
	done := clean(p.Done)
	if done == "" {
		done = "Done"
	}
	help := "Enter: " + done
	if p.URL != "" {
		help += ", o: open in the browser"
	}
	if len(s.items) > 0 {
		help += ", a number: copy that value"
	}
	if s.hasSecret() {
		help += ", s: show the secret"
	}
	for {
		l.print(help + ".")
		line, err := l.read(ctx, "> ", false)
		switch n, notNumber := strconv.Atoi(line); {
		case errors.Is(err, wizard.ErrBack) && p.First:
			l.print("There is no page before this one.")
		case err != nil:
			return "", err
		case line == "":
			return wizard.ActionDone, nil
		case line == "o" && p.URL != "":
			return wizard.ActionOpen, nil
		case line == "s":
			for _, i := range s.items {
				if i.secret.Empty() {
					continue
				}
				if lines := secretLines(i.secret); len(lines) > 1 {
					l.print(i.label + ":")
					l.p.lines(lines)
				} else {
					l.print(i.label + ": " + lines[0])
				}
			}
		case notNumber == nil && n >= 1 && n <= len(s.items):
			l.copyItem(s.items[n-1])
		}
	}
}

// copyItem copies a value and, unless it is secret, prints it alone on a line: a
// plain terminal may have no clipboard. A dumb one is sent no sequence for it.
func (l *Lines) copyItem(i item) {
	dumb := l.o.Env("TERM") == "dumb"
	if !dumb {
		l.board.Copy(i.text())
		l.print("Sent to the clipboard: " + i.label + ".")
	}
	switch {
	case i.secret.Empty():
		l.p.lines([]string{i.text()})
	case dumb:
		l.print("This terminal has no clipboard; s shows the secret.")
	}
}
