package main

import (
	"crypto/rand"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.com/sfconnect/internal/practice"
)

// authorizing is `sfconnect auth` on a terminal, with a practice org.
type authorizing struct {
	*terminal
	facts   practice.Facts
	address string // to sign in at
	port    string // of the callback
}

// signsIn starts auth on a terminal and reads it up to the address.
func (u *user) signsIn(more ...string) *authorizing {
	t := u.t
	t.Helper()
	u.hasKeyring()
	org, err := practice.Serve(t.Context(), net.Listen, "127.0.0.1:0", practice.Options{Settings: callbackLines(t), Now: time.Now, Rand: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { org.Close() })
	facts := org.Org.Facts()
	u.sets("SFCONNECT_CONSUMER_SECRET=" + facts.ConsumerSecret)
	args := []string{"auth", "--login-url", facts.MyDomainURL, "--consumer-key", facts.ConsumerKey}
	for _, line := range facts.CallbackURLs {
		args = append(args, "--callback-url", line)
	}
	a := &authorizing{terminal: u.sits(append(args, more...)...), facts: facts}
	a.address = a.screen.reads(authorizeLine)[1]
	a.port = callbackPort(t, a.address)
	return a
}

// pastes types text as a terminal does that marks what is pasted.
func (a *authorizing) pastes(text string) { a.types("\x1b[200~" + text + "\x1b[201~") }

// lands signs in with a browser elsewhere, which cannot come back, and gives the
// address on which it ends.
func (a *authorizing) lands() string {
	a.t.Helper()
	landed, err := practice.Visitor{}.Address(a.t.Context(), a.address)
	if err != nil {
		a.t.Fatal(err)
	}
	return landed
}

// wantWhole wants the address on the terminal once, on a line of its own and in one
// piece.
func (a *authorizing) wantWhole() {
	a.t.Helper()
	raw := a.bytes()
	if strings.Count(raw, "\n"+a.address+"\r\n") != 1 || strings.Count(raw, "/services/oauth2/authorize?") != 1 {
		a.t.Errorf("the address is not on a line of its own, once: %q", raw)
	}
}

// A redirected address that is pasted wins over a browser that never comes. A wrong
// one is explained, and the wait goes on.
func TestPastedAddressOnATerminal(t *testing.T) {
	u := newUser(t)
	a := u.signsIn("--browser", "true")
	a.sees(`4:\d\d left|5:00 left`, `open it again`)
	a.pastes(a.address)
	a.sees(`\d+ characters`)
	a.types(keyEnter)
	a.sees(`(?s)not taken.*neither a code`)
	a.pastes("http://localhost:" + a.port + "/OauthRedirect?code=aPrxStale&state=stale")
	a.sees(`localhost:` + a.port + `/…   \d+ characters`)
	a.types(keyEnter)
	a.sees(`(?s)belongs\s+to\s+another\s+sign-in`)
	landed := a.lands()
	a.pastes(landed + "\r\n")
	a.sees(`localhost:` + a.port + `/…   \d+ characters`)
	a.types(keyEnter)
	a.sees(`Connected as Ada Admin`)
	a.exits(0)
	a.wantWhole()
	wantFree(t, a.port)
	_, code, _ := strings.Cut(landed, "code=")
	code, _, _ = strings.Cut(code, "&")
	if len(code) < 20 || strings.Contains(a.bytes(), code[:20]) {
		t.Error("the code was shown")
	}
}

// In the paste flow nothing listens, and no browser here is needed. What --verbose
// tells meanwhile stands among the findings.
func TestPasteFlowOnATerminal(t *testing.T) {
	u := newUser(t)
	a := u.signsIn("--flow", "paste", "--no-browser", "--verbose")
	wantFree(t, a.port)
	a.sees(`Paste here the address`)
	a.pastes(a.lands())
	a.sees(`characters`)
	a.types(keyEnter)
	a.sees(`  note  POST \S+/services/oauth2/token\s+200`)
	a.sees(`Connected as Ada Admin`)
	a.exits(0)
	a.wantWhole()
}

// As plain lines, for a screen reader, it is the same; an answer typed on ends it all.
func TestPastedLine(t *testing.T) {
	u := newUser(t)
	a := u.signsIn("--no-browser", "--accessible")
	a.sees(`Paste here the address`)
	a.types("nonsense\r")
	a.sees(`not taken`)
	a.types(a.lands() + "\r")
	a.sees(`Connected as Ada Admin`)
	a.exits(0)
	a.wantWhole()
	u.wantNoSecretInFiles(a.facts.ConsumerSecret)
}

func TestInterruptedInTheBrowserWait(t *testing.T) {
	const half = "http://localhost:1717/OauthRedirect?code=aPrx"
	for name, interrupt := range map[string]func(*authorizing){
		"a key":    func(a *authorizing) { a.types(keyCtrlC) },
		"a signal": func(a *authorizing) { _ = a.program.Signal(syscall.SIGINT) },
		"a key, with something pasted": func(a *authorizing) {
			a.pastes(half)
			a.sees(`45 characters`)
			a.types(keyCtrlC)
		},
		"a key, with something typed": func(a *authorizing) {
			a.types(half)
			a.sees(`45 characters`)
			a.types(keyCtrlC)
		},
		"a signal, while a paste comes in": func(a *authorizing) {
			a.types("\x1b[200~" + half)
			_ = a.program.Signal(syscall.SIGINT)
		},
	} {
		t.Run(name, func(t *testing.T) {
			u := newUser(t)
			a := u.signsIn("--no-browser")
			a.sees(`\d:\d\d left`, `q leave`)
			interrupt(a)
			a.exits(130)
			wantFree(t, a.port)
			u.wantNothingSaved()
			if held := u.keyringItems(); len(held) != 0 {
				t.Errorf("%d items are in the keyring", len(held))
			}
		})
	}
}
