package term

import (
	"context"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/huh"

	"example.com/sfconnect/internal/wizard"
)

// What a person can choose on a page, besides the wizard's own actions.
const (
	actCopy  = "copy"
	actBack  = "back"
	actLeave = "leave"
	actPlain = "plain"
)

// page is the screen of Page.
type page struct {
	frame
	p      wizard.Page
	sheet  sheet
	bar    *bar
	menu   *list // the list of values to copy, while it is open
	intro  []string
	recent []wizard.Line
	offset int  // first line of the body that is seen
	shown  bool // secrets are readable
	note   string
	took   string // what was chosen
}

// Page implements wizard.UI.
func (t *TUI) Page(ctx context.Context, p wizard.Page) (wizard.Action, error) {
	for {
		m := t.page(p)
		if err := t.run(ctx, m, true); err != nil {
			return "", err
		}
		t.pages[p.ID] = m.offset
		if m.took == actPlain {
			if err := t.plain(ctx, m.sheet, p); err != nil {
				return "", err
			}
			continue
		}
		t.asked()
		if m.err != nil {
			return "", m.err
		}
		if m.took == string(wizard.ActionDone) && p.Path != "" {
			t.show(func(pr *Printer) { pr.Line(wizard.Line{Mark: wizard.MarkOK, Text: p.Path}) })
		}
		return wizard.Action(m.took), nil
	}
}

func (t *TUI) page(p wizard.Page) *page {
	m := &page{frame: t.frame(true), p: p, sheet: newSheet(t.style, p.Rows), recent: t.recent}
	if t.fresh {
		m.intro = t.screen.Intro
	}
	m.offset = t.pages[p.ID]
	m.bar = newBar(t.style, m.actions(), string(wizard.ActionDone))
	return m
}

func (m *page) actions() []huh.Option[string] {
	done := clean(m.p.Done)
	if done == "" {
		done = "Done"
	}
	out := []huh.Option[string]{huh.NewOption(done, string(wizard.ActionDone))}
	if m.p.URL != "" {
		out = append(out, huh.NewOption("Open in browser", string(wizard.ActionOpen)))
	}
	if len(m.copies()) > 0 {
		out = append(out, huh.NewOption("Copy a value…", actCopy))
	}
	if !m.p.First {
		out = append(out, huh.NewOption("Back", actBack))
	}
	return append(out, huh.NewOption("Leave", actLeave))
}

// copies is all that can be copied: the numbered values, the single lines of
// those that have several, the address of the page.
func (m *page) copies() []item {
	all := append([]item(nil), m.sheet.items...)
	for _, i := range m.sheet.items {
		if parts := strings.Split(i.value, "\n"); len(parts) > 1 {
			for n, part := range parts {
				all = append(all, item{label: i.label + ", line " + itoa(n+1), value: part})
			}
		}
	}
	if m.p.URL != "" {
		all = append(all, item{label: "Address of this page", value: m.p.URL})
	}
	return all
}

func (m *page) Init() tea.Cmd { return m.bar.init() }

// copied tells that a value was handed over.
type copied struct {
	label     string
	confirmed bool
}

func (m *page) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if cmd, all := m.common(msg); all {
		return m, cmd
	}
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		_, _ = m.bar.update(m.formSize())
		if m.menu != nil {
			return m, m.menu.resize(m.formSize())
		}
		return m, nil
	case copied:
		m.note = "Copied: " + msg.label + "."
		if !msg.confirmed {
			m.note = "Sent to your terminal's clipboard: " + msg.label + ". Nothing arrives? p prints the values."
		}
		return m, nil
	case tea.KeyMsg:
		if m.menu != nil {
			return m, m.inMenu(msg)
		}
		if cmd, taken := m.key(msg); taken {
			return m, cmd
		}
	}
	if m.menu != nil {
		return m, m.inMenu(msg)
	}
	cmd, done := m.bar.update(msg)
	if done {
		taken := m.bar.value
		m.bar = newBar(m.t.style, m.actions(), taken)
		return m, tea.Batch(m.bar.init(), m.take(taken))
	}
	return m, cmd
}

// take does what was chosen.
func (m *page) take(action string) tea.Cmd {
	m.note = ""
	switch action {
	case actCopy:
		return m.openMenu()
	case actBack:
		return m.finish(wizard.ErrBack)
	case actLeave:
		return m.finish(wizard.ErrLeave)
	}
	m.took = action
	return m.finish(nil)
}
