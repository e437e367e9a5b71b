package wizard

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/sfconnect/internal/recipe"
)

// fluent answers what a test does not say by what the question suggests.
type fluent struct {
	*script
	asked []string
}

func (f *fluent) rest(id string) {
	f.asked = append(f.asked, strings.TrimPrefix(id, "input."))
	if len(f.answers[id]) == 0 {
		f.answers[id] = []any{asDefault{}}
	}
}

func (f *fluent) Choose(_ context.Context, c Choice) (string, error) {
	f.rest(c.ID)
	return f.script.Choose(context.Background(), c)
}

func (f *fluent) Ask(_ context.Context, q Question) (string, error) {
	f.rest(q.ID)
	return f.script.Ask(context.Background(), q)
}

func author(t *testing.T, answers map[string][]any) (recipe.Recipe, string, *fluent, error) {
	t.Helper()
	prefixed := map[string][]any{}
	for id, list := range answers {
		prefixed["input."+id] = list
	}
	ui := &fluent{script: newScript(t, prefixed)}
	r, text, err := Author(t.Context(), ui, "2026-11-25", func(id string) error {
		if id == "taken" {
			return errors.New("there is a file taken.yaml already")
		}
		return nil
	})
	return r, string(text), ui, err
}

func TestAuthor(t *testing.T) {
	named := func(more map[string][]any) map[string][]any {
		all := map[string][]any{"id": {"acme"}, "title": {"Acme"}}
		for id, answer := range more {
			all[id] = answer
		}
		return all
	}
	asksFor := recipe.Input{ID: "contact_email", Label: "Contact email for the app", Kind: recipe.KindEmail, Help: "Salesforce's form asks for one. Your own, or your team's; it is only shown in Setup."}
	actsAs := recipe.Input{ID: "acts_as", Label: "Username that the integration acts as", Kind: recipe.KindText, Optional: true, Help: "The Username, which is not always the email address. Leave it empty if there is none yet."}
	base := recipe.Recipe{
		Schema: 1, ID: "acme", Title: "Acme", Source: recipe.Source{Date: "2026-11-25", Kind: "external_client_app", Unsaid: []string{"the boxes of Flow Enablement", "the boxes of Security", "the policies"}},
		Inputs: []recipe.Input{asksFor}, App: recipe.App{Name: "Acme", ContactEmail: "${contact_email}"}, Scopes: []string{"api", "refresh_token"}, ScopesMatch: "exact",
		Authorize: recipe.Authorize{Flow: "web"},
	}
	for name, tt := range map[string]struct {
		answers map[string][]any
		want    func(r *recipe.Recipe)
	}{
		"Enter at everything": {named(nil), func(*recipe.Recipe) {}},
		"all that is about a browser": {
			named(map[string][]any{
				"id": {rejected("Acme"), rejected("taken"), "acme"}, "vendor": {"Acme Inc"}, "summary": {"orders: all"}, "source_url": {rejected("http://acme.example"), "https://acme.example/d"}, "source_date": {rejected("today"), "2026-10-01"},
				"source_kind": {"connected_app"}, "contact": {"always the same one"}, "contact_email": {"ops@acme.example"}, "app_name": {"Acme Integration"}, "api_name": {rejected("Acme Integration"), "Acme_Integration"},
				"public": {"on"}, "callbacks": {"https://acme.example/a https://acme.example/b"}, "scopes": {"api, id"}, "scopes_match": {"at_least"}, "scopes_never": {"full"},
				"flow_boxes": {"yes"}, "device_flow": {"off"}, "security_boxes": {"yes"}, "pkce_required": {"on"}, "refresh_token_rotation": {"default"},
				"policies": {"yes"}, "ip_relaxation": {"Relax IP restrictions"}, "handover_at": {"Acme › Settings"}, "give_consumer_key": {"Client ID"}, "give_refresh_token": {"Token"},
				"where": {"Click Save."}, "note": {"Guard it."},
			}),
			func(r *recipe.Recipe) {
				r.Vendor, r.Summary, r.Source.URL, r.Source.Date, r.Source.Kind = "Acme Inc", "orders: all", "https://acme.example/d", "2026-10-01", "connected_app"
				r.Inputs, r.App = nil, recipe.App{Name: "Acme Integration", APIName: "Acme_Integration", ContactEmail: "ops@acme.example"}
				r.Authorize.Public, r.CallbackURLs = true, []string{"https://acme.example/a", "https://acme.example/b"}
				r.Scopes, r.ScopesMatch, r.ScopesNever = []string{"api", "id"}, "at_least", []string{"full"}
				r.Switches = map[string]recipe.Switch{"device_flow": "off", "pkce_required": "on", "refresh_token_rotation": "default"}
				r.Policies.IPRelaxation = "Relax IP restrictions"
				r.HandoverAt, r.HandoverDo, r.Notes = "Acme › Settings", []string{"Click Save."}, []string{"Guard it."}
				r.Handover = []recipe.Field{{Label: "Client ID", Value: "${consumer_key}"}, {Label: "Token", Value: "${refresh_token}", Secret: true}}
				r.Source.Unsaid = []string{
					"Enable Client Credentials Flow", "Enable Authorization Code and Credentials Flow", "Enable JWT Bearer Flow", "Enable Token Exchange Flow", "Require secret for Token Exchange Flow",
					"Require secret for Web Server Flow", "Require secret for Refresh Token Flow", "Issue JSON Web Token (JWT)-based access tokens for named users",
				}
			},
		},
		"nobody signs in": {
			named(map[string][]any{"flow": {"client-credentials"}, "callbacks": {"http://localhost"}, "user_advice": {"One of its own."}, "give_consumer_secret": {"Secret"}, "give_my_domain": {"Host"}, "give_username": {"User"}}),
			func(r *recipe.Recipe) {
				r.Authorize = recipe.Authorize{Flow: "client-credentials", Host: "my_domain"}
				r.CallbackURLs, r.CallbackUse, r.Scopes = []string{"http://localhost"}, "unused", []string{"api"}
				r.Switches = map[string]recipe.Switch{"client_credentials_flow": "on"}
				r.Inputs, r.Policies.RunAs, r.RunAsUser.Advice = append(r.Inputs, actsAs), "${acts_as}", "One of its own."
				r.Handover = []recipe.Field{{Label: "Secret", Value: "${consumer_secret}", Secret: true}, {Label: "Host", Value: "${my_domain}"}, {Label: "User", Value: "${username}"}}
			},
		},
		"a certificate": {
			named(map[string][]any{"flow": {"jwt-bearer"}, "give_private_key": {"Key"}, "give_certificate": {"Certificate"}}),
			func(r *recipe.Recipe) {
				r.Authorize.Flow, r.Scopes = "jwt-bearer", []string{"api"}
				r.Switches = map[string]recipe.Switch{"jwt_bearer_flow": "on"}
				r.Inputs, r.Policies.RunAs = append(r.Inputs, actsAs), "${acts_as}"
				r.Handover = []recipe.Field{{Label: "Key", Value: "${private_key}", Secret: true}, {Label: "Certificate", Value: "${certificate}"}}
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			want := base
			want.Source.Unsaid = append([]string(nil), base.Source.Unsaid...)
			want.Inputs = append([]recipe.Input(nil), base.Inputs...)
			tt.want(&want)
			_, text, _, err := author(t, tt.answers)
			if err != nil {
				t.Fatal(err)
			}
			got, err := recipe.Parse("acme.yaml", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			got.Text = ""
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s\n%s", d, text)
			}
		})
	}
}

// TestAuthorAsksWhatApplies: nothing about people who sign in where nobody does, and the
// other way round.
func TestAuthorAsksWhatApplies(t *testing.T) {
	for flow, tt := range map[string]struct{ with, without string }{
		"web":                {"public callbacks give_refresh_token", "user_advice give_username give_private_key"},
		"client-credentials": {"user_advice give_username give_consumer_secret", "public give_refresh_token give_private_key"},
		"jwt-bearer":         {"user_advice give_username give_private_key give_certificate", "public give_refresh_token"},
	} {
		_, _, ui, err := author(t, map[string][]any{"id": {"acme"}, "title": {"Acme"}, "flow": {flow}})
		if err != nil {
			t.Fatal(err)
		}
		asked := " " + strings.Join(ui.asked, " ") + " "
		for _, id := range strings.Fields(tt.with) {
			if !strings.Contains(asked, " "+id+" ") {
				t.Errorf("%s: %s is not asked", flow, id)
			}
		}
		for _, id := range strings.Fields(tt.without + " device_flow pkce_required permitted_users") {
			if strings.Contains(asked, " "+id+" ") {
				t.Errorf("%s: %s is asked", flow, id)
			}
		}
	}
}

func TestAuthorGoesBackAndLeaves(t *testing.T) {
	r, _, _, err := author(t, map[string][]any{"id": {"acme", "better"}, "title": {ErrBack, "Acme"}})
	if err != nil || r.ID != "better" {
		t.Errorf("%v, %+v", err, r)
	}
	if _, text, _, err := author(t, map[string][]any{"id": {"acme"}, "title": {ErrLeave}}); !errors.Is(err, ErrLeave) || text != "" {
		t.Errorf("%v, %q", err, text)
	}
}

// TestAuthorAsksAgain: single answers can be right, and no recipe come of them.
func TestAuthorAsksAgain(t *testing.T) {
	r, _, ui, err := author(t, map[string][]any{"id": {"acme", asDefault{}}, "title": {"Acme", asDefault{}}, "scopes": {"api full", asDefault{}}, "scopes_never": {"full", "web"}})
	if err != nil {
		t.Fatal(err)
	}
	if said := ui.text.String(); !strings.Contains(said, `fail: These answers make no valid recipe. | acme.yaml:`) || !strings.Contains(said, `"full" is among the scopes too`) {
		t.Errorf("said %s", said)
	}
	if strings.Join(r.ScopesNever, " ") != "web" || r.Title != "Acme" {
		t.Errorf("recipe %+v", r)
	}
}
