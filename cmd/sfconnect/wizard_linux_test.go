package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestWizardOnATerminal(t *testing.T) {
	u := newUser(t)
	browser, opened := u.hasBrowser()
	s := u.sits("init", "--practice", "--browser", browser)
	s.sees(`step 1 of 8`)
	s.answers(`integration`, keyEnter)
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
