//go:build !windows

package cli_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// vt is a terminal of a fixed size, as far as the program uses one: what is written to it
// moves a cursor and fills a grid, and lines that leave it at the top are kept.
type vt struct {
	cols, rows int
	grid       [][]cell
	above      [][]cell // scrolled out
	main       [][]cell // behind the other screen, while that is shown
	x, y       int
	mainX      int
	mainY      int
	full       bool // the last column was written, and nothing after it
	look       string
	pending    string
	forms      int      // how many forms have begun to take keys
	looks      []string // all that were used
	strange    []string // what this terminal does not know, or was not to be sent
	high       bool     // a byte beyond ASCII came
}

type cell struct{ char, look string }

func newVT(cols, rows int) *vt { return &vt{cols: cols, rows: rows, grid: blank(rows)} }

func blank(rows int) [][]cell { return make([][]cell, rows) }

func (v *vt) write(raw string) {
	s := v.pending + raw
	for s != "" {
		n := v.take(s)
		if n == 0 {
			break
		}
		s = s[n:]
	}
	v.pending = s
}

// take obeys what s begins with, and tells how long that is; 0 where more must come.
func (v *vt) take(s string) int {
	switch c := s[0]; {
	case c == '\x1b':
		return v.escape(s)
	case c == '\r':
		v.x, v.full = 0, false
	case c == '\n':
		v.full = false
		v.down()
	case c == '\b':
		v.x, v.full = max(v.x-1, 0), false
	case c == '\t':
		v.x = min(v.x/8*8+8, v.cols-1)
	case c < ' ':
		v.strange = append(v.strange, fmt.Sprintf("%q", c))
	default:
		if !utf8.FullRuneInString(s) {
			return 0
		}
		r, n := utf8.DecodeRuneInString(s)
		v.high = v.high || r >= utf8.RuneSelf
		v.put(string(r))
		return n
	}
	return 1
}

func (v *vt) put(char string) {
	w := ansi.StringWidth(char)
	if v.full || v.x+w > v.cols {
		v.x, v.full = 0, false
		v.down()
	}
	line := v.grid[v.y]
	for len(line) < v.x+w {
		line = append(line, cell{" ", ""})
	}
	look := v.look
	if char == " " { // a cursor blinks
		look = strings.TrimSuffix(look, "reverse")
	}
	line[v.x] = cell{char, look}
	for i := 1; i < w; i++ {
		line[v.x+i] = cell{"", v.look}
	}
	v.grid[v.y] = line
	if v.x += w; v.x >= v.cols {
		v.x, v.full = v.cols-1, true
	}
}

func (v *vt) down() {
	if v.y < v.rows-1 {
		v.y++
		return
	}
	if v.main == nil {
		v.above = append(v.above, v.grid[0])
	}
	v.grid = append(v.grid[1:], nil)
}

func (v *vt) escape(s string) int {
	if len(s) < 2 {
		return 0
	}
	switch s[1] {
	case '[':
		end := strings.IndexFunc(s[2:], func(r rune) bool { return r >= '@' && r <= '~' })
		if end < 0 {
			return 0
		}
		v.control(s[2:2+end], s[2+end])
		return end + 3
	case ']', 'P': // OSC, DCS
		bell, st := strings.Index(s, "\a"), strings.Index(s, "\x1b\\")
		if bell < 0 && st < 0 {
			return 0
		}
		if !strings.HasPrefix(s, "\x1b]52;") { // the clipboard
			v.strange = append(v.strange, fmt.Sprintf("%.20q", s))
		}
		if st < 0 || bell >= 0 && bell < st {
			return bell + 1
		}
		return st + 2
	}
	v.strange = append(v.strange, fmt.Sprintf("%q", s[:2]))
	return 2
}

func (v *vt) control(parameters string, what byte) {
	number := func(at, none int) int {
		parts := strings.Split(parameters, ";")
		if n, err := strconv.Atoi(parts[min(at, len(parts)-1)]); err == nil && at < len(parts) {
			return n
		}
		return none
	}
	switch what {
	case 'm':
		v.paint(parameters)
		return
	case 'h', 'l':
		v.mode(parameters, what == 'h')
		return
	}
	v.full = false
	switch what {
	case 'A':
		v.y = max(v.y-number(0, 1), 0)
	case 'B':
		v.y = min(v.y+number(0, 1), v.rows-1)
	case 'C':
		v.x = min(v.x+number(0, 1), v.cols-1)
	case 'D':
		v.x = max(v.x-number(0, 1), 0)
	case 'G':
		v.x = min(number(0, 1), v.cols) - 1
	case 'H':
		v.y, v.x = min(number(0, 1), v.rows)-1, min(number(1, 1), v.cols)-1
	case 'K':
		v.erase(number(0, 0))
	case 'J':
		switch number(0, 0) {
		case 0:
			v.erase(0)
			clear(v.grid[v.y+1:])
		case 2:
			clear(v.grid)
		}
	default:
		v.strange = append(v.strange, fmt.Sprintf("CSI %s%c", parameters, what))
	}
}

func (v *vt) erase(which int) {
	line := v.grid[v.y]
	switch {
	case which == 0 && v.x < len(line):
		v.grid[v.y] = line[:v.x]
	case which == 2:
		v.grid[v.y] = nil
	}
}

// mode switches to the other screen and back; the other modes are not for the eye.
func (v *vt) mode(which string, on bool) {
	switch {
	case which == "?2004" && on:
		v.forms++
	case which == "?1049" && on:
		v.main, v.mainX, v.mainY, v.grid = v.grid, v.x, v.y, blank(v.rows)
	case which == "?1049" && v.main != nil:
		v.grid, v.x, v.y, v.main = v.main, v.mainX, v.mainY, nil
	}
}

// paint remembers how the next characters look.
func (v *vt) paint(parameters string) {
	now := strings.Fields(v.look)
	for _, p := range strings.Split(parameters, ";") {
		name, known := map[string]string{"": "", "0": "", "1": "bold", "2": "faint", "7": "reverse", "31": "red", "32": "green", "33": "yellow", "36": "cyan"}[p]
		switch {
		case !known:
			v.strange = append(v.strange, "SGR "+p)
		case name == "":
			now = nil
		case !slices.Contains(now, name):
			now = append(now, name)
			if !slices.Contains(v.looks, name) {
				v.looks = append(v.looks, name)
			}
		}
	}
	v.look = strings.Join(now, " ")
}

// text is what stands in lines, with {look|…} around what is not plain where looks.
func text(lines [][]cell, looks bool) string {
	var b strings.Builder
	for _, line := range lines {
		var one strings.Builder
		look := ""
		for _, c := range append(slices.Clip(line), cell{}) {
			if looks && c.look != look {
				if look != "" {
					one.WriteByte('}')
				}
				if look = c.look; look != "" {
					one.WriteString("{" + look + "|")
				}
			}
			one.WriteString(c.char)
		}
		b.WriteString(strings.TrimRight(one.String(), " "))
		b.WriteByte('\n')
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// seen is the screen.
func (v *vt) seen(looks bool) string { return text(v.grid, looks) }

// all is the screen and what has scrolled out of it.
func (v *vt) all() string { return text(slices.Concat(v.above, v.grid), false) }
