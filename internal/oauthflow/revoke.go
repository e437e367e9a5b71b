package oauthflow

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"example.com/sfconnect/internal/secret"
)

// Revoke ends a token; a refresh token takes its access tokens with it. A token
// that Salesforce does not know is *Refused with code invalid_token. Other
// errors are as for Exchange.
func (c Client) Revoke(ctx context.Context, app App, token secret.Value) error {
	a, err := c.post(ctx, app.endpoint("revoke"), url.Values{"token": {token.Reveal()}})
	if err != nil {
		return err
	}
	if refused := a.refusal(); refused != nil {
		return refused
	}
	// Success has no body to speak of; a page with status 200 is a portal's.
	if a.status != http.StatusOK || a.cut || a.huge || len(a.body) > 0 && a.isHTML() {
		return a.reject(c.Now)
	}
	return nil
}

// Introspection is what the introspect endpoint says (RFC 7662).
type Introspection struct {
	Active  bool
	Expires time.Time // zero when not said
	Subject string    // the identity URL of the user; empty when not said
}

// What Introspect is told of a token (RFC 7662 section 2.1).
const (
	HintAccessToken  = "access_token"
	HintRefreshToken = "refresh_token"
)

// Introspect asks about a token of the app, which it does not spend. Errors are as
// for Exchange.
func (c Client) Introspect(ctx context.Context, app App, token secret.Value, hint string) (Introspection, error) {
	form := url.Values{
		"token":           {token.Reveal()},
		"token_type_hint": {hint},
		"client_id":       {app.ConsumerKey},
	}
	if !app.ConsumerSecret.Empty() {
		form.Set("client_secret", app.ConsumerSecret.Reveal())
	}
	a, err := c.post(ctx, app.endpoint("introspect"), form)
	if err != nil {
		return Introspection{}, err
	}
	if refused := a.refusal(); refused != nil {
		return Introspection{}, refused
	}
	fields, _ := a.object()
	var active bool
	if a.status != http.StatusOK || json.Unmarshal(fields["active"], &active) != nil {
		return Introspection{}, a.reject(c.Now)
	}
	found := Introspection{Active: active, Subject: text(fields["sub"])}
	if seconds, err := strconv.ParseInt(text(fields["exp"]), 10, 64); err == nil && seconds > 0 {
		found.Expires = time.Unix(seconds, 0).UTC()
	}
	return found, nil
}
