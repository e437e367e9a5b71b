package connection

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/oauthflow"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// DefaultTimeout is how long a browser is waited for unless told otherwise.
const DefaultTimeout = 5 * time.Minute

// LoginRequest is all that one authorization needs.
type LoginRequest struct {
	Profile        string
	Flow           Flow // "" means FlowWeb
	Login          salesforce.LoginURL
	ConsumerKey    string
	ConsumerSecret secret.Value // empty for a public client
	Callbacks      []string     // in order; nil means DefaultCallbacks in the web flow
	Scopes         []string     // sent; usually none, so that the app's own apply
	WantedScopes   []string     // compared with what was granted
	Prompt         string
	LoginHint      string
	ExpectOrg      string // refuse any other org; compared on 15 characters
	Replace        bool   // let the profile change its org or user
	KeepFormer     bool   // leave the secrets of the profile as it was, for Undo or Settle
	TrustHost      bool
	Timeout        time.Duration // 0 means DefaultTimeout
	NoBrowser      bool
	Recipe         store.RecipeRef
	Events         func(Event) // may be nil; called from one goroutine at a time

	// Pasted brings what a person copied out of the browser; closed when no more
	// comes. The paste flow needs it; in the web flow it may win over the browser.
	Pasted   <-chan string
	BareCode bool // a pasted code without its address is taken

	RefreshToken secret.Value // of FlowRefreshToken
	JWT          store.JWT    // of FlowJWTBearer; an empty Audience means the login URL
	PrivateKey   secret.Value // of FlowJWTBearer, in PEM

	versions func() ([]salesforce.Version, error) // of the API, asked for ahead; nil where they were not
}

// EventKind tells what an Event is about.
type EventKind string

// The kinds of events, in the order in which they come.
const (
	EventURL       EventKind = "url"        // Text is the authorize address, alone
	EventBrowser   EventKind = "browser"    // a browser was asked to open it
	EventNoBrowser EventKind = "no_browser" // none could be
	EventWaiting   EventKind = "waiting"    // Text is the callback address
	EventNote      EventKind = "note"       // something worth a line, while the wait goes on
)

// Event is one thing that happened during a login.
type Event struct {
	Kind EventKind
	Text string
}

// Login is a finished authorization.
type Login struct {
	Name     string
	Profile  store.Profile
	Former   *store.Profile // the profile as it was before; nil when there was none
	Warnings []string
}

// Login authorizes and saves the result: store usable, then the flow's own steps
// up to one token request, who and where, save. Each step must succeed before the
// next begins, and nothing saved before is touched until the new grant is stored.
// A grant that is not kept is revoked, and so are those of sign-ins that were cut off.
// An error says whether something was saved.
//
// The critical path in round trips, with TLS 1.3 and a My Domain login URL, is 4 for the
// flows without a person: TCP 1, TLS 1, then the token and the API's versions together 1,
// then identity, introspection and the org's name together 1. With a browser it is 3
// before (TCP, TLS, the question about the app) and 2 after, on the same connection
// where it still stands. A login host that is not the instance adds the connection to
// that and the versions, 3; an identity host that is neither, as a real org's is, adds
// the connection to that, 2; a callback that the app does not know adds 1.
func (m *Machine) Login(ctx context.Context, r LoginRequest) (Login, error) {
	done, err := m.login(ctx, r.withDefaults())
	if done.Name == "" {
		err = m.Unsaved(r.Profile, err)
	}
	return done, err
}

func (m *Machine) login(ctx context.Context, r LoginRequest) (Login, error) {
	m.Redactor.Hide(r.ConsumerSecret, r.RefreshToken, r.PrivateKey)
	if err := CheckHost(r.Flow, r.Login); err != nil {
		return Login{}, err
	}
	if err := m.ProbeStore(ctx); err != nil {
		return Login{}, err
	}
	if err := m.File.Probe(ctx); err != nil {
		return Login{}, err
	}
	_, _ = m.ClearCutOff(ctx) // what fails is tried again, and doctor tells of it
	switch r.Flow {
	case FlowPaste:
		return m.loginPasted(ctx, r)
	case FlowClientCredentials, FlowJWTBearer:
		return m.loginAlone(ctx, r)
	case FlowRefreshToken:
		return m.adopt(ctx, r)
	}
	return m.loginWeb(ctx, r)
}

func (r LoginRequest) withDefaults() LoginRequest {
	if r.Flow == "" {
		r.Flow = FlowWeb
	}
	if r.Callbacks == nil && r.Flow == FlowWeb {
		r.Callbacks = DefaultCallbacks()
	}
	if r.Timeout == 0 {
		r.Timeout = DefaultTimeout
	}
	if r.Flow == FlowJWTBearer && r.JWT.Audience == "" {
		r.JWT.Audience = r.Login.String()
	}
	r.WantedScopes = r.Flow.grantable(r.WantedScopes)
	return r
}

func (r LoginRequest) app() oauthflow.App {
	return oauthflow.App{LoginURL: r.Login.String(), ConsumerKey: r.ConsumerKey, ConsumerSecret: r.ConsumerSecret}
}

// eventQueue lets the listener's goroutines and ours speak one at a time.
type eventQueue struct {
	mu   *sync.Mutex
	tell func(Event)
}

func newEvents(tell func(Event)) eventQueue { return eventQueue{new(sync.Mutex), tell} }

func (q eventQueue) send(kind EventKind, text string) {
	if q.tell == nil {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.tell(Event{kind, text})
}

// loginAlone is a flow without a person: one token request, and the result.
func (m *Machine) loginAlone(ctx context.Context, r LoginRequest) (Login, error) {
	defer m.askVersions(ctx, &r)()
	grant, err := m.ask(ctx, r.Login, credentials{flow: r.Flow, app: r.app(), jwt: assertion(r.JWT, r.PrivateKey)})
	if err != nil {
		return Login{}, m.tokenFault(err, r)
	}
	return m.keepOrRevoke(ctx, r, "", grant)
}

// redeem spends the code once and keeps the grant only when everything about it is right.
func (m *Machine) redeem(ctx context.Context, r LoginRequest, request oauthflow.Request, code secret.Value) (Login, error) {
	m.Redactor.Hide(code)
	defer m.askVersions(ctx, &r)()
	grant, err := m.flow(r.Login).Exchange(ctx, request, code)
	if err != nil {
		return Login{}, m.tokenFault(err, r)
	}
	return m.keepOrRevoke(ctx, r, request.CallbackURL, grant)
}

// tokenFault explains why a login got no token. Two things the request knows better
// than the table of errors: that no secret was sent, and whose refresh token was refused.
func (m *Machine) tokenFault(err error, r LoginRequest) error {
	explained := m.explain(err, r.Flow.surface(), r.Login, tokenPath)
	var f *fault.Fault
	if !errors.As(explained, &f) {
		return explained
	}
	g := *f
	switch {
	case f.Code == "invalid_client" && r.ConsumerSecret.Empty() && r.Flow != FlowJWTBearer:
		g.Message = "Salesforce refused to give a token: the app demands its Consumer Secret, and none was given."
		g.Hint = "Give the Consumer Secret, or untick Require secret for Web Server Flow and Require secret for Refresh Token Flow on the app's Settings tab if the product is a public client."
	case f.Exit == fault.ExitSignIn && r.Flow == FlowRefreshToken:
		g.Message = strings.Replace(g.Message, "the refresh token", "the refresh token that was given", 1)
		g.Hint = "Get a new refresh token from the tool that obtained this one."
	}
	return &g
}

func (m *Machine) keepOrRevoke(ctx context.Context, r LoginRequest, callback string, grant oauthflow.Grant) (Login, error) {
	m.Redactor.Hide(grant.AccessToken, grant.RefreshToken)
	done, err := m.keep(ctx, r, callback, grant)
	if err != nil {
		m.abandon(ctx, r, grant)
		return Login{}, err
	}
	return done, nil
}

func (m *Machine) keep(ctx context.Context, r LoginRequest, callback string, grant oauthflow.Grant) (Login, error) {
	identity, instance, err := checkGrant(r.Login, r.ConsumerSecret, grant)
	if err != nil {
		return Login{}, err
	}
	done := Login{Name: r.Profile}
	if r.ExpectOrg != "" && !salesforce.SameID(r.ExpectOrg, identity.OrgID) {
		return Login{}, fault.New(fault.OrgMismatch, "identity",
			fmt.Sprintf("This sign-in is for org %s, not for %s.", identity.OrgID, m.Redactor.Redact(r.ExpectOrg)),
			r.Flow.otherUser("the right org"))
	}
	if grant.RefreshToken.Empty() && !r.Flow.NeedsNobody() {
		if wantsRefreshToken(r.WantedScopes) || wantsRefreshToken(r.Scopes) || wantsRefreshToken(grant.Scopes) {
			return Login{}, fault.New(fault.NoRefreshToken, "token",
				"Salesforce gave no refresh token, so the connection would end with this session.",
				"Add the scope \"Perform requests at any time (refresh_token, offline_access)\" to the app, see that its Refresh Token Policy is not \"Immediately expire refresh token\", wait up to 10 minutes, and sign in again.")
		}
		done.Warnings = append(done.Warnings, "No refresh token came: this connection ends with the session. Add the scope refresh_token to the app to keep it.")
	}
	if !r.ConsumerSecret.Empty() && grant.Signature == "" {
		done.Warnings = append(done.Warnings, "The answer carried no signature, so it could not be checked against the Consumer Secret.")
	}
	switch {
	case len(grant.Scopes) == 0:
		done.Warnings = append(done.Warnings, "Salesforce did not say which scopes it granted.")
	case !MayCallAPI(grant.Scopes):
		done.Warnings = append(done.Warnings, "The scope api was not granted: this connection cannot call the REST API. Add \"Manage user data via APIs (api)\" to the app unless the integration does without.")
	}
	if missing := MissingScopes(r.WantedScopes, grant.Scopes); len(missing) > 0 {
		done.Warnings = append(done.Warnings, "The app granted fewer scopes than wanted; missing: "+strings.Join(missing, " ")+". Add them under OAuth Scopes of the app and sign in again.")
	}

	id, err := store.NewID(m.Rand)
	if err != nil {
		return Login{}, err
	}
	done.Profile = store.Profile{
		ID: id, LoginURL: r.Login.String(), ConsumerKey: r.ConsumerKey, Flow: string(r.Flow), StoredIn: m.Secrets.Name(),
		CallbackURL: callback, IdentityURL: identity.URL, JWT: r.JWT, TrustHost: r.TrustHost,
		Org:    store.Org{ID: identity.OrgID, InstanceURL: instance, IsSandbox: anySandbox(r.Login.String(), instance, identity.URL)},
		User:   store.User{ID: identity.UserID},
		Scopes: grant.Scopes, WantedScopes: r.WantedScopes,
		HasRefreshToken: !grant.RefreshToken.Empty(), HasConsumerSecret: !r.ConsumerSecret.Empty(),
		HandedOver: r.Flow == FlowRefreshToken && grant.RefreshToken.Equal(r.RefreshToken), // the other tool has it still
		Recipe:     r.Recipe, CreatedAt: m.Now().UTC(), UpdatedAt: m.Now().UTC(),
	}
	if done.Profile.HasRefreshToken {
		done.Profile.RefreshedAt = m.Now().UTC()
	}
	if r.Flow == FlowRefreshToken { // it was refreshed just now
		done.Profile.Rotation = store.RotationOn
		if done.Profile.HandedOver {
			done.Profile.Rotation = store.RotationOff
		}
	}
	claim, err := m.pend(ctx, r, done.Profile, grant)
	if err != nil {
		return Login{}, err
	}
	if err := m.complete(ctx, r, &done, grant); err != nil {
		m.unpend(ctx, done.Profile.ID, claim)
		return Login{}, err
	}
	claim.Drop()
	return done, nil
}

// complete looks around and saves the profile of a grant whose refresh token is saved.
func (m *Machine) complete(ctx context.Context, r LoginRequest, done *Login, grant oauthflow.Grant) error {
	expiry, warnings := m.lookAround(ctx, r, &done.Profile, grant)
	done.Warnings = append(done.Warnings, warnings...)
	if asked := r.JWT.Username; r.Flow == FlowJWTBearer && done.Profile.User.Username != "" && !strings.EqualFold(asked, done.Profile.User.Username) {
		done.Warnings = append(done.Warnings, "The token is for "+done.Profile.User.Username+", although "+asked+" was asked for.")
	}
	return m.save(ctx, done, r, grant, expiry)
}

// samePerson keeps a profile from quietly changing its org or user.
func samePerson(r LoginRequest, old, now store.Profile) error {
	if r.Replace {
		return nil
	}
	how := r.Flow.otherUser("that org and user") + " Or save this one under another name (--profile NAME), or let it take the place of the old one with --replace."
	if !salesforce.SameID(old.Org.ID, now.Org.ID) {
		return fault.New(fault.OrgMismatch, "identity",
			fmt.Sprintf("Profile %q belongs to org %s, and this sign-in is for org %s. Nothing was changed.", r.Profile, old.Org.ID, now.Org.ID), how)
	}
	if !salesforce.SameID(old.User.ID, now.User.ID) {
		return fault.New(fault.UserMismatch, "identity",
			fmt.Sprintf("Profile %q belongs to user %s, and this sign-in is by user %s. Nothing was changed.", r.Profile, userWithID(old.User), userWithID(now.User)), how)
	}
	return nil
}

// userWithID names a user so that two of the same name are told apart.
func userWithID(u store.User) string {
	if u.Username != "" {
		return u.Username + " (" + u.ID + ")"
	}
	return u.ID
}

// abandon revokes a grant that is not kept, so that it does not count among the
// five approvals of a user and app. A failure changes nothing for the person.
func (m *Machine) abandon(ctx context.Context, r LoginRequest, grant oauthflow.Grant) {
	if r.Flow.NeedsNobody() {
		return // no approval is counted, and others may have been given the same session
	}
	token := grant.RefreshToken
	if token.Empty() {
		token = grant.AccessToken
	}
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_ = m.flow(r.Login).Revoke(after, oauthflow.App{LoginURL: r.Login.String(), ConsumerKey: r.ConsumerKey}, token)
}

// OrgTitle names an org with its kind, for people.
func OrgTitle(o store.Org) string {
	name := o.Name
	if name == "" {
		name = o.ID
	}
	return name + ", " + OrgKind(o)
}

// OrgKind is what the host tells of an org, except that Salesforce's own word on
// sandboxes goes before a host that looks like production. A scratch org calls
// itself a sandbox too, and its host says more.
func OrgKind(o store.Org) string {
	kind := hostKind(o.InstanceURL)
	switch {
	case kind != "" && kind != "production":
		return kind
	case o.IsSandbox:
		return "sandbox"
	}
	return "production"
}

// anySandbox reports whether one of the addresses is a sandbox's by its host.
func anySandbox(addresses ...string) bool {
	return slices.ContainsFunc(addresses, func(address string) bool { return hostKind(address) == "sandbox" })
}

// hostKind is the kind of org that an address tells by its host; "" for none.
func hostKind(address string) string {
	l, err := salesforce.ParseLoginURL(address, salesforce.LoginOptions{TrustHost: true})
	if err != nil {
		return ""
	}
	return l.Environment()
}

func wantsRefreshToken(scopes []string) bool {
	return slices.Contains(scopes, "refresh_token") || slices.Contains(scopes, "offline_access")
}
