package connection_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"example.com/sfconnect/internal/fault"
)

// interrupting is a person who presses Ctrl-C while a request to path is on its
// way: after the server has dealt with it, before the answer is read.
type interrupting struct {
	path  string
	press context.CancelFunc
}

func (i interrupting) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.URL.Path, i.path) {
		return http.DefaultTransport.RoundTrip(r)
	}
	response, err := http.DefaultTransport.RoundTrip(r.WithContext(context.WithoutCancel(r.Context())))
	i.press()
	if err == nil && r.Context().Err() != nil {
		response.Body.Close()
		return nil, r.Context().Err()
	}
	return response, err
}

// Ctrl-C while a rotating refresh is on its way: Salesforce has the new token
// alone by then, so it must be saved.
func TestInterruptedRefreshKeepsTheNewToken(t *testing.T) {
	b := newBench(t, map[string]string{"refresh_token_rotation": "true"})
	b.signIn(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	m := b.machine()
	m.HTTP.Transport = interrupting{"/services/oauth2/token", cancel}
	s, err := m.Open("p")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Token(ctx, 0, true); fault.From(err).Code != fault.Interrupted {
		t.Errorf("the interrupted refresh ended with %v", err)
	}
	again, err := b.machine().Open("p")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := again.Token(t.Context(), 0, true); err != nil {
		t.Errorf("the connection is dead: %v", err)
	}
	if l := b.org.Ledger(); l.RotationReplays != 0 {
		t.Errorf("an old token was shown %d times", l.RotationReplays)
	}
}

// Ctrl-C while a logout revokes: it is not known whether it arrived, so the
// profile stays and the logout can be tried again.
func TestInterruptedLogoutForgetsNothing(t *testing.T) {
	b := newBench(t, nil)
	b.signIn(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	m := b.machine()
	m.HTTP.Transport = interrupting{"/services/oauth2/revoke", cancel}
	if _, err := m.Forget(ctx, "p", false); fault.From(err).Code != fault.Interrupted {
		t.Errorf("the interrupted logout ended with %v", err)
	}
	if _, err := b.machine().Open("p"); err != nil {
		t.Errorf("the profile is gone: %v", err)
	}
	if ended, err := b.machine().Forget(t.Context(), "p", false); err != nil || !ended.Revoked {
		t.Errorf("the second logout: %+v, %v", ended, err)
	}
}

// A wrong sign-in that is taken back leaves the connection as it was before.
func TestUndoPutsTheFormerBack(t *testing.T) {
	b := newBench(t, nil)
	first := b.signIn(t)
	facts := b.org.Facts()
	r := b.request()
	r.KeepFormer, r.Replace, r.Prompt = true, true, "login"
	second, err := b.machineAs(facts.OtherUsername).Login(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if second.Profile.User.Username != facts.OtherUsername || second.Former == nil || second.Former.ID != first.Profile.ID {
		t.Fatalf("the second sign-in is %+v", second)
	}
	if ended, err := b.machine().Undo(t.Context(), "p", "", second.Former); err != nil || !ended.Revoked {
		t.Errorf("undo: %+v, %v", ended, err)
	}
	s, err := b.machine().Open("p")
	if err != nil {
		t.Fatal(err)
	}
	if s.Profile().User.Username != facts.Username {
		t.Errorf("the profile is %s's", s.Profile().User.Username)
	}
	if _, _, err := s.Token(t.Context(), time.Minute, true); err != nil {
		t.Errorf("the former connection is dead: %v", err)
	}
	if n := b.items(); n != 3 {
		t.Errorf("%d secrets are kept, want 3", n)
	}
}

// Two sign-ins to one profile that end at the same time: the second to be saved
// meets the first, and does not take its place without --replace.
func TestSecondOfTwoSignInsIsJudgedWhenSaved(t *testing.T) {
	b := newBench(t, nil)
	facts := b.org.Facts()
	m := b.machine()
	m.OpenBrowser = func(ctx context.Context, url string) error {
		if _, err := b.machine().Login(ctx, b.requestOn(b.callbacks[1])); err != nil {
			t.Error(err)
		}
		return b.machineAs(facts.OtherUsername).OpenBrowser(ctx, url)
	}
	_, err := m.Login(t.Context(), b.request())
	if fault.From(err).Code != fault.UserMismatch {
		t.Errorf("the later sign-in ended with %v", err)
	}
	s, err := b.machine().Open("p")
	if err != nil || s.Profile().User.Username != facts.Username {
		t.Errorf("the profile is not the first one's: %v", err)
	}
	if n := b.items(); n != 3 {
		t.Errorf("%d secrets are kept, want 3", n)
	}
	if n := len(b.org.Ledger().LiveRefreshTokens); n != 1 {
		t.Errorf("%d refresh tokens live, want 1", n)
	}
}

// Whatever else Salesforce refuses about a revocation is no revocation.
func TestRefusedRevocationIsTold(t *testing.T) {
	b := newBench(t, nil)
	b.signIn(t)
	if err := b.org.SetFaults("revoke-server-error"); err != nil {
		t.Fatal(err)
	}
	ended, err := b.machine().Forget(t.Context(), "p", false)
	if err != nil || ended.Revoked || ended.RevokeErr == nil {
		t.Errorf("forget: %+v, %v", ended, err)
	}
	if _, err := b.machine().Open("p"); !errors.As(err, new(*fault.Fault)) || fault.From(err).Code != fault.ProfileNotFound {
		t.Errorf("the profile is still there: %v", err)
	}
}
