package connection_test

import (
	"context"
	"strings"
	"testing"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// adopting is a request to take over the refresh token that profile "p" has, as if
// another tool had obtained it.
func (b *bench) adopting(t *testing.T) connection.LoginRequest {
	t.Helper()
	done := b.signIn(t)
	token, err := b.machine().Secrets.Get(t.Context(), done.Profile.ID, store.RefreshToken)
	if err != nil {
		t.Fatal(err)
	}
	r := b.request()
	r.Profile, r.Flow, r.Callbacks, r.RefreshToken = "adopted", connection.FlowRefreshToken, nil, token
	return r
}

// Ctrl-C while a rotating token is adopted: its successor is with Salesforce alone
// by then, so it must be saved.
func TestInterruptedAdoptionKeepsTheNewToken(t *testing.T) {
	b := newBench(t, map[string]string{"refresh_token_rotation": "true"})
	r := b.adopting(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	m := b.machine()
	m.HTTP.Transport = interrupting{"/services/oauth2/token", cancel}
	if _, err := m.Login(ctx, r); fault.From(err).Code != fault.Interrupted {
		t.Errorf("ended with %v", err)
	}
	s, err := b.machine().Open("adopted")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Token(t.Context(), 0, true); err != nil {
		t.Errorf("the connection is dead: %v", err)
	}
	if l := b.org.Ledger(); l.RotationReplays != 0 {
		t.Errorf("an old token was shown %d times", l.RotationReplays)
	}
}

func TestAdoptionSaysThatTheGivenTokenIsUsedUp(t *testing.T) {
	for rotation, want := range map[string]bool{"true": true, "false": false} {
		b := newBench(t, map[string]string{"refresh_token_rotation": rotation})
		done, err := b.machine().Login(t.Context(), b.adopting(t))
		if err != nil {
			t.Fatal(err)
		}
		if said := strings.Contains(strings.Join(done.Warnings, " "), "used up"); said != want {
			t.Errorf("rotation %s: %q", rotation, done.Warnings)
		}
	}
}

// The remedy for a wrong org is one that the flow has.
func TestMismatchAdviceFitsTheFlow(t *testing.T) {
	b := newBench(t, map[string]string{"client_credentials_flow": "true"})
	facts := b.org.Facts()
	r := connection.LoginRequest{Profile: "p", Flow: connection.FlowClientCredentials, Login: b.login, ConsumerKey: facts.ConsumerKey,
		ConsumerSecret: secret.New(facts.ConsumerSecret), ExpectOrg: "00D000000000001"}
	_, err := b.machine().Login(t.Context(), r)
	if f := fault.From(err); f.Code != fault.OrgMismatch || strings.Contains(f.Hint, "browser") || !strings.Contains(f.Hint, "Run As") {
		t.Errorf("%+v", f)
	}
	// Nobody's approval was made, and others may have the same session.
	if l := b.org.Ledger(); len(l.RevokedTokens) != 0 {
		t.Errorf("revoked %d tokens", len(l.RevokedTokens))
	}
}

// Taking an adoption back leaves the other tool's refresh token alive; a logout ends
// it, as it says.
func TestUndoneAdoptionLeavesTheOtherToolAlone(t *testing.T) {
	b := newBench(t, nil)
	r := b.adopting(t)
	m := b.machine()
	for _, end := range []func() error{
		func() error { _, err := m.Undo(t.Context(), "adopted", "", nil); return err },
		func() error { _, err := m.Login(t.Context(), r); return err }, // a newer one takes its place
	} {
		if _, err := m.Login(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		if err := end(); err != nil {
			t.Fatal(err)
		}
		s, err := m.Open("p")
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.Token(t.Context(), 0, true); err != nil {
			t.Fatalf("the other tool's connection is dead: %v", err)
		}
	}
	ended, err := m.Forget(t.Context(), "adopted", false)
	if l := b.org.Ledger(); err != nil || !ended.Revoked || len(l.LiveRefreshTokens) != 0 {
		t.Errorf("logout: %+v, %v, %d live", ended, err, len(l.LiveRefreshTokens))
	}
}

// Who takes a sign-in back means that one, not what was signed in meanwhile.
func TestUndoLeavesAnotherLoginAlone(t *testing.T) {
	b := newBench(t, nil)
	m := b.machine()
	first := b.signIn(t)
	second := b.signIn(t)
	if _, err := m.Undo(t.Context(), "p", first.Profile.ID, nil); err == nil || fault.From(err).Code != fault.ProfileBusy {
		t.Errorf("%v", err)
	}
	if set, err := m.File.Load(); err != nil || set.Profiles["p"].ID != second.Profile.ID {
		t.Errorf("%+v, %v", set.Profiles["p"], err)
	}
	if l := b.org.Ledger(); len(l.LiveRefreshTokens) != 1 {
		t.Errorf("%d live", len(l.LiveRefreshTokens))
	}
}
