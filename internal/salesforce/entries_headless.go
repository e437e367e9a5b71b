package salesforce

// The flows that no person sees: client credentials and JWT bearer. Nobody can
// press Allow in them, so everything is decided in Setup beforehand.

// clientCredentialsEntries are the errors of the client credentials flow. Its two
// boxes are told apart: one on the Settings tab, one on the Policies tab.
func clientCredentialsEntries() []Entry {
	const s = SurfaceToken
	return []Entry{
		{s, "", "client credentials flow not enabled", "the client credentials flow is not switched on in the app's settings",
			"On the app's Settings tab, under OAuth Settings, Flow Enablement, tick Enable Client Credentials Flow and save. " +
				"The Policies tab has a box of the same name with Run As below it, which is needed as well.", PageExternalClientApps, 0},
		{s, "invalid_grant", "no client credentials user enabled", "the client credentials flow is not switched on in the app's policies, or no Run As user is set",
			"On the app's Policies tab, under OAuth Policies, tick Enable Client Credentials Flow and enter the user in Run As: the Username as Setup › Users shows it, not the email address. " +
				"Then open the tab once more: turning the box off and on may clear Run As.", PageExternalClientApps, 0},
		{s, "invalid_grant", "request not supported on this domain", "this flow works at a My Domain host alone",
			"Use the org's My Domain URL as the login URL: Setup › My Domain shows it as Current My Domain URL. Neither login.salesforce.com and test.salesforce.com nor a Setup address will do.", PageMyDomain, 0},
		{s, "invalid_grant", "no valid scopes defined", "the app has no scope that this flow can use", "Add Manage user data via APIs (api) to Selected OAuth Scopes on the app's Settings tab; Full access (full) alone is not enough.", PageExternalClientApps, 0},
		{s, "", "scope parameter not supported", "this flow takes no scopes in the request", "Leave --scopes out: the app's own scopes apply.", "", 0},
		{s, "access_denied", "end-user denied authorization", "the Run As user is not suited to this flow", "Enter another user in Run As on the app's Policies tab: an internal user with API access, not one of a portal or a site.", PageExternalClientApps, 0},
	}
}

const (
	fixJWTBox = "On the app's Settings tab, under OAuth Settings, Flow Enablement, tick Enable JWT Bearer Flow and upload the certificate that was made from this private key, then wait up to 10 minutes. " +
		"The key must be RSA with 2048 bits or more. Check that the Consumer Key is this app's."
	fixFlowBox  = "On the app's Settings tab, under OAuth Settings, Flow Enablement, tick the flow's box (Enable JWT Bearer Flow, Enable Token Exchange Flow or Enable Device Flow) and save. A change takes up to 10 minutes."
	badAudience = "the JWT's audience is not the address of this org's sign-in"
	fixAudience = "Sign in at the org's My Domain URL and let it be the audience too. " +
		"Otherwise the audience is https://login.salesforce.com, or for a sandbox https://test.salesforce.com, without a path."
)

// jwtEntries are the errors of the JWT bearer flow, some of which have another
// meaning in other flows. No public source tells the
// words for a flow that is not ticked in the app; "flow not enabled" is presumed,
// after those of client credentials. See docs/salesforce.md.
func jwtEntries() []Entry {
	const s = SurfaceJWT
	return []Entry{
		{s, "invalid_client", "invalid client credentials", "the app takes no JWTs, or has no certificate", fixJWTBox, PageExternalClientApps, 0},
		{s, "invalid_grant", "expired authorization code", "the JWT was over when it arrived, or ends too far ahead",
			"Set this computer's clock right, time zone included, and try again. A JWT of sfconnect ends three minutes ahead.", "", 0},
		{s, "invalid_grant", "hasn't approved this consumer", "the user has not approved the app, and this flow cannot ask, or there is no such user here",
			"On the app's Policies tab set Permitted Users to Admin approved users are pre-authorized, and add the user's profile or a permission set under App Policies. " +
				"A profile is the surer way: a permission set on the Salesforce API Integration licence cannot carry an app. " +
				"Set Refresh Token Policy to Refresh token is valid until revoked, and see that the app has the scope Perform requests at any time (refresh_token, offline_access): without them the approval does not last. " +
				"If all that is so, check the Username letter by letter (a sandbox adds its name to it) and that the login URL is this user's org.", PageExternalClientApps, 0},
		{s, "invalid_grant", "audience is invalid", badAudience, fixAudience, PageMyDomain, 0},
		{s, "invalid_grant", "audience validation failed", badAudience, fixAudience, PageMyDomain, 0},
		{s, "invalid_grant", "invalid assertion", "the JWT's signature does not fit the certificate of the app, or the app takes no JWTs",
			fixJWTBox + " A new key needs a new certificate, and a certificate that is over needs one too.", PageExternalClientApps, 0},
		{s, "", "flow not enabled", "the app does not offer this flow",
			fixFlowBox, PageExternalClientApps, 0},
	}
}
