package salesforce

import (
	"slices"

	"example.com/sfconnect/internal/fault"
)

const fixSecret = "Copy Consumer Key and Consumer Secret again from the app's Settings tab (OAuth Settings, Consumer Key and Secret). Where the secret was rotated, the old one no longer counts."

// tokenEntries are the errors of the token endpoint: those of one flow, then
// those that every flow may meet.
func tokenEntries() []Entry {
	const s = SurfaceToken
	return slices.Concat(codeEntries(), clientCredentialsEntries(), jwtEntries(), []Entry{
		{s, "invalid_client_id", "", "it does not know this Consumer Key here", fixKey, PageExternalClientApps, 0},
		{s, "invalid_client", "invalid client credentials", "the Consumer Secret is wrong or was replaced", fixSecret, PageExternalClientApps, 0},
		{s, "invalid_client_credentials", "", "the Consumer Secret is wrong or was replaced", fixSecret, PageExternalClientApps, 0},
		{s, "invalid_client", "app must be installed into org", "the app is not installed in this org", fixInstall, PageConnectedAppsUsage, 0},
		{s, "invalid_client", "", "the app could not be identified by its Consumer Key and Secret", fixSecret, PageExternalClientApps, 0},
		{s, "app_not_found", "", "the External Client App is not in the org that was asked",
			"Use the My Domain URL of the org where the app was made as the login URL (for a JWT as the audience too): login.salesforce.com and test.salesforce.com may not know the app. " +
				"A packaged app must be installed in the org, and an app that was removed must be made again.", PageExternalClientApps, 0},
		{s, "invalid_grant", "expired access/refresh token", "the refresh token is no longer valid: it was revoked, expired, idle for too long, replaced, or pushed out by newer sign-ins", fixSignInAgain, "", fault.ExitSignIn},
		{s, "invalid_grant", "token validity expired", "the refresh token has reached the age that the app's policy allows", fixSignInAgain + " The age is set on the app's Policies tab under Refresh Token Policy.", PageExternalClientApps, fault.ExitSignIn},
		{s, "", "token request is already being processed", "another request with the same refresh token is under way", "Wait a few seconds and try again. Let one program alone use this refresh token.", "", 0},
		{s, "invalid_grant", "authentication failure", "user name, password or security token are wrong, or the app does not offer this flow", "External Client Apps have no user name and password flow. Use the web flow: sfconnect auth.", PageLoginHistory, 0},
		{s, "invalid_app_access", "", "the user is not approved for the app by an admin",
			"On the app's Policies tab, under App Policies, add the profile or a permission set of the user: of whoever signs in, of the Run As user (client credentials), or of the user that the JWT names. " +
				"A profile is the surer way. Setting Permitted Users to all users helps only where a person signs in and can press Allow.", PageExternalClientApps, 0},
		{s, "invalid_grant", "ip restricted or invalid login hours", "the user may not sign in from this network or at this hour", fixIPOrHours, PageProfiles, 0},
		{s, "invalid_grant", "ip restricted", "the user may not sign in from this network", fixIP, PageProfiles, 0},
		{s, "invalid_grant", "inactive user", "the user is inactive", fixUser, PageUsers, 0},
		{s, "inactive_user", "", "the user is inactive", fixUser, PageUsers, 0},
		{s, "invalid_grant", "inactive organization", "the org is locked, closed or suspended", fixOrg, PageCompany, 0},
		{s, "inactive_org", "", "the org is locked, closed or suspended", fixOrg, PageCompany, 0},
		{s, "rate_limit_exceeded", "", "the number of sign-ins was exceeded", fixLoginRate, PageLoginHistory, 0},
		{s, "", "login rate exceeded", "the number of sign-ins was exceeded", fixLoginRate, PageLoginHistory, 0},
		{s, "invalid_grant", "flow is not enabled", "the app does not offer this flow", fixFlowBox, PageExternalClientApps, 0},
		{s, "unsupported_grant_type", "", "the host does not offer this kind of token request",
			"Check the login URL: a Lightning or Setup address is none. Use the My Domain URL, which ends in my.salesforce.com. " +
				"Where it is right, see that the flow's box is ticked under Flow Enablement on the app's Settings tab.", PageMyDomain, 0},
		{s, "invalid_scope", "", "a scope that was asked for is unknown or not among the app's", fixScope, PageExternalClientApps, 0},
	})
}

// codeEntries are the errors of the exchange of an authorization code. One text
// means something else in the JWT bearer flow, see there.
func codeEntries() []Entry {
	const s = SurfaceToken
	return []Entry{
		{s, "invalid_grant", "expired authorization code", "the code of this sign-in is older than 15 minutes or was used before", fixStartAgain, "", 0},
		{s, "invalid_grant", "invalid authorization code", "the code of this sign-in was changed on the way or belongs to another host", "Start the sign-in again. Where the address was pasted, paste all of it, as it stands in the address bar.", "", 0},
		{s, "invalid_grant", "invalid code verifier", "the code verifier does not fit the code challenge", fixPKCE, "", 0},
		{s, "invalid_request", "code verifier", "the code verifier does not fit the code challenge", fixPKCE, "", 0},
		{s, "invalid_grant", "code verifier", "the code verifier is missing or does not fit", fixPKCE, "", 0},
		{s, "", "unexpected code verifier", "a code verifier was sent for a sign-in that had no code challenge", fixPKCE, "", 0},
		{s, "redirect_uri_mismatch", "", "the callback address of the token request is not the one that the sign-in had", fixStartAgain + " " + fixCallback, PageExternalClientApps, 0},
		{s, "unknown_error", "retry your request", "the sign-in went wrong, often since the browser was signed in to another org", "Start the sign-in again. " + fixCrossOrg, "", 0},
	}
}

// revokeEntries are the errors of the revocation endpoint, all with HTTP 400.
// Both mean that there is no such token, so logout takes them for success.
func revokeEntries() []Entry {
	const s = SurfaceRevoke
	return []Entry{
		{s, "invalid_token", "", "it no longer knows the token, which was revoked or has expired", "Nothing is left to revoke: sfconnect logout forgets the profile.", PageConnectedAppsUsage, 0},
		{s, "unsupported_token_type", "", "it does not take what was sent for a token that can be revoked", "Nothing may be left to revoke. To be sure, find the app and the user in Setup › Connected Apps OAuth Usage and press Revoke there.", PageConnectedAppsUsage, 0},
	}
}
