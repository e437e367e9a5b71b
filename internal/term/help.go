package term

import "strings"

// Help prints a command's help, which is written for 80 columns and more: what is wider
// than the terminal is broken between words. Examples stay whole, to be copied.
func (p *Printer) Help(text string) {
	var out []string
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	example := false
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		if line != "" && line[0] != ' ' {
			example = line == "Examples:"
		}
		switch {
		case width(line) <= p.columns() && (line == "" || line[0] == ' '), example:
			out = append(out, line)
		case line[0] == ' ':
			out = append(out, p.entry(line)...)
		default:
			end, wide := i, false
			for ; end < len(lines) && lines[end] != "" && lines[end][0] != ' '; end++ {
				wide = wide || width(lines[end]) > p.columns()
			}
			paragraph := lines[i:end]
			if wide {
				paragraph = wrap(strings.Join(paragraph, " "), p.columns())
			}
			out, i = append(out, paragraph...), end-1
		}
	}
	p.lines(out)
}

// entry sets a command or a flag with what it does, which stands in a column of its own
// where there is room for one.
func (p *Printer) entry(line string) []string {
	name := strings.TrimLeft(line, " ")
	lead := line[:len(line)-len(name)]
	name, text, found := strings.Cut(name, gap)
	if !found {
		name, text, found = strings.Cut(name, "  ")
	}
	text = strings.TrimLeft(text, " ")
	if !found {
		return hang(lead, wrap(name, p.columns()-len(lead)-len(indent)))
	}
	column := len(line) - len(text)
	if p.columns()-column >= narrowest {
		return p.flow(line[:column], text, nil)
	}
	at := lead + indent + indent
	return append([]string{lead + name}, p.flow(at, text, nil)...)
}
