package term

import (
	"context"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/huh"

	"example.com/sfconnect/internal/wizard"
)

// list is a huh Select with its options below each other.
type list struct {
	style  style
	c      wizard.Choice
	form   *huh.Form
	field  *huh.Select[string]
	value  string
	sealed bool // an option was accepted: huh completes a message later
	w      int
	beside bool // the notes stand beside the labels
}

func newList(s style, c wizard.Choice, w int) *list {
	l := &list{style: s, c: c, value: c.Default, w: w}
	// Options first: see resize.
	l.field = huh.NewSelect[string]().Options(l.options(w)...).Value(&l.value)
	if c.Filter {
		l.field.Title("type to filter")
	}
	l.form = s.form(l.field, c.Filter)
	l.form.Update(tea.WindowSizeMsg{Width: w, Height: 1 << 12})
	return l
}

// options sets labels and notes in two columns, or leaves the notes out where
// they do not fit; then the chosen one's is shown below.
func (l *list) options(w int) []huh.Option[string] {
	labels, longest := 0, 0
	for _, o := range l.c.Options {
		labels = max(labels, width(clean(o.Label)))
	}
	for _, o := range l.c.Options {
		longest = max(longest, labels+len(gap)+width(clean(o.Note)))
	}
	l.beside = longest <= w-width(chosen)
	out := make([]huh.Option[string], len(l.c.Options))
	for i, o := range l.c.Options {
		text := clean(o.Label)
		if l.beside && o.Note != "" {
			text = pad(text, labels) + gap + clean(o.Note)
		}
		out[i] = huh.NewOption(text, o.Value)
	}
	return out
}

func (l *list) resize(size tea.WindowSizeMsg) tea.Cmd {
	// The size comes more than once; options are set anew only for a new one, for
	// that ends filtering. Options scrolls huh's own view to the chosen one, which would hide those
	// above it: let it choose the first, then choose again.
	value, any := l.field.Hovered()
	if size.Width != l.w && any && !l.field.GetFiltering() {
		l.w = size.Width
		options := l.options(l.w)
		l.value = options[0].Value
		l.field.Options(options...)
		l.value = value
		l.field.Value(&l.value)
	}
	cmd, _ := l.update(size)
	return cmd
}

func (l *list) update(msg tea.Msg) (tea.Cmd, bool) {
	if key, ok := msg.(tea.KeyMsg); ok {
		if l.sealed {
			return nil, false
		}
		_, any := l.field.Hovered()
		l.sealed = key.Type == tea.KeyEnter && any
	}
	_, cmd := l.form.Update(msg)
	return cmd, l.form.State == huh.StateCompleted
}

// key hands a key to the list. back is true for an Esc that had nothing to clear.
func (l *list) key(msg tea.KeyMsg) (cmd tea.Cmd, done, back bool) {
	if msg.Type == tea.KeyEsc {
		if !l.field.GetFiltering() {
			return nil, false, true
		}
		// The first ends the typing, the second clears what was typed.
		first, _ := l.update(msg)
		second, _ := l.update(msg)
		return tea.Sequence(first, second), false, false
	}
	if l.c.Filter && msg.Type == tea.KeyRunes && !msg.Alt && !l.field.GetFiltering() {
		start, _ := l.update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'/'}})
		if string(msg.Runes) == "/" {
			return start, false, false
		}
		cmd, done = l.update(msg)
		return tea.Sequence(start, cmd), done, false
	}
	cmd, done = l.update(msg)
	return cmd, done, false
}

// lines draws the list in at most room lines.
func (l *list) lines(w, room int) []string {
	lines := strings.Split(strings.TrimRight(l.field.View(), " \n"), "\n")
	var head, foot []string
	if l.c.Filter {
		head, lines = lines[:1], lines[1:]
	}
	under, any := l.field.Hovered()
	if !any {
		lines = []string{l.style.faint.Render("nothing matches; Esc clears the filter")}
	}
	for _, o := range l.c.Options {
		if any && o.Value == under && o.Note != "" && !l.beside {
			foot = append([]string{""}, each(l.style.faint.Render, fit(o.Note, w))...)
		}
	}
	at := pointed(lines)
	lines = l.style.window(lines, at, room-len(head)-len(foot))
	return append(append(head, lines...), foot...)
}

// longestList is how many lines a list takes at most: what stands above it
// should stay in view.
const longestList = 14

// choice is the screen of Choose.
type choice struct {
	frame
	list *list
}

// Choose implements wizard.UI.
func (t *TUI) Choose(ctx context.Context, c wizard.Choice) (string, error) {
	t.rewind(c.ID)
	m := &choice{frame: t.frame(false)}
	m.list = newList(t.style, c, m.text())
	if err := t.run(ctx, m, false); err != nil {
		return "", err
	}
	t.asked()
	t.wentBack(m.err)
	if m.err != nil {
		return "", m.err
	}
	answer := m.list.value
	t.answered(c.ID, func(p *Printer) {
		for _, o := range c.Options {
			if o.Value == answer {
				p.answer(c.Title, o.Label)
			}
		}
	})
	return answer, nil
}

// answer prints a question and what was answered, below it where they do not fit
// on one line.
func (p *Printer) answer(question, answer string) {
	question = clean(question)
	if width(indent+question+gap+answer) <= p.columns() {
		p.lines(p.flow(indent+p.style.faint.Render(question)+gap, answer, nil))
		return
	}
	p.lines(append(p.flow(indent, question, p.style.faint.Render), p.flow(indent+indent, answer, nil)...))
}

func (m *choice) Init() tea.Cmd { return m.list.form.Init() }

func (m *choice) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd, all := m.common(msg)
	if size, ok := msg.(tea.WindowSizeMsg); ok && size.Width > 0 {
		return m, tea.Batch(cmd, m.list.resize(m.formSize()))
	}
	if all {
		return m, cmd
	}
	var done, back bool
	if key, ok := msg.(tea.KeyMsg); ok {
		cmd, done, back = m.list.key(key)
	} else {
		cmd, done = m.list.update(msg)
	}
	switch {
	case back && m.list.c.First:
		return m, cmd
	case back:
		return m, m.finish(wizard.ErrBack)
	case done:
		return m, m.finish(nil)
	}
	return m, cmd
}

func (m *choice) View() string {
	if m.over {
		return ""
	}
	w := m.text()
	head := each(m.t.style.bold.Render, fit(m.list.c.Title, w))
	if m.list.c.Help != "" {
		head = append(head, each(m.t.style.faint.Render, fit(m.list.c.Help, w))...)
	}
	foot := append([]string{""}, m.t.style.keyLine(w, questionKeys(m.list.c.First, "↑↓", "choose", "enter", "accept")...)...)
	room := min(m.h-len(head)-len(foot)-2, longestList)
	return compose(m.apart(), shift(head), shift(m.list.lines(w, room)), shift(foot))
}
