package salesforce

// Remedies that several rows share.
const (
	fixKey = "Copy the Consumer Key again from the app's Settings tab, and check that the login URL is of the org where the app was made. " +
		"An app that is younger than 10 minutes may not be known yet: wait, then try again."
	fixCallback = "Add the callback line to the app exactly as sfconnect uses it: scheme, host (localhost is not 127.0.0.1), port, path and a slash at the end all count. " +
		"It stands on the app's Settings tab under OAuth Settings, Callback URL. A change takes up to 10 minutes."
	fixInstall     = "A Connected App must be installed before users may sign in to it: press Install beside the app. An External Client App made in this org needs no such step."
	fixPermitted   = "Permitted Users of the app is set to admin-approved users. Add the user's profile or a permission set on the app's Policies tab under App Policies, or let all users self-authorize."
	fixIP          = "The user's profile allows sign-ins from certain addresses alone. Add this network to the profile's Login IP Ranges, or set IP Relaxation on the app's Policies tab to Relax IP restrictions."
	fixIPOrHours   = fixIP + " Look at the profile's Login Hours too: they stop every sign-in outside of them."
	fixUser        = "Activate or unfreeze the user, or sign in as another one."
	fixOrg         = "The org is locked, closed or suspended. Ask Salesforce Support."
	fixLoginRate   = "Too many sign-ins were made in a short time. Wait 15 to 30 minutes, then try again."
	fixScope       = "Add the missing scope to Selected OAuth Scopes on the app's Settings tab, or ask for fewer with --scopes."
	fixSignInAgain = "Sign in again: " + SignInAgain + ". Salesforce keeps five approvals for each user and app; a further one ends the oldest."
	fixStartAgain  = "Start the sign-in again."
	fixPKCE        = "Start the sign-in again with sfconnect, which always sends a code challenge and the verifier that fits. Leave the PKCE box of the app ticked."
	fixCrossOrg    = "Sign in at the My Domain URL of the org where the app was made, in a private window, so that no session of another org is used; sfconnect does the latter half with --prompt login."
)

// SignInAgain are the commands in the hints of this table that sign in again. Whoever
// knows which profile it is about names it in them.
const SignInAgain = "sfconnect auth, or sfconnect init"

// authorizeEntries are the errors of the sign-in page: as plain text, on
// Salesforce's own error page or in the callback's query.
func authorizeEntries() []Entry {
	const s = SurfaceAuthorize
	return []Entry{
		{s, "access_denied", "", "Deny was pressed instead of Allow", "Start the sign-in again and press Allow.", "", 0},
		{s, "access-denied", "", "Deny was pressed instead of Allow", "Start the sign-in again and press Allow.", "", 0},
		{s, "invalid_client_id", "", "it does not know this Consumer Key here", fixKey, PageExternalClientApps, 0},
		{s, "invalid_client", "app must be installed into org", "the app is not installed in this org", fixInstall, PageConnectedAppsUsage, 0},
		{s, "redirect_uri_mismatch", "", "the app knows other callback lines than the one that was sent", fixCallback, PageExternalClientApps, 0},
		{s, "redirect_uri_missing", "", "the request had no callback address", "Start the sign-in again with sfconnect, which always sends one.", "", 0},
		{s, "invalid_request", "missing required code challenge", "the app or the org demands PKCE and the request had no code challenge", fixPKCE, PageOAuthSettings, 0},
		{s, "invalid_request", "https required", "the request was not made over https", "Use a login URL that starts with https://.", "", 0},
		{s, "invalid_request", "must use http get", "the request was not made with GET", "Open the address that sfconnect prints in a browser, as it is.", "", 0},
		{s, "invalid_request", "out-of-band", "a sign-in without a callback address is not supported", "Register a callback line that sfconnect uses, such as http://localhost:1717/OauthRedirect.", PageExternalClientApps, 0},
		{s, "unsupported_response_type", "", "the request asked for another kind of answer than a code", "Open the address that sfconnect prints as it is: response_type must be code.", "", 0},
		{s, "invalid_scope", "", "a scope that was asked for is unknown or not among the app's", fixScope, PageExternalClientApps, 0},
		{s, "immediate_unsuccessful", "", "a sign-in without asking was wanted, and there is no session or approval to use", "Start the sign-in again without immediate=true.", "", 0},
		{s, "inactive_user", "", "the user is inactive", fixUser, PageUsers, 0},
		{s, "inactive_org", "", "the org is locked, closed or suspended", fixOrg, PageCompany, 0},
		{s, "rate_limit_exceeded", "", "the number of sign-ins was exceeded", fixLoginRate, PageLoginHistory, 0},
		{s, "invalid_grant", "invalid user credentials", "the user name or the password is wrong", "Sign in with the right user name and password. Setup › Login History tells what was wrong.", PageLoginHistory, 0},
		{s, "invalid_grant", "ip restricted", "the user may not sign in from this network or at this hour", fixIPOrHours, PageProfiles, 0},
		{s, "OAUTH_APP_BLOCKED", "", "an admin blocked the app", "Press Unblock beside the app.", PageConnectedAppsUsage, 0},
		{s, "OAUTH_APP_ACCESS_DENIED", "", "the user is not approved for the app by an admin", fixPermitted, PageExternalClientApps, 0},
		{s, "OAUTH_APPROVAL_ERROR_GENERIC", "", "the approval failed, for one of four known reasons",
			"Look in this order. The app is not installed and the user lacks the permission Approve Uninstalled Connected Apps: Setup › Connected Apps OAuth Usage. " +
				"A scope is asked for that the app does not have. The user has an Integration or API Only licence, which cannot finish an approval in a browser. " +
				"The app's Policies tab does not allow the user.", PageConnectedAppsUsage, 0},
		{s, "OAUTH_EC_APP_NOT_FOUND", "", "the External Client App is not in the org that was signed in to", "The key belongs to another org, the login URL is of another org, or a packaged app is not installed. " + fixCrossOrg, PageExternalClientApps, 0},
		{s, "OAUTH_AUTHORIZATION_BLOCKED", "", "the app belongs to another org than the one the browser is signed in to", fixCrossOrg, PageExternalClientApps, 0},
		{s, "1800", "", "there was a problem in setting up your remote access, on the org's side", "Try again. If it goes on, ask Salesforce Support.", "", 0},
	}
}
