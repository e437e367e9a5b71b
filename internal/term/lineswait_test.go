package term

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"example.com/sfconnect/internal/wizard"
)

// typist is somebody at a Lines who types when a test says so.
type typist struct {
	*io.PipeWriter
	ui *Lines

	mu  sync.Mutex
	out bytes.Buffer
}

func (p *typist) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.String()
}

type guarded struct{ p *typist }

func (g guarded) Write(b []byte) (int, error) {
	g.p.mu.Lock()
	defer g.p.mu.Unlock()
	return g.p.out.Write(b)
}

func newTypist(t *testing.T, term string) *typist {
	r, w := io.Pipe()
	t.Cleanup(func() { _ = w.Close() })
	p := &typist{PipeWriter: w}
	p.ui = NewLines(r, guarded{p}, Options{Env: func(n string) string { return map[string]string{"TERM": term}[n] }})
	return p
}

func (p *typist) types(line string) { _, _ = io.WriteString(p, line+"\n") }

func lineWait(paste chan<- string) wizard.Waiting {
	w, _ := signInWaiting()
	w.Paste = paste
	return w
}

// signInWaiting is a wait with an address, and a channel that tells of Reopen.
func signInWaiting() (wizard.Waiting, chan struct{}) {
	reopened := make(chan struct{}, 1)
	return wizard.Waiting{Title: "Sign in.", Lines: []string{"Open this address:"}, Address: "https://acme.my.salesforce.com/x?y=z",
		Wanted: "the address you landed on", Reopen: func() { reopened <- struct{}{} }}, reopened
}

func TestLinesWaitTakesLines(t *testing.T) {
	p := newTypist(t, "xterm")
	w, reopened := signInWaiting()
	pasted := make(chan string)
	w.Paste, w.Again = pasted, "Look again"
	err := p.ui.Wait(t.Context(), w, func(ctx context.Context, again <-chan struct{}) error {
		p.types("copy")
		p.types("open")
		<-reopened
		p.types("")
		p.types("again")
		<-again
		p.types("  http://localhost:1717/OauthRedirect?code=quit  ")
		if got := <-pasted; got != "http://localhost:1717/OauthRedirect?code=quit" {
			t.Errorf("got %q", got)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	said := p.said()
	for _, want := range []string{"\nhttps://acme.my.salesforce.com/x?y=z\n", "Paste here the address you landed on", "\x1b]52;c;", "Opening the browser.", "Looking again.", "Looking at what you pasted."} {
		if !strings.Contains(said, want) {
			t.Errorf("%q was not printed; this was:\n%s", want, said)
		}
	}
}

func TestLinesWaitOnADumbTerminal(t *testing.T) {
	p := newTypist(t, "dumb")
	w, _ := signInWaiting()
	if err := p.ui.Wait(t.Context(), w, func(context.Context, <-chan struct{}) error {
		p.types("copy")
		p.types("hello")
		p.types("") // once this is taken, the one before was answered
		return nil
	}); err != nil {
		t.Error(err)
	}
	said := p.said()
	if strings.Contains(said, "\x1b") || strings.Count(said, "\n"+w.Address+"\n") != 2 || strings.Count(said, "You can type: copy") != 2 || strings.Contains(said, "Paste here") {
		t.Errorf("printed %q", said)
	}
}

func TestLinesWaitIsLeft(t *testing.T) {
	for name, leave := range map[string]func(*typist){
		"quit":         func(p *typist) { p.types("quit") },
		"end of input": func(p *typist) { _ = p.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			p := newTypist(t, "dumb")
			stopped := false
			err := p.ui.Wait(t.Context(), lineWait(make(chan string)), func(ctx context.Context, _ <-chan struct{}) error {
				go leave(p)
				<-ctx.Done()
				stopped = true
				return ctx.Err()
			})
			if !errors.Is(err, wizard.ErrLeave) || !stopped {
				t.Errorf("got %v; what was under way has stopped: %v", err, stopped)
			}
		})
	}
}

// The line that a wait was still reading when it ended answers the next question.
func TestLinesWaitSwallowsNoAnswer(t *testing.T) {
	p := newTypist(t, "dumb")
	done := func(context.Context, <-chan struct{}) error { return nil }
	for range 2 {
		if err := p.ui.Wait(t.Context(), lineWait(make(chan string)), done); err != nil {
			t.Fatal(err)
		}
	}
	go p.types("2\nacme")
	if got, err := p.ui.Choose(t.Context(), integrations()); got != "b" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := p.ui.Ask(t.Context(), wizard.Question{Title: "Name"}); got != "acme" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

// A wait in which nothing can be typed leaves what was typed ahead alone.
func TestLinesWaitReadsOnlyWhatItCanUse(t *testing.T) {
	ui, _ := lines("quit\n")
	if err := ui.Wait(t.Context(), wizard.Waiting{Title: "Looking."}, func(context.Context, <-chan struct{}) error { return nil }); err != nil {
		t.Error(err)
	}
	if ui.pending != nil {
		t.Error("a line is being read")
	}
}

// A question that was called off leaves its read to the next one, too.
func TestLinesQuestionCalledOff(t *testing.T) {
	p := newTypist(t, "dumb")
	ctx, end := context.WithCancel(t.Context())
	end()
	_, _ = p.ui.take(ctx, "Name: ")
	go p.types("acme")
	if got, err := p.ui.Ask(t.Context(), wizard.Question{Title: "Name"}); got != "acme" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}
