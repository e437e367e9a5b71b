package term

import (
	"context"
	"strings"
	"time"

	"example.com/sfconnect/internal/wizard"
)

// Wait implements wizard.UI. Where there is something to paste or an address to copy,
// lines that are typed meanwhile are read; elsewhere what is typed ahead stays for the
// next question, and Ctrl-C, which ends ctx, is the way to leave.
func (l *Lines) Wait(ctx context.Context, w wizard.Waiting, do func(context.Context, <-chan struct{}) error) error {
	l.p.waiting(w)
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	again := make(chan struct{}, 1)
	done := make(chan error, 1)
	go func() { done <- do(inner, again) }()

	var typed <-chan lineRead
	if w.Limit > 0 {
		l.print("This waits for " + spoken(w.Limit) + " at most.")
	}
	if w.Paste != nil || w.Address != "" {
		l.print(waitingWords(w))
		typed = l.next()
	}
	due := reminders(w.Limit)
	reminder := l.remind(w.Limit, due)
	for {
		select {
		case err := <-done:
			return err
		case line, open := <-w.News:
			if !open {
				w.News = nil
				continue
			}
			l.Say(line)
		case <-reminder:
			l.print("Still waiting: " + spoken(due[0]) + " left. Ctrl-C leaves.")
			reminder = l.remind(due[0], due[1:])
			due = due[1:]
		case r := <-typed:
			select {
			case err := <-done:
				l.putBack(r) // it answers what comes next
				return err
			default:
			}
			l.pending = nil
			if !l.whileWaiting(inner, w, again, r) {
				cancel()
				<-done
				return wizard.ErrLeave
			}
			typed = l.next()
		}
	}
}

// putBack lets the next question have a line.
func (l *Lines) putBack(r lineRead) {
	got := make(chan lineRead, 1)
	got <- r
	l.pending = got
}

// whileWaiting does what a line asks for and reports whether the wait goes on.
func (l *Lines) whileWaiting(ctx context.Context, w wizard.Waiting, again chan<- struct{}, r lineRead) bool {
	switch line := strings.TrimSpace(r.line); {
	case r.err != nil, line == "quit":
		return false
	case line == "":
	case line == "copy" && w.Address != "":
		if l.o.Env("TERM") == "dumb" {
			l.print("This terminal has no clipboard. The address again:")
			l.p.lines([]string{clean(w.Address)})
			break
		}
		l.board.Copy(w.Address)
		l.print("Sent to the clipboard: the address.")
	case line == "open" && w.Reopen != nil:
		go w.Reopen()
		l.print("Opening the browser.")
	case line == "again" && w.Again != "":
		select {
		case again <- struct{}{}:
		default: // one is waiting to be seen already
		}
		l.print("Looking again.")
	case w.Paste != nil:
		go func() {
			select {
			case w.Paste <- line:
			case <-ctx.Done():
			}
		}()
		l.print("Looking at what you pasted.")
	default:
		l.print(waitingWords(w))
	}
	return true
}

// waitingWords says what can be typed while w lasts.
func waitingWords(w wizard.Waiting) string {
	words := "quit to leave."
	if w.Again != "" {
		words = "again to look at once, " + words
	}
	if w.Reopen != nil {
		words = "open to open it again, " + words
	}
	if w.Address != "" {
		words = "copy to copy the address, " + words
	}
	if w.Paste != nil {
		return "Paste here " + clean(w.Wanted) + ", and press Enter. Or type a word: " + words
	}
	return "You can type: " + words
}

// reminders are the times left at which a wait of this length says so: half of it, and
// one minute. More often is noise where everything is read out.
func reminders(limit time.Duration) []time.Duration {
	var due []time.Duration
	for _, left := range []time.Duration{(limit / 2).Round(time.Second), time.Minute} {
		if left >= time.Minute && left < limit && (len(due) == 0 || left < due[0]) {
			due = append(due, left)
		}
	}
	return due
}

// remind fires when the first of due is what is left of left.
func (l *Lines) remind(left time.Duration, due []time.Duration) <-chan time.Time {
	if len(due) == 0 {
		return nil
	}
	return l.o.Tick(left - due[0])
}

// spoken writes a duration in words: "2 minutes 30 seconds".
func spoken(d time.Duration) string {
	d = d.Round(time.Second)
	minutes, seconds := int(d/time.Minute), int(d%time.Minute/time.Second)
	switch {
	case minutes == 0:
		return plural(seconds, "second")
	case seconds == 0:
		return plural(minutes, "minute")
	}
	return plural(minutes, "minute") + " " + plural(seconds, "second")
}
