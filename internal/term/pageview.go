package term

import (
	"context"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"example.com/sfconnect/internal/wizard"
)

// body is what can be scrolled: the form and what explains it.
func (m *page) body() []string {
	s, w := m.t.style, column(m.w)
	var lines []string
	for _, paragraph := range m.intro {
		lines = append(append(lines, shift(fit(paragraph, w-4))...), "")
	}
	lines = append(lines, m.sheet.lines(w, max(m.w, minWidth), m.shown)...)
	for _, paragraph := range m.p.Why {
		lines = append(append(lines, ""), shift(each(s.faint.Render, fit(paragraph, w-4)))...)
	}
	return lines
}

// head stays in place above the body.
func (m *page) head() []string {
	s, w := m.t.style, column(m.w)
	lines := s.title(m.t.screen, w)
	if m.p.Path != "" {
		lines = append(lines, hang(indent, each(s.accent.Render, fit(m.p.Path, w-4)))...)
	}
	return append(lines, "")
}

// lowScreen is the height below which blank lines and keys give way to the form.
const lowScreen = 18

// foot stays in place below the body: findings, what a key did, the actions, the keys.
func (m *page) foot() []string {
	s, w := m.t.style, m.text()
	var parts [][]string
	if len(m.recent) > 0 {
		p := &Printer{style: s, width: m.w}
		var findings []string
		for _, l := range m.recent {
			findings = append(findings, p.finding(l)...)
		}
		most := max(m.h/5, 2)
		parts = append(parts, findings[max(len(findings)-most, 0):])
	}
	if m.menu != nil {
		menu := shift([]string{s.bold.Render(m.menu.c.Title)})
		menu = append(menu, shift(m.menu.lines(w, max(m.h/2, 4)))...)
		parts = append(parts, menu, shift(s.keyLine(w, "↑↓", "choose", "enter", "copy", "esc", "close")))
		return m.stack(parts)
	}
	if m.note != "" {
		parts = append(parts, shift(fit(m.note, w)))
	}
	parts = append(parts, shift(m.bar.lines(w)))
	if m.h >= lowScreen {
		parts = append(parts, shift(s.keyLine(w, m.keys()...)))
	}
	return m.stack(parts)
}

// stack puts parts below each other, with blank lines between them where there is room.
func (m *page) stack(parts [][]string) []string {
	var lines []string
	for i, part := range parts {
		if i > 0 && m.h >= lowScreen {
			lines = append(lines, "")
		}
		lines = append(lines, part...)
	}
	return lines
}

// keys is the key line; only what works here is in it.
func (m *page) keys() []string {
	pairs := []string{"←→ enter", "choose"}
	if m.p.URL != "" {
		pairs = append(pairs, "o", "open")
	}
	switch n := min(len(m.sheet.items), 9); {
	case n == 1:
		pairs = append(pairs, "1", "copy")
	case n > 1:
		pairs = append(pairs, "1-"+itoa(n), "copy")
	}
	if m.sheet.hasSecret() {
		pairs = append(pairs, "s", "secret")
	}
	if len(m.sheet.items) > 0 {
		pairs = append(pairs, "p", "print")
	}
	if !m.p.First {
		pairs = append(pairs, "b", "back")
	}
	return append(pairs, "q", "leave")
}

// room is how many lines of the body can be seen.
func (m *page) room() int {
	// One blank line, or the word on how much more there is, above and below.
	return max(m.h-len(m.head())-len(m.foot())-1, 3)
}

// edge tells how much of the body is not seen, and which keys show it.
func (m *page) edge(lines, room int) string {
	text, keys := "", ""
	if m.offset > 0 {
		text, keys = indent+"↑ "+plural(m.offset, "line"), "↑ PgUp"
	}
	if below := lines - m.offset - room; below > 0 {
		text += indent + "↓ " + plural(below, "more line")
		keys = "↓ PgDn"
	}
	if whole := text + " (" + keys + ")"; text != "" && width(whole) <= m.w {
		return whole
	}
	return text
}

func (m *page) View() string {
	if m.over {
		return ""
	}
	body, room := m.body(), m.room()
	m.offset = min(m.offset, max(len(body)-room, 0))
	edge := m.edge(len(body), room)
	if edge != "" {
		edge = m.t.style.accent.Render(edge)
	}
	seen := body[m.offset:min(m.offset+room, len(body))]
	return compose(m.head(), seen, []string{edge}, m.foot())
}

// plain prints a page's values on lines of their own, unwrapped and outside the
// whole screen, for terminals whose clipboard cannot be reached: there the
// mouse takes them exactly. Secrets stay out of the scrollback.
func (t *TUI) plain(ctx context.Context, s sheet, p wizard.Page) error {
	t.show(func(pr *Printer) {
		lines := []string{""}
		for _, i := range s.items {
			lines = append(lines, indent+pr.style.faint.Render(i.label))
			if i.secret.Empty() {
				lines = append(lines, strings.Split(i.value, "\n")...)
			} else {
				lines = append(lines, "hidden: on the page, s shows it")
			}
			lines = append(lines, "")
		}
		if p.URL != "" {
			lines = append(lines, indent+pr.style.faint.Render("Address of this page"), clean(p.URL), "")
		}
		pr.lines(lines)
	})
	m := &pause{frame: t.frame(false)}
	if err := t.run(ctx, m, false); err != nil {
		return err
	}
	return m.err
}

// pause waits for a key.
type pause struct{ frame }

func (m *pause) Init() tea.Cmd { return nil }

func (m *pause) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if cmd, all := m.common(msg); all {
		return m, cmd
	}
	if key, ok := msg.(tea.KeyMsg); ok && (key.Type == tea.KeyEnter || key.Type == tea.KeyEsc) {
		return m, m.finish(nil)
	}
	return m, nil
}

func (m *pause) View() string {
	if m.over {
		return ""
	}
	return compose(shift(m.t.style.keyLine(m.text(), "enter", "back to the page", "ctrl+c", "leave")))
}
