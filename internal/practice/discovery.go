package practice

import "net/http"

// discovery is the OpenID Connect document. Its issuer is the host that was
// asked (not confirmed for My Domain). As with Salesforce there is no
// code_challenge_methods_supported, grant_types_supported,
// device_authorization_endpoint or end_session_endpoint in it.
func (o *Org) discovery(c *call) reply {
	base := o.myDomain.String()
	if c.host == hostLogin {
		base = o.login.String()
	}
	oauth := base + "/services/oauth2/"
	return jsonReply(http.StatusOK, fields{
		{"issuer", base},
		{"authorization_endpoint", oauth + "authorize"},
		{"token_endpoint", oauth + "token"},
		{"revocation_endpoint", oauth + "revoke"},
		{"userinfo_endpoint", oauth + "userinfo"},
		{"jwks_uri", base + "/id/keys"},
		{"registration_endpoint", oauth + "register"},
		{"introspection_endpoint", oauth + "introspect"},
		{"scopes_supported", knownScopes()},
		{"response_types_supported", []string{"code", "token", "token id_token"}},
		{"subject_types_supported", []string{"public"}},
		{"id_token_signing_alg_values_supported", []string{"RS256"}},
		{"dpop_signing_alg_values_supported", []string{"RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "EdDSA"}},
		{"display_values_supported", []string{"page", "popup", "touch"}},
		{"token_endpoint_auth_methods_supported", []string{"client_secret_post", "client_secret_basic", "private_key_jwt"}},
		{"claims_supported", []string{
			"active", "address", "email", "email_verified", "family_name", "given_name", "is_app_installed", "language", "locale",
			"name", "nickname", "organization_id", "phone_number", "phone_number_verified", "photos", "picture", "preferred_username",
			"profile", "sub", "updated_at", "urls", "user_id", "user_type", "zoneinfo",
		}},
	})
}
