package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
)

// silence is how long stdin may stay silent while a secret is awaited.
const silence = 60 * time.Second

// largestInput bounds what is read as a secret: no credential is near it.
const largestInput = 64 << 10

// secretFlags are the ways in which a secret reaches a command: never as a flag's value.
type secretFlags struct {
	name     string // "Consumer Secret"
	flag     string // the one that reads stdin
	stdin    bool
	file     string
	variable string // environment variable
	refused  string // value of the flag that must not be used
}

// neverAValue refuses a secret on the command line.
func (f secretFlags) neverAValue() *fault.Fault {
	file := strings.TrimSuffix(f.flag, "-stdin") + "-file PATH"
	ways := fmt.Sprintf("Give the %s in one of these ways:\n  %-31s  piped in\n  %-31s  from a file", f.name, f.flag, file)
	if f.variable != "" {
		ways += fmt.Sprintf("\n  %-31s  from the environment", f.variable)
	}
	return fault.New(fault.Usage, "input", "A secret is never taken as a flag's value: other programs on this machine and the shell's history could read it.", ways)
}

// read returns the secret from the one way given; empty when none was.
func (f secretFlags) read(ctx context.Context, a *app) (secret.Value, error) {
	if f.stdin && f.file != "" {
		return secret.Value{}, usage("The %s can come from stdin or from a file, not from both.", f.name)
	}
	switch {
	case f.stdin:
		text, err := a.readStdin(ctx, f.name, f.flag)
		return a.hide(secret.New(trimInput(text))), err
	case f.file != "":
		text, err := os.ReadFile(f.file)
		if err != nil {
			return secret.Value{}, unreadable("The "+f.name, strings.TrimSuffix(f.flag, "-stdin")+"-file", f.file, err)
		}
		if len(text) > largestInput {
			return secret.Value{}, usage("The file %s is too large to hold a %s.", f.file, f.name)
		}
		v := secret.New(trimInput(text))
		if v.Empty() {
			return v, usage("The file %s, which should hold the %s, is empty.", f.file, f.name)
		}
		return a.hide(v), nil
	case f.variable != "":
		return a.hide(secret.New(trimInput([]byte(a.Getenv(f.variable))))), nil
	}
	return secret.Value{}, nil
}

// unreadable says why a file that a flag or a variable names could not be read, and
// what to do.
func unreadable(what, from, path string, err error) *fault.Fault {
	why, hint := err.Error(), "Check the file that "+from+" names."
	switch pathErr := (*os.PathError)(nil); {
	case errors.Is(err, os.ErrNotExist):
		why = "there is no such file"
		hint = "Check the path that " + from + " names; it counts from the folder in which the command runs, unless it begins with a slash or a drive. sfconnect expands no ~ itself."
	case errors.Is(err, os.ErrPermission):
		why = "this user may not read it"
		hint = "Let this user read the file that " + from + " names, or run the command as the user who owns it."
	case errors.As(err, &pathErr):
		why = pathErr.Err.Error()
	}
	return fault.New(fault.Usage, "input", what+" could not be read from "+path+": "+why+".", hint).Because(err)
}

// readStdin reads stdin to its end, or fails when it stays silent.
func (a *app) readStdin(ctx context.Context, what, flag string) ([]byte, error) {
	hint := "Pipe it in, for example: pass show salesforce | sfconnect auth … " + flag
	type answer struct {
		text []byte
		err  error
	}
	got := make(chan answer, 1)
	heard := make(chan struct{}, 1)
	something := false
	go func() {
		text, err := io.ReadAll(io.LimitReader(&noticingReader{a.Stdin, heard}, largestInput+1))
		got <- answer{text, err}
	}()
	for {
		timer, cancel := context.WithCancel(ctx)
		expired := make(chan struct{})
		go func() {
			if a.Sleep(timer, silence) == nil {
				close(expired)
			}
		}()
		select {
		case r := <-got:
			cancel()
			if r.err != nil {
				return nil, usage("The %s could not be read from stdin: %v.", what, r.err)
			}
			if len(r.text) > largestInput {
				return nil, usage("Stdin holds too much to be a %s.", what)
			}
			if trimInput(r.text) == "" {
				return nil, fault.New(fault.MissingInput, "input", "Stdin was empty where the "+what+" was expected.", hint)
			}
			return r.text, nil
		case <-heard:
			something = true
			cancel()
		case <-expired:
			cancel()
			if something {
				return nil, usage("Stdin was not closed within 60 seconds after the %s came; whoever writes it must end.", what)
			}
			return nil, fault.New(fault.MissingInput, "input", "Nothing came on stdin for 60 seconds, where the "+what+" was expected.", hint)
		case <-ctx.Done():
			cancel()
			return nil, fault.New(fault.Interrupted, "input", "Interrupted.", "").Because(ctx.Err())
		}
	}
}

// noticingReader tells that something arrived.
type noticingReader struct {
	r     io.Reader
	heard chan<- struct{}
}

func (n *noticingReader) Read(p []byte) (int, error) {
	count, err := n.r.Read(p)
	if count > 0 && !errors.Is(err, io.EOF) {
		select {
		case n.heard <- struct{}{}:
		default:
		}
	}
	return count, err
}

// trimInput drops a BOM and one trailing newline, CRLF included.
func trimInput(text []byte) string {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	s := strings.TrimSuffix(string(text), "\n")
	return strings.TrimSuffix(s, "\r")
}
