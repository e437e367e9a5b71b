package term

import (
	"strings"
	"time"
)

// View implements tea.Model.
func (m *waiting) View() string {
	if m.over {
		return ""
	}
	s, w := m.t.style, m.text()
	var lines, apart []string
	if !standsAbove(m.w) || m.told {
		apart = m.apart()
	}
	if !standsAbove(m.w) {
		lines = each(s.bold.Render, fit(m.w.Title, w))
	}
	lines = append(lines, m.progress(w)...)
	if m.bar != nil {
		lines = append(append(lines, ""), m.bar.lines(w)...)
	}
	if m.paste != nil {
		lines = append(append(lines, ""), m.paste.lines(s, w)...)
	}
	return compose(apart, shift(append(append(lines, ""), s.keyLine(w, m.keys()...)...)))
}

// keys are those that work now, each with its meaning.
func (m *waiting) keys() []string {
	if m.paste != nil && m.paste.text != "" {
		return []string{"enter", "send", "esc", "clear", "ctrl+c", "leave"}
	}
	var pairs []string
	if m.bar != nil {
		pairs = append(pairs, "←→ enter", "choose", "a", "again")
	}
	if m.w.Address != "" {
		pairs = append(pairs, "c", "copy the address")
	}
	if m.w.Reopen != nil {
		pairs = append(pairs, "o", "open it again")
	}
	return append(pairs, "q", "leave")
}

// progress is the bar with the time gone and the time left.
func (m *waiting) progress(w int) []string {
	s := m.t.style
	note := ""
	if m.note != "" {
		note = gap + m.note
	}
	if m.t.o.Now == nil {
		return []string{"Waiting" + note}
	}
	gone := max(m.t.o.Now().Sub(m.start), 0).Truncate(time.Second)
	if m.w.Limit <= 0 {
		return []string{s.faint.Render("Waiting " + clock(gone) + note)}
	}
	gone = min(gone, m.w.Limit)
	words := clock(gone) + " of " + clock(m.w.Limit) + gap + clock(m.w.Limit-gone) + " left"
	length := min(max(w-width(words)-2, 10), 30)
	full := int(int64(length) * int64(gone) / int64(m.w.Limit))
	line := s.accent.Render(strings.Repeat("█", full)) + s.faint.Render(strings.Repeat("░", length-full)) + "  " + words
	if width(line)+width(note) > w {
		return append([]string{line}, fit(m.note, w)...)
	}
	return []string{line + note}
}

// clock writes a duration as "2:10".
func clock(d time.Duration) string {
	seconds := int(d / time.Second)
	tail := itoa(seconds % 60)
	if len(tail) == 1 {
		tail = "0" + tail
	}
	return itoa(seconds/60) + ":" + tail
}
