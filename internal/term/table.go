package term

import "strings"

// gap separates the columns of a table.
const gap = "   "

// Table prints rows below head in aligned columns. Where the columns are wider
// than the terminal, each row is printed as a list of names and values instead:
// nothing is ever cut off, and blanks that align a column are left out. Rows may be
// shorter than head.
func (p *Printer) Table(head []string, rows [][]string) {
	widths := make([]int, len(head))
	cells := make([][]string, 0, len(rows)+1)
	for _, row := range append([][]string{head}, rows...) {
		line := make([]string, len(head))
		for i := range head {
			if i < len(row) {
				line[i] = clean(row[i])
			}
			widths[i] = max(widths[i], width(line[i]))
		}
		cells = append(cells, line)
	}
	total := len(indent)
	for _, w := range widths {
		total += w + len(gap)
	}
	if p.width > 0 && total-len(gap) > p.width {
		p.records(cells)
		return
	}
	lines := make([]string, len(cells))
	for n, row := range cells {
		for i := range row {
			row[i] = pad(row[i], widths[i])
		}
		lines[n] = strings.TrimRight(strings.Join(row, gap), " ")
		if n == 0 {
			lines[n] = p.style.faint.Render(lines[n])
		}
		lines[n] = indent + lines[n]
	}
	p.lines(lines)
}

func (p *Printer) records(cells [][]string) {
	for n, row := range cells[1:] {
		if n > 0 {
			p.lines([]string{""})
		}
		pairs := make([][2]string, len(row))
		for i, cell := range row {
			pairs[i] = [2]string{strings.TrimSpace(cells[0][i]), strings.TrimSpace(cell)}
		}
		p.Pairs(pairs)
	}
}

// Pairs prints names and their values, the values aligned.
func (p *Printer) Pairs(pairs [][2]string) { p.lines(p.pairs(pairs)) }

func (p *Printer) pairs(pairs [][2]string) []string {
	names := 0
	for _, pair := range pairs {
		names = max(names, width(clean(pair[0])))
	}
	var lines []string
	for _, pair := range pairs {
		first := indent + p.style.faint.Render(clean(pair[0])) + strings.Repeat(" ", names-width(clean(pair[0]))) + gap
		lines = append(lines, p.flow(first, pair[1], nil)...)
	}
	return lines
}
