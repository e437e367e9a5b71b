package term

import (
	"context"
	"io"
	"runtime"
	"strings"

	cterm "github.com/charmbracelet/x/term"
	xterm "golang.org/x/term"

	"example.com/sfconnect/internal/wizard"
)

// Lines is the wizard as plain lines, one question after the other: for
// TERM=dumb, for screen readers and wherever the cursor cannot be moved. It
// stands in for huh's own line mode, which drops errors, takes the end of input for
// "yes" and loses what was typed ahead. Words that mean something at every
// question: back and quit.
type Lines struct {
	in      io.Reader
	o       Options
	p       *Printer
	board   Clipboard
	pending <-chan lineRead // a line that is being read and that nobody has taken; see next
	step    int             // of the last screen, whose words need not be heard again
	begun   bool
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
	if !l.begun || s.Step != l.step {
		l.print("At each question: back goes back, quit leaves.")
	}
	l.begun, l.step = true, s.Step
}

func (l *Lines) print(text string) { l.p.lines(l.p.flow("", text, nil)) }

// Say implements wizard.UI.
func (l *Lines) Say(line wizard.Line) { l.p.Line(line) }

// Copy implements wizard.UI; it never fails.
func (l *Lines) Copy(text string) error {
	l.board.Copy(text)
	return nil
}

// lineRead is a line that was typed, without its end.
type lineRead struct {
	line string
	err  error
}

// next gives the line that is typed next. A read cannot be called off: one that was
// begun for somebody who has gone since serves whoever asks next. Who has received
// from it sets pending to nil.
func (l *Lines) next() <-chan lineRead {
	if l.pending == nil {
		got := make(chan lineRead, 1)
		go func() {
			line, err := readLine(l.in)
			got <- lineRead{line, err}
		}()
		l.pending = got
	}
	return l.pending
}

// read prints a prompt and gives one line, without its end and surrounding blanks.
func (l *Lines) read(ctx context.Context, prompt string, hidden bool) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	f, terminal := l.in.(interface{ Fd() uintptr })
	if !hidden || !terminal || !xterm.IsTerminal(int(f.Fd())) {
		return l.take(ctx, prompt)
	}
	if l.pending != nil && runtime.GOOS == "windows" {
		// A console echoes as it did when the read began, and that one gets what comes first.
		if _, err := l.take(ctx, "Press Enter once; what you type after that is not shown. "); err != nil {
			return "", err
		}
	}
	// Before the prompt, which a quick hand answers at once.
	restore := quiet(f.Fd())
	defer restore()
	line, err := l.take(ctx, prompt)
	if ctx.Err() == nil {
		l.print("") // the Enter was not shown either
	}
	return line, err
}

// quiet stops the echo of a terminal; restore puts all its modes back.
func quiet(fd uintptr) (restore func()) {
	before, err := cterm.GetState(fd)
	if err != nil {
		return func() {}
	}
	now := *before
	withoutEcho(&now)
	_ = cterm.SetState(fd, &now)
	return func() { _ = cterm.Restore(fd, before) }
}

// take prints a prompt and gives the next line.
func (l *Lines) take(ctx context.Context, prompt string) (string, error) {
	_, _ = io.WriteString(l.p.out, prompt)
	select {
	case <-ctx.Done():
		l.print("")
		return "", ctx.Err()
	case r := <-l.next():
		l.pending = nil
		return r.answer()
	}
}

// answer is the line without surrounding blanks; two words mean something everywhere.
func (r lineRead) answer() (string, error) {
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
