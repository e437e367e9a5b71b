package practice

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Setting is one switch of the app, its policies or the org. Names are those of
// the audit where it has one.
type Setting struct {
	Name   string `json:"name"`
	Values string `json:"values"` // what it takes, for people
	Help   string `json:"help"`
}

// SettingNames lists every setting that Options.Settings takes.
func SettingNames() []Setting {
	var out []Setting
	for _, s := range settings() {
		out = append(out, s.Setting)
	}
	return out
}

// basics are the texts of the form's first section.
type basics struct {
	name, apiName, email, phone            string
	infoURL, iconURL, logoURL, description string
}

// config is the state of every setting.
type config struct {
	basics
	pkce, webSecret, refreshSecret, rotation            bool
	ccFlow, ccPolicy, codeCred, device, jwt             bool
	exchange, exchangePolicy, exchangeSecret, namedJWT  bool
	codeCredPostOnly, introspectAll, exchangeHandler    bool
	orgPKCE, orgCodeCred                                bool // of the org, for every app
	adminApproved, preauthorized, ipRestricted          bool
	rememberConsent, errorsToCallback, missingScopeCode bool
	stateOnErrorPage                                    bool
	certificate                                         certificate
	scopes, callbacks                                   []string
	runAs, distribution, ipRelaxation                   string
	refreshPolicy                                       refreshPolicy
	sessionTimeout, propagation                         time.Duration
	dailyCalls                                          int
	environment, orgName, username, password            string
	flowOff, credentialsHost                            string
	userKind, metadataAccess, metadataNames             string
	metadataKey                                         bool
	metadataSecret                                      string
}

// neutral is the form as it stands after Create, with the smallest useful scopes.
func neutral() config {
	return config{
		basics: basics{
			name: "Practice Integration", apiName: "Practice_Integration",
			email: "ada@practice.example", description: "An invented app to practise on.",
		},
		pkce: true, webSecret: true, refreshSecret: true, exchangePolicy: true,
		scopes: []string{"id", "api", "refresh_token", "openid"},
		callbacks: []string{
			"http://localhost:1717/OauthRedirect", "http://localhost:1718/OauthRedirect", "http://localhost:1719/OauthRedirect",
		},
		ccPolicy: true, distribution: "Local", ipRelaxation: "enforce",
		rememberConsent: true, stateOnErrorPage: true, certificate: certificate{text: ownCertificate},
		sessionTimeout: 2 * time.Hour, dailyCalls: 15000,
		flowOff: "unsupported", credentialsHost: "site",
		userKind: "admin", metadataAccess: "as_user", metadataNames: "form", metadataKey: true, metadataSecret: "absent",
		environment: "production", orgName: "Practice Inc", username: "ada@practice.example", password: "practice",
	}
}

type setting struct {
	Setting
	get func(*config) string
	put func(*config, string) error
}

// anotherApp is the second app's form: nothing in it is as a client's own app
// should be, so that reading the wrong app shows.
func anotherApp() config {
	c := neutral()
	c.basics = basics{name: "Another Integration", apiName: "Another_Integration", email: "ben@practice.example"}
	c.scopes, c.callbacks = []string{"chatter_api", "web"}, []string{"https://another.example/callback"}
	c.pkce, c.webSecret, c.refreshSecret, c.rotation = false, false, false, true
	c.ccFlow, c.codeCred, c.device, c.exchange, c.exchangeSecret, c.namedJWT = true, true, true, true, false, true
	c.distribution, c.adminApproved, c.ipRelaxation = "Packaged", true, "relax_activated"
	c.refreshPolicy, c.sessionTimeout = refreshPolicy{kind: "after", span: 77 * 24 * time.Hour}, 12*time.Hour
	return c
}

// settings is the table of all settings, in the order of the form.
func settings() []setting {
	return []setting{
		text("app_name", "any text", "External Client App Name", func(c *config) *string { return &c.name }),
		text("api_name", "letters, digits and underscores", "API Name", func(c *config) *string { return &c.apiName }),
		text("contact_email", "name@domain", "Contact Email", func(c *config) *string { return &c.email }),
		text("contact_phone", "any text", "Contact Phone", func(c *config) *string { return &c.phone }),
		text("info_url", "an address", "Info URL", func(c *config) *string { return &c.infoURL }),
		text("logo_url", "an address", "Logo Image URL", func(c *config) *string { return &c.logoURL }),
		text("icon_url", "an address", "Icon URL", func(c *config) *string { return &c.iconURL }),
		text("description", "any text", "Description", func(c *config) *string { return &c.description }),
		words("callbacks", "addresses, separated by spaces or commas", "Callback URL lines; they replace the preset ones", func(c *config) *[]string { return &c.callbacks }),
		words("scopes", "API values, separated by spaces or commas", "Selected OAuth Scopes", func(c *config) *[]string { return &c.scopes }),
		oneOf("distribution_state", "Distribution State", func(c *config) *string { return &c.distribution }, "Local", "Packaged"),
		toggle("client_credentials_flow", "Settings: Enable Client Credentials Flow", func(c *config) *bool { return &c.ccFlow }),
		toggle("client_credentials_policy", "Policies: Enable Client Credentials Flow", func(c *config) *bool { return &c.ccPolicy }),
		text("run_as", "a username, none, or portal (an unsuitable user)", "Policies: Run As", func(c *config) *string { return &c.runAs }),
		toggle("code_and_credentials_flow", "Enable Authorization Code and Credentials Flow", func(c *config) *bool { return &c.codeCred }),
		toggle("code_and_credentials_post_only", "Require user credentials in the POST body for Authorization Code and Credentials Flow", func(c *config) *bool { return &c.codeCredPostOnly }),
		toggle("device_flow", "Enable Device Flow", func(c *config) *bool { return &c.device }),
		toggle("jwt_bearer_flow", "Enable JWT Bearer Flow", func(c *config) *bool { return &c.jwt }),
		uploadedCertificate(),
		toggle("token_exchange_flow", "Enable Token Exchange Flow", func(c *config) *bool { return &c.exchange }),
		toggle("token_exchange_policy", "Policies: Enable Token Exchange Flow", func(c *config) *bool { return &c.exchangePolicy }),
		toggle("token_exchange_handler", "whether a token exchange handler is enabled for the app; it takes the subject_token practice:USERNAME", func(c *config) *bool { return &c.exchangeHandler }),
		toggle("secret_required_for_token_exchange", "Require secret for Token Exchange Flow", func(c *config) *bool { return &c.exchangeSecret }),
		toggle("secret_required_for_web_server", "Require secret for Web Server Flow", func(c *config) *bool { return &c.webSecret }),
		toggle("secret_required_for_refresh", "Require secret for Refresh Token Flow", func(c *config) *bool { return &c.refreshSecret }),
		toggle("pkce_required", "Require Proof Key for Code Exchange (PKCE)", func(c *config) *bool { return &c.pkce }),
		toggle("refresh_token_rotation", "Enable Refresh Token Rotation", func(c *config) *bool { return &c.rotation }),
		toggle("named_user_jwt", "Issue JSON Web Token (JWT)-based access tokens for named users", func(c *config) *bool { return &c.namedJWT }),
		toggle("introspect_all_tokens", "Introspect all Tokens", func(c *config) *bool { return &c.introspectAll }),
		choice("permitted_users", "Permitted Users", func(c *config) *bool { return &c.adminApproved }, "all_users", "admin_approved"),
		toggle("user_preauthorized", "whether the practice users have a profile or permission set that the app's policies name", func(c *config) *bool { return &c.preauthorized }),
		ipRelaxation(),
		toggle("ip_restricted", "whether sign-ins come from outside the profile's Login IP Ranges", func(c *config) *bool { return &c.ipRestricted }),
		refreshTokenPolicy(),
		span("session_timeout", "how long an access token lives", func(c *config) *time.Duration { return &c.sessionTimeout }),
		span("propagation", "how long the new app stays unknown after the start (up to 10m in a real org)", func(c *config) *time.Duration { return &c.propagation }),
		toggle("remember_consent", "skip the consent page while a user's earlier approval lives", func(c *config) *bool { return &c.rememberConsent }),
		choice("oauth_errors", "where the errors after login show up, the OAUTH_… ones above all; both have been seen", func(c *config) *bool { return &c.errorsToCallback }, "page", "callback"),
		toggle("error_page_state", "whether the address of the error page carries the state; both have been seen", func(c *config) *bool { return &c.stateOnErrorPage }),
		choice("missing_scope", "what asking for a scope that the app lacks gives: OAUTH_APPROVAL_ERROR_GENERIC or invalid_scope; both have been seen", func(c *config) *bool { return &c.missingScopeCode }, "generic", "invalid_scope"),
		oneOf("flow_off", "how the token endpoint refuses the device and the token exchange flow while they are off: not_enabled was seen of the device flow, the others are guesses", func(c *config) *string { return &c.flowOff }, "unsupported", "not_enabled", "invalid_request"),
		oneOf("credentials_flow_host", "where the authorization code and credentials flow works once it is on: on Experience Cloud sites only, as Salesforce's Help says (this org has none), or on any host", func(c *config) *string { return &c.credentialsHost }, "site", "any"),
		oneOf("metadata_access", "what the user may do with the Metadata API: what fits user_kind, everything, everything but the global OAuth settings, or nothing", func(c *config) *string { return &c.metadataAccess }, "as_user", "full", "no_global", "none"),
		oneOf("metadata_names", "how the parts of the app are named: as the form names them (_oauth, _glbloauth, _oauthPlcy, _plcy) or as a deployment may; both have been seen", func(c *config) *string { return &c.metadataNames }, "form", "deployed"),
		toggle("metadata_consumer_key", "whether the Metadata API tells the Consumer Key; without it the consumer id of oauthLink is what is left", func(c *config) *bool { return &c.metadataKey }),
		oneOf("metadata_consumer_secret", "how the Metadata API tells the Consumer Secret; all have been seen", func(c *config) *string { return &c.metadataSecret }, "absent", "masked", "clear"),
		toggle("org_pkce_required", "OAuth and OpenID Connect Settings: Require Proof Key for Code Exchange (PKCE), of every app", func(c *config) *bool { return &c.orgPKCE }),
		toggle("org_code_and_credentials_flow", "OAuth and OpenID Connect Settings: Allow Authorization Code and Credentials Flows", func(c *config) *bool { return &c.orgCodeCred }),
		oneOf("user_kind", "what the practice user is: an administrator, a standard user, or an integration user (API Only, minimum access), who cannot finish a browser approval", func(c *config) *string { return &c.userKind }, "admin", "standard", "integration"),
		amount("daily_api_calls", "how many API calls the org may take in a day", func(c *config) *int { return &c.dailyCalls }),
		oneOf("environment", "what kind of org it says it is", func(c *config) *string { return &c.environment }, "production", "sandbox", "developer", "scratch"),
		text("org_name", "any text", "the org's name", func(c *config) *string { return &c.orgName }),
		text("username", "name@domain", "the practice user", func(c *config) *string { return &c.username }),
		text("password", "any text", "the practice users' password", func(c *config) *string { return &c.password }),
	}
}

func (c *config) set(name, value string) error {
	var names []string
	for _, s := range settings() {
		if s.Name == name {
			err := s.put(c, value)
			if why := refusal(""); errors.As(err, &why) {
				return fmt.Errorf("practice org: setting %s: %s; it takes %s", name, why, s.Values)
			}
			if err != nil {
				return fmt.Errorf("practice org: setting %s takes %s, not %q", name, s.Values, value)
			}
			return nil
		}
		names = append(names, s.Name)
	}
	return fmt.Errorf("practice org: unknown setting %q; known are:\n  %s", name, strings.Join(names, "\n  "))
}
