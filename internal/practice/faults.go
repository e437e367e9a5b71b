package practice

import (
	"fmt"
	"slices"
	"strings"
)

// FaultInfo describes one thing that can be made wrong. Surface, Code and
// Description say which of Salesforce's errors it produces, where it is one.
type FaultInfo struct {
	Name        string `json:"name"`
	Help        string `json:"help"`
	Surface     string `json:"surface"` // authorize, token, jwt (the token endpoint in that flow), revoke, identity, rest, metadata or introspect
	Code        string `json:"code,omitempty"`
	Description string `json:"description,omitempty"`
}

// place is the point at which a fault acts.
type place int

const (
	beforeLogin  place = iota // authorize endpoint: plain text, nothing else happens
	immediately               // authorize endpoint: redirect to the callback, before login
	onErrorPage               // after login: Salesforce's error page
	atCallback                // after login: redirect to the callback with error=
	authorizeAt               // authorize endpoint: a whole answer that is not Salesforce's
	tokenFirst                // token endpoint: before anything is looked at
	tokenGrant                // the scopes of a new approval
	tokenFields               // the fields of a good token answer
	tokenAnswer               // the whole good token answer, after the grant was spent
	revokeFirst               // revoke endpoint
	identityAt                // identity and userinfo
	restAt                    // /services/data, apart from the list of versions
	metadataAt                // the Metadata API
	introspectAt              // introspection
)

// fault is one entry of the table. Which of the fields count depends on at.
type fault struct {
	FaultInfo
	at     place
	grants []string // tokenFirst: for these grant types only; nil for all
	times  int      // acts that many times, then heals; 0 for ever
	status int      // restAt, identityAt
	fields func(*Org, *fields)
	scopes func([]string) []string
	whole  func(*Org, reply) reply
}

type activeFault struct {
	fault
	left int // how often it still acts, when times is set
}

// FaultNames lists every fault that Options.Faults takes.
func FaultNames() []FaultInfo {
	var out []FaultInfo
	for _, f := range faultTable() {
		out = append(out, f.FaultInfo)
	}
	return out
}

func faultTable() []fault {
	return slices.Concat(authorizeFaults(), tokenFaults(), answerFaults(), restFaults(), metadataFaults())
}

// setFaults is all or nothing: after an error the active faults are as before.
func (o *Org) setFaults(names []string) error {
	table := faultTable()
	var active []*activeFault
	for _, name := range names {
		i := slices.IndexFunc(table, func(f fault) bool { return f.Name == name })
		if i < 0 {
			var known []string
			for _, f := range table {
				known = append(known, f.Name)
			}
			return fmt.Errorf("practice org: unknown fault %q; known are:\n  %s", name, strings.Join(known, "\n  "))
		}
		active = append(active, &activeFault{fault: table[i], left: table[i].times})
	}
	o.faults = active
	return nil
}

// fault returns the first active fault at a place and counts it. grant matters
// at tokenFirst only.
func (o *Org) fault(c *call, at place, grant string) *fault {
	for _, a := range o.faults {
		if a.at != at || a.grants != nil && !slices.Contains(a.grants, grant) || a.times > 0 && a.left == 0 {
			continue
		}
		a.left--
		c.seen.Fault = a.Name
		return &a.fault
	}
	return nil
}
