package wizard

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func link(p salesforce.SetupPage) string {
	return salesforce.SetupURLFor("https://acme.my.salesforce.com", p)
}

func find(t *testing.T, id string) recipe.Recipe {
	t.Helper()
	r, err := recipe.Find(id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s differs (rewrite with -update):\n%s", name, d)
	}
}

// transcript is the checklist as text.
func transcript(t *testing.T, f Form) string {
	t.Helper()
	var out strings.Builder
	ui := &Prepared{Out: &out}
	for _, p := range Checklist(f) {
		ui.Begin(Screen{Title: p.Title})
		if _, err := ui.Page(context.Background(), p); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

func TestChecklistOfQuilia(t *testing.T) {
	r := find(t, "quilia").Fill(map[string]string{"contact_email": "ada@acme.com"})
	golden(t, "quilia.golden", transcript(t, Form{Recipe: r, Flow: connection.FlowWeb, Secret: true, Ours: connection.DefaultCallbacks(), Link: link}))
}

func TestChecklistHasOnlyWhatApplies(t *testing.T) {
	custom := find(t, recipe.Custom)
	tests := []struct {
		name   string
		answer map[string]string
		change func(*recipe.Recipe)
		want   string
	}{
		{"nothing said", nil, func(r *recipe.Recipe) { r.Switches, r.Policies = nil, recipe.Policies{} },
			"app_manager basic_information oauth key_and_secret"},
		{"flows alone", nil, func(r *recipe.Recipe) {
			r.Switches = map[string]recipe.Switch{"device_flow": recipe.SwitchOff}
			r.Policies = recipe.Policies{}
		}, "app_manager basic_information oauth flow_enablement key_and_secret"},
		{"client credentials need a policy", map[string]string{"client_credentials": "on", "run_as": "bot@acme.com"}, nil,
			"app_manager basic_information oauth flow_enablement security policies key_and_secret"},
		{"custom by default", nil, nil,
			"app_manager basic_information oauth flow_enablement security key_and_secret"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := custom.Fill(tt.answer)
			if tt.change != nil {
				tt.change(&r)
			}
			var ids, create []string
			for _, p := range Checklist(Form{Recipe: r, Flow: connection.FlowWeb, Secret: true, Link: link}) {
				ids = append(ids, p.ID)
				if slices.ContainsFunc(p.Rows, func(r Row) bool { return strings.HasPrefix(r.Label, "Click Create") }) {
					create = append(create, p.ID)
				}
			}
			if got := strings.Join(ids, " "); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			last := ids[slices.IndexFunc(ids, func(id string) bool { return id == pagePolicies || id == pageKey })-1]
			if len(create) != 1 || create[0] != last {
				t.Errorf("Create is on %v, want only on %s", create, last)
			}
		})
	}
}

func TestChecklistRows(t *testing.T) {
	r := recipe.Recipe{
		App: recipe.App{Name: "Acme"}, CallbackURLs: []string{connection.DefaultCallbacks()[0]},
		Switches: map[string]recipe.Switch{
			"client_credentials_flow": recipe.SwitchOn, "token_exchange_flow": recipe.SwitchOff,
			"secret_required_for_token_exchange": recipe.SwitchOn, "refresh_token_rotation": recipe.SwitchDefault,
		},
		Policies: recipe.Policies{PermittedUsers: "Admin approved users are pre-authorized", RunAs: "bot@acme.com"},
	}
	rows := map[string]Row{}
	var all []string
	for _, p := range Checklist(Form{Recipe: r, Flow: connection.FlowWeb, Secret: true, Ours: connection.DefaultCallbacks(), Link: func(salesforce.SetupPage) string { return "" }}) {
		for _, row := range p.Rows {
			rows[p.ID+"/"+row.Label] = row
			all = append(all, row.Label)
		}
	}
	if row := rows["oauth/Callback URL"]; len(row.Values) != 3 {
		t.Errorf("a vendor's line that is ours stands twice: %v", row.Values)
	}
	if slices.Contains(all, "Require secret for Token Exchange Flow") {
		t.Error("a box that the form shows for token exchange alone is listed")
	}
	if row, ok := rows["security/Enable Refresh Token Rotation"]; !ok || row.On != nil {
		t.Errorf("rotation: %+v", row)
	}
	if row := rows["policies/Enable Client Credentials Flow"]; !on(row) {
		t.Errorf("the policy's box: %+v", row)
	}
	if row := rows["policies/Run As (Username)"]; row.Value != "bot@acme.com" {
		t.Errorf("run as: %+v", row)
	}
	for _, want := range []string{"Click OK in the message that pops up", "Under App Policies, select the profiles or permission sets that may use the app, yours included"} {
		if !slices.Contains(all, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if row := rows["basic_information/Distribution State"]; row.Value != "Local" {
		t.Errorf("distribution state: %+v", row)
	}
}

func TestNoEmptyHeading(t *testing.T) {
	for name, p := range map[string]recipe.Policies{"run as": {RunAs: "bot@acme.com"}, "users": {PermittedUsers: "Admin approved users are pre-authorized"}} {
		r := recipe.Recipe{App: recipe.App{Name: "Acme"}, Switches: map[string]recipe.Switch{"client_credentials_flow": recipe.SwitchOn}, Policies: p}
		for _, page := range Checklist(Form{Recipe: r, Flow: connection.FlowClientCredentials, Secret: true, Link: link}) {
			for i, row := range page.Rows {
				if row.Kind == RowHeading && page.Rows[i+1].Kind == RowHeading {
					t.Errorf("%s: nothing under %q", name, row.Label)
				}
			}
		}
	}
}
