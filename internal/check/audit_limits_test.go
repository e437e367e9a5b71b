package check_test

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"example.com/sfconnect/internal/check"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/practice"
	"example.com/sfconnect/internal/store"
)

// sent is what an audit made the org see.
func (g *rig) sent(t *testing.T, do func()) []practice.Request {
	t.Helper()
	n := len(g.org.Ledger().Requests)
	do()
	return g.org.Ledger().Requests[n:]
}

// The plan names each request that is made, and makes none.
func TestPlanIsWhatIsSent(t *testing.T) {
	for _, c := range subjects(t) {
		for name, change := range map[string]func(*check.Audit){
			"all":     func(*check.Audit) {},
			"outside": func(a *check.Audit) { a.Outside = true },
			"less": func(a *check.Audit) {
				a.Without = []string{"device_flow", "refresh", "user", "pkce_required", "secret_accepted"}
			},
			"one line":  func(a *check.Audit) { a.Without = []string{"callback_registered"} },
			"no tokens": func(a *check.Audit) { a.Without = []string{"metadata", "jwt_bearer_flow", "client_credentials_flow"} },
		} {
			t.Run(c.name+"/"+name, func(t *testing.T) {
				g := newRig(t, c, nil)
				a := check.Audit{Machine: g.machine, Profile: "p"}
				change(&a)
				var plan []check.Planned
				if seen := g.sent(t, func() {
					var err error
					if plan, err = a.Plan(); err != nil {
						t.Fatal(err)
					}
				}); len(seen) != 0 {
					t.Errorf("the plan sent %+v", seen)
				}
				want, perhaps := map[string]int{}, map[string]bool{}
				for _, p := range plan {
					u, err := url.Parse(p.URL)
					if err != nil || u.RawQuery != "" || p.Sends == "" {
						t.Errorf("%+v, %v", p, err)
					}
					if p.Perhaps != "" {
						perhaps[p.Method+" "+path(u.Path)] = true
					} else {
						want[p.Method+" "+path(u.Path)] += max(p.Times, 1)
					}
				}
				got := map[string]int{}
				for _, r := range g.sent(t, func() { g.audit(t, change) }) {
					got[r.Method+" "+path(r.Path)]++
				}
				for what := range want {
					if got[what] != want[what] {
						t.Errorf("%s: %d in the plan, %d sent", what, want[what], got[what])
					}
				}
				for what := range got {
					if want[what] == 0 && !perhaps[what] {
						t.Errorf("%s: sent, and not in the plan", what)
					}
				}
			})
		}
	}
}

// path leaves out version and what follows.
func path(p string) string {
	for _, stem := range []string{"/services/Soap/m", "/services/data"} {
		if strings.HasPrefix(p, stem) {
			return stem
		}
	}
	return p
}

// Without the credentials nothing of theirs is sent, and the store is not even opened.
func TestOutsideNeedsNoCredentials(t *testing.T) {
	g := newRig(t, quilia(t), map[string]string{"device_flow": "true", "pkce_required": "false"})
	s, err := g.machine.Open("p")
	if err != nil {
		t.Fatal(err)
	}
	refresh, err := g.machine.Secrets.Get(t.Context(), s.Profile().ID, store.RefreshToken)
	if err != nil {
		t.Fatal(err)
	}
	g.machine.Secrets = store.NewSecrets(store.Unknown("gone"), "linux", g.machine.Rand)
	known := g.org.Facts().ConsumerSecret
	g.machine.HTTP = &http.Client{Transport: twisted{direct{g.org, func() {}}, func(f url.Values) string {
		if f.Get("client_secret") == known || f.Get("refresh_token") == refresh.Reveal() {
			t.Error("a credential was sent")
		}
		return ""
	}}}
	r := g.audit(t, func(a *check.Audit) { a.Outside = true })
	if got := failed(r); !slices.Equal(got, []string{"pkce_required", "device_flow"}) {
		t.Errorf("failed: %v", got)
	}
	for _, id := range []string{"secret_accepted", "refresh_token_lives", "signature_valid", "permitted_users", "scopes_exact", "named_user_jwt", "refresh_token_rotation"} {
		if f := finding(t, r, id); f.Status != check.Unknown || f.Detail == "" {
			t.Errorf("%+v", f)
		}
	}
}

// What is left out by name is not asked, and says so.
func TestNoProbe(t *testing.T) {
	grants := map[string]string{"device_flow": "device_code", "client_credentials_flow": "client_credentials"}
	for id := range grants {
		g := newRig(t, quilia(t), map[string]string{"metadata_access": "none"})
		for _, r := range g.sent(t, func() {
			f := finding(t, g.audit(t, func(a *check.Audit) { a.Without = []string{id} }), id)
			if f.Status != check.Unknown || !strings.Contains(f.Detail, "--no-probe "+id) {
				t.Errorf("%+v", f)
			}
		}) {
			if r.Grant == grants[id] || id == "device_flow" && slices.Contains(r.Body, "response_type") {
				t.Errorf("%s: %+v was sent", id, r)
			}
		}
	}
	g := newRig(t, quilia(t), nil)
	for _, r := range g.sent(t, func() { g.audit(t, func(a *check.Audit) { a.Without = []string{"refresh", "metadata", "user"} }) }) {
		if strings.HasPrefix(r.Path, "/services/Soap") || strings.HasPrefix(r.Path, "/services/data") {
			t.Errorf("%+v was sent", r)
		}
	}
	if l := g.org.Ledger(); l.Refreshes != 1 { // the one of the sign-in
		t.Errorf("%d refreshes", l.Refreshes)
	}
}

// A refresh token that somebody else holds too is left alone, unless told otherwise;
// reading goes on with the saved access token.
func TestHandedOverIsNotRefreshed(t *testing.T) {
	for _, c := range []struct {
		rotation  store.Rotation
		yes       bool
		refreshes int
	}{{store.RotationUnknown, false, 0}, {store.RotationOn, false, 0}, {store.RotationOff, false, 1}, {store.RotationOn, true, 1}} {
		g := newRig(t, quilia(t), nil)
		if err := g.machine.File.Update(t.Context(), func(set *store.Set) error {
			p := set.Profiles["p"]
			p.HandedOver, p.Rotation = true, c.rotation
			set.Put("p", p)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		before := g.org.Ledger().Refreshes
		r := g.audit(t, func(a *check.Audit) { a.Machine.RefreshShared = c.yes })
		if n := g.org.Ledger().Refreshes - before; n != c.refreshes {
			t.Errorf("%+v: %d refreshes", c, n)
		}
		if f := finding(t, r, "permitted_users"); f.Status != check.Pass {
			t.Errorf("%+v", f)
		}
		if f := finding(t, r, "refresh_token_lives"); c.refreshes == 0 && (f.Status != check.Unknown || !strings.Contains(f.Detail, "handed over")) {
			t.Errorf("%+v", f)
		}
	}
}

// Only what failed is asked again, with as little as that takes.
func TestAgainAsksForWhatFailed(t *testing.T) {
	g := newRig(t, quilia(t), map[string]string{"pkce_required": "false", "permitted_users": "admin_approved", "user_preauthorized": "true"})
	a := check.Audit{Machine: g.machine, Profile: "p"}
	first, err := a.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := failed(first); !slices.Equal(got, []string{"pkce_required", "permitted_users"}) {
		t.Fatalf("failed: %v", got)
	}
	if err := errors.Join(g.org.Set("pkce_required", "true"), g.org.Set("device_flow", "true")); err != nil {
		t.Fatal(err)
	}
	var second check.Audited
	for _, r := range g.sent(t, func() {
		if second, err = a.Again(t.Context(), first); err != nil {
			t.Fatal(err)
		}
	}) {
		if r.Path == "/services/oauth2/token" {
			t.Errorf("%+v was sent", r)
		}
	}
	if got := failed(second); !slices.Equal(got, []string{"permitted_users"}) || len(second.Findings) != len(first.Findings) {
		t.Errorf("failed: %v of %d", got, len(second.Findings))
	}
	if f := finding(t, second, "device_flow"); f.Got != false {
		t.Errorf("what had passed was asked again: %+v", f)
	}

	// what cannot be told this time stays to be asked about
	if err := g.org.Set("metadata_access", "none"); err != nil {
		t.Fatal(err)
	}
	third, err := a.Again(t.Context(), second)
	if f := finding(t, third, "permitted_users"); err != nil || f.Status != check.Unknown || third.Settled() {
		t.Errorf("%+v, %v, settled %v", f, err, third.Settled())
	}
	fourth, err := a.Again(t.Context(), third)
	if err != nil || fourth.Settled() {
		t.Errorf("settled: %v, %v", fourth.Settled(), err)
	}
	if err := errors.Join(g.org.Set("metadata_access", "as_user"), g.org.Set("permitted_users", "all_users")); err != nil {
		t.Fatal(err)
	}
	last, err := a.Again(t.Context(), fourth)
	if err != nil || !last.Settled() || len(failed(last)) > 0 {
		t.Errorf("settled: %v, failed: %v, %v", last.Settled(), failed(last), err)
	}
}

// Dead credentials are findings; a host that does not answer is an error.
func TestTrouble(t *testing.T) {
	g := newRig(t, quilia(t), nil)
	if err := g.org.SetFaults("expired-refresh-token"); err != nil {
		t.Fatal(err)
	}
	r := g.audit(t, nil)
	if got := failed(r); !slices.Equal(got, []string{"refresh_token_lives"}) {
		t.Errorf("failed: %v", got)
	}
	if f := finding(t, r, "refresh_token_lives"); f.Got != false || !strings.Contains(f.Hint, "Sign in again") {
		t.Errorf("%+v", f)
	}

	g = newRig(t, quilia(t), nil)
	if err := g.org.SetFaults("bad-signature"); err != nil {
		t.Fatal(err)
	}
	if got := failed(g.audit(t, nil)); !slices.Equal(got, []string{"signature_valid"}) {
		t.Errorf("failed: %v", got)
	}

	g = newRig(t, quilia(t), nil)
	if err := g.org.SetFaults("invalid-client-id"); err != nil {
		t.Fatal(err)
	}
	r = g.audit(t, nil)
	if f := finding(t, r, "key_known"); f.Status != check.Fail || f.Evidence != check.Observed {
		t.Errorf("%+v", f)
	}

	g.machine.HTTP = &http.Client{Transport: broken{}}
	_, err := check.Audit{Machine: g.machine, Profile: "p"}.Run(t.Context())
	if f := fault.From(err); f.Exit != fault.ExitNetwork {
		t.Errorf("%v", err)
	}
	_, err = check.Audit{Machine: g.machine, Profile: "q"}.Run(t.Context())
	if f := fault.From(err); f.Code != fault.ProfileNotFound {
		t.Errorf("%v", err)
	}
}

type broken struct{}

func (broken) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("no way there")
}

// The app is found by its key, however its parts are called; without the key nothing
// is read, and a part that is not shown is unknown alone.
func TestMetadataOfTheRightApp(t *testing.T) {
	for _, c := range []struct {
		settings map[string]string
		id, says string
	}{
		{map[string]string{"metadata_names": "deployed"}, "", ""},
		{map[string]string{"metadata_consumer_secret": "clear"}, "", ""},
		{map[string]string{"metadata_consumer_key": "false"}, "permitted_users", "View External Client Apps Consumer Secrets in Metadata"},
		{map[string]string{"metadata_access": "no_global"}, "code_and_credentials_flow", "permission"},
		{map[string]string{"named_user_jwt": "true"}, "permitted_users", "JWT-based"},
		{map[string]string{"user_kind": "standard"}, "permitted_users", "Modify Metadata"},
	} {
		g := newRig(t, quilia(t), c.settings)
		r := g.audit(t, nil)
		if !r.OK() {
			t.Errorf("%v: failed %v", c.settings, failed(r))
		}
		for _, f := range r.Findings {
			if c.id == "" && f.Status == check.Unknown {
				t.Errorf("%v: %s is unknown: %s", c.settings, f.Name, f.Detail)
			}
		}
		if c.id == "" {
			continue
		}
		if f := finding(t, r, c.id); f.Status != check.Unknown || !strings.Contains(f.Detail, c.says) {
			t.Errorf("%v: %+v", c.settings, f)
		}
	}
}
