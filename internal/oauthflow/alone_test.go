package oauthflow

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestClientCredentialsSendsNoScope(t *testing.T) {
	s := newServer(t, reply200(goodToken))
	g, err := s.client().ClientCredentials(t.Context(), s.app())
	if err != nil || g.AccessToken.Empty() {
		t.Fatal(err)
	}
	want := url.Values{"grant_type": {"client_credentials"}, "client_id": {"3MVG9key"}, "client_secret": {"C0FFEE"}}
	if paths, forms := s.seen(); len(forms) != 1 || forms[0].Encode() != want.Encode() || paths[0] != "POST /services/oauth2/token" {
		t.Errorf("sent %v to %v", forms, paths)
	}
}

func TestJWTBearerSendsOneShortLivedAssertion(t *testing.T) {
	key, _, err := NewKey(rand.Reader, time.Now(), "test", 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	// An id_token that the library cannot read, and lifetimes that are not ours.
	body := strings.TrimSuffix(strings.TrimSpace(goodToken), "}") + `,"id_token":"no.jwt","expires_in":1}`
	s := newServer(t, reply200(body))
	before := time.Now()
	g, err := s.client().JWTBearer(t.Context(), s.app(), Assertion{Username: "ci@acme.com", Audience: "https://login.salesforce.com", PrivateKey: key.PEM})
	if err != nil {
		t.Fatal(err)
	}
	if g.AccessToken.Reveal() != "00Dxx0000001gPL!AQ.abc" || g.IssuedAt != "1736530186928" || g.InstanceURL == "" || len(g.Scopes) != 3 {
		t.Errorf("grant %+v", g)
	}
	_, forms := s.seen()
	if len(forms) != 1 || len(forms[0]) != 2 || forms[0].Get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer" {
		t.Fatalf("sent %v", forms)
	}
	parts := strings.Split(forms[0].Get("assertion"), ".")
	if len(parts) != 3 {
		t.Fatal("no JWT")
	}
	var head struct{ Alg string }
	var claims struct {
		Iss, Sub, Aud string
		Exp           int64
	}
	decode := func(part string, into any) {
		text, err := base64.RawURLEncoding.DecodeString(part)
		if err != nil || json.Unmarshal(text, into) != nil {
			t.Fatalf("%q: %v", part, err)
		}
	}
	decode(parts[0], &head)
	decode(parts[1], &claims)
	if head.Alg != "RS256" || claims.Iss != "3MVG9key" || claims.Sub != "ci@acme.com" || claims.Aud != "https://login.salesforce.com" {
		t.Errorf("%+v %+v", head, claims)
	}
	if ahead := time.Unix(claims.Exp, 0).Sub(before); ahead > 3*time.Minute+time.Second || ahead < 2*time.Minute {
		t.Errorf("ends in %v", ahead)
	}
	block, _ := pem.Decode([]byte(key.PEM.Reveal()))
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	signature, _ := base64.RawURLEncoding.DecodeString(parts[2])
	if err := rsa.VerifyPKCS1v15(&private.(*rsa.PrivateKey).PublicKey, crypto.SHA256, sum[:], signature); err != nil {
		t.Error(err)
	}
}

// What the endpoint or the network says must come through: the JWT part of the
// library would keep the text of it alone.
func TestFlowsWithoutAPersonTellWhy(t *testing.T) {
	key, _, err := NewKey(rand.Reader, time.Now(), "test", 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	flows := map[string]func(context.Context, Client, App) error{
		"jwt": func(ctx context.Context, c Client, app App) error {
			_, err := c.JWTBearer(ctx, app, Assertion{Username: "u", Audience: "a", PrivateKey: key.PEM})
			return err
		},
		"client credentials": func(ctx context.Context, c Client, app App) error {
			_, err := c.ClientCredentials(ctx, app)
			return err
		},
	}
	for name, ask := range flows {
		s := newServer(t, replyWith(400, "application/json", `{"error":"invalid_grant","error_description":"user hasn't approved this consumer"}`))
		var refused *Refused
		if err := ask(t.Context(), s.client(), s.app()); !errors.As(err, &refused) || refused.Description != "user hasn't approved this consumer" {
			t.Errorf("%s: %v", name, err)
		}
		for reason, answer := range map[string]http.HandlerFunc{
			ReasonHTML: replyWith(200, "text/html", "<html>"), ReasonEmpty: reply200(""), ReasonCut: reply200(`{"access_token":`),
			ReasonServer: replyWith(503, "text/html", "<html>"), ReasonHuge: reply200(strings.Repeat("x", bodyLimit+2)),
			ReasonRedirect: func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "https://sso.example.net/", http.StatusTemporaryRedirect)
			},
		} {
			s := newServer(t, answer)
			var strange *NotSalesforce
			err := ask(t.Context(), s.client(), s.app())
			if _, forms := s.seen(); !errors.As(err, &strange) || strange.Reason != reason || len(forms) != 1 {
				t.Errorf("%s, %s: %v after %d requests", name, reason, err, len(forms))
			}
		}
		s.Close()
		var network *url.Error
		if err := ask(t.Context(), s.client(), s.app()); !errors.As(err, &network) {
			t.Errorf("%s, nobody there: %v", name, err)
		}
		arrived, release := make(chan struct{}), make(chan struct{})
		hangs := newServer(t, func(http.ResponseWriter, *http.Request) { close(arrived); <-release })
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- ask(ctx, hangs.client(), hangs.app()) }()
		<-arrived
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("%s, interrupted: %v", name, err)
		}
		close(release)
	}
}
