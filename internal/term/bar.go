package term

import (
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/huh"
)

// bar is a row of actions, one of them chosen: a huh Select whose options are
// drawn side by side, so that a page keeps its lines for its content.
type bar struct {
	style   style
	form    *huh.Form
	field   *huh.Select[string]
	options []huh.Option[string]
	value   string
	sealed  bool // Enter was pressed: huh completes a message later
}

func newBar(s style, options []huh.Option[string], value string) *bar {
	b := &bar{style: s, options: options, value: value}
	b.field = huh.NewSelect[string]().Options(options...).Value(&b.value).Inline(true)
	b.form = s.form(b.field, false)
	return b
}

func (b *bar) init() tea.Cmd { return b.form.Init() }

// update hands msg to the form and reports whether an action was taken.
func (b *bar) update(msg tea.Msg) (tea.Cmd, bool) {
	if key, ok := msg.(tea.KeyMsg); ok {
		if b.sealed {
			return nil, false
		}
		b.sealed = key.Type == tea.KeyEnter
	}
	_, cmd := b.form.Update(msg)
	return cmd, b.form.State == huh.StateCompleted
}

// lines draws the actions in w columns.
func (b *bar) lines(w int) []string {
	under, _ := b.field.Hovered()
	var lines []string
	line := ""
	for _, o := range b.options {
		label := chosen + o.Key
		if room := width(line) + 2 + width(label); line != "" && room > w {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += "  "
		}
		if o.Value == under {
			line += b.style.accent.Render(label)
		} else {
			line += "  " + o.Key
		}
	}
	return append(lines, line)
}

// keyLine names the keys that work here: pairs of key and meaning.
func (s style) keyLine(w int, pairs ...string) []string {
	var lines []string
	line := ""
	for i := 0; i+1 < len(pairs); i += 2 {
		item := s.bold.Render(pairs[i]) + " " + s.faint.Render(pairs[i+1])
		if line != "" && width(line)+3+width(item) > w {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += "   "
		}
		line += item
	}
	return append(lines, line)
}
