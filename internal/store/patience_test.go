package store

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

var errHeld = errors.New("another process has the file open")

// TestPatience: what another process holds open is tried again for two seconds, and
// nothing else is.
func TestPatience(t *testing.T) {
	other := errors.New("no such file")
	for name, c := range map[string]struct {
		answers []error // the last one is given for ever
		want    error
		tries   int
		took    time.Duration
	}{
		"free":                         {[]error{nil}, nil, 1, 0},
		"held for a moment":            {[]error{errHeld, errHeld, errHeld, nil}, nil, 4, 30 * time.Millisecond},
		"held for ever":                {[]error{errHeld}, errHeld, 201, 2 * time.Second},
		"failed":                       {[]error{other}, other, 1, 0},
		"held, and then failed":        {[]error{errHeld, other}, other, 2, 10 * time.Millisecond},
		"held, in the chain of errors": {[]error{errors.Join(errHeld), nil}, nil, 2, 10 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begin, tries := time.Now(), 0
				err := repeat(t.Context(), isHeld, func() error {
					tries++
					return c.answers[min(tries, len(c.answers))-1]
				})
				if !errors.Is(err, c.want) || tries != c.tries || time.Since(begin) != c.took {
					t.Errorf("%v after %d tries and %v, want %v, %d, %v", err, tries, time.Since(begin), c.want, c.tries, c.took)
				}
			})
		})
	}
}

func TestPatienceEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 95*time.Millisecond)
		defer cancel()
		tries := 0
		err := repeat(ctx, isHeld, func() error { tries++; return errHeld })
		if !errors.Is(err, errHeld) || tries != 10 {
			t.Errorf("%v after %d tries", err, tries)
		}
	})
}

func isHeld(err error) bool { return errors.Is(err, errHeld) }
