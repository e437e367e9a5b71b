//go:build !windows

package term

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/sfconnect/internal/wizard"
)

// hands is a clock that a test moves.
type hands struct {
	mu   sync.Mutex
	now  time.Time
	tick chan time.Time
}

func newHands() *hands {
	return &hands{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), tick: make(chan time.Time)}
}

func (h *hands) options() Options {
	return Options{
		Env: plainEnv,
		Now: func() time.Time {
			h.mu.Lock()
			defer h.mu.Unlock()
			return h.now
		},
		Tick: func(time.Duration) <-chan time.Time { return h.tick },
	}
}

func (h *hands) pass(d time.Duration) {
	h.mu.Lock()
	h.now = h.now.Add(d)
	now := h.now
	h.mu.Unlock()
	h.tick <- now
}

func TestWaitShowsTheTimeLeft(t *testing.T) {
	address := "https://acme.my.salesforce.com/services/oauth2/authorize?state=" + strings.Repeat("a", 120)
	h := newHands()
	release := make(chan struct{})
	s := newScreen(t, 60, 24)
	var err error
	s.asks(func(ctx context.Context, ui *TUI) {
		err = ui.Wait(ctx, wizard.Waiting{Title: "Sign in.", Lines: []string{"Or use this address:", address}, Limit: 5 * time.Minute}, func(ctx context.Context, _ <-chan struct{}) error {
			select {
			case <-release:
			case <-ctx.Done():
			}
			return nil
		})
	}, h.options(), func(context.CancelFunc) {
		s.sees("Sign in.", "Or use this address:", "\n"+address+"\r\n", "0:00 of 5:00   5:00 left", "q leave")
		h.pass(70 * time.Second)
		s.sees("1:10 of 5:00   3:50 left")
		h.pass(time.Hour)
		s.sees("██████████", "5:00 of 5:00   0:00 left")
		close(release)
	})
	if err != nil {
		t.Errorf("got %v", err)
	}
}

func TestWaitLooksAgain(t *testing.T) {
	h := newHands()
	looked := make(chan struct{})
	s := newScreen(t, 80, 24)
	wrong := errors.New("still unknown")
	var err error
	s.asks(func(ctx context.Context, ui *TUI) {
		err = ui.Wait(ctx, wizard.Waiting{Title: "Asking", Again: "Check the key again", Limit: time.Minute}, func(ctx context.Context, again <-chan struct{}) error {
			for range 2 {
				select {
				case <-again:
					looked <- struct{}{}
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return wrong
		})
	}, h.options(), func(context.CancelFunc) {
		s.sees("Asking", "› Keep waiting", "Check the key again", "Leave")
		s.press(keyEnter) // keep waiting: nothing happens
		s.press("a")
		<-looked
		s.sees("looking again")
		h.pass(time.Second)
		s.press(keyRight)
		s.sees("› Check the key again")
		s.press(keyEnter)
		<-looked
	})
	if !errors.Is(err, wrong) {
		t.Errorf("got %v, want %v", err, wrong)
	}
}

func TestWaitTellsNews(t *testing.T) {
	h := newHands()
	s := newScreen(t, 60, 24)
	news := make(chan wizard.Line)
	release := make(chan struct{})
	var last []wizard.Line
	s.asks(func(ctx context.Context, ui *TUI) {
		ui.Begin(wizard.Screen{Title: "Authorize", Step: 5, Of: 7})
		_ = ui.Wait(ctx, wizard.Waiting{Title: "Sign in.", Limit: time.Minute, News: news}, func(ctx context.Context, _ <-chan struct{}) error {
			for _, text := range []string{"A first finding that is too long for one line of this narrow screen.", "A second."} {
				select {
				case news <- wizard.Line{Mark: wizard.MarkWarn, Text: text}:
				case <-ctx.Done():
				}
			}
			select {
			case <-release:
			case <-ctx.Done():
			}
			return nil
		})
		last = ui.recent
	}, h.options(), func(context.CancelFunc) {
		s.sees("  (!)   A first finding that is too long for one line of", "\n        this narrow screen.", "(!)   A second.")
		s.resize(50, 24)
		s.sees("Authorize", "A first finding", "A second.", "Sign in.", "q leave")
		close(release)
	})
	if len(last) != 2 {
		t.Errorf("%d findings are remembered, want 2", len(last))
	}
}

func TestNewsIsNotLost(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	from := make(chan wizard.Line)
	n := newNews(ctx, from)
	from <- wizard.Line{Text: "one"}
	from <- wizard.Line{Text: "two"}
	end()
	<-n.stopped
	if got := n.take(); len(got) != 2 || got[1].Text != "two" {
		t.Errorf("got %v", got)
	}
	from = make(chan wizard.Line)
	close(from)
	<-newNews(t.Context(), from).stopped
}

func TestWaitIsLeft(t *testing.T) {
	for name, test := range map[string]struct {
		act  func(*screen, context.CancelFunc)
		want error
	}{
		"q":      {func(s *screen, _ context.CancelFunc) { s.press("q") }, wizard.ErrLeave},
		"ctrl-c": {func(s *screen, _ context.CancelFunc) { s.press(keyCtrlC) }, wizard.ErrLeave},
		"ctx":    {func(_ *screen, end context.CancelFunc) { end() }, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHands()
			s := newScreen(t, 80, 24)
			var err error
			stopped := false
			s.asks(func(ctx context.Context, ui *TUI) {
				err = ui.Wait(ctx, wizard.Waiting{Title: "Waiting for you"}, func(ctx context.Context, _ <-chan struct{}) error {
					<-ctx.Done()
					stopped = true
					return ctx.Err()
				})
			}, h.options(), func(end context.CancelFunc) {
				s.sees("Waiting for you", "Waiting 0:00")
				test.act(s, end)
			})
			if !errors.Is(err, test.want) || !stopped {
				t.Errorf("got %v, want %v; what was under way has stopped: %v", err, test.want, stopped)
			}
		})
	}
}

func TestWaitRestoresTheTerminalOnPanic(t *testing.T) {
	h := newHands()
	s := newScreen(t, 80, 24)
	s.asks(func(ctx context.Context, ui *TUI) {
		defer func() {
			if recover() != "broken" {
				t.Error("the panic did not go on")
			}
		}()
		_ = ui.Wait(ctx, wizard.Waiting{Title: "Working"}, func(context.Context, <-chan struct{}) error { panic("broken") })
	}, h.options(), func(context.CancelFunc) {})
}
