package wizard

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
)

// A new app, or a new callback line, is known everywhere within ten minutes
// (vendors' guides say two to ten). Asking more often than this helps nobody.
const (
	propagation = 10 * time.Minute
	pollEvery   = 15 * time.Second
)

// appVerdict is how a check of the app ended.
type appVerdict int

const (
	appAccepted appVerdict = iota
	appReenter             // key or secret are to be entered again
)

// codeUnknownKey is Salesforce's answer to a key that it does not know, or not yet.
const codeUnknownKey = "invalid_client_id"

// checkApp asks Salesforce about the key and every callback line before any
// browser opens, and lets the person wait, mend or go back.
func (s *Setup) checkApp(ctx context.Context) (appVerdict, error) {
	for {
		found, err := s.askApp(ctx)
		var answer string
		switch {
		case err != nil:
			if err := s.fail(ctx, err); err != nil {
				return 0, err
			}
			answer, err = s.UI.Choose(ctx, Choice{ID: "check_failed", Title: "What now?", Options: []Option{
				{"again", "Try again", ""},
				s.enterAgain("change"),
			}})
		case found.Key == connection.Refused:
			answer, err = s.keyRefused(ctx, found.Fault)
		default:
			answer, err = s.sayCallbacks(ctx, found)
		}
		if err != nil {
			return 0, err
		}
		switch answer {
		case "accept":
			return appAccepted, nil
		case "change":
			return appReenter, nil
		case "wait":
			if err := s.waitForApp(ctx, found.Key == connection.Refused); err != nil {
				return 0, err
			}
		}
	}
}

// callbackLines are all that the app should know: the vendor's and ours.
func (s *Setup) callbackLines() []string {
	if s.flow().NeedsNobody() {
		return nil // what the form was given there is used by nobody
	}
	r := s.filled()
	if r.CallbackUse == "unused" {
		r.CallbackURLs = nil // any line will do
	}
	var lines []string
	for _, l := range slices.Concat(r.CallbackURLs, s.callbacks()) {
		if !slices.Contains(lines, l) {
			lines = append(lines, l)
		}
	}
	return lines
}

func (s *Setup) askApp(ctx context.Context) (found connection.AppCheck, err error) {
	w := Waiting{ID: "check_app", Title: "Asking Salesforce about this key …"}
	err = s.UI.Wait(ctx, w, func(ctx context.Context, _ <-chan struct{}) (err error) {
		found, err = s.lookAtApp(ctx)
		return err
	})
	return found, err
}

func (s *Setup) lookAtApp(ctx context.Context) (connection.AppCheck, error) {
	lines := s.callbackLines()
	if len(lines) == 0 {
		return s.Machine.CheckKey(ctx, s.login, s.p.ConsumerKey)
	}
	return s.Machine.CheckApp(ctx, s.login, s.p.ConsumerKey, lines)
}

// sayPKCE tells whether a sign-in without PKCE is refused, as it should be. It
// never stops anybody: what cannot be told is not said.
func (s *Setup) sayPKCE(ctx context.Context, found connection.AppCheck) error {
	i := slices.IndexFunc(found.Callbacks, func(c connection.CallbackCheck) bool { return c.Verdict == connection.Known })
	if i < 0 {
		return nil
	}
	verdict, err := s.Machine.CheckPKCE(ctx, s.login, s.p.ConsumerKey, found.Callbacks[i].URL)
	switch wanted := s.filled().Switches["pkce_required"]; {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return nil
	case verdict == connection.Refused && wanted == recipe.SwitchOff:
		s.UI.Say(Line{Mark: MarkNote, Text: "A sign-in without PKCE is refused: the box is ticked, or your org demands it. That is the safer way, if the product can do it."})
	case verdict == connection.Refused:
		s.UI.Say(Line{Mark: MarkOK, Text: "A sign-in without PKCE is refused, as it should be."})
	case verdict == connection.Known && wanted == recipe.SwitchOn:
		s.UI.Say(Line{Mark: MarkWarn, Text: "A sign-in without PKCE is not refused.", Hint: "Tick Require Proof Key for Code Exchange (PKCE) in the app: " + appPath(s.filled()) + " › Settings › OAuth Settings."})
	}
	return nil
}

func (s *Setup) keyRefused(ctx context.Context, f *fault.Fault) (string, error) {
	s.last = f
	options := []Option{
		{"again", "Check again", ""},
		s.enterAgain("change"),
	}
	if f.Code == codeUnknownKey {
		s.UI.Say(Line{Mark: MarkWarn, Text: "Salesforce does not know this key on " + s.login.Host() + " yet.",
			Hint: "A new app takes up to 10 minutes to be known. If yours is older, compare the key, and see that the login URL belongs to the same org."})
		options = append([]Option{{"wait", "Wait for it", "up to 10 minutes, asking every 15 seconds"}}, options...)
		if _, odd, _ := salesforce.CleanKey(s.p.ConsumerKey); odd != "" {
			slices.Reverse(options) // waiting will hardly make this key a known one
		}
	} else {
		s.UI.Say(Line{Mark: MarkFail, Text: f.Message, Hint: f.Hint})
	}
	return s.UI.Choose(ctx, Choice{ID: "key_refused", Title: "What now?", Options: options})
}

// sayCallbacks shows a verdict per line. A refused line is never the end: the
// person may wait for it, or go on where one of ours is usable.
func (s *Setup) sayCallbacks(ctx context.Context, found connection.AppCheck) (string, error) {
	if found.Key == connection.Known {
		s.UI.Say(Line{Mark: MarkOK, Text: "Salesforce knows this key on " + s.login.Host() + "."})
	} else {
		s.UI.Say(Line{Mark: MarkWarn, Text: "Salesforce's answer does not tell whether it knows this key. The sign-in will show it."})
	}
	var missing []string
	usable := false
	if err := s.sayPKCE(ctx, found); err != nil {
		return "", err
	}
	for _, c := range found.Callbacks {
		line := Line{Mark: MarkOK, Text: "Callback " + c.URL + "  registered"}
		switch c.Verdict {
		case connection.Refused:
			line = Line{Mark: MarkFail, Text: "Callback " + c.URL + "  not registered"}
			missing = append(missing, c.URL)
		case connection.Unclear:
			line = Line{Mark: MarkWarn, Text: "Callback " + c.URL + "  no clear answer"}
		}
		if c.Verdict != connection.Refused && slices.Contains(s.signInLines(), c.URL) {
			usable = true
		}
		s.UI.Say(line)
	}
	if len(missing) == 0 {
		return "accept", nil
	}
	s.UI.Say(Line{Mark: MarkNote, Text: "Add to Callback URL in the app, each on a line of its own, then Save:", Hint: strings.Join(missing, "\n")})
	s.last = found.Fault
	options := []Option{
		{"again", "Check again", ""},
		{"wait", "Wait for it", "a change takes up to 10 minutes to be known"},
	}
	if usable {
		options = append(options, Option{"accept", "Go on without", "sfconnect can sign in with the lines that are registered"})
	}
	options = append(options, s.enterAgain("change"))
	return s.UI.Choose(ctx, Choice{ID: "callbacks_missing", Title: "What now?", Options: options})
}

// errStillUnknown ends the wait after ten minutes.
var errStillUnknown = errors.New("still unknown")

// waitForApp polls until Salesforce knows the key (or, where it does, all lines).
func (s *Setup) waitForApp(ctx context.Context, forKey bool) error {
	w := Waiting{ID: "wait_for_app", Title: "Salesforce does not know this key yet. New apps take up to 10 minutes.",
		Lines: []string{"Asking every 15 seconds. You may leave and come back: your progress is kept."},
		Limit: propagation, Again: "Check again now"}
	if !forKey {
		w.Title = "Salesforce does not know every callback line yet. Changes take up to 10 minutes."
	}
	err := s.UI.Wait(ctx, w, func(ctx context.Context, again <-chan struct{}) error {
		end := s.Machine.Now().Add(propagation)
		for {
			left := end.Sub(s.Machine.Now())
			if left <= 0 {
				return errStillUnknown
			}
			if err := s.pause(ctx, min(pollEvery, left), again); err != nil {
				return err
			}
			found, err := s.lookAtApp(ctx)
			if err != nil {
				return err
			}
			refused := func(c connection.CallbackCheck) bool { return c.Verdict == connection.Refused }
			if found.Key != connection.Refused && (forKey || !slices.ContainsFunc(found.Callbacks, refused)) {
				return nil
			}
		}
	})
	if errors.Is(err, errStillUnknown) {
		s.UI.Say(Line{Mark: MarkWarn, Text: fmt.Sprintf("Still not known after %d minutes.", int(propagation.Minutes())),
			Hint: "Then it is probably something else: compare key and callback lines with the app, and see that the login URL belongs to the same org."})
		return nil
	}
	if err != nil {
		return s.fail(ctx, err)
	}
	return nil
}

// pause waits for d, or until a value comes on again.
func (s *Setup) pause(ctx context.Context, d time.Duration, again <-chan struct{}) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	slept := make(chan error, 1)
	go func() { slept <- s.Machine.Sleep(ctx, d) }()
	select {
	case err := <-slept:
		return err
	case <-again:
		return nil
	}
}
