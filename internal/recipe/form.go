package recipe

import (
	"slices"
	"strings"
)

// SwitchIDs lists the tick boxes of the form that a recipe may speak of, by
// audit id, in the order of the form.
func SwitchIDs() []string {
	return []string{
		"client_credentials_flow", "code_and_credentials_flow", "device_flow", "jwt_bearer_flow",
		"token_exchange_flow", "secret_required_for_token_exchange",
		"secret_required_for_web_server", "secret_required_for_refresh", "pkce_required",
		"refresh_token_rotation", "named_user_jwt",
	}
}

// SwitchLabel is the form's label of a switch, or "" for an unknown id.
func SwitchLabel(id string) string {
	switch id {
	case "client_credentials_flow":
		return "Enable Client Credentials Flow"
	case "code_and_credentials_flow":
		return "Enable Authorization Code and Credentials Flow"
	case "device_flow":
		return "Enable Device Flow"
	case "jwt_bearer_flow":
		return "Enable JWT Bearer Flow"
	case "token_exchange_flow":
		return "Enable Token Exchange Flow"
	case "secret_required_for_token_exchange":
		return "Require secret for Token Exchange Flow"
	case "secret_required_for_web_server":
		return "Require secret for Web Server Flow"
	case "secret_required_for_refresh":
		return "Require secret for Refresh Token Flow"
	case "pkce_required":
		return "Require Proof Key for Code Exchange (PKCE) extension for Supported Authorization Flows"
	case "refresh_token_rotation":
		return "Enable Refresh Token Rotation"
	case "named_user_jwt":
		return "Issue JSON Web Token (JWT)-based access tokens for named users"
	}
	return ""
}

// ScopeLabel is the form's label of a scope's tick, with the API values in
// brackets. Several values share one tick; an unknown value is its own label.
func ScopeLabel(value string) string {
	switch value {
	case "id", "profile", "email", "address", "phone":
		return "Access the identity URL service (id, profile, email, address, phone)"
	case "api":
		return "Manage user data via APIs (api)"
	case "web":
		return "Manage user data via Web browsers (web)"
	case "full":
		return "Full access (full)"
	case "visualforce":
		return "Access Visualforce applications (visualforce)"
	case "refresh_token", "offline_access":
		return "Perform requests at any time (refresh_token, offline_access)"
	case "openid":
		return "Access unique user identifiers (openid)"
	case "custom_permissions":
		return "Access custom permissions (custom_permissions)"
	case "chatter_api":
		return "Access Connect REST API resources (chatter_api)"
	case "wave_api":
		return "Access Analytics REST API resources (wave_api)"
	case "eclair_api":
		return "Access Analytics REST API Charts Geodata resources (eclair_api)"
	case "pardot_api":
		return "Manage Pardot services (pardot_api)"
	case "mcp_api":
		return "Access Salesforce hosted MCP servers (mcp_api)"
	}
	return value
}

// ScopeLabels gives the ticks for a list of scopes, each once, in order.
func ScopeLabels(values []string) []string {
	var labels []string
	for _, v := range values {
		if l := ScopeLabel(v); !slices.Contains(labels, l) {
			labels = append(labels, l)
		}
	}
	return labels
}

// Flows lists the ways to sign in that a recipe may name.
func Flows() []string {
	return []string{"web", "paste", "client-credentials", "jwt-bearer", "refresh-token"}
}

// PolicyIDs lists the policies that a recipe may speak of.
func PolicyIDs() []string {
	return []string{"permitted_users", "ip_relaxation", "refresh_token_policy", "run_as"}
}

// PolicyLabels lists the form's choices of a policy; nil where it is free text.
// Permitted Users is worded in two ways, by the age of the org.
func PolicyLabels(id string) []string {
	switch id {
	case "permitted_users":
		return []string{"All users can self-authorize", "All users may self-authorize", "Admin approved users are pre-authorized"}
	case "ip_relaxation":
		return []string{"Enforce IP restrictions", "Enforce IP restrictions, but relax for refresh tokens",
			"Relax IP restrictions for activated devices", "Relax IP restrictions"}
	case "refresh_token_policy":
		return []string{"Refresh token is valid until revoked", "Immediately expire refresh token",
			"Expire refresh token if not used for n", "Expire refresh token after n"}
	}
	return nil
}

// policyFits accepts one of the labels; where a label ends in "n", any number
// and unit may stand for it ("… not used for 30 Days").
func policyFits(id, value string) bool {
	for _, l := range PolicyLabels(id) {
		stem, counted := strings.CutSuffix(l, " n")
		if value == l || counted && strings.HasPrefix(value, stem+" ") {
			return true
		}
	}
	return PolicyLabels(id) == nil
}

// Boxes lists what a caution may stand beside: the form's boxes, by their keys here.
func Boxes() []string {
	return append(append(SwitchIDs(), PolicyIDs()...), "scopes", "callback_urls",
		"name", "api_name", "distribution_state", "contact_email", "contact_phone", "info_url", "logo_url", "icon_url", "description")
}

// SetupPages lists the pages of Salesforce Setup that a step or a check may lead to.
func SetupPages() []string {
	return []string{
		"app_manager", "external_client_apps", "external_client_app_settings", "oauth_oidc_settings", "connected_apps_usage",
		"session_settings", "login_history", "users", "permission_sets", "profiles", "network_access", "identity_verification", "my_domain",
	}
}

// Results lists the names that a template may use beside the inputs: values
// that the set-up itself finds out.
func Results() []string {
	return append(addresses(), "consumer_key", "consumer_secret", "instance_url", "refresh_token",
		"private_key", "private_key_base64", "certificate", "username", "org_id", "org_name")
}

// addresses are the results that are known before the sign-in: login_url, its host,
// its two endpoints, and the My Domain's host with and without its family's suffix.
func addresses() []string {
	return []string{"login_url", "login_host", "token_url", "authorize_url", "my_domain", "subdomain"}
}

// IsSecret reports whether a result must never be shown without being asked for.
// private_key is a PEM block of several lines, private_key_base64 the same in one.
func IsSecret(name string) bool {
	switch name {
	case "consumer_secret", "refresh_token", "private_key", "private_key_base64":
		return true
	}
	return false
}

// Scopes lists the values that Salesforce's own discovery document names
// (login.salesforce.com/.well-known/openid-configuration, read 2026-11-22).
func Scopes() []string {
	return []string{
		"address", "api", "cdp_api", "cdp_calculated_insight_api", "cdp_identityresolution_api", "cdp_ingest_api", "cdp_profile_api",
		"cdp_query_api", "cdp_segment_api", "chatbot_api", "chatter_api", "content", "custom_permissions", "data_cloud_user_claims",
		"eclair_api", "einstein_gpt_api", "email", "forgot_password", "full", "id", "interaction_api", "lightning", "mcp_api",
		"offline_access", "openid", "pardot_api", "phone", "profile", "pwdless_login_api", "refresh_token", "scrt_api", "sfap_api",
		"user_registration_api", "visualforce", "wave_api", "web",
	}
}
