package wizard

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/store"
)

// signIn is step 5: the browser, the callback, and the save.
func (s *Setup) signIn(ctx context.Context) error {
	s.screen(5, "", "Salesforce asks you to sign in and to allow the app. Use the org and the user that the integration is meant for.",
		"sfconnect never sees your password.")
	for {
		if err := s.needSecret(ctx); err != nil || !s.p.KeyDone {
			return err
		}
		done, err := s.signInOnce(ctx)
		if err == nil {
			for _, w := range done.Warnings {
				s.UI.Say(Line{Mark: MarkWarn, Text: w})
			}
			s.p.Connected, s.p.Unconfirmed, s.p.Prompt = true, done.Profile.ID, ""
			return nil
		}
		if err := s.fail(ctx, err); err != nil {
			return err
		}
		if err := s.afterFailedSignIn(ctx); err != nil {
			return err
		}
	}
}

// afterFailedSignIn returns nil when the sign-in is to be tried again.
func (s *Setup) afterFailedSignIn(ctx context.Context) error {
	c := Choice{ID: "sign_in_failed", Title: "Nothing was saved. What now?", Options: []Option{
		{"again", "Try again", ""},
		{"other", "Sign in as somebody else", "Salesforce asks for user name and password again"},
		{"key", "Check key and secret again", ""},
	}}
	if s.secretRefused() {
		// Trying the same secret again can only help after a change in Salesforce.
		c.Options = []Option{{"key", "Enter key and secret again", ""}, c.Options[0]}
		s.p.KeyDone, s.p.SecretRefused = false, true
		if err := s.save(); err != nil {
			return err
		}
	}
	if s.last.Code == fault.OrgMismatch || s.last.Code == fault.UserMismatch {
		c.Options = append(c.Options, Option{"replace", "Use the new org or user from now on", "the saved connection is replaced once the sign-in has worked"})
	}
	answer, err := s.UI.Choose(ctx, c)
	if err != nil {
		return err
	}
	switch answer {
	case "again":
		s.p.KeyDone = true
	case "other":
		s.p.Prompt = "login"
	case "replace":
		s.p.Replace = true
	case "key":
		if err := s.askCredentials(ctx); err != nil && !errors.Is(err, ErrBack) {
			return err
		}
		s.screen(5, "")
	}
	return s.save()
}

// secretRefused reports whether the last failure was Salesforce's word on the Consumer Secret.
func (s *Setup) secretRefused() bool {
	return s.last.Code == "invalid_client_credentials" || s.last.Code == "invalid_client" && s.last.Stage == "token"
}

// needSecret opens step 4 again when the secret that waited in the store is gone.
func (s *Setup) needSecret(ctx context.Context) error {
	held, err := s.Machine.Draft(ctx, s.p.DraftID)
	if err != nil || !held.Empty() || !s.p.HasSecret {
		return err
	}
	s.p.HasSecret, s.p.KeyDone = false, false
	s.saySecretGone()
	return nil
}

// signInOnce runs one login. What it does before an address exists is shown as
// one wait, and the time in which the person signs in as another, with the address.
func (s *Setup) signInOnce(ctx context.Context) (connection.Login, error) {
	held, err := s.Machine.Draft(ctx, s.p.DraftID)
	if err != nil {
		return connection.Login{}, err
	}
	keep, err := s.rememberFormer(ctx)
	if err != nil {
		return connection.Login{}, err
	}
	s.p.SignInSince = s.Machine.Now().UTC()
	if err := s.save(); err != nil {
		return connection.Login{}, err
	}
	timeout := s.Timeout
	if timeout == 0 {
		timeout = connection.DefaultTimeout
	}
	live, cancel := context.WithCancel(ctx)
	run := newLoginRun()
	request := connection.LoginRequest{
		Profile: s.Profile, Login: s.login, ConsumerKey: s.p.ConsumerKey, ConsumerSecret: held,
		Callbacks: s.callbacks(), WantedScopes: s.filled().Scopes, Prompt: s.prompt(),
		Replace: s.p.Replace, KeepFormer: keep, TrustHost: s.login.Kind() == salesforce.KindTrusted,
		Timeout: timeout, NoBrowser: s.NoBrowser, Recipe: s.recipeRef(), Events: run.event,
	}
	go func() {
		run.login, run.err = s.Machine.Login(live, request)
		close(run.ended)
	}()
	defer func() { cancel(); <-run.ended }() // the ports are free before anything else happens

	var address string
	prepare := Waiting{ID: "prepare_sign_in", Title: "Getting ready: the store, a port, and Salesforce's word that it knows the app …"}
	err = s.UI.Wait(ctx, prepare, func(ctx context.Context, _ <-chan struct{}) error {
		select {
		case address = <-run.address:
			return nil
		case <-run.ended:
			return run.err
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	if err != nil {
		return connection.Login{}, err
	}
	if address == "" { // the login ended before anybody looked
		address = <-run.address
	}
	err = s.UI.Wait(ctx, s.signInWaiting(address, timeout, run.news), func(ctx context.Context, _ <-chan struct{}) error {
		select {
		case <-run.ended:
			return run.err
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	s.sayRest(run.news)
	if err == nil && keep {
		s.p.Former = run.login.Former
	}
	return run.login, err
}

// callbacks are the lines to sign in with: the one that served this app before, then ours.
func (s *Setup) callbacks() []string {
	lines := connection.DefaultCallbacks()
	own := s.saved.CallbackURL
	if own == "" || s.saved.ConsumerKey != s.p.ConsumerKey {
		return lines
	}
	return append([]string{own}, slices.DeleteFunc(lines, func(l string) bool { return l == own })...)
}

func (s *Setup) signInWaiting(address string, limit time.Duration, news <-chan Line) Waiting {
	w := Waiting{ID: "sign_in", Title: "Waiting for you to sign in", Limit: limit, News: news,
		Lines: []string{"A browser window opens. If none does, open this address yourself:", address}}
	if s.NoBrowser {
		w.Lines[0] = "Open this address in a browser on this computer:"
	}
	return w
}

// sayRest shows what the UI did not take while it waited.
func (s *Setup) sayRest(news <-chan Line) {
	for {
		select {
		case l := <-news:
			s.UI.Say(l)
		default:
			return
		}
	}
}

func (s *Setup) prompt() string {
	if s.p.Prompt != "" {
		return s.p.Prompt
	}
	return s.recipe.Authorize.Prompt
}

func (s *Setup) recipeRef() store.RecipeRef { return s.p.Recipe }

// loginRun is a login under way, seen from the wizard.
type loginRun struct {
	address chan string   // the authorize address, once
	news    chan Line     // notes for the person; full means lost
	ended   chan struct{} // closed when login and err are set
	login   connection.Login
	err     error
}

func newLoginRun() *loginRun {
	return &loginRun{address: make(chan string, 1), news: make(chan Line, 32), ended: make(chan struct{})}
}

// noBrowser begins the text of an EventBrowser that tells of a failure.
const noBrowser = "No browser could be opened"

// event is called by the login, from one goroutine at a time, and never blocks.
// The other events say what the screen says anyway.
func (r *loginRun) event(e connection.Event) {
	switch e.Kind {
	case connection.EventURL:
		select {
		case r.address <- e.Text:
		default:
		}
	case connection.EventNote:
		r.tell(Line{Mark: MarkNote, Text: e.Text})
	case connection.EventBrowser:
		if strings.HasPrefix(e.Text, noBrowser) {
			r.tell(Line{Mark: MarkWarn, Text: e.Text})
		}
	}
}

func (r *loginRun) tell(l Line) {
	select {
	case r.news <- l:
	default:
	}
}
