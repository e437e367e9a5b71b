//go:build !windows

package cli_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.com/sfconnect/internal/cli"
)

// terminalCase is a terminal and what surrounds it. Those of the same screen show the same
// characters; -update writes what the first of them shows.
type terminalCase struct {
	screen     string
	cols, rows int
	env        []string
}

// terminals are those on which everything is looked at.
func terminals() []terminalCase {
	return []terminalCase{
		{"40", 40, 24, nil},
		{"80", 80, 24, nil},
		{"80", 80, 24, []string{"NO_COLOR=1"}},
		{"80", 80, 24, []string{"COLORFGBG=0;15"}}, // a light background
		{"80", 80, 24, []string{"COLORFGBG=15;0"}}, // a dark one
		{"200", 200, 50, nil},
		{"ascii", 80, 24, []string{"LC_ALL=C"}},
		{"ascii", 80, 24, []string{"LANG=de_DE.ISO-8859-1", "NO_COLOR=1"}},
		{"ascii-40", 40, 24, []string{"LANG=POSIX"}},
		{"lines-80", 80, 24, []string{"ACCESSIBLE=1"}},
		{"lines-80", 80, 24, []string{"TERM=dumb"}},
		{"lines-40", 40, 24, []string{"ACCESSIBLE=1"}},
		{"lines-200", 200, 50, []string{"TERM=dumb"}},
		{"lines-ascii", 80, 24, []string{"ACCESSIBLE=1", "LC_ALL=C"}},
	}
}

func (c terminalCase) String() string { return strings.Join(append([]string{c.screen}, c.env...), " ") }

func (c terminalCase) has(env string) bool { return slices.Contains(c.env, env) }

// TestWizardOnEachTerminal rehearses a sign-in by a person, and one without on the sizes
// that are hardest, and compares what is seen at each question; where questions are lines,
// all that was printed.
func TestWizardOnEachTerminal(t *testing.T) {
	for _, id := range []string{"quilia", "infisical"} {
		t.Run(id, func(t *testing.T) {
			written := map[string]bool{}
			for _, c := range terminals() {
				if id != "quilia" && c.screen != "40" && c.screen != "200" && c.screen != "lines-40" {
					continue
				}
				t.Run(c.String(), func(t *testing.T) {
					s := newSeat(t, c.cols, c.rows, c.env...)
					if code := s.runs("init", "--practice", "--recipe", id); code != 0 {
						t.Fatalf("exit %d\n%s", code, s.vt.all())
					}
					screens := []string{s.vt.all()}
					if !s.plain {
						screens = append(slices.Clone(s.screens), s.vt.seen(false))
					}
					between := strings.Repeat("=", c.cols) + "\n"
					compareTerminal(t, "init-"+id, c.screen, strings.Join(screens, between), written)
					wantLooks(t, c, s)
					if c.screen == "80" && !c.has("NO_COLOR=1") {
						compareTerminal(t, "init-"+id, "80-looks", strings.Join(s.looks, between), written)
					}
				})
			}
		})
	}
}

// wantLooks wants no colour where none is to be, and no sign beyond ASCII where none can
// be read.
func wantLooks(t *testing.T, c terminalCase, s *seat) {
	t.Helper()
	allowed := []string{"bold", "faint", "reverse", "red", "green", "yellow", "cyan"}
	switch {
	case s.env["TERM"] == "dumb":
		allowed = nil
	case c.has("NO_COLOR=1"):
		allowed = []string{"reverse"} // where one types
	}
	for _, look := range s.vt.looks {
		if !slices.Contains(allowed, look) {
			t.Errorf("%s is used", look)
		}
	}
	if strings.Contains(c.screen, "ascii") && s.vt.high {
		t.Error("more than ASCII was sent")
	}
}

// TestCommandsOnEachTerminal saves a connection to an app in which two boxes differ from
// what its recipe asks for, and compares what the commands print about it.
func TestCommandsOnEachTerminal(t *testing.T) {
	written := map[string]bool{}
	for _, c := range terminals() {
		if strings.HasPrefix(c.screen, "lines") && !c.has("TERM=dumb") {
			continue // there is nothing to ask
		}
		t.Run(c.String(), func(t *testing.T) {
			s := newSeat(t, c.cols, c.rows, c.env...)
			s.connects("pkce_required=false", "client_credentials_flow=true")
			var all strings.Builder
			for _, args := range []string{
				"list", "show acme", "test", "audit", "audit --dry-run", "doctor", "recipe show quilia", "explain redirect_uri_mismatch", "show nobody", "tset", "auth --login-url https://acme.example", "--help", "audit --help",
			} {
				code := s.runs(strings.Fields(args)...)
				fmt.Fprintf(&all, "$ sfconnect %s\n%s[exit %d]\n\n", args, s.vt.all(), code)
				wantLooks(t, c, s)
			}
			compareTerminal(t, "commands", strings.Replace(c.screen, "lines", "dumb", 1), all.String(), written)
		})
	}
}

func compareTerminal(t *testing.T, name, screen, got string, written map[string]bool) {
	t.Helper()
	file := filepath.Join("../../testdata/screen/terminal", name+"-"+screen+".txt")
	got = sameOnTerminal(got)
	got = strings.Replace(got, "ok             NO_COLOR=1", "ok             no variable that matters here is set", 1)
	compareFile(t, file, got, *cli.UpdateGolden && !written[screen])
	written[screen] = true
}

// sameOnTerminal puts one value of the same length in place of each that differs.
func sameOnTerminal(screen string) string {
	screen = regexp.MustCompile(`127\.0\.0\.1:\d{5}`).ReplaceAllString(screen, "127.0.0.1:50000") // as httptrace saw it
	return regexp.MustCompile(`1499\d of 15000`).ReplaceAllString(screen, "14997 of 15000")
}
