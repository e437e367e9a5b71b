package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"example.com/sfconnect/internal/practice"
	"example.com/sfconnect/internal/store"
)

// user is somebody with folders of their own who runs the built program.
type user struct {
	program, home string
	file          *store.File
}

func newUser(program, home string) *user {
	return &user{program, home, store.NewFile(filepath.Join(home, "config"), filepath.Join(home, "state"))}
}

// process is a run of the program. Its output may be read once it has ended,
// what it has said on stderr also before.
type process struct {
	*exec.Cmd
	out   bytes.Buffer
	said  transcript
	begun time.Time
	ended chan struct{}
}

func (w *world) starts(more []string, args ...string) (*process, error) {
	p := &process{Cmd: exec.CommandContext(w.ctx, w.user.program, args...), ended: make(chan struct{})}
	p.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + w.user.home,
		"SFCONNECT_CONFIG_DIR=" + filepath.Join(w.user.home, "config"), "SFCONNECT_STATE_DIR=" + filepath.Join(w.user.home, "state"),
	}, append(w.vault.environment(), more...)...)
	p.said.news = make(chan struct{})
	p.Stdout, p.Stderr = &p.out, &p.said
	p.WaitDelay = 10 * time.Second
	p.begun = time.Now()
	if err := p.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = p.Wait()
		p.said.end()
		close(p.ended)
	}()
	return p, nil
}

// stateFolder lets every other process have another state folder than the user's.
func (w *world) stateFolder(i int) []string {
	return []string{"SFCONNECT_STATE_DIR=" + filepath.Join(w.user.home, []string{"state", "other"}[i%2])}
}

// runs is starts to its end.
func (w *world) runs(args ...string) (*process, error) {
	p, err := w.starts(nil, args...)
	if err == nil {
		<-p.ended
	}
	return p, err
}

func (p *process) exit() int { return p.ProcessState.ExitCode() }

func (p *process) text() string {
	return fmt.Sprintf("%s: exit %d\n%s%s", strings.Join(p.Args[1:], " "), p.exit(), p.out.String(), p.said.text())
}

// token is the one line that `token` prints.
func (p *process) token() string { return strings.TrimSuffix(p.out.String(), "\n") }

// code is the error code of a --json document.
func (p *process) code() string {
	var d struct{ Error struct{ Code string } }
	_ = json.Unmarshal(p.out.Bytes(), &d)
	return d.Error.Code
}

var authorizeLine = regexp.MustCompile(`(?m)^(https?://\S+/services/oauth2/authorize\?\S+)\r*\n`)

// authorizes starts a sign-in, with a person at the browser.
func (w *world) authorizes(profile string) (*process, error) {
	f := w.wire.facts
	args := []string{"auth", "--json", "--no-browser", "--profile", profile, "--login-url", f.MyDomainURL, "--consumer-key", f.ConsumerKey}
	for _, line := range f.CallbackURLs {
		args = append(args, "--callback-url", line)
	}
	p, err := w.starts([]string{"SFCONNECT_CONSUMER_SECRET=" + f.ConsumerSecret}, args...)
	if err != nil {
		return nil, err
	}
	go func() {
		ctx, cancel := context.WithCancel(w.ctx)
		defer cancel()
		go func() { // who is killed has nobody at the browser any more
			select {
			case <-p.ended:
				cancel()
			case <-ctx.Done():
			}
		}()
		if found := p.said.until(ctx, authorizeLine); found != nil {
			_ = practice.Visitor{}.Visit(ctx, found[1])
		}
	}()
	return p, nil
}

// signIn makes a profile, or makes it anew.
func (w *world) signIn(profile string) error {
	w.wire.begin(0, 0, nil)
	p, err := w.authorizes(profile)
	if err != nil {
		return err
	}
	<-p.ended
	if p.exit() != 0 {
		return fmt.Errorf("a sign-in failed: %s", p.text())
	}
	return nil
}

// signOut ends a profile, of which nothing may be left.
func (w *world) signOut(profile string) error {
	before, _, err := w.saved(profile)
	if err != nil {
		return err
	}
	held, err := w.refreshToken(before.ID)
	if err != nil {
		return err
	}
	w.wire.begin(0, 0, nil)
	p, err := w.runs("logout", "--profile", profile)
	if err != nil {
		return err
	}
	if p.exit() != 0 || slices.Contains(w.wire.org.Ledger().LiveRefreshTokens, held) {
		return fmt.Errorf("a logout left something: %s", p.text())
	}
	items, err := w.vault.items()
	for account := range items {
		if strings.HasPrefix(account, before.ID+"/") {
			err = fmt.Errorf("a logout left %s in the store", account)
		}
	}
	return err
}

// refreshToken is what the store holds of an owner; empty where it holds none.
func (w *world) refreshToken(owner string) (string, error) {
	items, err := w.vault.items()
	return items[owner+"/refresh-token"], err
}

// saved is the profile as the file has it; found is false where it has none.
func (w *world) saved(profile string) (p store.Profile, found bool, err error) {
	set, err := w.user.file.Load()
	if err != nil {
		return p, false, err
	}
	p, found = set.Profiles[profile]
	return p, found, nil
}

// works refreshes a profile and holds what comes against the org's ledger.
func (w *world) works(profile string) error {
	w.wire.begin(0, 0, nil)
	p, err := w.runs("token", "--refresh", "--json", "--profile", profile)
	if err != nil {
		return err
	}
	var d struct {
		Token string `json:"access_token"`
	}
	if p.exit() != 0 || json.Unmarshal(p.out.Bytes(), &d) != nil || !slices.Contains(w.wire.org.Ledger().LiveAccessTokens, d.Token) {
		return fmt.Errorf("profile %q does not work: %s", profile, p.text())
	}
	return nil
}

// transcript is what a process has said so far.
type transcript struct {
	mu   sync.Mutex
	all  bytes.Buffer
	over bool
	news chan struct{}
}

func (t *transcript) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.tell()
	return t.all.Write(b)
}

func (t *transcript) tell() {
	close(t.news)
	t.news = make(chan struct{})
}

func (t *transcript) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over = true
	t.tell()
}

func (t *transcript) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.all.String()
}

// until waits for a text; nil where the process or ctx ends before.
func (t *transcript) until(ctx context.Context, pattern *regexp.Regexp) []string {
	for {
		t.mu.Lock()
		news, over, found := t.news, t.over, pattern.FindStringSubmatch(t.all.String())
		t.mu.Unlock()
		if found != nil || over {
			return found
		}
		select {
		case <-news:
		case <-ctx.Done():
			return nil
		}
	}
}
