package wizard

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// lands signs in at address with a browser elsewhere, which cannot reach the callback,
// and gives where it ends.
func (g *rig) lands(address string) string {
	landed, err := g.visitor.Address(g.t.Context(), address)
	if err != nil {
		g.t.Error(err)
	}
	return landed
}

// In a browser that never comes back the sign-in ends with what is pasted; a wrong
// paste is explained, and the wait goes on.
func TestSignInByPasting(t *testing.T) {
	g := newRig(t, nil)
	opened := ""
	g.machine.OpenBrowser = func(_ context.Context, url string) error { opened = url; return nil }
	var elsewhere string
	ui := newScript(t, done(map[string][]any{
		"recipe": {"quilia"}, "input.contact_email": {"ada@acme.com"}, "login_url": {asDefault{}}, "consumer_key": {asDefault{}}, "consumer_secret": {g.secret()},
		"sign_in": {pastes(func(address string) []string {
			return []string{address, "http://localhost:1717/OauthRedirect?code=aPrx&state=stale", g.lands(address)}
		})},
		"confirm": {ErrLeave},
	}))
	setup := g.setup(ui)
	setup.Elsewhere = func(address string) []string { elsewhere = address; return []string{"Run this there:", "  ssh x"} }
	if err := setup.Run(t.Context()); !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
	if _, ok := g.saved(); !ok {
		t.Error("nothing was saved")
	}
	text := ui.text.String()
	for _, want := range []string{"neither a code nor an error", "belongs to another sign-in", `["Run this there:" "  ssh x" "A browser window opens.`} {
		if !strings.Contains(text, want) {
			t.Errorf("%q was not said", want)
		}
	}
	if elsewhere == "" || elsewhere != opened || !strings.Contains(text, elsewhere) {
		t.Errorf("opened %q, asked about %q", opened, elsewhere)
	}
	if g.boundPorts() != 0 {
		t.Error("a port is still bound")
	}
}

// The browser is not tried before the address is on the screen.
func TestTheAddressIsShownFirst(t *testing.T) {
	g := newRig(t, nil)
	var order []string
	g.machine.OpenBrowser = func(context.Context, string) error { order = append(order, "opened"); return nil }
	run := StartLogin(t.Context(), g.machine, g.request())
	defer run.Close()
	address, err := run.Ready(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	w := BrowserWait(address, g.request(), nil)
	ui := &shows{script: newScript(t, map[string][]any{"sign_in": {pastes(func(address string) []string { return []string{g.lands(address)} })}}), before: func() { order = append(order, "shown") }}
	if _, err := run.Wait(t.Context(), ui, w); err != nil {
		t.Error(err)
	}
	if got := strings.Join(order, " "); got != "shown opened" {
		t.Errorf("got %s", got)
	}
}

// shows does something at the moment at which a wait appears.
type shows struct {
	*script
	before func()
}

func (s *shows) Wait(ctx context.Context, w Waiting, do func(context.Context, <-chan struct{}) error) error {
	s.before()
	return s.script.Wait(ctx, w, do)
}

func TestReopenTellsOfAFailure(t *testing.T) {
	g := newRig(t, nil)
	g.machine.OpenBrowser = func(context.Context, string) error { return errors.New("none here") }
	ctx, end := context.WithCancel(t.Context())
	run := StartLogin(ctx, g.machine, g.request())
	defer run.Close()
	address, err := run.Ready(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	ui := newScript(t, nil)
	_, err = run.Wait(ctx, &reopens{ui, end}, BrowserWait(address, g.request(), nil))
	if !errors.Is(err, context.Canceled) || strings.Count(ui.text.String(), "warn: No browser could be opened (none here)") != 2 {
		t.Errorf("%v, %s", err, ui.text.String())
	}
}

// reopens opens the browser again and leaves when that has failed twice.
type reopens struct {
	*script
	leave func()
}

func (r *reopens) Wait(ctx context.Context, w Waiting, do func(context.Context, <-chan struct{}) error) error {
	go func() {
		r.Say(<-w.News)
		w.Reopen()
		r.leave()
	}()
	return do(ctx, nil)
}

func TestNoReopenWithoutABrowser(t *testing.T) {
	g := newRig(t, nil)
	request := g.request()
	request.NoBrowser = true
	run := StartLogin(t.Context(), g.machine, request)
	defer run.Close()
	address, err := run.Ready(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	ui := &waits{script: newScript(t, nil)}
	_, _ = run.Wait(t.Context(), ui, BrowserWait(address, request, nil))
	if ui.w.Reopen != nil || ui.w.Paste == nil || ui.w.Address != address {
		t.Errorf("shown: %+v", ui.w)
	}
}

// waits keeps what is shown and leaves.
type waits struct {
	*script
	w Waiting
}

func (u *waits) Wait(_ context.Context, w Waiting, _ func(context.Context, <-chan struct{}) error) error {
	u.w = w
	return ErrLeave
}
