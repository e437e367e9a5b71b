package wizard

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
)

// The names of the steps, as --step takes them.
const (
	stepIntegration = "integration"
	stepLoginURL    = "login-url"
	stepApp         = "app"
	stepKey         = "key"
	stepSignIn      = "sign-in"
	stepConfirm     = "confirm"
	stepTest        = "test"
	stepHandOver    = "hand-over"
)

// StepNames lists the names of the steps in their order; their numbers, from 1, serve
// as well.
func StepNames() []string {
	return []string{stepIntegration, stepLoginURL, stepApp, stepKey, stepSignIn, stepConfirm, stepTest, stepHandOver}
}

// step is one of the eight. done is where the progress holds that it is finished; back
// says that a person may return to it.
type step struct {
	name, title string
	done        func(p *progress) *bool
	run         func(ctx context.Context) error
	back        bool
}

func (s *Setup) steps() []step {
	create, signIn := "Create the app in Salesforce", "Connect"
	if s.p.App == appExisting {
		create = "Compare the app in Salesforce"
	}
	if s.flow().Browser() {
		signIn = "Sign in"
	}
	return []step{
		{stepIntegration, "Choose the integration", func(p *progress) *bool { return &p.RecipeDone }, s.chooseIntegration, true},
		{stepLoginURL, "Your Salesforce login URL", func(p *progress) *bool { return &p.LoginDone }, s.askLoginURL, true},
		{stepApp, create, func(p *progress) *bool { return &p.PagesDone }, s.createApp, true},
		{stepKey, "Consumer Key and Secret", func(p *progress) *bool { return &p.KeyDone }, s.askCredentials, true},
		{stepSignIn, signIn, func(p *progress) *bool { return &p.Connected }, s.signIn, false},
		{stepConfirm, "Is this the right org?", func(p *progress) *bool { return &p.Confirmed }, s.confirm, false},
		{stepTest, "Test the connection", func(p *progress) *bool { return &p.Tested }, s.test, true},
		{stepHandOver, "Hand over", func(p *progress) *bool { return &p.HandedOver }, s.handOver, true},
	}
}

func (s *Setup) firstOpen(steps []step) int {
	for i, st := range steps {
		if !*st.done(s.p) {
			return i
		}
	}
	return len(steps)
}

// StepName gives the name of a step that is given by its name or its number. An
// unknown one is a fault with code usage.
func StepName(nameOrNumber string) (string, error) {
	names := StepNames()
	if n, err := strconv.Atoi(nameOrNumber); err == nil && n >= 1 && n <= len(names) {
		return names[n-1], nil
	}
	for _, name := range names {
		if name == nameOrNumber {
			return name, nil
		}
	}
	return "", fault.New(fault.Usage, "input", fmt.Sprintf("There is no step %q.", nameOrNumber),
		fmt.Sprintf("The steps are, by name or by number from 1 to %d: %s.", len(names), strings.Join(names, ", ")))
}

// goTo opens the step that was asked for again, and those that follow from it. It is
// refused where an earlier step is not done.
func (s *Setup) goTo(name string) error {
	for i, st := range s.steps() {
		if st.name != name {
			if !*st.done(s.p) {
				return fault.New(fault.Usage, "input", fmt.Sprintf("The step %q cannot be done yet: it needs step %d (%s) first: %s.", name, i+1, st.name, st.title),
					"Go on there with: sfconnect init --step "+st.name+s.profileFlag())
			}
			continue
		}
		*st.done(s.p) = false
		break
	}
	switch name {
	case stepApp:
		s.p.Pages = nil
	case stepKey:
		s.p.Connected, s.p.Confirmed, s.p.Tested, s.p.HandedOver = false, false, false, false
	case stepSignIn:
		s.p.Connected, s.p.Confirmed, s.p.Tested = false, false, false
	}
	return nil
}

// profileFlag names the profile in a command, unless it is the one that every command takes.
func (s *Setup) profileFlag() string { return connection.ProfileFlag(s.Machine.File, s.Profile) }
