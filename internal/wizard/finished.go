package wizard

import (
	"context"
	"errors"
	"fmt"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/store"
)

// finished is a run on a profile that is already connected: it says so and
// changes nothing unless asked.
func (s *Setup) finished(ctx context.Context, saved store.Profile) error {
	unfinished := s.p
	if err := s.begin(); err != nil {
		return err
	}
	if unfinished != nil { // its secret waits, and its file lies there
		s.p.DraftID, s.p.Store, s.p.Former = unfinished.DraftID, unfinished.Store, unfinished.Former
	}
	s.p.Recipe, s.p.LoginURL, s.p.TrustHost, s.p.ConsumerKey = saved.Recipe, saved.LoginURL, saved.TrustHost, saved.ConsumerKey
	s.p.App = appExisting
	var err error
	if s.login, err = s.parseHost(saved.LoginURL); err != nil {
		return err
	}
	if s.openRecipe() != nil || s.recipe.Title == "" {
		s.recipe = recipe.Recipe{}
	}
	step, err := s.whatNext(ctx, saved)
	if err != nil {
		return err
	}
	switch {
	case step == stepTest:
		return s.verify(ctx)
	case step == stepHandOver && s.recipe.Title == "":
		return fault.New(fault.Usage, "input", fmt.Sprintf("There is nothing to hand over: profile %q has no integration.", s.Profile),
			"Choose one with: sfconnect init --step "+stepIntegration+s.profileFlag())
	case step == stepHandOver:
		next, err := s.giveValues(ctx)
		switch {
		case errors.Is(err, ErrBack):
			s.Step = "" // back to the question
			return s.finished(ctx, saved)
		case err != nil:
			return err
		case next == nextForget:
			return s.forgetHere(ctx)
		case next != nextOwn:
			s.sayChecks()
			return nil
		}
		step = stepSignIn
	}
	s.p.HasSecret, s.p.JWT = saved.HasConsumerSecret, saved.JWT
	s.looksFrom()
	held, err := s.keepSavedSecret(ctx, saved)
	if err != nil {
		return err
	}
	if !held {
		s.p.HasSecret = false
		s.looksFrom()
	}
	if step != "" {
		for _, st := range s.steps() {
			*st.done(s.p) = true
		}
		if err := s.goTo(step); err != nil {
			return err
		}
		if !held {
			s.p.PagesDone = s.flow() != connection.FlowJWTBearer // where the new certificate is uploaded
			s.p.KeyDone = !s.p.PagesDone
			s.p.Connected = false
		}
	}
	if err := s.save(); err != nil {
		return err
	}
	return s.walk(ctx)
}

// whatNext gives the step to do again; "" is every one.
func (s *Setup) whatNext(ctx context.Context, saved store.Profile) (string, error) {
	if s.Step != "" || s.FromStart {
		return s.Step, nil
	}
	c := Choice{ID: "finished", Title: "What would you like to do?", Default: "verify", First: true, Options: []Option{
		{"verify", "Verify it", "the connectivity test"},
		{"values", "See the values to hand over", ""},
		{"authorize", "Sign in again", "same app, same org and user"},
		{"change", "Change it", "every step again, with your answers filled in"},
	}}
	if s.recipe.Title == "" {
		c.Options = append(c.Options[:1:1], c.Options[2:]...)
	}
	if s.wantsOther() {
		c.Default = "change"
	}
	s.UI.Begin(Screen{Title: "Profile " + s.Profile, Intro: []string{"This set-up is finished. Nothing is changed unless you choose so."}})
	s.sayProfile(saved)
	if s.recipe.Title != "" {
		s.UI.Say(Line{Text: "Integration   " + s.appName()})
	}
	answer, err := s.UI.Choose(ctx, c)
	return map[string]string{"verify": stepTest, "values": stepHandOver, "authorize": stepSignIn}[answer], err
}

// verify tests a finished profile once. Its failure is the run's.
func (s *Setup) verify(ctx context.Context) error {
	s.UI.Begin(Screen{Title: "Test of profile " + s.Profile})
	result, err := s.testOnce(ctx)
	if err != nil {
		return err
	}
	if result.Fault != nil {
		return result.Fault
	}
	s.UI.Say(Line{Mark: MarkOK, Text: "All is well."})
	return nil
}

// keepSavedSecret copies the profile's secret to the draft, where every sign-in
// of the wizard takes it from. held is false when it is gone and is to be entered
// again.
func (s *Setup) keepSavedSecret(ctx context.Context, saved store.Profile) (held bool, err error) {
	if connection.Flow(saved.Flow) == connection.FlowJWTBearer {
		s.p.JWT = saved.JWT
		return s.keepSavedKey(ctx, saved)
	}
	if !saved.HasConsumerSecret {
		return true, nil
	}
	v, err := s.Machine.In(saved.StoredIn).Secrets.Get(ctx, saved.ID, store.ConsumerSecret)
	if errors.Is(err, store.ErrNotFound) {
		s.saySecretGone(s.Machine.In(saved.StoredIn).Secrets)
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, s.keepSecret(ctx, v)
}

// keepSavedKey is keepSavedSecret for the private key of the JWT bearer flow.
func (s *Setup) keepSavedKey(ctx context.Context, saved store.Profile) (held bool, err error) {
	v, err := s.Machine.In(saved.StoredIn).Secrets.Get(ctx, saved.ID, store.PrivateKey)
	if errors.Is(err, store.ErrNotFound) {
		s.UI.Say(Line{Mark: MarkWarn, Text: "The private key is no longer in " + s.Machine.In(saved.StoredIn).Secrets.Label() + ".", Hint: "A new one is made, with a new certificate to upload."})
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, s.Machine.SaveDraft(ctx, s.p.DraftID, store.PrivateKey, v)
}

func (s *Setup) saySecretGone(from *store.Secrets) {
	s.UI.Say(Line{Mark: MarkWarn, Text: "The Consumer Secret is no longer in " + from.Label() + ".", Hint: "Enter it again."})
}
