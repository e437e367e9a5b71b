package check_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"example.com/sfconnect/internal/check"
	"example.com/sfconnect/internal/recipe"
)

// twisted answers token requests in a way of its own, and leaves the rest to an org.
type twisted struct {
	direct
	answer func(form url.Values) string // JSON; "" leaves the request to the org
}

func (w twisted) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.URL.Path, "/services/oauth2/token") {
		return w.direct.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	form, _ := url.ParseQuery(string(body))
	text := w.answer(form)
	if text == "" {
		r.Body = io.NopCloser(bytes.NewReader(body))
		return w.direct.RoundTrip(r)
	}
	status := http.StatusBadRequest
	if strings.Contains(text, "access_token") {
		status = http.StatusOK
	}
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(text)), Request: r,
		ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}

func refusedAs(code, description string) string {
	return `{"error":"` + code + `","error_description":"` + description + `"}`
}

func quilia(t *testing.T) subject {
	t.Helper()
	r, err := recipe.Find("quilia")
	if err != nil {
		t.Fatal(err)
	}
	return subject{"quilia", r, ""}
}

// Salesforce does not document the order in which it checks. Where its answers do not
// differ as the control says they must, nothing follows from them.
func TestInferenceNeedsItsControl(t *testing.T) {
	const (
		badSecret = "invalid client credentials"
		badCode   = "invalid authorization code"
		badToken  = "expired access/refresh token"
	)
	type want struct {
		id       string
		status   check.Status
		got      any
		evidence check.Evidence
	}
	secret := func(f url.Values, known string) string { // right, wrong or none
		switch f.Get("client_secret") {
		case "":
			return "none"
		case known:
			return "right"
		}
		return "wrong"
	}
	for name, c := range map[string]struct {
		answer func(f url.Values, sent string) string
		want   []want
	}{
		"looks at the code first": {
			func(f url.Values, _ string) string {
				if f.Get("grant_type") == "refresh_token" {
					return refusedAs("invalid_grant", badToken)
				}
				return refusedAs("invalid_grant", badCode)
			},
			[]want{{"secret_accepted", check.Unknown, nil, check.Inferred}, {"secret_required_for_web_server", check.Unknown, nil, check.Observed}, {"secret_required_for_refresh", check.Unknown, nil, check.Observed}},
		},
		"refuses every client": {
			func(url.Values, string) string { return refusedAs("invalid_client", badSecret) },
			[]want{{"secret_accepted", check.Fail, false, check.Observed}, {"secret_required_for_web_server", check.Unknown, nil, check.Observed}, {"secret_required_for_refresh", check.Unknown, nil, check.Observed},
				{"client_credentials_flow", check.Unknown, nil, check.Observed}, {"device_flow", check.Unknown, nil, check.Observed}, {"jwt_bearer_flow", check.Unknown, nil, check.Read}},
		},
		"works as known": {
			func(f url.Values, sent string) string {
				switch {
				case sent == "wrong", sent == "none" && f.Get("grant_type") == "authorization_code":
					return refusedAs("invalid_client", badSecret)
				case f.Get("grant_type") == "authorization_code":
					return refusedAs("invalid_grant", badCode)
				case f.Get("grant_type") == "refresh_token":
					return refusedAs("invalid_grant", badToken)
				case f.Get("grant_type") == "client_credentials":
					return refusedAs("invalid_grant", "no client credentials user enabled")
				case f.Get("response_type") == "device_code":
					return refusedAs("invalid_grant", "device flow is not enabled for the app")
				case f.Get("assertion") != "":
					return refusedAs("invalid_grant", "invalid assertion")
				}
				return refusedAs("invalid_request", "subject_token or subject_token_type is missing or invalid")
			},
			[]want{{"secret_accepted", check.Pass, true, check.Inferred}, {"secret_required_for_web_server", check.Pass, true, check.Observed}, {"secret_required_for_refresh", check.Fail, false, check.Inferred},
				{"client_credentials_flow", check.Pass, false, check.Inferred}, {"device_flow", check.Pass, false, check.Observed},
				{"jwt_bearer_flow", check.Unknown, nil, check.Read}, {"token_exchange_flow", check.Unknown, nil, check.Read}},
		},
		"tells no wrong secret from a missing user": {
			func(f url.Values, _ string) string {
				if f.Get("grant_type") == "client_credentials" {
					return refusedAs("invalid_grant", "no client credentials user enabled")
				}
				return ""
			},
			[]want{{"client_credentials_flow", check.Unknown, nil, check.Observed}},
		},
		"offers fewer kinds of grant": {
			func(f url.Values, sent string) string {
				if sent == "wrong" {
					return refusedAs("invalid_client", badSecret)
				}
				if f.Get("response_type") != "" || strings.Contains(f.Get("grant_type"), "token-exchange") {
					return refusedAs("unsupported_grant_type", "grant type not supported")
				}
				return ""
			},
			// An unknown key is refused in the same way, so that nothing follows for the device.
			[]want{{"device_flow", check.Unknown, nil, check.Observed}, {"token_exchange_flow", check.Pass, false, check.Inferred}},
		},
		"is busy": {
			func(url.Values, string) string { return refusedAs("invalid_grant", "login rate exceeded") },
			[]want{{"secret_accepted", check.Unknown, nil, check.Inferred}, {"secret_required_for_refresh", check.Unknown, nil, check.Observed}, {"client_credentials_flow", check.Unknown, nil, check.Observed}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := newRig(t, quilia(t), map[string]string{"metadata_access": "none"})
			known := g.org.Facts().ConsumerSecret
			g.machine.HTTP = &http.Client{Transport: twisted{direct{g.org, func() {}}, func(f url.Values) string { return c.answer(f, secret(f, known)) }}}
			r := g.audit(t, func(a *check.Audit) { a.Without = []string{"refresh"} })
			for _, w := range c.want {
				f := finding(t, r, w.id)
				if f.Status != w.status || f.Got != w.got || f.Evidence != w.evidence || f.Detail == "" {
					t.Errorf("%s: %s, got %v, %s (%s); want %s, %v, %s", w.id, f.Status, f.Got, f.Evidence, f.Detail, w.status, w.got, w.evidence)
				}
			}
		})
	}
}

// What is observed goes before what is read, and a contradiction is said.
func TestContradictionIsSaid(t *testing.T) {
	g := newRig(t, quilia(t), nil)
	g.machine.HTTP = &http.Client{Transport: twisted{direct{g.org, func() {}}, func(f url.Values) string {
		if f.Get("response_type") == "device_code" {
			return refusedAs("invalid_grant", "device flow is not enabled for the app")
		}
		return ""
	}}}
	if err := g.org.Set("device_flow", "true"); err != nil {
		t.Fatal(err)
	}
	f := finding(t, g.audit(t, nil), "device_flow")
	if f.Status != check.Pass || f.Got != false || f.Evidence != check.Observed || !strings.Contains(f.Detail, "The org's metadata says otherwise: on.") {
		t.Errorf("%+v", f)
	}
}

// A token that a probe is given is ended at once; one that cannot be is named.
func TestTokenOfAProbeIsEnded(t *testing.T) {
	g := newRig(t, quilia(t), map[string]string{"client_credentials_flow": "true"})
	before := g.witness()
	r := g.audit(t, nil)
	if f := finding(t, r, "client_credentials_flow"); f.Status != check.Fail || !strings.Contains(f.Detail, "revoked at once") {
		t.Errorf("%+v", f)
	}
	g.leftNothing(t, before)
	if l := g.org.Ledger(); len(l.RevokedTokens) == 0 {
		t.Error("nothing was revoked")
	}
	if err := g.org.SetFaults("revoke-server-error"); err != nil {
		t.Fatal(err)
	}
	told := false
	for _, n := range g.audit(t, nil).Notes {
		told = told || n.RevokeFailed && n.Status == check.Warn && strings.Contains(n.Hint, "Connected Apps OAuth Usage")
	}
	if !told {
		t.Error("a token lives on and nobody is told")
	}
}

// Salesforce may give the very session that the connection has: ending that would end
// the connection's.
func TestOwnSessionIsLeftAlone(t *testing.T) {
	g := newRig(t, quilia(t), nil)
	s, err := g.machine.Open("p")
	if err != nil {
		t.Fatal(err)
	}
	saved, err := s.SavedToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	g.machine.HTTP = &http.Client{Transport: twisted{direct{g.org, func() {}}, func(f url.Values) string {
		if f.Get("grant_type") == "client_credentials" {
			return `{"access_token":"` + saved.Reveal() + `","token_type":"Bearer"}`
		}
		return ""
	}}}
	r := g.audit(t, nil)
	if f := finding(t, r, "client_credentials_flow"); f.Status != check.Fail || !strings.Contains(f.Detail, "left alone") {
		t.Errorf("%+v", f)
	}
	if !slices.Contains(g.org.Ledger().LiveAccessTokens, saved.Reveal()) {
		t.Error("the connection's own session was ended")
	}
}

// A token of a flow without a person may be a session that others were given too: it is
// ended only where the saved one lives beside it, and else saved.
func TestSharedSessionIsLeftAlone(t *testing.T) {
	for _, c := range subjects(t) {
		flow := map[string]string{"own-bearer": "jwt_bearer_flow", "own-client": "client_credentials_flow"}[c.recipe.ID]
		if flow == "" {
			continue
		}
		for _, lives := range []bool{true, false} {
			t.Run(fmt.Sprint(c.name, lives), func(t *testing.T) { sharedSession(t, c, flow, lives) })
		}
	}
}

func sharedSession(t *testing.T, c subject, flow string, lives bool) {
	g := newRig(t, c, nil)
	s, err := g.machine.Open("p")
	if err != nil {
		t.Fatal(err)
	}
	saved, err := s.SavedToken(t.Context())
	if err != nil || saved.Empty() {
		t.Fatal("no token is saved:", err)
	}
	if !lives {
		form := url.Values{"token": {saved.Reveal()}}
		answer, err := g.machine.HTTP.Post(g.org.Facts().MyDomainURL+"/services/oauth2/revoke", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatal(answer, err)
		}
	}
	before := len(g.org.Ledger().RevokedTokens)
	if f := finding(t, g.audit(t, nil), flow); f.Got != true {
		t.Errorf("%+v", f)
	}
	if got := len(g.org.Ledger().RevokedTokens) > before; got != lives {
		t.Errorf("saved one lives: %v, revoked the new one: %v", lives, got)
	}
	now, err := s.SavedToken(t.Context())
	if alive := g.org.Ledger().LiveAccessTokens; err != nil || !slices.Equal(alive, []string{now.Reveal()}) {
		t.Errorf("saved one lives: %v, left: %d tokens, %v", lives, len(alive), err)
	}
}

// interrupting ends a context once a token answer has come.
type interrupting struct {
	to     http.RoundTripper
	cancel func()
}

func (i interrupting) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := i.to.RoundTrip(r)
	if err == nil && answer.StatusCode == http.StatusOK && r.URL.Path == "/services/oauth2/token" {
		i.cancel()
	}
	return answer, err
}

func TestInterruptedAuditLeavesNoToken(t *testing.T) {
	g := newRig(t, subjects(t)[0], nil)
	before := g.org.Ledger().LiveAccessTokens
	ctx, cancel := context.WithCancel(t.Context())
	g.machine.HTTP.Transport = interrupting{g.machine.HTTP.Transport, cancel}
	a := check.Audit{Machine: g.machine, Profile: "p"}
	_, err := a.Run(ctx)
	if ctx.Err() == nil {
		t.Fatal("no token came, so that nothing was interrupted:", err)
	}
	if after := g.org.Ledger(); !slices.Equal(after.LiveAccessTokens, before) || len(after.RevokedTokens) == 0 {
		t.Errorf("%d live tokens before, %d after, %d revoked", len(before), len(after.LiveAccessTokens), len(after.RevokedTokens))
	}
}
