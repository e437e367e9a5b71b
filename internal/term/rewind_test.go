//go:build !windows

package term

import (
	"context"
	"errors"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"example.com/sfconnect/internal/wizard"
)

// TestBackTakesTheOldAnswerAway: what is asked again stands on the screen once.
func TestBackTakesTheOldAnswerAway(t *testing.T) {
	s := newScreen(t, 80, 24)
	s.asks(func(ctx context.Context, ui *TUI) {
		ui.Begin(wizard.Screen{Title: "One"})
		name := wizard.Question{ID: "name", Title: "Your name", First: true}
		_, _ = ui.Ask(ctx, name)
		ui.Say(wizard.Line{Text: "Hello."})
		if _, err := ui.Ask(ctx, wizard.Question{ID: "age", Title: "Your age"}); !errors.Is(err, wizard.ErrBack) {
			t.Error(err)
		}
		_, _ = ui.Ask(ctx, name)
		if all := ui.drawn(ui.history, 80); strings.Contains(all, "Ada") || strings.Contains(all, "Hello") || !strings.Contains(all, "Eve") {
			t.Errorf("kept: %s", all)
		}
		// Asked again without Back, the old one stays.
		name.Help = "Once more."
		_, _ = ui.Ask(ctx, name)
		if all := ui.drawn(ui.history, 80); !strings.Contains(all, "Eve") {
			t.Errorf("gone: %s", all)
		}
	}, Options{Env: plainEnv}, func(context.CancelFunc) {
		s.sees("Your name")
		s.press("Ada" + keyEnter)
		s.sees("Hello.", "Your age", "esc back")
		s.press(keyEsc)
		s.sees("Your name")
		s.press("Eve" + keyEnter)
		s.sees("Your name   Eve", "Once more.", "enter accept")
		s.press(keyEnter)
	})
	if raw := s.bytes(); !strings.Contains(raw, "\x1b[2A\r\x1b[J") {
		t.Errorf("nothing was taken off the screen: %q", raw)
	}
}

func TestExampleIsNoEntry(t *testing.T) {
	s := newScreen(t, 80, 24)
	s.asks(func(ctx context.Context, ui *TUI) {
		_, _ = ui.Ask(ctx, wizard.Question{Title: "Login URL", Hint: "https://acme.example", First: true})
	}, Options{Env: plainEnv}, func(context.CancelFunc) {
		shown := s.sees("like https://acme.example", "ctrl+c leave")
		if strings.Contains(shown, "> https") || strings.Contains(shown, "esc") {
			t.Errorf("drawn: %s", shown)
		}
		s.press(keyCtrlC)
	})
}

func TestNoBackFromTheFirstQuestion(t *testing.T) {
	s := newScreen(t, 80, 24)
	for _, first := range []bool{true, false} {
		ui := NewTUI(s.tty, s.tty, Options{Env: plainEnv})
		entry := ui.entry(wizard.Question{Title: "Name", First: first}, false)
		_, _ = entry.Update(tea.KeyMsg{Type: tea.KeyEsc})
		c := &choice{frame: ui.frame(false)}
		c.list = newList(ui.style, wizard.Choice{Title: "Pick", First: first, Options: []wizard.Option{{Value: "a", Label: "A"}}}, 76)
		_, _ = c.Update(tea.KeyMsg{Type: tea.KeyEsc})
		if entry.over == first || c.over == first {
			t.Errorf("first %v: ended %v, %v", first, entry.over, c.over)
		}
		plain, out := lines("back\nquit\n")
		if _, err := plain.Ask(t.Context(), wizard.Question{Title: "Name", First: first}); errors.Is(err, wizard.ErrBack) == first {
			t.Errorf("first %v: %v, %s", first, err, out)
		}
	}
}

// TestBackKeepsTheGap: a question that is asked again is as far from the finding above it
// as it was.
func TestBackKeepsTheGap(t *testing.T) {
	s := newScreen(t, 80, 24)
	ui := NewTUI(s.tty, s.tty, Options{Env: plainEnv})
	ui.Begin(wizard.Screen{Title: "One"})
	ui.Say(wizard.Line{Text: "Before all."})
	ui.answered("first", func(p *Printer) { p.answer("First", "Ada") })
	ui.Say(wizard.Line{Text: "You need patience."})
	name := wizard.Question{ID: "name", Title: "Your name"}
	want := ui.entry(name, false).View()
	ui.asked()
	ui.answered("name", func(p *Printer) { p.answer("Your name", "Ada") })
	ui.wentBack(wizard.ErrBack)
	ui.rewind("name")
	if got := ui.entry(name, false).View(); got != want || !strings.HasPrefix(got, "\n") {
		t.Errorf("got %q, want %q", got, want)
	}
	if len(ui.recent) != 1 {
		t.Errorf("the findings above are %v", ui.recent)
	}
}
