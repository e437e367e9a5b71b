package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"
	"golang.org/x/term"
)

// Keys as a terminal sends them.
const (
	keyEnter = "\r"
	keyDown  = "\x1b[B"
	keyCtrlC = "\x03"
)

// terminal is a person's: the program runs in it, and the test looks and types.
type terminal struct {
	t             *testing.T
	args          []string
	screen        *transcript
	person        *os.File
	program       *os.Process
	code          int
	before, after *term.State
	ended         chan struct{}
}

// sits starts the program on a terminal of 80 columns and 24 lines.
func (u *user) sits(args ...string) *terminal {
	t := u.t
	t.Helper()
	person, tty, err := pty.Open()
	if err != nil {
		t.Fatalf("no pseudo-terminal: %v", err)
	}
	if err := pty.Setsize(person, &pty.Winsize{Cols: 80, Rows: 24}); err != nil {
		t.Fatal(err)
	}
	s := &terminal{t: t, args: args, screen: newTranscript(t, "the terminal"), person: person, ended: make(chan struct{})}
	s.screen.plain = plainScreen
	if s.before, err = term.GetState(int(tty.Fd())); err != nil {
		t.Fatal(err)
	}
	cmd := u.command(args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	// The terminal is the program's own, so that Ctrl-C reaches it as a signal too.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.program = cmd.Process
	read := make(chan struct{})
	go func() {
		defer close(read)
		_, _ = io.Copy(s.screen, person) // ends with EIO when nobody has the other end
	}()
	go func() {
		defer close(s.ended)
		_ = cmd.Wait()
		s.code = cmd.ProcessState.ExitCode()
		s.after, _ = term.GetState(int(tty.Fd()))
		_ = tty.Close()
		<-read
		s.screen.end()
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-s.ended
		_ = person.Close()
	})
	return s
}

// sees waits for each of the patterns, one after the other.
func (s *terminal) sees(patterns ...string) {
	s.t.Helper()
	for _, p := range patterns {
		s.screen.reads(p)
	}
}

// newForm stands in the transcript where a form begins to take keys: each asks
// the terminal for bracketed paste first.
const newForm = "\u27e6form\u27e7"

func plainScreen(raw string) string {
	return ansi.Strip(strings.ReplaceAll(raw, "\x1b[?2004h", newForm))
}

// answers waits for a new form about this, until the keys that work there stand
// below it, and types some.
func (s *terminal) answers(about, keys string) {
	s.t.Helper()
	s.sees(newForm + `[^\x{27e6}]*?(?is:` + about + `)[^\x{27e6}]*?\benter [^\n]*(\n[^\n]*)?\bleave\b`)
	s.types(keys)
}

// pointer is the option that Enter would take.
const pointer = `›\s*(\S[^\r\n]*)\r`

// chooses moves down to another option and takes it.
func (s *terminal) chooses(option string) {
	s.t.Helper()
	wanted := regexp.MustCompile(option)
	for at := s.screen.last(pointer); !wanted.MatchString(at); {
		s.types(keyDown)
		before := at
		for at == before { // the same frame may be drawn twice
			at = s.screen.reads(pointer)[1]
		}
	}
	s.types(keyEnter)
}

func (s *terminal) types(keys string) {
	s.t.Helper()
	if _, err := s.person.WriteString(keys); err != nil {
		s.t.Fatal(err)
	}
}

// bytes is all that was sent to the terminal, escape sequences included.
func (s *terminal) bytes() string {
	s.screen.mu.Lock()
	defer s.screen.mu.Unlock()
	return s.screen.raw.String()
}

// exits waits for the end, wants this exit code, and the terminal as it was.
func (s *terminal) exits(code int) {
	s.t.Helper()
	<-s.ended
	if s.code != code {
		s.t.Fatalf("%s: exit code %d, want %d\n%s", strings.Join(s.args, " "), s.code, code, s.screen)
	}
	if s.after == nil || !reflect.DeepEqual(s.before, s.after) {
		s.t.Error("the terminal's modes were not restored")
	}
	raw := s.bytes()
	for mode, pair := range map[string][2]string{
		"the cursor is hidden":        {"\x1b[?25l", "\x1b[?25h"},
		"the second screen is shown":  {"\x1b[?1049h", "\x1b[?1049l"},
		"bracketed paste is still on": {"\x1b[?2004h", "\x1b[?2004l"},
		"the mouse is still reported": {"\x1b[?1002h", "\x1b[?1002l"},
	} {
		if strings.LastIndex(raw, pair[0]) > strings.LastIndex(raw, pair[1]) {
			s.t.Error(mode)
		}
	}
}

// hasBrowser makes --browser a person who signs in and allows, and gives the
// flag's value and the addresses that it opens.
func (u *user) hasBrowser() (command string, opened <-chan string) {
	u.t.Helper()
	visits := make(chan string, 16)
	tell := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		address, _ := io.ReadAll(r.Body)
		visits <- string(address)
	}))
	u.t.Cleanup(tell.Close)
	u.sets(roleVariable+"=browser", visitsVariable+"="+tell.URL)
	return `"` + os.Args[0] + `"`, visits
}

// wantNoLeftovers wants the folder for temporary files to be empty.
func (u *user) wantNoLeftovers() {
	u.t.Helper()
	if left, _ := filepath.Glob(filepath.Join(u.home, "sfconnect-*")); len(left) != 0 {
		u.t.Errorf("left behind: %v", left)
	}
}
