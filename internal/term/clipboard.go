package term

import (
	"io"
	"strings"
	"time"

	"github.com/atotto/clipboard"
	"github.com/aymanbagabas/go-osc52/v2"
)

// Clipboard puts text on the clipboard of the person's own machine.
type Clipboard struct {
	Out    io.Writer                            // the terminal, which is asked with OSC 52 (works over SSH)
	Env    func(string) string                  // TMUX, STY, SSH_CONNECTION
	System func(text string) error              // the clipboard of this machine; nil for none
	After  func(time.Duration) <-chan time.Time // bounds System; nil for no bound
}

// patience is how long a clipboard program may take before it is left alone.
const patience = 2 * time.Second

// SystemClipboard is the clipboard of this machine (macOS, Windows, Wayland,
// X11, Termux), or nil where there is none.
func SystemClipboard() func(text string) error {
	if clipboard.Unsupported {
		return nil
	}
	return clipboard.WriteAll
}

// Copy asks the terminal, then the machine. It reports whether the machine
// confirmed; a terminal never says whether it took the text.
func (c Clipboard) Copy(text string) (confirmed bool) {
	_, _ = io.WriteString(c.Out, c.sequence(text))
	// On the far side of SSH the machine's clipboard is not the person's.
	if c.System == nil || c.Env("SSH_CONNECTION") != "" || c.Env("SSH_TTY") != "" {
		return false
	}
	done := make(chan bool, 1)
	go func() { done <- c.System(text) == nil }()
	var late <-chan time.Time
	if c.After != nil {
		late = c.After(patience)
	}
	select {
	case confirmed = <-done:
	case <-late:
	}
	return confirmed
}

// sequence is OSC 52 in the forms that reach the outer terminal. tmux takes the
// plain form where set-clipboard is on and passes the wrapped one through where
// allow-passthrough is on; it ignores the other one.
func (c Clipboard) sequence(text string) string {
	s := osc52.New(text)
	switch {
	case c.Env("TMUX") != "", strings.HasPrefix(c.Env("TERM"), "tmux"):
		return s.String() + s.Tmux().String()
	case c.Env("STY") != "":
		return s.Screen().String()
	case strings.HasPrefix(c.Env("TERM"), "screen"):
		// SSH forwards TERM alone, which is "screen" under tmux as well.
		return s.String() + s.Screen().String()
	}
	return s.String()
}
