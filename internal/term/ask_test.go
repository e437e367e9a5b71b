//go:build !windows

package term

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/wizard"
)

const (
	keyUp    = "\x1b[A"
	keyDown  = "\x1b[B"
	keyRight = "\x1b[C"
	keyLeft  = "\x1b[D"
	keyEnter = "\r"
	keyEsc   = "\x1b"
	keyCtrlC = "\x03"
	keyBack  = "\x7f"
	keyPgDn  = "\x1b[6~"
)

func TestChoose(t *testing.T) {
	tests := []struct {
		name   string
		act    func(*screen)
		answer string
		err    error
	}{
		{"default", func(s *screen) { s.press(keyEnter) }, "b", nil},
		{"up", func(s *screen) { s.press(keyUp); s.sees("› Quilia"); s.press(keyEnter) }, "a", nil},
		{"keys after enter", func(s *screen) { s.press(keyEnter + keyUp + keyUp) }, "b", nil},
		{"round the end", func(s *screen) { s.press(keyDown + keyDown); s.sees("› Quilia"); s.press(keyEnter) }, "a", nil},
		{"filter", func(s *screen) { s.press("ano"); s.sees("/ano"); s.press(keyEnter) }, "c", nil},
		{"filter on the note", func(s *screen) { s.press("case"); s.sees("/case"); s.press(keyEnter) }, "a", nil},
		{"letters that move elsewhere", func(s *screen) { s.press("q"); s.sees("/q"); s.press("u"); s.sees("/qu"); s.press(keyEnter) }, "b", nil},
		{"no match, cleared, back", func(s *screen) {
			s.press("zz")
			s.sees("nothing matches")
			s.press(keyEnter)
			s.press(keyEsc)
			s.sees("type to filter", "Quilia")
			s.press(keyEsc)
		}, "", wizard.ErrBack},
		{"leave", func(s *screen) { s.press(keyCtrlC) }, "", wizard.ErrLeave},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newScreen(t, 80, 24)
			var answer string
			var err error
			s.asks(func(ctx context.Context, ui *TUI) { answer, err = ui.Choose(ctx, integrations()) }, Options{Env: plainEnv}, func(context.CancelFunc) {
				s.sees("Which integration?", "    Quilia           case management\r\n", "› Quality Clouds   org scanning", "Another one", "ctrl+c leave")
				test.act(s)
			})
			if answer != test.answer || !errors.Is(err, test.err) {
				t.Errorf("got %q, %v; want %q, %v", answer, err, test.answer, test.err)
			}
		})
	}
}

func TestChooseLeavesOneLine(t *testing.T) {
	s := newScreen(t, 80, 24)
	s.asks(func(ctx context.Context, ui *TUI) { _, _ = ui.Choose(ctx, integrations()) }, Options{Env: plainEnv}, func(context.CancelFunc) {
		s.sees("Which integration?")
		s.press(keyEnter)
		s.sees("  Which integration?   Quality Clouds\r\n")
	})
}

func TestChooseLongListIsWindowed(t *testing.T) {
	c := wizard.Choice{Title: "Pick"}
	for i := range 40 {
		c.Options = append(c.Options, wizard.Option{Value: itoa(i), Label: "Option " + itoa(i)})
	}
	s := newScreen(t, 40, 12)
	var answer string
	s.asks(func(ctx context.Context, ui *TUI) { answer, _ = ui.Choose(ctx, c) }, Options{Env: plainEnv}, func(context.CancelFunc) {
		s.sees("› Option 0", "↓ 35 more")
		s.press("\x1b[F")
		s.sees("↑ 35 more", "› Option 39")
		s.press(keyEnter)
	})
	if answer != "39" {
		t.Errorf("got %q, want 39", answer)
	}
}

func TestAsk(t *testing.T) {
	q := wizard.Question{Title: "Your login URL", Default: "http://x", Check: func(in string) error {
		if !strings.HasPrefix(in, "https://") {
			return fault.New(fault.InvalidLoginURL, "input", "That is no https address.", "Copy it from the browser.")
		}
		return nil
	}}
	s := newScreen(t, 80, 24)
	var answer string
	var err error
	s.asks(func(ctx context.Context, ui *TUI) { answer, err = ui.Ask(ctx, q) }, Options{Env: plainEnv}, func(context.CancelFunc) {
		s.sees("Your login URL", "> http://x")
		s.press(keyEnter)
		s.sees("(x) That is no https address.", "    Copy it from the browser.")
		s.press("\x15https://acme.my.salesforce.com")
		s.sees("https://acme.my.salesforce.com")
		s.press(keyEnter)
		s.sees("  Your login URL   https://acme.my.salesforce.com\r\n")
	})
	if answer != "https://acme.my.salesforce.com" || err != nil {
		t.Errorf("got %q, %v", answer, err)
	}
}

func TestAskIsLeft(t *testing.T) {
	for name, test := range map[string]struct {
		act  func(*screen, context.CancelFunc)
		want error
	}{
		"esc":    {func(s *screen, _ context.CancelFunc) { s.press(keyEsc) }, wizard.ErrBack},
		"ctrl-c": {func(s *screen, _ context.CancelFunc) { s.press(keyCtrlC) }, wizard.ErrLeave},
		"ctx":    {func(_ *screen, end context.CancelFunc) { end() }, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScreen(t, 80, 24)
			var err error
			s.asks(func(ctx context.Context, ui *TUI) { _, err = ui.Ask(ctx, wizard.Question{Title: "Name"}) }, Options{Env: plainEnv}, func(end context.CancelFunc) {
				s.sees("Name", "leave")
				test.act(s, end)
			})
			if !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

func TestAskSecretNeverShowsIt(t *testing.T) {
	const text = "9F86D081884C7D65"
	s := newScreen(t, 80, 24)
	var answer secret.Value
	var err error
	s.asks(func(ctx context.Context, ui *TUI) {
		answer, err = ui.AskSecret(ctx, wizard.Question{Title: "Consumer Secret", Default: text})
	}, Options{Env: plainEnv}, func(context.CancelFunc) {
		s.sees("Consumer Secret", "leave")
		s.press("\x1b[200~" + text + "\x1b[201~")
		s.sees("16 characters, hidden", "> ****************")
		s.press(keyEnter)
		s.sees("  Consumer Secret   16 characters, hidden\r\n")
	})
	if answer.Reveal() != text || err != nil {
		t.Errorf("got %q, %v", answer.Reveal(), err)
	}
	if strings.Contains(s.bytes(), text) {
		t.Error("the secret was drawn")
	}
}

// A refused secret cannot be mended unseen: the field is empty for the next try.
func TestAskSecretEmptiesWhatWasRefused(t *testing.T) {
	s := newScreen(t, 80, 24)
	var answer secret.Value
	q := wizard.Question{Title: "Passphrase", Check: func(in string) error {
		if in != "correct" {
			return errors.New("That is wrong.")
		}
		return nil
	}}
	s.asks(func(ctx context.Context, ui *TUI) { answer, _ = ui.AskSecret(ctx, q) }, Options{Env: plainEnv}, func(context.CancelFunc) {
		s.sees("Passphrase", "leave")
		s.press("wrong")
		s.press(keyEnter)
		s.sees("(x) That is wrong.")
		s.press("correct")
		s.press(keyEnter)
		s.sees("  Passphrase   7 characters, hidden\r\n")
	})
	if answer.Reveal() != "correct" {
		t.Errorf("got %q", answer.Reveal())
	}
}

// A secret that was pasted into the field of the key is hidden at once, in full and
// in what is left of it, and the field is readable again when it was emptied.
func TestAskHidesWhatIsSensitive(t *testing.T) {
	const text = "5E884898DA28047151D0E56F8DC6292773603D0D6AABBDD62A11EF721D1542D8"
	q := wizard.Question{Title: "Consumer Key", Default: "3MVG9old", Sensitive: func(in string) bool { return strings.Contains(in, text) },
		Check: func(in string) error {
			if strings.Contains(in, text) {
				return errors.New("That is the secret.")
			}
			return nil
		}}
	for name, paste := range map[string]string{"pasted": "\x1b[200~" + text + "\x1b[201~", "typed in one go": text} {
		t.Run(name, func(t *testing.T) {
			s := newScreen(t, 120, 24)
			var answer string
			s.asks(func(ctx context.Context, ui *TUI) { answer, _ = ui.Ask(ctx, q) }, Options{Env: plainEnv}, func(context.CancelFunc) {
				s.sees("> 3MVG9old")
				s.press(paste)
				s.sees("> "+strings.Repeat("*", 72), "72 characters, hidden")
				s.press(keyEnter)
				s.sees("(x) That is the secret.")
				s.press("\x7f")
				s.sees("71 characters, hidden")
				s.press("\x15")
				s.press("3MVG9new")
				s.sees("> 3MVG9new")
				s.press(keyEnter)
				s.sees("  Consumer Key   3MVG9new\r\n")
			})
			if answer != "3MVG9new" {
				t.Errorf("got %q", answer)
			}
			if strings.Contains(s.bytes(), text[:8]) {
				t.Error("the secret was drawn")
			}
		})
	}
}

func TestAskHidesASensitiveAnswer(t *testing.T) {
	const text = "5E884898DA28047151D0E56F8DC6292773603D0D6AABBDD62A11EF721D1542D8"
	s := newScreen(t, 80, 24)
	var answer string
	q := wizard.Question{Title: "Consumer Key", Sensitive: func(in string) bool { return in == text }}
	s.asks(func(ctx context.Context, ui *TUI) { answer, _ = ui.Ask(ctx, q) }, Options{Env: plainEnv}, func(context.CancelFunc) {
		s.sees("Consumer Key", "leave")
		s.press("\x1b[200~" + text + "\x1b[201~")
		s.sees("64 characters, hidden")
		s.press(keyEnter)
		s.sees("  Consumer Key   64 characters, hidden\r\n")
	})
	if answer != text || strings.Contains(s.bytes(), text) {
		t.Errorf("got %q, or it was drawn", answer)
	}
}

func TestAskSecretSuggests(t *testing.T) {
	var checked []string
	q := wizard.Question{Title: "Consumer Secret", Suggest: secret.New("the-practice-secret"), Check: func(in string) error {
		checked = append(checked, in)
		return nil
	}}
	s := newScreen(t, 80, 24)
	var answer secret.Value
	s.asks(func(ctx context.Context, ui *TUI) { answer, _ = ui.AskSecret(ctx, q) }, Options{Env: plainEnv}, func(context.CancelFunc) {
		s.sees("One is ready")
		s.press(keyEnter)
	})
	if !answer.Equal(q.Suggest) || len(checked) != 1 || checked[0] != "the-practice-secret" {
		t.Errorf("got %q, checked %q", answer.Reveal(), checked)
	}
	if strings.Contains(s.bytes(), "the-practice-secret") {
		t.Error("the suggestion was drawn")
	}
}

func TestEndOfInputLeaves(t *testing.T) {
	ui := NewTUI(strings.NewReader("abc"), io.Discard, Options{})
	if _, err := ui.Ask(t.Context(), wizard.Question{Title: "Name"}); !errors.Is(err, wizard.ErrLeave) {
		t.Errorf("got %v, want %v", err, wizard.ErrLeave)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ui.Choose(ended, integrations()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

func TestResizeRedrawsWhatStoodAbove(t *testing.T) {
	s := newScreen(t, 80, 24)
	s.asks(func(ctx context.Context, ui *TUI) {
		ui.Begin(wizard.Screen{Title: "Your org", Step: 2, Of: 7, Intro: []string{"One two three four five six seven eight nine ten eleven twelve."}})
		ui.Say(wizard.Line{Mark: wizard.MarkOK, Text: "Found."})
		_, _ = ui.Ask(ctx, wizard.Question{Title: "Name"})
	}, Options{Env: plainEnv}, func(context.CancelFunc) {
		s.sees("Your org", "ok    Found.", "Name", "leave")
		s.resize(44, 20)
		s.sees("Your org                     step 2 of 7", "eight\r\n  nine ten", "ok    Found.", "> ")
		s.press(keyCtrlC)
	})
}

func TestResizeKeepsAChoice(t *testing.T) {
	s := newScreen(t, 80, 24)
	var answer string
	s.asks(func(ctx context.Context, ui *TUI) { answer, _ = ui.Choose(ctx, integrations()) }, Options{Env: plainEnv}, func(context.CancelFunc) {
		s.sees("› Quality Clouds   org scanning", "leave")
		s.press(keyDown)
		s.sees("› Another one")
		s.resize(40, 24)
		s.sees("    Quilia ", "    Quality Clouds ", "› Another one")
		s.press("q")
		s.sees("/q", "› Quality Clouds")
		s.resize(60, 24)
		s.sees("/q", "› Quality Clouds")
		s.press(keyEnter)
	})
	if answer != "b" {
		t.Errorf("got %q, want b", answer)
	}
}

func TestOnlyTheSixteenColours(t *testing.T) {
	s := newScreen(t, 80, 24)
	coloured := func(name string) string {
		return map[string]string{"TERM": "xterm-256color", "COLORTERM": "truecolor"}[name]
	}
	s.asks(func(ctx context.Context, ui *TUI) {
		ui.Begin(wizard.Screen{Title: "Your org", Step: 2, Of: 7, Done: []string{"Integration"}})
		ui.Say(wizard.Line{Mark: wizard.MarkFail, Text: "Not found."})
		_, _ = ui.Choose(ctx, integrations())
		_, _ = ui.Ask(ctx, wizard.Question{Title: "Name", Hint: "Ada"})
	}, Options{Env: coloured}, func(context.CancelFunc) {
		s.sees("Quality Clouds", "leave")
		s.press(keyEnter)
		s.sees("Name", "leave")
		s.press(keyEnter)
	})
	raw := s.bytes()
	if !strings.Contains(raw, "\x1b[31m(x)") {
		t.Error("no colour at all")
	}
	for _, other := range []string{"38;5", "48;5", "38;2", "48;2", "\x1b]10", "\x1b]11", "\x1b[6n", "\x1b[c"} {
		if strings.Contains(raw, other) {
			t.Errorf("%q was sent to the terminal", other)
		}
	}
}

func TestPlainText(t *testing.T) {
	s := newScreen(t, 80, 24)
	env := func(values map[string]string) func(string) string { return func(n string) string { return values[n] } }
	for name, p := range map[string]*Printer{
		"NO_COLOR": NewPrinter(s.tty, env(map[string]string{"TERM": "xterm", "NO_COLOR": "1"}), 80),
		"dumb":     NewPrinter(s.tty, env(map[string]string{"TERM": "dumb"}), 80),
		"no TERM":  NewPrinter(s.tty, env(nil), 80),
		"a file":   NewPrinter(&bytes.Buffer{}, env(map[string]string{"TERM": "xterm"}), 80),
	} {
		var out bytes.Buffer
		p.out = &out
		p.Line(wizard.Line{Mark: wizard.MarkFail, Text: "a\x1b[31mb\u202ec", Hint: "d"})
		if got, want := out.String(), "  (x)   a[31mbc\n        d\n"; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

// TestLongDefaultIsCutAtOnce: the first frame has one line for the entry, as all have.
func TestLongDefaultIsCutAtOnce(t *testing.T) {
	s := newScreen(t, 40, 24)
	ui := NewTUI(s.tty, s.tty, Options{Env: plainEnv})
	m := ui.entry(wizard.Question{Title: "Consumer Key", Default: strings.Repeat("0123456789", 9)}, false)
	for line := range strings.Lines(m.View()) {
		if width(strings.TrimRight(line, "\n")) > 40 {
			t.Errorf("too wide: %q", line)
		}
	}
	if lines := strings.Split(m.View(), "\n"); !strings.HasPrefix(lines[1], "  > ") || !strings.Contains(lines[1], "56789") {
		t.Errorf("drawn: %q", lines)
	}
}
