package cli

import (
	"context"
	"fmt"
	"sync"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/term"
	"example.com/sfconnect/internal/wizard"
)

// manyFlags are those of the commands that can work on every saved connection.
type manyFlags struct {
	all         bool
	concurrency int
	jsonl       bool
}

func (f *manyFlags) add(cmd *cobra.Command, what string) {
	cmd.Flags().BoolVar(&f.all, "all", false, what)
	cmd.Flags().IntVar(&f.concurrency, "concurrency", 0, "with --all: how many at a time (default: what suits this machine)")
	cmd.Flags().BoolVar(&f.jsonl, "jsonl", false, "with --all: one JSON document a line, each as soon as it is there")
}

// check refuses what does not go together.
func (f *manyFlags) check(a *app) error {
	switch {
	case f.all && a.global.profile != "":
		return usage("--all and --profile exclude each other.")
	case !f.all && f.jsonl:
		return usage("--jsonl goes with --all; one connection is one document: --json.")
	case f.jsonl && a.global.json:
		return usage("--json and --jsonl exclude each other.")
	case f.concurrency < 0 || !f.all && f.concurrency != 0:
		return usage("--concurrency takes a number from 1 on, and goes with --all.")
	}
	return nil
}

// outcome is what a command has to tell of one connection: as a JSON document, and to
// people. Fault is why it failed, or nil.
type outcome struct {
	document any
	people   wizard.Line
	fault    *fault.Fault
}

// forAll does the same for many saved connections, several at a time, tells each
// outcome as it comes, and ends with the exit code of the first failing one by name.
// When ctx ends it tells what there is by then.
func (a *app) forAll(ctx context.Context, f manyFlags, names []string, do func(ctx context.Context, name string) outcome) error {
	said := newTeller(a, f, len(names))
	defer said.close()
	done := make([]*outcome, len(names))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(a.atATime(f), len(names)) {
		wg.Go(func() {
			for i := range next {
				if o := do(ctx, names[i]); ctx.Err() == nil {
					said.came(o)
					if !a.global.json { // it is told, and takes room
						o.document = nil
					}
					done[i] = &o
				}
			}
		})
	}
	for i := range names {
		select {
		case next <- i:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			break
		}
	}
	close(next)
	wg.Wait()
	return said.end(ctx, done)
}

// atATime is how many connections are worked on at once.
func (a *app) atATime(f manyFlags) int {
	if f.concurrency > 0 {
		return f.concurrency
	}
	return max(a.Parallel, 1)
}

// teller says outcomes as they come. came may be called from several goroutines.
type teller struct {
	a        *app
	f        manyFlags
	progress *term.Progress
	mu       sync.Mutex
	done     int
	failing  int
}

func newTeller(a *app, f manyFlags, total int) *teller {
	t := &teller{a: a, f: f}
	if a.StderrTTY && total > 1 && !a.plain() && a.Getenv("TERM") != "dumb" {
		t.progress = term.NewProgress(a.Stderr, total, a.Now)
	}
	a.notesTo(func(text string) {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.progress.Clear()
		fmt.Fprintln(a.Stderr, text)
	})
	return t
}

func (t *teller) close() {
	t.progress.Clear()
	t.a.notesTo(nil)
}

func (t *teller) came(o outcome) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done++
	if o.fault != nil {
		t.failing++
	}
	switch {
	case t.f.jsonl:
		t.progress.Clear()
		t.a.printJSON(o.document)
	case !t.a.global.json:
		t.progress.Clear()
		t.a.people(t.a.Stdout, t.a.StdoutTTY).Line(o.people)
		if t.a.global.verbose && o.fault != nil && o.fault.Cause != nil {
			fmt.Fprintln(t.a.Stderr, "cause: "+clean(t.a.redactor.Redact(o.fault.Cause.Error())))
		}
	}
	t.progress.Step(t.done, t.failing)
}

// end tells the whole: the one document of --json, or a sentence.
func (t *teller) end(ctx context.Context, done []*outcome) error {
	t.progress.Clear()
	exit := fault.ExitDone
	documents := []any{}
	for _, o := range done {
		if o == nil {
			continue
		}
		documents = append(documents, o.document)
		if o.fault != nil && exit == fault.ExitDone {
			exit = o.fault.Exit
		}
	}
	var stopped *fault.Fault
	if ctx.Err() != nil {
		stopped = interruptedAfter(t.done, len(done))
		exit = stopped.Exit
	}
	switch {
	case t.a.global.json:
		t.a.printJSON(manyJSON{1, exit == fault.ExitDone, documents, t.stoppedJSON(stopped)})
	case stopped != nil:
		t.a.tell(stopped)
		if t.f.jsonl {
			t.a.printJSON(errorDocument{Schema: 1, Error: t.a.errorJSON(stopped)})
		}
	case len(done) == 0:
		t.a.note("Nothing is saved yet. Start with: sfconnect init")
	case len(done) > 1:
		t.a.note("%s", summary(len(done), t.failing))
	}
	if exit != fault.ExitDone {
		return exitOnly{exit}
	}
	return nil
}

type manyJSON struct {
	Schema   int        `json:"schema"`
	OK       bool       `json:"ok"`
	Profiles []any      `json:"profiles"`
	Error    *errorJSON `json:"error,omitempty"`
}

func (t *teller) stoppedJSON(f *fault.Fault) *errorJSON {
	if f == nil {
		return nil
	}
	e := t.a.errorJSON(f)
	return &e
}

func interruptedAfter(done, total int) *fault.Fault {
	return fault.New(fault.Interrupted, "", fmt.Sprintf("Interrupted after %d of %d connections.", done, total),
		"What is told of those is complete. Run the command again for the others.").Because(context.Canceled)
}

func summary(total, failing int) string {
	if failing == 0 {
		return fmt.Sprintf("All %d went well.", total)
	}
	return fmt.Sprintf("%d of %d failed, %d went well.", failing, total, total-failing)
}
