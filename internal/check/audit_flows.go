package check

import (
	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/salesforce"
)

// clientFlow: whether the flow can be used, so that a missing Run As user is off.
func (q *inquiry) clientFlow(c auditCheck) (seen, read sight) {
	settings, told := q.seen.app.Global.Bool("isClientCredentialsFlowEnabled")
	read = q.box(q.seen.app.Global, settings, told)
	if policy, policyTold := q.seen.app.Policies.Bool("isClientCredentialsFlowEnabled"); told && settings && policyTold {
		user := q.seen.app.Policies.Fields["clientCredentialsFlowUser"] != ""
		switch {
		case !policy:
			read = saw(false, Read, "The box is on in the app's settings and off in its policies.")
		case !user:
			read = saw(false, Read, "Both boxes are on, and Run As is empty.")
		default:
			read = saw(true, Read, "Both boxes are on, and Run As is set.")
		}
	}
	right, wrong := q.clientRefusal(), q.seen.tried[connection.TrialClientWrong]
	if q.ownFlow(c.id) {
		if q.seen.grant != nil {
			return saw(true, Observed, "Salesforce gave this connection a token in this flow."), read
		}
	}
	switch {
	case q.without(c.id):
		seen = blind(notProbed(c.id))
	case right.Outcome == connection.OutcomeGranted:
		seen = saw(true, Observed, "A token was granted for the Run As user"+ended(right)+".")
		seen.hint = stillLives(right)
	case flowOff(right):
		seen = saw(false, Observed, "Salesforce says that the flow is not enabled.")
	case lacksSomething(right) && blamesSecret(wrong):
		seen = saw(false, Inferred, whyUnusable(right))
	case lacksSomething(right):
		seen = blind("The control does not fit: an invented secret was not refused as one, so the answers do not tell.")
	case right.Outcome == connection.OutcomeNone && right.Fault == nil:
		seen = blind(first(q.notTried(c), q.noToken()))
	default:
		seen = blind(unclear(right))
	}
	return q.unproven(c, seen, read)
}

// unproven: a box that is on in the metadata is no proof of a flow in which this
// connection's own request for a token has just failed.
func (q *inquiry) unproven(c auditCheck, seen, read sight) (sight, sight) {
	if !q.ownFlow(c.id) || q.seen.grantErr == nil || q.without(c.id) || seen.known && seen.how == Observed {
		return seen, read
	}
	on := read.known && read.got == true
	if seen.known && (c.seenFirst || !on) || read.known && !on {
		return seen, read
	}
	return blind(q.refusedBecause()), sight{}
}

// clientRefusal is how the request of this flow was answered, the profile's own where
// that is its flow.
func (q *inquiry) clientRefusal() connection.Tried {
	if q.ownFlow("client_credentials_flow") {
		return q.grantRefusal()
	}
	return q.seen.tried[connection.TrialClient]
}

// lacksSomething: the refusal is of a flow that is on and lacks something.
func lacksSomething(t connection.Tried) bool {
	return has(t, "no client credentials user", "end-user denied", "no valid scopes") || t.Code == "invalid_app_access"
}

func whyUnusable(t connection.Tried) string {
	switch {
	case has(t, "no client credentials user"):
		return "Salesforce refused for want of a Run As user."
	case has(t, "no valid scopes"):
		return "Salesforce refused since the app has no scope that the flow can use."
	case t.Code == "invalid_app_access":
		return "Salesforce refused since the Run As user is not approved for the app."
	}
	return "Salesforce refused the Run As user."
}

// ended says what became of a token that a probe was given.
func ended(t connection.Tried) string {
	switch {
	case t.Own:
		return "; it is the session that this connection has, so it was left alone"
	case t.Revoked:
		return " and revoked at once"
	}
	return ", and revoking it failed"
}

func stillLives(t connection.Tried) string {
	if t.RevokeFault == nil {
		return ""
	}
	return "The token that the probe was given lives on: " + t.RevokeFault.Message + " Revoke it in Setup › Connected Apps OAuth Usage."
}

// codeFlow is read alone: what Salesforce answers to a request without a user's
// password is not known, and a password is never asked for. The org may block the
// flow for every app besides.
func (q *inquiry) codeFlow(auditCheck) (seen, read sight) {
	read = q.flag(q.seen.app.Global, "isCodeCredFlowEnabled")
	if org, told := q.seen.app.Org.Bool("oAuthCdCrdtFlowEnable"); read.known && read.got == true && told && !org {
		read.detail += " The org blocks the flow for every app, as long as Allow Authorization Code and Credentials Flows is off in " + salesforce.PageOAuthSettings.Path() + "."
	}
	return sight{}, read
}

func (q *inquiry) deviceFlow(c auditCheck) (seen, read sight) {
	t, stranger := q.seen.tried[connection.TrialDevice], q.seen.tried[connection.TrialDeviceOdd]
	switch {
	case q.without(c.id):
		seen = blind(notProbed(c.id))
	case t.Outcome == connection.OutcomeDevice:
		seen = saw(true, Observed, "Salesforce gave a device code. It was not used and ends by itself.")
	case flowOff(t):
		seen = saw(false, Observed, "Salesforce says that the flow is not enabled.")
	case t.Code == "unsupported_grant_type" && stranger.Code == "invalid_client_id":
		seen = saw(false, Inferred, "Salesforce gave no device code to this app; an unknown one it refused as unknown.")
	default:
		seen = blind(unclear(t))
	}
	return seen, q.flag(q.seen.app.Global, "isDeviceFlowEnabled")
}

// jwtFlow: an app with a certificate refuses a wrong signature as "invalid assertion"
// (forcedotcom/sfdx-travisci issue 135). Where the client is refused instead, there is
// none, provided that an unknown key is refused as such: then the assertion was read.
// The other way round nothing follows. A certificate in the metadata is the box.
func (q *inquiry) jwtFlow(c auditCheck) (seen, read sight) {
	read = blind(q.notRead(q.seen.app.Global))
	if q.seen.app.Global.Fields != nil {
		has := q.seen.app.Global.Fields["certificate"] != ""
		read = saw(has, Read, pick(has, "The app has a certificate.", "The app has no certificate."))
	}
	t, stranger := q.seen.tried[connection.TrialJWT], q.seen.tried[connection.TrialJWTOdd]
	if q.ownFlow(c.id) {
		if q.seen.grant != nil {
			return saw(true, Observed, "Salesforce gave this connection a token in this flow."), read
		}
		t = q.grantRefusal()
	}
	switch {
	case q.without(c.id):
		seen = blind(notProbed(c.id))
	case flowOff(t):
		seen = saw(false, Observed, "Salesforce says that the flow is not enabled.")
	case blamesSecret(t) && (stranger.Code == "invalid_client_id" || q.ownFlow(c.id)):
		seen = saw(false, Inferred, "An assertion was refused as from an app without a certificate.")
	case has(t, "invalid assertion"):
		seen = blind("An assertion with a wrong signature was refused, which does not tell whether the flow is on.")
	default:
		seen = blind(first(unclear(t), q.noToken()))
	}
	return q.unproven(c, seen, read)
}

// exchangeFlow: only a refusal of the flow itself tells, in so many words, or as no
// grant type of this app's where a wrong secret is refused as one. A token is not
// sent, because an Apex handler of the org would be run with it.
func (q *inquiry) exchangeFlow(c auditCheck) (seen, read sight) {
	settings, told := q.seen.app.Global.Bool("isTokenExchangeEnabled")
	read = q.box(q.seen.app.Global, settings, told)
	if policy, policyTold := q.seen.app.Policies.Bool("isTokenExchangeFlowEnabled"); told && settings && policyTold && !policy {
		read.detail = "The box is on in the app's settings and off in its policies."
	}
	t, wrong := q.seen.tried[connection.TrialExchange], q.seen.tried[connection.TrialExchangeWrong]
	if t.Outcome == connection.OutcomeNone { // without a secret the flow may still be refused as such
		t = q.seen.tried[connection.TrialExchangeNone]
	}
	switch {
	case q.without(c.id):
		seen = blind(notProbed(c.id))
	case flowOff(t):
		seen = saw(false, Observed, "Salesforce says that the flow is not enabled.")
	case t.Code == "unsupported_grant_type" && blamesSecret(wrong):
		seen = saw(false, Inferred, "Salesforce refused the exchange as no grant type of this app's; a wrong secret it refused as one.")
	case t.Outcome == connection.OutcomeNone && t.Fault == nil:
		seen = blind(q.notTried(c))
	default:
		seen = blind("A token exchange without a token was refused, which does not tell whether the flow is on.")
	}
	return seen, read
}

// rotation: what a refresh shows. An earlier one tells where none was made now, unless
// the metadata does, which is newer.
func (q *inquiry) rotation(c auditCheck) (seen, read sight) {
	read = q.flag(q.seen.app.Global, "isRefreshTokenRotationEnabled")
	g := q.seen.grant
	switch {
	case !q.p.HasRefreshToken:
		return blind("The connection has no refresh token to see it with."), read
	case q.without(c.id):
		return blind(notProbed(c.id)), read
	case g != nil && g.Refresh && g.Rotated:
		return saw(true, Observed, "A refresh gave a new refresh token, which is saved."), read
	case g != nil && g.Refresh:
		return saw(false, Observed, "A refresh left the refresh token as it was."), read
	case q.p.Rotation != "" && !read.known && !q.Outside:
		return saw(q.p.Rotation == "on", Observed, pick(q.p.Rotation == "on", "An earlier refresh gave a new refresh token.", "An earlier refresh left the refresh token as it was.")), read
	}
	return blind(q.noToken()), read
}

// namedJWT: the form of the access token of a flow that a person signs in to.
func (q *inquiry) namedJWT(c auditCheck) (seen, read sight) {
	read = q.flag(q.seen.app.Global, "isNamedUserJwtEnabled")
	switch {
	case connection.Flow(q.p.Flow) == connection.FlowClientCredentials:
		return blind("The tokens of client credentials do not show it."), read
	case q.without(c.id):
		return blind(notProbed(c.id)), read
	case q.seen.grant == nil:
		return blind(q.noToken()), read
	}
	return saw(q.seen.grant.JWT, Observed, pick(q.seen.grant.JWT, "The access token is a JWT.", "The access token is opaque.")), read
}

// signature: the token answer fits the Consumer Secret.
func (q *inquiry) signature(c auditCheck) (seen, read sight) {
	switch g := q.seen.grant; {
	case q.without(c.id):
		return blind(notProbed(c.id)), sight{}
	case g == nil:
		return blind(q.noToken()), sight{}
	case g.Signature == connection.SignatureFits:
		return saw(true, Observed, "The token answer's signature fits the Consumer Secret."), sight{}
	case g.Signature == connection.SignatureWrong:
		return saw(false, Observed, "The token answer's signature does not fit the Consumer Secret. The token is not used."), sight{}
	}
	return blind("The token answer carried no signature."), sight{}
}

// lives: the refresh token still gives tokens.
func (q *inquiry) lives(c auditCheck) (seen, read sight) {
	switch g := q.seen.grant; {
	case q.without(c.id):
		return blind(notProbed(c.id)), sight{}
	case g != nil && g.Refresh:
		return saw(true, Observed, "Salesforce gave a new access token for it."), sight{}
	case q.seen.grantErr != nil && fault.From(q.seen.grantErr).Exit == fault.ExitSignIn && q.grantFault("invalid_grant"):
		s := saw(false, Observed, fault.From(q.seen.grantErr).Message)
		s.hint = fault.From(q.seen.grantErr).Hint
		return s, sight{}
	}
	return blind(q.noToken()), sight{}
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
