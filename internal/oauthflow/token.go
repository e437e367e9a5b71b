package oauthflow

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"

	"golang.org/x/oauth2"

	"example.com/sfconnect/internal/secret"
)

// Exchange redeems an authorization code with exactly one request. Errors are
// *Refused, *NotSalesforce, or the network's or context's own (*url.Error).
// The hosts in the grant are as the endpoint gave them, unchecked.
func (c Client) Exchange(ctx context.Context, r Request, code secret.Value) (Grant, error) {
	return c.grant(ctx, func(ctx context.Context) (*oauth2.Token, error) {
		return r.config(r.CallbackURL, nil).Exchange(ctx, code.Reveal(), oauth2.VerifierOption(r.Verifier.Reveal()))
	})
}

// Refresh redeems a refresh token with exactly one request. Errors are as for
// Exchange. A refresh token in the grant replaces the old one, which is dead by
// then: store it before anything else. When none came, the old one stays good.
func (c Client) Refresh(ctx context.Context, app App, refresh secret.Value) (Grant, error) {
	return c.grant(ctx, func(ctx context.Context) (*oauth2.Token, error) {
		old := &oauth2.Token{RefreshToken: refresh.Reveal()}
		return app.config("", nil).TokenSource(ctx, old).Token()
	})
}

func (c Client) grant(ctx context.Context, call func(context.Context) (*oauth2.Token, error)) (Grant, error) {
	token, err := call(context.WithValue(ctx, oauth2.HTTPClient, c.client(c.judgeToken)))
	if err == nil {
		return newGrant(token), nil
	}
	var refused *Refused
	var foreign *NotSalesforce
	var network *url.Error
	switch {
	case errors.As(err, &refused):
		return Grant{}, refused
	case errors.As(err, &foreign):
		return Grant{}, foreign
	case errors.As(err, &network):
		return Grant{}, network
	}
	return Grant{}, err
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
		if value := text(raw); value != "" && name != "expires_in" {
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
