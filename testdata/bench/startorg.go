package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"filippo.io/age"

	"example.com/sfconnect/internal/practice"
)

// practiceOrg is the org that the saved connections lead to.
type practiceOrg struct {
	facts practice.Facts
	stop  func()
}

func startOrg(ours string) (*practiceOrg, error) {
	cmd := exec.Command(ours, "practice", "--json")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	org := &practiceOrg{stop: func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	}}
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &org.facts)
	}
	if err != nil {
		org.stop()
		return nil, err
	}
	return org, nil
}

// signIn saves ten connections in each store that is here, so that list has
// something to list and token a cached token, and gives the token contestants.
func (o *practiceOrg) signIn(ours, work string, env []string) ([]*contestant, error) {
	files, err := fileStore(filepath.Join(work, "file"))
	if err != nil {
		return nil, err
	}
	tokens := []*contestant{{name: "token, file store, identity", argv: []string{ours, "token"}, env: files}}
	if os.Getenv("SFCONNECT_BENCH_BUS") == "" {
		fmt.Println("token with the keychain is left out: no gnome-keyring and dbus-run-session here")
	} else {
		tokens = append(tokens, &contestant{name: "token, gnome-keyring", argv: []string{ours, "token"}, env: env})
	}
	for _, token := range tokens {
		for i := range 10 {
			if err := o.auth(ours, fmt.Sprintf("org-%02d", i), token.env); err != nil {
				return nil, err
			}
		}
	}
	return tokens, nil
}

// fileStore gives the environment of a file store in dir that an X25519 identity opens.
func fileStore(dir string) ([]string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "identity.txt")
	if err := os.WriteFile(path, []byte(identity.String()+"\n"), 0o600); err != nil {
		return nil, err
	}
	return []string{"SFCONNECT_STORE=file", "SFCONNECT_AGE_IDENTITY_FILE=" + path,
		"SFCONNECT_CONFIG_DIR=" + filepath.Join(dir, "config"), "SFCONNECT_STATE_DIR=" + filepath.Join(dir, "state")}, nil
}

func (o *practiceOrg) auth(ours, profile string, env []string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	auth := exec.Command(ours, "auth", "--profile", profile, "--login-url", o.facts.MyDomainURL, "--consumer-key", o.facts.ConsumerKey, "--browser", self)
	auth.Env = append(append(os.Environ(), env...), "SFCONNECT_CONSUMER_SECRET="+o.facts.ConsumerSecret)
	if out, err := auth.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}
