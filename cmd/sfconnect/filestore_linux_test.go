package main

import (
	"crypto/rand"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.com/sfconnect/internal/practice"
)

const passphrase = "nine words in a row that nobody else knows"

// TestPassphraseOnATerminal makes a file store with a passphrase that is asked for,
// and opens it again, without a keyring and without a browser.
func TestPassphraseOnATerminal(t *testing.T) {
	u := newUser(t)
	org, err := practice.Serve(t.Context(), net.Listen, "127.0.0.1:0", practice.Options{
		Settings: map[string]string{"client_credentials_flow": "true"}, Now: time.Now, Rand: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	defer org.Close()
	facts := org.Org.Facts()
	u.sets("SFCONNECT_CONSUMER_SECRET=" + facts.ConsumerSecret)
	folder := filepath.Join(u.home, "config", "sfconnect")

	s := u.sits("auth", "--store", "file", "--flow", "client-credentials", "--login-url", facts.MyDomainURL, "--consumer-key", facts.ConsumerKey)
	s.answers(`Choose a passphrase`, "short"+keyEnter)
	s.sees(`too short`)
	s.types(passphrase + keyEnter) // what was refused is gone from the field
	s.answers(`same passphrase again`, passphrase[1:]+keyEnter)
	s.sees(`not the same`)
	s.types(passphrase + keyEnter)
	s.sees(`Saved in the file store`)
	s.exits(0)
	for _, name := range []string{"secrets.age", "secrets.key.age"} {
		if info, err := os.Stat(filepath.Join(folder, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v", name, err)
		}
	}

	again := u.sits("token", "--refresh", "--yes")
	again.answers(`Passphrase of the file store`, passphrase+"?"+keyEnter)
	again.sees(`does not open`)
	again.types(passphrase + keyEnter)
	again.sees(`00D\w+!`)
	again.exits(0)
	for _, terminal := range []*terminal{s, again} {
		if strings.Contains(terminal.bytes(), passphrase) {
			t.Error("the passphrase was shown")
		}
	}

	left := u.sits("token", "--yes")
	left.answers(`Passphrase of the file store`, keyCtrlC)
	left.exits(130)

	u.runs(8, "token", "--json") // nobody can be asked
	wizard := u.sits("init", "--store", "file", "--no-browser")
	wizard.answers(`Passphrase of the file store`, passphrase+keyEnter)
	wizard.answers(`What would you like to do`, keyEnter)
	wizard.sees(`All is well`)
	wizard.exits(0)

	u.sets("SFCONNECT_PASSPHRASE=" + passphrase)
	u.runs(0, "token")

	// What waits in one store for a set-up to be finished is not looked for in another.
	setups := filepath.Join(u.home, "state", "sfconnect", "setup")
	draft := `{"schema":1,"profile":"default","draft_id":"setup-1","store":"keychain"}`
	if err := os.MkdirAll(setups, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(setups, "37a8eec1ce19687d132fe290.json"), []byte(draft), 0o600); err != nil {
		t.Fatal(err)
	}
	begun := u.sits("init", "--store", "file", "--no-browser")
	begun.sees(`not finished keeps its secret in`)
	begun.exits(2)
}

// No program that sfconnect starts gets a secret in its environment.
func TestNoSecretReachesAChild(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"SFCONNECT_CONSUMER_SECRET", "SFCONNECT_PASSPHRASE"} {
		t.Setenv(name, "canary-"+name)
	}
	t.Setenv("SFCONNECT_PROFILE", "harmless")
	if err := start([]string{"sh", "-c", `env >"$0"`, pipe}); err != nil {
		t.Fatal(err)
	}
	env, err := os.ReadFile(pipe)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(env), "SFCONNECT_PROFILE=harmless") || strings.Contains(string(env), "canary-") {
		t.Errorf("the child got:\n%s", env)
	}
}

// TestMigrateBetweenRealStores moves a connection out of a real keyring and back.
func TestMigrateBetweenRealStores(t *testing.T) {
	u := newUser(t)
	u.hasKeyring()
	org, err := practice.Serve(t.Context(), net.Listen, "127.0.0.1:0", practice.Options{
		Settings: map[string]string{"client_credentials_flow": "true"}, Now: time.Now, Rand: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	defer org.Close()
	facts := org.Org.Facts()
	u.sets("SFCONNECT_CONSUMER_SECRET="+facts.ConsumerSecret, "SFCONNECT_PASSPHRASE="+passphrase)
	u.runs(0, "auth", "--flow", "client-credentials", "--login-url", facts.MyDomainURL, "--consumer-key", facts.ConsumerKey)
	if held := u.keyringItems(); len(held) != 3 { // with the key of the rescue place
		t.Fatalf("%d items are in the keyring", len(held))
	}
	u.runs(0, "store", "migrate", "--to", "file")
	if held := u.keyringItems(); len(held) != 0 {
		t.Errorf("%d items are left in the keyring", len(held))
	}
	u.runs(0, "test")
	u.runs(0, "store", "migrate", "--to", "keychain")
	if held := u.keyringItems(); len(held) != 3 {
		t.Errorf("%d items came back to the keyring", len(held))
	}
	u.runs(0, "test")
}
