package connection

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/oauthflow"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// Session is a saved profile opened for calls. Its methods may be called from
// several goroutines; refreshes happen one at a time, across processes too.
type Session struct {
	m       *Machine
	name    string
	opened  time.Time // a refresh begun after this by another process serves us too
	login   salesforce.LoginURL
	profile store.Profile
}

// Open loads a profile. It reads no secret and sends nothing.
func (m *Machine) Open(name string) (*Session, error) {
	profile, err := m.load(name)
	if err != nil {
		return nil, err
	}
	login, err := salesforce.ParseLoginURL(profile.LoginURL, salesforce.LoginOptions{TrustHost: profile.TrustHost})
	if err != nil {
		return nil, err
	}
	return &Session{m: m, name: name, opened: m.Now(), login: login, profile: profile}, nil
}

func (m *Machine) load(name string) (store.Profile, error) {
	set, err := m.File.Load()
	if err != nil {
		return store.Profile{}, err
	}
	return set.Find(name)
}

// Profile is what was saved, without secrets.
func (s *Session) Profile() store.Profile { return s.profile }

// LoginURL is where the profile signs in.
func (s *Session) LoginURL() salesforce.LoginURL { return s.login }

// Token returns an access token that is known to live for at least valid, from
// the store without a network call where that holds, else a new one. With force
// it asks Salesforce, unless another process has just done so.
func (s *Session) Token(ctx context.Context, valid time.Duration, force bool) (secret.Value, error) {
	if !force {
		saved, err := s.m.cachedAccess(ctx, s.profile.ID)
		if err != nil {
			return secret.Value{}, err
		}
		if s.lives(saved, valid) {
			return saved.token, nil
		}
	}
	return s.refresh(ctx, valid, secret.Value{})
}

func (s *Session) lives(a access, valid time.Duration) bool {
	return !a.token.Empty() && !a.expires.IsZero() && a.expires.After(s.m.Now().Add(valid))
}

// SavedToken returns the access token as it was saved, however old; empty when there is none.
func (s *Session) SavedToken(ctx context.Context) (secret.Value, error) {
	saved, err := s.m.cachedAccess(ctx, s.profile.ID)
	return saved.token, err
}

// Call runs call with token; when Salesforce says that the session is over it
// refreshes once and runs it again. It returns the token that served.
func (s *Session) Call(ctx context.Context, token secret.Value, call func(secret.Value) error) (secret.Value, error) {
	err := call(token)
	var refusal *salesforce.Refusal
	if !errors.As(err, &refusal) || !refusal.Expired() || !s.profile.HasRefreshToken {
		return token, s.m.Explain(err, s.login)
	}
	fresh, err := s.refresh(ctx, 0, token)
	if err != nil {
		return token, err
	}
	return fresh, s.m.Explain(call(fresh), s.login)
}

// Explain turns the error of a typed call into a fault; nil stays nil.
func (m *Machine) Explain(err error, login salesforce.LoginURL) error {
	if err == nil {
		return nil
	}
	return m.refusal(err, login)
}

func (m *Machine) refusal(err error, login salesforce.LoginURL) *fault.Fault {
	var refusal *salesforce.Refusal
	if errors.As(err, &refusal) {
		return m.redacted(refusal.Fault(login))
	}
	return fault.From(m.network(err, login.String()))
}

// refresh is the only refresh there is: lock, read the store again, adopt what
// was fetched since this command began (unless it is dead, the token that
// Salesforce has just refused), else ask once, save the new refresh token before
// anything else happens, and only then hand the token out.
func (s *Session) refresh(ctx context.Context, valid time.Duration, dead secret.Value) (secret.Value, error) {
	release, err := s.m.lock(ctx, s.name)
	if err != nil {
		return secret.Value{}, err
	}
	defer release()
	if s.profile, err = s.m.load(s.name); err != nil {
		return secret.Value{}, err
	}
	deadline := s.m.Now().Add(siblingLimit)
	for {
		saved, err := s.m.cachedAccess(ctx, s.profile.ID)
		if err != nil {
			return secret.Value{}, err
		}
		if !saved.token.Empty() && !saved.token.Equal(dead) && saved.began.After(s.opened) && (saved.expires.IsZero() || s.lives(saved, valid)) {
			return saved.token, nil
		}
		token, err := s.refreshOnce(ctx)
		if !siblingBusy(err) || !s.m.Now().Before(deadline) {
			return token, err
		}
		if err := s.m.Sleep(ctx, time.Second); err != nil {
			return secret.Value{}, interrupted(err)
		}
	}
}

// siblingLimit is how long an answer "already being processed" is waited out.
const siblingLimit = 8 * time.Second

// siblingBusy tells Salesforce's answer to two refreshes of one token at a time
// (forcedotcom/SalesforceMobileSDK-iOS issue 3731).
func siblingBusy(err error) bool {
	var refused *oauthflow.Refused
	return errors.As(err, &refused) && strings.Contains(strings.ToLower(refused.Description), "already being processed")
}

func (s *Session) refreshOnce(ctx context.Context) (secret.Value, error) {
	app, err := s.app(ctx)
	if err != nil {
		return secret.Value{}, err
	}
	old, err := s.m.Secrets.Get(ctx, s.profile.ID, store.RefreshToken)
	if isNotFound(err) {
		return secret.Value{}, s.noRefreshToken()
	}
	if err != nil {
		return secret.Value{}, err
	}
	s.m.Redactor.Hide(old)
	began := s.m.Now()
	grant, err := s.m.flow(s.login).Refresh(ctx, app, old)
	if err != nil {
		return secret.Value{}, s.m.explain(err, salesforce.SurfaceToken, s.login, "/services/oauth2/token")
	}
	s.m.Redactor.Hide(grant.AccessToken, grant.RefreshToken)
	// From here on the old token may be dead: an interrupt must not keep the new one from being saved.
	saving := context.WithoutCancel(ctx)
	if !grant.RefreshToken.Empty() && !grant.RefreshToken.Equal(old) {
		if err := s.m.Secrets.Set(saving, s.profile.ID, store.RefreshToken, grant.RefreshToken); err != nil {
			return secret.Value{}, err
		}
	}
	if _, _, err := checkGrant(s.login, app.ConsumerSecret, grant); err != nil {
		return secret.Value{}, err
	}
	expires := s.m.expiry(ctx, s.login, app, grant.AccessToken)
	return grant.AccessToken, s.m.cacheAccess(saving, s.profile.ID, access{grant.AccessToken, expires, began})
}

func (s *Session) app(ctx context.Context) (oauthflow.App, error) {
	app := oauthflow.App{LoginURL: s.login.String(), ConsumerKey: s.profile.ConsumerKey}
	if !s.profile.HasConsumerSecret {
		return app, nil
	}
	v, err := s.m.Secrets.Get(ctx, s.profile.ID, store.ConsumerSecret)
	if isNotFound(err) {
		return app, s.gone("Consumer Secret")
	}
	s.m.Redactor.Hide(v)
	app.ConsumerSecret = v
	return app, err
}

// CheckSecrets reads what the profile needs from the store.
func (s *Session) CheckSecrets(ctx context.Context) error {
	if _, err := s.app(ctx); err != nil {
		return err
	}
	if !s.profile.HasRefreshToken {
		return nil
	}
	_, err := s.m.Secrets.Get(ctx, s.profile.ID, store.RefreshToken)
	if isNotFound(err) {
		return s.gone("refresh token")
	}
	return err
}

// CheckApp asks whether the app is known, and where one of our own callback
// lines was used, whether that line still is.
func (s *Session) CheckApp(ctx context.Context) (Verdict, error) {
	verdict, refusal, err := s.m.probe(ctx, s.login, s.profile.ConsumerKey, s.profile.CallbackURL)
	if err == nil && refusal != nil {
		err = refusal
	}
	return verdict, err
}

func (s *Session) noRefreshToken() *fault.Fault {
	f := fault.New(fault.NoRefreshToken, "token",
		fmt.Sprintf("Profile %q has no refresh token, so no new access token can be had.", s.name),
		"Sign in again: "+s.again())
	f.Exit = fault.ExitSignIn
	return f
}

func (s *Session) gone(what string) *fault.Fault {
	return fault.New(fault.StoreCorrupt, "store",
		fmt.Sprintf("The %s of profile %q is not in %s any more.", what, s.name, s.m.Secrets.Label()),
		"Somebody or something removed it there. Sign in again: "+s.again())
}

func (s *Session) again() string {
	return "sfconnect init --profile " + quoted(s.name)
}

func quoted(name string) string {
	if strings.ContainsAny(name, " \"'$\\`&|;<>()*?[]#~!") {
		return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
	}
	return name
}

func isNotFound(err error) bool { return errors.Is(err, store.ErrNotFound) }
