package practice

// metadataScope is a scope's name in the Metadata API.
func metadataScope(scope string) string {
	names := map[string]string{
		"address": "Address", "api": "Api", "cdp_api": "CDP", "cdp_calculated_insight_api": "CDPCalculatedInsight",
		"cdp_identityresolution_api": "CDPIdentityResolution", "cdp_ingest_api": "CDPIngest", "cdp_profile_api": "CDPProfile",
		"cdp_query_api": "CDPQuery", "cdp_segment_api": "CDPSegment", "chatbot_api": "Chatbot", "chatter_api": "Chatter", "content": "Content",
		"custom_permissions": "CustomPermissions", "data_cloud_user_claims": "DataCloudUserClaims", "eclair_api": "Eclair",
		"einstein_gpt_api": "EinsteinGPT", "email": "Email", "forgot_password": "ForgotPassword", "full": "Full", "id": "Basic",
		"interaction_api": "Interaction", "lightning": "Lightning", "mcp_api": "MCP", "offline_access": "OfflineAccess", "openid": "OpenID",
		"pardot_api": "Pardot", "phone": "Phone", "profile": "Profile", "pwdless_login_api": "PwdlessLogin", "refresh_token": "RefreshToken",
		"scrt_api": "SCRT", "sfap_api": "SFApiPlatform", "user_registration_api": "UserRegistration", "visualforce": "CustomApplications",
		"wave_api": "Wave", "web": "Web",
	}
	if name, known := names[scope]; known {
		return name
	}
	return scope
}
