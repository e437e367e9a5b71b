package guide

import (
	"fmt"
	"io"
	"strings"
)

// Markdown writes the guide as GitHub-flavoured Markdown that reads well as plain
// text, too. What comes from the recipe is escaped.
func (g Guide) Markdown(out io.Writer) error {
	m := &markdown{}
	m.line("# " + inline(words(g.Title)))
	for _, t := range g.Lead {
		m.gap()
		m.wrap("", "", t)
	}
	m.gap()
	for _, f := range g.Facts {
		m.wrap("- ", "  ", words(bold(f.Name), ": ", f.About))
	}
	for _, s := range g.Sections {
		m.section(s)
	}
	_, err := io.WriteString(out, m.b.String())
	return err
}

type markdown struct{ b strings.Builder }

// wide is where lines are broken, between words alone.
const wide = 100

func (m *markdown) line(s string) { m.b.WriteString(s + "\n") }

// gap makes one empty line.
func (m *markdown) gap() {
	if !strings.HasSuffix(m.b.String(), "\n\n") {
		m.line("")
	}
}

func (m *markdown) section(s Section) {
	title := inline(words(s.Title))
	if s.Number > 0 {
		title = fmt.Sprintf("Step %d: %s", s.Number, title)
	}
	m.gap()
	m.line("## " + title)
	if s.Path != "" {
		where := words(s.Path)
		if s.URL != "" {
			where = link(s.Path, s.URL)
		}
		m.gap()
		m.wrap("", "", words(strong("Where: "), where))
	}
	for _, b := range s.Blocks {
		m.gap()
		m.block(b)
	}
}

func (m *markdown) block(b Block) {
	switch {
	case len(b.Para) > 0:
		m.wrap("", "", b.Para)
	case b.Remark != nil:
		kind := "NOTE"
		if b.Remark.Caution {
			kind = "WARNING"
		}
		m.line("> [!" + kind + "]")
		m.wrap("> ", "> ", b.Remark.Text)
	case len(b.List) > 0:
		for _, t := range b.List {
			m.wrap("- ", "  ", t)
		}
	case len(b.Do) > 0:
		for i, t := range b.Do {
			n := fmt.Sprintf("%d. ", i+1)
			m.wrap(n, strings.Repeat(" ", len(n)), t)
		}
	case b.Commands != nil:
		m.fenced(b.Commands.Lines)
	case b.Table != nil:
		m.table(b.Table)
	case b.Form != nil:
		m.form(b.Form)
	case len(b.Signs) > 0:
		for _, f := range b.Signs {
			m.wrap("- ", "  ", words(bold(f.Name), ": ", f.About))
		}
	}
}

func bold(t Text) Text {
	var out Text
	for _, s := range t {
		s.Strong = !s.Code
		out = append(out, s)
	}
	return out
}

func (m *markdown) fenced(lines []string) {
	fence := "```"
	for strings.Contains(strings.Join(lines, "\n"), fence) {
		fence += "`"
	}
	m.line(fence)
	for _, l := range lines {
		m.line(l)
	}
	m.line(fence)
}

// table is drawn with its columns in line where that stays readable.
func (m *markdown) table(t *Table) {
	rows := [][]string{nil}
	for _, h := range t.Head {
		rows[0] = append(rows[0], cell(words(h)))
	}
	for _, r := range t.Rows {
		var cells []string
		for _, c := range r {
			cells = append(cells, cell(c))
		}
		rows = append(rows, cells)
	}
	widths := make([]int, len(t.Head))
	total := 1
	for i := range widths {
		for _, r := range rows {
			widths[i] = max(widths[i], len([]rune(r[i])), 3)
		}
		total += widths[i] + 3
	}
	pad := total <= wide+20
	for n, r := range rows {
		line, rule := "|", "|"
		for i, c := range r {
			fill := 0
			if pad {
				fill = widths[i] - len([]rune(c))
			}
			line += " " + c + strings.Repeat(" ", fill) + " |"
			if pad {
				rule += strings.Repeat("-", widths[i]+2) + "|"
			} else {
				rule += " --- |"
			}
		}
		m.line(line)
		if n == 0 {
			m.line(rule)
		}
	}
}

// wrap writes a text in lines of at most wide characters, the first behind first
// and the others behind rest. A code span is never broken.
func (m *markdown) wrap(first, rest string, t Text) {
	line, prefix := "", first
	flush := func() {
		m.line(strings.TrimRight(prefix+lineStart(line), " "))
		prefix, line = rest, ""
	}
	for _, w := range unbroken(t) {
		switch {
		case line == "":
			line = w
		case len([]rune(prefix+line+w))+1 > wide:
			flush()
			line = w
		default:
			line += " " + w
		}
	}
	flush()
}
