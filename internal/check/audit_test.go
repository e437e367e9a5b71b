package check_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"example.com/sfconnect/internal/check"
	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/store"
)

// witness is what the org's ledger tells of what an audit left behind.
type witness struct {
	access, refresh    []string
	changes            int
	settings           map[string]string
	rotations, replays int
}

func (g *rig) witness() witness {
	l := g.org.Ledger()
	return witness{l.LiveAccessTokens, l.LiveRefreshTokens, len(l.Changes) + l.Writes, g.org.Facts().Settings, l.Refreshes, l.RotationReplays + l.CodesSpent + l.Evictions}
}

// leftNothing holds an audit against the ledger: the living tokens are those from
// before, or what the store has now; no setting has changed; nothing was spent.
func (g *rig) leftNothing(t *testing.T, before witness) {
	t.Helper()
	now := g.witness()
	s, err := g.machine.Open("p")
	if err != nil {
		t.Fatal(err)
	}
	saved, err := s.SavedToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range now.access {
		if !slices.Contains(before.access, token) && token != saved.Reveal() {
			t.Error("an access token lives on that nobody has")
		}
	}
	if len(now.refresh) != len(before.refresh) {
		t.Errorf("%d refresh tokens live, before %d", len(now.refresh), len(before.refresh))
	}
	for _, token := range now.refresh {
		kept, err := g.machine.Secrets.Get(t.Context(), s.Profile().ID, store.RefreshToken)
		if err != nil || kept.Reveal() != token {
			t.Errorf("the living refresh token is not the saved one (%v)", err)
		}
	}
	if now.changes != before.changes || !maps.Equal(now.settings, before.settings) || now.replays != before.replays {
		t.Errorf("something was changed, spent or shown again: %+v, before %+v", now, before)
	}
}

// unknowable are the checks that no audit can settle in an org as asked.
func unknowable(p subject) []string {
	r := p.recipe.Fill(answers(p.recipe))
	if r.Switches["named_user_jwt"] == recipe.SwitchOn || !connection.MayCallAPI(r.Scopes) { // then the metadata cannot be read
		return []string{"code_and_credentials_flow", "permitted_users", "ip_relaxation", "refresh_token_policy", "run_as", "distribution_state", "app_names", "secret_required_for_token_exchange", "client_credentials_flow"}
	}
	return nil
}

func TestOrgAsAsked(t *testing.T) {
	for _, c := range subjects(t) {
		t.Run(c.name, func(t *testing.T) {
			g := newRig(t, c, nil)
			before := g.witness()
			for range 2 { // the second time with an access token that is saved
				r := g.audit(t, nil)
				if !r.OK() || r.Recipe != c.recipe.ID {
					t.Errorf("recipe %q, failed: %v", r.Recipe, failed(r))
				}
				for _, f := range r.Findings {
					if f.Status == check.Unknown && !slices.Contains(unknowable(c), f.Name) {
						t.Errorf("%s is unknown: %s", f.Name, f.Detail)
					}
					if f.Status == check.Pass && f.Hint != "" && f.Want != nil {
						t.Errorf("%s passed and has a hint: %s", f.Name, f.Hint)
					}
				}
				for _, n := range r.Notes {
					if n.RevokeFailed {
						t.Errorf("note: %s", n.Text)
					}
				}
				g.leftNothing(t, before)
			}
		})
	}
}

// flip is one setting that is not as a recipe asks.
type flip struct {
	set, value string // of the practice org
	fails      string // the check that must fail
	evidence   check.Evidence
	says       string // in the hint
}

// flips is each setting that a recipe speaks of, turned around.
func flips(c subject) []flip {
	r := c.recipe.Fill(answers(c.recipe))
	flow := connection.Flow(r.Authorize.Flow)
	var out []flip
	for _, id := range recipe.SwitchIDs() {
		on := r.Switches[id] == recipe.SwitchOn
		switch {
		case id == "client_credentials_flow" && flow == connection.FlowClientCredentials, id == "jwt_bearer_flow" && flow == connection.FlowJWTBearer:
			on = true
		case r.Switches[id] == recipe.SwitchDefault && slices.Contains([]string{"pkce_required", "secret_required_for_web_server", "secret_required_for_refresh"}, id):
			on = true
		case r.Switches[id] != recipe.SwitchOn && r.Switches[id] != recipe.SwitchOff:
			continue
		}
		out = append(out, flip{id, fmt.Sprint(!on), id, evidenceOf(id, !on, flow, r.Authorize.Public), `"` + recipe.SwitchLabel(id) + `"`})
	}
	for _, line := range r.CallbackURLs {
		if r.CallbackUse == "unused" {
			continue
		}
		rest := slices.DeleteFunc(slices.Clone(r.CallbackURLs), func(s string) bool { return s == line })
		out = append(out, flip{"callbacks", strings.Join(append(rest, ourCallback), " "), "callback_registered:" + line, check.Observed, "Callback URL: add exactly this line: " + line})
	}
	scopes := check.Read                                                   // newer than what the sign-in was granted
	if flow.NeedsNobody() && !slices.Contains(r.Scopes, "refresh_token") { // else the flow is granted less
		scopes = check.Observed
	}
	if len(r.Scopes) > 0 && r.ScopesMatch != "at_least" {
		out = append(out, flip{"scopes", strings.Join(append(slices.Clone(r.Scopes), "chatter_api"), " "), "scopes_exact", scopes, `remove "Access Connect REST API resources (chatter_api)"`})
	}
	for _, never := range r.ScopesNever {
		out = append(out, flip{"scopes", strings.Join(append(slices.Clone(r.Scopes), never), " "), "scopes_exact", scopes, "remove"})
	}
	if slices.Contains(r.Scopes, "openid") {
		rest := slices.DeleteFunc(slices.Clone(r.Scopes), func(s string) bool { return s == "openid" })
		out = append(out, flip{"scopes", strings.Join(rest, " "), "scopes_exact", scopes, `add "Access unique user identifiers (openid)"`})
	}
	if strings.HasPrefix(r.Policies.PermittedUsers, "All") {
		out = append(out, flip{"permitted_users", "admin_approved", "permitted_users", check.Read, "Policies › OAuth Policies"})
	}
	if r.Policies.IPRelaxation != "" {
		out = append(out, flip{"ip_relaxation", "relax_activated", "ip_relaxation", check.Read, "Policies › OAuth Policies"})
	}
	if r.Policies.RefreshTokenPolicy != "" {
		out = append(out, flip{"refresh_token_policy", "unused:77d", "refresh_token_policy", check.Read, "Policies › OAuth Policies"})
	}
	if r.Policies.RunAs != "" && flow == connection.FlowClientCredentials {
		out = append(out, flip{"run_as", "ben@practice.example", "run_as", check.Read, "Run As"})
	}
	if s := r.App.DistributionState; s != "" {
		other := "Packaged"
		if s == other {
			other = "Local"
		}
		out = append(out, flip{"distribution_state", other, "distribution_state", check.Read, "Basic Information"})
	}
	return append(out, flip{"app_name", "Something else", "app_names", check.Read, "External Client App Name"})
}

// evidenceOf is how a state of a switch is known where the metadata can be read.
func evidenceOf(id string, on bool, flow connection.Flow, public bool) check.Evidence {
	switch id {
	case "pkce_required":
		return check.Observed
	case "secret_required_for_web_server", "secret_required_for_refresh":
		if on && flow != connection.FlowJWTBearer {
			return check.Observed
		}
	case "client_credentials_flow":
		if flow != connection.FlowJWTBearer && !public {
			return check.Observed
		}
	case "device_flow":
		if on {
			return check.Observed
		}
	case "refresh_token_rotation", "named_user_jwt":
		if !flow.NeedsNobody() {
			return check.Observed
		}
	}
	return check.Read
}

// Each setting that is turned around gives exactly that failure, with the right
// evidence and the box in Setup; nothing is left behind by the audit.
func TestEachFlipIsFound(t *testing.T) {
	for _, c := range subjects(t) {
		t.Run(c.name, func(t *testing.T) {
			for _, f := range flips(c) {
				if f.evidence == check.Read && len(unknowable(c)) > 0 { // it cannot be read there
					continue
				}
				t.Run(f.set+"="+f.value, func(t *testing.T) { tryFlip(t, c, f) })
			}
		})
	}
}

func tryFlip(t *testing.T, c subject, f flip) {
	g := newRig(t, c, nil)
	if err := g.org.Set(f.set, f.value); err != nil {
		t.Fatal(err)
	}
	before := g.witness()
	r := g.audit(t, nil)
	if got := failed(r); !slices.Equal(got, []string{f.fails}) {
		t.Fatalf("failed: %v, want %s\n%+v", got, f.fails, finding(t, r, f.fails))
	}
	bad := finding(t, r, f.fails)
	if bad.Evidence != f.evidence {
		t.Errorf("%s is %s, want %s: %s", bad.Name, bad.Evidence, f.evidence, bad.Detail)
	}
	if !strings.Contains(bad.Hint, f.says) || !strings.Contains(bad.Hint, "Setup › External Client App Manager › ") ||
		!strings.Contains(bad.Hint, "https://practice.lightning.force.com/lightning/setup/ManageExternalClientApplication/home") {
		t.Errorf("%s has the hint %q, want %q in it", bad.Name, bad.Hint, f.says)
	}
	g.leftNothing(t, before)
}

// A box that the recipe does not speak of fails nothing, however it stands.
func TestUnsaidBoxesFailNothing(t *testing.T) {
	for _, c := range subjects(t) {
		r := c.recipe.Fill(answers(c.recipe))
		for _, id := range recipe.SwitchIDs() {
			if r.Switches[id] != recipe.SwitchUnsaid || r.Authorize.Flow == "client-credentials" && id == "client_credentials_flow" {
				continue
			}
			for _, value := range []string{"true", "false"} {
				g := newRig(t, c, nil)
				if err := g.org.Set(id, value); err != nil {
					t.Fatal(err)
				}
				if got := g.audit(t, nil); !got.OK() || finding(t, got, id).Want != nil {
					t.Errorf("%s, %s=%s: failed %v", c.name, id, value, failed(got))
				}
			}
		}
	}
}

// Without the metadata the rest is still asked; what cannot be told is unknown, and
// the permission that is missing is named.
func TestWithoutMetadata(t *testing.T) {
	for _, c := range subjects(t) {
		t.Run(c.name, func(t *testing.T) {
			g := newRig(t, c, map[string]string{"metadata_access": "none"})
			r := g.audit(t, nil)
			if !r.OK() {
				t.Errorf("failed: %v", failed(r))
			}
			why := "Modify Metadata Through Metadata API Functions"
			if len(unknowable(c)) > 0 {
				why = "the scope api"
			}
			for _, id := range []string{"permitted_users", "ip_relaxation", "refresh_token_policy", "run_as", "distribution_state", "app_names", "code_and_credentials_flow"} {
				f := finding(t, r, id)
				if f.Status != check.Unknown || f.Evidence != check.Read || !strings.Contains(f.Detail, why) {
					t.Errorf("%+v", f)
				}
			}
			for _, f := range flips(c) {
				if f.evidence == check.Observed || f.set == "scopes" { // what was granted is as it was
					continue
				}
				g := newRig(t, c, map[string]string{"metadata_access": "none"})
				if err := g.org.Set(f.set, f.value); err != nil {
					t.Fatal(err)
				}
				r := g.audit(t, nil)
				switch bad := finding(t, r, f.fails); {
				case bad.Status == check.Pass:
					t.Errorf("%s=%s: passed as %v, %s: %s", f.set, f.value, bad.Got, bad.Evidence, bad.Detail)
				case bad.Status == check.Fail && bad.Evidence == check.Read:
					t.Errorf("%s=%s: read, without being allowed to", f.set, f.value)
				case bad.Status == check.Unknown && bad.Detail == "":
					t.Errorf("%s=%s: unknown without a reason", f.set, f.value)
				}
				for _, name := range failed(r) {
					if name != f.fails {
						t.Errorf("%s=%s: %s failed", f.set, f.value, name)
					}
				}
			}
		})
	}
}
