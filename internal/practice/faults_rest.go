package practice

import "net/http"

// restFaults has one entry for each row of the REST errors, and those of the
// identity service. Statuses that the collected facts mark as unsure are the
// ones they name as likely.
func restFaults() []fault {
	row := func(name string, status int, code, message, help string) fault {
		return fault{FaultInfo: FaultInfo{name, help, "rest", code, message}, at: restAt, status: status}
	}
	identity := func(name string, status int, body, help string) fault {
		return fault{FaultInfo: FaultInfo{name, help, "identity", body, ""}, at: identityAt, status: status}
	}
	whole := func(name, surface string, at place, help string, answer func(*Org, reply) reply) fault {
		return fault{FaultInfo: FaultInfo{Name: name, Help: help, Surface: surface}, at: at, whole: answer}
	}
	once := row("session-expired-once", 401, "INVALID_SESSION_ID", "Session expired or invalid", "the first REST call finds its session expired")
	once.times = 1
	identityOnce := identity("bad-oauth-token-once", 403, "Bad_OAuth_Token", "the first identity call finds its token expired")
	identityOnce.times = 1
	return []fault{
		row("session-expired", 401, "INVALID_SESSION_ID", "Session expired or invalid", "every REST call finds its session expired"),
		once,
		row("session-not-for-rest", 401, "INVALID_SESSION_ID", "This session is not valid for use with the REST API", "the token may not use REST: api scope, API Access Control or High Assurance"),
		row("invalid-auth-header", 401, "INVALID_AUTH_HEADER", "INVALID_ISS", "a JWT of another host"),
		row("invalid-header-type", 401, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE", "the header with the token cannot be read"),
		row("api-disabled-for-org", 403, "API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization.", "an edition without API"),
		row("api-disabled-for-user", 403, "API_CURRENTLY_DISABLED", "API is disabled for this User", "the user lacks API Enabled"),
		row("request-limit-exceeded", 403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", "the org's API calls are used up"),
		row("insufficient-access", 403, "INSUFFICIENT_ACCESS", "insufficient access rights on cross-reference id", "permissions are missing"),
		row("functionality-not-enabled", 403, "FUNCTIONALITY_NOT_ENABLED", "This feature is not currently enabled for this user or org.", "a feature of the org is off"),
		row("rest-not-found", 404, "NOT_FOUND", "The requested resource does not exist", "path or version do not exist"),
		row("url-not-reset", 400, "URL_NOT_RESET", "Destination URL not reset. The URL returned from login must be set", "as if REST had been sent to the login host"),
		{FaultInfo: FaultInfo{"url-no-longer-exists", "REST answers 404 with a web page", "rest", "", "URL No Longer Exists"}, at: restAt,
			whole: func(o *Org, _ reply) reply { return o.urlNoLongerExists() }},
		whole("rest-server-error", "rest", restAt, "REST answers 503 with maintenance", func(o *Org, _ reply) reply { return o.maintenance() }),
		whole("rest-html", "rest", restAt, "REST answers 200 with a web page", func(o *Org, _ reply) reply { return o.captivePortal() }),
		whole("rest-empty", "rest", restAt, "REST answers 200 with nothing", func(*Org, reply) reply {
			return reply{status: http.StatusOK, header: header("application/json;charset=UTF-8")}
		}),
		identity("bad-oauth-token", 403, "Bad_OAuth_Token", "the identity service refuses every token"),
		identityOnce,
		identity("missing-oauth-token", 403, "Missing_OAuth_Token", "the identity service sees no token"),
		identity("wrong-org", 403, "Wrong_Org", "the identity service says that the token is of another org"),
		identity("bad-id", 404, "Bad_Id", "the identity service does not know the user"),
		whole("identity-html", "identity", identityAt, "the identity service answers 200 with a web page", func(o *Org, _ reply) reply { return o.captivePortal() }),
	}
}

// captivePortal is what a network answers that wants its own sign-in first.
func (o *Org) captivePortal() reply {
	return o.page(http.StatusOK, "Sign in", "narrow", `<section class="card"><h1>Sign in</h1><p>Your network asks you to sign in first.</p></section>`)
}
