package oauthflow

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
	"golang.org/x/oauth2/jwt"

	"example.com/sfconnect/internal/secret"
)

// Exchange redeems an authorization code with exactly one request. Errors are
// *Refused, *NotSalesforce, or the network's or context's own (*url.Error).
// The hosts in the grant are as the endpoint gave them, unchecked.
func (c Client) Exchange(ctx context.Context, r Request, code secret.Value) (Grant, error) {
	return c.grant(ctx, r.App, func(ctx context.Context) (*oauth2.Token, error) {
		return r.config(r.CallbackURL, nil).Exchange(ctx, code.Reveal(), oauth2.VerifierOption(r.Verifier.Reveal()))
	})
}

// Refresh redeems a refresh token with exactly one request. Errors are as for
// Exchange. A refresh token in the grant replaces the old one, which is dead by
// then: store it before anything else. When none came, the old one stays good.
func (c Client) Refresh(ctx context.Context, app App, refresh secret.Value) (Grant, error) {
	return c.grant(ctx, app, func(ctx context.Context) (*oauth2.Token, error) {
		old := &oauth2.Token{RefreshToken: refresh.Reveal()}
		return app.config("", nil).TokenSource(ctx, old).Token()
	})
}

// ClientCredentials asks for a token of the app's Run As user (RFC 6749 section
// 4.4) with exactly one request. No scope is sent, because Salesforce refuses it,
// and no refresh token comes. Errors are as for Exchange.
func (c Client) ClientCredentials(ctx context.Context, app App) (Grant, error) {
	config := clientcredentials.Config{
		ClientID: app.ConsumerKey, ClientSecret: app.ConsumerSecret.Reveal(),
		TokenURL: app.endpoint("token"), AuthStyle: oauth2.AuthStyleInParams,
	}
	return c.grant(ctx, app, config.Token)
}

// assertionLife is how far ahead an assertion ends: Salesforce takes three
// minutes (Help, "OAuth 2.0 JWT Bearer Flow"), the library's own is an hour.
const assertionLife = 3 * time.Minute

// Assertion says for whom a token is asked in the JWT bearer flow (RFC 7523).
type Assertion struct {
	Username   string       // the user's Username, not the email address
	Audience   string       // the login or test host, or the org's My Domain
	PrivateKey secret.Value // RSA in PEM; its certificate is uploaded in the app
}

// JWTBearer asks for a token for a user who need not be there, with exactly one
// request. No Consumer Secret is sent and no refresh token comes. Errors are as
// for Exchange, or say that the key cannot be used.
func (c Client) JWTBearer(ctx context.Context, app App, a Assertion) (Grant, error) {
	config := jwt.Config{
		Email: app.ConsumerKey, Subject: a.Username, Audience: a.Audience,
		PrivateKey: []byte(a.PrivateKey.Reveal()), TokenURL: app.endpoint("token"), Expires: assertionLife,
	}
	return c.grant(ctx, app, func(ctx context.Context) (*oauth2.Token, error) { return config.TokenSource(ctx).Token() })
}

// grant makes one token request. The error is the one that the transport met:
// some of the library's ways wrap it by its text alone.
func (c Client) grant(ctx context.Context, app App, call func(context.Context) (*oauth2.Token, error)) (Grant, error) {
	var met error
	client := c.client(c.judgeToken)
	client.Transport = recording{client.Transport, ctx, &met}
	token, err := call(context.WithValue(ctx, oauth2.HTTPClient, client))
	if err == nil {
		return newGrant(token), nil
	}
	var refused *Refused
	var foreign *NotSalesforce
	switch {
	case errors.As(met, &refused):
		return Grant{}, refused
	case errors.As(met, &foreign):
		return Grant{}, foreign
	case met != nil:
		return Grant{}, &url.Error{Op: "Post", URL: app.endpoint("token"), Err: met}
	}
	return Grant{}, err
}

// mistaken reports whether the library would take a field for what it is not: a
// lifetime, which says nothing of ours, or another's name in other letters, since
// package json does not tell capitals from small ones.
func mistaken(name string) bool {
	return slices.ContainsFunc([]string{"access_token", "refresh_token", "token_type", "expires_in", "id_token", "error"}, func(known string) bool {
		return strings.EqualFold(name, known) && (name != known || known == "expires_in" || known == "id_token")
	})
}

// recording keeps a transport's error, and ends its requests with ctx, which the
// JWT part of the library does not pass on.
type recording struct {
	base http.RoundTripper
	ctx  context.Context
	met  *error
}

// RoundTrip implements http.RoundTripper. The base has read the whole answer when
// it returns.
func (r recording) RoundTrip(req *http.Request) (*http.Response, error) {
	both, cancel := context.WithCancelCause(req.Context())
	defer cancel(nil)
	defer context.AfterFunc(r.ctx, func() { cancel(r.ctx.Err()) })()
	resp, err := r.base.RoundTrip(req.WithContext(both))
	if r.ctx.Err() != nil && err != nil {
		err = r.ctx.Err()
	}
	*r.met = err
	return resp, err
}

// judgeToken lets x/oauth2 see nothing but a plain token answer.
func (c Client) judgeToken(a answer) (*http.Response, error) {
	if refused := a.refusal(); refused != nil {
		return nil, refused
	}
	fields, _ := a.object()
	if a.status/100 != 2 || text(fields["access_token"]) == "" {
		return nil, a.reject(c.Now)
	}
	// Strings only: a field of an unforeseen type must not cost a spent code.
	plain := make(map[string]string, len(fields))
	for name, raw := range fields {
		if value := text(raw); value != "" && !mistaken(name) {
			plain[name] = value
		}
	}
	body, err := json.Marshal(plain)
	if err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: http.StatusOK,
		Header:     http.Header{"Content-Type": {"application/json"}},
		Body:       io.NopCloser(bytes.NewReader(body)),
	}, nil
}
