package wizard

import (
	"context"
	"sync"

	"example.com/sfconnect/internal/connection"
)

// LoginRun is a login under way which a person finishes in a browser: first Ready,
// then Wait, Close in any case. Tell may be called from any goroutine, the others from
// one.
type LoginRun struct {
	machine *connection.Machine
	request connection.LoginRequest
	live    context.Context
	cancel  context.CancelFunc
	address chan string   // the authorize address, once
	shown   chan struct{} // closed when it stands on the screen
	once    sync.Once     // closes shown
	pasted  chan string   // nil where somebody else brings what is pasted
	news    chan Line     // full means lost
	ended   chan struct{} // closed when login and err are set
	login   connection.Login
	err     error
}

// StartLogin begins r and returns at once. Its Events are the run's own, and so is
// Pasted unless it is given.
func StartLogin(ctx context.Context, m *connection.Machine, r connection.LoginRequest) *LoginRun {
	run := &LoginRun{
		machine: m, address: make(chan string, 1), shown: make(chan struct{}),
		news: make(chan Line, 32), ended: make(chan struct{}),
	}
	run.live, run.cancel = context.WithCancel(ctx)
	r.Events = run.event
	if r.Pasted == nil {
		run.pasted = make(chan string)
		r.Pasted = run.pasted
	}
	run.request = r
	go func() {
		run.login, run.err = m.Login(run.live, r)
		close(run.ended)
	}()
	return run
}

// Close ends the login where it has not ended; when it returns, the ports are free.
func (r *LoginRun) Close() {
	r.cancel()
	<-r.ended
}

// Ready waits for the address to sign in at, and says meanwhile what there is to say,
// unless say is nil. The address is empty where the login ended without one, by an error
// or because it needs nobody.
func (r *LoginRun) Ready(ctx context.Context, say func(Line)) (string, error) {
	var news <-chan Line
	if say != nil {
		news = r.news
	}
	for {
		select {
		case address := <-r.address:
			return address, nil
		case l := <-news:
			say(l)
		case <-ctx.Done():
			return "", ctx.Err()
		case <-r.ended:
			return "", r.err
		}
	}
}

// Wait shows w, which holds the address, until the login has ended, and gives its
// result. A browser is tried once the address is on the screen. Where there is no
// address, nothing is waited for.
func (r *LoginRun) Wait(ctx context.Context, ui UI, w Waiting) (connection.Login, error) {
	if w.Address == "" {
		<-r.ended
		r.sayRest(ui)
		return r.login, r.err
	}
	w.News = r.news
	if r.pasted != nil {
		w.Paste = r.pasted
	}
	if !r.request.NoBrowser {
		w.Reopen = func() { r.reopen(w.Address) }
	}
	err := ui.Wait(ctx, w, func(ctx context.Context, _ <-chan struct{}) error {
		r.once.Do(func() { close(r.shown) })
		select {
		case <-r.ended:
			return r.err
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	r.sayRest(ui)
	if err != nil {
		return connection.Login{}, err
	}
	return r.login, nil
}

// sayRest shows what the UI did not take while it waited.
func (r *LoginRun) sayRest(ui UI) {
	for {
		select {
		case l := <-r.news:
			ui.Say(l)
		default:
			return
		}
	}
}

func (r *LoginRun) reopen(address string) {
	if err := r.machine.OpenBrowser(r.live, address); err != nil {
		r.Tell(Line{Mark: MarkWarn, Text: "No browser could be opened (" + r.machine.Redactor.Redact(err.Error()) + ")."})
	}
}

// event is called by the login, from one goroutine at a time. The other events say
// what the screen says anyway.
func (r *LoginRun) event(e connection.Event) {
	switch e.Kind {
	case connection.EventURL:
		r.address <- e.Text
		select {
		case <-r.shown:
		case <-r.live.Done():
		}
	case connection.EventNote:
		r.Tell(Line{Mark: MarkNote, Text: e.Text})
	case connection.EventNoBrowser:
		r.Tell(Line{Mark: MarkWarn, Text: e.Text})
	}
}

// Tell adds to what is shown while the login is waited for. It never blocks.
func (r *LoginRun) Tell(l Line) {
	select {
	case r.news <- l:
	default:
	}
}

// BrowserWait describes the wait for a sign-in that ends in a browser. elsewhere is
// what to do where that browser is not on this computer.
func BrowserWait(address string, r connection.LoginRequest, elsewhere []string) Waiting {
	w := Waiting{
		ID: "sign_in", Title: "Waiting for you to sign in", Limit: r.Timeout, Address: address,
		Lines:  append([]string(nil), elsewhere...),
		Wanted: "the address you landed on, if the browser cannot come back",
	}
	open := "A browser window opens. If none does, open this address yourself:"
	switch {
	case r.NoBrowser && r.Flow == connection.FlowPaste:
		open = "Open this address in a browser:"
	case r.NoBrowser && len(elsewhere) > 0:
		open = "Then open this address in that browser:"
	case r.NoBrowser:
		open = "Open this address in a browser on this computer:"
	}
	if r.Flow == connection.FlowPaste {
		w.Lines = append(w.Lines, "Sign in, press Allow, and copy the whole address of the page that comes then, even if that page shows an error.")
		w.Wanted = "the address you landed on"
	}
	w.Lines = append(w.Lines, open)
	return w
}
