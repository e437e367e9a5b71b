//go:build !windows

package term

import (
	"context"
	"os"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"
	xterm "golang.org/x/term"
)

// screen is a pseudo-terminal with a person at the other end: press types keys,
// sees waits for what is drawn.
type screen struct {
	t      *testing.T
	person *os.File
	tty    *os.File
	mu     sync.Mutex
	more   *sync.Cond
	raw    strings.Builder
	mark   int // what was seen up to here
	closed bool
}

func newScreen(t *testing.T, w, h int) *screen {
	t.Helper()
	person, tty, err := pty.Open()
	if err != nil {
		t.Fatalf("no pseudo-terminal: %v", err)
	}
	s := &screen{t: t, person: person, tty: tty}
	s.more = sync.NewCond(&s.mu)
	s.resize(w, h)
	read := make(chan struct{})
	go func() {
		defer close(read)
		b := make([]byte, 4096)
		for {
			n, err := person.Read(b)
			s.mu.Lock()
			s.raw.Write(b[:n])
			s.closed = err != nil
			s.more.Broadcast()
			s.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		_ = tty.Close()
		<-read
		_ = person.Close()
	})
	return s
}

func (s *screen) resize(w, h int) {
	s.t.Helper()
	if err := pty.Setsize(s.person, &pty.Winsize{Cols: uint16(w), Rows: uint16(h)}); err != nil {
		s.t.Fatal(err)
	}
	// The kernel tells only the processes that the terminal controls.
	if err := syscall.Kill(os.Getpid(), syscall.SIGWINCH); err != nil {
		s.t.Fatal(err)
	}
}

// press types keys; each waits in the terminal until it is read.
func (s *screen) press(keys string) {
	s.t.Helper()
	if _, err := s.person.WriteString(keys); err != nil {
		s.t.Fatal(err)
	}
}

// sees waits until all of texts have been drawn since the last call and gives
// what was drawn, without escape sequences.
func (s *screen) sees(texts ...string) string {
	s.t.Helper()
	// Say what was drawn instead of being ended by the test's own deadline.
	late := false
	if deadline, ok := s.t.Deadline(); ok {
		timer := time.AfterFunc(time.Until(deadline)-5*time.Second, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			late = true
			s.more.Broadcast()
		})
		defer timer.Stop()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		drawn := ansi.Strip(s.raw.String()[s.mark:])
		missing := ""
		for _, text := range texts {
			if !strings.Contains(drawn, text) {
				missing = text
			}
		}
		if missing == "" {
			s.mark = s.raw.Len()
			return drawn
		}
		if s.closed || late {
			s.t.Fatalf("%q was not drawn; this was:\n%s", missing, drawn)
		}
		s.more.Wait()
	}
}

// bytes is all that was written to the terminal so far.
func (s *screen) bytes() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.raw.String()
}

// asks runs question while person acts, and checks that the terminal is left
// as it was found.
func (s *screen) asks(question func(ctx context.Context, ui *TUI), o Options, person func(end context.CancelFunc)) {
	s.t.Helper()
	before, err := xterm.GetState(int(s.tty.Fd()))
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, end := context.WithCancel(s.t.Context())
	defer end()
	done := make(chan struct{})
	go func() {
		defer close(done)
		question(ctx, NewTUI(s.tty, s.tty, o))
	}()
	defer func() { end(); <-done }() // where person gives up
	person(end)
	<-done
	after, err := xterm.GetState(int(s.tty.Fd()))
	if err != nil {
		s.t.Fatal(err)
	}
	if !reflect.DeepEqual(before, after) {
		s.t.Error("the terminal's modes were not restored")
	}
	s.mu.Lock()
	_, _ = s.tty.WriteString("[end]")
	s.mu.Unlock()
	s.sees("[end]")
	raw := s.bytes()
	for _, pair := range [][2]string{{"\x1b[?25l", "\x1b[?25h"}, {"\x1b[?1049h", "\x1b[?1049l"}, {"\x1b[?2004h", "\x1b[?2004l"}} {
		if strings.LastIndex(raw, pair[0]) > strings.LastIndex(raw, pair[1]) {
			s.t.Errorf("%q was not taken back", pair[0])
		}
	}
}
