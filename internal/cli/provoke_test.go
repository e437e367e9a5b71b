package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/practice"
	"example.com/sfconnect/internal/salesforce"
)

// provoke makes one fault of the org's active and runs a command of sfconnect's,
// for people with --verbose and for scripts with --json, that must end with this
// exit code and tell Salesforce's code, the dictionary's remedy and no secret:
// provoke FAULT EXIT COMMAND [ARG…]. auth gets what it needs, and the org heals
// afterwards. Exit code 0 means that the command takes the error for success,
// and it runs once.
func provoke(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: provoke FAULT EXIT COMMAND [ARG…]")
	}
	name, exit, command := args[0], args[1], args[2:]
	i := slices.IndexFunc(practice.FaultNames(), func(f practice.FaultInfo) bool { return f.Name == name })
	if i < 0 {
		ts.Fatalf("the practice org has no fault %q", name)
	}
	f := practice.FaultNames()[i]
	entry, ok := faultEntry(f)
	if !ok {
		ts.Fatalf("the fault %s is in no row of the dictionary", name)
	}
	org := theOrg(ts)
	command = withConnection(ts, command)
	if exit != "0" {
		ts.Check(org.SetFaults(name))
		mustExit(ts, exit, "sfconnect", slices.Concat(command, []string{"--verbose"}))
		people := ts.ReadFile("stdout") + ts.ReadFile("stderr")
		noSecrets(ts, org, people)
		if first, _, _ := strings.Cut(entry.Fix, ". "); !strings.Contains(people, first) {
			ts.Fatalf("people are not told what to do: %s", entry.Fix)
		}
	}
	ts.Check(org.SetFaults(name))
	mustExit(ts, exit, "sfconnect", slices.Concat(command, []string{"--json"}))
	if !slices.ContainsFunc(org.Ledger().Requests, func(r practice.Request) bool { return r.Fault == name }) {
		ts.Fatalf("the fault %s never acted", name)
	}
	ts.Check(org.SetFaults())
	stdout, stderr := ts.ReadFile("stdout"), ts.ReadFile("stderr")
	noSecrets(ts, org, stdout+stderr)
	if exit != "0" {
		tells(ts, f, entry, stdout)
	}
}

// withConnection adds what auth must know. A flow without a browser works at My
// Domain alone.
func withConnection(ts *testscript.TestScript, command []string) []string {
	if command[0] != "auth" {
		return command
	}
	out := slices.Concat(command, []string{"--profile", "provoked", "--consumer-key", ts.Getenv("KEY")})
	if slices.Contains(command, "--flow") {
		return append(out, "--login-url", ts.Getenv("MY_DOMAIN"))
	}
	return append(out, "--login-url", ts.Getenv("LOGIN_URL"), "--callback-url", ts.Getenv("CALLBACK"))
}

// tells checks that the JSON answer carries what the dictionary has on the error.
func tells(ts *testscript.TestScript, f practice.FaultInfo, entry salesforce.Entry, stdout string) {
	var answer struct {
		OK    bool
		Error struct {
			Code, Message, Hint string
			Exit                int
		}
	}
	if err := json.Unmarshal([]byte(stdout), &answer); err != nil {
		ts.Fatalf("stdout is not one document: %v", err)
	}
	got, want := answer.Error, f.Code
	if want == "" {
		want = fault.NotSalesforce
	}
	switch {
	case answer.OK || got.Code != want:
		ts.Fatalf("code %q, want %q", got.Code, want)
	case got.Exit != entry.Exit:
		ts.Fatalf("exit code %d, the dictionary has %d", got.Exit, entry.Exit)
	case !strings.Contains(got.Hint, entry.Fix):
		ts.Fatalf("the hint %q lacks the remedy %q", got.Hint, entry.Fix)
	case f.Code != "" && !strings.Contains(got.Message, entry.What):
		ts.Fatalf("the message %q does not say that %s", got.Message, entry.What)
	case f.Code != "" && entry.Page != "" && !strings.Contains(got.Hint, entry.Page.Path()):
		ts.Fatalf("the hint %q lacks the page %s", got.Hint, entry.Page.Path())
	}
}

// noSecrets fails where output holds the Consumer Secret, a token that the org
// or the keychain knows, or anything of the form of a token, a code or a key.
func noSecrets(ts *testscript.TestScript, org *practice.Org, output string) {
	l := org.Ledger()
	secrets := slices.Concat([]string{ts.Getenv("SECRET")}, l.LiveAccessTokens, l.LiveRefreshTokens, l.RevokedTokens)
	for _, s := range secrets {
		if s != "" && strings.Contains(output, s) {
			ts.Fatalf("a secret is shown: %s", s)
		}
	}
	if found := regexp.MustCompile(`aPrx[\w.]{8}|5Aep861|00D\w{12}!|eyJ[\w-]{8}|PRIVATE KEY|MII[EC]`).FindString(output); found != "" {
		ts.Fatalf("something like a secret is shown: %s…", found)
	}
}

// Every row of the dictionary is provoked by a script with the real commands.
func TestDictionaryIsProvoked(t *testing.T) {
	provoked := map[salesforce.Entry]bool{}
	files, err := filepath.Glob("../../testdata/script/dictionary*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	lines := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if words := strings.Fields(line); len(words) > 1 && words[0] == "provoke" {
				lines[words[1]] = true
			}
		}
	}
	for _, f := range practice.FaultNames() {
		if e, ok := faultEntry(f); ok && lines[f.Name] {
			provoked[e] = true
		}
	}
	for _, e := range salesforce.Entries() {
		if !provoked[e] {
			t.Errorf("no script provokes %s %q %q", e.Surface, e.Code, e.Description)
		}
	}
}
