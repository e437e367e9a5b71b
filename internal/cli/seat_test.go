//go:build !windows

package cli_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"example.com/sfconnect/internal/cli"
	"example.com/sfconnect/internal/practice"
	"example.com/sfconnect/internal/recipe"
)

// seat is a person at a terminal, of a size and in an environment. The person presses
// Enter wherever a key is awaited.
type seat struct {
	t          *testing.T
	cols, rows int
	env        map[string]string
	desk       *fixedDesk
	sys        cli.System

	vt      *vt
	person  *os.File
	pressed int  // forms, or prompts of plain lines, that were answered
	plain   bool // questions are lines
	screens []string
	looks   []string
}

func newSeat(t *testing.T, cols, rows int, env ...string) *seat {
	t.Helper()
	s := &seat{t: t, cols: cols, rows: rows, env: map[string]string{"TERM": "xterm-256color", "LANG": "C.UTF-8"}, desk: &fixedDesk{}}
	for _, pair := range env {
		name, value, _ := strings.Cut(pair, "=")
		s.env[name] = value
	}
	s.plain = s.env["TERM"] == "dumb" || s.env["ACCESSIBLE"] != ""
	browser := practice.Visitor{Transport: s.desk.transport()}
	now := time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)
	temp := fmt.Sprintf("/tmp/sfc%08x", time.Now().UnixNano()&0xffffffff) // of one length
	dir := t.TempDir()
	s.sys = cli.System{
		Getenv: func(name string) string { return s.env[name] }, Rand: &sameNumbers{source: rand.NewChaCha8([32]byte{})},
		Interrupts: func(ctx context.Context) context.Context { return ctx },
		Now:        func() time.Time { return now }, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		OpenURL: func(address string) error {
			if u, err := url.Parse(address); err == nil && u.Query().Has("redirect_uri") {
				go func() { _ = browser.Visit(t.Context(), address) }()
			}
			return nil
		},
		LookPath:     func(program string) (string, error) { return "/usr/bin/" + program, nil },
		Surroundings: func() cli.Surroundings { return cli.Surroundings{} },
		Keychain:     scriptedKeychain{dir: filepath.Join(dir, "keychain")},
		Transport:    func(*x509.CertPool) http.RoundTripper { return dated{s.desk.transport(), now} },
		Listen:       s.desk.listen, PortHolder: func(int) string { return "" }, Parallel: 4,
		ConfigDir: filepath.Join(dir, "config"), StateDir: filepath.Join(dir, "state"), HomeDir: dir,
		TempDir: func() (string, error) { return temp, os.Mkdir(temp, 0o700) },
		OS:      "linux", Version: "v0.0.0-test",
	}
	return s
}

// runs runs one command line on a terminal of its own and gives the exit code; what was
// seen is in vt.
func (s *seat) runs(args ...string) int {
	s.t.Helper()
	person, tty, err := pty.Open()
	if err != nil {
		s.t.Fatalf("no pseudo-terminal: %v", err)
	}
	if err := pty.Setsize(person, &pty.Winsize{Cols: uint16(s.cols), Rows: uint16(s.rows)}); err != nil {
		s.t.Fatal(err)
	}
	s.vt, s.person, s.pressed = newVT(s.cols, s.rows), person, 0
	read := make(chan struct{})
	go func() {
		defer close(read)
		b := make([]byte, 32<<10)
		for {
			n, err := person.Read(b)
			if err != nil {
				return // nobody has the other end
			}
			s.looksAt(string(b[:n]))
		}
	}()
	sys := s.sys
	sys.Stdin, sys.Stdout, sys.Stderr, sys.StdinTTY, sys.StdoutTTY, sys.StderrTTY = tty, tty, tty, true, true, true
	ctx := s.t.Context()
	if deadline, ok := s.t.Deadline(); ok { // a screen on which nothing is pressed ends the command, and is shown
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-5*time.Second))
		defer cancel()
	}
	code := cli.Run(ctx, args, sys)
	_ = tty.Close()
	<-read
	_ = person.Close()
	for _, what := range s.vt.strange {
		s.t.Errorf("%s: the terminal was sent %s", strings.Join(args, " "), what)
	}
	return code
}

// connects saves the connection acme to a practice org with these settings.
func (s *seat) connects(settings ...string) {
	s.t.Helper()
	all, err := recipe.All()
	if err != nil {
		s.t.Fatal(err)
	}
	quilia := all[slices.IndexFunc(all, func(r recipe.Recipe) bool { return r.ID == "quilia" })].Fill(nil)
	o := practice.Options{Recipe: &quilia, Settings: map[string]string{}, Now: s.sys.Now, Rand: s.sys.Rand}
	for _, pair := range settings {
		name, value, _ := strings.Cut(pair, "=")
		o.Settings[name] = value
	}
	org, err := practice.Serve(s.t.Context(), s.desk.listen, "127.0.0.1:0", o)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = org.Close() })
	facts := org.Org.Facts()
	s.env["SFCONNECT_CONSUMER_SECRET"] = facts.ConsumerSecret
	var said bytes.Buffer
	sys := s.sys
	sys.Stdin, sys.Stdout, sys.Stderr = strings.NewReader(""), &said, &said
	if code := cli.Run(s.t.Context(), []string{"auth", "--profile", "acme", "--recipe", "quilia", "--login-url", facts.MyDomainURL, "--consumer-key", facts.ConsumerKey}, sys); code != 0 {
		s.t.Fatalf("auth: exit %d\n%s", code, said.String())
	}
	delete(s.env, "SFCONNECT_CONSUMER_SECRET")
}

// awaited is what stands at the end of a screen on which Enter goes on.
var (
	formAwaited = regexp.MustCompile(`(?s)enter\s+(accept|choose).*leave\n$`)
	lineAwaited = regexp.MustCompile(`(: |> )$`)
)

// looksAt shows what came to the person, who presses Enter once all of a form is there.
func (s *seat) looksAt(raw string) {
	s.vt.write(raw)
	if s.plain {
		line := ""
		for _, c := range s.vt.grid[s.vt.y] {
			line += c.char
		}
		if !lineAwaited.MatchString(line) || s.vt.x != len([]rune(line)) {
			return
		}
	} else if s.vt.forms <= s.pressed || !formAwaited.MatchString(s.vt.seen(false)) {
		return
	} else {
		s.screens, s.looks = append(s.screens, s.vt.seen(false)), append(s.looks, s.vt.seen(true))
	}
	s.pressed = s.vt.forms
	_, _ = s.person.WriteString("\r")
}

// sameNumbers is randomness that is the same each time.
type sameNumbers struct {
	mu     sync.Mutex
	source *rand.ChaCha8
}

func (n *sameNumbers) Read(b []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.source.Read(b)
}

// dated is a server with the same clock as ours.
type dated struct {
	http.RoundTripper
	now time.Time
}

func (d dated) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := d.RoundTripper.RoundTrip(r)
	if err == nil {
		answer.Header.Set("Date", d.now.Format(http.TimeFormat))
	}
	return answer, err
}

// fixedDesk is a computer that nobody else uses: each port is free, and the one that is
// left to the system is 50000, 50001 and so on. Outside of it there is nothing.
type fixedDesk struct {
	mu    sync.Mutex
	ports map[string]string
	next  int
}

// named says that it listens where it was asked to.
type named struct {
	net.Listener
	addr net.Addr
}

func (n named) Addr() net.Addr { return n.addr }

func (d *fixedDesk) listen(_, address string) (net.Listener, error) {
	if strings.HasPrefix(address, "[") {
		return nil, &net.OpError{Op: "listen", Net: "tcp6", Err: os.NewSyscallError("bind", syscall.EADDRNOTAVAIL)}
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	_, port, _ := net.SplitHostPort(address)
	if port == "0" {
		port = fmt.Sprint(50000 + d.next)
		d.next++
	}
	if d.ports == nil {
		d.ports = map[string]string{}
	}
	d.ports[port] = l.Addr().String()
	addr, err := net.ResolveTCPAddr("tcp4", "127.0.0.1:"+port)
	return named{l, addr}, err
}

func (d *fixedDesk) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, _ := net.SplitHostPort(address)
	d.mu.Lock()
	there := d.ports[port]
	d.mu.Unlock()
	if there == "" || host != "127.0.0.1" && host != "localhost" {
		return nil, &net.OpError{Op: "dial", Net: network, Err: &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}}
	}
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, network, there)
	if err != nil {
		return nil, err
	}
	addr, err := net.ResolveTCPAddr("tcp4", "127.0.0.1:"+port)
	return reached{conn, addr}, err
}

// reached says that it goes where it was dialled to.
type reached struct {
	net.Conn
	addr net.Addr
}

func (r reached) RemoteAddr() net.Addr { return r.addr }

func (d *fixedDesk) transport() *http.Transport {
	return &http.Transport{DisableKeepAlives: true, DialContext: d.dial}
}
