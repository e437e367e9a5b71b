package term

import (
	"strings"
	"unicode"

	"github.com/charmbracelet/lipgloss"
)

const (
	indent   = "  "
	minWidth = 40
	maxWidth = 100 // longer lines are hard to read; only addresses are longer
)

// clean returns s as one line without anything that a terminal would obey:
// escape sequences, other control characters and the marks that reverse text.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
}

// width is the number of columns that s takes.
func width(s string) int { return lipgloss.Width(s) }

// pad fills s with blanks up to w columns.
func pad(s string, w int) string {
	if n := w - width(s); n > 0 {
		return s + strings.Repeat(" ", n)
	}
	return s
}

// padLeft is pad with the blanks in front.
func padLeft(s string, w int) string {
	if n := w - width(s); n > 0 {
		return strings.Repeat(" ", n) + s
	}
	return s
}

// wrap breaks text between words into lines of at most w columns. A word that
// is wider, an address for example, stays whole on a line of its own, so that
// it can be clicked and copied. A line that fits keeps its blanks: they may align
// something.
func wrap(text string, w int) []string {
	var lines []string
	for _, paragraph := range strings.Split(text, "\n") {
		if whole := strings.TrimRight(clean(paragraph), " "); width(whole) <= w {
			lines = append(lines, whole)
			continue
		}
		line, used := "", 0
		for _, word := range words(clean(paragraph), w) {
			n := width(word)
			switch {
			case line == "":
				line, used = word, n
			case used+1+n <= w:
				line, used = line+" "+word, used+1+n
			default:
				lines, line, used = append(lines, line), word, n
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// words are the parts of text that are not broken. A command to paste at its end is one,
// where it fits into w columns.
func words(text string, w int) []string {
	const name = "sfconnect "
	at := strings.LastIndex(text, ": "+name) + len(": ")
	if at < len(": ") || width(text[at:]) > w || strings.Contains(text[at:], ". ") {
		return strings.Fields(text)
	}
	return append(strings.Fields(text[:at]), strings.TrimSpace(text[at:]))
}

// chop breaks text into pieces of exactly w columns (the last may be shorter)
// without adding or dropping a character.
func chop(text string, w int) []string {
	var pieces []string
	var piece strings.Builder
	used := 0
	for _, r := range clean(text) {
		n := width(string(r))
		if used+n > w && used > 0 {
			pieces = append(pieces, piece.String())
			piece.Reset()
			used = 0
		}
		piece.WriteRune(r)
		used += n
	}
	return append(pieces, piece.String())
}

// fit breaks text between words and chops the words that are too wide: for
// places whose lines are cut off at the edge of the screen.
func fit(text string, w int) []string {
	var lines []string
	for _, line := range wrap(text, w) {
		lines = append(lines, chop(line, w)...)
	}
	return lines
}

// cut shortens s to w columns; an ellipsis tells that something is missing.
func cut(s string, w int) string {
	if width(s) <= w {
		return s
	}
	return chop(s, w-1)[0] + "…"
}

// hang puts first before the first of lines and blanks of the same width
// before the others.
func hang(first string, lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		if i == 0 {
			out[i] = first + line
		} else if line != "" {
			out[i] = strings.Repeat(" ", width(first)) + line
		}
	}
	return out
}

// spread puts left and right at the two ends of w columns, or right on a line
// of its own where they do not fit.
func spread(left, right string, w int) []string {
	gap := w - width(left) - width(right)
	switch {
	case right == "":
		return []string{left}
	case gap < 2:
		return []string{left, right}
	}
	return []string{left + strings.Repeat(" ", gap) + right}
}

// plural is "1 character", "2 characters".
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return itoa(n) + " " + one + "s"
}

// cleaned is lines, each cleaned.
func cleaned(lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = clean(line)
	}
	return out
}
