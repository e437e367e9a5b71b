package term

import (
	"io"
	"strings"
	"sync"
	"unicode/utf8"

	xterm "github.com/charmbracelet/x/term"
)

// UTF8 reports whether a terminal in this environment reads UTF-8, by the locale's name as
// setlocale(3) finds it. Where no locale is set it does: containers and services have none,
// and the terminal before them knows it today (systemd/systemd:src/basic/locale-util.c
// decides alike). Windows has no such variables, and its console is written to in UTF-16.
func UTF8(env func(string) string, goos string) bool {
	if goos == "windows" {
		return true
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := strings.ToLower(env(name)); locale != "" {
			return strings.Contains(locale, "utf-8") || strings.Contains(locale, "utf8")
		}
	}
	return true
}

// Legible gives a terminal's out for one that does not read UTF-8: what is written to it
// arrives as ASCII, in as many columns. It is as safe for concurrent use as a file.
func Legible(out io.Writer) io.Writer {
	a := &asciiWriter{w: out}
	if f, ok := out.(xterm.File); ok {
		return &asciiFile{File: f, text: a}
	}
	return a
}

// asciiFile is still the terminal: it has a size and modes.
type asciiFile struct {
	xterm.File
	text *asciiWriter
}

func (f *asciiFile) Write(b []byte) (int, error) { return f.text.Write(b) }

type asciiWriter struct {
	mu   sync.Mutex
	w    io.Writer
	rest []byte // the beginning of a character whose end was not written yet
}

func (a *asciiWriter) Write(b []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	text := append(a.rest, b...)
	whole := len(text)
	for back := 1; back <= min(utf8.UTFMax-1, len(text)); back++ {
		if at := len(text) - back; utf8.RuneStart(text[at]) {
			if !utf8.FullRune(text[at:]) {
				whole = at
			}
			break
		}
	}
	a.rest = append([]byte(nil), text[whole:]...)
	if _, err := io.WriteString(a.w, ascii(string(text[:whole]))); err != nil {
		return 0, err
	}
	return len(b), nil
}

// ascii writes signs and typographic marks as what comes nearest to them, and a ? for any
// other character, of which nothing but that it is there can be shown.
func ascii(s string) string {
	var b strings.Builder
	for s != "" {
		r, size := utf8.DecodeRuneInString(s)
		s = s[size:]
		switch {
		case r < utf8.RuneSelf:
			b.WriteRune(r)
		case r == '…':
			b.WriteString("...")
			if strings.HasPrefix(s, gap) { // the next column stays where it was
				s = s[2:]
			}
		default:
			b.WriteString(nearest(r))
		}
	}
	return b.String()
}

// nearest stands for r in as many columns.
func nearest(r rune) string {
	switch r {
	case '›', '»', '→':
		return ">"
	case '‹', '«', '←':
		return "<"
	case '↑':
		return "^"
	case '↓':
		return "v"
	case '─', '·', '–', '—', '−', '‑':
		return "-"
	case '█':
		return "#"
	case '░':
		return "."
	case '•':
		return "*"
	case '✓':
		return "x"
	case '“', '”', '„':
		return `"`
	case '‘', '’', '‚', 'ʼ':
		return "'"
	case '\u00a0':
		return " "
	}
	return strings.Repeat("?", width(string(r)))
}
