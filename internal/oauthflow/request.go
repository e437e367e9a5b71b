package oauthflow

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"example.com/sfconnect/internal/secret"
)

// App is the External Client App as the login host knows it.
type App struct {
	LoginURL       string // an origin, e.g. "https://acme.my.salesforce.com"
	ConsumerKey    string
	ConsumerSecret secret.Value // empty for a public client: then none is sent
}

func (a App) endpoint(name string) string {
	return strings.TrimRight(a.LoginURL, "/") + "/services/oauth2/" + name
}

func (a App) config(callbackURL string, scopes []string) *oauth2.Config {
	return &oauth2.Config{
		ClientID:     a.ConsumerKey,
		ClientSecret: a.ConsumerSecret.Reveal(),
		RedirectURL:  callbackURL,
		Scopes:       scopes,
		Endpoint: oauth2.Endpoint{
			AuthURL:  a.endpoint("authorize"),
			TokenURL: a.endpoint("token"),
			// The library's own probing would send a one-time code twice.
			AuthStyle: oauth2.AuthStyleInParams,
		},
	}
}

// Client makes the calls. It is safe for concurrent use when its fields are.
type Client struct {
	HTTP *http.Client // required; its redirect policy and cookies are not used: nothing is followed, nothing kept
	Rand io.Reader    // required by NewRequest
	Now  func() time.Time
	// Trusted says whether a host name (lower case, without port) belongs to
	// Salesforce; Probe asks it about redirects. Nil trusts the login host alone.
	Trusted func(host string) bool
}

// Request is one authorization in progress. State and Verifier are good for one
// login only.
type Request struct {
	App
	CallbackURL string // sent byte for byte in the authorize and the token call
	State       string
	Verifier    secret.Value
	Scopes      []string // none: the app's own apply
	Prompt      string   // "login", "consent", "select_account", or several with blanks
	LoginHint   string
}

// NewRequest makes a request with a state of 256 random bits and a verifier of
// 43 base64url characters (RFC 7636 section 4.1). Salesforce refuses verifiers
// with "~", which the RFC allows and base64url does not have.
func (c Client) NewRequest(app App, callbackURL string) (Request, error) {
	state, err := c.random()
	if err != nil {
		return Request{}, err
	}
	verifier, err := c.random()
	if err != nil {
		return Request{}, err
	}
	return Request{App: app, CallbackURL: callbackURL, State: state, Verifier: secret.New(verifier)}, nil
}

func (c Client) random() (string, error) {
	var b [32]byte
	if _, err := io.ReadFull(c.Rand, b[:]); err != nil {
		return "", fmt.Errorf("read random bytes: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}

// URL is the address to open in the browser. The challenge is always S256; there
// is none without a Verifier, which only a Probe may lack.
func (r Request) URL() string {
	var options []oauth2.AuthCodeOption
	if !r.Verifier.Empty() {
		options = append(options, oauth2.S256ChallengeOption(r.Verifier.Reveal()))
	}
	if r.Prompt != "" {
		options = append(options, oauth2.SetAuthURLParam("prompt", r.Prompt))
	}
	if r.LoginHint != "" {
		options = append(options, oauth2.SetAuthURLParam("login_hint", r.LoginHint))
	}
	address := r.config(r.CallbackURL, r.Scopes).AuthCodeURL(r.State, options...)
	// A "+" is a blank in form encoding only; %20 is one everywhere.
	return strings.ReplaceAll(address, "+", "%20")
}
