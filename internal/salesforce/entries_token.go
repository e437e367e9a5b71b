package salesforce

import "example.com/sfconnect/internal/fault"

const fixClientCredentials = "Both halves are needed: tick Enable Client Credentials Flow on the app's Settings tab, then on its Policies tab tick it again and enter the user in Run As, by Username and not by e-mail address."

// tokenEntries are the errors of the token endpoint, for every grant.
func tokenEntries() []Entry {
	const s = SurfaceToken
	return []Entry{
		{s, "invalid_grant", "expired authorization code", "the code of this sign-in is older than 15 minutes or was used before", fixStartAgain, "", 0},
		{s, "invalid_grant", "invalid authorization code", "the code of this sign-in was changed on the way or belongs to another host", "Start the sign-in again. Where the address was pasted, paste all of it, as it stands in the address bar.", "", 0},
		{s, "invalid_grant", "invalid code verifier", "the code verifier does not fit the code challenge", fixPKCE, "", 0},
		{s, "invalid_request", "code verifier", "the code verifier does not fit the code challenge", fixPKCE, "", 0},
		{s, "invalid_grant", "code verifier", "the code verifier is missing or does not fit", fixPKCE, "", 0},
		{s, "", "unexpected code verifier", "a code verifier was sent for a sign-in that had no code challenge", fixPKCE, "", 0},
		{s, "redirect_uri_mismatch", "", "the callback address of the token request is not the one that the sign-in had", fixStartAgain + " " + fixCallback, PageExternalClientApps, 0},
		{s, "invalid_client_id", "", "it does not know this Consumer Key here", fixKey, PageExternalClientApps, 0},
		{s, "invalid_client", "invalid client credentials", "the Consumer Secret is wrong or was replaced", fixSecret, PageExternalClientApps, 0},
		{s, "invalid_client_credentials", "", "the Consumer Secret is wrong or was replaced", fixSecret, PageExternalClientApps, 0},
		{s, "invalid_client", "app must be installed into org", "the app is not installed in this org", fixInstall, PageConnectedAppsUsage, 0},
		{s, "invalid_client", "", "the app could not be identified by its Consumer Key and Secret", fixSecret, PageExternalClientApps, 0},
		{s, "invalid_grant", "expired access/refresh token", "the saved refresh token is no longer valid: it was revoked, expired, idle for too long, replaced, or pushed out by newer sign-ins", fixSignInAgain, "", fault.ExitSignIn},
		{s, "invalid_grant", "token validity expired", "the saved refresh token has reached the age that the app's policy allows", fixSignInAgain + " The age is set on the app's Policies tab under Refresh Token Policy.", PageExternalClientApps, fault.ExitSignIn},
		{s, "", "token request is already being processed", "another request with the same refresh token is under way", "Wait a few seconds and try again. Let one program alone use this refresh token.", "", 0},
		{s, "invalid_grant", "authentication failure", "user name, password or security token are wrong, or the app does not offer this flow", "External Client Apps have no user name and password flow. Use the web flow: sfconnect auth.", PageLoginHistory, 0},
		{s, "invalid_grant", "no client credentials user enabled", "the client credentials flow is not switched on in the app's policies, or no Run As user is set", fixClientCredentials, PageExternalClientApps, 0},
		{s, "", "client credentials flow not enabled", "the client credentials flow is not switched on in the app's settings", fixClientCredentials, PageExternalClientApps, 0},
		{s, "invalid_grant", "request not supported on this domain", "this flow works at a My Domain host alone", "Use the org's My Domain URL as the login URL: Setup › My Domain shows it as Current My Domain URL.", PageMyDomain, 0},
		{s, "invalid_grant", "no valid scopes defined", "the app has no scope that this flow can use", "Add Manage user data via APIs (api) to Selected OAuth Scopes on the app's Settings tab; Full access (full) alone is not enough.", PageExternalClientApps, 0},
		{s, "", "scope parameter not supported", "this flow takes no scopes in the request", "Leave --scopes out: the app's own scopes apply.", "", 0},
		{s, "access_denied", "end-user denied authorization", "the Run As user is not suited to this flow", "Enter another user in Run As on the app's Policies tab: an internal user with API access, not one of a portal or a site.", PageExternalClientApps, 0},
		{s, "invalid_app_access", "", "the user is not approved for the app by an admin", fixPermitted, PageExternalClientApps, 0},
		{s, "invalid_grant", "hasn't approved this consumer", "the user has not approved the app, and this flow cannot ask", "Approve the user beforehand: on the app's Policies tab set Permitted Users to admin-approved users and add the user's profile or a permission set.", PageExternalClientApps, 0},
		{s, "invalid_grant", "ip restricted", "the user may not sign in from this network or at this hour", fixIP, PageProfiles, 0},
		{s, "invalid_grant", "login hours", "the user may not sign in from this network or at this hour", fixIP, PageProfiles, 0},
		{s, "invalid_grant", "inactive user", "the user is inactive", fixUser, PageUsers, 0},
		{s, "inactive_user", "", "the user is inactive", fixUser, PageUsers, 0},
		{s, "inactive_org", "", "the org is locked, closed or suspended", fixOrg, PageCompany, 0},
		{s, "rate_limit_exceeded", "", "the number of sign-ins was exceeded", fixLoginRate, PageLoginHistory, 0},
		{s, "", "login rate exceeded", "the number of sign-ins was exceeded", fixLoginRate, PageLoginHistory, 0},
		{s, "unsupported_grant_type", "", "the host does not offer this kind of token request", "Check the login URL: a Lightning or Setup address is none. Use the My Domain URL, which ends in my.salesforce.com.", PageMyDomain, 0},
		{s, "invalid_scope", "", "a scope that was asked for is unknown or not among the app's", fixScope, PageExternalClientApps, 0},
		{s, "unknown_error", "retry your request", "the sign-in went wrong, often since the browser was signed in to another org", "Start the sign-in again. " + fixCrossOrg, "", 0},
	}
}

const fixSecret = "Copy Consumer Key and Consumer Secret again from the app's Settings tab (OAuth Settings, Consumer Key and Secret). Where the secret was rotated, the old one no longer counts."

// revokeEntries are the errors of the revocation endpoint, all with HTTP 400.
func revokeEntries() []Entry {
	const s = SurfaceRevoke
	return []Entry{
		{s, "invalid_token", "", "it no longer knows the token, which was revoked or has expired", "Nothing is left to revoke: sfconnect logout forgets the profile.", PageConnectedAppsUsage, 0},
		{s, "unsupported_token_type", "", "the token is of a kind that cannot be revoked", "End the session in Setup › Connected Apps OAuth Usage instead, and forget the profile with sfconnect logout --local-only.", PageConnectedAppsUsage, 0},
	}
}
