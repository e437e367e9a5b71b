package term

import (
	"strings"

	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/wizard"
)

// box is a tick box as it must stand.
func (s sheet) box(on *bool) string {
	switch {
	case on == nil:
		return "[-]"
	case *on:
		return "[" + s.style.ok.Render("x") + "]"
	}
	return "[ ]"
}

// boxed draws a row that begins with a sign: a tick box or a thing to click.
func (s sheet) boxed(sign string, row wizard.Row, w int) []string {
	first := strings.Repeat(" ", margin) + sign + " "
	text := clean(row.Label)
	if row.Value != "" {
		text += "  " + clean(row.Value)
	}
	note := row.Note
	if row.Kind == wizard.RowCheck && row.On == nil && note == "" {
		note = "leave as it is"
	}
	lines := hang(first, fit(text, w-width(first)-2))
	return s.remarked(lines, note, width(first), w)
}

// remark tells under a label how several values are entered.
func remark(kind wizard.RowKind) string {
	switch kind {
	case wizard.RowLines:
		return "(one per line)"
	case wizard.RowPicks:
		return "(move to Selected)"
	}
	return ""
}

// labelled draws a row that has a label and one or more values.
func (s sheet) labelled(number string, row wizard.Row, labels int, shown bool, w, full int) []string {
	at := margin + labels + 2
	values, look := s.values(row, shown)
	if row.Kind == wizard.RowField && clean(row.Value) == "" && len(row.Values) == 0 && row.Note != "" {
		values, row.Note = []string{clean(row.Note)}, "" // it says what goes there
	}
	longest := 0
	for _, v := range values {
		for _, part := range unbroken(v) {
			longest = max(longest, width(part))
		}
	}
	key := strings.Repeat(" ", margin)
	if number != "" {
		key = indent + s.style.accent.Render(number) + strings.Repeat(" ", margin-len(indent)-1)
	}
	side := fit(row.Label, labels)
	if len(values) > 1 {
		side = append(side, each(s.style.faint.Render, fit(remark(row.Kind), labels))...)
	}

	if w < narrowScreen || longest > w-at-2 {
		return s.below(key, side, values, look, row.Note, w, full, longest)
	}
	one := len(values) == 1
	values = pieces(values, w-at-2)
	var lines []string
	for i := range max(len(values), len(side)) {
		left, right := "", ""
		if i < len(side) {
			left = side[i]
		}
		if i < len(values) && values[i] != "" {
			right = look(values[i])
		}
		lead := strings.Repeat(" ", margin)
		if i == 0 {
			lead = key
		}
		lines = append(lines, lead+pad(left, labels)+"  "+right)
	}
	if !one {
		return append(lines, s.note(row.Note, at, w)...)
	}
	return s.remarked(lines, row.Note, at, w)
}

// below draws values under their label, as far left as the longest one needs to
// stay in one piece; where even the whole screen is too narrow, in pieces that
// together are exactly the value.
func (s sheet) below(key string, side, values []string, look func(...string) string, note string, w, full, longest int) []string {
	lines := hang(key, []string{strings.Join(side, " ")})
	at := margin + 2
	edge := full
	if s.screen > 0 {
		edge = min(full, s.screen)
	}
	for _, narrower := range []int{len(indent), 0} {
		if longest > edge-at {
			at = narrower
		}
	}
	if s.screen > 0 && longest > edge { // the terminal wraps it anyway
		at = margin + 2
	}
	lead := strings.Repeat(" ", at)
	room := full - at
	if longest <= w-at {
		room = w - at
	}
	for _, piece := range pieces(values, room) {
		lines = append(lines, lead+look(piece))
	}
	return append(lines, s.note(note, margin+2, w)...)
}

// unbroken is the parts of a value that a line's end must not break: the words
// of a sentence, all of an address.
func unbroken(v string) []string { return strings.Split(v, " ") }

// pieces sets values in lines of w columns: sentences are broken between words,
// what has no blanks anywhere, so that no character is added. Where there are
// several, what goes on is set in.
func pieces(values []string, w int) []string {
	var out []string
	for _, v := range values {
		if len(values) == 1 || len(unbroken(v)) == 1 {
			out = append(out, fit(v, w)...)
			continue
		}
		lines := fit(v, w-len(indent))
		out = append(append(out, lines[0]), shift(lines[1:])...)
	}
	return out
}

// values is what stands in a row, and its look.
func (s sheet) values(row wizard.Row, shown bool) ([]string, func(...string) string) {
	switch row.Kind {
	case wizard.RowSecret:
		switch {
		case row.Secret.Empty():
			return []string{"none"}, s.style.faint.Render
		case shown:
			return secretLines(row.Secret), s.style.bold.Render
		}
		return []string{"hidden"}, s.style.faint.Render
	case wizard.RowRadio:
		return []string{"(•) " + clean(row.Value)}, s.style.bold.Render
	}
	var values []string
	for _, v := range append([]string{row.Value}, row.Values...) {
		if v = clean(v); v != "" {
			values = append(values, v)
		}
	}
	if len(values) == 0 {
		return []string{"leave empty"}, s.style.faint.Render
	}
	return values, s.style.bold.Render
}

// secretLines is a secret as it is shown: a key in PEM form has several lines.
func secretLines(v secret.Value) []string {
	return cleaned(strings.Split(strings.TrimSpace(v.Reveal()), "\n"))
}

// remarked puts note behind the last of lines where it fits, else below.
func (s sheet) remarked(lines []string, note string, at, w int) []string {
	last := len(lines) - 1
	if note = clean(note); note == "" {
		return lines
	}
	if width(lines[last])+len(gap)+width(note) <= w-2 {
		lines[last] += gap + s.style.faint.Render(note)
		return lines
	}
	return append(lines, s.note(note, at, w)...)
}

// note draws a remark from column at on.
func (s sheet) note(note string, at, w int) []string {
	if note == "" {
		return nil
	}
	if w < narrowScreen {
		at = min(at, margin+2)
	}
	lead := strings.Repeat(" ", at)
	return hang(lead, each(s.style.faint.Render, fit(note, w-at-2)))
}
