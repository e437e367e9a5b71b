package check

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync"
	"time"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
)

// Test runs the connectivity stages of a saved profile: store, dns, tcp, tls, app,
// token, identity, api, limits, scopes. The first failure is explained and the
// later stages are skipped. report, which may be nil, is told of each stage in
// that order, as soon as it and those before it have ended.
//
// What can go on side by side does. The critical path in round trips, with TLS 1.3
// and a My Domain login URL, is 4: TCP 1, TLS 1, then app, token and the API's
// versions together 1, then identity, the org's name and limits together 1. All
// connections are opened at once, while the store is read: that of the identity
// host too, which token answers name. TLS 1.2, a slower store and an identity host
// that redirects add to it.
//
// dns, tcp and tls are those of the first connection to the login host, seen
// through httptrace, so that they take the way every other request takes, a proxy
// included. token always asks Salesforce for a new access token, so that a dead
// refresh token shows; it is used here and not kept. Only a refresh token that is
// shared is left alone, and asked about (see connection.Shared).
func Test(ctx context.Context, m *connection.Machine, profile string, report func(Stage)) Result {
	m = m.Apart() // a connection that stands already would hide the stages
	defer m.HTTP.CloseIdleConnections()
	ctx, cancel := context.WithCancel(ctx)
	t := &test{m: m, result: Result{Profile: profile}, report: report}
	defer t.settle()
	defer cancel()
	t.run(ctx, profile)
	return t.result
}

// StageNames lists the stages in order.
func StageNames() []string {
	return []string{"store", "dns", "tcp", "tls", "app", "token", "identity", "api", "limits", "scopes"}
}

type test struct {
	m      *connection.Machine
	s      *connection.Session
	result Result
	report func(Stage)
	begun  sync.WaitGroup
}

// settle waits for what is under way: a refresh that was sent is saved.
func (t *test) settle() { t.begun.Wait() }

// later is work that goes on beside other work.
type later[T any] struct {
	ended chan struct{}
	value T
	took  time.Duration
	err   error
}

func begin[T any](t *test, do func() (T, error)) *later[T] {
	l := &later[T]{ended: make(chan struct{})}
	t.begun.Go(func() {
		defer close(l.ended)
		start := t.m.Now()
		l.value, l.err = do()
		l.took = t.m.Now().Sub(start)
	})
	return l
}

func (l *later[T]) wait() (T, error) {
	<-l.ended
	return l.value, l.err
}

func (t *test) run(ctx context.Context, profile string) {
	start := t.m.Now()
	var err error
	if t.s, err = t.m.Open(profile); err != nil {
		t.add(Stage{Name: "store", Took: t.m.Now().Sub(start)}, "", err)
		t.skip(StageNames()[1:], "not tried")
		return
	}
	var seen trace
	first := httptrace.WithClientTrace(ctx, seen.hooks(t.m.Now))
	secrets := begin(t, func() (string, error) { return "profile and secrets are readable", t.s.CheckSecrets(ctx) })
	app := begin(t, func() (connection.AppCheck, error) { return t.s.CheckApp(first) })
	token := begin(t, func() (granted, error) {
		if _, err := secrets.wait(); err != nil {
			return granted{}, err
		}
		return t.freshToken(first)
	})
	var versions *later[string]
	if connection.MayCallAPI(t.s.Profile().Scopes) {
		at := ctx
		if p := t.s.Profile(); sameOrigin(p.LoginURL, p.Org.InstanceURL) {
			at = first
		}
		versions = begin(t, func() (string, error) { return t.newest(at) })
	}
	t.openIdentityHost(ctx)

	detail, err := secrets.wait()
	t.add(Stage{Name: "store", Took: secrets.took}, detail, err)
	t.reached(&seen, app)
	t.tokenStage(token, secrets.took)
	if !t.result.OK() {
		t.skip(StageNames()[6:], "not tried")
		return
	}
	t.calls(ctx, token.value.token, versions)
}

// calls is the second round: what is asked with the new token.
func (t *test) calls(ctx context.Context, token secret.Value, versions *later[string]) {
	who := begin(t, func() (string, error) { return t.identity(ctx, token) })
	var name *later[string]
	var limits *later[salesforce.Limit]
	if versions != nil {
		name = begin(t, func() (string, error) { return t.orgName(ctx, token, versions) })
		limits = begin(t, func() (salesforce.Limit, error) { return t.dailyLimit(ctx, token, versions) })
	}
	detail, err := who.wait()
	t.add(Stage{Name: "identity", Took: who.took}, detail, err)
	switch {
	case !t.result.OK():
		t.skip([]string{"api", "limits"}, "not tried")
	case versions == nil:
		t.skip([]string{"api", "limits"}, "the app was not granted the scope api (or full)")
	default:
		detail, err := name.wait()
		t.add(Stage{Name: "api", Took: versions.took + name.took}, detail, err)
		t.limitsStage(limits)
	}
	t.scopes()
}

// add ends a stage: with err it failed, with a status of its own it keeps that,
// else it passed.
func (t *test) add(s Stage, detail string, err error) {
	switch {
	case err != nil:
		f := *fault.From(err)
		f.Stage = s.Name
		s.Status, s.Detail, s.Hint, s.Fault = Fail, f.Message, f.Hint, &f
		t.result.Fault = &f
	case s.Status == "":
		s.Status, s.Detail = Pass, detail
	}
	t.result.Stages = append(t.result.Stages, s)
	if t.report != nil {
		t.report(s)
	}
}

func (t *test) skip(names []string, why string) {
	for _, name := range names {
		t.add(Stage{Name: name, Status: Skip, Detail: why}, "", nil)
	}
}

// reached reads dns, tcp, tls and app out of the request about the app.
func (t *test) reached(seen *trace, asked *later[connection.AppCheck]) {
	if !t.result.OK() {
		t.skip(StageNames()[1:5], "not tried")
		return
	}
	app, err := asked.wait()
	seen.mu.Lock()
	defer seen.mu.Unlock()
	var f *fault.Fault
	if err != nil {
		f = fault.From(err)
	} else if app.Key == connection.Refused {
		f = app.Fault
	}
	failedAt := seen.failedAt(f)
	plain := strings.HasPrefix(t.s.LoginURL().String(), "http://")
	took := asked.took
	steps := []struct {
		name, detail string
		from, to     time.Time
	}{
		{"dns", seen.addresses, seen.dnsStart, seen.dnsDone},
		{"tcp", seen.remote, seen.tcpStart, seen.tcpDone},
		{"tls", seen.protocol, seen.tlsStart, seen.tlsDone},
	}
	for i, step := range steps {
		s := Stage{Name: step.name}
		if step.name == "dns" && step.from.IsZero() {
			step.detail = "an address without a name to look up"
		}
		if !step.to.IsZero() && !step.from.IsZero() {
			s.Took = step.to.Sub(step.from)
			took -= s.Took
		}
		if failedAt == step.name {
			t.add(s, "", f)
			t.skip(StageNames()[i+2:5], "not tried")
			return
		}
		if step.name == "tls" && plain {
			s.Status, s.Detail = Skip, "plain http on loopback"
		}
		t.add(s, step.detail, nil)
	}
	t.appStage(Stage{Name: "app", Took: max(took, 0)}, app, f)
}

func (t *test) appStage(s Stage, app connection.AppCheck, f *fault.Fault) {
	if f != nil {
		t.add(s, "", f)
		return
	}
	detail := ""
	switch {
	case app.Fault != nil:
		// The connection lives without it: our lines may be removed from the app.
		s.Status, s.Detail = Warn, "Salesforce knows the Consumer Key, but no longer the callback "+t.s.Profile().CallbackURL
		s.Hint = "Signing in again needs that Callback URL line in the app. Everything else works without it."
	case app.Key == connection.Known:
		detail = "Salesforce knows the Consumer Key"
		if t.s.Profile().CallbackURL != "" {
			detail += " and the callback"
		}
	default:
		s.Status, s.Detail = Warn, "Salesforce's answer does not tell whether it knows the app"
	}
	t.add(s, detail, nil)
}

// openIdentityHost opens the connection to the host of the identity URL, where that
// is not one which is opened anyway, by a request whose answer does not matter.
func (t *test) openIdentityHost(ctx context.Context) {
	p := t.s.Profile()
	if sameOrigin(p.IdentityURL, p.LoginURL) || sameOrigin(p.IdentityURL, p.Org.InstanceURL) {
		return
	}
	begin(t, func() (struct{}, error) { t.m.Connect(ctx, p.IdentityURL); return struct{}{}, nil })
}

func sameOrigin(a, b string) bool {
	x, err := url.Parse(a)
	y, other := url.Parse(b)
	return err == nil && other == nil && x.Scheme == y.Scheme && strings.EqualFold(x.Host, y.Host)
}

// granted is the access token that the calls are made with.
type granted struct {
	token  secret.Value
	shared *fault.Fault       // why it is the saved one; nil where it is new
	lives  connection.Verdict // Salesforce's word on the refresh token that was left alone
}

func (t *test) freshToken(ctx context.Context) (granted, error) {
	if connection.Renewable(t.s.Profile()) {
		token, err := t.s.Renew(ctx)
		if errors.Is(err, connection.ErrShared) {
			return t.leaveAlone(ctx, fault.From(err))
		}
		return granted{token: token}, err
	}
	token, err := t.s.SavedToken(ctx)
	if err == nil && token.Empty() {
		token, _, err = t.s.Token(ctx, 0, true)
	}
	return granted{token: token}, err
}

// leaveAlone asks whether a refresh token lives that must not be used here, and takes
// the saved access token. Where there is none, left says why that is the end.
func (t *test) leaveAlone(ctx context.Context, left *fault.Fault) (granted, error) {
	token, err := t.s.SavedToken(ctx)
	if err != nil {
		return granted{}, err
	}
	lives, err := t.s.RefreshTokenLives(ctx)
	switch {
	case err != nil:
		return granted{}, err
	case lives == connection.Refused:
		return granted{}, t.s.CopyEnded()
	case token.Empty():
		return granted{}, left
	}
	return granted{token, left, lives}, nil
}

// tokenStage leaves the wait for the store out of the time.
func (t *test) tokenStage(token *later[granted], store time.Duration) {
	if !t.result.OK() {
		t.skip([]string{"token"}, "not tried")
		return
	}
	got, err := token.wait()
	s := Stage{Name: "token", Took: max(token.took-store, 0)}
	detail := "Salesforce gave a new access token"
	if !connection.Renewable(t.s.Profile()) {
		detail = "no refresh token was granted; the saved access token serves"
	}
	now := t.m.Now()
	notice := CertificateNotice(t.s.Profile(), now)
	switch {
	case err != nil:
		f := fault.From(err)
		if ends := t.s.Profile().JWT.CertificateEnds; notice != "" && !ends.After(now) && f.Exit == fault.ExitRefused {
			f = f.Because(err)
			f.Hint = "The certificate of the app ended on " + ends.Format(time.DateOnly) + ". " + RenewCertificate + "\n" + f.Hint
		}
		err = f
	case got.shared != nil:
		s.Status, s.Hint = Warn, got.shared.Hint
		s.Detail = "the refresh token lives, and was not used: " + connection.WhyShared(t.s.Profile())
		if got.lives != connection.Known {
			s.Detail = "the refresh token was not used: " + connection.WhyShared(t.s.Profile())
		}
	case notice != "":
		s.Status, s.Detail = Warn, detail+"; "+notice
		s.Hint = "After that day no token can be had. " + RenewCertificate
	}
	t.add(s, detail, err)
}

func (t *test) identity(ctx context.Context, token secret.Value) (string, error) {
	var who salesforce.Identity
	_, err := t.s.Call(ctx, token, func(token secret.Value) error {
		var err error
		who, err = t.m.Identity(ctx, t.s, token)
		return err
	})
	if err != nil {
		return "", err
	}
	p := t.s.Profile()
	if !salesforce.SameID(who.OrgID, p.Org.ID) {
		return "", fault.New(fault.OrgMismatch, "identity", fmt.Sprintf("The token belongs to org %s, not to %s.", who.OrgID, p.Org.ID), "Sign in again: sfconnect init"+connection.ProfileFlag(t.m.File, t.result.Profile))
	}
	return who.Username, nil
}

// newest is the newest version of the API, which needs no token to be asked for.
func (t *test) newest(ctx context.Context) (string, error) {
	versions, err := t.m.Versions(ctx, t.s.Profile().Org.InstanceURL)
	if err != nil {
		return "", t.m.Explain(err, t.s.LoginURL())
	}
	return versions[len(versions)-1].Version, nil
}

// orgName asks with the token for the org's name. Whether the token opens the API
// is what counts: where there is no Organization to read it passes without a name.
func (t *test) orgName(ctx context.Context, token secret.Value, versions *later[string]) (string, error) {
	version, err := versions.wait()
	if err != nil {
		return "", err
	}
	detail := "REST API v" + version
	var absent bool
	_, err = t.s.Call(ctx, token, func(token secret.Value) error {
		org, err := t.m.Organization(ctx, t.s.Profile().Org.InstanceURL, version, token)
		absent = salesforce.NotThere(err)
		if err == nil {
			detail += " of " + org.Name
		}
		return err
	})
	if absent {
		err = nil
	}
	return detail, err
}

func (t *test) dailyLimit(ctx context.Context, token secret.Value, versions *later[string]) (daily salesforce.Limit, err error) {
	version, err := versions.wait()
	if err != nil {
		return daily, err
	}
	_, err = t.s.Call(ctx, token, func(token secret.Value) error {
		limits, err := t.m.Limits(ctx, t.s.Profile().Org.InstanceURL, version, token)
		daily = limits["DailyApiRequests"]
		return err
	})
	return daily, err
}

func (t *test) limitsStage(limits *later[salesforce.Limit]) {
	if !t.result.OK() {
		t.skip([]string{"limits"}, "not tried")
		return
	}
	daily, err := limits.wait()
	s := Stage{Name: "limits", Took: limits.took}
	detail := "Salesforce told no daily API limit"
	if err == nil && daily.Max > 0 {
		detail = fmt.Sprintf("%d of %d API calls left today", daily.Remaining, daily.Max)
		if daily.Remaining*10 < daily.Max {
			s.Status, s.Detail = Warn, detail
			s.Hint = "Less than a tenth of the day's API calls is left: Setup › Company Information shows what uses them."
		}
	}
	t.add(s, detail, err)
}

func (t *test) scopes() {
	if !t.result.OK() {
		t.skip([]string{"scopes"}, "not tried")
		return
	}
	p := t.s.Profile()
	s, detail := Stage{Name: "scopes"}, strings.Join(p.Scopes, " ")
	if len(p.Scopes) == 0 {
		detail = "Salesforce did not say which scopes it granted"
	}
	var err error
	if missing := connection.MissingScopes(p.WantedScopes, p.Scopes); len(missing) > 0 {
		err = fault.New(fault.ScopeMismatch, "scopes",
			"The app did not grant what the integration wants; missing: "+strings.Join(missing, " ")+".",
			"Add them in Setup › External Client App Manager › your app › Settings › OAuth Scopes, wait up to 10 minutes, and sign in again.")
	}
	t.add(s, detail, err)
}
