package connection

import (
	"context"
	"errors"
	"fmt"
	"time"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/oauthflow"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
)

// pageGrace is how long the browser gets to fetch the result page before the
// listener is closed all the same.
const pageGrace = 2 * time.Second

// loginWeb authorizes in the browser: port bound, app known, browser, exchange,
// save, page.
func (m *Machine) loginWeb(ctx context.Context, r LoginRequest) (Login, error) {
	events := newEvents(r.Events)
	callback, request, err := m.openCallback(ctx, r, func(text string) { events.send(EventNote, text) })
	if err != nil {
		return Login{}, err
	}
	defer callback.Close()
	m.sendToBrowser(ctx, r, request, events)

	code, err := m.awaitCode(ctx, r, request, callback, events)
	if err == nil {
		var done Login
		done, err = m.redeem(ctx, r, request, code)
		if err == nil {
			m.finish(ctx, callback, successPage(done))
			return done, nil
		}
	}
	err = m.Unsaved(r.Profile, err) // the page says it too
	var f *fault.Fault
	if errors.As(err, &f) && ctx.Err() == nil && f.Code != fault.BrowserTimeout {
		m.finish(ctx, callback, failurePage(f))
	}
	return Login{}, err
}

// sendToBrowser tells the address before a browser is tried: one that is missing,
// fails or blocks never fails the login.
func (m *Machine) sendToBrowser(ctx context.Context, r LoginRequest, request oauthflow.Request, events eventQueue) {
	m.Redactor.Hide(request.Verifier)
	address := request.URL()
	events.send(EventURL, address)
	if !r.NoBrowser {
		if err := m.OpenBrowser(ctx, address); err != nil {
			events.send(EventNoBrowser, "No browser could be opened ("+m.Redactor.Redact(err.Error())+"). Open the address yourself.")
		} else {
			events.send(EventBrowser, "Sign in to Salesforce in the browser window that just opened.")
		}
	}
	events.send(EventWaiting, request.CallbackURL)
}

// awaitCode takes the first of two: what the browser brings to the listener, or
// what a person pastes.
func (m *Machine) awaitCode(ctx context.Context, r LoginRequest, request oauthflow.Request, callback *oauthflow.Callback, events eventQueue) (secret.Value, error) {
	waiting, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	type answer struct {
		code secret.Value
		err  error
	}
	brought := make(chan answer, 1)
	go func() {
		code, err := callback.Wait(waiting, request.State)
		brought <- answer{code, err}
	}()
	pasted := r.Pasted
	for {
		select {
		case a := <-brought:
			switch {
			case a.err == nil:
				return a.code, nil
			case ctx.Err() != nil:
				return secret.Value{}, interrupted(a.err)
			case errors.Is(a.err, context.DeadlineExceeded):
				return secret.Value{}, timedOut(r.Timeout, "If the browser could not reach "+callback.URL()+", it ran on another computer, or a program there stood in the way: paste the address that it landed on.").Because(a.err)
			}
			return secret.Value{}, m.explain(a.err, salesforce.SurfaceAuthorize, r.Login, authorizePath)
		case text, open := <-pasted:
			if !open {
				pasted = nil
				continue
			}
			code, again, err := m.readPaste(text, r, request)
			if again == nil {
				return code, err
			}
			events.send(EventNote, again.Message+" "+again.Hint)
		}
	}
}

func timedOut(after time.Duration, more string) *fault.Fault {
	hint := "If Salesforce showed an error in the browser, its text says why: sfconnect explain tells what to do about it, and Setup › Login History has more.\n"
	if more != "" {
		hint += more + "\n"
	}
	return fault.New(fault.BrowserTimeout, "browser",
		fmt.Sprintf("No sign-in arrived from the browser within %s.", Spoken(after)),
		hint+"Then run the command again; --timeout gives more time.")
}

func (m *Machine) finish(ctx context.Context, callback *oauthflow.Callback, page oauthflow.ResultPage) {
	bounded, cancel := context.WithTimeout(ctx, pageGrace)
	defer cancel()
	callback.Finish(bounded, page)
}

func successPage(done Login) oauthflow.ResultPage {
	p := done.Profile
	rows := [][2]string{}
	if p.User.Username != "" {
		who := p.User.Username
		if p.User.DisplayName != "" {
			who = p.User.DisplayName + " (" + p.User.Username + ")"
		}
		rows = append(rows, [2]string{"User", who})
	} else {
		rows = append(rows, [2]string{"User", p.User.ID})
	}
	rows = append(rows, [2]string{"Org", OrgTitle(p.Org)}, [2]string{"Address", p.Org.InstanceURL})
	return oauthflow.ResultPage{OK: true, Title: "Connected", Status: 200,
		Message: "The connection is saved. You can close this tab and go back to the terminal.", Rows: rows}
}

func failurePage(f *fault.Fault) oauthflow.ResultPage {
	status := 400
	if f.Exit == fault.ExitNetwork {
		status = 502
	} else if f.Exit == fault.ExitStore || f.Exit == fault.ExitOther {
		status = 500
	}
	return oauthflow.ResultPage{Title: "Not connected", Message: f.Message, Hint: f.Hint, Status: status}
}
