package practice

import "slices"

// knownScopes is scopes_supported of the discovery document.
func knownScopes() []string {
	return []string{
		"address", "api", "cdp_api", "cdp_calculated_insight_api", "cdp_identityresolution_api", "cdp_ingest_api",
		"cdp_profile_api", "cdp_query_api", "cdp_segment_api", "chatbot_api", "chatter_api", "content", "custom_permissions",
		"data_cloud_user_claims", "eclair_api", "einstein_gpt_api", "email", "forgot_password", "full", "id", "interaction_api",
		"lightning", "mcp_api", "offline_access", "openid", "pardot_api", "phone", "profile", "pwdless_login_api", "refresh_token",
		"scrt_api", "sfap_api", "user_registration_api", "visualforce", "wave_api", "web",
	}
}

// withoutRefresh is what a flow that never issues a refresh token can grant.
func withoutRefresh(scopes []string) []string {
	return slices.DeleteFunc(slices.Clone(scopes), func(s string) bool { return s == "refresh_token" || s == "offline_access" })
}

// scopeLabel is the wording of the form, without the value in brackets.
func scopeLabel(scope string) string {
	switch scope {
	case "id", "profile", "email", "address", "phone":
		return "Access the identity URL service"
	case "api":
		return "Manage user data via APIs"
	case "web":
		return "Manage user data via Web browsers"
	case "full":
		return "Full access"
	case "visualforce":
		return "Access Visualforce applications"
	case "refresh_token", "offline_access":
		return "Perform requests at any time"
	case "openid":
		return "Access unique user identifiers"
	case "custom_permissions":
		return "Access custom permissions"
	case "chatter_api":
		return "Access Connect REST API resources"
	case "wave_api":
		return "Access Analytics REST API resources"
	case "eclair_api":
		return "Access Analytics REST API Charts Geodata resources"
	case "pardot_api":
		return "Manage Pardot services"
	case "mcp_api":
		return "Access Salesforce hosted MCP servers"
	}
	return "Other access"
}
