package cli_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/sfconnect/internal/cli"
	"example.com/sfconnect/internal/practice"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/store"
)

// TestRehearsalScreens rehearses every recipe and every variant, with a person who presses
// Enter and pastes an address where one is asked for, and compares all that is on a plain
// screen of 80 columns with testdata/screen/init-*.txt. -update rewrites them.
func TestRehearsalScreens(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the screens show paths as they are elsewhere")
	}
	all, err := recipe.All()
	if err != nil {
		t.Fatal(err)
	}
	var wanted []string
	for _, r := range all {
		variants := []string{""}
		if len(r.Variants) > 0 {
			variants = nil
		}
		for _, v := range r.Variants {
			variants = append(variants, v.ID)
		}
		for _, variant := range variants {
			name := "init-" + r.ID
			args := []string{"init", "--practice", "--accessible", "--recipe", r.ID}
			if variant != "" {
				name, args = name+"-"+variant, append(args, "--variant", variant)
			}
			wanted = append(wanted, name+".txt")
			t.Run(name, func(t *testing.T) { compareScreen(t, name+".txt", rehearse(t, args)) })
		}
	}
	there, _ := filepath.Glob("../../testdata/screen/init-*.txt")
	for _, file := range there {
		if !slices.Contains(wanted, filepath.Base(file)) {
			t.Errorf("%s is no recipe's", file)
		}
	}
}

// compareFile holds got against a golden file, or writes it anew.
func compareFile(t *testing.T, file, got string, anew bool) {
	t.Helper()
	if anew {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); d != "" {
		t.Errorf("%s differs (rewrite with -update):\n%s", file, d)
	}
}

func compareScreen(t *testing.T, name, got string) {
	t.Helper()
	compareFile(t, filepath.Join("../../testdata/screen", name), got, *cli.UpdateGolden)
	for _, line := range strings.Split(got, "\n") {
		if len([]rune(line)) > 80 && strings.Contains(strings.TrimSpace(line), " ") && !strings.Contains(line, "[") { // a prompt holds its suggestion
			t.Errorf("this line is wider than the screen: %q", line)
		}
	}
}

// rehearse runs the program with a person at a plain terminal, and gives what it shows
// with everything in it that differs from run to run made the same.
func rehearse(t *testing.T, args []string) string {
	t.Helper()
	dir := fmt.Sprintf("/tmp/sfc%08x", time.Now().UnixNano()&0xffffffff) // of one length
	person := newEnterPresser()
	var desk oneDesk
	browser := practice.Visitor{Transport: &http.Transport{DisableKeepAlives: true, DialContext: desk.dial}}
	sys := cli.System{
		Stdin: person, Stdout: io.Discard, Stderr: person, StdinTTY: true, StderrTTY: true,
		Getenv: func(string) string { return "" }, Rand: rand.Reader,
		Interrupts: func(ctx context.Context) context.Context { return ctx },
		Now:        time.Now, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		OpenURL: func(address string) error {
			go func() {
				if u, err := url.Parse(address); err == nil && strings.HasPrefix(u.Query().Get("redirect_uri"), "http://localhost:171") {
					_ = browser.Visit(t.Context(), address)
				} else if landed, err := browser.Address(t.Context(), address); err == nil {
					person.pastes(landed)
				}
			}()
			return nil
		},
		Surroundings: func() cli.Surroundings { return cli.Surroundings{} },
		Keychain:     store.NewMemory(),
		Transport:    func(*x509.CertPool) http.RoundTripper { return &http.Transport{DisableKeepAlives: true} },
		Listen:       desk.listen,
		PortHolder:   func(int) string { return "" },
		ConfigDir:    filepath.Join(t.TempDir(), "config"), StateDir: filepath.Join(t.TempDir(), "state"),
		TempDir: func() (string, error) { return dir, os.Mkdir(dir, 0o700) },
		OS:      "linux", Version: "v0.0.0-test",
	}
	if code := cli.Run(t.Context(), args, sys); code != 0 {
		t.Fatalf("exit %d\n%s", code, person.screen.String())
	}
	return sameEachTime(person.screen.String())
}

// enterPresser is a person in front of a screen who presses Enter at every prompt, pastes
// the address that the browser landed on, and leaves where it goes on for ever.
type enterPresser struct {
	mu     sync.Mutex
	more   sync.Cond
	screen bytes.Buffer
	typed  string
}

func newEnterPresser() *enterPresser {
	p := &enterPresser{}
	p.more.L = &p.mu
	return p
}

// pastes types an address.
func (p *enterPresser) pastes(address string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.typed += address + "\n"
	p.more.Broadcast()
}

func (p *enterPresser) Read(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.typed == "" {
		text := p.screen.String()
		switch {
		case len(text) > 64<<10:
			return 0, io.EOF
		case strings.HasSuffix(text, ": ") || strings.HasSuffix(text, "> "):
			p.typed = "\n"
			p.screen.WriteString(p.typed) // the terminal's echo
		default:
			p.more.Wait()
		}
	}
	n := copy(b, p.typed)
	p.typed = p.typed[n:]
	return n, nil
}

func (p *enterPresser) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.more.Broadcast()
	return p.screen.Write(b)
}

// oneDesk is a computer on which every port that is asked for is free: another one is
// listened on, and found by dial.
type oneDesk struct {
	mu    sync.Mutex
	ports map[string]string
}

func (d *oneDesk) listen(network, address string) (net.Listener, error) {
	if network == "tcp6" || strings.HasPrefix(address, "[") {
		return nil, &net.OpError{Op: "listen", Net: network, Err: os.NewSyscallError("bind", syscall.EADDRNOTAVAIL)}
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(address)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ports == nil {
		d.ports = map[string]string{}
	}
	d.ports["localhost:"+port] = l.Addr().String()
	return l, nil
}

func (d *oneDesk) dial(ctx context.Context, network, address string) (net.Conn, error) {
	d.mu.Lock()
	if real, ok := d.ports[address]; ok {
		address = real
	}
	d.mu.Unlock()
	var dialer net.Dialer
	return dialer.DialContext(ctx, network, address)
}

// sameEachTime puts one value in place of each that differs, of its length where the line
// is wrapped by it.
func sameEachTime(screen string) string {
	for _, same := range []struct{ pattern, value string }{
		{`127\.0\.0\.1:\d+`, "127.0.0.1:50000"},
		{`127\.0\.0\.1%3A\d+`, "127.0.0.1%3A50000"},
		{`3MVG9[\w.]+`, "3MVG9.practice.key"},
		{`(state|code_challenge)=[\w-]+`, "$1=x"},
		{`00D\w{15}`, "00D000000000000AAA"},
		{`answers in <?\d+ ms`, "answers in 1 ms"},
		{`(?s)(BEGIN CERTIFICATE-----\n).*?\n( *)(\S*==)?( *-----END)`, "$1$2(certificate)\n$2$4"},
		{`/tmp/sfc\w{8}/`, "/tmp/sfc00000000/"},
		{`\d{1,2} [A-Z][a-z]+ 20\d\d`, "1 January 2030"},
		{`\d+ of 15000`, "14997 of 15000"},
	} {
		screen = regexp.MustCompile(same.pattern).ReplaceAllString(screen, same.value)
	}
	return regexp.MustCompile(`  +<?\d+ ms`).ReplaceAllStringFunc(screen, func(took string) string {
		return fmt.Sprintf("%*s", len(took), "1 ms")
	})
}
