package term

import (
	"context"
	"io"
	"strings"

	xterm "golang.org/x/term"

	"example.com/sfconnect/internal/wizard"
)

// Lines is the wizard as plain lines, one question after the other: for
// TERM=dumb, for screen readers and wherever the cursor cannot be moved. It
// stands in for huh's own line mode, which drops errors, takes the end of input for
// "yes" and loses what was typed ahead. Words that mean something at every
// question: back and quit.
type Lines struct {
	in    io.Reader
	o     Options
	p     *Printer
	board Clipboard
}

var _ wizard.UI = (*Lines)(nil)

// NewLines makes a Lines that reads from in and writes to out. Secrets are read
// without an echo where in is a terminal.
func NewLines(in io.Reader, out io.Writer, o Options) *Lines {
	o = o.defaults()
	w := Width(out)
	if w <= 0 {
		w = o.Width
	}
	return &Lines{
		in: in, o: o, p: NewPrinter(out, o.Env, w),
		board: Clipboard{Out: out, Env: o.Env, System: o.Clip, After: o.Tick},
	}
}

// NewUI makes the UI that fits: Lines where plain is asked for or the terminal
// is dumb, else a TUI.
func NewUI(in io.Reader, out io.Writer, plain bool, o Options) wizard.UI {
	if plain || o.Env != nil && o.Env("TERM") == "dumb" {
		return NewLines(in, out, o)
	}
	return NewTUI(in, out, o)
}

// Begin implements wizard.UI.
func (l *Lines) Begin(s wizard.Screen) {
	title := s.Title
	if s.Step > 0 {
		title = "Step " + itoa(s.Step) + " of " + itoa(s.Of) + ": " + title
	}
	l.print("")
	l.print(title)
	if len(s.Done) > 0 {
		l.print("Done: " + strings.Join(s.Done, ", ") + ".")
	}
	for _, paragraph := range s.Intro {
		l.print(paragraph)
	}
	l.print("At each question: back goes back, quit leaves.")
}

func (l *Lines) print(text string) { l.p.lines(l.p.flow("", text, nil)) }

// Say implements wizard.UI.
func (l *Lines) Say(line wizard.Line) { l.p.Line(line) }

// Copy implements wizard.UI; it never fails.
func (l *Lines) Copy(text string) error {
	l.board.Copy(text)
	return nil
}

// read prints a prompt and gives one line, without its end and surrounding blanks.
func (l *Lines) read(ctx context.Context, prompt string, hidden bool) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	_, _ = io.WriteString(l.p.out, prompt)
	type result struct {
		line string
		err  error
	}
	f, terminal := l.in.(interface{ Fd() uintptr })
	hidden = hidden && terminal && xterm.IsTerminal(int(f.Fd()))
	var before *xterm.State
	if hidden {
		before, _ = xterm.GetState(int(f.Fd()))
	}
	got := make(chan result, 1)
	go func() {
		if hidden {
			b, err := xterm.ReadPassword(int(f.Fd()))
			got <- result{string(b), err}
			return
		}
		line, err := readLine(l.in)
		got <- result{line, err}
	}()
	select {
	case <-ctx.Done():
		if before != nil {
			_ = xterm.Restore(int(f.Fd()), before)
		}
		l.print("") // what comes next does not belong behind the prompt
		return "", ctx.Err()
	case r := <-got:
		if hidden {
			l.print("") // the Enter was not shown either
		}
		if r.err != nil {
			return "", wizard.ErrLeave
		}
		line := strings.TrimSpace(r.line)
		switch line {
		case "back":
			return "", wizard.ErrBack
		case "quit":
			return "", wizard.ErrLeave
		}
		return line, nil
	}
}

// readLine reads byte by byte: what is typed ahead must stay for the next question.
func readLine(r io.Reader) (string, error) {
	var line []byte
	b := make([]byte, 1)
	for {
		n, err := r.Read(b)
		switch {
		case n == 1 && b[0] == '\n':
			return string(line), nil
		case n == 1:
			line = append(line, b[0])
		case err != nil && len(line) > 0:
			return string(line), nil
		case err != nil:
			return "", err
		}
	}
}
