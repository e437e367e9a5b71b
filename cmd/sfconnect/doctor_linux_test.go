package main

import (
	"crypto/rand"
	"net"
	"path/filepath"
	"testing"
	"time"

	"example.com/sfconnect/internal/practice"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// On a terminal doctor asks before it brings a refresh token back, and No is the
// answer of who only presses Enter.
func TestDoctorAsks(t *testing.T) {
	u := newUser(t)
	u.hasKeyring()
	browser, _ := u.hasBrowser()
	org, err := practice.Serve(t.Context(), net.Listen, "127.0.0.1:0", practice.Options{Settings: callbackLines(t), Now: time.Now, Rand: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { org.Close() })
	facts := org.Org.Facts()
	u.sets("SFCONNECT_CONSUMER_SECRET=" + facts.ConsumerSecret)
	u.runs(0, "auth", "--login-url", facts.MyDomainURL, "--consumer-key", facts.ConsumerKey, "--callback-url", facts.CallbackURLs[0], "--browser", browser)

	file := store.NewFile(filepath.Join(u.home, "config", "sfconnect"), filepath.Join(u.home, "state", "sfconnect"))
	set, err := file.Load()
	if err != nil {
		t.Fatal(err)
	}
	owner := set.Profiles["default"].ID
	waiting := store.Rescued{Owner: owner, Profile: "default", Item: store.RefreshToken, At: time.Now(), Value: secret.New("5Aep861-newest")}
	if err := file.Rescue(set.Rescue["keychain"], waiting); err != nil {
		t.Fatal(err)
	}
	held := func() string { return u.keyringItems()[owner+"/"+string(store.RefreshToken)] }

	no := u.sits("doctor", "--offline")
	no.answers(`Bring the newest refresh token of "default" back`, keyEnter)
	no.sees(`rescue    \(!\)`)
	no.exits(0)
	if held() == "5Aep861-newest" || !file.HasRescue(owner) {
		t.Error("it was brought back without a yes")
	}

	yes := u.sits("doctor", "--offline")
	yes.answers(`Bring the newest refresh token of "default" back`, keyDown+keyEnter)
	yes.sees(`rescue    ok`)
	yes.exits(0)
	if held() != "5Aep861-newest" || file.HasRescue(owner) {
		t.Error("it was not brought back")
	}
	u.wantNoSecretInFiles("5Aep861-newest")
}
