package term

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/huh"

	"example.com/sfconnect/internal/wizard"
)

const (
	actKeep   = "keep"
	actAgain  = "again"
	actReopen = "reopen"
)

// waiting is the screen of Wait.
type waiting struct {
	frame
	w     wizard.Waiting
	bar   *bar       // nil where there is nothing to choose
	paste *pasteLine // nil where nothing is to be pasted
	start time.Time
	again chan<- struct{}
	note  string // what the last key did
	fades int    // ticks until note goes
	done  <-chan struct{}
	news  *news
	told  bool // news came
	live  context.Context
}

// Wait implements wizard.UI. It returns only when do has returned.
func (t *TUI) Wait(ctx context.Context, w wizard.Waiting, do func(context.Context, <-chan struct{}) error) error {
	if standsAbove(w) {
		top := t.frame(false)
		apart := top.apart()
		t.show(func(p *Printer) {
			p.lines(apart)
			p.waiting(w)
		})
	}
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	again := make(chan struct{}, 1)
	done := make(chan struct{})
	var result error
	var trouble any
	go func() {
		defer close(done)
		// A panic must not leave the terminal in raw mode: it goes on below.
		defer func() { trouble = recover() }()
		result = do(inner, again)
	}()

	m := &waiting{frame: t.frame(false), w: w, again: again, done: done, news: newNews(inner, w.News), live: inner}
	if t.o.Now != nil {
		m.start = t.o.Now()
	}
	if w.Again != "" {
		m.bar = m.newBar(actKeep)
	}
	if w.Paste != nil {
		m.paste = &pasteLine{to: w.Paste, wanted: w.Wanted}
	}
	err := t.run(ctx, m, false)
	cancel()
	<-done
	<-m.news.stopped
	for _, l := range m.news.take() {
		t.Say(l)
	}
	if trouble != nil {
		panic(trouble)
	}
	switch {
	case err != nil:
		return err
	case m.err != nil:
		return m.err
	}
	return result
}

func (m *waiting) newBar(value string) *bar {
	return newBar(m.t.style, []huh.Option[string]{
		huh.NewOption("Keep waiting", actKeep),
		huh.NewOption(clean(m.w.Again), actAgain),
		huh.NewOption("Leave", actLeave),
	}, value)
}

type (
	ticked   struct{}
	finished struct{}
)

func (m *waiting) Init() tea.Cmd {
	commands := []tea.Cmd{m.tick(), m.news.wait(m.live), func() tea.Msg { <-m.done; return finished{} }}
	if m.bar != nil {
		commands = append(commands, m.bar.init())
	}
	return tea.Batch(commands...)
}

func (m *waiting) tick() tea.Cmd {
	return func() tea.Msg {
		select {
		case <-m.t.o.Tick(time.Second):
			return ticked{}
		case <-m.live.Done():
			return nil
		}
	}
}

func (m *waiting) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if cmd, all := m.common(msg); all {
		return m, cmd
	}
	switch msg := msg.(type) {
	case finished:
		return m, m.finish(nil)
	case toldNews:
		m.told, m.note = true, ""
		return m, tea.Sequence(m.t.above(m.news.take()), m.news.wait(m.live))
	case ticked:
		if m.fades--; m.fades <= 0 {
			m.note = ""
		}
		return m, m.tick()
	case copied:
		m.say("copied")
		if !msg.confirmed {
			m.say("sent to your terminal's clipboard")
		}
		return m, nil
	case tea.KeyMsg:
		if cmd, taken := m.key(msg); taken {
			return m, cmd
		}
		switch msg.String() {
		case "up":
			return m.Update(tea.KeyMsg{Type: tea.KeyLeft})
		case "down":
			return m.Update(tea.KeyMsg{Type: tea.KeyRight})
		}
	}
	if m.bar == nil {
		return m, nil
	}
	cmd, done := m.bar.update(msg)
	if done {
		taken := m.bar.value
		m.bar = m.newBar(taken)
		return m, tea.Batch(m.bar.init(), m.take(taken))
	}
	return m, cmd
}

// key handles the keys that are not the bar's. Those with a meaning of their own
// have it only while nothing stands in the line to paste into; what comes in one go
// is no key, whatever it begins with.
func (m *waiting) key(k tea.KeyMsg) (tea.Cmd, bool) {
	if m.paste == nil || m.paste.text == "" {
		switch key := k.String(); {
		case key == "q":
			return m.take(actLeave), true
		case key == "a" && m.bar != nil:
			return m.take(actAgain), true
		case key == "c" && m.w.Address != "":
			return m.take(actCopy), true
		case key == "o" && m.w.Reopen != nil:
			return m.take(actReopen), true
		}
	}
	if m.paste == nil || !m.paste.takes(k) {
		return nil, false
	}
	text := m.paste.key(k)
	if text == "" {
		return nil, true
	}
	m.say("looking at what you pasted")
	return m.paste.send(m.live, text), true
}

// say shows what a key did for a moment.
func (m *waiting) say(note string) { m.note, m.fades = note, 3 }

func (m *waiting) take(action string) tea.Cmd {
	switch action {
	case actLeave:
		return m.finish(wizard.ErrLeave)
	case actCopy:
		m.say("copying")
		board := m.t.clipboard()
		return func() tea.Msg { return copied{confirmed: board.Copy(m.w.Address)} }
	case actReopen:
		m.say("opening the browser")
		return func() tea.Msg { m.w.Reopen(); return nil }
	case actAgain:
		m.say("looking again")
		select {
		case m.again <- struct{}{}:
		default: // one is waiting to be seen already
		}
	}
	return nil
}
