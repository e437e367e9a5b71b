package wizard

import (
	"context"

	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/store"
)

// confirm is step 6: the person looks at org and user. A wrong one is revoked at
// Salesforce and forgotten, and the sign-in is offered again with prompt=login.
func (s *Setup) confirm(ctx context.Context) error {
	p, err := s.profile()
	if err != nil {
		return err
	}
	s.screen(6, "")
	s.sayProfile(p)
	answer, err := s.UI.Choose(ctx, Choice{ID: "confirm", Title: "Is this the right org and user?", Default: "yes", Options: []Option{
		{"yes", "Yes, go on", ""},
		{"no", "No, sign in to another one", "this one is revoked and forgotten"},
	}})
	if err != nil {
		return err
	}
	if answer == "yes" {
		s.p.Confirmed = true
		return nil
	}
	var revoking error
	err = s.UI.Wait(ctx, Waiting{ID: "forget", Title: "Revoking this connection at Salesforce …"}, func(ctx context.Context, _ <-chan struct{}) (err error) {
		revoking, err = s.Machine.Forget(ctx, s.Profile, false)
		return err
	})
	if err != nil {
		return err
	}
	s.p.Connected, s.p.Prompt = false, "login"
	if revoking != nil {
		s.UI.Say(Line{Mark: MarkWarn, Text: "Forgotten here, but it could not be revoked at Salesforce.",
			Hint: "Revoke it in that org: Setup › Connected Apps OAuth Usage."})
		return nil
	}
	s.UI.Say(Line{Mark: MarkOK, Text: "Revoked and forgotten. Salesforce will ask for user name and password now."})
	return nil
}

func (s *Setup) profile() (store.Profile, error) {
	set, err := s.Machine.File.Load()
	if err != nil {
		return store.Profile{}, err
	}
	return set.Find(s.Profile)
}

func (s *Setup) sayProfile(p store.Profile) {
	who := p.User.Username
	switch {
	case who == "":
		who = p.User.ID
	case p.User.DisplayName != "":
		who = p.User.DisplayName + " <" + p.User.Username + ">"
	}
	org := p.Org.Name
	if org != "" {
		org += ", "
	}
	s.UI.Say(Line{Mark: MarkOK, Text: "Connected as  " + who})
	s.UI.Say(Line{Text: "To            " + org + environment(p) + ", " + p.Org.ID})
	s.UI.Say(Line{Text: "Address       " + p.Org.InstanceURL})
	s.UI.Say(Line{Text: "Saved in      " + s.Machine.Secrets.Label()})
}

// environment names the kind of org: Salesforce's own word on sandboxes first,
// then what the host tells.
func environment(p store.Profile) string {
	if p.Org.IsSandbox {
		return "sandbox"
	}
	if l, err := salesforce.ParseLoginURL(p.Org.InstanceURL, salesforce.LoginOptions{TrustHost: p.TrustHost}); err == nil && l.Environment() != "" {
		return l.Environment()
	}
	return "production"
}
