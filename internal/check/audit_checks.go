package check

import (
	"slices"
	"strings"

	"example.com/sfconnect/internal/connection"
)

// auditCheck is one row of the table of checks.
type auditCheck struct {
	id      string
	value   string   // of one that comes several times
	trials  []string // the requests to the token endpoint that it is judged by
	door    bool     // needs the requests without a login
	token   bool     // needs a token answer
	read    bool     // can be read from the org's metadata
	settles Evidence // what would settle it
	// judge gives what Salesforce did, and what the org's metadata says.
	judge func(*inquiry, auditCheck) (seen, read sight)
	want  func(*inquiry, auditCheck) any
	fits  func(q *inquiry, want, got any) bool // nil: the same
	// seenFirst lets what was inferred go before what was read.
	seenFirst bool
}

// name is the id with the value.
func (c auditCheck) name() string {
	if c.value == "" {
		return c.id
	}
	return c.id + ":" + c.value
}

// AuditIDs lists every id, in the order of the findings.
func AuditIDs() []string {
	var out []string
	for _, c := range auditTable() {
		out = append(out, c.id)
	}
	return out
}

func auditTable() []auditCheck {
	yes := func(*inquiry, auditCheck) any { return true }
	return []auditCheck{
		{id: "key_known", door: true, settles: Observed, judge: (*inquiry).key, want: yes},
		{id: "callback_registered", door: true, read: true, settles: Observed, judge: (*inquiry).callback, want: (*inquiry).wantCallback},
		{id: "secret_accepted", trials: []string{connection.TrialCode, connection.TrialCodeWrong}, token: true, settles: Inferred, judge: (*inquiry).secret, want: yes},
		{id: "pkce_required", door: true, read: true, settles: Observed, judge: (*inquiry).pkce, want: (*inquiry).wantSwitch},
		{id: "secret_required_for_web_server", trials: []string{connection.TrialCodeNone, connection.TrialCode, connection.TrialCodeWrong, connection.TrialRefreshNone}, read: true,
			settles: Observed, judge: (*inquiry).webSecret, want: (*inquiry).wantSwitch},
		{id: "secret_required_for_refresh", trials: []string{connection.TrialRefreshNone, connection.TrialRefresh, connection.TrialRefreshWrong, connection.TrialCodeNone}, read: true,
			token: true, settles: Observed, judge: (*inquiry).refreshSecret, want: (*inquiry).wantSwitch},
		{id: "refresh_token_rotation", token: true, read: true, settles: Observed, judge: (*inquiry).rotation, want: (*inquiry).wantSwitch},
		{id: "scopes_exact", token: true, read: true, settles: Observed, judge: (*inquiry).scopes, want: (*inquiry).wantScopes, fits: (*inquiry).scopesFit},
		{id: "client_credentials_flow", trials: []string{connection.TrialClient, connection.TrialClientWrong}, read: true,
			settles: Observed, judge: (*inquiry).clientFlow, want: (*inquiry).wantSwitch, seenFirst: true},
		{id: "code_and_credentials_flow", read: true, settles: Read, judge: (*inquiry).codeFlow, want: (*inquiry).wantSwitch},
		{id: "device_flow", trials: []string{connection.TrialDevice, connection.TrialDeviceOdd}, read: true, settles: Observed, judge: (*inquiry).deviceFlow, want: (*inquiry).wantSwitch},
		{id: "jwt_bearer_flow", trials: []string{connection.TrialJWT, connection.TrialJWTOdd}, read: true, settles: Read, judge: (*inquiry).jwtFlow, want: (*inquiry).wantSwitch},
		{id: "token_exchange_flow", trials: []string{connection.TrialExchange, connection.TrialExchangeNone, connection.TrialExchangeWrong}, read: true, settles: Read, judge: (*inquiry).exchangeFlow, want: (*inquiry).wantSwitch},
		{id: "secret_required_for_token_exchange", trials: []string{connection.TrialExchangeNone, connection.TrialExchange, connection.TrialExchangeWrong}, read: true,
			settles: Read, judge: (*inquiry).exchangeSecret, want: (*inquiry).wantSwitch},
		{id: "named_user_jwt", token: true, read: true, settles: Observed, judge: (*inquiry).namedJWT, want: (*inquiry).wantSwitch},
		{id: "signature_valid", token: true, settles: Observed, judge: (*inquiry).signature, want: yes},
		{id: "refresh_token_lives", token: true, settles: Observed, judge: (*inquiry).lives, want: yes},
		{id: "permitted_users", read: true, settles: Read, judge: (*inquiry).policy, want: (*inquiry).wantPolicy, fits: (*inquiry).samePolicy},
		{id: "ip_relaxation", read: true, settles: Read, judge: (*inquiry).policy, want: (*inquiry).wantPolicy, fits: (*inquiry).samePolicy},
		{id: "refresh_token_policy", read: true, settles: Read, judge: (*inquiry).policy, want: (*inquiry).wantPolicy, fits: (*inquiry).samePolicy},
		{id: "run_as", read: true, settles: Read, judge: (*inquiry).runAs, want: (*inquiry).wantRunAs, fits: (*inquiry).sameUser},
		{id: "distribution_state", read: true, settles: Read, judge: (*inquiry).distribution, want: (*inquiry).wantDistribution},
		{id: "app_names", read: true, settles: Read, judge: (*inquiry).names, want: (*inquiry).wantNames, fits: (*inquiry).sameNames},
	}
}

// checks is the table for this profile and recipe: one row for each callback line,
// and none for what the connection does not have.
func (q *inquiry) checks() []auditCheck {
	var out []auditCheck
	for _, c := range auditTable() {
		switch c.id {
		case "callback_registered":
			for _, line := range q.callbackLines() {
				c.value = line
				out = append(out, c)
			}
			continue
		case "secret_accepted", "signature_valid":
			if !q.p.HasConsumerSecret {
				continue
			}
		case "refresh_token_lives":
			if !q.p.HasRefreshToken {
				continue
			}
		case "refresh_token_rotation":
			if !q.p.HasRefreshToken {
				c.settles = Read
			}
		case "named_user_jwt":
			if connection.Flow(q.p.Flow) == connection.FlowClientCredentials {
				c.settles = Read
			}
		}
		if q.ownFlow(c.id) {
			c.settles = Observed
		}
		out = append(out, c)
	}
	return out
}

// callbackLines are the vendor's lines, and the one of ours that the sign-in used.
func (q *inquiry) callbackLines() []string {
	var lines []string
	for _, line := range append(slices.Clone(q.r.CallbackURLs), q.p.CallbackURL) {
		if line != "" && !strings.Contains(line, "${") && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// sight is what one way of looking told of a check.
type sight struct {
	known  bool
	got    any
	how    Evidence
	detail string // what was seen, in one sentence; where nothing was told, why
	hint   string // more than the box to change
}

func saw(got any, how Evidence, detail string) sight {
	return sight{known: true, got: got, how: how, detail: detail}
}

func blind(why string) sight { return sight{detail: why} }

// settle makes the finding of a check out of what both ways of looking told. What
// was observed goes before what was read, and that before what was inferred.
func (q *inquiry) settle(c auditCheck) Finding {
	seen, read := c.judge(q, c)
	want := c.want(q, c)
	f := Finding{Stage: Stage{Name: c.name(), Status: Unknown}, Want: want, Evidence: c.settles}
	verdict, other := seen, read
	if !seen.known || read.known && seen.how == Inferred && !c.seenFirst {
		verdict, other = read, seen
	}
	if !verdict.known {
		f.Detail, f.Hint = why(c, seen, read), q.lookHint(c, seen, read)
		return f
	}
	f.Got, f.Evidence, f.Status, f.Detail, f.Hint = verdict.got, verdict.how, Pass, verdict.detail, verdict.hint
	fits := func(a, b any) bool {
		if c.fits != nil {
			return c.fits(q, a, b)
		}
		return a == b
	}
	if want != nil && !fits(want, verdict.got) {
		f.Status, f.Hint = Fail, join(q.mendHint(c, want, verdict.got), verdict.hint)
	}
	if other.known && !sameGot(verdict.got, other.got) {
		f.Detail += " " + contradiction(other)
	}
	return f
}

// contradiction says that two ways of looking differ, and the usual reason.
func contradiction(other sight) string {
	switch other.how {
	case Read:
		return "The org's metadata says otherwise: " + spokenGot(other.got) + ". A change takes up to 10 minutes to take effect."
	case Inferred:
		return "Salesforce's answers made it look otherwise: " + spokenGot(other.got) + "."
	}
	return "Salesforce itself showed otherwise: " + spokenGot(other.got) + "."
}

// why says why a check is unknown.
func why(c auditCheck, seen, read sight) string {
	switch {
	case seen.detail == "":
		return read.detail
	case !c.read || read.detail == "" || read.detail == seen.detail:
		return seen.detail
	}
	return seen.detail + " " + read.detail
}

func join(lines ...string) string {
	return strings.Join(slices.DeleteFunc(lines, func(s string) bool { return s == "" }), "\n")
}
