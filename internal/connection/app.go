package connection

import (
	"context"
	"fmt"
	"strings"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/oauthflow"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
)

// Verdict is what Salesforce's answer to a request without a login tells.
type Verdict string

// The verdicts. Unclear never blocks anything.
const (
	Known   Verdict = "known"
	Refused Verdict = "refused"
	Unclear Verdict = "unclear"
)

// AppCheck is what can be seen of an External Client App without a login.
type AppCheck struct {
	Key       Verdict
	Callbacks []CallbackCheck
	Fault     *fault.Fault // why Key, or else the first callback, was refused; nil otherwise
}

// CallbackCheck is the verdict on one callback line.
type CallbackCheck struct {
	URL     string
	Verdict Verdict
}

// The endpoints, for the sentences about them.
const (
	authorizePath = "/services/oauth2/authorize"
	tokenPath     = "/services/oauth2/token"
	revokePath    = "/services/oauth2/revoke"
)

// codeUnknownCallback is the one refusal that is not about the key.
const codeUnknownCallback = "redirect_uri_mismatch"

// CheckApp asks the authorize endpoint once per callback line, without a login,
// whether it knows the Consumer Key and the line. The first refusal of the key
// ends it. An error means that the answer was not Salesforce's, or none came.
func (m *Machine) CheckApp(ctx context.Context, login salesforce.LoginURL, consumerKey string, callbacks []string) (AppCheck, error) {
	out := AppCheck{Key: Unclear}
	for _, line := range callbacks {
		verdict, refusal, err := m.probe(ctx, login, consumerKey, line)
		if err != nil {
			return out, err
		}
		if refusal != nil && out.Fault == nil {
			out.Fault = refusal
		}
		if refusal != nil && refusal.Code != codeUnknownCallback {
			out.Key, out.Fault = Refused, refusal
			return out, nil
		}
		if verdict != Unclear {
			out.Key = Known
		}
		out.Callbacks = append(out.Callbacks, CallbackCheck{line, verdict})
	}
	return out, nil
}

// CheckKey asks whether the Consumer Key is known, without a callback address: its
// absence is refused only after the key was found (assumed from the order in which
// Salesforce is seen to check).
func (m *Machine) CheckKey(ctx context.Context, login salesforce.LoginURL, consumerKey string) (AppCheck, error) {
	verdict, refusal, err := m.probe(ctx, login, consumerKey, "")
	if refusal != nil && (refusal.Code == codeUnknownCallback || refusal.Code == "redirect_uri_missing") {
		verdict, refusal = Known, nil
	}
	return AppCheck{Key: verdict, Fault: refusal}, err
}

// CheckPKCE asks whether the app refuses a sign-in without a code challenge, as it
// should: Refused means that it does. The request is only looked at, never followed.
func (m *Machine) CheckPKCE(ctx context.Context, login salesforce.LoginURL, consumerKey, callback string) (Verdict, error) {
	request, err := m.flow(login).NewRequest(oauthflow.App{LoginURL: login.String(), ConsumerKey: consumerKey}, callback)
	if err != nil {
		return Unclear, err
	}
	request.Verifier = secret.Value{}
	answer, err := m.askAuthorize(ctx, login, request)
	switch {
	case err != nil:
		return Unclear, err
	case answer.Verdict != oauthflow.VerdictRefused:
		return Verdict(answer.Verdict), nil
	case strings.Contains(answer.Description, "code challenge"):
		return Refused, nil
	}
	return Unclear, nil // refused for another reason
}

func (m *Machine) probe(ctx context.Context, login salesforce.LoginURL, consumerKey, callback string) (Verdict, *fault.Fault, error) {
	flow := m.flow(login)
	request, err := flow.NewRequest(oauthflow.App{LoginURL: login.String(), ConsumerKey: consumerKey}, callback)
	if err != nil {
		return Unclear, nil, err
	}
	return m.probeRequest(ctx, login, request)
}

func (m *Machine) probeRequest(ctx context.Context, login salesforce.LoginURL, request oauthflow.Request) (Verdict, *fault.Fault, error) {
	answer, err := m.askAuthorize(ctx, login, request)
	if err != nil {
		return Unclear, nil, err
	}
	if answer.Verdict != oauthflow.VerdictRefused {
		return Verdict(answer.Verdict), nil, nil
	}
	f := m.refused(salesforce.SurfaceAuthorize, answer.Code, answer.Description, login)
	f.Stage = "app"
	return Refused, f, nil
}

// askAuthorize is the request without a login. Its error is a *fault.Fault.
func (m *Machine) askAuthorize(ctx context.Context, login salesforce.LoginURL, request oauthflow.Request) (oauthflow.Probe, error) {
	answer, err := m.flow(login).Probe(ctx, request)
	if err == nil {
		return answer, nil
	}
	f := fault.From(m.explain(err, salesforce.SurfaceAuthorize, login, authorizePath))
	if f.Code == fault.NotSalesforce {
		f.Stage = "app"
	}
	return answer, f
}

// openCallback binds the first callback address that is free and that the app
// does not refuse, and returns the request made for it. The caller closes the listener.
func (m *Machine) openCallback(ctx context.Context, r LoginRequest, notes func(string)) (*oauthflow.Callback, oauthflow.Request, error) {
	var busy, unknown *fault.Fault
	for _, line := range r.Callbacks {
		listener, err := oauthflow.Listen(oauthflow.Ports{Listen: m.Listen, Holder: m.PortHolder}, line, notes)
		if err != nil {
			if f := fault.From(err); f.Exit == fault.ExitPort {
				busy = alsoBusy(busy, f)
				continue
			}
			return nil, oauthflow.Request{}, err
		}
		request, refusal, err := m.tryCallback(ctx, r, line)
		if err == nil && refusal == nil {
			return listener, request, nil
		}
		listener.Close()
		if err != nil {
			return nil, oauthflow.Request{}, err
		}
		unknown = refusal
	}
	if unknown != nil {
		unknown.Hint = registerHint(r, unknown.Hint, busy)
		return nil, oauthflow.Request{}, unknown
	}
	if busy == nil {
		return nil, oauthflow.Request{}, noCallback()
	}
	busy.Message = allBusy(r.Callbacks, busy)
	return nil, oauthflow.Request{}, busy
}

// tryCallback makes the request for one callback line and asks without a login
// whether the app knows it. unknown is its refusal of the line alone; any other
// refusal is an error.
func (m *Machine) tryCallback(ctx context.Context, r LoginRequest, line string) (request oauthflow.Request, unknown *fault.Fault, err error) {
	request, err = m.flow(r.Login).NewRequest(r.app(), line)
	if err != nil {
		return request, nil, err
	}
	request.Scopes, request.Prompt, request.LoginHint = r.Scopes, r.Prompt, r.LoginHint
	_, refusal, err := m.probeRequest(ctx, r.Login, request)
	switch {
	case err != nil:
		return request, nil, err
	case refusal != nil && refusal.Code != codeUnknownCallback:
		return request, nil, refusal
	}
	return request, refusal, nil
}

func noCallback() *fault.Fault {
	return fault.New(fault.MissingInput, "input", "No callback address was given.", "Give one with --callback-url.")
}

func registerHint(r LoginRequest, hint string, busy *fault.Fault) string {
	var b strings.Builder
	b.WriteString("Register exactly these lines as Callback URL in the app, each on a line of its own:\n")
	for _, line := range r.Callbacks {
		b.WriteString("  " + line + "\n")
	}
	if busy != nil {
		b.WriteString("Not all of these could be tried: " + busy.Message + "\n")
	}
	b.WriteString(hint)
	return b.String()
}

// alsoBusy adds what keeps one more callback address from being listened on.
func alsoBusy(former, f *fault.Fault) *fault.Fault {
	if former == nil {
		return f
	}
	both := *f
	both.Message, both.Hint = addLine(former.Message, " ", f.Message), addLine(former.Hint, "\n", f.Hint)
	return &both
}

func addLine(text, between, more string) string {
	if strings.Contains(text, more) {
		return text
	}
	return text + between + more
}

func allBusy(lines []string, busy *fault.Fault) string {
	if len(lines) == 1 {
		return busy.Message
	}
	return fmt.Sprintf("None of the %d callback addresses could be listened on. %s", len(lines), busy.Message)
}
