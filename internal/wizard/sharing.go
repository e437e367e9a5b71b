package wizard

import (
	"context"
	"errors"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/store"
)

// What may become of a refresh token that the product has too.
const (
	nextKeep   = "keep"
	nextOwn    = "own"
	nextForget = "forget"
)

// errForgotten ends a set-up whose connection was forgotten here on purpose.
var errForgotten = errors.New("forgotten")

// askSharing explains what it means that two hold one refresh token, and asks what
// becomes of sfconnect's copy.
func (s *Setup) askSharing(ctx context.Context, p store.Profile) (string, error) {
	product := s.product()
	s.screen(8, "Two hold one refresh token", sharing(upperFirst(product), p.Rotation)...)
	c := Choice{ID: "sharing", Title: "What becomes of sfconnect's copy?", Default: nextKeep, Options: []Option{
		{nextKeep, "Keep it", "sfconnect refreshes it only with --yes"},
		{nextOwn, "Sign in once more, for a refresh token of sfconnect's own", "one more of the five that a user may have with an app; a sixth ends the oldest"},
		{nextForget, "Forget it here", "it goes on living in " + product},
	}}
	if !connection.Shared(p) {
		c.Options[0].Note = "both can use it"
	}
	if !s.flow().Browser() { // nobody signs in, so there is no second token to be had
		c.Options = append(c.Options[:1], c.Options[2:]...)
	}
	return s.UI.Choose(ctx, c)
}

// sharing says what happens to a refresh token that two hold, by whether the app
// rotates refresh tokens.
func sharing(product string, r store.Rotation) []string {
	const rotates = "each refresh ends the token that was used and gives a new one to the one who asked. When the other then shows the old one, Salesforce ends both sign-ins."
	both := product + " and sfconnect have the same refresh token now."
	const held = "So sfconnect leaves it alone from here on: test, audit, token and keepalive refresh it only with --yes."
	switch r {
	case store.RotationOn:
		return []string{both + " The app rotated refresh tokens when last seen. If it still does, " + rotates, held}
	case store.RotationOff:
		return []string{both + " The app did not rotate refresh tokens when last seen, so both can live on it. If somebody turns rotation on later, " + rotates}
	}
	return []string{both + " It is not known whether the app rotates refresh tokens. If it does, " + rotates, held}
}

// forgetHere is sfconnect logout --local-only: the product goes on with the sign-in.
func (s *Setup) forgetHere(ctx context.Context) error {
	if _, err := s.Machine.Forget(ctx, s.Profile, true); err != nil {
		return err
	}
	if err := s.forgetProgress(ctx); err != nil {
		return err
	}
	s.UI.Begin(Screen{Title: "Done"})
	hint := "Sign in for sfconnect itself at any time: sfconnect init --profile " + connection.ShellWord(s.Profile)
	if s.Rehearsal {
		hint = "Set up your own org: sfconnect init"
	}
	s.UI.Say(Line{Mark: MarkOK, Text: "The sign-in is forgotten here, and lives on in " + s.product() + ".", Hint: hint})
	s.sayChecks()
	return errForgotten
}
