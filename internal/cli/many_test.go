package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/wizard"
)

// fleet is an app for forAll alone, with what it writes.
func fleet(parallel int) (a *app, stdout, stderr *bytes.Buffer) {
	stdout, stderr = new(bytes.Buffer), new(bytes.Buffer)
	a = newApp(System{Stdout: stdout, Stderr: stderr, Getenv: func(string) string { return "" }, Now: time.Now, Parallel: parallel})
	return a, stdout, stderr
}

func well(name string) outcome {
	return outcome{document: map[string]any{"profile": name, "ok": true}, people: wizard.Line{Mark: wizard.MarkOK, Text: name + ": well"}}
}

func names(n int) (list []string) {
	for i := range n {
		list = append(list, fmt.Sprintf("org-%03d", i))
	}
	return list
}

// One connection that hangs holds up no other: all others are told before it ends.
func TestOneThatHangsDelaysNoOther(t *testing.T) {
	a, stdout, _ := fleet(4)
	others := make(chan struct{})
	var mu sync.Mutex
	told := 0
	err := a.forAll(t.Context(), manyFlags{all: true}, names(40), func(_ context.Context, name string) outcome {
		if name == "org-000" {
			<-others // hangs until everybody else was served
			return well(name)
		}
		mu.Lock()
		defer mu.Unlock()
		if told++; told == 39 {
			close(others)
		}
		return well(name)
	})
	if err != nil || strings.Count(stdout.String(), ": well") != 40 {
		t.Errorf("%v, and told:\n%s", err, stdout.String())
	}
}

// No more than the wanted number are worked on at a time, and that many are.
func TestAsManyAtATimeAsWanted(t *testing.T) {
	a, _, _ := fleet(100)
	var mu sync.Mutex
	now, most := 0, 0
	full := make(chan struct{})
	err := a.forAll(t.Context(), manyFlags{all: true, concurrency: 3}, names(30), func(_ context.Context, name string) outcome {
		mu.Lock()
		if now++; now > most {
			most = now
			if most == 3 {
				close(full)
			}
		}
		mu.Unlock()
		<-full
		mu.Lock()
		now--
		mu.Unlock()
		return well(name)
	})
	if err != nil || most != 3 {
		t.Errorf("%v; %d at a time, want 3", err, most)
	}
}

// Ctrl-C gives what is known by then, whole, as one document with the reason.
func TestAnInterruptGivesThePartialResult(t *testing.T) {
	a, stdout, stderr := fleet(1)
	a.global.json = true
	ctx, cancel := context.WithCancel(t.Context())
	err := a.forAll(ctx, manyFlags{all: true}, names(9), func(_ context.Context, name string) outcome {
		if name == "org-003" {
			cancel()
		}
		return well(name)
	})
	var said exitOnly
	if !errors.As(err, &said) || said.code != fault.ExitInterrupted {
		t.Errorf("ended with %v", err)
	}
	var out struct {
		OK       bool
		Profiles []struct{ Profile string }
		Error    struct{ Code string }
	}
	if err := json.Unmarshal(stdout.Bytes(), &out); err != nil {
		t.Fatalf("%v: %s", err, stdout.String())
	}
	if out.OK || out.Error.Code != fault.Interrupted || len(out.Profiles) != 3 || out.Profiles[2].Profile != "org-002" {
		t.Errorf("%s%s", stdout.String(), stderr.String())
	}
}
