package term

import (
	"context"
	"strings"
	"sync"

	tea "github.com/charmbracelet/bubbletea"

	"example.com/sfconnect/internal/wizard"
)

// news takes findings from a channel while something is under way, so that
// none is lost when the screen ends between two of them.
type news struct {
	mu      sync.Mutex
	queue   []wizard.Line
	arrived chan struct{}
	stopped chan struct{}
}

// newNews takes findings from from until ctx ends or from is closed.
func newNews(ctx context.Context, from <-chan wizard.Line) *news {
	n := &news{arrived: make(chan struct{}, 1), stopped: make(chan struct{})}
	go func() {
		defer close(n.stopped)
		for {
			select {
			case <-ctx.Done():
				return
			case line, open := <-from:
				if !open {
					return
				}
				n.mu.Lock()
				n.queue = append(n.queue, line)
				n.mu.Unlock()
				select {
				case n.arrived <- struct{}{}:
				default: // told already
				}
			}
		}
	}()
	return n
}

// take gives what has come since the last call.
func (n *news) take() []wizard.Line {
	n.mu.Lock()
	defer n.mu.Unlock()
	lines := n.queue
	n.queue = nil
	return lines
}

// toldNews is sent when there is something to take.
type toldNews struct{}

func (n *news) wait(ctx context.Context) tea.Cmd {
	return func() tea.Msg {
		select {
		case <-n.arrived:
			return toldNews{}
		case <-ctx.Done():
			return nil
		}
	}
}

// above prints findings above a question that is being shown.
func (t *TUI) above(lines []wizard.Line) tea.Cmd {
	if len(lines) == 0 {
		return nil
	}
	var b strings.Builder
	w, _ := t.size()
	p := &Printer{out: &b, style: t.style, width: w}
	for _, l := range lines {
		t.recent = append(t.recent, l)
		t.history = append(t.history, told(l))
		p.Line(l)
	}
	return tea.Println(strings.TrimSuffix(b.String(), "\n"))
}
