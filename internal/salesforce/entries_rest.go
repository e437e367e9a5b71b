package salesforce

import "example.com/sfconnect/internal/fault"

// urlGone is in the page that a host answers with which the org has left.
const (
	urlGone    = "url no longer exists"
	fixURLGone = "Check the login URL: the org may have another My Domain. Setup › My Domain shows it as Current My Domain URL."
)

// identityEntries are the bare words of the identity service.
func identityEntries() []Entry {
	const s = SurfaceIdentity
	return []Entry{
		{s, "Bad_OAuth_Token", "", "the access token is no longer valid", "Sign in again: " + SignInAgain + ".", PageSessionSettings, fault.ExitSignIn},
		{s, "Missing_OAuth_Token", "", "no access token reached it", "A proxy on the way may take the Authorization header out. Try from another network.", "", 0},
		{s, "Wrong_Org", "", "the access token is of another org than the identity address", "Sign in again at the org's own My Domain URL.", PageMyDomain, 0},
		{s, "Bad_Id", "", "the identity address names no user that it knows", "Sign in again: the user may have been removed.", PageUsers, 0},
	}
}

// restEntries are the errors of the REST API.
func restEntries() []Entry {
	const s = SurfaceREST
	return []Entry{
		{s, "INVALID_SESSION_ID", "not valid for use with the rest api", "this session may not use the REST API",
			"Look in this order. The scope Manage user data via APIs (api) is missing on the app's Settings tab. API Access Control allows other apps alone. The user's profile demands a high-assurance session. " +
				"After a change, sign in again.", PageExternalClientApps, 0},
		{s, "INVALID_SESSION_ID", "", "the session has expired or is invalid", "Sign in again: " + SignInAgain + ". How long a session lasts is set in Session Settings.", PageSessionSettings, fault.ExitSignIn},
		{s, "INVALID_AUTH_HEADER", "invalid_iss", "the token is a JWT that was sent to a host that it is not for", "Sign in again with the org's own My Domain URL as the login URL, so that token and API calls belong to one host.", PageMyDomain, 0},
		{s, "INVALID_AUTH_HEADER", "", "the access token could not be read as one", "Sign in again. Where it goes on, a proxy on the way may change the Authorization header: try from another network.", "", 0},
		{s, "API_DISABLED_FOR_ORG", "", "the REST API is not enabled for the org, or not for this user", "Give the user the permission API Enabled, or use an edition that has the API. An app that is a few minutes old may get this too: wait, then try again.", PagePermissionSets, 0},
		{s, "API_CURRENTLY_DISABLED", "", "the API is disabled for this user", "Give the user the permission API Enabled in the profile or a permission set.", PagePermissionSets, 0},
		{s, "REQUEST_LIMIT_EXCEEDED", "", "the org has used up its API calls", "Wait: the limit counts the last 24 hours. More calls can be bought; Company Information shows the usage.", PageCompany, 0},
		{s, "INSUFFICIENT_ACCESS", "", "the user lacks the permission for this", "Give the user access in the profile or a permission set, or sign in as another user.", PagePermissionSets, 0},
		{s, "FUNCTIONALITY_NOT_ENABLED", "", "the feature is switched off in the org", "Switch the feature on in Setup, or ask Salesforce for it.", "", 0},
		{s, "NOT_FOUND", "", "there is nothing at the address that was asked", "The API version or the path is unknown in this org. Check that sfconnect is up to date.", "", 0},
		{s, "", urlGone, "the address does not belong to the org any more", fixURLGone, PageMyDomain, fault.ExitNetwork},
		{s, "URL_NOT_RESET", "", "the call went to a login host instead of the org's own", "Sign in again at the org's My Domain URL.", PageMyDomain, 0},
	}
}
