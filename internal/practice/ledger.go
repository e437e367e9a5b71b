package practice

import (
	"maps"
	"slices"
	"time"
)

// Ledger is what the org witnessed: the truth that tests compare a client's
// story with. It holds tokens in plain, for they are invented.
type Ledger struct {
	Requests []Request

	AuthorizeRequests int            // GET of the authorize endpoint, refused ones included
	TokenRequests     int            // every request to the token endpoint
	TokensByGrant     map[string]int // the same by grant_type
	Logins            int            // sign-ins with the right password
	Approvals         int            // Allow pressed, or consent skipped
	Denials           int            // Deny pressed

	CodesIssued     int
	CodesSpent      int // first use, successful or not
	CodeReplays     int // any later use
	Refreshes       int // refresh requests that were answered with tokens
	RotationReplays int // a rotated-out refresh token came back
	Evictions       int // approvals revoked by the five-approvals rule
	RESTCalls       int // requests below /services/data with a live token
	MetadataCalls   int // calls of the Metadata API with a live token of a user who may
	Writes          int // calls of an API that ask for a change; none is made
	IdentityCalls   int
	Introspections  int
	RevokeRequests  int

	LiveAccessTokens  []string // in the order of issue
	LiveRefreshTokens []string
	RevokedTokens     []string // by the revoke endpoint, in order; the token as it was sent
	Tokens            []Token  // every token of late, in the order of issue, with what became of it
	Changes           []string // the settings that were changed since the start, in order, with repeats
}

// Token is a token and what became of it.
type Token struct {
	Kind   string // "access" or "refresh"
	How    string // the grant_type that made it; "issued" for what a test asked for
	App    string // the API name of the app
	User   string
	Text   string
	Issued time.Time
	State  string // "live", "expired", "revoked", "replaced" (by rotation) or "evicted" (by a newer approval)
}

// issued notes a new token; only so many are remembered.
func (o *Org) issued(witness func(*Org) Token) {
	o.made = append(o.made, witness)
	if n := len(o.made); n > 10000 {
		o.made = slices.Clone(o.made[n-5000:])
	}
}

func (t *refreshToken) witness(*Org) Token {
	return t.grant.token("refresh", t.how, t.text, t.issued, t.rotatedOut, false, false)
}

func (a *accessToken) witness(o *Org) Token {
	return a.grant.token("access", a.how, a.text, a.issued, false, a.revoked, !o.now().Before(a.issued.Add(o.cfg.sessionTimeout)))
}

func (g *grant) token(kind, how, text string, issued time.Time, replaced, revoked, expired bool) Token {
	state := "live"
	switch {
	case replaced:
		state = "replaced"
	case g.evicted:
		state = "evicted"
	case g.revoked || revoked:
		state = "revoked"
	case expired:
		state = "expired"
	}
	return Token{Kind: kind, How: how, App: g.app.cfg.apiName, User: g.user.username, Text: text, Issued: issued, State: state}
}

// Request is one request as the org saw it.
type Request struct {
	Time      time.Time
	Host      string // "login", "my_domain", "setup", "lightning", "other"
	Method    string
	Path      string
	Query     []string // the names of the query parameters, sorted
	Body      []string // the names of the form parameters, sorted
	Grant     string   // grant_type, for the token endpoint
	Operation string   // of a call of the Metadata API: its name and the types it is about
	Auth      string   // how the client identified itself: "body", "basic", "bearer", "none"
	Agent     string
	Status    int    // of the answer
	Error     string // Salesforce's code in the answer, if any
	Fault     string // the fault that acted, if any
}

// Ledger returns a copy of what happened so far.
func (o *Org) Ledger() Ledger {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.witnessed()
}

func (o *Org) witnessed() Ledger {
	l := o.ledger
	l.Requests = slices.Clone(l.Requests)
	l.TokensByGrant = maps.Clone(l.TokensByGrant)
	l.RevokedTokens, l.Changes = slices.Clone(l.RevokedTokens), slices.Clone(l.Changes)
	for _, witness := range o.made {
		l.Tokens = append(l.Tokens, witness(o))
	}
	for _, g := range o.grants {
		if !g.alive() {
			continue
		}
		if g.current != nil {
			l.LiveRefreshTokens = append(l.LiveRefreshTokens, g.current.text)
		}
		for _, a := range g.access {
			if o.accessAlive(a) {
				l.LiveAccessTokens = append(l.LiveAccessTokens, a.text)
			}
		}
	}
	return l
}
