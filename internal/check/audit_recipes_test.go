package check_test

import (
	"testing"

	"example.com/sfconnect/internal/recipe"
)

// subject is a recipe, or one of its variants.
type subject struct {
	name    string
	recipe  recipe.Recipe // with the variant merged in
	variant string
}

// subjects are every recipe with each of its variants, and some of the tests' own that
// ask for what no embedded one may: each flow, a public client, every box on.
func subjects(t *testing.T) []subject {
	t.Helper()
	all, err := recipe.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range ownRecipes() {
		r, err := recipe.Parse("own.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	var out []subject
	for _, r := range all {
		if len(r.Variants) == 0 {
			out = append(out, subject{r.ID, r, ""})
		}
		for _, v := range r.Variants {
			merged, err := r.Variant(v.ID)
			if err != nil {
				t.Fatal(err)
			}
			merged.Text = r.Text
			out = append(out, subject{r.ID + "/" + v.ID, merged, v.ID})
		}
	}
	return out
}

func ownRecipes() []string {
	return []string{`
schema: 1
id: own-client
title: Client
app: {name: Client App, api_name: Client_App, distribution_state: Local}
callback_urls: ["https://login.salesforce.com/services/oauth2/success"]
scopes: [api, refresh_token]
switches:
  client_credentials_flow: on
  device_flow: off
  jwt_bearer_flow: off
  token_exchange_flow: off
  code_and_credentials_flow: off
  pkce_required: on
  secret_required_for_web_server: on
  secret_required_for_refresh: on
  refresh_token_rotation: on
policies: {permitted_users: Admin approved users are pre-authorized, ip_relaxation: Enforce IP restrictions, run_as: ada@practice.example}
authorize: {flow: client-credentials, host: my_domain}
`, `
schema: 1
id: own-bearer
title: Bearer
app: {name: Bearer App, api_name: Bearer_App}
callback_urls: ["https://login.salesforce.com/services/oauth2/success"]
scopes: [api]
scopes_match: at_least
scopes_never: [full, web]
switches:
  jwt_bearer_flow: on
  client_credentials_flow: off
  device_flow: off
policies: {refresh_token_policy: Refresh token is valid until revoked}
authorize: {flow: jwt-bearer}
`, `
schema: 1
id: own-public
title: Public
app: {name: Public App, api_name: Public_App}
callback_urls: ["https://public.example/cb", "https://public.example/cb2"]
scopes: [api, refresh_token]
switches:
  secret_required_for_web_server: off
  secret_required_for_refresh: off
  pkce_required: on
  refresh_token_rotation: on
policies: {refresh_token_policy: Expire refresh token if not used for 30 days}
authorize: {flow: web, public: true}
`, `
schema: 1
id: own-all-on
title: All on
app: {name: All On, api_name: All_On, distribution_state: Packaged}
callback_urls: ["https://on.example/cb"]
scopes: [id, api, refresh_token, openid, full]
switches:
  client_credentials_flow: on
  code_and_credentials_flow: on
  device_flow: on
  jwt_bearer_flow: on
  token_exchange_flow: on
  secret_required_for_token_exchange: on
  secret_required_for_web_server: default
  secret_required_for_refresh: default
  pkce_required: default
  refresh_token_rotation: default
authorize: {flow: web}
`}
}
