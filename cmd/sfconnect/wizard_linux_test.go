package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"example.com/sfconnect/internal/practice"
)

// quilia chooses that integration in the list, by typing.
const quilia = "quilia" + keyEnter

func TestWizardOnATerminal(t *testing.T) {
	u := newUser(t)
	browser, opened := u.hasBrowser()
	s := u.sits("init", "--practice", "--browser", browser)
	s.sees(`step 1 of 8`)
	s.answers(`integration`, quilia)
	s.answers(`email`, keyEnter)
	s.sees(`step 2 of 8`)
	s.answers(`login URL`, keyEnter)

	s.sees(`step 3 of 8`)
	s.answers(`org already`, keyEnter)
	s.answers(`page 1 of 7`, keyEnter)
	s.answers(`page 2 of 7`, "o")
	if page := <-opened; !strings.Contains(page, "/lightning/setup/") {
		t.Errorf("opened %s instead of the Setup page", page)
	}
	s.answers(`page 2 of 7`, "b")
	s.answers(`page 1 of 7`, keyEnter)
	s.answers(`page 2 of 7`, "1")
	s.sees(`(?i)clipboard|copied`)
	if copied := base64.StdEncoding.EncodeToString([]byte("Quilia Integration")); !strings.Contains(s.bytes(), "\x1b]52;c;"+copied) {
		t.Error("the app's name was not sent to the terminal's clipboard")
	}
	s.types(keyEnter)
	for page := 3; page <= 7; page++ {
		s.answers(fmt.Sprintf(`page %d of 7`, page), keyEnter)
	}

	s.sees(`step 4 of 8`)
	s.answers(`Consumer Key`, keyEnter)
	s.answers(`Consumer Secret`, keyEnter)
	s.sees(`step 5 of 8`)
	if page := <-opened; !strings.Contains(page, "/services/oauth2/authorize?") {
		t.Errorf("opened %s instead of the authorize address", page)
	}
	s.sees(`step 6 of 8`, `Ada Admin`, `Practice Inc`)
	s.answers(`right org`, keyEnter)
	s.sees(`step 7 of 8`, `store`, `token`, `limits`)
	s.answers(`connection works`, keyEnter)
	s.sees(`step 8 of 8`)
	s.answers(`Consumer Secret`, keyEnter)
	s.answers(`localhost:1717`, keyEnter)
	s.exits(0)
	u.wantNoLeftovers()
}

func TestInterruptedInAForm(t *testing.T) {
	key := func(s *terminal) { s.types(keyCtrlC) }
	signal := func(s *terminal) { _ = s.program.Signal(syscall.SIGINT) }
	for name, test := range map[string]struct {
		forms     []string // the last one is interrupted
		interrupt func(*terminal)
	}{
		"a choice":         {[]string{`integration`}, key},
		"an entry":         {[]string{`integration`, `email`}, key},
		"a page":           {[]string{`integration`, `email`, `login URL`, `org already`, `page 1 of 7`}, key},
		"a choice, signal": {[]string{`integration`}, signal},
		"an entry, signal": {[]string{`integration`, `email`}, signal},
		"a page, signal":   {[]string{`integration`, `email`, `login URL`, `org already`, `page 1 of 7`}, signal},
	} {
		t.Run(name, func(t *testing.T) {
			u := newUser(t)
			s := u.sits("init", "--practice")
			last := len(test.forms) - 1
			for _, about := range test.forms[:last] {
				if about == `integration` {
					s.answers(about, quilia)
					continue
				}
				s.answers(about, keyEnter)
			}
			s.answers(test.forms[last], "")
			test.interrupt(s)
			s.exits(130)
			u.wantNoLeftovers()
		})
	}
}

func TestRehearsedCertificateIsNotKept(t *testing.T) {
	u := newUser(t)
	signed := filepath.Join(u.home, "signed.yaml")
	if err := os.WriteFile(signed, []byte(`{schema: 1, id: signed, title: Signed, source: {date: "2026-11-25"}, app: {name: Signed},
scopes: [api], switches: {jwt_bearer_flow: on}, authorize: {flow: jwt-bearer}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	s := u.sits("init", "--practice", "--recipe", signed)
	s.answers(`login URL`, keyEnter)
	s.answers(`org already`, keyEnter)
	s.answers(`how many days`, keyEnter)
	s.answers(`save the certificate`, keyEnter)
	s.answers(`Username`, "")
	s.types(keyCtrlC)
	s.exits(130)
	u.wantNoLeftovers()
}

// TestRecipeIsWrittenOnATerminal answers the questions, and rehearses with what came of it.
func TestRecipeIsWrittenOnATerminal(t *testing.T) {
	u := newUser(t)
	s := u.sits("recipe", "new")
	s.answers(`Short name`, "acme-sync"+keyEnter)
	s.answers(`Name of the product`, "Acme Sync"+keyEnter)
	for _, about := range []string{`Who makes`, `What is it for`, `Address of the guide`, `Date of that guide`, `Which kind of app`, `Which Contact Email`, `Client App Name`, `API Name`, `sign in to Salesforce`,
		`without a Consumer Secret`, `Callback URLs`, `OAuth scopes`, `Must these be all`, `must not be selected`, `Flow Enablement`, `under Security`, `Policies tab`} {
		s.answers(about, keyEnter)
	}
	s.answers(`do the values go`, "Acme › Settings"+keyEnter)
	s.answers(`call the Consumer Key`, "Client ID"+keyEnter)
	for _, about := range []string{`call the Consumer Secret`, `call the login URL`, `call the My Domain`, `call the instance URL`, `call the refresh token`, `values are entered`, `to mind`} {
		s.answers(about, keyEnter)
	}
	s.sees(`written to acme-sync\.yaml`, `init --practice --recipe acme-sync\.yaml`)
	s.exits(0)
	file := filepath.Join(u.home, "acme-sync.yaml")
	before, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(before), "label: Client ID\n    value: ${consumer_key}") {
		t.Fatalf("%v:\n%s", err, before)
	}
	u.runs(0, "recipe", "validate", file)
	u.runs(0, "init", "--practice", "--no-input", "--recipe", file)

	s = u.sits("recipe", "new", "--output", "acme-sync.yaml")
	s.exits(2) // before the first question
	s = u.sits("recipe", "new")
	s.answers(`Short name`, "acme-sync"+keyEnter)
	s.sees(`file acme-sync\.yaml already`)
	s.types(keyCtrlC)
	s.exits(130)
	if after, _ := os.ReadFile(file); string(after) != string(before) {
		t.Error("the file was changed")
	}
}

// TestStepAndExistingAppOnATerminal compares an app that exists, leaves, and goes straight
// to a step.
func TestStepAndExistingAppOnATerminal(t *testing.T) {
	u := newUser(t)
	u.hasKeyring()
	org := u.starts("", "practice", "--json", "--recipe", "quilia")
	var facts practice.Facts
	if err := json.Unmarshal([]byte(org.out.reads(`(?m)^(\{.*\})\n`)[1]), &facts); err != nil {
		t.Fatal(err)
	}
	s := u.sits("init", "--no-browser", "--recipe", "quilia", "--input", "contact_email=ops@acme.example")
	s.answers(`login URL`, facts.MyDomainURL+keyEnter)
	s.answers(`org already`, "")
	s.chooses(`compare it`)
	s.answers(`Compare the app.*page 1 of 7`, keyEnter)
	s.answers(`page 2 of 7`, "q")
	s.exits(130)

	s = u.sits("init", "--no-browser", "--step", "key")
	s.sees(`needs step 3 \(app\) first`)
	s.exits(2)
	s = u.sits("init", "--no-browser", "--step", "app")
	s.answers(`org already`, keyEnter) // as answered before
	s.answers(`Compare the app.*page 1 of 7`, keyCtrlC)
	s.exits(130)
	s = u.sits("init", "--no-browser", "--from-start", "--recipe", "quilia")
	s.answers(`email`, keyCtrlC)
	s.exits(130)
	if err := org.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	org.exits(130)
}

// TestRecipeFileIsAskedAbout: Enter is no yes.
func TestRecipeFileIsAskedAbout(t *testing.T) {
	u := newUser(t)
	u.hasKeyring()
	file := filepath.Join(u.home, "small.yaml")
	if err := os.WriteFile(file, []byte(`{schema: 1, id: small, title: Small, source: {}, app: {name: Small}, callback_urls: ["https://small.example/cb"], authorize: {flow: web}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	s := u.sits("init", "--no-browser", "--recipe", file)
	s.sees(`Codes go to\s+small\.example`)
	s.answers(`trust this file`, keyEnter)
	s.exits(130)
	s = u.sits("init", "--no-browser", "--recipe", file)
	s.answers(`trust this file`, "")
	s.chooses(`go on`)
	s.answers(`login URL`, keyCtrlC)
	s.exits(130)
	s = u.sits("init", "--no-browser", "--recipe", file, "--profile", "other", "--yes")
	s.answers(`login URL`, keyCtrlC)
	s.exits(130)
}
