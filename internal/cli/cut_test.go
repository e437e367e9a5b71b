package cli_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/sfconnect/internal/cli"
	"example.com/sfconnect/internal/store"
)

// noNetwork counts what should not have been sent.
type noNetwork struct{ asked int }

func (n *noNetwork) RoundTrip(*http.Request) (*http.Response, error) {
	n.asked++
	return nil, errors.New("nothing is sent in this test")
}

// TestProfilesCutAtEveryByte: each beginning of a profiles file is told apart from
// an empty list, is left as it is, and the backup is named.
func TestProfilesCutAtEveryByte(t *testing.T) {
	dir := t.TempDir()
	file := store.NewFile(dir, dir)
	for _, name := range []string{"acme", "Größe"} { // twice, so that there is a backup
		err := file.Update(t.Context(), func(set *store.Set) error {
			set.Put(name, store.Profile{ID: name, LoginURL: "https://acme.my.salesforce.com", ConsumerKey: "key", Flow: "web", StoredIn: "keychain",
				HasRefreshToken: true, Scopes: []string{"api"}, Recipe: store.RecipeRef{Inputs: map[string]string{"email": "ops@acme.example"}}})
			set.PutRescue("keychain", "age1")
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	whole, err := os.ReadFile(file.Path())
	if err != nil {
		t.Fatal(err)
	}
	backup, err := os.ReadFile(file.Backup())
	if err != nil {
		t.Fatal(err)
	}
	sent := &noNetwork{}
	commands := [][]string{
		{"list", "--json"}, {"token", "--json"}, {"logout", "acme", "--json"}, {"use", "acme", "--json"}, {"show", "acme", "--json"},
		{"auth", "--json", "--flow", "client-credentials", "--login-url", "https://acme.my.salesforce.com", "--consumer-key", "key", "--consumer-secret-stdin"},
	}
	for n := range whole {
		complete := n == len(whole)-1 && whole[n] == '\n' // the end of its last line alone is missing
		for _, args := range commands {
			if complete && args[0] != "list" {
				continue // they may do their work
			}
			if err := os.WriteFile(file.Path(), whole[:n], 0o600); err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			code := cli.Run(context.Background(), args, cutSystem(dir, &out, sent))
			if complete {
				if code != 0 || strings.Count(out.String(), `"name"`) != 2 {
					t.Errorf("without its last line end: exit %d, %s", code, out.String())
				}
				continue
			}
			var d struct {
				Error struct {
					Code, Hint string
					Exit       int
				}
			}
			if err := json.Unmarshal(out.Bytes(), &d); err != nil || code != 8 || d.Error.Code != "store_corrupt" || !strings.Contains(d.Error.Hint, file.Backup()) {
				t.Errorf("%s of %d bytes: exit %d, %s", args[0], n, code, out.String())
			}
			if now, _ := os.ReadFile(file.Path()); !bytes.Equal(now, whole[:n]) {
				t.Fatalf("%s wrote over the file of %d bytes", args[0], n)
			}
			if now, _ := os.ReadFile(file.Backup()); !bytes.Equal(now, backup) {
				t.Fatalf("%s wrote over the backup", args[0])
			}
		}
		if t.Failed() {
			return
		}
	}
	if sent.asked != 0 {
		t.Errorf("%d requests were sent", sent.asked)
	}
}

func cutSystem(dir string, out *bytes.Buffer, transport http.RoundTripper) cli.System {
	return cli.System{
		Stdin: strings.NewReader("secret\n"), Stdout: out, Stderr: new(bytes.Buffer),
		Getenv: func(name string) string {
			return map[string]string{"SFCONNECT_CONFIG_DIR": dir, "SFCONNECT_STATE_DIR": dir}[name]
		},
		Now: time.Now, Rand: rand.Reader, Interrupts: func(ctx context.Context) context.Context { return ctx },
		Sleep:     func(context.Context, time.Duration) error { return nil },
		OpenURL:   func(string) error { return errors.New("no browser here") },
		Keychain:  store.NewMemory(),
		Transport: func(*x509.CertPool) http.RoundTripper { return transport },
		Listen:    net.Listen,
		ConfigDir: dir, StateDir: filepath.Join(dir, "state"), HomeDir: dir, OS: "linux", Version: "v0",
	}
}
