package check_test

import (
	"slices"
	"strings"
	"testing"

	"example.com/sfconnect/internal/check"
	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/recipe"
)

// subjectOf is the first recipe of a flow whose tokens open the APIs.
func subjectOf(t *testing.T, flow connection.Flow) subject {
	t.Helper()
	for _, c := range subjects(t) {
		r := c.recipe.Fill(answers(c.recipe))
		if connection.Flow(r.Authorize.Flow) == flow && len(unknowable(c)) == 0 && slices.Contains(r.Scopes, "refresh_token") == (flow == connection.FlowJWTBearer) {
			return c
		}
	}
	t.Fatalf("no recipe of the flow %s", flow)
	return subject{}
}

// A connection whose own request for a token is refused must not look well.
func TestRefusedTokenIsTold(t *testing.T) {
	for _, c := range []struct {
		flow  connection.Flow
		fault string
		id    string
		words string
	}{
		{connection.FlowJWTBearer, "invalid-assertion", "jwt_bearer_flow", "invalid assertion"},
		{connection.FlowJWTBearer, "inactive-user", "jwt_bearer_flow", "inactive user"},
		{connection.FlowClientCredentials, "inactive-user", "client_credentials_flow", "inactive user"},
	} {
		t.Run(string(c.flow)+"/"+c.fault, func(t *testing.T) {
			g := newRig(t, subjectOf(t, c.flow), nil)
			if err := g.org.SetFaults(c.fault); err != nil {
				t.Fatal(err)
			}
			r := g.audit(t, nil)
			if f := finding(t, r, c.id); f.Status != check.Unknown || f.Evidence != check.Observed || !strings.Contains(f.Detail, "No new token could be had") || !strings.Contains(f.Detail, c.words) {
				t.Errorf("%+v", f)
			}
			tellsOfNoToken(t, r)
		})
	}
	t.Run("web", func(t *testing.T) {
		g := newRig(t, quilia(t), nil)
		if err := g.org.SetFaults("inactive-user"); err != nil {
			t.Fatal(err)
		}
		tellsOfNoToken(t, g.audit(t, nil))
	})
}

func tellsOfNoToken(t *testing.T, r check.Audited) {
	t.Helper()
	for _, n := range r.Notes {
		if n.Status == check.Warn && strings.Contains(n.Text, "No new token could be had") && strings.Contains(n.Hint, "sfconnect test") {
			return
		}
	}
	t.Errorf("no note tells that no token could be had: %+v", r.Notes)
}

// The app's own list is read, and what a token answer granted is observed.
func TestScopesSayWhereTheyComeFrom(t *testing.T) {
	g := newRig(t, subjectOf(t, connection.FlowJWTBearer), nil)
	f := finding(t, g.audit(t, nil), "scopes_exact")
	if got, _ := f.Got.([]string); f.Evidence == check.Observed && slices.Contains(got, "refresh_token") {
		t.Errorf("observed, though no token of this flow has it: %+v", f)
	}
	if f.Status != check.Pass {
		t.Errorf("%+v", f)
	}
}

// Access tokens of a flow without a person are no approvals that end one another.
func TestTokensWithoutAPersonAreNoApprovals(t *testing.T) {
	g := newRig(t, subjectOf(t, connection.FlowJWTBearer), nil)
	for range 6 {
		g.forgetAccess(t)
		for _, n := range g.audit(t, nil).Notes {
			if strings.Contains(n.Text, "ends the oldest") {
				t.Fatalf("%s", n.Text)
			}
		}
	}
}

// Where both boxes are ticked the hint is about Run As alone, read or refused.
func TestMissingRunAsIsNamed(t *testing.T) {
	for _, access := range []string{"as_user", "none"} {
		g := newRig(t, subjectOf(t, connection.FlowClientCredentials), map[string]string{"metadata_access": access})
		if err := g.org.Set("run_as", ""); err != nil {
			t.Fatal(err)
		}
		f := finding(t, g.audit(t, nil), "client_credentials_flow")
		if f.Status != check.Fail || strings.Contains(f.Hint, ": tick") || !strings.Contains(f.Hint, "enter Run As (Username)") {
			t.Errorf("%s: %+v", access, f)
		}
	}
}

// A default that nobody was asked about is no requirement; an answer is.
func TestUnansweredDefaultIsNoRequirement(t *testing.T) {
	nango, err := recipe.Find("nango")
	if err != nil {
		t.Fatal(err)
	}
	g := newRig(t, subject{recipe: nango}, nil)
	audit := func(inputs map[string]string) check.Finding {
		if err := g.org.Set("app_name", "Sales data"); err != nil {
			t.Fatal(err)
		}
		return finding(t, g.audit(t, func(a *check.Audit) { a.Recipe, a.Inputs = &nango, inputs }), "app_names")
	}
	if f := audit(map[string]string{}); f.Want != nil || f.Status != check.Pass {
		t.Errorf("%+v", f)
	}
	if f := audit(map[string]string{"app_name": "Nango"}); f.Status != check.Fail {
		t.Errorf("%+v", f)
	}
}
