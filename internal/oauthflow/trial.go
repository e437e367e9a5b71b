package oauthflow

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"example.com/sfconnect/internal/secret"
)

// Given is what a trial was given: nothing, where all is as foreseen.
type Given struct {
	Grant  Grant // AccessToken is empty where none came
	Device bool  // a device code, which is no token and ends by itself
}

// Trial makes one token request with exactly these parameters, to see how it is
// refused. Errors are as for Exchange, *Refused being the usual outcome. A token
// that comes all the same must be revoked by the caller.
func (c Client) Trial(ctx context.Context, app App, form url.Values) (Given, error) {
	a, err := c.post(ctx, app.endpoint("token"), form)
	if err != nil {
		return Given{}, err
	}
	if refused := a.refusal(); refused != nil {
		return Given{}, refused
	}
	fields, _ := a.object()
	switch {
	case a.status/100 != 2:
		return Given{}, a.reject(c.Now)
	case text(fields["access_token"]) != "":
		plain := make(map[string]any, len(fields))
		for name, raw := range fields {
			plain[name] = text(raw)
		}
		return Given{Grant: newGrant((&oauth2.Token{AccessToken: text(fields["access_token"])}).WithExtra(plain))}, nil
	case text(fields["device_code"]) != "":
		return Given{Device: true}, nil
	}
	return Given{}, a.reject(c.Now)
}

// Invented is a random text of the given form: what a token or code of Salesforce's
// would begin with, and a length. Nobody has ever been given it.
func (c Client) Invented(prefix string, length int) (secret.Value, error) {
	raw := make([]byte, length)
	if _, err := io.ReadFull(c.Rand, raw); err != nil {
		return secret.Value{}, fmt.Errorf("read random bytes: %w", err)
	}
	text := prefix + strings.ReplaceAll(base64.RawURLEncoding.EncodeToString(raw), "-", ".")
	return secret.New(text[:length]), nil
}

// UnsignedAssertion is an assertion of the JWT bearer flow (RFC 7523) that looks
// signed and is not: random bytes stand where the signature would. The audience is
// the login host.
func (c Client) UnsignedAssertion(app App, username string) (secret.Value, error) {
	signature := make([]byte, keyBits/8)
	if _, err := io.ReadFull(c.Rand, signature); err != nil {
		return secret.Value{}, fmt.Errorf("read random bytes: %w", err)
	}
	claims, err := json.Marshal(map[string]any{
		"iss": app.ConsumerKey, "sub": username, "aud": app.LoginURL, "exp": c.Now().Add(assertionLife - time.Minute).Unix(),
	})
	if err != nil {
		return secret.Value{}, fmt.Errorf("write an assertion: %w", err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	return secret.New(encode([]byte(`{"alg":"RS256"}`)) + "." + encode(claims) + "." + encode(signature)), nil
}
