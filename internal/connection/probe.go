package connection

import (
	"context"
	"errors"
	"net/url"
	"time"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/oauthflow"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
)

// Prober asks Salesforce about an app without changing anything: every request is
// made to be refused, and how it is refused tells. Its methods may be called from
// several goroutines.
type Prober struct {
	s        *Session
	at       place
	app      oauthflow.App // at the login URL
	own      oauthflow.App // at the org's own host
	saved    secret.Value  // the profile's access token, which no probe may end
	invented oauthflow.App // a key and a secret that nobody has
}

// Prober prepares the probes of a profile. Without secrets nothing is read from the
// store, and the trials that carry the Consumer Secret cannot be made.
func (s *Session) Prober(ctx context.Context, secrets bool) (*Prober, error) {
	p := &Prober{s: s, at: s.now()}
	p.app = oauthflow.App{LoginURL: p.at.login.String(), ConsumerKey: p.at.profile.ConsumerKey}
	if secrets {
		var err error
		if p.app, err = s.app(ctx, p.at); err != nil {
			return nil, err
		}
		if p.saved, err = s.SavedToken(ctx); err != nil {
			return nil, err
		}
	}
	p.own = p.app
	if instance := p.at.profile.Org.InstanceURL; instance != "" {
		p.own.LoginURL = instance
	}
	flow := s.m.flow(p.at.login)
	key, err := flow.Invented("3MVG9", max(len(p.app.ConsumerKey), 10))
	if err != nil {
		return nil, err
	}
	p.invented.ConsumerKey = key.Reveal()
	p.invented.ConsumerSecret, err = flow.Invented("", 64)
	return p, err
}

// HasSecret reports whether the Consumer Secret is at hand.
func (p *Prober) HasSecret() bool { return !p.app.ConsumerSecret.Empty() }

// Callback asks without a login whether the app knows a callback line; "" asks
// about the key alone. refusal says why not. The error is that of CheckApp.
func (p *Prober) Callback(ctx context.Context, line string) (verdict Verdict, refusal *fault.Fault, err error) {
	return p.s.m.probe(ctx, p.at.login, p.app.ConsumerKey, line)
}

// PKCE is CheckPKCE; callback must be one that the app knows.
func (p *Prober) PKCE(ctx context.Context, callback string) (Verdict, error) {
	return p.s.m.CheckPKCE(ctx, p.at.login, p.app.ConsumerKey, callback)
}

// Outcome is how a trial was answered.
type Outcome string

// The outcomes of a trial.
const (
	OutcomeNone    Outcome = ""        // there was no answer of Salesforce's, or nothing was asked
	OutcomeRefused Outcome = "refused" // Code and Description say with which words
	OutcomeDevice  Outcome = "device"  // a device code came; it is no token and ends by itself
	OutcomeGranted Outcome = "granted" // a token came
)

// Tried is the answer to one trial.
type Tried struct {
	Outcome           Outcome
	Code, Description string       // of a refusal, redacted
	Fault             *fault.Fault // what a refusal means, or why there was no answer
	Revoked           bool         // the token that came was ended at once
	Own               bool         // it is the profile's saved one, and was left alone
	RevokeFault       *fault.Fault // why it could not be ended
}

// Try makes one trial. A token that comes is revoked before Try returns, also where
// ctx ends meanwhile, unless it is the very session that the profile has saved.
func (p *Prober) Try(ctx context.Context, t Trial) Tried {
	app := p.app
	if t.OwnHost {
		app = p.own
	}
	if t.Stranger {
		app.ConsumerKey = p.invented.ConsumerKey
	}
	form, err := t.form(p, app)
	if err != nil {
		return Tried{Fault: fault.From(err)}
	}
	form.Set("client_id", app.ConsumerKey)
	switch t.Secret {
	case SecretRight:
		form.Set("client_secret", app.ConsumerSecret.Reveal())
	case SecretInvented:
		form.Set("client_secret", p.invented.ConsumerSecret.Reveal())
	}
	if t.Anonymous {
		form.Del("client_id")
	}
	if t.Grants { // a token that is under way must be seen, to be revoked
		ctx = context.WithoutCancel(ctx)
	}
	given, err := p.s.m.flow(p.at.login).Trial(ctx, app, form)
	var refused *oauthflow.Refused
	switch {
	case errors.As(err, &refused):
		redact := p.s.m.Redactor.Redact
		return Tried{
			Outcome: OutcomeRefused, Code: redact(refused.Code), Description: redact(refused.Description),
			Fault: p.s.m.refused(t.surface(), refused.Code, refused.Description, p.at.login),
		}
	case err != nil:
		return Tried{Fault: fault.From(p.s.m.explain(err, t.surface(), p.at.login, tokenPath))}
	case given.Device:
		return Tried{Outcome: OutcomeDevice}
	}
	return p.end(context.WithoutCancel(ctx), app, given.Grant)
}

// end revokes a token that no probe should have been given.
func (p *Prober) end(ctx context.Context, app oauthflow.App, grant oauthflow.Grant) Tried {
	p.s.m.Redactor.Hide(grant.AccessToken, grant.RefreshToken)
	out := Tried{Outcome: OutcomeGranted}
	token := grant.RefreshToken
	if token.Empty() {
		token = grant.AccessToken
	}
	if !p.saved.Empty() && token.Equal(p.saved) {
		out.Own = true
		return out
	}
	out.RevokeFault = p.revoke(ctx, app, token)
	out.Revoked = out.RevokeFault == nil
	return out
}

func (p *Prober) revoke(ctx context.Context, app oauthflow.App, token secret.Value) *fault.Fault {
	bounded, cancel := context.WithTimeout(ctx, revokeTrialLimit)
	defer cancel()
	err := p.s.m.flow(p.at.login).Revoke(bounded, app, token)
	if err == nil {
		return nil
	}
	return fault.From(p.s.m.explain(err, salesforce.SurfaceRevoke, p.at.login, revokePath))
}

// End revokes an access token that Session.Renew gave and nobody keeps, also where
// ctx has ended. It must not be the saved one. The fault says why it lives on.
func (p *Prober) End(ctx context.Context, token secret.Value) *fault.Fault {
	return p.revoke(context.WithoutCancel(ctx), p.app, token)
}

// revokeTrialLimit bounds how long ending a token may take.
const revokeTrialLimit = 15 * time.Second

// values is a form of pairs.
func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}
