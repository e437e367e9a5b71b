package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"example.com/sfconnect/internal/practice"
)

// pasteInto runs a command of the paste flow with a person at another browser, who
// signs in at the address that stderr shows and pipes what HOW says into stdin:
// address, code, deny, state (of another sign-in), twice (encoded once more), close
// or wait (nothing at all) or the text itself. It must end with CODE; its two streams are
// kept in out.json and err.txt: paste CODE HOW COMMAND ARG….
func pasteInto(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 3 {
		ts.Fatalf("usage: paste CODE HOW COMMAND ARG…")
	}
	program := ""
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		if path := filepath.Join(dir, args[2]+ts.Getenv("exe")); program == "" && isFile(path) {
			program = path
		}
	}
	cmd := exec.Command(program, args[3:]...)
	cmd.Dir = ts.MkAbs(".")
	for _, name := range []string{"HOME", "PATH", "SYSTEMROOT", "SCRIPT_KEYCHAIN", "SCRIPT_NO_SLEEP", "SCRIPT_LATER", "SFCONNECT_CONSUMER_SECRET", "SFCONNECT_PROFILE"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	cmd.Env = append(cmd.Env, "SCRIPT_BROWSER=ignore", "TESTSCRIPT_COMMAND="+args[2])
	stdin, err := cmd.StdinPipe()
	ts.Check(err)
	stderr, err := cmd.StderrPipe()
	ts.Check(err)
	var out bytes.Buffer
	cmd.Stdout = &out
	ts.Check(cmd.Start())
	said := tellPasted(ts, stderr, stdin, args[1])
	got := 0
	var failed *exec.ExitError
	if err := cmd.Wait(); errors.As(err, &failed) {
		got = failed.ExitCode()
	} else {
		ts.Check(err)
	}
	ts.Check(os.WriteFile(ts.MkAbs("out.json"), out.Bytes(), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs("err.txt"), []byte(said), 0o600))
	if fmt.Sprint(got) != args[0] {
		ts.Fatalf("exit code %d, want %s\n%s%s", got, args[0], out.String(), said)
	}
}

// tellPasted reads stderr to its end, and answers the first authorize address in it.
func tellPasted(ts *testscript.TestScript, stderr io.Reader, stdin io.WriteCloser, how string) string {
	var said strings.Builder
	address := regexp.MustCompile(`^https?://\S+/services/oauth2/authorize\?\S+$`)
	lines := bufio.NewScanner(stderr)
	for answered := false; lines.Scan(); {
		said.WriteString(lines.Text() + "\n")
		if answered || !address.MatchString(lines.Text()) {
			continue
		}
		answered = true
		if text := pastedText(ts, lines.Text(), how); text != "" {
			_, err := io.WriteString(stdin, text+"\n")
			ts.Check(err)
		}
		if how == "close" {
			stdin.Close()
		}
	}
	return said.String()
}

func pastedText(ts *testscript.TestScript, authorize, how string) string {
	visitor := practice.Visitor{Deny: how == "deny", Username: ts.Getenv("SCRIPT_USER")}
	switch how {
	case "close", "wait":
		return ""
	case "address", "deny", "code", "state", "twice":
	default:
		return how
	}
	landed, err := visitor.Address(context.Background(), authorize)
	ts.Check(err)
	u, err := url.Parse(landed)
	ts.Check(err)
	q := u.Query()
	switch how {
	case "code":
		return q.Get("code")
	case "state":
		q.Set("state", "another")
	case "twice":
		q.Set("code", url.QueryEscape(q.Get("code")))
	default:
		return landed
	}
	u.RawQuery = q.Encode()
	return u.String()
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
