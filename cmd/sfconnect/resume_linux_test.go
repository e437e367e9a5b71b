package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"example.com/sfconnect/internal/practice"
)

// TestWizardGoesOn leaves a set-up three times, finishes it, and comes back to it.
func TestWizardGoesOn(t *testing.T) {
	u := newUser(t)
	u.hasKeyring()
	org := u.starts("", "practice", "--json", "--recipe", "quilia")
	var facts practice.Facts
	if err := json.Unmarshal([]byte(org.out.reads(`(?m)^(\{.*\})\n`)[1]), &facts); err != nil {
		t.Fatal(err)
	}

	leaveAtTheChecklist(u, facts)
	loseTheTerminal(u)
	leaveAtTheSignIn(u, facts)
	finish(u, facts)
	comeBack(u)

	u.runs(0, "logout")
	if held := u.keyringItems(); len(held) != 0 {
		t.Errorf("%d items are left in the keyring", len(held))
	}
	u.wantNoSecretInFiles(facts.ConsumerSecret)
	if err := org.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	org.exits(130)
}

func leaveAtTheChecklist(u *user, facts practice.Facts) {
	t := u.t
	t.Helper()
	s := u.sits("init", "--no-browser")
	s.answers(`integration`, quilia)
	s.answers(`email`, "ops@acme.example"+keyEnter)
	s.answers(`login URL`, facts.MyDomainURL+"/lightning/page/home"+keyEnter)
	s.answers(`org already`, keyEnter)
	s.answers(`page 1 of 7`, keyEnter)
	s.answers(`page 2 of 7`, "q")
	s.exits(130)
	s.sees(`(?i)sfconnect init`) // how to go on
	u.wantNothingSaved()
}

// loseTheTerminal is what closing its window does.
func loseTheTerminal(u *user) {
	u.t.Helper()
	s := u.sits("init", "--no-browser")
	s.answers(`go on`, keyEnter)
	s.answers(`page 2 of 7`, keyEnter)
	s.answers(`page 3 of 7`, "")
	if err := s.program.Signal(syscall.SIGHUP); err != nil {
		u.t.Fatal(err)
	}
	<-s.ended
}

func leaveAtTheSignIn(u *user, facts practice.Facts) {
	t := u.t
	t.Helper()
	s := u.sits("init", "--no-browser")
	s.sees(`(?i)welcome back`)
	s.answers(`go on`, keyEnter)
	for page := 3; page <= 7; page++ {
		s.answers(fmt.Sprintf(`page %d of 7`, page), keyEnter)
	}
	s.answers(`Consumer Key`, "Consumer Key: "+facts.ConsumerKey+" "+keyEnter)
	s.answers(`Consumer Secret`, facts.ConsumerSecret+keyEnter)
	port := callbackPort(t, s.screen.reads(authorizeLine)[1])
	s.sees(`(?i)leave`)
	s.types(keyCtrlC)
	s.exits(130)
	wantFree(t, port)
	if strings.Contains(s.bytes(), facts.ConsumerSecret) {
		t.Error("the terminal shows the secret")
	}
	// It waits in the keyring, and in no file.
	wantHeld(t, u.keyringItems(), facts.ConsumerSecret)
	u.wantNoSecretInFiles(facts.ConsumerSecret)
	u.wantNothingSaved()
}

func finish(u *user, facts practice.Facts) {
	t := u.t
	t.Helper()
	browser, _ := u.hasBrowser()
	s := u.sits("init", "--browser", browser)
	s.sees(`(?i)welcome back`)
	s.answers(`go on`, keyEnter)
	s.sees(`step 5 of 8`, `step 6 of 8`)
	s.answers(`right org`, keyEnter)
	s.answers(`connection works`, keyEnter)
	s.sees(`step 8 of 8`)
	s.answers(`Consumer Secret`, "")
	if strings.Contains(s.bytes(), facts.ConsumerSecret) {
		t.Error("the terminal shows the secret unasked")
	}
	s.types("s")
	s.sees(regexp.QuoteMeta(facts.ConsumerSecret))
	s.types(keyEnter)
	s.answers(`localhost:1717`, keyEnter)
	s.exits(0)

	held := u.keyringItems()
	wantHeld(t, held, facts.ConsumerSecret)
	owners := map[string]bool{}
	for account := range held {
		owner, _, _ := strings.Cut(account, "/")
		if strings.HasPrefix(owner, "rescue-") {
			owner = "rescue"
		}
		owners[owner] = true
	}
	if len(owners) != 2 || !owners["rescue"] {
		t.Errorf("the keyring holds items of %d owners, want the profile and the rescue place: the draft is still there", len(owners))
	}
	u.wantNoSecretInFiles(values(held)...)
	if left, _ := filepath.Glob(filepath.Join(u.home, "state", "sfconnect", "setup", "*.json")); len(left) != 0 {
		t.Errorf("progress is left: %v", left)
	}
}

// comeBack runs init on the finished profile: verify, sign in again, begin to
// change it and think better of it.
func comeBack(u *user) {
	t := u.t
	t.Helper()
	const offer = `verify.*(sign in again|authorize).*change`
	s := u.sits("init")
	s.sees(`(?i)finished`)
	s.answers(offer, keyEnter)
	s.sees(`token`, `identity`, `limits`)
	s.exits(0)

	browser, _ := u.hasBrowser()
	s = u.sits("init", "--browser", browser)
	s.answers(offer, "")
	s.chooses(`(?i)sign in again|authorize`)
	s.answers(`right org`, keyEnter)
	s.exits(0)

	before := u.profiles()
	s = u.sits("init")
	s.answers(offer, "")
	s.chooses(`(?i)change`)
	s.answers(`integration`, keyCtrlC)
	s.exits(130)
	s = u.sits("init")
	s.answers(offer, "")
	s.chooses(`(?i)change`)
	s.answers(`integration`, keyEnter)
	s.answers(`email`, "x"+keyEnter) // after what is there
	s.answers(`login URL`, keyCtrlC)
	s.exits(130)
	s = u.sits("init")
	s.answers(`forget these changes`, "")
	s.chooses(`(?i)forget`)
	s.answers(offer, keyCtrlC)
	s.exits(130)
	if u.profiles() != before {
		t.Error("changes that were given up have changed the profile")
	}
	u.runs(0, "test", "--json")
}

// profiles is the file of the saved connections.
func (u *user) profiles() string {
	u.t.Helper()
	text, err := os.ReadFile(filepath.Join(u.home, "config", "sfconnect", "profiles.json"))
	if err != nil {
		u.t.Fatal(err)
	}
	return string(text)
}
