package practice

import "net/http"

// authorizeFaults has one entry for each row of the authorize errors that a
// server can cause, in the three forms in which they show up, and the answers
// that are not Salesforce's.
func authorizeFaults() []fault {
	row := func(at place, name, code, description, help string) fault {
		return fault{FaultInfo: FaultInfo{name, help, "authorize", code, description}, at: at}
	}
	wrong := func(name, help string, whole func(*Org, reply) reply) fault {
		return fault{FaultInfo: FaultInfo{Name: name, Help: help, Surface: "authorize"}, at: authorizeAt, whole: whole}
	}
	const generic = "An unexpected error has occurred during authentication. Please try again."
	unknownKey := row(beforeLogin, "unknown-key-for-a-while", "invalid_client_id", "client identifier invalid", "the first 3 authorize requests do not know the key yet, as with a new app")
	unknownKey.times = 3
	return []fault{
		row(beforeLogin, "invalid-client-id", "invalid_client_id", "client identifier invalid", "the key is unknown here"),
		unknownKey,
		row(beforeLogin, "app-not-installed", "invalid_client", "app must be installed into org", "a connected app that is not installed"),
		row(beforeLogin, "redirect-uri-mismatch", "redirect_uri_mismatch", "redirect_uri must match configuration", "no callback address is known"),
		row(beforeLogin, "redirect-uri-missing", "redirect_uri_missing", "redirect_uri not provided", "as if no callback address had been sent"),
		row(beforeLogin, "missing-code-challenge", "invalid_request", "missing required code challenge", "as if no PKCE challenge had been sent"),
		row(beforeLogin, "https-required", "invalid_request", "HTTPS required", "as if the request had come over http"),
		row(beforeLogin, "must-use-get", "invalid_request", "must use HTTP GET", "as if the request had not been a GET"),
		row(beforeLogin, "out-of-band", "invalid_request", "out-of-band not supported", "as if an out-of-band callback had been sent"),
		row(immediately, "unsupported-response-type", "unsupported_response_type", "response type not supported", "as if the app might not use response_type=code"),
		row(immediately, "invalid-scope", "invalid_scope", "the requested scope is invalid, unknown, or malformed", "a scope that the org does not know"),
		row(immediately, "immediate-unsuccessful", "immediate_unsuccessful", "", "as if immediate=true had been sent without a session"),
		row(atCallback, "access-denied", "access_denied", "end-user denied authorization", "the sign-in comes back as denied, whatever the person does"),
		row(atCallback, "access-denied-documented", "access-denied", "", "the same as one page of Salesforce's Help spells it"),
		row(atCallback, "login-inactive-user", "inactive_user", "user is inactive", "the user is frozen or deactivated"),
		row(atCallback, "login-inactive-org", "inactive_org", "org is locked, closed, or suspended", "the org is locked"),
		row(atCallback, "login-rate-exceeded", "rate_limit_exceeded", "number of logins exceeded", "too many sign-ins"),
		row(atCallback, "login-invalid-credentials", "invalid_grant", "invalid user credentials", "the user's credentials are refused"),
		row(atCallback, "login-ip-restricted", "invalid_grant", "ip restricted or invalid login hours", "Login IP Ranges or login hours of the profile"),
		row(onErrorPage, "app-blocked", "OAUTH_APP_BLOCKED", "this app is blocked by admin", "the app is blocked in Connected Apps OAuth Usage"),
		row(onErrorPage, "app-access-denied", "OAUTH_APP_ACCESS_DENIED", "user is not admin approved to access this app", "Permitted Users are the admin approved, and this user is not"),
		row(onErrorPage, "approval-error", "OAUTH_APPROVAL_ERROR_GENERIC", generic, "the approval fails for no stated reason"),
		row(onErrorPage, "app-not-found", "OAUTH_EC_APP_NOT_FOUND", "External client app is not installed in this org", "the key belongs to another org"),
		row(onErrorPage, "cross-org", "OAUTH_AUTHORIZATION_BLOCKED", "Cross-org OAuth flows are not supported for this external client app", "the browser is signed in to another org"),
		row(onErrorPage, "remote-access-1800", "1800", "There was a problem in setting up your remote access", "the legacy error page"),
		wrong("authorize-not-found", "the authorize address does not exist (404)", func(o *Org, _ reply) reply { return o.urlNoLongerExists() }),
		wrong("authorize-server-error", "the authorize address answers 503 with maintenance", func(o *Org, _ reply) reply { return o.maintenance() }),
		wrong("authorize-foreign-redirect", "the authorize address redirects to a foreign host", func(*Org, reply) reply { return redirect("https://sso.example.net/start") }),
		wrong("authorize-unclear", "the authorize address answers 200 with nothing in it", func(*Org, reply) reply {
			return reply{status: http.StatusOK, header: header("text/plain")}
		}),
		wrong("authorize-stalls", "the authorize address never answers", func(*Org, reply) reply { return reply{stall: true} }),
	}
}

// maintenance is the answer of a host that is down for a while.
func (o *Org) maintenance() reply {
	r := o.page(http.StatusServiceUnavailable, "Down for maintenance", "narrow", `<section class="card"><h1>Down for maintenance</h1>
<p>Sorry to interrupt. This practice org is undergoing maintenance. Please try again in a few minutes.</p></section>`)
	r.header.Set("Retry-After", "120")
	return r
}
