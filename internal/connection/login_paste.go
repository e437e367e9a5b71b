package connection

import (
	"context"
	"fmt"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/oauthflow"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
)

// loginPasted authorizes with a callback that is not ours, such as a vendor's
// page: app known, browser, what the person pastes, exchange, save. Nothing listens.
func (m *Machine) loginPasted(ctx context.Context, r LoginRequest) (Login, error) {
	request, err := m.knownCallback(ctx, r)
	if err != nil {
		return Login{}, err
	}
	events := newEvents(r.Events)
	m.sendToBrowser(ctx, r, request, events)
	code, err := m.awaitPaste(ctx, r, request, events)
	if err != nil {
		return Login{}, err
	}
	return m.redeem(ctx, r, request, code)
}

// knownCallback makes the request for the first callback line that the app does not refuse.
func (m *Machine) knownCallback(ctx context.Context, r LoginRequest) (oauthflow.Request, error) {
	var unknown *fault.Fault
	for _, line := range r.Callbacks {
		request, refusal, err := m.tryCallback(ctx, r, line)
		if err != nil {
			return oauthflow.Request{}, err
		}
		if refusal == nil {
			return request, nil
		}
		unknown = refusal
	}
	if unknown == nil {
		return oauthflow.Request{}, noCallback()
	}
	unknown.Hint = registerHint(r, unknown.Hint, nil)
	return oauthflow.Request{}, unknown
}

// awaitPaste ends with the first usable text, with an error of Salesforce's, or,
// when no more texts come, with what was wrong with the last one.
func (m *Machine) awaitPaste(ctx context.Context, r LoginRequest, request oauthflow.Request, events eventQueue) (secret.Value, error) {
	waiting, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	last := fault.New(fault.MissingInput, "browser", "No address came on stdin, so the sign-in was not finished.",
		"Sign in at the address above, and pipe the address that the browser lands on into the command, as one line.")
	for {
		select {
		case <-waiting.Done():
			if ctx.Err() != nil {
				return secret.Value{}, interrupted(ctx.Err())
			}
			f := timedOut(r.Timeout, "").Because(waiting.Err())
			f.Message = fmt.Sprintf("No address was pasted within %s.", Spoken(r.Timeout))
			return secret.Value{}, f
		case text, open := <-r.Pasted:
			if !open {
				return secret.Value{}, last
			}
			code, again, err := m.readPaste(text, r, request)
			if again == nil {
				return code, err
			}
			last = again
			events.send(EventNote, again.Message+" "+again.Hint)
		}
	}
}

// readPaste reads one pasted text. again says why it was not taken, where the person
// may try once more; an error of Salesforce's ends the sign-in.
func (m *Machine) readPaste(text string, r LoginRequest, request oauthflow.Request) (code secret.Value, again *fault.Fault, err error) {
	pasting := oauthflow.Pasting{State: request.State, Bare: r.BareCode, Known: salesforce.KnownCode}
	code, err = pasting.Read(text)
	if err == nil {
		return code, nil, nil
	}
	f := fault.From(m.explain(err, salesforce.SurfaceAuthorize, r.Login, authorizePath))
	if f.Code == fault.Usage {
		return code, f, nil
	}
	return code, nil, f
}
