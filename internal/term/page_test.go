//go:build !windows

package term

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/wizard"
)

const hiddenText = "5F4DCC3B5AA765D61D8327DEB882CF99"

func handOver() wizard.Page {
	return wizard.Page{
		ID: "handover", Path: "Quilia › Settings › API Credentials", Done: "Finish",
		URL: "https://portal.quilia.com/settings",
		Rows: []wizard.Row{
			{Kind: wizard.RowField, Label: "Login URL", Value: "https://acme.my.salesforce.com"},
			{Kind: wizard.RowSecret, Label: "Consumer Secret", Secret: secret.New(hiddenText)},
			{Kind: wizard.RowLines, Label: "Callback URL", Values: []string{"http://localhost:1717/OauthRedirect", "http://localhost:1718/OauthRedirect"}},
		},
	}
}

func osc(text string) string {
	return "\x1b]52;c;" + base64.StdEncoding.EncodeToString([]byte(text)) + "\x07"
}

// pageDrawn is the last thing on a page.
const pageDrawn = "q leave"

func TestPageEnds(t *testing.T) {
	first := handOver()
	first.First = true
	tests := []struct {
		name   string
		page   wizard.Page
		keys   []string
		action wizard.Action
		err    error
	}{
		{"enter", handOver(), []string{keyEnter}, wizard.ActionDone, nil},
		{"o", handOver(), []string{"o"}, wizard.ActionOpen, nil},
		{"right, enter", handOver(), []string{keyRight, keyEnter}, wizard.ActionOpen, nil},
		{"down, enter", handOver(), []string{keyDown, keyEnter}, wizard.ActionOpen, nil},
		{"left to the last, enter", handOver(), []string{keyLeft, keyEnter}, "", wizard.ErrLeave},
		{"b", handOver(), []string{"b"}, "", wizard.ErrBack},
		{"esc", handOver(), []string{keyEsc}, "", wizard.ErrBack},
		{"b on the first", first, []string{"b", keyEnter}, wizard.ActionDone, nil},
		{"q", handOver(), []string{"q"}, "", wizard.ErrLeave},
		{"ctrl-c", handOver(), []string{keyCtrlC}, "", wizard.ErrLeave},
		{"keys without a meaning", handOver(), []string{"x", "9", "\t", "\x1b[Z", keyEnter}, wizard.ActionDone, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newScreen(t, 80, 24)
			var action wizard.Action
			var err error
			s.asks(func(ctx context.Context, ui *TUI) { action, err = ui.Page(ctx, test.page) }, Options{Env: plainEnv}, func(context.CancelFunc) {
				s.sees("Login URL", pageDrawn)
				for _, key := range test.keys {
					s.press(key)
				}
			})
			if action != test.action || !errors.Is(err, test.err) {
				t.Errorf("got %q, %v; want %q, %v", action, err, test.action, test.err)
			}
		})
	}
}

func TestPageEndsWithItsContext(t *testing.T) {
	s := newScreen(t, 80, 24)
	var err error
	s.asks(func(ctx context.Context, ui *TUI) { _, err = ui.Page(ctx, handOver()) }, Options{Env: plainEnv}, func(end context.CancelFunc) {
		s.sees(pageDrawn)
		end()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

func TestPageCopies(t *testing.T) {
	var mu sync.Mutex
	var clipped []string
	o := Options{Env: plainEnv, Clip: func(text string) error {
		mu.Lock()
		defer mu.Unlock()
		clipped = append(clipped, text)
		if len(clipped) > 1 {
			return errors.New("no display")
		}
		return nil
	}}
	both := "http://localhost:1717/OauthRedirect\nhttp://localhost:1718/OauthRedirect"
	s := newScreen(t, 80, 24)
	s.asks(func(ctx context.Context, ui *TUI) { _, _ = ui.Page(ctx, handOver()) }, o, func(context.CancelFunc) {
		s.sees(pageDrawn)
		s.press("1")
		s.sees("Copied: Login URL.")
		s.press("2")
		s.sees("Sent to your terminal's clipboard: Consumer Secret.")
		s.press("3")
		s.sees("clipboard: Callback URL.")
		s.press("c")
		s.sees("Copy which value?", "hidden", "Address of this page")
		s.press(keyEsc)
		s.sees("› Finish")
		s.press("c")
		s.sees("Copy which value?")
		s.press(keyUp)
		s.sees("› Address of this page")
		s.press(keyEnter)
		s.sees("clipboard: Address of this page.")
		s.press(keyEnter)
	})
	want := []string{"https://acme.my.salesforce.com", hiddenText, both, "https://portal.quilia.com/settings"}
	if strings.Join(clipped, "|") != strings.Join(want, "|") {
		t.Errorf("copied %q, want %q", clipped, want)
	}
	for _, text := range want {
		if !strings.Contains(s.bytes(), osc(text)) {
			t.Errorf("the terminal was not asked to take %q", text)
		}
	}
	if strings.Contains(s.bytes(), hiddenText) {
		t.Error("copying drew the secret")
	}
}

func TestPageHidesSecrets(t *testing.T) {
	s := newScreen(t, 80, 24)
	s.asks(func(ctx context.Context, ui *TUI) {
		_, _ = ui.Page(ctx, handOver())
		_, _ = ui.Page(ctx, handOver())
	}, Options{Env: plainEnv}, func(context.CancelFunc) {
		s.sees("Consumer Secret  hidden", "s secret")
		s.press("s")
		s.sees(hiddenText)
		s.press("s")
		s.sees("Consumer Secret  hidden")
		s.press("s")
		s.sees(hiddenText)
		s.press("o")
		s.sees("Consumer Secret  hidden", "s secret")
		s.press("p")
		s.sees("hidden: on the page, s shows it", "back to the page")
		s.press(keyEnter)
		s.sees("Consumer Secret  hidden", pageDrawn)
		s.press(keyEnter)
		s.sees("  ok    Quilia › Settings › API Credentials")
	})
	if strings.Contains(outside(s.bytes()), hiddenText) {
		t.Error("the secret is in the scrollback")
	}
}

// outside is what was written while the whole screen was not taken.
func outside(raw string) string {
	var out strings.Builder
	for i, part := range strings.Split(raw, "\x1b[?1049h") {
		if i > 0 {
			_, part, _ = strings.Cut(part, "\x1b[?1049l")
		}
		out.WriteString(part)
	}
	return out.String()
}

func TestPagePrintsValuesWhole(t *testing.T) {
	long := "https://portal.quilia.com/" + strings.Repeat("a", 100)
	p := wizard.Page{Path: "Setup", Rows: []wizard.Row{{Kind: wizard.RowField, Label: "Callback URL", Value: long}}}
	s := newScreen(t, 80, 24)
	s.asks(func(ctx context.Context, ui *TUI) { _, _ = ui.Page(ctx, p) }, Options{Env: plainEnv}, func(context.CancelFunc) {
		s.sees(pageDrawn)
		s.press("p")
		// Before the keys are drawn Ctrl-C is the terminal's own: a signal, which here reaches nobody.
		s.sees("\n"+long+"\r\n", "ctrl+c leave")
		s.press(keyCtrlC)
	})
}

func TestPageScrollsAndTellsWhatIsNotSeen(t *testing.T) {
	p := wizard.Page{ID: "long", Path: "Setup"}
	for i := range 30 {
		p.Rows = append(p.Rows, wizard.Row{Kind: wizard.RowCheck, Label: "Switch " + itoa(i)})
	}
	s := newScreen(t, 60, 20)
	s.asks(func(ctx context.Context, ui *TUI) {
		ui.Begin(wizard.Screen{Title: "Create the app", Step: 3, Of: 7})
		ui.Say(wizard.Line{Mark: wizard.MarkWarn, Text: "No browser could be opened."})
		_, _ = ui.Page(ctx, p)
	}, Options{Env: plainEnv}, func(context.CancelFunc) {
		s.sees("Create the app", "step 3 of 7", "Switch 0", "more lines (↓ PgDn)", "No browser could be opened.", pageDrawn)
		s.press("\x1b[F")
		s.sees("Switch 29", "↑")
		s.press("\x1b[H")
		s.sees("Switch 0", "more lines")
		s.resize(60, 14)
		s.sees("Switch 0")
		s.press(keyPgDn)
		s.sees("Switch 14", "more lines")
		s.press(keyEnter)
	})
	for _, frame := range strings.Split(s.bytes(), "\x1b[H") {
		if n := strings.Count(ansi.Strip(frame), "\n"); n > 20 {
			t.Errorf("a frame has %d lines on a screen of 20", n)
		}
	}
}
