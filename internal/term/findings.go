package term

import (
	"strings"

	"example.com/sfconnect/internal/wizard"
)

// Finding is one check of an audit. What of it is shown depends on its mark: of a
// failed one everything, of one that could not be told why, of the others what was
// found and how it is known.
type Finding struct {
	Mark          wizard.Mark
	Label         string
	Wanted, Found string
	How           string
	Detail, Hint  string
}

// The columns of findings: the mark, and what stands before a value in a block.
const (
	markColumn = 6
	wordColumn = 10
	howColumn  = 8
	mostLabel  = 40
	narrowest  = 16 // columns that a value needs to be readable beside its name
)

// Findings prints findings in their order.
func (p *Printer) Findings(list []Finding) {
	labels, values := 0, 0
	for _, f := range list {
		if w := width(clean(f.Label)); f.Mark != wizard.MarkFail && w <= min(p.columns()/2, mostLabel) {
			labels = max(labels, w)
		}
		if f.Mark != wizard.MarkFail && f.Mark != wizard.MarkUnknown {
			values = max(values, width(clean(f.Found)))
		}
	}
	for _, f := range list {
		switch f.Mark {
		case wizard.MarkFail:
			p.lines(p.failure(f))
		case wizard.MarkUnknown:
			p.lines(p.riddle(f))
		default:
			p.lines(p.agreed(f, labels, values))
		}
	}
}

// failure sets a failed finding: wanted, found and the way to put it right.
func (p *Printer) failure(f Finding) []string {
	out := p.label(p.first(f), f.Label, p.style.bold.Render)
	lead := strings.Repeat(" ", len(indent)+markColumn)
	field := func(name, text string) {
		if text != "" {
			out = append(out, p.flow(lead+p.style.faint.Render(pad(name, wordColumn)), text, nil)...)
		}
	}
	field("wanted", f.Wanted)
	field("found", f.Found)
	if f.Detail != "" {
		field(f.How, f.Detail)
	}
	field("mend", f.Hint)
	return append(out, "")
}

// riddle sets a finding that could not be told, and why.
func (p *Printer) riddle(f Finding) []string {
	out := p.label(p.first(f), f.Label, p.style.bold.Render)
	lead := strings.Repeat(" ", len(indent)+markColumn)
	for _, text := range []string{f.Detail, f.Hint} {
		if text != "" {
			out = append(out, p.flow(lead, text, nil)...)
		}
	}
	return append(out, "")
}

// agreed sets a finding on one line, where it fits: name, what was found, how it is
// known. A name that is too long has a line of its own. labels and values are the
// widest of each.
func (p *Printer) agreed(f Finding, labels, values int) []string {
	first := p.first(f)
	label := clean(f.Label)
	if p.columns()-width(first)-labels-howColumn-4 < narrowest {
		return append(p.label(first, label, nil), p.flow(strings.Repeat(" ", width(first)+2), f.Found+", "+f.How, nil)...)
	}
	var out []string
	if width(label) > labels {
		out = p.label(first, label, nil)
		first, label = strings.Repeat(" ", len(indent)+markColumn), ""
	}
	first += pad(label, labels) + "  "
	how := p.style.faint.Render(f.How)
	room := p.columns() - width(first) - howColumn - 2
	if p.width <= 0 { // a file or a pipe: no value is broken
		return append(out, first+pad(clean(f.Found), values)+"  "+how)
	}
	for i, line := range wrap(f.Found, room) {
		if i == 0 {
			out = append(out, first+pad(line, room)+"  "+how)
			continue
		}
		out = append(out, strings.Repeat(" ", width(first))+line)
	}
	return out
}

// label sets what a finding is about. An address in it stands below its other words.
func (p *Printer) label(first, text string, look func(...string) string) []string {
	return p.flowFrom(width(first), first, text, look)
}

func (p *Printer) first(f Finding) string { return indent + pad(p.style.mark(f.Mark), markColumn) }

// Items prints a list below its head.
func (p *Printer) Items(head string, items []string) {
	lines := p.flow(indent, head, nil)
	for _, item := range items {
		lines = append(lines, p.flow(indent+indent+"- ", item, nil)...)
	}
	p.lines(lines)
}
