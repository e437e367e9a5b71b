package term

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"example.com/sfconnect/internal/wizard"
)

// frame is what every screen has in common: its size, and how it ended.
type frame struct {
	t     *TUI
	w, h  int
	whole bool // takes the whole screen
	over  bool
	err   error // valid when over
}

func (t *TUI) frame(whole bool) frame {
	w, h := t.size()
	return frame{t: t, w: w, h: h, whole: whole}
}

// finish ends the screen; it draws nothing more.
func (f *frame) finish(err error) tea.Cmd {
	f.over, f.err = true, err
	return tea.Quit
}

// common handles what means the same everywhere and reports whether that was all.
func (f *frame) common(msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case ended:
		return f.finish(msg.err), true
	case tea.KeyMsg:
		if msg.Type == tea.KeyCtrlC {
			return f.finish(wizard.ErrLeave), true
		}
	case tea.WindowSizeMsg:
		narrower := msg.Width != f.w
		f.w, f.h = msg.Width, msg.Height
		if narrower && !f.whole {
			// The terminal has re-wrapped what was drawn, so that nothing is
			// where bubbletea thinks it is: start over with everything in view.
			return tea.Sequence(tea.ClearScreen, tea.Println(f.t.redrawn(f.w))), true
		}
	}
	return nil, false
}

// formSize is what a form is told about the screen: its width, and a height that never
// makes it scroll, since the frame decides what is seen.
func (f *frame) formSize() tea.WindowSizeMsg {
	return tea.WindowSizeMsg{Width: column(f.w) - 2*len(indent), Height: 1 << 12}
}

// text is the width of text on this screen.
func (f *frame) text() int { return column(f.w) - 2*len(indent) }

// apart is a blank line between a question and what was said or answered before it.
func (f *frame) apart() []string {
	if last := len(f.t.history) - 1; last < 0 || f.t.history[last].head {
		return nil
	}
	return []string{""}
}

// compose joins lines into what bubbletea draws, without trailing blanks.
func compose(lines ...[]string) string {
	var b strings.Builder
	first := true
	for _, part := range lines {
		for _, line := range part {
			if !first {
				b.WriteByte('\n')
			}
			first = false
			b.WriteString(strings.TrimRight(line, " "))
		}
	}
	return b.String()
}

// shift indents lines.
func shift(lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		if line != "" {
			out[i] = indent + line
		}
	}
	return out
}

// each renders lines in one look.
func each(look func(...string) string, lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		if line != "" {
			out[i] = look(line)
		}
	}
	return out
}

// window is the part of lines with line at in it that fits into room lines. Its first
// and last line say what is not shown.
func (s style) window(lines []string, at, room int) []string {
	if len(lines) <= room || room < 3 {
		return lines
	}
	top := min(max(at-room/2, 0), len(lines)-room)
	out := append([]string(nil), lines[top:top+room]...)
	if top > 0 {
		out[0] = s.faint.Render("↑ " + itoa(top+1) + " more")
	}
	if below := len(lines) - top - room; below > 0 {
		out[room-1] = s.faint.Render("↓ " + itoa(below+1) + " more")
	}
	return out
}

// pointed is the index of the line with the mark of the chosen option.
func pointed(lines []string) int {
	for i, line := range lines {
		if strings.HasPrefix(ansi.Strip(line), chosen) {
			return i
		}
	}
	return 0
}
