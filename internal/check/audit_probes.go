package check

import (
	"slices"
	"strings"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/store"
)

// Names of AuditProbes beside the ids.
const (
	probeRefresh  = "refresh"  // the refresh of the profile's token
	probeMetadata = "metadata" // everything that reads the org's metadata
	probeUser     = "user"     // what the user may do
)

// AuditProbes lists what can be left out by name: each check, and three things that
// serve several.
func AuditProbes() []string {
	return append(AuditIDs(), probeRefresh, probeMetadata, probeUser)
}

func (q *inquiry) without(name string) bool { return slices.Contains(q.Without, name) }

func notProbed(id string) string { return "Not tried, as --no-probe " + id + " says." }

// heldBecause says why a refresh token that was handed over is left alone.
func heldBecause(p store.Profile) string {
	return "The refresh token was left alone: " + connection.WhyShared(p) + " (--yes uses it all the same)."
}

// Planned is one request that an audit would make.
type Planned struct {
	Method  string
	URL     string // without a query
	Sends   string
	For     []string // the ids that it serves
	Times   int      // how often, where that is more than once
	Perhaps string   // on what it depends; empty where it is sent in any case
}

// Plan lists what Run would send, and sends nothing. What depends on an answer is
// said so. The secrets are not read.
func (a Audit) Plan() ([]Planned, error) {
	s, err := a.Machine.Open(a.Profile)
	if err != nil {
		return nil, err
	}
	q := &inquiry{Audit: a, s: s, p: s.Profile()}
	if q.r, err = a.wanted(q.p); err != nil {
		return nil, err
	}
	login, instance := s.LoginURL().String(), q.p.Org.InstanceURL
	var out []Planned
	add := func(method, address, sends string, ids ...string) *Planned {
		out = append(out, Planned{Method: method, URL: address, Sends: sends, For: ids})
		return &out[len(out)-1]
	}
	checks := q.checks()
	for _, line := range q.askedLines() {
		if line == "" {
			add("GET", login+"/services/oauth2/authorize", "the beginning of a sign-in without a callback, without a login", "key_known")
			continue
		}
		add("GET", login+"/services/oauth2/authorize", "the beginning of a sign-in with the callback "+line+", without a login", "key_known", "callback_registered:"+line)
	}
	if len(q.callbackLines()) > 0 && !q.without("pkce_required") {
		add("GET", login+"/services/oauth2/authorize", "the same without a code challenge, for a line that is registered", "pkce_required")
	}
	for _, t := range connection.Trials() {
		ids := q.served(checks, t)
		if len(ids) == 0 {
			continue
		}
		host := login
		if t.OwnHost {
			host = instance
		}
		add("POST", host+"/services/oauth2/token", t.Sends, ids...)
		if t.Grants {
			add("POST", host+"/services/oauth2/revoke", "that token", ids...).Perhaps = "only if a token comes"
		}
	}
	if a.Outside {
		return out, nil
	}
	ids := func(need func(auditCheck) bool) (names []string) {
		for _, c := range checks {
			if need(c) && !q.without(c.id) {
				names = append(names, c.id)
			}
		}
		return slices.Compact(names)
	}
	if connection.Renewable(q.p) && !q.without(probeRefresh) && (!connection.Shared(q.p) || q.Machine.RefreshShared) {
		fresh := ids(func(c auditCheck) bool { return c.token || q.ownFlow(c.id) })
		if connection.Flow(q.p.Flow).NeedsNobody() {
			add("GET", q.p.IdentityURL, "the saved access token, to learn whether it lives", fresh...).Perhaps = "only where one is saved"
		}
		add("POST", login+"/services/oauth2/token", q.refreshSends(), fresh...)
		add("POST", login+"/services/oauth2/revoke", "the access token that came, when it has served", fresh...).Perhaps = "only where another is saved that lives"
	}
	if !q.without(probeMetadata) && q.mayCallAPI() {
		reads := ids(func(c auditCheck) bool { return c.read })
		add("POST", instance+"/services/Soap/m", "listMetadata of the External Client App types", reads...).Times = 2
		add("POST", instance+"/services/Soap/m", "readMetadata of the org's OAuth settings", reads...)
		add("POST", instance+"/services/Soap/m", "readMetadata of each type that was listed, ten components at a time", reads...).Times = 4
	}
	if !q.without(probeUser) {
		asks := add("POST", login+"/services/oauth2/introspect", "the access token, to learn how long it lives")
		if !q.p.HasConsumerSecret {
			asks.Perhaps = "only where no access token is saved"
		}
		if q.mayCallAPI() {
			add("GET", instance+"/services/data", "queries: what this user may do, and how many approvals of apps the user has").Times = 2
		}
	}
	return out, nil
}

func (q *inquiry) refreshSends() string {
	if connection.Flow(q.p.Flow).NeedsNobody() {
		return "the profile's own request for a token (" + q.p.Flow + "); the new one is saved"
	}
	return "a refresh, as sfconnect test does it; what comes is saved"
}

// served are the checks that a trial is made for.
func (q *inquiry) served(checks []auditCheck, t connection.Trial) []string {
	if t.Secret == connection.SecretRight && (q.Outside || !q.p.HasConsumerSecret) {
		return nil
	}
	var ids []string
	for _, c := range checks {
		own := q.ownFlow(c.id)
		if slices.Contains(c.trials, t.Name) && !q.without(c.id) && (!own || strings.HasSuffix(t.Name, "client_wrong")) {
			ids = append(ids, c.id)
		}
	}
	return slices.Compact(ids)
}
