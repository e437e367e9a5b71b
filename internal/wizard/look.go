package wizard

import (
	"context"
	"reflect"
	"time"

	"example.com/sfconnect/internal/store"
)

// looksFrom begins a look at a finished connection: as long as the answers are what they
// are now, there is nothing to go on with, whatever was looked at.
func (s *Setup) looksFrom() { s.look = s.p.answers() }

// answers are the progress without how far a person came in looking at it.
func (p *progress) answers() *progress {
	a := *p
	a.Pages, a.UpdatedAt, a.Look = nil, time.Time{}, false
	a.RecipeDone, a.LoginDone, a.PagesDone, a.KeyDone = true, true, true, true
	a.Connected, a.Confirmed, a.Tested, a.HandedOver = true, true, true, true
	a.Recipe.Inputs = map[string]string{}
	for id, value := range p.Recipe.Inputs {
		a.Recipe.Inputs[id] = value
	}
	return &a
}

// looking reports whether a finished connection is looked at, and nothing was answered
// differently yet.
func (s *Setup) looking() bool {
	if s.look != nil && !reflect.DeepEqual(s.look, s.p.answers()) {
		s.look = nil
	}
	return s.look != nil
}

// endLook leaves nothing of a look behind, on Ctrl-C too.
func (s *Setup) endLook(ctx context.Context) {
	if s.p != nil && s.looking() {
		_ = s.forgetProgress(context.WithoutCancel(ctx)) // what stays is tidied up by the next run
	}
}

// valuesAlone reports whether only the values to hand over are wanted, of a connection
// that is finished although a change of it was begun.
func (s *Setup) valuesAlone(saved store.Profile) bool {
	return s.Step == stepHandOver && saved.ID != "" && s.p.Unconfirmed == "" && (s.p.Tested || !s.p.Connected) && !s.signedInAlready(saved)
}
