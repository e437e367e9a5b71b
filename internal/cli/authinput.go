package cli

import (
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/oauthflow"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// authRequest gathers every input before anything is contacted: flag, then
// environment, then the saved profile, then the recipe, then a question on a terminal.
func authRequest(ctx context.Context, a *app, f authFlags) (connection.LoginRequest, error) {
	var none connection.LoginRequest
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
		Timeout: f.timeout, NoBrowser: f.noBrowser, BareCode: f.yes,
		Scopes: strings.Fields(f.scopes), Recipe: saved.Recipe, WantedScopes: saved.WantedScopes,
	}
	integration, flowInput, err := addRecipe(&r, f)
	if err != nil {
		return none, err
	}
	r.Flow = flowOf(f, saved, integration)
	if flowInput != "" { // what the recipe asks is answered by now
		r.Recipe.Inputs[flowInput] = string(r.Flow)
	}
	if err := errors.Join(checkFlow(r.Flow, f), f.fitFlow(r.Flow)); err != nil {
		return none, err
	}
	for _, scope := range r.Scopes {
		if !slices.Contains(r.WantedScopes, scope) {
			r.WantedScopes = append(slices.Clip(r.WantedScopes), scope)
		}
	}
	if err := errors.Join(checkPrompt(r.Prompt), checkAudience(f.audience)); err != nil {
		return none, err
	}
	in, err := a.gather(ctx, f, r.Flow, saved, integration)
	if err != nil {
		return none, err
	}
	r.TrustHost = f.trustHost || saved.TrustHost && sameLogin(in.login, saved.LoginURL)
	if err := a.askMissing(ctx, &in, r.TrustHost); err != nil {
		return none, err
	}
	if r, err = a.checkedInput(r, in); err != nil {
		return r, err
	}
	if r.Callbacks, err = callbacks(r.Flow, f.callbackURLs, saved, integration, r.Login); err != nil {
		return r, err
	}
	return r, a.addSaved(ctx, &r, in, saved)
}

// authInput is what auth must have, as it was given.
type authInput struct {
	flow       connection.Flow
	login, key string
	secret     secret.Value
	public     bool // there is no secret, or none is needed
	saved      bool // the secret is the profile's, still in the store

	username, audience string
	keyFile            string
	savedKey           bool // the private key is the profile's, still in the store
	refreshToken       secret.Value
}

// gather takes what flags, environment, saved profile and recipe give.
func (a *app) gather(ctx context.Context, f authFlags, flow connection.Flow, saved store.Profile, integration *recipe.Recipe) (authInput, error) {
	in := authInput{
		flow:    flow,
		login:   firstOf(f.loginURL, a.Getenv("SFCONNECT_LOGIN_URL"), saved.LoginURL),
		key:     firstOf(f.consumerKey, a.Getenv("SFCONNECT_CONSUMER_KEY"), saved.ConsumerKey),
		keyFile: f.privateKeyFile,
	}
	// What is saved belongs to the saved key alone.
	same := saved.ID != "" && strings.TrimSpace(in.key) == saved.ConsumerKey
	switch flow {
	case connection.FlowJWTBearer:
		in.public = true // none is needed
	case connection.FlowWeb, connection.FlowPaste, connection.FlowRefreshToken:
		// That a signed assertion needs no secret does not make its app a public client.
		public := same && !saved.HasConsumerSecret && connection.Flow(saved.Flow) != connection.FlowJWTBearer
		in.public = f.noConsumerSecret || public || integration != nil && integration.Authorize.Public
	}
	var err error
	if !f.noConsumerSecret {
		if in.secret, err = f.consumerSecret.read(ctx, a); err != nil {
			return in, err
		}
	}
	in.saved = in.secret.Empty() && same && saved.HasConsumerSecret && !f.noConsumerSecret
	switch flow {
	case connection.FlowJWTBearer:
		in.username, in.audience = f.username, f.audience
		if connection.Flow(saved.Flow) == flow && same {
			in.username = firstOf(in.username, saved.JWT.Username)
			if in.audience == "" && sameLogin(in.login, saved.LoginURL) {
				in.audience = saved.JWT.Audience
			}
			in.savedKey = in.keyFile == ""
		}
	case connection.FlowRefreshToken:
		in.refreshToken, err = f.refreshToken.read(ctx, a)
	}
	return in, err
}

func without(list []string, s string) []string {
	return slices.DeleteFunc(list, func(x string) bool { return x == s })
}

// sameLogin reports whether two spellings mean one login URL.
func sameLogin(a, b string) bool {
	x, err := salesforce.ParseLoginURL(a, salesforce.LoginOptions{TrustHost: true})
	y, no := salesforce.ParseLoginURL(b, salesforce.LoginOptions{TrustHost: true})
	return err == nil && no == nil && x.String() == y.String()
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
	a.warn(warning)
	if !in.secret.Empty() {
		clean, warning, err := salesforce.CleanSecret(in.secret.Reveal())
		if err != nil {
			return r, err
		}
		a.warn(warning)
		if salesforce.Swapped(key, clean) {
			return r, fault.New(fault.Usage, "input", "Consumer Key and Consumer Secret seem to be swapped: the key is the longer one and usually starts with 3MVG9.",
				"Give the key with --consumer-key or SFCONNECT_CONSUMER_KEY, and the secret with --consumer-secret-stdin, --consumer-secret-file or SFCONNECT_CONSUMER_SECRET.")
		}
		r.ConsumerSecret = a.hide(clean)
	}
	r.Login, r.ConsumerKey = login, key
	r.JWT.Username, r.JWT.Audience = strings.TrimSpace(in.username), in.audience
	if in.keyFile != "" {
		key, err := a.readKeyFile(in.keyFile)
		if err != nil {
			return r, err
		}
		r.PrivateKey, r.JWT.Certificate, r.JWT.CertificateEnds = a.hide(key.PEM), key.Certificate, key.Ends
	}
	if !in.refreshToken.Empty() {
		clean, warning, err := salesforce.CleanRefreshToken(in.refreshToken.Reveal())
		if err != nil {
			return r, err
		}
		a.warn(warning)
		r.RefreshToken = a.hide(clean)
	}
	return r, connection.CheckHost(r.Flow, login)
}

func (a *app) warn(warning string) {
	if warning != "" {
		a.note("Warning: %s", warning)
	}
}

// addSaved takes from the store what is kept there and was not given anew.
func (a *app) addSaved(ctx context.Context, r *connection.LoginRequest, in authInput, saved store.Profile) error {
	var err error
	if in.saved {
		if r.ConsumerSecret, err = a.savedItem(ctx, saved, store.ConsumerSecret, "Consumer Secret",
			"Give it again: --consumer-secret-stdin, --consumer-secret-file or SFCONNECT_CONSUMER_SECRET."); err != nil {
			return err
		}
	}
	if in.savedKey {
		r.JWT.Certificate, r.JWT.CertificateEnds = saved.JWT.Certificate, saved.JWT.CertificateEnds
		r.PrivateKey, err = a.savedItem(ctx, saved, store.PrivateKey, "private key", "Give it again: --private-key-file.")
	}
	return err
}

func (a *app) readKeyFile(path string) (oauthflow.Key, error) {
	f, err := os.Open(path)
	if err != nil {
		return oauthflow.Key{}, unreadable("The private key", "--private-key-file", path, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, 2*largestInput))
	if err != nil {
		return oauthflow.Key{}, unreadable("The private key", "--private-key-file", path, err)
	}
	return oauthflow.ReadKey(data)
}

// savedProfile is the zero profile when none is saved under that name.
func (a *app) savedProfile(name string) (store.Profile, error) {
	set, err := a.file().Load()
	if err != nil {
		return store.Profile{}, err
	}
	return set.Profiles[name].Clone(), nil
}

func (a *app) savedItem(ctx context.Context, p store.Profile, item store.Item, name, remedy string) (secret.Value, error) {
	v, err := a.secretsIn(p.StoredIn).Get(ctx, p.ID, item)
	if errors.Is(err, store.ErrNotFound) {
		return v, fault.New(fault.MissingInput, "input", "The "+name+" that was saved is not in "+a.secretsIn(p.StoredIn).Label()+" any more.", remedy)
	}
	return a.hide(v), err
}

// addRecipe notes what the integration wants; flags given already win. It gives nil
// where no recipe was named; flowInput is the input that chooses the flow, if one does.
func addRecipe(r *connection.LoginRequest, f authFlags) (integration *recipe.Recipe, flowInput string, err error) {
	if f.recipe == "" {
		return nil, "", needsRecipe(f.recipe, f.variant)
	}
	found, err := findRecipe(f.recipe)
	if err != nil {
		return nil, "", err
	}
	inputs, flow, variant := map[string]string{}, firstOf(f.flow, f.impliedFlow()), f.variant
	if r.Recipe.ID == found.ID { // the saved profile was made with it
		maps.Copy(inputs, r.Recipe.Inputs)
		if _, err := found.Variant(inputs[recipe.VariantAnswer]); err == nil && flow == "" {
			variant = firstOf(variant, inputs[recipe.VariantAnswer])
		}
	}
	found, answers, err := chosenVariant(found, variant, flow)
	if err != nil {
		return nil, "", err
	}
	maps.Copy(inputs, answers)
	if names, err := recipe.Names(found.Authorize.Flow); err == nil && len(names) == 1 {
		flowInput = names[0]
	}
	found = found.Fill(inputs) // what only a wizard asks for stands at its default
	r.Recipe = store.RecipeRef{ID: found.ID, Source: found.Text, Inputs: inputs}
	r.WantedScopes = found.Scopes
	if r.Prompt == "" {
		r.Prompt = found.Authorize.Prompt
	}
	return &found, flowInput, nil
}

// missing names what is still to be given, with the ways to give it.
func (in *authInput) missing() []string {
	var out []string
	if in.login == "" {
		out = append(out, "login URL: --login-url or SFCONNECT_LOGIN_URL")
	}
	if in.key == "" {
		out = append(out, "Consumer Key: --consumer-key or SFCONNECT_CONSUMER_KEY")
	}
	if in.lacksSecret() {
		text := "Consumer Secret: --consumer-secret-stdin, --consumer-secret-file or SFCONNECT_CONSUMER_SECRET"
		if in.flow != connection.FlowClientCredentials {
			text += " (or --no-consumer-secret for a public client)"
		}
		out = append(out, text)
	}
	if in.flow == connection.FlowJWTBearer {
		if in.username == "" {
			out = append(out, "user to act as: --username")
		}
		if in.keyFile == "" && !in.savedKey {
			out = append(out, "private key: --private-key-file")
		}
	}
	if in.flow == connection.FlowRefreshToken && in.refreshToken.Empty() {
		out = append(out, "refresh token: --refresh-token-stdin or --refresh-token-file")
	}
	return out
}

func (in *authInput) lacksSecret() bool { return in.secret.Empty() && !in.public && !in.saved }

// askMissing asks a person for what is missing, or names all of it at once.
func (a *app) askMissing(ctx context.Context, in *authInput, trustHost bool) error {
	missing := in.missing()
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
