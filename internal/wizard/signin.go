package wizard

import (
	"context"
	"errors"
	"slices"
	"strings"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// signIn is step 5: what the flow asks of the person, the grant, and the save.
func (s *Setup) signIn(ctx context.Context) error {
	s.screen(5, "", s.signInIntro()...)
	for {
		if err := s.needSecrets(ctx); err != nil || !s.p.KeyDone || !s.p.PagesDone {
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

func (s *Setup) signInIntro() []string {
	switch s.flow() {
	case connection.FlowClientCredentials:
		return []string{"Nobody has to sign in: Salesforce gives a token for the user in Run As of the app's policies."}
	case connection.FlowJWTBearer:
		return []string{"Nobody has to sign in: sfconnect shows that it has the certificate's key, and Salesforce gives a token for the user that you name."}
	case connection.FlowRefreshToken:
		return []string{"Nobody has to sign in: sfconnect takes over a refresh token that another tool obtained."}
	}
	return []string{"Salesforce asks you to sign in and to allow the app. Use the org and the user that the integration is meant for.",
		"sfconnect never sees your password."}
}

// afterFailedSignIn returns nil when the sign-in is to be tried again.
func (s *Setup) afterFailedSignIn(ctx context.Context) error {
	c := Choice{ID: "sign_in_failed", Title: "What now?", Options: []Option{{"again", "Try again", ""}}}
	switch flow := s.flow(); {
	case flow.Browser():
		c.Options = append(c.Options, Option{"other", "Sign in as somebody else", "Salesforce asks for user name and password again"})
	case flow == connection.FlowJWTBearer:
		if s.p.Certificate != "" {
			s.UI.Say(Line{Mark: MarkNote, Text: "The certificate to upload in the app is " + s.p.Certificate})
		}
		c.Options = append(c.Options, Option{"certificate", "Make a new certificate", "with a new private key; you upload it in the app"},
			Option{"other", "Enter another user name", ""})
	}
	if s.hasSecret() {
		c.Options = append(c.Options, Option{"key", "Check key and secret again", ""})
	} else {
		c.Options = append(c.Options, s.enterAgain("key"))
	}
	if s.hasSecret() && s.secretRefused() {
		// Trying the same secret again can only help after a change in Salesforce.
		c.Options = []Option{s.enterAgain("key"), c.Options[0]}
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
		s.p.Prompt, s.p.JWT.Username = "login", ""
	case "certificate":
		s.p.Certificate, s.p.PagesDone = "", false
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

// enterAgain offers to enter what step 4 asks for.
func (s *Setup) enterAgain(value string) Option {
	if s.hasSecret() {
		return Option{value, "Enter key and secret again", ""}
	}
	return Option{value, "Enter the Consumer Key again", ""}
}

// secretRefused reports whether the last failure was Salesforce's word on the Consumer Secret.
func (s *Setup) secretRefused() bool {
	return s.last.Code == "invalid_client_credentials" || s.last.Code == "invalid_client" && s.last.Stage == "token"
}

// needSecrets opens an earlier step again when what waited in the store is gone.
func (s *Setup) needSecrets(ctx context.Context) error {
	if s.flow() == connection.FlowJWTBearer {
		key, err := s.Machine.Draft(ctx, s.p.DraftID, store.PrivateKey)
		if err == nil && key.Empty() {
			s.p.PagesDone, s.p.Certificate = false, ""
			s.UI.Say(Line{Mark: MarkWarn, Text: "The private key is no longer in " + s.Machine.Secrets.Label() + ".", Hint: "A new one is made, with a new certificate to upload."})
		}
		return err
	}
	held, err := s.Machine.Draft(ctx, s.p.DraftID, store.ConsumerSecret)
	if err != nil || !held.Empty() || !s.p.HasSecret {
		return err
	}
	s.p.HasSecret, s.p.KeyDone = false, false
	s.saySecretGone(s.Machine.Secrets)
	return nil
}

// signInRequest is the login that the flow asks for.
func (s *Setup) signInRequest(ctx context.Context) (connection.LoginRequest, error) {
	r := connection.LoginRequest{
		Profile: s.Profile, Flow: s.flow(), Login: s.login, ConsumerKey: s.p.ConsumerKey,
		Callbacks: s.signInLines(), WantedScopes: s.filled().Scopes, Prompt: s.prompt(),
		Replace: s.p.Replace, TrustHost: s.login.Kind() == salesforce.KindTrusted,
		Timeout: s.Timeout, NoBrowser: s.NoBrowser, Recipe: s.recipeRef(),
	}
	if r.Timeout == 0 {
		r.Timeout = connection.DefaultTimeout
	}
	var err error
	if s.hasSecret() {
		if r.ConsumerSecret, err = s.Machine.Draft(ctx, s.p.DraftID, store.ConsumerSecret); err != nil {
			return r, err
		}
	}
	switch r.Flow {
	case connection.FlowJWTBearer:
		if r.PrivateKey, err = s.Machine.Draft(ctx, s.p.DraftID, store.PrivateKey); err == nil {
			err = s.askUsername(ctx)
		}
		r.JWT = s.p.JWT
	case connection.FlowRefreshToken:
		r.RefreshToken, err = s.askRefreshToken(ctx)
	}
	return r, err
}

// signInOnce runs one login. What it does before an address exists is shown as
// one wait, and the time in which the person signs in as another, with the address.
func (s *Setup) signInOnce(ctx context.Context) (connection.Login, error) {
	request, err := s.signInRequest(ctx)
	if err != nil {
		return connection.Login{}, err
	}
	if request.KeepFormer, err = s.rememberFormer(ctx); err != nil {
		return connection.Login{}, err
	}
	s.p.SignInSince = s.Machine.Now().UTC()
	if err := s.save(); err != nil {
		return connection.Login{}, err
	}
	if s.Pasted != nil {
		request.Pasted = s.Pasted
	}
	run := StartLogin(ctx, s.Machine, request)
	defer run.Close() // the ports are free before anything else happens

	var address string
	err = s.UI.Wait(ctx, prepareWaiting(request.Flow), func(ctx context.Context, _ <-chan struct{}) (err error) {
		address, err = run.Ready(ctx, nil)
		return err
	})
	if err != nil {
		return connection.Login{}, err
	}
	done, err := run.Wait(ctx, s.UI, s.signInWaiting(address, request))
	if err == nil && request.KeepFormer {
		s.p.Former = done.Former
	}
	return done, err
}

func prepareWaiting(f connection.Flow) Waiting {
	w := Waiting{ID: "prepare_sign_in", Title: "Getting ready: the store, a port, and Salesforce's word that it knows the app …"}
	switch {
	case f == connection.FlowPaste:
		w.Title = "Getting ready: the store, and Salesforce's word that it knows the app …"
	case !f.Browser():
		w.Title = "Asking Salesforce for a token …"
	}
	return w
}

// askUsername asks for the user to act as, unless the recipe or an earlier answer names one.
func (s *Setup) askUsername(ctx context.Context) error {
	if s.p.JWT.Username == "" && s.p.Prompt == "" {
		s.p.JWT.Username = s.filled().Policies.RunAs
	}
	if s.p.JWT.Username != "" {
		return nil
	}
	name, err := s.UI.Ask(ctx, Question{
		ID: "username", Title: "Username that the integration acts as", Default: s.preset("username", ""), Hint: "integration@acme.com",
		Help: "The Username, which is not always the email address. Setup › Users lists it.",
		Check: func(raw string) error {
			if !strings.Contains(strings.TrimSpace(raw), "@") {
				return asSentence(errors.New("a Username looks like integration@acme.com"))
			}
			return nil
		},
	})
	s.p.JWT.Username = strings.TrimSpace(name)
	return err
}

func (s *Setup) askRefreshToken(ctx context.Context) (secret.Value, error) {
	raw, err := s.UI.AskSecret(ctx, Question{ID: "refresh_token", Title: "Refresh token that the other tool obtained", Suggest: s.PresetToken,
		Check: func(raw string) error { _, _, err := salesforce.CleanRefreshToken(raw); return asSentence(err) }})
	if err != nil {
		return secret.Value{}, err
	}
	token, warning, err := salesforce.CleanRefreshToken(raw.Reveal())
	if warning != "" {
		s.UI.Say(Line{Mark: MarkWarn, Text: warning})
	}
	return token, err
}

// signInLines are the callback lines that the sign-in may use.
func (s *Setup) signInLines() []string {
	if s.flow() == connection.FlowPaste {
		return s.filled().CallbackURLs
	}
	return s.callbacks()
}

// callbacks are the lines to listen on: the one that served this app before, then
// ours. Only the web flow has any.
func (s *Setup) callbacks() []string {
	if s.flow() != connection.FlowWeb {
		return nil
	}
	lines := connection.DefaultCallbacks()
	own := s.saved.CallbackURL
	if own == "" || s.saved.ConsumerKey != s.p.ConsumerKey || connection.Flow(s.saved.Flow) != connection.FlowWeb {
		return lines
	}
	return append([]string{own}, slices.DeleteFunc(lines, func(l string) bool { return l == own })...)
}

func (s *Setup) signInWaiting(address string, r connection.LoginRequest) Waiting {
	var elsewhere []string
	if s.Elsewhere != nil && r.Flow == connection.FlowWeb {
		elsewhere = s.Elsewhere(address)
	}
	return BrowserWait(address, r, elsewhere)
}

func (s *Setup) prompt() string {
	if s.p.Prompt != "" {
		return s.p.Prompt
	}
	return s.recipe.Authorize.Prompt
}

func (s *Setup) recipeRef() store.RecipeRef { return s.p.Recipe }
