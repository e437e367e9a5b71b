package connection_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/porttest"
	"example.com/sfconnect/internal/practice"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// bench is a practice org and a store that several machines share, as several
// processes share them.
type bench struct {
	org       *practice.Org
	dir       string
	keychain  *store.Memory
	login     salesforce.LoginURL
	callbacks []string
}

func newBench(t *testing.T, settings map[string]string) *bench {
	t.Helper()
	b := &bench{dir: t.TempDir(), keychain: store.NewMemory()}
	for range 2 {
		b.callbacks = append(b.callbacks, fmt.Sprintf("http://localhost:%d/OauthRedirect", porttest.Free(t)))
	}
	all := map[string]string{"callbacks": strings.Join(b.callbacks, " ")}
	for k, v := range settings {
		all[k] = v
	}
	running, err := practice.Serve(t.Context(), net.Listen, "127.0.0.1:0", practice.Options{Settings: all, Now: time.Now, Rand: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { running.Close() })
	b.org = running.Org
	if b.login, err = salesforce.ParseLoginURL(b.org.Facts().MyDomainURL, salesforce.LoginOptions{}); err != nil {
		t.Fatal(err)
	}
	return b
}

// items counts what the store holds, without the key of the rescue place.
func (b *bench) items() int {
	set, _ := store.NewFile(b.dir, b.dir).Load()
	if _, err := b.keychain.Get("sfconnect", store.RescueOwner(set.Rescue["practice"])+"/"+string(store.RescueIdentity)); err == nil {
		return b.keychain.Len() - 1
	}
	return b.keychain.Len()
}

func (b *bench) machine() *connection.Machine { return b.machineAs("") }

// machineAs is a machine whose person signs in as that user.
func (b *bench) machineAs(username string) *connection.Machine {
	return &connection.Machine{
		HTTP: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		File: store.NewFile(b.dir, b.dir), Secrets: store.NewSecrets(b.keychain, "linux", rand.Reader),
		Listen: net.Listen,
		OpenBrowser: func(ctx context.Context, url string) error {
			go func() { _ = practice.Visitor{Username: username}.Visit(context.WithoutCancel(ctx), url) }()
			return nil
		},
		Now: time.Now, Sleep: func(context.Context, time.Duration) error { return nil },
		Rand: rand.Reader, Redactor: &secret.Redactor{},
	}
}

func (b *bench) request() connection.LoginRequest { return b.requestOn(b.callbacks[0]) }

func (b *bench) requestOn(callback string) connection.LoginRequest {
	facts := b.org.Facts()
	return connection.LoginRequest{
		Profile: "p", Login: b.login, ConsumerKey: facts.ConsumerKey, ConsumerSecret: secret.New(facts.ConsumerSecret), Callbacks: []string{callback},
	}
}

func (b *bench) signIn(t *testing.T) connection.Login {
	t.Helper()
	done, err := b.machine().Login(t.Context(), b.request())
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// Twenty commands that want a new token at the same time make one refresh; with
// rotation a second one would revoke everything.
func TestParallelRefreshesAreOne(t *testing.T) {
	b := newBench(t, map[string]string{"refresh_token_rotation": "true"})
	b.signIn(t)
	var sessions []*connection.Session
	for range 20 {
		s, err := b.machine().Open("p")
		if err != nil {
			t.Fatal(err)
		}
		sessions = append(sessions, s)
	}
	tokens := make([]secret.Value, len(sessions))
	var wg sync.WaitGroup
	for i, s := range sessions {
		wg.Go(func() {
			var err error
			if tokens[i], _, err = s.Token(t.Context(), time.Minute, true); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, token := range tokens {
		if !token.Equal(tokens[0]) || token.Empty() {
			t.Error("the commands got different tokens")
		}
	}
	if l := b.org.Ledger(); l.Refreshes != 1 || l.RotationReplays != 0 {
		t.Errorf("%d refreshes and %d replays, want 1 and 0", l.Refreshes, l.RotationReplays)
	}
	// The rotated token was stored: the next command refreshes with it.
	s, err := b.machine().Open("p")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Token(t.Context(), 0, true); err != nil {
		t.Error(err)
	}
	if l := b.org.Ledger(); l.Refreshes != 2 || l.RotationReplays != 0 {
		t.Errorf("afterwards %d refreshes and %d replays, want 2 and 0", l.Refreshes, l.RotationReplays)
	}
}

// A logout while others refresh: nobody brings the profile or a secret back.
func TestLogoutIsNotUndoneByARefresh(t *testing.T) {
	b := newBench(t, map[string]string{"refresh_token_rotation": "true"})
	b.signIn(t)
	var wg sync.WaitGroup
	for range 8 {
		s, err := b.machine().Open("p")
		if err != nil {
			t.Fatal(err)
		}
		wg.Go(func() { _, _, _ = s.Token(t.Context(), time.Minute, true) })
	}
	wg.Go(func() {
		if ended, err := b.machine().Forget(t.Context(), "p", false); err != nil || !ended.Revoked {
			t.Errorf("forget: %+v, %v", ended, err)
		}
	})
	wg.Wait()
	set, err := b.machine().File.Load()
	if err != nil || len(set.Profiles) != 0 {
		t.Errorf("profiles after the logout: %v, %v", set.Names(), err)
	}
	if n := b.keychain.Len(); n != 0 {
		t.Errorf("%d secrets are left", n)
	}
	if l := b.org.Ledger(); len(l.LiveRefreshTokens) != 0 {
		t.Errorf("%d refresh tokens are still alive", len(l.LiveRefreshTokens))
	}
}

// Signing in again replaces the secrets and leaves none of the old ones.
func TestLoginAgain(t *testing.T) {
	b := newBench(t, nil)
	first := b.signIn(t)
	second := b.signIn(t)
	if first.Profile.ID == second.Profile.ID {
		t.Error("the second sign-in wrote over the first one's secrets")
	}
	if n := b.items(); n != 3 {
		t.Errorf("%d secrets are kept, want 3", n)
	}
	if !second.Profile.CreatedAt.Equal(first.Profile.CreatedAt) {
		t.Error("the profile's age was lost")
	}
}

func TestMissingScopes(t *testing.T) {
	for _, c := range []struct {
		wanted, granted []string
		want            int
	}{
		{[]string{"api", "refresh_token"}, []string{"api", "offline_access"}, 0},
		{[]string{"api", "id", "refresh_token"}, []string{"full"}, 1},
		{[]string{"api"}, []string{"id"}, 1},
		{nil, nil, 0},
	} {
		if got := connection.MissingScopes(c.wanted, c.granted); len(got) != c.want {
			t.Errorf("MissingScopes(%v, %v) = %v, want %d", c.wanted, c.granted, got, c.want)
		}
	}
}

// Commands that want a longer life than the org gives at all share one refresh too:
// each would get the same life from one of its own.
func TestLongerLifeThanThereIsMakesOneRefresh(t *testing.T) {
	b := newBench(t, map[string]string{"refresh_token_rotation": "true"})
	b.signIn(t)
	var sessions []*connection.Session
	for range 5 {
		s, err := b.machine().Open("p")
		if err != nil {
			t.Fatal(err)
		}
		sessions = append(sessions, s)
	}
	for _, s := range sessions {
		if _, _, err := s.Token(t.Context(), 24*time.Hour, false); err != nil {
			t.Error(err)
		}
	}
	if l := b.org.Ledger(); l.Refreshes != 1 {
		t.Errorf("%d refreshes", l.Refreshes)
	}
}
