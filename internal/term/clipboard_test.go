package term

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestClipboard(t *testing.T) {
	const plain = "\x1b]52;c;aMOp\x07"
	const tmux = "\x1bPtmux;\x1b" + plain + "\x1b\\"
	const screen = "\x1bP" + plain + "\x1b\\"
	works := func(string) error { return nil }
	fails := func(string) error { return errors.New("no display") }
	tests := []struct {
		name      string
		env       map[string]string
		system    func(string) error
		sent      string
		confirmed bool
	}{
		{"terminal alone", nil, nil, plain, false},
		{"with the machine's", nil, works, plain, true},
		{"the machine's fails", nil, fails, plain, false},
		{"over SSH", map[string]string{"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, works, plain, false},
		{"tmux", map[string]string{"TMUX": "/tmp/tmux-0/default,1,0", "TERM": "screen-256color"}, nil, plain + tmux, false},
		{"tmux at the near end of SSH", map[string]string{"TERM": "tmux-256color", "SSH_TTY": "/dev/pts/1"}, works, plain + tmux, false},
		{"screen", map[string]string{"STY": "1.pts-0", "TERM": "screen"}, nil, screen, false},
		{"screen or tmux at the near end of SSH", map[string]string{"TERM": "screen"}, nil, plain + screen, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out strings.Builder
			c := Clipboard{Out: &out, Env: func(n string) string { return test.env[n] }, System: test.system}
			if confirmed := c.Copy("hé"); confirmed != test.confirmed || out.String() != test.sent {
				t.Errorf("got %v, %q; want %v, %q", confirmed, out.String(), test.confirmed, test.sent)
			}
		})
	}
}

func TestClipboardDoesNotWaitForEver(t *testing.T) {
	late := make(chan time.Time, 1)
	late <- time.Time{}
	release := make(chan struct{})
	defer close(release)
	c := Clipboard{
		Out: &strings.Builder{}, Env: func(string) string { return "" },
		System: func(string) error { <-release; return nil },
		After:  func(time.Duration) <-chan time.Time { return late },
	}
	if c.Copy("text") {
		t.Error("a clipboard that hangs is said to have confirmed")
	}
}

func TestCopyNeverFails(t *testing.T) {
	var out strings.Builder
	ui := NewTUI(strings.NewReader(""), &out, Options{Clip: func(string) error { return errors.New("no display") }})
	if err := ui.Copy("text"); err != nil || out.Len() == 0 {
		t.Errorf("got %v, sent %q", err, out.String())
	}
}
