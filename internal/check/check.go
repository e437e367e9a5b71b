// Package check says what should be, what is, how we know and how to mend it.
// It sees one saved connection and reports; it prints nothing.
package check

import (
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
)

// Stage is one step of the connectivity test.
type Stage struct {
	Name   string
	Status Status
	Took   time.Duration
	Detail string // what was found, one line
	Hint   string // what to do about it; empty when all is well
}

// Result is the outcome for one profile. Fault belongs to the first failed stage.
type Result struct {
	Profile string
	Stages  []Stage
	Fault   *fault.Fault
}

// OK reports whether no stage failed.
func (r Result) OK() bool { return r.Fault == nil }
