package term

import (
	"strings"

	"example.com/sfconnect/internal/wizard"
)

// head prints the top of a step: a rule, the title, where the person is, what
// is done, what the step is for.
func (p *Printer) head(s wizard.Screen) {
	w := p.columns()
	lines := []string{"", indent + p.style.faint.Render(strings.Repeat("─", w-2*len(indent))), ""}
	lines = append(lines, p.style.title(s, w)...)
	if len(s.Done) > 0 {
		lines = append(lines, p.flow(indent+p.style.ok.Render("done")+" ", strings.Join(s.Done, " · "), nil)...)
	}
	for _, paragraph := range s.Intro {
		lines = append(lines, "")
		lines = append(lines, p.flow(indent, paragraph, nil)...)
	}
	p.lines(append(lines, ""))
}

// title is the title of s and "step 3 of 7" at the other end of w columns.
func (s style) title(screen wizard.Screen, w int) []string {
	step := ""
	if screen.Step > 0 {
		step = s.faint.Render("step " + itoa(screen.Step) + " of " + itoa(screen.Of))
	}
	room := w - 2*len(indent)
	titles := wrap(clean(screen.Title), room)
	last := len(titles) - 1
	var lines []string
	for _, line := range titles[:last] {
		lines = append(lines, s.bold.Render(line))
	}
	lines = append(lines, spread(s.bold.Render(titles[last]), step, room)...)
	for i := range lines {
		lines[i] = indent + lines[i]
	}
	return lines
}
