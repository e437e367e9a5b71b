package term

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"example.com/sfconnect/internal/wizard"
)

// key handles the shortcuts; the others are the bar's.
func (m *page) key(msg tea.KeyMsg) (tea.Cmd, bool) {
	body, room := m.body(), m.room()
	hidden := len(body) - room
	switch key := msg.String(); key {
	case "o":
		if m.p.URL != "" {
			return m.take(string(wizard.ActionOpen)), true
		}
	case "b", "esc":
		if !m.p.First {
			return m.take(actBack), true
		}
	case "q":
		return m.take(actLeave), true
	case "c":
		if len(m.copies()) > 0 {
			return m.openMenu(), true
		}
	case "p":
		if len(m.sheet.items) > 0 {
			return m.take(actPlain), true
		}
	case "s":
		if m.sheet.hasSecret() {
			m.shown = !m.shown
			m.note = ""
			return nil, true
		}
	case "1", "2", "3", "4", "5", "6", "7", "8", "9":
		if n := int(key[0] - '1'); n < len(m.sheet.items) {
			return m.copy(m.sheet.items[n]), true
		}
	case "up", "down":
		if hidden <= 0 {
			sideways := tea.KeyLeft
			if key == "down" {
				sideways = tea.KeyRight
			}
			cmd, _ := m.bar.update(tea.KeyMsg{Type: sideways})
			return cmd, true
		}
		if key == "up" {
			return m.scroll(-1, hidden), true
		}
		return m.scroll(1, hidden), true
	case "pgup":
		return m.scroll(1-room, hidden), true
	case "pgdown", " ":
		return m.scroll(room-1, hidden), true
	case "home":
		return m.scroll(-len(body), hidden), true
	case "end":
		return m.scroll(len(body), hidden), true
	}
	return nil, false
}

func (m *page) scroll(by, most int) tea.Cmd {
	m.offset = min(max(m.offset+by, 0), max(most, 0))
	return nil
}

// copy hands a value over without holding up the screen.
func (m *page) copy(i item) tea.Cmd {
	m.note = "Copying: " + i.label
	board := m.t.clipboard()
	return func() tea.Msg { return copied{label: i.label, confirmed: board.Copy(i.text())} }
}

func (m *page) openMenu() tea.Cmd {
	c := wizard.Choice{Title: "Copy which value?"}
	for n, i := range m.copies() {
		note := "hidden"
		if i.secret.Empty() {
			note = cut(clean(strings.ReplaceAll(i.value, "\n", " + ")), max(m.text()-40, 20))
		}
		c.Options = append(c.Options, wizard.Option{Value: itoa(n), Label: i.label, Note: note})
	}
	m.note = ""
	m.menu = newList(m.t.style, c, m.text())
	return m.menu.form.Init()
}

// inMenu hands msg to the open menu.
func (m *page) inMenu(msg tea.Msg) tea.Cmd {
	var cmd tea.Cmd
	var done, back bool
	if key, ok := msg.(tea.KeyMsg); ok {
		cmd, done, back = m.menu.key(key)
	} else {
		cmd, done = m.menu.update(msg)
	}
	if back {
		m.menu = nil
		return nil
	}
	if !done {
		return cmd
	}
	value := m.menu.value
	m.menu = nil
	for n, i := range m.copies() {
		if itoa(n) == value {
			return m.copy(i)
		}
	}
	return nil
}
