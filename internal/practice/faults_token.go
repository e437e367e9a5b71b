package practice

import "net/http"

const (
	grantCode     = "authorization_code"
	grantRefresh  = "refresh_token"
	grantClient   = "client_credentials"
	grantPassword = "password"
	grantJWT      = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	grantDevice   = "device"
	grantExchange = "urn:ietf:params:oauth:grant-type:token-exchange"
	deviceCode    = "device_code" // the response_type that starts the device flow
)

// tokenFaults has one entry for each row of the token and revoke errors. They
// act on the grants to which the row belongs, before the grant is looked at, so
// that an authorization code is not spent by them.
func tokenFaults() []fault {
	row := func(name, code, description, help string, grants ...string) fault {
		return fault{FaultInfo: FaultInfo{name, help, "token", code, description}, at: tokenFirst, grants: grants}
	}
	jwt := func(name, code, description, help string) fault {
		return fault{FaultInfo: FaultInfo{name, help, "jwt", code, description}, at: tokenFirst, grants: []string{grantJWT}}
	}
	revoke := func(name, code, help string) fault {
		return fault{FaultInfo: FaultInfo{name, help, "revoke", code, ""}, at: revokeFirst}
	}
	busy := row("token-request-already-processing", "invalid_grant", "token request is already being processed",
		"the first 2 refreshes find another one under way", grantRefresh)
	busy.times = 2
	busyForEver := row("token-request-stuck", "invalid_grant", "token request is already being processed",
		"every refresh finds another one under way", grantRefresh)
	return []fault{
		row("expired-authorization-code", "invalid_grant", "expired authorization code", "the code is too old or used", grantCode),
		row("invalid-authorization-code", "invalid_grant", "invalid authorization code", "the code is mangled or of another host", grantCode),
		row("invalid-code-verifier", "invalid_grant", "invalid code verifier", "the PKCE verifier does not fit", grantCode),
		row("code-verifier-mismatch", "invalid_request", "code verifier does not match", "the same as documented; the description is presumed", grantCode),
		row("missing-code-verifier", "invalid_grant", "missing code verifier", "a challenge without a verifier; the description is presumed", grantCode),
		row("unexpected-code-verifier", "invalid_grant", "unexpected code verifier", "a verifier without a challenge", grantCode),
		row("token-redirect-uri-mismatch", "redirect_uri_mismatch", "redirect_uri must match configuration", "the callback of the token call differs", grantCode),
		row("unknown-error", "unknown_error", "retry your request", "seen after a cross-org attempt", grantCode),
		row("token-invalid-client-id", "invalid_client_id", "client identifier invalid", "the key is unknown to the token endpoint"),
		row("invalid-client-secret", "invalid_client", "invalid client credentials", "the secret is wrong or was rotated"),
		row("token-app-not-installed", "invalid_client", "app must be installed into org", "a connected app that is not installed"),
		row("client-not-identified", "invalid_client", "", "the key or the secret is refused, without a description"),
		row("token-app-not-found", "app_not_found", "External client app is not installed in this org", "the app was removed, or is of another org"),
		row("invalid-client-credentials", "invalid_client_credentials", "", "another name for a refused secret"),
		row("expired-refresh-token", "invalid_grant", "expired access/refresh token", "the refresh token is dead", grantRefresh),
		row("token-validity-expired", "invalid_grant", "token validity expired", "the policy's lifetime of the refresh token is over", grantRefresh),
		busy, busyForEver,
		row("authentication-failure", "invalid_grant", "authentication failure", "a refused user name or password, in whatever flow"),
		row("no-client-credentials-user", "invalid_grant", "no client credentials user enabled", "the Policies half of the flow is missing", grantClient),
		row("wrong-domain", "invalid_grant", "request not supported on this domain", "not a My Domain host", grantClient),
		row("no-valid-scopes", "invalid_grant", "no valid scopes defined", "the app has no usable scope", grantClient),
		row("scope-not-supported", "invalid_request", "scope parameter not supported", "as if scope had been sent", grantClient),
		row("client-credentials-not-enabled", "invalid_grant", "Client credentials flow not enabled", "the Settings half of the flow is missing", grantClient),
		row("run-as-denied", "access_denied", "end-user denied authorization", "Run As is an unsuitable user", grantClient),
		row("invalid-app-access", "invalid_app_access", "user is not admin approved to access this app", "the user is not permitted by the app's policies"),
		jwt("not-preauthorized", "invalid_grant", "user hasn't approved this consumer", "nobody pre-approved the app for this user, or there is no such user"),
		jwt("audience-invalid", "invalid_grant", "audience is invalid", "the JWT is for another host"),
		jwt("audience-validation-failed", "invalid_grant", "Audience validation failed", "the same in the words of Salesforce's Help"),
		jwt("invalid-assertion", "invalid_grant", "invalid assertion", "the JWT does not fit the app's certificate"),
		jwt("jwt-no-certificate", "invalid_client", "invalid client credentials", "the app has no certificate, or its box is not ticked"),
		jwt("expired-assertion", "invalid_grant", "expired authorization code", "the JWT is too old, or a clock is wrong"),
		row("flow-is-not-enabled", "invalid_grant", "device flow is not enabled for the app", "the box of the flow is not ticked, in the words that were seen of the device flow"),
		jwt("jwt-flow-not-enabled", "invalid_grant", "JWT bearer flow not enabled", "the flow's box is not ticked; code and description are presumed"),
		row("ip-restricted", "invalid_grant", "ip restricted", "Login IP Ranges of the profile"),
		row("ip-restricted-or-login-hours", "invalid_grant", "ip restricted or invalid login hours", "Login IP Ranges or login hours of the profile"),
		row("inactive-user", "invalid_grant", "inactive user", "the user is frozen or deactivated"),
		row("inactive-user-code", "inactive_user", "", "the same with a code of its own"),
		row("inactive-org", "inactive_org", "", "the org is locked, closed or suspended"),
		row("inactive-organization", "invalid_grant", "inactive organization", "the same as an invalid_grant"),
		row("rate-limit-exceeded", "rate_limit_exceeded", "number of logins exceeded", "too many sign-ins"),
		row("token-rate-exceeded", "invalid_grant", "login rate exceeded", "the same as another text has it; the code is presumed"),
		row("token-invalid-scope", "invalid_scope", "the requested scope is invalid, unknown, or malformed", "a scope that the org or the app does not know"),
		row("unsupported-grant-type", "unsupported_grant_type", "grant type not supported", "the grant is not offered"),
		revoke("unsupported-token-type", "unsupported_token_type", "revoking is refused: kind of token"),
		revoke("invalid-token", "invalid_token", "revoking is refused: token unknown"),
		{FaultInfo: FaultInfo{Name: "revoke-server-error", Help: "revoking answers 503", Surface: "revoke"}, at: revokeFirst,
			whole: func(o *Org, _ reply) reply { return o.maintenance() }},
		{FaultInfo: FaultInfo{Name: "revoke-forgets", Help: "revoking answers 200, and the token lives on", Surface: "revoke"}, at: revokeFirst,
			whole: func(*Org, reply) reply { return plainReply(http.StatusOK, "") }},
		{FaultInfo: FaultInfo{Name: "server-error", Help: "the token endpoint answers 503 with maintenance and Retry-After", Surface: "token"}, at: tokenFirst,
			whole: func(o *Org, _ reply) reply { return o.maintenance() }},
		{FaultInfo: FaultInfo{Name: "token-not-found", Help: "the token endpoint answers 404", Surface: "token"}, at: tokenFirst,
			whole: func(o *Org, _ reply) reply { return o.urlNoLongerExists() }},
		{FaultInfo: FaultInfo{Name: "token-redirect", Help: "the token endpoint redirects to a foreign host", Surface: "token"}, at: tokenFirst,
			whole: func(*Org, reply) reply {
				r := redirect("https://sso.example.net/token")
				r.status = http.StatusTemporaryRedirect
				return r
			}},
		{FaultInfo: FaultInfo{Name: "token-stalls", Help: "the token endpoint never answers", Surface: "token"}, at: tokenFirst,
			whole: func(*Org, reply) reply { return reply{stall: true} }},
	}
}
