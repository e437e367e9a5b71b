package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
)

// fleet is a test of n connections by one command.
type fleet struct {
	n   int
	run *contestant
}

func (f fleet) seconds() float64 { return f.run.median() / 1000 }

// each is what one of them costs, in milliseconds.
func (f fleet) each() float64 { return f.run.median() / float64(f.n) }

// measureMany tests n copies of the saved connection: each with an id of its own in
// profiles.json and items of its own in the file store, all with the one grant.
func (d *distant) measureMany(n int) (fleet, error) {
	dir := filepath.Join(d.work, fmt.Sprintf("fleet-%d", n))
	config := filepath.Join(dir, "config")
	if err := os.MkdirAll(config, 0o700); err != nil {
		return fleet{}, err
	}
	defer os.RemoveAll(dir)
	if err := d.copyProfiles(config, n); err != nil {
		return fleet{}, err
	}
	if err := d.copySecrets(config, n); err != nil {
		return fleet{}, err
	}
	env := append(append([]string{}, d.env...), "SFCONNECT_CONFIG_DIR="+config, "SFCONNECT_STATE_DIR="+filepath.Join(dir, "state"))
	f := fleet{n, &contestant{name: fmt.Sprintf("test --all, %d", n), argv: []string{d.ours, "test", "--all", "--json"}, env: env}}
	rounds := 3
	if n > 2000 {
		rounds = 1
	}
	return f, race(rounds, 0, []*contestant{f.run})
}

type savedProfile struct {
	ID          string `json:"id"`
	IdentityURL string `json:"identity_url"`
}

func (d *distant) profile() (p savedProfile, err error) {
	var set struct{ Profiles map[string]savedProfile }
	data, err := os.ReadFile(filepath.Join(d.config, "profiles.json"))
	if err == nil {
		err = json.Unmarshal(data, &set)
	}
	return set.Profiles["org-00000"], err
}

func copyID(id string, i int) string { return fmt.Sprintf("%s%08x", id[:len(id)-8], i) }

func (d *distant) copyProfiles(config string, n int) error {
	data, err := os.ReadFile(filepath.Join(d.config, "profiles.json"))
	if err != nil {
		return err
	}
	var set map[string]any
	if err := json.Unmarshal(data, &set); err != nil {
		return err
	}
	first := set["profiles"].(map[string]any)["org-00000"].(map[string]any)
	all := map[string]any{}
	for i := range n {
		p := maps.Clone(first)
		p["id"] = copyID(p["id"].(string), i)
		all[fmt.Sprintf("org-%05d", i)] = p
	}
	set["profiles"] = all
	if data, err = json.Marshal(set); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(config, "profiles.json"), data, 0o600)
}

// vault is what the file store holds, opened.
type vault struct {
	Schema int               `json:"schema"`
	Items  map[string]string `json:"items"`
}

func (d *distant) key() (*age.X25519Identity, error) {
	text, err := os.ReadFile(d.identity)
	if err != nil {
		return nil, err
	}
	return age.ParseX25519Identity(strings.TrimSpace(string(text)))
}

func (d *distant) open() (v vault, key *age.X25519Identity, err error) {
	if key, err = d.key(); err != nil {
		return v, key, err
	}
	data, err := os.ReadFile(filepath.Join(d.config, "secrets.age"))
	if err != nil {
		return v, key, err
	}
	r, err := age.Decrypt(bytes.NewReader(data), key)
	if err != nil {
		return v, key, err
	}
	plain, err := io.ReadAll(r)
	if err == nil {
		err = json.Unmarshal(plain, &v)
	}
	return v, key, err
}

// secrets are the items of the one connection, by kind.
func (d *distant) secrets() (map[string]string, error) {
	v, _, err := d.open()
	if err != nil {
		return nil, err
	}
	p, err := d.profile()
	held := map[string]string{}
	for name, value := range v.Items {
		if kind, ours := strings.CutPrefix(name, "sfconnect/"+p.ID+"/"); ours {
			held[kind] = value
		}
	}
	return held, err
}

func (d *distant) copySecrets(config string, n int) error {
	v, key, err := d.open()
	if err != nil {
		return err
	}
	p, err := d.profile()
	if err != nil {
		return err
	}
	held, err := d.secrets()
	if err != nil {
		return err
	}
	for i := range n {
		for kind, value := range held {
			v.Items["sfconnect/"+copyID(p.ID, i)+"/"+kind] = value
		}
	}
	plain, err := json.Marshal(v)
	if err != nil {
		return err
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, key.Recipient())
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(config, "secrets.age"), sealed.Bytes(), 0o600)
}
