package term

import (
	"context"
	"errors"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/huh"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/wizard"
)

// Ask implements wizard.UI.
func (t *TUI) Ask(ctx context.Context, q wizard.Question) (string, error) {
	t.rewind(q.ID)
	m := t.entry(q, false)
	if err := t.run(ctx, m, false); err != nil {
		return "", err
	}
	t.asked()
	t.wentBack(m.err)
	if m.err != nil {
		return "", m.err
	}
	said := m.value
	if m.masked {
		said = hiddenLength(m.value)
	}
	t.answered(q.ID, func(p *Printer) { p.answer(q.Title, said) })
	return m.value, nil
}

// AskSecret implements wizard.UI.
func (t *TUI) AskSecret(ctx context.Context, q wizard.Question) (secret.Value, error) {
	q.Default = ""
	t.rewind(q.ID)
	m := t.entry(q, true)
	if err := t.run(ctx, m, false); err != nil {
		return secret.Value{}, err
	}
	t.asked()
	t.wentBack(m.err)
	if m.err != nil {
		return secret.Value{}, m.err
	}
	answer := secret.New(m.value)
	said := hiddenLength(m.value)
	if m.value == "" && !q.Suggest.Empty() {
		answer, said = q.Suggest, "the one that was ready, hidden"
	}
	t.answered(q.ID, func(p *Printer) { p.answer(q.Title, said) })
	return answer, nil
}

func hiddenLength(s string) string {
	return plural(utf8.RuneCountInString(s), "character") + ", hidden"
}

// entry is the screen of Ask and AskSecret.
type entry struct {
	frame
	q      wizard.Question
	secret bool
	form   *huh.Form
	field  *huh.Input
	value  string
	masked bool // the entry is not readable
	sealed bool // an entry was accepted: huh completes a message later
}

func (t *TUI) entry(q wizard.Question, hidden bool) *entry {
	m := &entry{frame: t.frame(false), q: q, secret: hidden, value: q.Default}
	m.field = huh.NewInput().Value(&m.value).Validate(checker(q, hidden))
	m.mask()
	m.form = t.style.form(m.field, false)
	m.form.Update(m.formSize())
	m.field.Value(&m.value) // once more: a long one is cut to the width that is known only now
	return m
}

// mask is called after every change, before it is drawn. What had to be hidden once
// stays so until the field is empty: half a secret is no better.
func (m *entry) mask() {
	m.masked = m.secret || m.q.Hides(m.value) || m.masked && m.value != ""
	if m.masked {
		m.field.EchoMode(huh.EchoModePassword)
		return
	}
	m.field.EchoMode(huh.EchoModeNormal)
}

// checker is q's Check for a form, which calls it once more after a try that
// went well. An empty secret stands for the suggested one.
func checker(q wizard.Question, hidden bool) func(string) error {
	var tried bool
	var last string
	var verdict error
	return func(input string) error {
		if tried && input == last {
			return verdict
		}
		tried, last, verdict = true, input, nil
		if hidden && input == "" && !q.Suggest.Empty() {
			input = q.Suggest.Reveal()
		}
		if q.Check != nil {
			verdict = q.Check(input)
		}
		return verdict
	}
}

func (m *entry) Init() tea.Cmd { return m.form.Init() }

func (m *entry) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd, all := m.common(msg)
	if size, ok := msg.(tea.WindowSizeMsg); ok && size.Width > 0 {
		_, resized := m.form.Update(m.formSize())
		return m, tea.Batch(cmd, resized)
	}
	if all {
		return m, cmd
	}
	key, typed := msg.(tea.KeyMsg)
	if typed && m.sealed {
		return m, nil
	}
	if typed && key.Type == tea.KeyEsc {
		if m.q.First {
			return m, nil
		}
		return m, m.finish(wizard.ErrBack)
	}
	_, cmd = m.form.Update(msg)
	if typed && key.Type == tea.KeyEnter && m.secret && m.field.Error() != nil {
		m.value = "" // what cannot be seen cannot be mended
		m.field.Value(&m.value)
	}
	m.mask()
	m.sealed = m.sealed || typed && key.Type == tea.KeyEnter && m.field.Error() == nil
	if m.form.State == huh.StateCompleted {
		return m, m.finish(nil)
	}
	return m, cmd
}

func (m *entry) View() string {
	if m.over {
		return ""
	}
	w, s := m.text(), m.t.style
	lines := each(s.bold.Render, fit(m.q.Title, w))
	if m.q.Help != "" {
		lines = append(lines, each(s.faint.Render, fit(m.q.Help, w))...)
	}
	if m.q.Hint != "" && (m.q.Default == "" || m.value == "") { // without colour a placeholder looks like an entry
		lines = append(lines, each(s.faint.Render, fit("like "+m.q.Hint, w))...)
	}
	if m.secret && !m.q.Suggest.Empty() {
		lines = append(lines, each(s.faint.Render, fit("One is ready: Enter alone takes it.", w))...)
	}
	lines = append(lines, m.field.View())
	if m.masked && m.value != "" {
		lines = append(lines, s.faint.Render(hiddenLength(m.value)))
	}
	if err := m.field.Error(); err != nil {
		message, hint := sentences(err)
		lines = append(lines, hang(s.mark(wizard.MarkFail)+" ", fit(message, w-4))...)
		if hint != "" {
			lines = append(lines, hang("    ", fit(hint, w-4))...)
		}
	}
	lines = append(append(lines, ""), s.keyLine(w, questionKeys(m.q.First, "enter", "accept")...)...)
	return compose(m.apart(), shift(lines))
}

// sentences is what an error says to a person.
func sentences(err error) (message, hint string) {
	var f *fault.Fault
	if errors.As(err, &f) {
		return f.Message, f.Hint
	}
	return err.Error(), ""
}

// questionKeys are the keys of a question; only what works there is named.
func questionKeys(first bool, pairs ...string) []string {
	if !first {
		pairs = append(pairs, "esc", "back")
	}
	return append(pairs, "ctrl+c", "leave")
}
