package wizard

import (
	"context"
	"errors"
	"fmt"
	"time"

	"example.com/sfconnect/internal/check"
	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/salesforce"
)

// askLoginURL is step 2: normalise, say what was changed, see that it answers.
func (s *Setup) askLoginURL(ctx context.Context) error {
	best := "Your own My Domain address is best: sfconnect can then open the right Setup pages for you. https://login.salesforce.com works too."
	if s.needsMyDomain() {
		best = "It must be your own My Domain address here, not https://login.salesforce.com."
	}
	s.screen(2, "", "The address of your org, as the browser shows it when you are signed in. Any page of the org will do.", best)
	suggestion := s.preset("login_url", s.p.LoginURL)
	for {
		raw, err := s.UI.Ask(ctx, Question{
			ID: "login_url", Title: "Salesforce login URL", Default: suggestion, Hint: "https://acme.my.salesforce.com",
			Check: func(raw string) error { _, err := s.parseLogin(raw); return asSentence(err) },
		})
		if err != nil {
			return err
		}
		login, err := s.parseLogin(raw)
		if err != nil {
			return err
		}
		if login.Change() != "" {
			s.UI.Say(Line{Mark: MarkNote, Text: login.Change()})
		}
		for again := true; again; {
			err := s.probeLogin(ctx, login)
			if err == nil {
				s.takeLogin(login)
				return nil
			}
			if err := s.fail(ctx, err); err != nil {
				return err
			}
			answer, err := s.UI.Choose(ctx, Choice{ID: "login_url_failed", Title: "What now?", Options: []Option{
				{"again", "Try again", ""},
				{"change", "Enter another address", ""},
			}})
			if err != nil {
				return err
			}
			again = answer == "again"
		}
		suggestion = raw
	}
}

// parseHost reads a login URL. --trust-host is for this run; where it was given
// before, it holds for the address that it was given for and for no other.
func (s *Setup) parseHost(raw string) (salesforce.LoginURL, error) {
	login, err := salesforce.ParseLoginURL(raw, salesforce.LoginOptions{TrustHost: s.TrustHost})
	if err == nil || !s.p.TrustHost {
		return login, err
	}
	trusted, no := salesforce.ParseLoginURL(raw, salesforce.LoginOptions{TrustHost: true})
	if no == nil && trusted.String() == s.p.LoginURL {
		return trusted, nil
	}
	return login, err
}

func (s *Setup) parseLogin(raw string) (salesforce.LoginURL, error) {
	login, err := s.parseHost(raw)
	if err != nil {
		return login, err
	}
	if login.Kind() == salesforce.KindGeneric && s.needsMyDomain() {
		return login, errors.New(upperFirst(s.product()) + " needs your own My Domain address, such as https://acme.my.salesforce.com. You find it in Setup › My Domain.")
	}
	return login, nil
}

// needsMyDomain reports whether Salesforce's generic hosts will not do.
func (s *Setup) needsMyDomain() bool {
	return s.recipe.Authorize.Host == "my_domain" || s.recipe.Uses("my_domain") || s.recipe.Uses("subdomain") || s.flow() == connection.FlowClientCredentials
}

// takeLogin accepts the address. Another org than before needs another app.
func (s *Setup) takeLogin(login salesforce.LoginURL) {
	if s.p.LoginURL != "" && s.p.LoginURL != login.String() {
		s.forgetApp()
	}
	s.login, s.p.LoginURL, s.p.TrustHost, s.p.LoginDone = login, login.String(), login.Kind() == salesforce.KindTrusted, true
}

// nobodysKey has the form of a Consumer Key and belongs to no app: asking for it
// shows whether the login endpoint itself answers, without touching any app.
const nobodysKey = "3MVG9.sfconnect.asks.whether.this.is.a.login.address.and.belongs.to.no.app.at.all.zz"

// probeLogin asks the same endpoint that the sign-in will use.
func (s *Setup) probeLogin(ctx context.Context, login salesforce.LoginURL) error {
	var took time.Duration
	err := s.UI.Wait(ctx, Waiting{ID: "check_login_url", Title: "Asking " + login.Host() + " …"}, func(ctx context.Context, _ <-chan struct{}) error {
		began := s.Machine.Now()
		_, err := s.Machine.CheckApp(ctx, login, nobodysKey, connection.DefaultCallbacks()[:1])
		took = s.Machine.Now().Sub(began)
		return err
	})
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s answers in %s", login, check.Took(took))
	if env := login.Environment(); env != "" {
		text += ", " + env
	}
	if login.Kind() == salesforce.KindMyDomain {
		text += ", My Domain"
	}
	s.UI.Say(Line{Mark: MarkOK, Text: text + "."})
	if login.Kind() == salesforce.KindGeneric {
		s.UI.Say(Line{Mark: MarkNote, Text: "On this address the browser decides which org you sign in to. You confirm the org before anything else happens."})
	}
	return nil
}
