package cli

import (
	"context"
	"errors"
	"slices"
	"strings"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/oauthflow"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// authRequest gathers every input before anything is contacted: flag, then
// environment, then the saved profile, then the recipe, then a question on a terminal.
func authRequest(ctx context.Context, a *app, f authFlags) (connection.LoginRequest, error) {
	var none connection.LoginRequest
	if f.flow != "" && f.flow != "web" {
		return none, usage("The flow %q is not known here; this version authorizes with: web.", f.flow)
	}
	if f.noConsumerSecret && (f.consumerSecret.stdin || f.consumerSecret.file != "") {
		return none, usage("--no-consumer-secret says that there is no secret, and another flag gives one.")
	}
	if f.timeout <= 0 {
		return none, usage("--timeout must be longer than nothing, for example 5m.")
	}
	name, err := a.profileName()
	if err != nil {
		return none, err
	}
	saved, err := a.savedProfile(name)
	if err != nil {
		return none, err
	}
	r := connection.LoginRequest{
		Profile: name, Prompt: f.prompt, LoginHint: f.loginHint, ExpectOrg: f.expectOrg, Replace: f.replace,
		Timeout: f.timeout, NoBrowser: f.noBrowser,
		Scopes: strings.Fields(f.scopes), Recipe: saved.Recipe, WantedScopes: saved.WantedScopes,
	}
	if err := a.addRecipe(&r, f.recipe); err != nil {
		return none, err
	}
	for _, scope := range r.Scopes {
		if !slices.Contains(r.WantedScopes, scope) {
			r.WantedScopes = append(slices.Clip(r.WantedScopes), scope)
		}
	}
	if err := checkPrompt(r.Prompt); err != nil {
		return none, err
	}
	for _, line := range f.callbackURLs {
		if err := oauthflow.CheckCallback(line); err != nil {
			return none, err
		}
	}
	r.Callbacks = f.callbackURLs
	if r.Callbacks == nil && saved.CallbackURL != "" {
		r.Callbacks = append([]string{saved.CallbackURL}, without(connection.DefaultCallbacks(), saved.CallbackURL)...)
	}

	in := authInput{
		login: firstOf(f.loginURL, a.Getenv("SFCONNECT_LOGIN_URL"), saved.LoginURL),
		key:   firstOf(f.consumerKey, a.Getenv("SFCONNECT_CONSUMER_KEY"), saved.ConsumerKey),
	}
	r.TrustHost = f.trustHost || saved.TrustHost && in.login == saved.LoginURL
	// The saved secret belongs to the saved key alone.
	same := saved.ID != "" && strings.TrimSpace(in.key) == saved.ConsumerKey
	in.public = f.noConsumerSecret || same && !saved.HasConsumerSecret
	if !f.noConsumerSecret {
		if in.secret, err = f.consumerSecret.read(ctx, a); err != nil {
			return none, err
		}
	}
	in.saved = in.secret.Empty() && same && saved.HasConsumerSecret && !f.noConsumerSecret
	if err := a.askMissing(ctx, &in, r.TrustHost); err != nil {
		return none, err
	}
	if r, err = a.checkedInput(r, in); err != nil || !in.saved {
		return r, err
	}
	r.ConsumerSecret, err = a.savedSecret(ctx, saved)
	return r, err
}

// authInput is what auth must have, as it was given.
type authInput struct {
	login, key string
	secret     secret.Value
	public     bool // there is no secret
	saved      bool // the secret is the profile's, still in the store
}

func without(list []string, s string) []string {
	return slices.DeleteFunc(list, func(x string) bool { return x == s })
}

// checkedInput judges what was gathered; a wrong value is a usage error before anything is contacted.
func (a *app) checkedInput(r connection.LoginRequest, in authInput) (connection.LoginRequest, error) {
	login, err := salesforce.ParseLoginURL(in.login, salesforce.LoginOptions{TrustHost: r.TrustHost})
	if err != nil {
		return r, err
	}
	if login.Change() != "" {
		a.note("%s", login.Change())
	}
	key, warning, err := salesforce.CleanKey(in.key)
	if err != nil {
		return r, err
	}
	if warning != "" {
		a.note("Warning: %s", warning)
	}
	if !in.secret.Empty() {
		clean, warning, err := salesforce.CleanSecret(in.secret.Reveal())
		if err != nil {
			return r, err
		}
		if warning != "" {
			a.note("Warning: %s", warning)
		}
		if salesforce.Swapped(key, clean) {
			return r, usage("Consumer Key and Consumer Secret seem to be swapped: the key is the longer one and usually starts with 3MVG9.")
		}
		r.ConsumerSecret = a.hide(clean)
	}
	r.Login, r.ConsumerKey = login, key
	return r, nil
}

// savedProfile is the zero profile when none is saved under that name.
func (a *app) savedProfile(name string) (store.Profile, error) {
	set, err := a.file().Load()
	if err != nil {
		return store.Profile{}, err
	}
	return set.Profiles[name], nil
}

func (a *app) savedSecret(ctx context.Context, p store.Profile) (secret.Value, error) {
	v, err := a.secrets().Get(ctx, p.ID, store.ConsumerSecret)
	if errors.Is(err, store.ErrNotFound) {
		return v, fault.New(fault.MissingInput, "input", "The Consumer Secret that was saved is not in "+a.secrets().Label()+" any more.",
			"Give it again: --consumer-secret-stdin, --consumer-secret-file or SFCONNECT_CONSUMER_SECRET.")
	}
	return a.hide(v), err
}

// addRecipe notes what the integration wants; flags given already win.
func (a *app) addRecipe(r *connection.LoginRequest, idOrFile string) error {
	if idOrFile == "" {
		return nil
	}
	found, err := findRecipe(idOrFile)
	if err != nil {
		return err
	}
	r.Recipe = store.RecipeRef{ID: found.ID, Source: found.Text}
	r.WantedScopes = found.Scopes
	if r.Prompt == "" {
		r.Prompt = found.Authorize.Prompt
	}
	return nil
}

// askMissing asks a person for what is missing, or names all of it at once.
func (a *app) askMissing(ctx context.Context, in *authInput, trustHost bool) error {
	var missing []string
	if in.login == "" {
		missing = append(missing, "login URL: --login-url or SFCONNECT_LOGIN_URL")
	}
	if in.key == "" {
		missing = append(missing, "Consumer Key: --consumer-key or SFCONNECT_CONSUMER_KEY")
	}
	if in.secret.Empty() && !in.public && !in.saved {
		missing = append(missing, "Consumer Secret: --consumer-secret-stdin, --consumer-secret-file or SFCONNECT_CONSUMER_SECRET (or --no-consumer-secret for a public client)")
	}
	if len(missing) == 0 {
		return nil
	}
	if !a.mayAsk() || !a.StderrTTY || a.global.json {
		return fault.New(fault.MissingInput, "input", "Nothing was contacted, because input is missing.", "Give:\n  "+strings.Join(missing, "\n  "))
	}
	return a.askFor(ctx, in, trustHost)
}

func checkPrompt(prompt string) error {
	for _, word := range strings.Fields(prompt) {
		if !slices.Contains([]string{"login", "consent", "select_account"}, word) {
			return usage("--prompt does not know %q; it takes login, consent, select_account or several of them.", word)
		}
	}
	return nil
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if strings.TrimSpace(t) != "" {
			return t
		}
	}
	return ""
}
