package recipe

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// What each source says of the form, the sign-in and the hand-over, written down from
// the source and not from the recipe: the five seed guides, and the blocks of the
// collected facts for the others. Nothing may be missing in the recipe, and nothing
// may be in it that its source does not say, but what asks the admin.
func TestRecipesSayWhatTheirSourcesSay(t *testing.T) {
	for name, want := range map[string]string{
		"quilia": `
			app.name                                = Quilia Integration
			app.api_name                            = Quilia_Integration
			app.distribution_state                  = Local
			app.contact_email                       = ${contact_email}
			app.info_url                            = https://www.quilia.com/integrations/salesforce/
			app.logo_url                            = https://www.quilia.com/logo.png
			app.icon_url                            = https://www.quilia.com/icon.png
			app.description                         = Integrates Quilia's case management capabilities with Salesforce, enabling seamless data synchronization for cases, contacts, notes, and documents. Supports OAuth2 authentication.
			callback_urls[0]                        = https://portal.quilia.com/api/integrations/salesforce/callback
			scopes[0]                               = id
			scopes[1]                               = api
			scopes[2]                               = refresh_token
			scopes[3]                               = openid
			scopes_match                            = exact
			scopes_never[0]                         = full
			scopes_never[1]                         = chatter_api
			scopes_never[2]                         = visualforce
			scopes_never[3]                         = lightning
			scopes_never[4]                         = wave_api
			scopes_never[5]                         = cdp_api
			scopes_never[6]                         = pardot_api
			switches.client_credentials_flow        = off
			switches.code_and_credentials_flow      = on
			switches.device_flow                    = off
			switches.jwt_bearer_flow                = off
			switches.token_exchange_flow            = off
			switches.secret_required_for_web_server = on
			switches.secret_required_for_refresh    = on
			switches.pkce_required                  = on
			switches.refresh_token_rotation         = off
			policies.permitted_users                = All users may self-authorize
			policies.ip_relaxation                  = Relax IP restrictions
			policies.refresh_token_policy           = Refresh token is valid until revoked
			authorize.flow                          = web
			authorize.host                          = any
			handover[0].label                       = Consumer Key
			handover[0].value                       = ${consumer_key}
			handover[1].label                       = Consumer Secret
			handover[1].value                       = ${consumer_secret}
			handover[2].label                       = Login URL
			handover[2].value                       = ${login_url}
			handover[2].usual                       = https://login.salesforce.com
			handover_at                             = Quilia › Settings › Features › Salesforce › API Credentials
			source.kind                             = external_client_app`,
		"multisource-csm": `
			app.name                         = MultiSource Connector for CSM
			app.contact_email                = ${contact_email}
			inputs[0].example                = contact@yourcompany.com
			callback_urls[0]                 = http://localhost
			scopes[0]                        = api
			switches.client_credentials_flow = on
			switches.pkce_required           = off
			policies.run_as                  = ${acts_as}
			run_as_user.permissions[0]       = API Only User
			authorize.flow                   = client-credentials
			authorize.host                   = my_domain
			handover[0].label                = Site
			handover[0].value                = ${my_domain}
			handover[0].where                = as NAME.my.salesforce.com, without https:// and without a slash
			handover[1].label                = Consumer Key
			handover[1].value                = ${consumer_key}
			handover[2].label                = Consumer Secret
			handover[2].value                = ${consumer_secret}
			handover_at                      = MultiSource Connector › Source
			checks[0].sign                   = INSUFFICIENT_ACCESS in the product's logs
			checks[0].page                   = identity_verification
			source.kind                      = connected_app`,
		"quality-clouds": `
			app.name                         = QualityClouds
			app.api_name                     = QualityClouds
			app.contact_email                = help@qualityclouds.com
			app.contact_phone                = +44 20 3290 0456
			app.description                  = QualityClouds connection for REST API calls
			callback_urls[0]                 = https://scan.qualityclouds.com/sf_instance/code_callback
			scopes[0]                        = api
			scopes[1]                        = refresh_token
			switches.client_credentials_flow = on
			switches.pkce_required           = off
			authorize.flow                   = client-credentials
			authorize.host                   = my_domain
			handover[0].label                = Consumer Key
			handover[0].value                = ${consumer_key}
			handover[1].label                = Consumer Secret
			handover[1].value                = ${consumer_secret}
			handover_at                      = Quality Clouds › your Salesforce environment
			source.kind                      = connected_app`,
		"appmixer": `
			app.name                                = ${app_name}
			app.contact_email                       = ${contact_email}
			callback_urls[0]                        = ${callbacks}
			scopes[0]                               = ${scopes}
			inputs[3].example                       = api refresh_token
			inputs[2].example                       = https://api.acme.example/auth/salesforce/callback
			inputs[4].options[0]                    = login
			inputs[4].options[1]                    = consent
			inputs[4].options[2]                    = select_account
			inputs[4].default                       = login
			inputs[0].default                       = Appmixer
			switches.code_and_credentials_flow      = on
			switches.secret_required_for_web_server = on
			switches.secret_required_for_refresh    = on
			authorize.flow                          = web
			authorize.host                          = any
			authorize.prompt                        = login
			handover[0].label                       = clientId
			handover[0].value                       = ${consumer_key}
			handover[1].label                       = clientSecret
			handover[1].value                       = ${consumer_secret}
			handover[2].label                       = promptType
			handover[2].value                       = ${prompt_type}
			handover[2].usual                       = login
			handover[3].label                       = baseUrl
			handover[3].value                       = ${login_url}
			handover[3].usual                       = https://login.salesforce.com
			handover_at                             = Appmixer Backoffice › Configuration, and Services
			source.kind                             = connected_app`,
		"customeros": `
			app.name          = CustomerOS
			app.api_name      = CustomerOS
			app.contact_email = ${contact_email}
			callback_urls[0]  = https://login.salesforce.com/
			scopes[0]         = api
			scopes[1]         = web
			scopes[2]         = refresh_token
			authorize.flow    = paste
			authorize.host    = any
			handover[0].label = Consumer Key
			handover[0].value = ${consumer_key}
			handover[1].label = Consumer Secret
			handover[1].value = ${consumer_secret}
			handover[2].label = Refresh token
			handover[2].value = ${refresh_token}
			handover_at       = CustomerOS › Settings › integration page
			source.kind       = connected_app`,
		"nango/web": `
			app.name                                = ${app_name}
			inputs[0].default                       = Nango
			app.distribution_state                  = Local
			app.contact_email                       = ${contact_email}
			callback_urls[0]                        = https://api.nango.dev/oauth/callback
			scopes[0]                               = api
			scopes[1]                               = refresh_token
			scopes_match                            = at_least
			switches.code_and_credentials_flow      = on
			switches.secret_required_for_web_server = on
			switches.secret_required_for_refresh    = on
			switches.pkce_required                  = on
			policies.refresh_token_policy           = Refresh token is valid until revoked
			authorize.flow                          = web
			handover[0].label                       = Client ID
			handover[0].value                       = ${consumer_key}
			handover[1].label                       = Client Secret
			handover[1].value                       = ${consumer_secret}
			handover_at                             = Nango › Integrations › Salesforce
			checks[0].sign                          = invalid_client_id at the first sign-in
			source.url                              = https://nango.dev/docs/api-integrations/salesforce/salesforce-api-oauth-app-setup
			source.date                             = 2026-08-21
			source.kind                             = external_client_app`,
		"nango/client-credentials": `
			app.name                         = ${app_name}
			inputs[0].default                = Nango
			app.contact_email                = ${contact_email}
			callback_urls[0]                 = https://api.nango.dev/oauth/callback
			callback_use                     = unused
			scopes[0]                        = api
			switches.client_credentials_flow = on
			policies.run_as                  = ${acts_as}
			authorize.flow                   = client-credentials
			authorize.host                   = my_domain
			handover[0].label                = Hostname
			handover[0].value                = ${my_domain}
			handover[0].where                = such as acme.my.salesforce.com, without https://
			handover[1].label                = Client ID
			handover[1].value                = ${consumer_key}
			handover[2].label                = Client Secret
			handover[2].value                = ${consumer_secret}
			handover_at                      = Nango › Integrations › Salesforce
			source.url                       = https://nango.dev/docs/api-integrations/salesforce-cc/connect
			source.kind                      = external_client_app`,
		"nango/jwt-bearer": `
			app.name                 = ${app_name}
			inputs[0].default        = Nango
			app.distribution_state   = Local
			app.contact_email        = ${contact_email}
			callback_urls[0]         = https://api.nango.dev/oauth/callback
			callback_use             = unused
			scopes[0]                = api
			scopes[1]                = refresh_token
			switches.jwt_bearer_flow = on
			policies.permitted_users = Admin approved users are pre-authorized
			certificate.days         = 365
			certificate.key_size     = 2048
			authorize.flow           = jwt-bearer
			handover[0].label        = Consumer Key
			handover[0].value        = ${consumer_key}
			handover[1].label        = Consumer Secret
			handover[1].value        = ${consumer_secret}
			handover[2].label        = Private Key
			handover[2].value        = ${private_key}
			handover[3].label        = Username
			handover[3].value        = ${username}
			handover[4].label        = Authorization server's URL
			handover[4].value        = ${login_host}
			handover[4].usual        = login.salesforce.com
			handover[4].where        = without https://; test.salesforce.com for a sandbox, SITE.force.com/customers for a site
			handover_at              = Nango › Integrations › Salesforce
			source.url               = https://nango.dev/docs/api-integrations/salesforce-jwt/connect
			source.kind              = external_client_app`,
		"infisical": `
			app.name                                    = ${app_name}
			inputs[0].default                           = Infisical
			app.contact_email                           = ${contact_email}
			callback_urls[0]                            = https://localhost
			callback_use                                = unused
			scopes[0]                                   = api
			switches.client_credentials_flow            = on
			switches.token_exchange_flow                = on
			switches.secret_required_for_token_exchange = on
			switches.secret_required_for_web_server     = on
			switches.secret_required_for_refresh        = on
			policies.run_as                             = ${acts_as}
			authorize.flow                              = client-credentials
			authorize.host                              = my_domain
			steps[0].title                              = Allow access to External Client App consumer secrets via REST API
			steps[0].page                               = external_client_app_settings
			steps[1].page                               = external_client_apps
			handover[0].label                           = Instance URL
			handover[0].value                           = ${my_domain}
			handover[0].where                           = as my-org.my.salesforce.com
			handover[1].label                           = Consumer Key
			handover[1].value                           = ${consumer_key}
			handover[2].label                           = Consumer Secret
			handover[2].value                           = ${consumer_secret}
			handover_at                                 = Infisical › App Connections › Salesforce
			source.kind                                 = external_client_app`,
		"hosted-mcp-claude": `
			app.name                                = Headless 360 Quick Start
			app.api_name                            = Headless_360_Quick_Start
			app.contact_email                       = ${contact_email}
			callback_urls[0]                        = https://claude.ai/api/mcp/auth_callback
			scopes[0]                               = mcp_api
			scopes[1]                               = refresh_token
			scopes_match                            = exact
			switches.secret_required_for_web_server = off
			switches.secret_required_for_refresh    = off
			switches.pkce_required                  = on
			switches.named_user_jwt                 = on
			authorize.flow                          = web
			authorize.public                        = true
			inputs[1].options[0]                    = production
			inputs[1].options[1]                    = sandbox
			inputs[1].default                       = production
			inputs[2].example                       = platform/sobject-all
			handover[0].label                       = Server URL
			handover[0].value                       = https://api.salesforce.com/platform/mcp/v1/${server}
			handover[1].label                       = Server URL
			handover[1].value                       = https://api.salesforce.com/platform/mcp/v1/sandbox/${server}
			handover[1].where                       = for a sandbox or a scratch org
			handover[2].label                       = OAuth Client ID
			handover[2].value                       = ${consumer_key}
			handover[2].where                       = under Advanced settings; there is no secret to enter
			handover_at                             = Claude › Customize › Connectors › Add custom connector
			source.kind                             = external_client_app`,
		"webex-meetings": `
			app.name                                = ${app_name}
			inputs[0].default                       = Webex Meetings
			app.distribution_state                  = Local
			app.contact_email                       = ${contact_email}
			callback_urls[0]                        = https://meetings-api.webex.com/wbxaddin/indexFor3rdAuth.html
			scopes[0]                               = api
			scopes[1]                               = web
			scopes[2]                               = refresh_token
			switches.secret_required_for_web_server = on
			switches.secret_required_for_refresh    = on
			switches.pkce_required                  = on
			authorize.flow                          = web
			handover[0].label                       = Consumer key
			handover[0].value                       = ${consumer_key}
			handover[1].label                       = Consumer secret
			handover[1].value                       = ${consumer_secret}
			source.kind                             = external_client_app`,
		"grafana": `
			app.name                 = ${app_name}
			inputs[0].default        = Grafana
			app.contact_email        = ${contact_email}
			callback_urls[0]         = sfdc://oauth/jwt/success
			scopes[0]                = api
			scopes[1]                = refresh_token
			switches.jwt_bearer_flow = on
			policies.permitted_users = Admin approved users are pre-authorized
			authorize.flow           = jwt-bearer
			steps[0].page            = permission_sets
			inputs[2].options[0]     = Production
			inputs[2].options[1]     = Sandbox
			inputs[2].default        = Production
			handover[0].label        = Certificate
			handover[0].value        = ${certificate}
			handover[1].label        = Private key
			handover[1].value        = ${private_key}
			handover[2].label        = User name
			handover[2].value        = ${username}
			handover[3].label        = Consumer key
			handover[3].value        = ${consumer_key}
			handover[4].label        = Environment
			handover[4].value        = ${environment}
			handover_at              = Grafana › the Salesforce data source
			source.kind              = external_client_app`,
	} {
		t.Run(name, func(t *testing.T) {
			id, variant, _ := strings.Cut(name, "/")
			whole, err := Find(id)
			if err != nil {
				t.Fatal(err)
			}
			r, err := whole.Variant(variant)
			if err != nil {
				t.Fatal(err)
			}
			got, said := values(r), map[string]bool{}
			for line := range strings.Lines(strings.TrimSpace(want)) {
				path, value, _ := strings.Cut(strings.TrimSpace(line), "= ")
				path = strings.TrimSpace(path)
				said[path] = true
				if got[path] != value {
					t.Errorf("%s is %q, the source says %q", path, got[path], value)
				}
			}
			for path, value := range got {
				top := strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' })[0]
				if formed := []string{"app", "callback_urls", "callback_use", "scopes", "scopes_match", "scopes_never", "switches", "policies", "authorize", "certificate"}; slices.Contains(formed, top) && !said[path] {
					t.Errorf("%s is %q, of which the source says nothing", path, value)
				}
			}
			if r.Source.URL == "" || r.Source.Date == "" || r.Source.Unsaid == nil {
				t.Errorf("where it was read, when, or what it leaves open is missing: %+v", r.Source)
			}
		})
	}
}

// values are all texts and numbers of a recipe by their paths.
func values(r Recipe) map[string]string {
	all := map[string]string{}
	walkTexts(reflect.ValueOf(r), "", func(path, text string) {
		if text != "" {
			all[path] = text
		}
	})
	for path, n := range map[string]int{"certificate.days": r.Certificate.Days, "certificate.key_size": r.Certificate.KeySize} {
		if n != 0 {
			all[path] = fmt.Sprint(n)
		}
	}
	if r.Authorize.Public {
		all["authorize.public"] = "true"
	}
	return all
}

// A secret is marked, a public client has none, and each flow's own needs are met.
func TestRecipesCanBeUsed(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for _, whole := range all {
		variants := whole.Variants
		if variants == nil {
			variants = []Variant{{}}
		}
		for _, v := range variants {
			r, err := whole.Variant(v.ID)
			if err != nil {
				t.Fatal(err)
			}
			example := map[string]string{VariantAnswer: v.ID, "contact_email": "ada@acme.com"}
			for _, in := range r.Inputs {
				if in.Default == "" && in.Example != "" {
					example[in.ID] = in.Example
				}
				if in.Default == "" && in.Example == "" && !in.Optional && in.Kind != KindEmail {
					t.Errorf("%s %s: nobody sees how an answer to %s looks", r.ID, v.ID, in.ID)
				}
			}
			f := whole.Fill(example)
			if err := f.Unfit(); err != nil {
				t.Errorf("%s %s: the form would refuse it: %v", r.ID, v.ID, err)
			}
			if f.App.Name == "" || f.App.ContactEmail == "" || r.ID != Custom && (len(f.CallbackURLs) == 0 || len(f.Scopes) == 0) || len(f.Handover) == 0 {
				t.Errorf("%s %s: something that the form or the product wants is missing", r.ID, v.ID)
			}
			if f.Authorize.Flow == "client-credentials" && f.Authorize.Host != "my_domain" {
				t.Errorf("%s %s: client credentials need the My Domain", r.ID, v.ID)
			}
		}
	}
	if len(all) != 11 {
		t.Errorf("there are %d recipes, want the ten and custom", len(all))
	}
}
