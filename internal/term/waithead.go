package term

import (
	"strings"

	"example.com/sfconnect/internal/wizard"
)

// standsAbove reports whether a Waiting has a part that is printed once, above what
// moves: terminals select and open only what nobody draws over.
func standsAbove(w wizard.Waiting) bool { return len(w.Lines) > 0 || w.Address != "" }

// waiting prints what stands above the progress. An address, and a command to copy,
// is whole and alone on its line.
func (p *Printer) waiting(w wizard.Waiting) {
	lines := p.flow(indent, w.Title, p.style.bold.Render)
	alone := func(line string) {
		if lines[len(lines)-1] != "" {
			lines = append(lines, "")
		}
		lines = append(lines, line, "")
	}
	for _, line := range w.Lines {
		text := strings.TrimSpace(clean(line))
		switch {
		case strings.Contains(text, "://") && !strings.Contains(text, " "):
			alone(text)
		case strings.HasPrefix(line, " "):
			alone(indent + indent + text)
		default:
			lines = append(lines, p.flow(indent, line, nil)...)
		}
	}
	if w.Address != "" {
		alone(clean(w.Address))
	}
	if lines[len(lines)-1] != "" {
		lines = append(lines, "")
	}
	p.lines(lines)
}
