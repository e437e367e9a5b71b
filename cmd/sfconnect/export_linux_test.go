package main

import (
	"crypto/rand"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/sfconnect/internal/practice"
)

// TestExportOnATerminal: a screen gets credentials only from who says so, and a refresh
// that may end another tool's copy is made only where it is confirmed.
func TestExportOnATerminal(t *testing.T) {
	u := newUser(t)
	org, err := practice.Serve(t.Context(), net.Listen, "127.0.0.1:0", practice.Options{Now: time.Now, Rand: rand.Reader,
		Settings: map[string]string{"refresh_token_rotation": "true", "callbacks": "http://localhost:" + freePort(t) + "/OauthRedirect"}})
	if err != nil {
		t.Fatal(err)
	}
	defer org.Close()
	facts := org.Org.Facts()
	browser, _ := u.hasBrowser()
	u.sets("SFCONNECT_CONSUMER_SECRET="+facts.ConsumerSecret, "SFCONNECT_STORE=file", "SFCONNECT_PASSPHRASE="+passphrase)
	u.runs(0, "auth", "--login-url", facts.MyDomainURL, "--consumer-key", facts.ConsumerKey, "--callback-url", facts.CallbackURLs[0], "--browser", browser)

	refused := u.sits("export", "--format", "env")
	refused.answers(`Print the credentials of profile default`, keyEnter) // which is No
	refused.sees(`was not\s+confirmed`)
	refused.exits(2)
	unasked := u.sits("export", "--format", "env", "--no-input")
	unasked.sees(`add --yes`)
	unasked.exits(2)
	written := u.sits("export", "--format", "env", "--output", "to.env")
	written.sees(`Written to to\.env`)
	written.exits(0)
	for _, s := range []*terminal{refused, unasked, written} {
		if strings.Contains(s.bytes(), facts.ConsumerSecret) {
			t.Error("the secret was shown")
		}
	}
	if data, err := os.ReadFile(filepath.Join(u.home, "to.env")); err != nil || !strings.Contains(string(data), facts.ConsumerSecret) {
		t.Errorf("the file: %v", err)
	}

	confirmed := u.sits("export", "--format", "env")
	confirmed.answers(`Print the credentials`, "")
	confirmed.chooses(`Yes`)
	confirmed.sees(`SALESFORCE_CLIENT_SECRET=`+facts.ConsumerSecret, `not known whether the app`)
	confirmed.exits(0)
	shown := u.sits("export", "--format", "json", "--yes")
	shown.sees(`"client_secret":"` + facts.ConsumerSecret + `"`)
	shown.exits(0)

	held := u.sits("token", "--refresh")
	held.answers(`Print the access token`, "")
	held.chooses(`Yes`)
	held.answers(`other copy`, keyEnter) // which is No
	held.sees(`was not used`)
	held.exits(2)
	if n := org.Org.Ledger().TokensByGrant["refresh_token"]; n != 0 {
		t.Errorf("%d refreshes", n)
	}
	all := u.sits("token", "--refresh")
	all.answers(`Print the access token`, "")
	all.chooses(`Yes`)
	all.answers(`other copy`, "")
	all.chooses(`Yes`)
	all.sees(`00D\w+!`)
	all.exits(0)
}
