package connection_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// TestSharedTokenIsLeftAlone: what was handed over is refreshed only where somebody
// says so, or the app is known not to rotate.
func TestSharedTokenIsLeftAlone(t *testing.T) {
	for rotation, says := range map[store.Rotation]string{store.RotationOn: "and the app rotated refresh tokens when last seen", store.RotationUnknown: "not known whether the app rotates"} {
		b := newBench(t, nil)
		b.signIn(t)
		m := b.machine()
		if err := m.MarkHandedOver(t.Context(), "p"); err != nil {
			t.Fatal(err)
		}
		b.edit(t, func(p *store.Profile) { p.Rotation = rotation })
		s, err := m.Open("p")
		if err != nil {
			t.Fatal(err)
		}
		if token, _, err := s.Token(t.Context(), time.Minute, false); err != nil || token.Empty() {
			t.Errorf("the saved access token: %v", err)
		}
		_, _, err = s.Token(t.Context(), 0, true)
		f := fault.From(err)
		if !errors.Is(err, connection.ErrShared) || f.Exit != fault.ExitUsage || !strings.Contains(f.Message, says) {
			t.Errorf("%s: %+v", rotation, f)
		}
		for _, way := range []string{"sfconnect auth --profile p-own --login-url " + b.login.String(), "logout p --local-only", "--yes"} {
			if !strings.Contains(f.Hint, way) {
				t.Errorf("the hint lacks %q: %s", way, f.Hint)
			}
		}
		if n := b.org.Ledger().TokensByGrant["refresh_token"]; n != 0 {
			t.Errorf("%d refreshes", n)
		}
		if lives, err := s.RefreshTokenLives(t.Context()); err != nil || lives != connection.Known {
			t.Errorf("it lives: %s, %v", lives, err)
		}
		m.RefreshShared = true
		if _, _, err := s.Token(t.Context(), 0, true); err != nil {
			t.Error(err)
		}
	}
}

// TestSharingEnds: a refresh shows that the app does not rotate, and both can live on
// the token; or it brings a token that nobody else has.
func TestSharingEnds(t *testing.T) {
	for setting, handed := range map[string]bool{"false": true, "true": false} {
		b := newBench(t, map[string]string{"refresh_token_rotation": setting})
		b.signIn(t)
		m := b.machine()
		if err := m.MarkHandedOver(t.Context(), "p"); err != nil {
			t.Fatal(err)
		}
		b.edit(t, func(p *store.Profile) { p.Rotation = store.RotationOn; p.RefreshedAt = time.Now() })
		if setting == "false" {
			b.edit(t, func(p *store.Profile) { p.Rotation = store.RotationUnknown })
		}
		s, _ := m.Open("p")
		m.RefreshShared = true
		if _, _, err := s.Token(t.Context(), 0, true); err != nil {
			t.Fatal(err)
		}
		m.RefreshShared = false
		if p := b.profile(t); p.HandedOver != handed || connection.Shared(p) {
			t.Errorf("rotation %s: handed over %v, shared %v", setting, p.HandedOver, connection.Shared(p))
		}
		again, _ := m.Open("p")
		if _, _, err := again.Token(t.Context(), 0, true); err != nil {
			t.Errorf("rotation %s: %v", setting, err)
		}
	}
}

// TestSharedTokenThatDied: the other tool has refreshed, or somebody revoked it.
func TestSharedTokenThatDied(t *testing.T) {
	b := newBench(t, map[string]string{"refresh_token_rotation": "true"})
	b.signIn(t)
	m := b.machine()
	s, _ := m.Open("p")
	if err := m.Secrets.Set(t.Context(), s.Profile().ID, store.RefreshToken, secret.New("5Aep861"+strings.Repeat("x", 80))); err != nil {
		t.Fatal(err)
	}
	if lives, err := s.RefreshTokenLives(t.Context()); err != nil || lives != connection.Refused {
		t.Errorf("%s, %v", lives, err)
	}
	if f := s.CopyEnded(); f.Exit != fault.ExitSignIn || !strings.Contains(f.Hint, "sfconnect init --profile p") {
		t.Errorf("%+v", f)
	}
}

// TestAdoptedIsKnown: taking over another tool's token is a refresh, and shows whether
// the app rotates.
func TestAdoptedIsKnown(t *testing.T) {
	for setting, want := range map[string]store.Rotation{"true": store.RotationOn, "false": store.RotationOff} {
		b := newBench(t, map[string]string{"refresh_token_rotation": setting})
		r := b.request()
		r.Flow, r.Callbacks, r.RefreshToken = connection.FlowRefreshToken, nil, secret.New(b.org.IssueRefreshToken())
		done, err := b.machine().Login(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		if done.Profile.Rotation != want || connection.Shared(done.Profile) {
			t.Errorf("rotation %s: %q, shared %v", setting, done.Profile.Rotation, connection.Shared(done.Profile))
		}
	}
}

func TestOwnSignIn(t *testing.T) {
	for want, p := range map[string]store.Profile{
		`sfconnect auth --profile "my acme-own" --login-url https://acme.my.salesforce.com --consumer-key 3MVG9 --consumer-secret-stdin`:                                                     {Flow: "web", HasConsumerSecret: true, CallbackURL: "http://localhost:1718/OauthRedirect"},
		`sfconnect auth --profile "my acme-own" --login-url https://acme.my.salesforce.com --consumer-key 3MVG9 --no-consumer-secret`:                                                        {Flow: "web"},
		`sfconnect auth --profile "my acme-own" --login-url https://acme.my.salesforce.com --consumer-key 3MVG9 --flow paste --consumer-secret-stdin`:                                        {Flow: "paste", HasConsumerSecret: true},
		`sfconnect auth --profile "my acme-own" --login-url https://acme.my.salesforce.com --consumer-key 3MVG9 --flow paste --callback-url https://x.y/z --trust-host --no-consumer-secret`: {Flow: "paste", CallbackURL: "https://x.y/z", TrustHost: true},
	} {
		p.LoginURL, p.ConsumerKey = "https://acme.my.salesforce.com", "3MVG9"
		if got := connection.OwnSignIn("my acme", p, nil); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// TestOwnSignInIsComplete: the second profile has the recipe of the first, and a name that
// none has.
func TestOwnSignInIsComplete(t *testing.T) {
	nango, err := recipe.Find("nango")
	if err != nil {
		t.Fatal(err)
	}
	ref := store.RecipeRef{ID: "nango", Source: nango.Text, Inputs: map[string]string{"variant": "web"}}
	other := store.RecipeRef{ID: "nango", Source: nango.Text + "\n"}
	for _, tt := range []struct {
		name, has, hasNot string
		ref               store.RecipeRef
		taken             []string
	}{
		{name: "q", has: "auth --profile q-own --recipe nango --variant web --login-url", ref: ref, taken: []string{"q"}},
		{name: "q", has: "--profile q-own ", hasNot: "--recipe", ref: other}, // somebody's file
		{name: "q", has: "--profile q-own-2 ", taken: []string{"q", "q-own"}},
		{name: "q-own", has: "--profile q-own-2 ", taken: []string{"q-own"}},
		{name: "q-own-2", has: "--profile q-own-3 ", taken: []string{"q-own-2", "q-own"}},
	} {
		got := connection.OwnSignIn(tt.name, store.Profile{Flow: "web", LoginURL: "https://acme.my.salesforce.com", ConsumerKey: "3MVG9", Recipe: tt.ref}, tt.taken)
		if !strings.Contains(got, tt.has) || tt.hasNot != "" && strings.Contains(got, tt.hasNot) {
			t.Errorf("%s: got %s", tt.name, got)
		}
	}
}
