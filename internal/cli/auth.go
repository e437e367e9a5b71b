package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/wizard"
)

// authFlags are the flags of auth, as given.
type authFlags struct {
	loginURL         string
	consumerKey      string
	consumerSecret   secretFlags
	noConsumerSecret bool
	flow             string
	recipe           string
	variant          string
	scopes           string
	prompt           string
	loginHint        string
	callbackURLs     []string
	noBrowser        bool
	browser          string
	timeout          time.Duration
	expectOrg        string
	refreshToken     secretFlags
	username         string
	privateKeyFile   string
	audience         string
	yes              bool
	given            func(flag string) bool // tells whether one was used
	trustHost        bool
	replace          bool
}

func newAuth(a *app) *cobra.Command {
	f := authFlags{
		consumerSecret: secretFlags{name: "Consumer Secret", flag: "--consumer-secret-stdin", variable: "SFCONNECT_CONSUMER_SECRET"},
		refreshToken:   secretFlags{name: "refresh token", flag: "--refresh-token-stdin"},
	}
	cmd := &cobra.Command{
		Use:   "auth",
		Short: "Authorize an existing app and save the connection (for scripts)",
		Long: `Authorize an External Client App that exists already, and save the connection.

Everything comes by flag, environment or stdin; what a profile saved earlier holds
need not be given again. The authorize address is printed on stderr before a
browser is tried. The Consumer Secret is never the value of a flag: it comes from
--consumer-secret-stdin, --consumer-secret-file or SFCONNECT_CONSUMER_SECRET.

Flows:
  web                 sign in in the browser, which comes back to this computer
  paste               sign in in any browser, and paste the address it lands on
  client-credentials  as the app's Run As user; needs a My Domain login URL
  jwt-bearer          as --username, with the private key of the app's certificate
  refresh-token       take over a refresh token that another tool obtained

For web the app must have these Callback URL lines, or those of --callback-url:
  http://localhost:1717/OauthRedirect
  http://localhost:1718/OauthRedirect
  http://localhost:1719/OauthRedirect

Over SSH, in a container and in WSL it says how a browser elsewhere comes back to
this computer. On a terminal the address that the browser lands on can always be
pasted instead.`,
		Example: `  pass show acme/secret | sfconnect auth --login-url https://acme.my.salesforce.com --consumer-key 3MVG9... --consumer-secret-stdin
  sfconnect auth --login-url login.salesforce.com --consumer-key 3MVG9... --consumer-secret-file secret.txt --json
  sfconnect auth --profile acme --prompt login     # sign in again with what was saved
  sfconnect auth --flow client-credentials --login-url https://acme.my.salesforce.com --consumer-key 3MVG9... --consumer-secret-file secret
  sfconnect auth --flow jwt-bearer --login-url https://acme.my.salesforce.com --consumer-key 3MVG9... --username ci@acme.com --private-key-file key.pem
  sfconnect auth --flow paste --callback-url https://login.salesforce.com/services/oauth2/success ...`,
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
	flags.StringVar(&f.refreshToken.refused, "refresh-token", "", "")
	_ = flags.MarkHidden("refresh-token")
	flags.BoolVar(&f.noConsumerSecret, "no-consumer-secret", false, "the app is a public client: it has no secret")
	flags.StringVar(&f.flow, "flow", "", "how to authorize: "+strings.Join(flowNames(), ", ")+" (default: as saved, as the recipe says, else web)")
	flags.StringVar(&f.recipe, "recipe", "", "the integration this is for: a recipe's id or file; what was granted is compared with it")
	addVariant(cmd, &f.variant)
	flags.StringVar(&f.scopes, "scopes", "", "scopes to ask for, separated by spaces (default: none are sent, the app's own apply)")
	flags.StringVar(&f.prompt, "prompt", "", "login, consent, select_account or several of them")
	flags.StringVar(&f.loginHint, "login-hint", "", "user name to fill in on the login page")
	flags.StringArrayVar(&f.callbackURLs, "callback-url", nil, "callback line of the app, repeatable, tried in order; on this computer in the web flow")
	flags.BoolVar(&f.noBrowser, "no-browser", false, "open no browser; use the printed address")
	flags.StringVar(&f.browser, "browser", "", "program that opens the address, which it gets as its last argument (BROWSER)")
	flags.DurationVar(&f.timeout, "timeout", connection.DefaultTimeout, "how long to wait for the sign-in")
	flags.StringVar(&f.expectOrg, "expect-org", "", "refuse any org but the one with this id")
	flags.BoolVar(&f.trustHost, "trust-host", false, "accept a login host outside Salesforce's own domains")
	flags.BoolVar(&f.refreshToken.stdin, "refresh-token-stdin", false, "read the refresh token from stdin")
	flags.StringVar(&f.refreshToken.file, "refresh-token-file", "", "read the refresh token from this file")
	flags.StringVar(&f.username, "username", "", "the user whom jwt-bearer acts as: the Username, not the email address")
	flags.StringVar(&f.privateKeyFile, "private-key-file", "", "RSA private key in PEM, of the certificate that was uploaded in the app")
	flags.StringVar(&f.audience, "audience", "", "whom jwt-bearer addresses (default: the login URL)")
	flags.BoolVar(&f.yes, "yes", false, "take a pasted code without the address around it")
	flags.BoolVar(&f.replace, "replace", false, "let the profile change its org or user")
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error {
		f.given = cmd.Flags().Changed
		for _, given := range []secretFlags{f.consumerSecret, f.refreshToken} {
			a.hide(secret.New(given.refused))
		}
		if err := f.fit(); err != nil {
			return err
		}
		if f.given("consumer-secret") {
			return f.consumerSecret.neverAValue()
		}
		if f.given("refresh-token") {
			return f.refreshToken.neverAValue()
		}
		return givenEmpty(cmd)
	}
	return cmd
}

func runAuth(ctx context.Context, a *app, f authFlags) error {
	request, err := authRequest(ctx, a, f)
	if err != nil {
		return err
	}
	saved, err := a.savedProfile(request.Profile)
	if err != nil {
		return err
	}
	m, err := a.savingMachine(saved, "")
	if err != nil {
		return err
	}
	m.OpenBrowser = a.openBrowser(f.browser)
	done, err := a.authorize(ctx, m, request, f.browser)
	if err != nil {
		return err
	}
	for _, w := range done.Warnings {
		a.closing(wizard.MarkWarn, "Warning: ", w)
	}
	if a.global.json {
		a.printJSON(toAuthJSON(done))
		return nil
	}
	p := done.Profile
	a.closing(wizard.MarkOK, "", fmt.Sprintf("Connected as %s to %s (%s).", connection.Person(p.User), connection.OrgTitle(p.Org), p.Org.InstanceURL))
	a.closing(wizard.MarkOK, "", fmt.Sprintf("Saved in %s as profile %q. Next: sfconnect test%s", m.Secrets.Label(), done.Name, a.profileFlag(done.Name)))
	return nil
}

// closing says how it ended: on a terminal as all that stands above it, elsewhere as
// one line behind word.
func (a *app) closing(mark wizard.Mark, word, text string) {
	if !a.StderrTTY {
		a.note("%s%s", word, text)
		return
	}
	a.people(a.Stderr, true).Line(wizard.Line{Mark: mark, Text: a.redactor.Redact(text)})
}

// authorize runs the login, and tells its course on stderr. browser is --browser.
func (a *app) authorize(ctx context.Context, m *connection.Machine, r connection.LoginRequest, browser string) (connection.Login, error) {
	// What is typed later is an address, and no passphrase.
	if err := m.Secrets.Open(ctx, true); err != nil {
		return connection.Login{}, m.Unsaved(r.Profile, err)
	}
	if !r.Flow.Browser() {
		r.Events = a.authEvents(r, false)
		return m.Login(ctx, r)
	}
	away := a.browserIsAway(browser)
	r.NoBrowser = r.NoBrowser || away
	if a.mayAsk() && a.StderrTTY {
		return a.attended(ctx, m, r, away)
	}
	r.Events = a.authEvents(r, away)
	if r.Flow == connection.FlowPaste {
		r.Pasted = a.pastedLines(ctx)
	}
	return m.Login(ctx, r)
}

// profileFlag is what a command to paste needs so that it is about this profile.
func (a *app) profileFlag(name string) string { return connection.ProfileFlag(a.file(), name) }

// authEvents tells a login's course on stderr; the address stands alone on its line.
func (a *app) authEvents(r connection.LoginRequest, away bool) func(connection.Event) {
	return func(e connection.Event) {
		switch e.Kind {
		case connection.EventURL:
			if r.Flow == connection.FlowWeb {
				for _, line := range a.elsewhere(e.Text, away, false) {
					a.note("%s", line)
				}
			}
			a.note("Sign in to Salesforce at this address:\n\n%s\n", e.Text)
		case connection.EventWaiting:
			if r.Flow == connection.FlowPaste {
				a.note("When the browser has landed on %s, paste the whole address from its address bar here. Waiting up to %s …", e.Text, connection.Spoken(r.Timeout))
				return
			}
			a.note("Waiting up to %s for the sign-in to come back to %s …", connection.Spoken(r.Timeout), e.Text)
		case connection.EventNote:
			if r.Flow == connection.FlowPaste && !a.StdinTTY {
				return // there is one try, and its end says why
			}
			a.note("%s", e.Text)
		case connection.EventBrowser, connection.EventNoBrowser:
			a.note("%s", e.Text)
		}
	}
}
