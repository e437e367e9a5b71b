package check

import (
	"slices"
	"strings"

	"example.com/sfconnect/internal/connection"
)

// key: whether Salesforce knows the Consumer Key at this host.
func (q *inquiry) key(c auditCheck) (seen, read sight) {
	host := q.s.LoginURL().Host()
	switch {
	case q.without(c.id):
		return blind(notProbed(c.id)), sight{}
	case q.seen.key == connection.Known:
		return saw(true, Observed, "Salesforce knows the Consumer Key on "+host+"."), sight{}
	case q.seen.key == connection.Refused:
		s := saw(false, Observed, q.seen.keyFault.Message)
		s.hint = q.seen.keyFault.Hint
		return s, sight{}
	}
	return blind("The answer of " + host + " does not tell whether it knows the Consumer Key."), sight{}
}

// callback: whether a line is registered, byte for byte.
func (q *inquiry) callback(c auditCheck) (seen, read sight) {
	verdict, asked := q.seen.callbacks[c.value]
	ours := c.value == q.p.CallbackURL && !slices.Contains(q.r.CallbackURLs, c.value)
	switch {
	case q.without(c.id):
		seen = blind(notProbed(c.id))
	case verdict == connection.Known:
		seen = saw(true, Observed, "A sign-in with this line went on to the login page.")
	case verdict == connection.Refused:
		seen = saw(false, Observed, "A sign-in with this line was refused: the app does not have it.")
		if ours {
			seen.hint = "The line is one of sfconnect's own. Only signing in again needs it."
		}
	case asked:
		seen = blind("Salesforce's answer does not tell whether the line is registered.")
	default:
		seen = blind("The Consumer Key was refused, so the line could not be asked about.")
	}
	lines, told := q.seen.app.Global.Fields["callbackUrl"]
	if !told {
		return seen, blind(q.notRead(q.seen.app.Global))
	}
	registered := slices.Contains(strings.FieldsFunc(lines, func(r rune) bool { return r == '\n' || r == ' ' || r == ',' }), c.value)
	return seen, saw(registered, Read, pick(registered, "The app's Callback URL has the line.", "The app's Callback URL does not have the line."))
}

// pkce: the app asks for a code challenge, or the org does so of every app.
func (q *inquiry) pkce(c auditCheck) (seen, read sight) {
	registered := slices.ContainsFunc(q.callbackLines(), func(line string) bool { return q.seen.callbacks[line] == connection.Known })
	switch {
	case q.without(c.id):
		seen = blind(notProbed(c.id))
	case q.seen.pkce == connection.Refused:
		seen = saw(true, Observed, "A sign-in without a code challenge was refused.")
	case q.seen.pkce == connection.Known:
		seen = saw(false, Observed, "A sign-in without a code challenge went on to the login page.")
	case !registered:
		seen = blind("It could not be tried, for want of a callback line that is known to be registered.")
	default:
		seen = blind("Salesforce's answer to a sign-in without a code challenge does not tell.")
	}
	app, told := q.seen.app.Global.Bool("isPkceRequired")
	org, orgTold := q.seen.app.Org.Bool("isPkceRequired")
	switch {
	case orgTold && org && !app:
		read = saw(true, Read, "The org demands it of every app (OAuth and OpenID Connect Settings).")
	case !told:
		read = blind(q.notRead(q.seen.app.Global))
	default:
		read = saw(app, Read, "The box in the app is "+onOff(app)+".")
	}
	return seen, read
}

// secret: whether the Consumer Secret is the app's. Salesforce checks one that is
// sent even where it is not needed.
func (q *inquiry) secret(c auditCheck) (seen, read sight) {
	right, wrong := q.seen.tried[connection.TrialCode], q.seen.tried[connection.TrialCodeWrong]
	own := q.grantRefusal()
	switch {
	case q.seen.grant != nil && q.seen.grant.Secret:
		return saw(true, Observed, "A token was given for the Consumer Key and Secret."), sight{}
	case blamesSecret(right), blamesSecret(own):
		return saw(false, Observed, "Salesforce refused the Consumer Secret."), sight{}
	case q.Outside, q.without(c.id):
		return blind(q.notTried(c)), sight{}
	case blamesToken(right) && blamesSecret(wrong):
		return saw(true, Inferred, "An invented code was refused for the code, and with an invented secret for the secret."), sight{}
	case blamesToken(right):
		return blind("The control does not fit: an invented secret was not refused as one, so the answers do not tell."), sight{}
	}
	return blind(unclear(right)), sight{}
}

// webSecret and refreshSecret: whether the token endpoint goes on without a secret.
func (q *inquiry) webSecret(c auditCheck) (seen, read sight) {
	seen = q.secretNeeded(c, "an authorization code", connection.TrialCodeNone, connection.TrialCode, connection.TrialCodeWrong)
	optional, told := q.seen.app.Global.Bool("isConsumerSecretOptional")
	return seen, q.box(q.seen.app.Global, !optional, told)
}

func (q *inquiry) refreshSecret(c auditCheck) (seen, read sight) {
	if own := q.grantRefusal(); !q.p.HasConsumerSecret && q.p.HasRefreshToken && blamesSecret(own) {
		return saw(true, Observed, "Salesforce refused this connection's refresh, which has no secret."), q.flag(q.seen.app.Global, "isSecretRequiredForRefreshToken")
	}
	seen = q.secretNeeded(c, "a refresh token", connection.TrialRefreshNone, connection.TrialRefresh, connection.TrialRefreshWrong)
	return seen, q.flag(q.seen.app.Global, "isSecretRequiredForRefreshToken")
}

func (q *inquiry) exchangeSecret(c auditCheck) (seen, read sight) {
	seen = q.secretNeeded(c, "a token to exchange", connection.TrialExchangeNone, connection.TrialExchange, connection.TrialExchangeWrong)
	return seen, q.flag(q.seen.app.Global, "isSecretRequiredForTokenExchange")
}

// secretNeeded compares three requests that differ in their secret alone. With the
// right one Salesforce must blame what was presented, with an invented one the
// secret; only then does it tell something whom it blames where there is none.
func (q *inquiry) secretNeeded(c auditCheck, what, none, right, wrong string) sight {
	n, r, w := q.seen.tried[none], q.seen.tried[right], q.seen.tried[wrong]
	switch {
	case q.without(c.id):
		return blind(notProbed(c.id))
	case flowOff(n), flowOff(r):
		return blind("The flow is off, so it does not show.")
	case n.Outcome == connection.OutcomeNone:
		return blind(unclear(n))
	case !blamesSecret(w):
		return blind("The control does not fit: an invented secret was not refused as one, so the answers do not tell.")
	case blamesToken(n):
		return saw(false, Inferred, "Without the secret "+what+" was looked at, and refused for itself.")
	case !blamesSecret(n):
		return blind(unclear(n))
	case (q.Outside || !q.prober.HasSecret()) && q.acceptedWithoutSecret(none):
		return saw(true, Observed, "Salesforce refused "+what+" without a secret, and not every request without one.")
	case q.Outside || !q.prober.HasSecret():
		return blind("It is refused without a secret; whether it is for that cannot be told without the right one.")
	case !blamesToken(r):
		return blind("The control does not fit: with the Consumer Secret it is refused in the same way, so the answers do not tell.")
	}
	return saw(true, Observed, "Salesforce refused "+what+" without the secret.")
}

// acceptedWithoutSecret is the control where the right secret is not at hand: some other
// request of the app's without one was not refused for that.
func (q *inquiry) acceptedWithoutSecret(but string) bool {
	for _, name := range []string{connection.TrialCodeNone, connection.TrialRefreshNone} {
		if name != but && blamesToken(q.seen.tried[name]) {
			return true
		}
	}
	device, stranger := q.seen.tried[connection.TrialDevice], q.seen.tried[connection.TrialDeviceOdd]
	return device.Outcome != connection.OutcomeNone && !blamesSecret(device) && device.Code != "invalid_client_id" && stranger.Code == "invalid_client_id"
}

// notTried says why a trial with the Consumer Secret was not made.
func (q *inquiry) notTried(c auditCheck) string {
	switch {
	case q.without(c.id):
		return notProbed(c.id)
	case q.Outside:
		return "Not asked, because it needs the credentials."
	case !q.prober.HasSecret():
		return "It cannot be tried without a Consumer Secret."
	}
	return ""
}
