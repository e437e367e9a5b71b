package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

var (
	errNoAnswer = errors.New("no answer within the time limit")
	errVanished = errors.New("the secret store went away in the middle of a call")
)

// queue lets one keychain call run at a time and knows whether the one that runs
// was given up.
type queue struct {
	place chan struct{}
	mu    sync.Mutex
	now   *turn
}

type turn struct{ givenUp bool }

// enter waits for the place until limit fires. Behind a call that was given up
// there is nothing to wait for.
func (q *queue) enter(ctx context.Context, limit <-chan time.Time) (*turn, error) {
	select {
	case q.place <- struct{}{}:
		return q.begin(), nil
	default:
	}
	q.mu.Lock()
	stuck := q.now != nil && q.now.givenUp
	q.mu.Unlock()
	if stuck {
		return nil, errNoAnswer
	}
	select {
	case q.place <- struct{}{}:
		return q.begin(), nil
	case <-limit:
		return nil, errNoAnswer
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (q *queue) begin() *turn {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.now = new(turn)
	return q.now
}

func (q *queue) leave() {
	q.mu.Lock()
	q.now = nil
	q.mu.Unlock()
	<-q.place
}

func (q *queue) giveUp(t *turn) {
	q.mu.Lock()
	defer q.mu.Unlock()
	t.givenUp = true
}

// call runs do with the time limit and turns its error into a fault. A call that
// does not end is left behind; while it is stuck, others fail at once.
func (s *Secrets) call(ctx context.Context, op operation, do func() (string, error)) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", s.explain(ctx, op, err)
	}
	if err := s.open(ctx, op == opWrite || op == opProbe); err != nil {
		return "", s.explain(ctx, op, err)
	}
	limit := time.NewTimer(s.Limit)
	defer limit.Stop()
	turn, err := s.queue.enter(ctx, limit.C)
	if err != nil {
		return "", s.explain(ctx, op, err)
	}
	type answer struct {
		value string
		err   error
	}
	answered := make(chan answer, 1)
	go func() {
		var a answer
		defer func() {
			// go-keyring reads a nil signal when the bus closes under a prompt.
			if r := recover(); r != nil {
				a = answer{err: fmt.Errorf("%w: %v", errVanished, r)}
			}
			s.queue.leave()
			answered <- a
		}()
		a.value, a.err = do()
	}()
	asked := false
	for {
		select {
		case a := <-answered:
			return a.value, s.explain(ctx, op, a.err)
		case <-ctx.Done():
			return "", s.explain(ctx, op, ctx.Err())
		case <-limit.C:
			if !asked && s.Notify != nil && s.prompting(ctx) {
				asked = true
				s.Notify("Waiting for you to unlock " + s.Label() + ": a window asks for its password.")
				limit.Reset(s.PromptLimit)
				continue
			}
			s.queue.giveUp(turn)
			return "", s.explain(ctx, op, errNoAnswer)
		}
	}
}
