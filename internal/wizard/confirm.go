package wizard

import (
	"context"
	"strings"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/store"
)

// confirm is step 6: the person looks at org and user. A wrong one is revoked at
// Salesforce, the connection before it is put back, and the sign-in is offered
// again with prompt=login.
func (s *Setup) confirm(ctx context.Context) error {
	p, err := s.profile()
	if err != nil {
		return err
	}
	s.screen(6, "")
	s.sayProfile(p)
	s.sayOtherRunAs(p)
	then := "this one is revoked and forgotten"
	if s.p.Former != nil {
		then = "this one is revoked, and the connection before it is put back"
	}
	answer, err := s.UI.Choose(ctx, Choice{ID: "confirm", Title: "Is this the right org and user?", Default: "yes", First: true, Options: []Option{
		{"yes", "Yes, go on", ""},
		{"no", s.otherOne(), then},
	}})
	if err != nil {
		return err
	}
	if answer == "yes" {
		s.p.Confirmed, s.p.Unconfirmed = true, ""
		return s.settleFormer(ctx)
	}
	return s.undo(ctx)
}

// sayOtherRunAs points out that the token is not for the user whom the admin named.
func (s *Setup) sayOtherRunAs(p store.Profile) {
	named := s.filled().Policies.RunAs
	if s.flow() != connection.FlowClientCredentials || named == "" || strings.EqualFold(named, p.User.Username) {
		return
	}
	s.UI.Say(Line{Mark: MarkWarn, Text: "You named " + named + " as Run As, and Salesforce answers as " + p.User.Username + ".",
		Hint: "If that is not meant, change Run As: " + appPath(s.filled()) + " › Policies."})
}

// undo takes the sign-in back.
func (s *Setup) undo(ctx context.Context) error {
	s.look = nil
	var gone connection.Forgotten
	err := s.UI.Wait(ctx, Waiting{ID: "forget", Title: "Revoking this connection at Salesforce …"}, func(ctx context.Context, _ <-chan struct{}) (err error) {
		gone, err = s.Machine.Undo(ctx, s.Profile, s.p.Unconfirmed, s.p.Former)
		return err
	})
	if err != nil {
		return err
	}
	here, done := "Forgotten here", "Revoked and forgotten."
	if s.p.Former != nil {
		here, done = "The connection before it is back", "Revoked. The connection before it is back."
	}
	s.p.Former, s.p.Unconfirmed = nil, ""
	s.p.Connected, s.p.Prompt = false, "login"
	if gone.RevokeErr != nil {
		s.UI.Say(Line{Mark: MarkWarn, Text: here + ", but this one could not be revoked at Salesforce.",
			Hint: "Revoke it in that org: Setup › Connected Apps OAuth Usage."})
		return nil
	}
	next := " Salesforce will ask for user name and password now."
	switch s.flow() {
	case connection.FlowClientCredentials:
		next = " Change Run As on the app's Policies tab before you go on."
	case connection.FlowJWTBearer:
		s.p.JWT.Username = ""
		next = ""
	case connection.FlowRefreshToken:
		next = ""
	}
	s.UI.Say(Line{Mark: MarkOK, Text: done + next})
	return nil
}

// otherOne names what "no" leads to.
func (s *Setup) otherOne() string {
	switch s.flow() {
	case connection.FlowClientCredentials:
		return "No, try again after a change of Run As"
	case connection.FlowJWTBearer:
		return "No, act as another user"
	case connection.FlowRefreshToken:
		return "No, take another refresh token"
	}
	return "No, sign in to another one"
}

func (s *Setup) profile() (store.Profile, error) {
	set, err := s.Machine.File.Load()
	if err != nil {
		return store.Profile{}, err
	}
	return set.Find(s.Profile)
}

func (s *Setup) sayProfile(p store.Profile) {
	org := p.Org.Name
	if org != "" {
		org += ", "
	}
	s.UI.Say(Line{Text: "Connected as  " + connection.Person(p.User)})
	s.UI.Say(Line{Text: "To            " + org + connection.OrgKind(p.Org) + ", " + p.Org.ID})
	s.UI.Say(Line{Text: "Address       " + p.Org.InstanceURL})
	s.UI.Say(Line{Text: "Saved in      " + s.Machine.In(p.StoredIn).Secrets.Label()})
}
