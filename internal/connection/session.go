package connection

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
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
	m      *Machine
	name   string
	opened time.Time // a refresh begun after this by another process serves us too

	mu  sync.Mutex // guards the rest, which a refresh reads or learns anew
	at  place
	saw *GrantFacts

	lost secret.Value
}

// place is a profile with where it signs in.
type place struct {
	profile store.Profile
	login   salesforce.LoginURL
}

// Open loads a profile. It reads no secret and sends nothing.
func (m *Machine) Open(name string) (*Session, error) {
	at, err := m.load(name)
	if err != nil {
		return nil, err
	}
	return &Session{m: m, name: name, opened: m.Now(), at: at}, nil
}

func (m *Machine) load(name string) (place, error) {
	set, err := m.File.Load()
	if err != nil {
		return place{}, err
	}
	profile, err := set.Find(name)
	if err != nil {
		return place{}, err
	}
	login, err := salesforce.ParseLoginURL(profile.LoginURL, salesforce.LoginOptions{TrustHost: profile.TrustHost})
	return place{profile, login}, err
}

func (s *Session) now() place {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at
}

func (s *Session) set(at place) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = at
}

// Profile is what is saved, without secrets.
func (s *Session) Profile() store.Profile { return s.now().profile }

// LoginURL is where the profile signs in.
func (s *Session) LoginURL() salesforce.LoginURL { return s.now().login }

// Token returns an access token that is known to live for at least valid, from
// the store without a network call where that holds, else a new one. With force
// it asks Salesforce, unless another process has just done so. expires is when it
// ends, zero when that is not known; a new token may end before valid is over,
// because the org's session timeout decides.
func (s *Session) Token(ctx context.Context, valid time.Duration, force bool) (token secret.Value, expires time.Time, err error) {
	if !force {
		p := s.Profile()
		saved, err := s.m.of(p).cachedAccess(ctx, p.ID)
		if err != nil {
			return secret.Value{}, time.Time{}, err
		}
		if s.lives(saved, valid) {
			return saved.token, saved.expires, nil
		}
	}
	fresh, err := s.refresh(ctx, secret.Value{}, keep)
	return fresh.token, fresh.expires, err
}

// Renew asks Salesforce for a new access token and does not keep it: for who wants
// to know that it can be had. It costs no question for its end and no write but that
// of a rotated refresh token.
func (s *Session) Renew(ctx context.Context) (secret.Value, error) {
	fresh, err := s.refresh(ctx, secret.Value{}, drop)
	return fresh.token, err
}

func (s *Session) lives(a access, valid time.Duration) bool {
	return !a.token.Empty() && !a.expires.IsZero() && a.expires.After(s.m.Now().Add(valid))
}

// SavedToken returns the access token as it was saved, however old; empty when there is none.
func (s *Session) SavedToken(ctx context.Context) (secret.Value, error) {
	p := s.Profile()
	saved, err := s.m.of(p).cachedAccess(ctx, p.ID)
	return saved.token, err
}

// Call runs call with token; when Salesforce says that the session is over it
// refreshes once and runs it again. It returns the token that served.
func (s *Session) Call(ctx context.Context, token secret.Value, call func(secret.Value) error) (secret.Value, error) {
	err := call(token)
	var refusal *salesforce.Refusal
	if !errors.As(err, &refusal) || !refusal.Expired() || !Renewable(s.Profile()) {
		return token, s.explain(err)
	}
	fresh, err := s.refresh(ctx, token, keep)
	if err != nil {
		return token, err
	}
	return fresh.token, s.explain(call(fresh.token))
}

// explain is Machine.Explain about this profile.
func (s *Session) explain(err error) error { return s.named(s.m.Explain(err, s.LoginURL())) }

// named puts the profile into the commands that sign in again, unless it is the default.
func (s *Session) named(err error) error {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return err
	}
	set, loadErr := s.m.File.Load()
	if loadErr != nil || set.Default == s.name {
		return err
	}
	g, flag := *f, " --profile "+ShellWord(s.name)
	var commands []string
	for command := range strings.SplitSeq(salesforce.SignInAgain, ", ") {
		commands = append(commands, command+flag)
	}
	g.Hint = strings.ReplaceAll(f.Hint, salesforce.SignInAgain, strings.Join(commands, ", "))
	return &g
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
		return m.refused(refusal.Surface, refusal.Code, refusal.Description, login).Because(err)
	}
	return fault.From(m.network(err, login.String()))
}

// refresh is the only refresh there is: lock, read profile and store again, adopt
// what was fetched since this command began (unless it is dead, the token that
// Salesforce has just refused), else ask once, save the new refresh token before
// anything else happens, and only then hand the token out. A refresh token that
// somebody else may live on is left alone (see Shared) unless RefreshShared is set.
func (s *Session) refresh(ctx context.Context, dead secret.Value, then fate) (access, error) {
	release, err := s.m.of(s.Profile()).lock(ctx, s.name)
	if err != nil {
		return access{}, err
	}
	defer release()
	at, err := s.m.load(s.name)
	if err != nil {
		return access{}, err
	}
	s.set(at)
	if err := s.bringBack(ctx, at); err != nil {
		return access{}, err
	}
	deadline := s.m.Now().Add(siblingLimit)
	var busy error
	for {
		saved, err := s.m.of(at.profile).cachedAccess(ctx, at.profile.ID)
		if err != nil {
			return access{}, err
		}
		if !saved.token.Empty() && !saved.token.Equal(dead) && saved.began.After(s.opened) && (saved.expires.IsZero() || s.lives(saved, 0)) {
			return saved, nil
		}
		if Shared(at.profile) && !s.m.RefreshShared {
			return access{}, s.shared(!dead.Empty())
		}
		if busy == nil || s.mayAskAgain(ctx, at) {
			fresh, err := s.refreshOnce(ctx, at, then)
			if !siblingBusy(err) {
				return fresh, err
			}
			busy = err
		}
		if !s.m.Now().Before(deadline) {
			return access{}, busy
		}
		if err := s.m.Sleep(ctx, time.Second); err != nil {
			return access{}, interrupted(err)
		}
	}
}

// siblingLimit is how long an answer "already being processed" is waited out.
const siblingLimit = 8 * time.Second

// mayAskAgain reports whether the refresh token may be shown once more while
// another program is refreshing with it. Where the app rotates, the other one may
// have replaced it meanwhile, and showing the old one would revoke everything; so
// it must be known that the app does not rotate, or that the token still lives.
func (s *Session) mayAskAgain(ctx context.Context, at place) bool {
	switch at.profile.Rotation {
	case store.RotationOff:
		return true
	case store.RotationOn:
		return false
	}
	return s.stillLives(ctx, at)
}

// siblingBusy tells Salesforce's answer to two refreshes of one token at a time
// (forcedotcom/SalesforceMobileSDK-iOS issue 3731).
func siblingBusy(err error) bool {
	var refused *oauthflow.Refused
	return errors.As(err, &refused) && strings.Contains(strings.ToLower(refused.Description), "already being processed")
}

// fate is what becomes of a new access token.
type fate bool

const (
	keep fate = true // in the store, with its end, for the next command
	drop fate = false
)

func (s *Session) refreshOnce(ctx context.Context, at place, then fate) (access, error) {
	var none access
	presented, err := s.presented(ctx, at)
	if err != nil {
		return none, err
	}
	over, err := s.m.of(at.profile).begin(ctx, at.profile, presented)
	if err != nil {
		return none, err
	}
	defer over()
	// Once the request is on its way the old token may be dead: an interrupt must
	// not keep the new one from being saved. The client's own limit bounds it.
	whole := context.WithoutCancel(ctx)
	began := s.m.Now()
	grant, err := s.m.ask(whole, at.login, presented)
	if err != nil {
		return none, s.named(s.m.explain(err, presented.flow.surface(), at.login, tokenPath))
	}
	s.m.Redactor.Hide(grant.AccessToken, grant.RefreshToken)
	s.see(presented, grant)
	s.lose(grant.AccessToken) // until it is saved or handed out
	rotated := !grant.RefreshToken.Empty() && !grant.RefreshToken.Equal(presented.refresh)
	if rotated {
		if err := s.saveRotated(whole, at, grant.RefreshToken); err != nil {
			return none, err
		}
	}
	// What cannot be noted, as on a full disk, is learned again by the next refresh.
	_ = s.noteRefresh(whole, presented, rotated, began)
	if err := s.sameOrg(whole, at, presented.app, grant); err != nil {
		return none, err
	}
	fresh := access{token: grant.AccessToken, began: began}
	if then == keep {
		fresh.expires = s.m.expiry(ctx, at.login, presented.app, grant.AccessToken)
		if err := s.m.of(at.profile).cacheAccess(whole, at.profile.ID, fresh); err != nil {
			return none, err
		}
		s.lose(secret.Value{})
	}
	if ctx.Err() != nil {
		return none, interrupted(ctx.Err())
	}
	s.lose(secret.Value{})
	return fresh, nil
}

// presented reads from the store what the profile's flow presents for a new token.
func (s *Session) presented(ctx context.Context, at place) (credentials, error) {
	c := credentials{flow: Flow(at.profile.Flow)}
	var err error
	if c.app, err = s.app(ctx, at); err != nil {
		return c, err
	}
	switch c.flow {
	case FlowClientCredentials:
	case FlowJWTBearer:
		key, err := s.held(ctx, at, store.PrivateKey, "private key")
		c.jwt = assertion(at.profile.JWT, key)
		return c, err
	default:
		c.refresh, err = s.m.of(at.profile).Secrets.Get(ctx, at.profile.ID, store.RefreshToken)
		if isNotFound(err) && at.profile.HasRefreshToken {
			if err := s.m.of(at.profile).ProbeStore(ctx); err != nil {
				return c, err
			}
		}
		if isNotFound(err) {
			return c, s.noRefreshToken()
		}
		s.m.Redactor.Hide(c.refresh)
	}
	return c, err
}

// sameOrg refuses an answer that is not about the profile's org and user, and
// keeps a new instance address: an org that moved tells it here first.
func (s *Session) sameOrg(ctx context.Context, at place, app oauthflow.App, grant oauthflow.Grant) error {
	identity, instance, err := checkGrant(at.login, app.ConsumerSecret, grant)
	if err != nil {
		return err
	}
	p := s.now().profile
	if !salesforce.SameID(identity.OrgID, p.Org.ID) || !salesforce.SameID(identity.UserID, p.User.ID) {
		return fault.New(fault.OrgMismatch, "token",
			fmt.Sprintf("The new access token is for org %s and user %s, not for the profile's %s and %s. It is not used.", identity.OrgID, identity.UserID, p.Org.ID, p.User.ID),
			"Sign in again: "+s.again())
	}
	if instance == p.Org.InstanceURL {
		return nil
	}
	p.Org.InstanceURL = instance
	s.set(place{p, at.login})
	return s.m.File.Update(ctx, func(set *store.Set) error {
		saved := set.Profiles[s.name]
		saved.Org.InstanceURL = instance
		set.Put(s.name, saved)
		return nil
	})
}

func (s *Session) app(ctx context.Context, at place) (oauthflow.App, error) {
	app := oauthflow.App{LoginURL: at.login.String(), ConsumerKey: at.profile.ConsumerKey}
	if !at.profile.HasConsumerSecret {
		return app, nil
	}
	var err error
	app.ConsumerSecret, err = s.held(ctx, at, store.ConsumerSecret, "Consumer Secret")
	return app, err
}

// held reads an item without which the profile cannot work. Of one that is not found
// it is only said that it is gone once the store was seen to work: on macOS the library
// takes a keychain that is missing for an item that is.
func (s *Session) held(ctx context.Context, at place, item store.Item, name string) (secret.Value, error) {
	v, err := s.m.of(at.profile).Secrets.Get(ctx, at.profile.ID, item)
	if isNotFound(err) {
		if err := s.m.of(at.profile).ProbeStore(ctx); err != nil {
			return v, err
		}
		return v, s.gone(name)
	}
	s.m.Redactor.Hide(v)
	return v, err
}

// CheckSecrets reads what the profile needs from the store.
func (s *Session) CheckSecrets(ctx context.Context) error {
	at := s.now()
	if _, err := s.app(ctx, at); err != nil {
		return err
	}
	var err error
	switch {
	case Flow(at.profile.Flow) == FlowJWTBearer:
		_, err = s.held(ctx, at, store.PrivateKey, "private key")
	case at.profile.HasRefreshToken:
		_, err = s.held(ctx, at, store.RefreshToken, "refresh token")
	}
	return err
}

// CheckApp asks whether the app is known, and where one of our own callback
// lines was used, whether that line still is. A flow without a callback asks
// about the key alone.
func (s *Session) CheckApp(ctx context.Context) (AppCheck, error) {
	at := s.now()
	if at.profile.CallbackURL == "" {
		return s.m.CheckKey(ctx, at.login, at.profile.ConsumerKey)
	}
	return s.m.CheckApp(ctx, at.login, at.profile.ConsumerKey, []string{at.profile.CallbackURL})
}

func (s *Session) noRefreshToken() *fault.Fault {
	if s.elsewhere() {
		return s.gone("refresh token")
	}
	f := fault.New(fault.NoRefreshToken, "token",
		fmt.Sprintf("Profile %q has no refresh token, so no new access token can be had.", s.name),
		"Sign in again: "+s.again())
	f.Exit = fault.ExitSignIn
	return f
}

// elsewhere reports that another store was looked in than the profile's own.
func (s *Session) elsewhere() bool {
	p := s.Profile()
	return s.m.of(p).Secrets.Name() != p.StoredIn
}

func (s *Session) gone(what string) *fault.Fault {
	p := s.Profile()
	label := s.m.of(p).Secrets.Label()
	if s.elsewhere() {
		return fault.New(fault.StoreCorrupt, "store",
			fmt.Sprintf("The %s of profile %q is not in %s: it was saved in the store %q.", what, s.name, label, p.StoredIn),
			"Leave --store out: the profile knows its store.")
	}
	return fault.New(fault.StoreCorrupt, "store",
		fmt.Sprintf("The %s of profile %q is not in %s any more.", what, s.name, label),
		"Somebody or something removed it there. Sign in again: "+s.again())
}

func (s *Session) again() string {
	command := "sfconnect init"
	if Flow(s.Profile().Flow).NeedsNobody() {
		command = "sfconnect auth" // nobody has to sign in anywhere
	}
	return command + " --profile " + ShellWord(s.name)
}

func isNotFound(err error) bool { return errors.Is(err, store.ErrNotFound) }
