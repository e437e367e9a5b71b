package term

import (
	"io"
	"strings"
	"time"

	"example.com/sfconnect/internal/check"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/wizard"
)

// Printer writes what commands say: lines with marks, tables, names with their
// values, errors. Write errors are not reported, as with fmt.Print. Not safe for
// concurrent use.
type Printer struct {
	out   io.Writer
	style style
	width int
}

// NewPrinter makes a Printer for out that sets text in width columns; 0 means
// that nothing is wrapped, for files and pipes. env is the environment (NO_COLOR,
// TERM); nil stands for an empty one.
func NewPrinter(out io.Writer, env func(string) string, width int) *Printer {
	if env == nil {
		env = func(string) string { return "" }
	}
	return &Printer{out: out, style: newStyle(out, env), width: width}
}

// columns is the width to wrap at.
func (p *Printer) columns() int {
	if p.width <= 0 {
		return 1 << 20
	}
	return column(p.width)
}

func (p *Printer) lines(lines []string) {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(strings.TrimRight(line, " "))
		b.WriteByte('\n')
	}
	_, _ = io.WriteString(p.out, b.String())
}

// Text prints sentences at the left edge.
func (p *Printer) Text(text string) { p.lines(p.flow("", text, nil)) }

// Line prints one finding, its hint below it.
func (p *Printer) Line(l wizard.Line) { p.lines(p.finding(l)) }

func (p *Printer) finding(l wizard.Line) []string {
	first := indent
	if l.Mark != wizard.MarkNone {
		first += pad(p.style.mark(l.Mark), 4) + indent
	}
	name, text := p.named(first, l.Text)
	out := p.flow(name, text, nil)
	if l.Hint == "" {
		return out
	}
	return append(out, p.flow(strings.Repeat(" ", width(first)), l.Hint, nil)...)
}

// named gives what stands before a value that is aligned with others by blanks, and the
// value, which keeps its column where it is broken and there is room for that.
func (p *Printer) named(first, text string) (before, rest string) {
	name, value, found := strings.Cut(clean(text), "  ")
	value = strings.TrimLeft(value, " ")
	column := width(first) + width(clean(text)) - width(value)
	if !found || name == "" || strings.Contains(value, "  ") || width(first+text) <= p.columns() || column+narrowest > p.columns() {
		return first, text
	}
	return pad(first+name, column), value
}

// flow sets text behind first. An address that does not fit there is put below the
// beginning of first, whole: where it is still too wide the terminal wraps it itself and
// keeps it clickable.
func (p *Printer) flow(first, text string, look func(...string) string) []string {
	left := len(first) - len(strings.TrimLeft(first, " "))
	if left == len(first) { // below a sign
		left = min(left, len(indent))
	}
	return p.flowFrom(left, first, text, look)
}

// flowFrom is flow with the column of an address that does not fit.
func (p *Printer) flowFrom(left int, first, text string, look func(...string) string) []string {
	room := p.columns() - width(first)
	var out []string
	for i, line := range wrap(text, room) {
		lead := strings.Repeat(" ", width(first))
		if i == 0 {
			lead = first
		}
		if width(line) > room {
			if i == 0 && strings.TrimSpace(first) != "" {
				out = append(out, first)
			}
			lead = strings.Repeat(" ", left)
		}
		if look != nil {
			line = look(line)
		}
		out = append(out, lead+line)
	}
	return out
}

// Status is one line of a list of checks, and what follows from it.
type Status struct {
	Name   string
	Mark   wizard.Mark
	Took   time.Duration // 0 is not shown
	Detail string
	Hint   string
}

// nameColumn is the width of a Status's name: the longest stage of the
// connectivity test.
const nameColumn = 9

// Status prints s: name, mark, time and detail in columns, so that lines
// printed one by one as the checks end stand below each other.
func (p *Printer) Status(s Status) {
	took := ""
	if s.Took > 0 {
		took = check.Took(s.Took)
	}
	first := indent + pad(clean(s.Name), nameColumn) + " " + pad(p.style.mark(s.Mark), 5) + padLeft(took, 7) + "   "
	if p.columns() < 60 {
		first = indent + pad(clean(s.Name), nameColumn) + " " + pad(p.style.mark(s.Mark), 5)
	}
	lines := p.flow(first, s.Detail, nil)
	if s.Hint != "" {
		lines = append(lines, p.flow(strings.Repeat(" ", 2+nameColumn+1), s.Hint, nil)...)
	}
	p.lines(lines)
}

// Fault prints an error: what did not happen and why, Salesforce's code for it
// where there is one (it can be looked up), what to do next.
func (p *Printer) Fault(f *fault.Fault) {
	lines := p.flow(indent+pad(p.style.mark(wizard.MarkFail), 4)+indent, f.Message, nil)
	if f.Code != "" && !fault.Own(f.Code) {
		lines = append(lines, p.flow("        ", f.Code, p.style.faint.Render)...)
	}
	if f.Hint != "" {
		lines = append(lines, p.flow("        ", f.Hint, nil)...)
	}
	p.lines(lines)
}

// Sheet prints the rows of a form, for reading alone: nothing in it can be copied by
// a key or revealed.
func (p *Printer) Sheet(rows []wizard.Row) {
	p.lines(sheet{style: p.style, rows: rows, screen: p.width}.lines(p.columns(), 1<<12, false))
}
