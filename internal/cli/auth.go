package cli

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/oauthflow"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// authFlags are the flags of auth, as given.
type authFlags struct {
	loginURL         string
	consumerKey      string
	consumerSecret   secretFlags
	noConsumerSecret bool
	flow             string
	recipe           string
	scopes           string
	prompt           string
	loginHint        string
	callbackURLs     []string
	noBrowser        bool
	browser          string
	timeout          time.Duration
	expectOrg        string
	trustHost        bool
	replace          bool
}

func newAuth(a *app) *cobra.Command {
	f := authFlags{consumerSecret: secretFlags{name: "Consumer Secret", variable: "SFCONNECT_CONSUMER_SECRET"}}
	cmd := &cobra.Command{
		Use:   "auth",
		Short: "Authorize an existing app and save the connection (for scripts)",
		Long: `Authorize an External Client App that exists already, and save the connection.

Everything comes by flag, environment or stdin; what a profile saved earlier holds
need not be given again. The authorize address is printed on stderr before a
browser is tried. The Consumer Secret is never the value of a flag: it comes from
--consumer-secret-stdin, --consumer-secret-file or SFCONNECT_CONSUMER_SECRET.

The app must have these Callback URL lines, or those given with --callback-url:
  http://localhost:1717/OauthRedirect
  http://localhost:1718/OauthRedirect
  http://localhost:1719/OauthRedirect`,
		Example: `  pass show acme/secret | sfconnect auth --login-url https://acme.my.salesforce.com --consumer-key 3MVG9... --consumer-secret-stdin
  SFCONNECT_CONSUMER_SECRET=... sfconnect auth --login-url login.salesforce.com --consumer-key 3MVG9... --json
  sfconnect auth --profile acme --prompt login     # sign in again with what was saved`,
		Args: plainArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runAuth(cmd.Context(), a, f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.loginURL, "login-url", "", "where the org signs in, best its My Domain (SFCONNECT_LOGIN_URL)")
	flags.StringVar(&f.consumerKey, "consumer-key", "", "the app's Consumer Key (SFCONNECT_CONSUMER_KEY)")
	flags.BoolVar(&f.consumerSecret.stdin, "consumer-secret-stdin", false, "read the Consumer Secret from stdin")
	flags.StringVar(&f.consumerSecret.file, "consumer-secret-file", "", "read the Consumer Secret from this file")
	flags.StringVar(&f.consumerSecret.refused, "consumer-secret", "", "")
	_ = flags.MarkHidden("consumer-secret")
	flags.BoolVar(&f.noConsumerSecret, "no-consumer-secret", false, "the app is a public client: it has no secret")
	flags.StringVar(&f.flow, "flow", "", "how to authorize: web (the default)")
	flags.StringVar(&f.recipe, "recipe", "", "the integration this is for: a recipe's id or file; what was granted is compared with it")
	flags.StringVar(&f.scopes, "scopes", "", "scopes to ask for, separated by blanks (default: none are sent, the app's own apply)")
	flags.StringVar(&f.prompt, "prompt", "", "login, consent, select_account or several of them")
	flags.StringVar(&f.loginHint, "login-hint", "", "user name to fill in on the login page")
	flags.StringArrayVar(&f.callbackURLs, "callback-url", nil, "loopback callback line of the app, repeatable, tried in order")
	flags.BoolVar(&f.noBrowser, "no-browser", false, "open no browser; use the printed address")
	flags.StringVar(&f.browser, "browser", "", "program that opens the address, which it gets as its last argument (BROWSER)")
	flags.DurationVar(&f.timeout, "timeout", connection.DefaultTimeout, "how long to wait for the sign-in")
	flags.StringVar(&f.expectOrg, "expect-org", "", "refuse any org but the one with this id")
	flags.BoolVar(&f.trustHost, "trust-host", false, "accept a login host outside Salesforce's own domains")
	flags.BoolVar(&f.replace, "replace", false, "let the profile change its org or user")
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error {
		if cmd.Flags().Changed("consumer-secret") {
			a.hide(secret.New(f.consumerSecret.refused))
			return fault.New(fault.Usage, "input", "A secret is never taken as a flag's value: other programs on this machine and the shell's history could read it.",
				"Give the Consumer Secret in one of these ways:\n  --consumer-secret-stdin          piped in\n  --consumer-secret-file PATH      from a file\n  SFCONNECT_CONSUMER_SECRET        from the environment")
		}
		return nil
	}
	return cmd
}

func runAuth(ctx context.Context, a *app, f authFlags) error {
	request, err := authRequest(ctx, a, f)
	if err != nil {
		return err
	}
	m, err := a.machine()
	if err != nil {
		return err
	}
	m.OpenBrowser = a.openBrowser(f.browser)
	request.Events = a.authEvents(f)
	done, err := m.Login(ctx, request)
	if err != nil {
		return err
	}
	for _, w := range done.Warnings {
		a.note("Warning: %s", w)
	}
	if a.global.json {
		a.printJSON(toAuthJSON(done))
		return nil
	}
	p := done.Profile
	a.note("Connected as %s to %s (%s).", person(p.User), connection.OrgTitle(p.Org), p.Org.InstanceURL)
	a.note("Saved in %s as profile %q. Next: sfconnect test%s", m.Secrets.Label(), done.Name, a.profileFlag(done.Name))
	return nil
}

// profileFlag is what a command to paste needs so that it is about this profile.
func (a *app) profileFlag(name string) string {
	if set, err := a.file().Load(); err == nil && set.Default == name {
		return ""
	}
	return " --profile " + connection.ShellWord(name)
}

// authEvents tells a login's course on stderr; the address stands alone on its line.
func (a *app) authEvents(f authFlags) func(connection.Event) {
	return func(e connection.Event) {
		switch e.Kind {
		case connection.EventURL:
			a.note("Sign in to Salesforce at this address:\n\n%s\n", e.Text)
		case connection.EventWaiting:
			a.note("Waiting up to %s for the sign-in to come back to %s …", connection.Spoken(f.timeout), e.Text)
		case connection.EventBrowser, connection.EventNote:
			a.note("%s", e.Text)
		}
	}
}

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

type authJSON struct {
	Schema          int      `json:"schema"`
	OK              bool     `json:"ok"`
	Profile         string   `json:"profile"`
	Flow            string   `json:"flow"`
	LoginURL        string   `json:"login_url"`
	Org             orgJSON  `json:"org"`
	User            userJSON `json:"user"`
	Scopes          []string `json:"scopes"`
	HasRefreshToken bool     `json:"has_refresh_token"`
	StoredIn        string   `json:"stored_in"`
}

type orgJSON struct {
	ID          string  `json:"id"`
	InstanceURL string  `json:"instance_url"`
	Name        *string `json:"name"` // null where the API may not be called
	IsSandbox   bool    `json:"is_sandbox"`
}

type userJSON struct {
	ID          string `json:"id"`
	Username    string `json:"username"`
	DisplayName string `json:"display_name"`
}

func toAuthJSON(done connection.Login) authJSON {
	p := done.Profile
	return authJSON{
		Schema: 1, OK: true, Profile: done.Name, Flow: p.Flow, LoginURL: p.LoginURL,
		Org: toOrgJSON(p.Org), User: userJSON(p.User),
		Scopes: list(p.Scopes), HasRefreshToken: p.HasRefreshToken, StoredIn: p.StoredIn,
	}
}

func toOrgJSON(o store.Org) orgJSON {
	out := orgJSON{ID: o.ID, InstanceURL: o.InstanceURL, IsSandbox: o.IsSandbox}
	if o.Name != "" {
		out.Name = &o.Name
	}
	return out
}

// list makes a nil list an empty one, so that JSON shows [].
func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

func person(u store.User) string {
	switch {
	case u.DisplayName != "" && u.Username != "":
		return u.DisplayName + " <" + u.Username + ">"
	case u.Username != "":
		return u.Username
	}
	return u.ID
}
