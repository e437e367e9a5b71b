package term

import (
	"errors"
	"io"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"example.com/sfconnect/internal/wizard"
)

// answered prints a question's answer and remembers where it stands.
func (t *TUI) answered(id string, draw func(*Printer)) {
	if id != "" {
		t.answers[id] = len(t.history)
	}
	t.show(draw)
}

// wentBack notes how a question ended.
func (t *TUI) wentBack(err error) { t.back = errors.Is(err, wizard.ErrBack) }

// rewind takes the earlier answer to a question off the screen, and what followed it,
// where the person has come back to it. After a failure it stays: that explains why it
// is asked again.
func (t *TUI) rewind(id string) {
	back := t.back
	t.back = false
	at, was := t.answers[id]
	if !back || !was {
		return
	}
	w, h := t.size()
	old := t.drawn(t.history[at:], w)
	t.history, t.recent = t.history[:at], nil
	for i := at - 1; i >= 0 && t.history[i].finding != nil; i-- { // they stand above the question again
		t.recent = append([]wizard.Line{*t.history[i].finding}, t.recent...)
	}
	for other, index := range t.answers {
		if index >= at {
			delete(t.answers, other)
		}
	}
	if rows := rowsOf(old, w); rows < h {
		_, _ = io.WriteString(t.out, ansi.CursorUp(rows)+"\r"+ansi.EraseScreenBelow)
		return
	}
	// What is above the screen cannot be reached.
	_, _ = io.WriteString(t.out, ansi.CursorHomePosition+ansi.EraseScreenBelow+t.redrawn(w)+"\r\n")
}

// rowsOf is how many rows text takes on a screen of w columns.
func rowsOf(text string, w int) int {
	rows := 0
	for line := range strings.Lines(text) {
		rows += max((width(strings.TrimRight(line, "\n"))+w-1)/w, 1)
	}
	return rows
}
