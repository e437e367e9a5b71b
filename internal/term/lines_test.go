package term

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/wizard"
)

func integrations() wizard.Choice {
	return wizard.Choice{
		ID: "recipe", Title: "Which integration?", Filter: true, Default: "b",
		Options: []wizard.Option{
			{Value: "a", Label: "Quilia", Note: "case management"},
			{Value: "b", Label: "Quality Clouds", Note: "org scanning"},
			{Value: "c", Label: "Another one"},
		},
	}
}

// lines is a Lines to which input is typed.
func lines(input string) (*Lines, *bytes.Buffer) {
	var out bytes.Buffer
	return NewLines(strings.NewReader(input), &out, Options{Env: func(n string) string { return map[string]string{"TERM": "dumb"}[n] }}), &out
}

func TestLinesQuestions(t *testing.T) {
	ui, out := lines("9\n2\n\nquality clouds\nacme\nhttps://acme.my.salesforce.com\r\n\nshhh-this-is-it\nback\nlast without its end")
	ctx := t.Context()
	ui.Begin(wizard.Screen{Title: "Connect", Step: 1, Of: 7, Done: []string{"A", "B"}, Intro: []string{"About 10 minutes."}})
	ui.Say(wizard.Line{Mark: wizard.MarkOK, Text: "Ready."})
	for _, want := range []string{"b", "b", "b"} {
		if got, err := ui.Choose(ctx, integrations()); got != want || err != nil {
			t.Errorf("Choose: got %q, %v; want %q", got, err, want)
		}
	}
	q := wizard.Question{Title: "Login URL", Hint: "https://…", Check: func(in string) error {
		if !strings.HasPrefix(in, "https://") {
			return errors.New("That is no https address.")
		}
		return nil
	}}
	if got, err := ui.Ask(ctx, q); got != "https://acme.my.salesforce.com" || err != nil {
		t.Errorf("Ask: got %q, %v", got, err)
	}
	if got, err := ui.AskSecret(ctx, wizard.Question{Title: "Secret", Suggest: secret.New("ready")}); got.Reveal() != "ready" || err != nil {
		t.Errorf("AskSecret: got %q, %v", got.Reveal(), err)
	}
	if got, err := ui.AskSecret(ctx, wizard.Question{Title: "Secret"}); got.Reveal() != "shhh-this-is-it" || err != nil {
		t.Errorf("AskSecret: got %q, %v", got.Reveal(), err)
	}
	if _, err := ui.Ask(ctx, wizard.Question{Title: "Name"}); !errors.Is(err, wizard.ErrBack) {
		t.Errorf("back: got %v", err)
	}
	if got, err := ui.Ask(ctx, wizard.Question{Title: "Name"}); got != "last without its end" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := ui.Ask(ctx, wizard.Question{Title: "Name", Default: "x"}); !errors.Is(err, wizard.ErrLeave) {
		t.Errorf("end of input: got %v, want %v", err, wizard.ErrLeave)
	}
	for _, want := range []string{"Step 1 of 7: Connect\n", "Done: A, B.\n", "  ok    Ready.\n", "   2. Quality Clouds (org scanning)\n", "Number [2]: ", "Enter a number from 1 to 3.\n", "(x)   That is no https address.\n", "Enter alone takes the one that is ready"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q was not printed; this was:\n%s", want, out)
		}
	}
	if strings.ContainsRune(out.String(), '\x1b') {
		t.Errorf("an escape sequence was printed: %q", out)
	}
}

func TestLinesPage(t *testing.T) {
	ui, out := lines("2\ns\no\n")
	if action, err := ui.Page(t.Context(), handOverPage()); action != wizard.ActionOpen || err != nil {
		t.Errorf("got %q, %v", action, err)
	}
	text := out.String()
	before, after, _ := strings.Cut(text, "Consumer Secret: ")
	if strings.Contains(before, pageSecret) || !strings.HasPrefix(after, pageSecret) {
		t.Errorf("the secret is not shown exactly when asked for:\n%s", text)
	}
	if strings.Contains(text, "\x1b") || !strings.Contains(text, "no clipboard") {
		t.Errorf("a dumb terminal was sent a sequence, or nothing was said:\n%s", text)
	}

	ui, out = lines("1\n2\n\n")
	ui.o.Env = func(string) string { return "" }
	ui.board.Env = ui.o.Env
	if _, err := ui.Page(t.Context(), handOverPage()); err != nil {
		t.Error(err)
	}
	text = out.String()
	if strings.Count(text, "\x1b]52;") != 2 || !strings.Contains(text, "Sent to the clipboard: Consumer Secret.") || strings.Contains(text, pageSecret) {
		t.Errorf("the values were not copied, or the secret was shown:\n%s", text)
	}
	if !strings.Contains(text, "\nhttps://acme.my.salesforce.com\n") {
		t.Errorf("a value that is not secret is not printed alone on a line:\n%s", text)
	}

	first := handOverPage()
	first.First = true
	ui, _ = lines("back\n\n")
	if action, err := ui.Page(t.Context(), first); action != wizard.ActionDone || err != nil {
		t.Errorf("first page: got %q, %v", action, err)
	}
	ui, _ = lines("quit\n")
	if _, err := ui.Page(t.Context(), first); !errors.Is(err, wizard.ErrLeave) {
		t.Errorf("quit: got %v", err)
	}
}

const pageSecret = "5F4DCC3B5AA765D61D8327DEB882CF99"

func handOverPage() wizard.Page {
	return wizard.Page{Path: "Quilia › API Credentials", URL: "https://portal.quilia.com", Rows: []wizard.Row{
		{Kind: wizard.RowField, Label: "Login URL", Value: "https://acme.my.salesforce.com"},
		{Kind: wizard.RowSecret, Label: "Consumer Secret", Secret: secret.New(pageSecret)},
	}}
}

func TestLinesWait(t *testing.T) {
	var out bytes.Buffer
	printed := make(chan struct{})
	var asked []time.Duration
	ui := NewLines(strings.NewReader(""), &out, Options{Tick: func(d time.Duration) <-chan time.Time {
		due := make(chan time.Time, 1)
		asked = append(asked, d)
		due <- time.Time{}
		if len(asked) == 2 {
			close(printed) // the first reminder has been told
			return nil
		}
		return due
	}})
	told := errors.New("told")
	wait := func(ctx context.Context) error {
		return ui.Wait(ctx, wizard.Waiting{Title: "Sign in.", Lines: []string{"https://acme.my.salesforce.com/x"}, Limit: 5 * time.Minute}, func(ctx context.Context, _ <-chan struct{}) error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			<-printed
			return told
		})
	}
	if err := wait(t.Context()); !errors.Is(err, told) {
		t.Errorf("got %v, want %v", err, told)
	}
	if got := out.String(); !strings.Contains(got, "\nhttps://acme.my.salesforce.com/x\n") || !strings.Contains(got, "Still waiting: 2 minutes 30 seconds left.") {
		t.Errorf("printed %q", got)
	}
	if !slices.Equal(asked, []time.Duration{150 * time.Second, 90 * time.Second}) {
		t.Errorf("was to be told after %v", asked)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := wait(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	if _, err := ui.Ask(ended, wizard.Question{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

func TestReminders(t *testing.T) {
	for limit, want := range map[time.Duration]string{
		0: "[]", 20 * time.Second: "[]", time.Minute: "[]", 90 * time.Second: "[1m0s]", 2 * time.Minute: "[1m0s]",
		5 * time.Minute: "[2m30s 1m0s]", time.Hour: "[30m0s 1m0s]",
	} {
		if got := fmt.Sprint(reminders(limit)); got != want {
			t.Errorf("%v: got %s, want %s", limit, got, want)
		}
	}
}

func TestNewUI(t *testing.T) {
	dumb := func(string) string { return "dumb" }
	if _, ok := NewUI(strings.NewReader(""), io.Discard, false, Options{Env: dumb}).(*Lines); !ok {
		t.Error("TERM=dumb does not give Lines")
	}
	if _, ok := NewUI(strings.NewReader(""), io.Discard, true, Options{}).(*Lines); !ok {
		t.Error("plain does not give Lines")
	}
	if _, ok := NewUI(strings.NewReader(""), io.Discard, false, Options{}).(*TUI); !ok {
		t.Error("a terminal does not give a TUI")
	}
}

func TestLinesPageIsWrapped(t *testing.T) {
	ui, out := lines("\n")
	long := strings.Repeat("word ", 30)
	address := "https://acme.example/" + strings.Repeat("x", 90)
	_, err := ui.Page(t.Context(), wizard.Page{Path: "P", Rows: []wizard.Row{
		{Kind: wizard.RowDo, Label: long}, {Kind: wizard.RowField, Label: "Callback URL", Value: address},
	}})
	if err != nil || !strings.Contains(out.String(), address) {
		t.Errorf("%v:\n%s", err, out)
	}
	for line := range strings.Lines(out.String()) {
		if width(strings.TrimRight(line, "\n")) > 80 && !strings.Contains(line, address) {
			t.Errorf("too wide: %s", line)
		}
	}
}
