package wizard

import (
	"context"
	"errors"
	"fmt"
	"time"

	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/store"
)

// welcomeBack goes on with an unfinished set-up, or starts it over.
func (s *Setup) welcomeBack(ctx context.Context, saved store.Profile) error {
	if s.p.RecipeDone {
		if err := s.openRecipe(); err != nil || s.wantsOther() {
			s.p.RecipeDone = false
		}
	}
	if s.p.LoginDone {
		var err error
		s.login, err = s.parseHost(s.p.LoginURL)
		wanted, other := s.parseHost(s.Preset["login_url"])
		if err != nil || other == nil && wanted.String() != s.login.String() {
			s.p.LoginDone = false
		}
	}
	// A crash between saving the profile and saving the progress.
	if !s.p.Connected && s.signedInAlready(saved) {
		s.p.Connected, s.p.Unconfirmed = true, saved.ID
	}
	// Logged out, or taken back, or replaced by another command meanwhile.
	if s.p.Connected && (saved.ID == "" || s.p.Unconfirmed != "" && s.p.Unconfirmed != saved.ID) {
		s.p.Connected, s.p.Confirmed, s.p.Tested, s.p.HandedOver = false, false, false, false
	}
	return s.askResume(ctx, saved)
}

// wantsOther reports whether another recipe, variant or answer is asked for than the
// progress has.
func (s *Setup) wantsOther() bool {
	for id, value := range s.Given {
		if s.p.Recipe.Inputs[id] != value {
			return true
		}
	}
	if s.RecipeID != "" {
		all, _ := s.Recipes()
		if r, err := known(all, s.RecipeID); err != nil || r.Text != s.p.Recipe.Source {
			return true
		}
	}
	return s.Variant != "" && s.Variant != s.p.Recipe.Inputs[recipe.VariantAnswer]
}

func (s *Setup) askResume(ctx context.Context, saved store.Profile) error {
	done := s.firstOpen(s.steps())
	answer, err := "continue", error(nil)
	switch {
	case s.Step != "":
		if err := s.goTo(s.Step); err != nil {
			return err
		}
	case s.FromStart:
		answer = "restart"
	case done == 0 && saved.ID == "":
		if s.p.Recipe.ID != "" {
			s.UI.Begin(Screen{Title: "Profile " + s.Profile})
			s.UI.Say(Line{Mark: MarkOK, Text: "Welcome back: this set-up was begun. What you answered stands there already."})
		}
		return nil
	default:
		if answer, err = s.whereToGoOn(ctx, saved, done); err != nil {
			return err
		}
	}
	switch answer {
	case "discard":
		return errDiscard
	case "restart":
		s.p.RecipeDone, s.p.LoginDone, s.p.SignInSince = false, false, time.Time{}
		if s.p.PagesDone {
			s.p.App = appExisting // made the first time
		}
		s.lookAgain()
	}
	return s.save()
}

// whereToGoOn asks; done steps are finished.
func (s *Setup) whereToGoOn(ctx context.Context, saved store.Profile, done int) (string, error) {
	c := Choice{ID: "resume", Title: "Go on where you were?", Default: "continue", First: true, Options: []Option{
		{"continue", "Go on", ""},
		{"restart", "Look at every step again", "your answers are kept as suggestions"},
	}}
	text := "Welcome back: this set-up was begun."
	switch {
	case done == 1:
		text = "Welcome back: step 1 is done."
	case done > 1:
		text = fmt.Sprintf("Welcome back: steps 1-%d are done.", done)
	}
	switch {
	case saved.ID == "":
		c.Options = append(c.Options, Option{"discard", "Forget it", "your answers and the secret that waits in the store"})
	case !s.p.Connected:
		c.Options = append(c.Options, Option{"discard", "Forget these changes", "the saved connection stays as it is"})
	}
	s.UI.Begin(Screen{Title: "Profile " + s.Profile})
	s.UI.Say(Line{Mark: MarkOK, Text: text})
	return s.UI.Choose(ctx, c)
}

// errDiscard ends an unfinished set-up, or an unfinished change of a saved profile.
var errDiscard = errors.New("discard")

// discarded goes on after the progress was forgotten.
func (s *Setup) discarded(ctx context.Context, saved store.Profile) error {
	if s.p = nil; saved.ID != "" {
		return s.finished(ctx, saved)
	}
	s.UI.Say(Line{Mark: MarkOK, Text: "The unfinished set-up is forgotten. Nothing of it is kept.", Hint: "sfconnect init   begin anew"})
	return nil
}

// signedInAlready tells that the last sign-in was saved: the profile is neither
// the one before it nor the one that an earlier sign-in of this set-up made.
func (s *Setup) signedInAlready(saved store.Profile) bool {
	if s.p.Former != nil && s.p.Former.ID == saved.ID || s.p.Unconfirmed == saved.ID {
		return false
	}
	return saved.ID != "" && !s.p.SignInSince.IsZero() && saved.ConsumerKey == s.p.ConsumerKey &&
		!saved.UpdatedAt.Before(s.p.SignInSince)
}
