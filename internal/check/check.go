// Package check says what should be, what is, how we know and how to mend it.
// It sees a saved connection, or the machine, and reports; it prints nothing.
package check

import (
	"context"
	"time"

	"example.com/sfconnect/internal/fault"
)

// Status is the outcome of one check.
type Status string

// The outcomes.
const (
	Pass Status = "pass"
	Warn Status = "warn"
	Fail Status = "fail"
	Skip Status = "skip"

	Unknown Status = "unknown" // of an audit: the facts do not settle it
)

// Stage is one step of the connectivity test, one look at the machine, or one check
// of an audit.
type Stage struct {
	Name   string // of what there are several, ":" and which one follows
	Status Status
	Took   time.Duration
	Detail string       // what was found, one line
	Hint   string       // what to do about it; empty when all is well
	Fault  *fault.Fault // why it failed, and the exit code of that; nil otherwise
	Mend   *Mend        // what would put it right here and now; nil for nothing
}

// Mend puts something right.
type Mend struct {
	Question string                          // asked of a person first; without one it is done only on demand
	Do       func(ctx context.Context) Stage // the stage as it is afterwards
}

// failed is a stage that ended with err.
func failed(name string, err error) Stage {
	f := fault.From(err)
	return Stage{Name: name, Status: Fail, Detail: f.Message, Hint: f.Hint, Fault: f}
}

// Result is the outcome for one profile. Fault belongs to the first failed stage.
type Result struct {
	Profile string
	Stages  []Stage
	Fault   *fault.Fault
}

// OK reports whether no stage failed.
func (r Result) OK() bool { return r.Fault == nil }
