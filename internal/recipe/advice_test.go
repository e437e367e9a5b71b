package recipe

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestAdvice(t *testing.T) {
	flow := func(name string) func(*Recipe) { return func(r *Recipe) { r.Authorize.Flow = name } }
	off := func(id, name string) func(*Recipe) {
		return func(r *Recipe) { r.Switches, r.Authorize.Flow = map[string]Switch{id: SwitchOff}, name }
	}
	for name, tt := range map[string]struct {
		change    func(*Recipe)
		box, want string // no box: nothing is said
	}{
		"nothing":                       {flow("web"), "", ""},
		"pkce off":                      {off("pkce_required", "web"), "pkce_required", "must then send PKCE; ask the vendor"},
		"pkce off, pasted":              {off("pkce_required", "paste"), "pkce_required", "must then send PKCE; ask the vendor"},
		"pkce off, nobody signs in":     {off("pkce_required", "client-credentials"), "pkce_required", "for sign-ins in a browser"},
		"rotation off":                  {off("refresh_token_rotation", "refresh-token"), "refresh_token_rotation", "keep each new token"},
		"rotation off, nobody signs in": {off("refresh_token_rotation", "jwt-bearer"), "refresh_token_rotation", "has no refresh tokens"},
		"another box off":               {off("device_flow", "web"), "", ""},
		"pkce on":                       {func(r *Recipe) { r.Switches = map[string]Switch{"pkce_required": SwitchOn} }, "", ""},
		"full":                          {func(r *Recipe) { r.Scopes = []string{"api", "full"} }, "scopes", "whether api is enough"},
		"full alone, nobody signs in":   {func(r *Recipe) { r.Scopes, r.Authorize.Flow = []string{"full"}, "client-credentials" }, "scopes", "refuses full alone"},
		"full and api, nobody signs in": {func(r *Recipe) { r.Scopes, r.Authorize.Flow = []string{"full", "api"}, "client-credentials" }, "scopes", "whether api is enough"},
		"an admin to run as":            {func(r *Recipe) { r.RunAsUser.Profile, r.Authorize.Flow = "System Administrator", "client-credentials" }, "run_as", "API Only"},
		"an admin who signs in":         {func(r *Recipe) { r.RunAsUser.Profile, r.Authorize.Flow = "System Administrator", "web" }, "", ""},
		"a small profile to run as": {func(r *Recipe) {
			r.RunAsUser.Profile, r.Authorize.Flow = "Minimum Access - API Only Integrations", "client-credentials"
		}, "", ""},
		"a connected app":        {func(r *Recipe) { r.Source.Kind = "connected_app" }, AdviceApp, "cannot be made any more"},
		"an external client app": {func(r *Recipe) { r.Source.Kind = "external_client_app" }, "", ""},
		"self-authorize, by a certificate": {func(r *Recipe) {
			r.Policies.PermittedUsers, r.Authorize.Flow = "All users may self-authorize", "jwt-bearer"
		}, "permitted_users", "Admin approved"},
		"self-authorize, in a browser": {func(r *Recipe) { r.Policies.PermittedUsers, r.Authorize.Flow = "All users may self-authorize", "web" }, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var r Recipe
			tt.change(&r)
			got := Advice(r)
			if tt.box == "" {
				if len(got) != 0 {
					t.Errorf("said %v", got)
				}
				return
			}
			if said := slices.Collect(maps.Keys(got)); !slices.Equal(said, []string{tt.box}) || !strings.Contains(got[tt.box], tt.want) {
				t.Errorf("said %v", got)
			}
		})
	}
}

// TestAdviceIsShort: it stands beside a box.
func TestAdviceIsShort(t *testing.T) {
	for _, flow := range Flows() {
		r := Recipe{
			Source: Source{Kind: "connected_app"}, Scopes: []string{"full"}, RunAsUser: RunAsUser{Profile: "System Administrator"},
			Switches:  map[string]Switch{"pkce_required": SwitchOff, "refresh_token_rotation": SwitchOff},
			Policies:  Policies{PermittedUsers: "All users may self-authorize"},
			Authorize: Authorize{Flow: flow},
		}
		for box, text := range Advice(r) {
			if len(text) > 120 || strings.Contains(text, "\n") || !strings.HasSuffix(text, ".") {
				t.Errorf("%s: %q has %d characters", box, text, len(text))
			}
			if box != AdviceApp && !slices.Contains(Boxes(), box) {
				t.Errorf("%s is no box", box)
			}
		}
	}
}
