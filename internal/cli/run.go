// Package cli owns the command line: the cobra tree with one file per command,
// where flags, environment and files become inputs, and where an error becomes
// words, a JSON document and an exit code. What commands do lies below it.
package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
	"example.com/sfconnect/internal/term"
	"example.com/sfconnect/internal/wizard"
)

// Run runs one command line (without the program's name) and returns the exit
// code. It ends early when ctx ends, with exit code 130.
func Run(ctx context.Context, args []string, sys System) int {
	app := newApp(legible(sys))
	root := newRoot(app, args)
	root.SetArgs(args)
	root.SetIn(sys.Stdin)
	root.SetOut(app.Stdout)
	root.SetErr(app.Stderr)
	app.ctx = ctx
	err := root.ExecuteContext(ctx)
	if err == nil {
		err = app.writeErr
	}
	if err == nil {
		return fault.ExitDone
	}
	var said exitOnly
	if errors.As(err, &said) {
		return said.code
	}
	f := app.toFault(err)
	if errors.Is(app.ctx.Err(), context.Canceled) && f.Code != fault.Interrupted {
		f = fault.New(fault.Interrupted, "", "Interrupted.", "Nothing that was saved is lost. Run the command again when you are ready.").Because(err)
	}
	return app.fail(f, app.global.json || !app.started && wantsJSON(args))
}

// legible writes ASCII to a terminal that does not read UTF-8. What goes to a file or to
// another program is data, and stays as it is.
func legible(sys System) System {
	if term.UTF8(sys.Getenv, sys.OS) {
		return sys
	}
	if sys.StdoutTTY {
		sys.Stdout = term.Legible(sys.Stdout)
	}
	if sys.StderrTTY {
		sys.Stderr = term.Legible(sys.Stderr)
	}
	return sys
}

// app is one run of the program.
type app struct {
	System
	ctx      context.Context // of the command, ending with Ctrl-C
	global   globalFlags
	redactor *secret.Redactor
	started  bool                      // the command line was understood, and a command runs
	writeErr error                     // why the answer could not be written
	stores   map[string]*store.Secrets // by name; nil until one is asked for
	profiles *store.File               // nil until it is asked for
	asker    wizard.UI                 // nil until something is asked

	mu    sync.Mutex
	aside func(text string) // takes notes instead of stderr, unless nil

	profilesOnce sync.Once
}

func newApp(sys System) *app { return &app{System: sys, redactor: &secret.Redactor{}} }

// exitOnly ends with a code when everything was said already.
type exitOnly struct{ code int }

func (e exitOnly) Error() string { return fmt.Sprintf("exit %d", e.code) }

// toFault dresses what is no fault yet: before a command runs it is cobra's word
// on the command line, afterwards something that nobody foresaw.
func (a *app) toFault(err error) *fault.Fault {
	var f *fault.Fault
	if !errors.As(err, &f) && !a.started {
		if f = unknownCommand(err); f != nil {
			return f
		}
		return usageFault(err)
	}
	return fault.From(err)
}

// fail tells the error once, for people on stderr and, when asked, for scripts on stdout.
func (a *app) fail(f *fault.Fault, asJSON bool) int {
	a.tell(f)
	if asJSON {
		a.printJSON(errorDocument{Schema: 1, Error: a.errorJSON(f)})
	}
	return f.Exit
}

// tell prints an error for people.
func (a *app) tell(f *fault.Fault) {
	g := *withNearProfiles(f)
	g.Code, g.Message, g.Hint = a.redactor.Redact(f.Code), a.redactor.Redact(g.Message), a.redactor.Redact(g.Hint)
	a.people(a.Stderr, a.StderrTTY).Fault(&g)
	if a.global.verbose && f.Cause != nil {
		fmt.Fprintln(a.Stderr, "\ncause: "+clean(a.redactor.Redact(f.Cause.Error())))
	}
}

type errorDocument struct {
	Schema int       `json:"schema"`
	OK     bool      `json:"ok"`
	Error  errorJSON `json:"error"`
}

type errorJSON struct {
	Code    string `json:"code"`
	Stage   string `json:"stage"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
	Exit    int    `json:"exit"`
}

func (a *app) errorJSON(f *fault.Fault) errorJSON {
	f = withNearProfiles(f)
	return errorJSON{a.redactor.Redact(f.Code), f.Stage, a.redactor.Redact(f.Message), a.redactor.Redact(f.Hint), f.Exit}
}

// usageFault dresses cobra's own errors, all of them about the command line.
func usageFault(err error) *fault.Fault {
	text := err.Error()
	text = strings.ToUpper(text[:1]) + text[1:]
	if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "\n") && !strings.HasSuffix(text, "?") {
		text += "."
	}
	return fault.New(fault.Usage, "input", strings.TrimSpace(text), "See: sfconnect help").Because(err)
}

// flagFault dresses what pflag says of a flag: its words on values are Go's, and a
// value may be a secret that was given to the wrong flag.
func flagFault(cmd *cobra.Command, err error) error {
	f := usageFault(err)
	f.Hint = didYouMean(nearFlags(cmd, err), "See: "+cmd.CommandPath()+" --help")
	var wrong interface{ GetValue() string } // pflag's, whose value is quoted in its text
	if !errors.As(err, &wrong) {
		return f
	}
	rest, _ := strings.CutPrefix(err.Error(), fmt.Sprintf("invalid argument %q for \"--", wrong.GetValue()))
	name, _, _ := strings.Cut(rest, `"`)
	flag := cmd.Flag(name)
	if flag == nil {
		return f
	}
	switch flag.Value.Type() {
	case "duration":
		forms, example := "5m, 90s or 1h30m", "5m"
		if _, days := flag.Value.(*ageValue); days {
			forms, example = "7d, 36h or 1d12h", "7d"
		}
		f.Message = fmt.Sprintf("--%s takes a time with its unit, not %q.", name, wrong.GetValue())
		f.Hint = "Write it as " + forms + ", for example: --" + name + " " + example + "\n" + f.Hint
	case "bool":
		f.Message = "--" + name + " takes no value."
	}
	return f
}

func usage(format string, args ...any) *fault.Fault {
	return fault.New(fault.Usage, "input", fmt.Sprintf(format, args...), "See the command's --help for its flags and examples.")
}

// printJSON writes one document and a newline on stdout.
func (a *app) printJSON(v any) {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	if err == nil {
		document := text.String()
		if a.StdoutTTY && !term.UTF8(a.Getenv, a.OS) {
			document = escaped(document)
		}
		_, err = io.WriteString(a.Stdout, document)
	}
	a.writeErr = errors.Join(a.writeErr, err)
}

// escaped is a JSON document in ASCII: what is more stands in its strings alone.
func escaped(document string) string {
	var b strings.Builder
	for _, r := range document {
		switch {
		case r < utf8.RuneSelf:
			b.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// people prints for whoever reads one of the two streams.
func (a *app) people(out io.Writer, tty bool) *term.Printer {
	width := 0
	if tty {
		width = term.Width(out)
	}
	return term.NewPrinter(out, a.Getenv, width)
}

// note tells people something on stderr. It may be called from any goroutine.
func (a *app) note(format string, args ...any) {
	text := clean(a.redactor.Redact(fmt.Sprintf(format, args...)))
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.aside != nil {
		a.aside(text)
		return
	}
	if a.StderrTTY && !strings.HasPrefix(text, " ") { // a command to copy is not broken
		a.people(a.Stderr, true).Text(text)
		return
	}
	fmt.Fprintln(a.Stderr, text)
}

// notesTo sends notes elsewhere; nil sends them to stderr again.
func (a *app) notesTo(aside func(text string)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.aside = aside
}

// clean keeps a stranger's control characters away from the terminal; newlines stay.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		if r < 0x20 || r == 0x7f || (r >= 0x80 && r < 0xa0) || r == '\u202e' || r == '\u202d' || r == '\u2066' || r == '\u2067' {
			return '\ufffd'
		}
		return r
	}, s)
}

// wantsJSON looks for --json before cobra does, so that a wrong flag is told as JSON too.
func wantsJSON(args []string) bool {
	for _, arg := range args {
		switch arg {
		case "--":
			return false
		case "--json", "--json=true", "--json=1", "--json=t", "--json=T", "--json=TRUE", "--json=True":
			return true
		}
	}
	return false
}

// plainArgs refuses surplus arguments with the command's name in the sentence.
func plainArgs(most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > most {
			return usage("%s takes %s, not %d.", cmd.CommandPath(), plural(most, "argument"), len(args))
		}
		return nil
	}
}

func plural(n int, what string) string {
	switch n {
	case 0:
		return "no " + what + "s"
	case 1:
		return "at most one " + what
	}
	return fmt.Sprintf("at most %d %ss", n, what)
}
