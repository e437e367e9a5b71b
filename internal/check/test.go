package check

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http/httptrace"
	"strings"
	"sync"
	"time"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
)

// Test runs the connectivity stages of a saved profile in order: store, dns, tcp,
// tls, app, token, identity, api, limits, scopes. The first failure is explained
// and the later stages are skipped. report, which may be nil, is told of each
// stage as it ends.
//
// dns, tcp and tls are those of the first request (app), seen through httptrace,
// so that they take the way every other request takes, a proxy included. token
// always asks Salesforce for a new access token, so that a dead refresh token shows.
func Test(ctx context.Context, m *connection.Machine, profile string, report func(Stage)) Result {
	t := &test{m: m, result: Result{Profile: profile}, report: report}
	t.run(ctx, profile)
	return t.result
}

// StageNames lists the stages in order.
func StageNames() []string {
	return []string{"store", "dns", "tcp", "tls", "app", "token", "identity", "api", "limits", "scopes"}
}

type test struct {
	m       *connection.Machine
	s       *connection.Session
	token   secret.Value
	version string
	result  Result
	report  func(Stage)
}

func (t *test) run(ctx context.Context, profile string) {
	t.stage("store", func() (string, error) {
		var err error
		if t.s, err = t.m.Open(profile); err != nil {
			return "", err
		}
		return "profile and secrets are readable", t.s.CheckSecrets(ctx)
	})
	t.reach(ctx)
	t.freshToken(ctx)
	t.stage("identity", func() (string, error) { return t.identity(ctx) })
	if t.s != nil && t.result.OK() && !connection.MayCallAPI(t.s.Profile().Scopes) {
		for _, name := range []string{"api", "limits"} {
			t.add(Stage{Name: name, Status: Skip, Detail: "the app was not granted the scope api (or full)"})
		}
	} else {
		t.stage("api", func() (string, error) { return t.api(ctx) })
		t.limits(ctx)
	}
	t.scopes()
}

func (t *test) add(s Stage) {
	t.result.Stages = append(t.result.Stages, s)
	if t.report != nil {
		t.report(s)
	}
}

// stage runs one check unless an earlier one failed.
func (t *test) stage(name string, do func() (detail string, err error)) {
	if !t.result.OK() {
		t.add(Stage{Name: name, Status: Skip, Detail: "not tried"})
		return
	}
	start := t.m.Now()
	detail, err := do()
	s := Stage{Name: name, Status: Pass, Took: t.m.Now().Sub(start), Detail: detail}
	if err != nil {
		t.fail(&s, fault.From(err))
	}
	t.add(s)
}

func (t *test) fail(s *Stage, f *fault.Fault) {
	g := *f
	g.Stage = s.Name
	s.Status, s.Detail, s.Hint, s.Fault = Fail, g.Message, g.Hint, &g
	t.result.Fault = &g
}

// trace holds what httptrace saw of the first connection.
type trace struct {
	mu                                                      sync.Mutex
	dnsStart, dnsDone, tcpStart, tcpDone, tlsStart, tlsDone time.Time
	addresses, remote, protocol                             string
}

func (t *trace) hooks(now func() time.Time) *httptrace.ClientTrace {
	at := func(field *time.Time) {
		t.mu.Lock()
		defer t.mu.Unlock()
		*field = now()
	}
	return &httptrace.ClientTrace{
		DNSStart: func(httptrace.DNSStartInfo) { at(&t.dnsStart) },
		DNSDone: func(i httptrace.DNSDoneInfo) {
			at(&t.dnsDone)
			t.mu.Lock()
			defer t.mu.Unlock()
			for _, a := range i.Addrs {
				t.addresses = strings.TrimPrefix(t.addresses+", "+a.String(), ", ")
			}
		},
		ConnectStart: func(string, string) {
			t.mu.Lock()
			defer t.mu.Unlock()
			if t.tcpStart.IsZero() { // a second family races the first
				t.tcpStart = now()
			}
		},
		ConnectDone: func(_, addr string, err error) {
			if err == nil {
				at(&t.tcpDone)
				t.mu.Lock()
				defer t.mu.Unlock()
				t.remote = addr
			}
		},
		TLSHandshakeStart: func() { at(&t.tlsStart) },
		TLSHandshakeDone: func(s tls.ConnectionState, err error) {
			if err == nil {
				at(&t.tlsDone)
				t.mu.Lock()
				defer t.mu.Unlock()
				t.protocol = tls.VersionName(s.Version)
			}
		},
	}
}

// failedAt is the stage that f belongs to: never one that was passed already.
func (t *trace) failedAt(f *fault.Fault) string {
	switch {
	case f == nil:
		return ""
	case f.Code == fault.DNS:
		return "dns"
	case (f.Code == fault.TCP || f.Code == fault.Proxy) && t.tcpDone.IsZero():
		return "tcp"
	case f.Code == fault.TLS && t.tlsDone.IsZero():
		return "tls"
	}
	return "app"
}

// reach makes the first request and reads dns, tcp, tls and app out of it.
func (t *test) reach(ctx context.Context) {
	if !t.result.OK() {
		for _, name := range StageNames()[1:5] {
			t.stage(name, nil)
		}
		return
	}
	var seen trace
	t.m.HTTP.CloseIdleConnections() // a connection that stands already would hide the stages
	start := t.m.Now()
	app, err := t.s.CheckApp(httptrace.WithClientTrace(ctx, seen.hooks(t.m.Now)))
	took := t.m.Now().Sub(start)
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
	steps := []struct {
		name, detail string
		from, to     time.Time
	}{
		{"dns", seen.addresses, seen.dnsStart, seen.dnsDone},
		{"tcp", seen.remote, seen.tcpStart, seen.tcpDone},
		{"tls", seen.protocol, seen.tlsStart, seen.tlsDone},
	}
	for _, step := range steps {
		if !t.result.OK() {
			t.stage(step.name, nil)
			continue
		}
		s := Stage{Name: step.name, Status: Pass, Detail: step.detail}
		if step.name == "dns" && step.from.IsZero() {
			s.Detail = "an address without a name to look up"
		}
		if !step.to.IsZero() && !step.from.IsZero() {
			s.Took = step.to.Sub(step.from)
			took -= s.Took
		}
		if failedAt == step.name {
			t.fail(&s, f)
		} else if step.name == "tls" && plain {
			s.Status, s.Detail = Skip, "plain http on loopback"
		}
		t.add(s)
	}
	if !t.result.OK() {
		t.stage("app", nil)
		return
	}
	s := Stage{Name: "app", Status: Pass, Took: max(took, 0)}
	switch {
	case f != nil:
		t.fail(&s, f)
	case app.Fault != nil:
		// The connection lives without it: our lines may be removed from the app.
		s.Status, s.Detail = Warn, "Salesforce knows the Consumer Key, but no longer the callback "+t.s.Profile().CallbackURL
		s.Hint = "Signing in again needs that Callback URL line in the app. Everything else works without it."
	case app.Key == connection.Known:
		s.Detail = "Salesforce knows the Consumer Key"
		if t.s.Profile().CallbackURL != "" {
			s.Detail += " and the callback"
		}
	default:
		s.Status, s.Detail = Warn, "Salesforce's answer does not tell whether it knows the app"
	}
	t.add(s)
}

func (t *test) freshToken(ctx context.Context) {
	if !t.result.OK() {
		t.stage("token", nil)
		return
	}
	s := Stage{Name: "token", Status: Pass, Detail: "Salesforce gave a new access token"}
	start := t.m.Now()
	var err error
	if connection.Renewable(t.s.Profile()) {
		t.token, _, err = t.s.Token(ctx, 0, true)
	} else {
		s.Detail = "no refresh token was granted; the saved access token serves"
		t.token, err = t.s.SavedToken(ctx)
		if err == nil && t.token.Empty() {
			t.token, _, err = t.s.Token(ctx, 0, true)
		}
	}
	s.Took = t.m.Now().Sub(start)
	notice := CertificateNotice(t.s.Profile(), start)
	switch {
	case err != nil:
		f := fault.From(err)
		if ends := t.s.Profile().JWT.CertificateEnds; notice != "" && !ends.After(start) && f.Exit == fault.ExitRefused {
			f = f.Because(err)
			f.Hint = "The certificate of the app ended on " + ends.Format(time.DateOnly) + ". " + RenewCertificate + "\n" + f.Hint
		}
		t.fail(&s, f)
	case notice != "":
		s.Status = Warn
		s.Detail += "; " + notice
		s.Hint = "After that day no token can be had. " + RenewCertificate
	}
	t.add(s)
}

func (t *test) identity(ctx context.Context) (string, error) {
	var who salesforce.Identity
	var err error
	t.token, err = t.s.Call(ctx, t.token, func(token secret.Value) error {
		var err error
		who, err = t.m.Identity(ctx, t.s, token)
		return err
	})
	if err != nil {
		return "", err
	}
	p := t.s.Profile()
	if !salesforce.SameID(who.OrgID, p.Org.ID) {
		return "", fault.New(fault.OrgMismatch, "identity", fmt.Sprintf("The token belongs to org %s, not to %s.", who.OrgID, p.Org.ID), "Sign in again: sfconnect init")
	}
	return who.Username, nil
}

// api asks for the versions, which needs no token, and then with the token for
// the org's name. Whether the token opens the API is what counts: where there is
// no Organization to read, the stage passes without a name.
func (t *test) api(ctx context.Context) (string, error) {
	instance := t.s.Profile().Org.InstanceURL
	versions, err := t.m.Versions(ctx, instance)
	if err != nil {
		return "", t.m.Explain(err, t.s.LoginURL())
	}
	t.version = versions[len(versions)-1].Version
	detail := "REST API v" + t.version
	var absent bool
	t.token, err = t.s.Call(ctx, t.token, func(token secret.Value) error {
		org, err := t.m.Organization(ctx, instance, t.version, token)
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

func (t *test) limits(ctx context.Context) {
	if !t.result.OK() {
		t.stage("limits", nil)
		return
	}
	var daily salesforce.Limit
	start := t.m.Now()
	var err error
	t.token, err = t.s.Call(ctx, t.token, func(token secret.Value) error {
		limits, err := t.m.Limits(ctx, t.s.Profile().Org.InstanceURL, t.version, token)
		daily = limits["DailyApiRequests"]
		return err
	})
	s := Stage{Name: "limits", Status: Pass, Took: t.m.Now().Sub(start)}
	switch {
	case err != nil:
		t.fail(&s, fault.From(err))
	case daily.Max <= 0:
		s.Detail = "Salesforce told no daily API limit"
	default:
		s.Detail = fmt.Sprintf("%d of %d API calls left today", daily.Remaining, daily.Max)
		if daily.Remaining*10 < daily.Max {
			s.Status = Warn
			s.Hint = "Less than a tenth of the day's API calls is left: Setup › Company Information shows what uses them."
		}
	}
	t.add(s)
}

func (t *test) scopes() {
	t.stage("scopes", func() (string, error) {
		p := t.s.Profile()
		missing := connection.MissingScopes(p.WantedScopes, p.Scopes)
		if len(missing) > 0 {
			return "", fault.New(fault.ScopeMismatch, "scopes",
				"The app did not grant what the integration wants; missing: "+strings.Join(missing, " ")+".",
				"Add them in Setup › External Client App Manager › your app › Settings › OAuth Scopes, wait up to 10 minutes, and sign in again.")
		}
		if len(p.Scopes) == 0 {
			return "Salesforce did not say which scopes it granted", nil
		}
		return strings.Join(p.Scopes, " "), nil
	})
}
