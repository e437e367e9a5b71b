package main

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
)

// process is a program that runs beside the test.
type process struct {
	*exec.Cmd
	t        *testing.T
	out, err *transcript
	ended    chan struct{}
}

// starts runs the program with input on stdin and follows what it says.
func (u *user) starts(input string, args ...string) *process {
	u.t.Helper()
	cmd := u.command(args...)
	p := &process{Cmd: cmd, t: u.t, out: newTranscript(u.t, "stdout"), err: newTranscript(u.t, "stderr"), ended: make(chan struct{})}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), p.out, p.err
	if err := cmd.Start(); err != nil {
		u.t.Fatal(err)
	}
	go func() {
		_ = cmd.Wait()
		p.out.end()
		p.err.end()
		close(p.ended)
	}()
	u.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-p.ended
	})
	return p
}

// exits waits for the end and wants this exit code.
func (p *process) exits(code int) {
	p.t.Helper()
	<-p.ended
	if got := p.ProcessState.ExitCode(); got != code {
		p.t.Fatalf("%s: exit code %d, want %d\n%s\n%s", strings.Join(p.Args[1:], " "), got, code, p.out, p.err)
	}
}

// runs runs the program to its end, which must have this exit code.
func (u *user) runs(code int, args ...string) *process {
	u.t.Helper()
	p := u.starts("", args...)
	p.exits(code)
	return p
}

// document wants stdout to be exactly one JSON document and reads it.
func (p *process) document(into any) {
	p.t.Helper()
	text := p.out.String()
	if strings.Count(text, "\n") != 1 || !strings.HasSuffix(text, "\n") {
		p.t.Errorf("stdout is not one document on one line:\n%s", text)
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		p.t.Fatalf("stdout is no JSON: %v\n%s", err, text)
	}
}

type failure struct {
	Code, Stage, Message, Hint string
	Exit                       int
}

// failure reads the document of an error.
func (p *process) failure() failure {
	p.t.Helper()
	var d struct {
		Schema int
		OK     bool
		Error  failure
	}
	p.document(&d)
	if d.Schema != 1 || d.OK || d.Error.Message == "" {
		p.t.Errorf("no error document: %s", p.out)
	}
	return d.Error
}
