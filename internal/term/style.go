package term

import (
	"io"
	"runtime"
	"strconv"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
	xterm "golang.org/x/term"

	"example.com/sfconnect/internal/wizard"
)

// style holds the few looks there are, bound to one output.
type style struct {
	bold, faint, accent, ok, warn, fail lipgloss.Style
	cursor                              lipgloss.Style
}

// newStyle makes the styles for out. NO_COLOR (no-color.org), TERM=dumb and
// anything that is no terminal get plain text.
func newStyle(out io.Writer, env func(string) string) style {
	r := lipgloss.NewRenderer(out)
	r.SetHasDarkBackground(true)
	r.SetColorProfile(termenv.Ascii)
	name := env("TERM")
	// Windows' console has no TERM.
	moves := isTerminal(out) && name != "dumb" && (name != "" || runtime.GOOS == "windows")
	if moves && env("NO_COLOR") == "" {
		r.SetColorProfile(termenv.ANSI)
	}
	// NO_COLOR is about colour: without reverse video nobody sees where they type.
	typing := lipgloss.NewRenderer(out)
	typing.SetHasDarkBackground(true)
	typing.SetColorProfile(termenv.Ascii)
	if moves {
		typing.SetColorProfile(termenv.ANSI)
	}
	colour := func(c string) lipgloss.Style { return r.NewStyle().Foreground(lipgloss.Color(c)) }
	return style{
		bold:   r.NewStyle().Bold(true),
		faint:  r.NewStyle().Faint(true),
		accent: colour("6").Bold(true),
		ok:     colour("2"),
		warn:   colour("3"),
		fail:   colour("1"),
		cursor: typing.NewStyle(),
	}
}

// mark is the sign of m, five columns wide at most.
func (s style) mark(m wizard.Mark) string {
	switch m {
	case wizard.MarkOK:
		return s.ok.Render("ok")
	case wizard.MarkWarn:
		return s.warn.Render("(!)")
	case wizard.MarkFail:
		return s.fail.Render("(x)")
	case wizard.MarkSkip:
		return s.faint.Render("skip")
	case wizard.MarkUnknown:
		return s.warn.Render("?")
	case wizard.MarkNote:
		return s.accent.Render("note")
	}
	return ""
}

// isTerminal reports whether stream is a terminal.
func isTerminal(stream any) bool {
	f, ok := stream.(interface{ Fd() uintptr })
	return ok && xterm.IsTerminal(int(f.Fd()))
}

// Width is the number of columns of the terminal that out is, or 0.
func Width(out io.Writer) int {
	w, _ := size(out)
	return w
}

func size(out io.Writer) (w, h int) {
	f, ok := out.(interface{ Fd() uintptr })
	if !ok {
		return 0, 0
	}
	w, h, err := xterm.GetSize(int(f.Fd()))
	if err != nil {
		return 0, 0
	}
	return w, h
}

// column is the width that text is set in on a screen of w columns.
func column(w int) int { return min(max(w, minWidth), maxWidth) }

func itoa(n int) string { return strconv.Itoa(n) }
