package term

import (
	"context"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/huh"

	"example.com/sfconnect/internal/wizard"
)

const (
	actKeep  = "keep"
	actAgain = "again"
)

// waiting is the screen of Wait.
type waiting struct {
	frame
	w     wizard.Waiting
	bar   *bar // nil where there is nothing to choose
	start time.Time
	again chan<- struct{}
	asked bool // again was taken since the last tick
	done  <-chan struct{}
	news  *news
	told  bool // news came
	live  context.Context
}

// Wait implements wizard.UI. It returns only when do has returned.
func (t *TUI) Wait(ctx context.Context, w wizard.Waiting, do func(context.Context, <-chan struct{}) error) error {
	if len(w.Lines) > 0 {
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

// waiting prints what stands above the progress. An address is alone on its line.
func (p *Printer) waiting(w wizard.Waiting) {
	lines := p.flow(indent, w.Title, p.style.bold.Render)
	for _, line := range w.Lines {
		if strings.Contains(line, "://") && !strings.ContainsAny(strings.TrimSpace(line), " \t") {
			lines = append(lines, "", strings.TrimSpace(clean(line)), "")
			continue
		}
		lines = append(lines, p.flow(indent, line, nil)...)
	}
	if lines[len(lines)-1] != "" {
		lines = append(lines, "")
	}
	p.lines(lines)
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
		m.told = true
		return m, tea.Sequence(m.t.above(m.news.take()), m.news.wait(m.live))
	case ticked:
		m.asked = false
		return m, m.tick()
	case tea.KeyMsg:
		switch msg.String() {
		case "q":
			return m, m.take(actLeave)
		case "a":
			if m.bar != nil {
				return m, m.take(actAgain)
			}
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

func (m *waiting) take(action string) tea.Cmd {
	switch action {
	case actLeave:
		return m.finish(wizard.ErrLeave)
	case actAgain:
		m.asked = true
		select {
		case m.again <- struct{}{}:
		default: // one is waiting to be seen already
		}
	}
	return nil
}

func (m *waiting) View() string {
	if m.over {
		return ""
	}
	s, w := m.t.style, m.text()
	var lines, apart []string
	if len(m.w.Lines) == 0 || m.told {
		apart = m.apart()
	}
	if len(m.w.Lines) == 0 {
		lines = each(s.bold.Render, fit(m.w.Title, w))
	}
	lines = append(lines, m.progress(w)...)
	pairs := []string{"q", "leave"}
	if m.bar != nil {
		lines = append(append(lines, ""), m.bar.lines(w)...)
		pairs = append([]string{"←→ enter", "choose", "a", "again"}, pairs...)
	}
	return compose(apart, shift(append(append(lines, ""), s.keyLine(w, pairs...)...)))
}

// progress is the bar with the time gone and the time left.
func (m *waiting) progress(w int) []string {
	s := m.t.style
	asking := ""
	if m.asked {
		asking = gap + "looking again"
	}
	if m.t.o.Now == nil {
		return []string{"Waiting" + asking}
	}
	gone := max(m.t.o.Now().Sub(m.start), 0).Truncate(time.Second)
	if m.w.Limit <= 0 {
		return []string{s.faint.Render("Waiting " + clock(gone) + asking)}
	}
	gone = min(gone, m.w.Limit)
	words := clock(gone) + " of " + clock(m.w.Limit) + gap + clock(m.w.Limit-gone) + " left"
	length := min(max(w-width(words)-2, 10), 30)
	full := int(int64(length) * int64(gone) / int64(m.w.Limit))
	line := s.accent.Render(strings.Repeat("█", full)) + s.faint.Render(strings.Repeat("░", length-full)) + "  " + words
	if width(line)+width(asking) > w && asking != "" {
		return []string{line, strings.TrimSpace(asking)}
	}
	return []string{line + asking}
}

// clock writes a duration as "2:10".
func clock(d time.Duration) string {
	seconds := int(d / time.Second)
	tail := itoa(seconds % 60)
	if len(tail) == 1 {
		tail = "0" + tail
	}
	return itoa(seconds/60) + ":" + tail
}
