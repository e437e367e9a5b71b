package term

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	xterm "github.com/charmbracelet/x/term"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/wizard"
)

// Options are what a UI needs besides its two streams.
type Options struct {
	Env   func(string) string                  // NO_COLOR, TERM, TMUX, STY, SSH_CONNECTION, SSH_TTY; nil for an empty environment
	Now   func() time.Time                     // for the time left in Wait; nil shows none
	Tick  func(time.Duration) <-chan time.Time // how Wait's clock moves; nil stands for time.After
	Clip  func(text string) error              // the machine's own clipboard, see SystemClipboard; nil for none
	Width int                                  // used where out is no terminal; 0 stands for 80
}

// TUI is the wizard on a terminal that can move its cursor: real huh forms.
type TUI struct {
	in      io.Reader
	out     io.Writer
	o       Options
	style   style
	screen  wizard.Screen
	fresh   bool           // nothing was asked since Begin
	recent  []wizard.Line  // findings since the last question, for the next Page
	history []shown        // what the screen shows above a question, for redrawing
	pages   map[string]int // the first line seen of a page that is shown again, by ID
	answers map[string]int // where in history a question's answer is, by ID
	back    bool           // the last question was left with Back
}

var _ wizard.UI = (*TUI)(nil)

// NewTUI makes a TUI that reads keys from in and draws on out, both a terminal
// (on Windows in must be the console's standard input).
func NewTUI(in io.Reader, out io.Writer, o Options) *TUI {
	o = o.defaults()
	if f, ok := out.(xterm.File); ok {
		out = &lockedFile{File: f, fd: f.Fd()}
	} else {
		out = &lockedWriter{w: out}
	}
	if f, ok := in.(xterm.File); !ok || !xterm.IsTerminal(f.Fd()) {
		in = &ending{r: in}
	}
	return &TUI{in: in, out: out, o: o, style: newStyle(out, o.Env), pages: map[string]int{}, answers: map[string]int{}}
}

func (o Options) defaults() Options {
	if o.Env == nil {
		o.Env = func(string) string { return "" }
	}
	if o.Tick == nil {
		o.Tick = time.After
	}
	if o.Width <= 0 {
		o.Width = 80
	}
	return o
}

// size is that of the terminal now.
func (t *TUI) size() (w, h int) {
	if w, h = size(t.out); w > 0 {
		return w, h
	}
	return t.o.Width, 24
}

// show prints by draw and remembers it for redrawing.
func (t *TUI) show(draw func(*Printer)) {
	t.showAs(shown{draw: draw})
}

func (t *TUI) showAs(s shown) {
	t.history = append(t.history, s)
	w, _ := t.size()
	s.draw(&Printer{out: t.out, style: t.style, width: w})
}

// shown is a piece of what the screen shows above a question.
type shown struct {
	draw    func(*Printer)
	finding *wizard.Line // that is drawn; nil for anything else
	head    bool         // of a step, which ends with a blank line
}

func told(l wizard.Line) shown { return shown{draw: func(p *Printer) { p.Line(l) }, finding: &l} }

// redrawn is everything since Begin, set for a screen of w columns.
func (t *TUI) redrawn(w int) string {
	return strings.TrimSuffix(t.drawn(t.history, w), "\n")
}

func (t *TUI) drawn(history []shown, w int) string {
	var b strings.Builder
	p := &Printer{out: &b, style: t.style, width: w}
	for _, s := range history {
		s.draw(p)
	}
	return b.String()
}

// Begin implements wizard.UI.
func (t *TUI) Begin(s wizard.Screen) {
	t.screen, t.fresh, t.recent, t.history = s, true, nil, nil
	t.answers, t.back = map[string]int{}, false
	t.showAs(shown{draw: func(p *Printer) { p.head(s) }, head: true})
}

// Say implements wizard.UI.
func (t *TUI) Say(l wizard.Line) {
	t.recent = append(t.recent, l)
	t.showAs(told(l))
}

// Copy implements wizard.UI. It never fails: whether a terminal takes the text
// cannot be known.
func (t *TUI) Copy(text string) error {
	t.clipboard().Copy(text)
	return nil
}

func (t *TUI) clipboard() Clipboard {
	return Clipboard{Out: t.out, Env: t.o.Env, System: t.o.Clip, After: t.o.Tick}
}

// asked forgets what only the next question needed.
func (t *TUI) asked() { t.fresh, t.recent = false, nil }

// run runs one screen until it ends itself or ctx ends, and leaves the terminal
// as it was. whole takes the whole screen meanwhile.
func (t *TUI) run(ctx context.Context, m tea.Model, whole bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	options := []tea.ProgramOption{
		tea.WithInput(t.in), tea.WithOutput(t.out),
		// Signals are main's business and arrive here as the end of ctx.
		tea.WithoutSignalHandler(),
	}
	if whole {
		options = append(options, tea.WithAltScreen())
	}
	program := tea.NewProgram(m, options...)
	if e, ok := t.in.(*ending); ok {
		e.ended = func() { go program.Send(ended{wizard.ErrLeave}) }
	}
	// tea.WithContext would kill the program, which leaves the last frame on the
	// screen and closes the input under its reader.
	stop := context.AfterFunc(ctx, func() { program.Send(ended{ctx.Err()}) })
	defer stop()
	_, err := program.Run()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fault.New(fault.Internal, "input", "The terminal could not be used: "+clean(err.Error())+".",
			"Run the command in another terminal, or use sfconnect auth.").Because(err)
	}
	return nil
}

// ended is sent when there will be no more keys, or nobody waits for an answer.
type ended struct{ err error }

// ending tells when a reader that is no terminal has ended, which bubbletea
// keeps to itself.
type ending struct {
	r     io.Reader
	ended func()
}

func (e *ending) Read(b []byte) (int, error) {
	n, err := e.r.Read(b)
	if errors.Is(err, io.EOF) && e.ended != nil {
		e.ended()
	}
	return n, err
}

// lockedFile keeps the clipboard's bytes and a frame of the screen apart.
type lockedFile struct {
	xterm.File
	fd uintptr
	mu sync.Mutex
}

func (f *lockedFile) Fd() uintptr { return f.fd }

func (f *lockedFile) Write(b []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.File.Write(b)
}

type lockedWriter struct {
	w  io.Writer
	mu sync.Mutex
}

func (l *lockedWriter) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}
