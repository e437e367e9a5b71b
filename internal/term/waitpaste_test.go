//go:build !windows

package term

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"example.com/sfconnect/internal/wizard"
)

const (
	signInAddress = "https://acme.my.salesforce.com/services/oauth2/authorize?response_type=code&client_id=3MVG9aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&state=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	pastedCode    = "aPrxqCoaqcqoaqcoqacoqcaoqcoaqcoaqcoaqcoqaocqoacqocaqocaoqcoaq"
	landedOn      = "http://localhost:1717/OauthRedirect?code=" + pastedCode + "%3D%3D&state=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
)

func bracketed(text string) string { return "\x1b[200~" + text + "\x1b[201~" }

// signInWait is a wait for a sign-in, and what comes out of it.
func signInWait(reopen func()) (wizard.Waiting, chan string) {
	pasted := make(chan string)
	return wizard.Waiting{
		ID: "sign_in", Title: "Waiting for you to sign in", Limit: 5 * time.Minute,
		Lines:   []string{"Run this on the computer with the browser:", "  ssh -N -L 1717:localhost:1717 -p 2222 somebody-with-a-long-name@host.example.com", "Open this address:"},
		Address: signInAddress, Reopen: reopen, Paste: pasted, Wanted: "the address you landed on",
	}, pasted
}

func TestWaitTakesWhatIsPasted(t *testing.T) {
	for name, columns := range map[string]int{"80 columns": 80, "40 columns": 40} {
		t.Run(name, func(t *testing.T) {
			h := newHands()
			s := newScreen(t, columns, 24)
			w, pasted := signInWait(nil)
			var got string
			var err error
			s.asks(func(ctx context.Context, ui *TUI) {
				err = ui.Wait(ctx, w, func(ctx context.Context, _ <-chan struct{}) error {
					select {
					case got = <-pasted:
					case <-ctx.Done():
					}
					return nil
				})
			}, h.options(), func(context.CancelFunc) {
				s.sees("\n"+signInAddress+"\r\n", "\n    ssh -N -L 1717:localhost:1717 -p 2222 somebody-with-a-long-name@host.example.com\r\n", "0:00 of 5:00", "\n  > ", "c copy the address", "q leave")
				s.press(bracketed(landedOn))
				drawn := s.sees("> localhost:1717/…   155 characters", "enter send", "esc clear", "ctrl+c leave")
				for line := range strings.Lines(drawn) {
					if width(strings.TrimRight(line, "\r\n")) > columns {
						t.Errorf("a line is wider than the screen: %q", line)
					}
				}
				s.press(keyEnter)
			})
			if got != landedOn || err != nil {
				t.Errorf("got %q, %v", got, err)
			}
			raw := s.bytes()
			if strings.Contains(raw, pastedCode[:8]) {
				t.Error("the code was drawn")
			}
			if strings.Count(raw, signInAddress) != 1 {
				t.Errorf("the address was drawn %d times", strings.Count(raw, signInAddress))
			}
		})
	}
}

// What comes in one go is text, whatever letters it has; a key alone is a key until
// something stands there.
func TestWaitKeysAndText(t *testing.T) {
	h := newHands()
	s := newScreen(t, 80, 24)
	reopened := make(chan struct{})
	w, _ := signInWait(func() { reopened <- struct{}{} })
	var err error
	s.asks(func(ctx context.Context, ui *TUI) {
		err = ui.Wait(ctx, w, func(ctx context.Context, _ <-chan struct{}) error { <-ctx.Done(); return nil })
	}, h.options(), func(context.CancelFunc) {
		s.sees("o open it again")
		s.press("o")
		<-reopened
		s.sees("opening the browser")
		s.press("c")
		s.sees("sent to your terminal's clipboard")
		if !strings.Contains(s.bytes(), "\x1b]52;c;"+base64.StdEncoding.EncodeToString([]byte(signInAddress))) {
			t.Error("the address was not sent to the clipboard")
		}
		s.press("quack")
		s.sees("> 5 characters, hidden")
		s.press("q")
		s.sees("> 6 characters, hidden")
		s.press("\x7f")
		s.sees("> 5 characters, hidden")
		s.press(keyEsc)
		s.sees("q leave")
		s.press(bracketed("q"))
		s.sees("> 1 character, hidden")
		s.press("\x15")
		s.sees("q leave")
		s.press("q")
	})
	if !errors.Is(err, wizard.ErrLeave) {
		t.Errorf("got %v", err)
	}
}

// Nobody may be there to take what is pasted: the screen goes on.
func TestWaitSendsWithoutBlocking(t *testing.T) {
	h := newHands()
	s := newScreen(t, 80, 24)
	w, _ := signInWait(nil)
	var err error
	s.asks(func(ctx context.Context, ui *TUI) {
		err = ui.Wait(ctx, w, func(ctx context.Context, _ <-chan struct{}) error { <-ctx.Done(); return nil })
	}, h.options(), func(context.CancelFunc) {
		s.sees("q leave")
		for range 3 {
			s.press(bracketed("some text"))
			s.sees("9 characters, hidden")
			s.press(keyEnter)
			s.sees("q leave")
		}
		h.pass(3 * time.Second)
		s.sees("0:03 of 5:00")
		s.press(bracketed("some text"))
		s.sees("9 characters, hidden")
		s.press(keyCtrlC)
	})
	if !errors.Is(err, wizard.ErrLeave) {
		t.Errorf("got %v", err)
	}
}

func TestWaitShowsNewsOfAPaste(t *testing.T) {
	h := newHands()
	s := newScreen(t, 40, 24)
	w, pasted := signInWait(nil)
	news := make(chan wizard.Line, 1)
	w.News = news
	s.asks(func(ctx context.Context, ui *TUI) {
		_ = ui.Wait(ctx, w, func(ctx context.Context, _ <-chan struct{}) error {
			for range 2 {
				select {
				case <-pasted:
					news <- wizard.Line{Mark: wizard.MarkNote, Text: "What was pasted was not taken."}
				case <-ctx.Done():
				}
			}
			return nil
		})
	}, h.options(), func(context.CancelFunc) {
		s.sees("q leave")
		s.press(bracketed("wrong"))
		s.sees("5 characters, hidden")
		s.press(keyEnter)
		s.sees("note  What was pasted was not", "q leave")
		s.press(bracketed("right"))
		s.sees("5 characters, hidden")
		s.press(keyEnter)
	})
}

// The read of a wait that has ended cannot be called off: it gets the secret, which is not
// echoed, however soon after the prompt it comes.
func TestLinesSecretAfterAWait(t *testing.T) {
	s := newScreen(t, 80, 24)
	ui := NewLines(s.tty, s.tty, Options{Env: plainEnv})
	w, _ := signInWait(nil)
	if err := ui.Wait(t.Context(), w, func(context.Context, <-chan struct{}) error { return nil }); err != nil {
		t.Fatal(err)
	}
	got := make(chan string, 1)
	go func() {
		answer, _ := ui.AskSecret(t.Context(), wizard.Question{Title: "Consumer Secret"})
		got <- answer.Reveal()
	}()
	s.sees("Consumer Secret (not shown): ")
	s.press("shh" + keyEnter)
	if answer := <-got; answer != "shh" {
		t.Errorf("got %q", answer)
	}
	go func() {
		answer, _ := ui.Ask(t.Context(), wizard.Question{Title: "Name"})
		got <- answer
	}()
	s.sees("Name: ")
	s.press("Ada" + keyEnter)
	s.sees("Ada") // echoed again
	if answer := <-got; answer != "Ada" || strings.Contains(s.bytes(), "shh") {
		t.Errorf("got %q, shown: %q", answer, s.bytes())
	}
}

func TestDescribed(t *testing.T) {
	for _, c := range []struct {
		text string
		w    int
		want string
	}{
		{landedOn, 60, "localhost:1717/…   155 characters"},
		{landedOn, 30, "localhost:17…   155 characters"},
		{landedOn, 20, "155 characters"},
		{landedOn, 8, "155 cha…"},
		{" " + landedOn + "\n", 60, "localhost:1717/…   155 characters"},
		{"https://user:pass@portal.example.com/x", 60, "portal.example.com/…   38 characters"},
		{"code=" + pastedCode, 60, "66 characters, hidden"},
		{"localhost:1717/?code=x", 60, "22 characters, hidden"},
		{"x", 60, "1 character, hidden"},
	} {
		if got := described(c.text, c.w); got != c.want {
			t.Errorf("%q in %d columns: got %q, want %q", c.text, c.w, got, c.want)
		}
	}
}
