//go:build !windows

package term

import (
	"io"
	"os"
	"os/exec"
	"testing"

	"github.com/creack/pty"
)

// startedAs is set for the child of TestNothingIsAskedAtStart.
const startedAs = "SFCONNECT_TEST_START"

func TestMain(m *testing.M) {
	if os.Getenv(startedAs) != "" {
		_, _ = os.Stdout.WriteString("main")
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// A program that imports this package, and so bubbletea, must not write to the
// terminal before its main does: see package background.
func TestNothingIsAskedAtStart(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program)
	// A terminal that bubbletea would take for one that answers.
	cmd.Env = []string{startedAs + "=1", "TERM=xterm-256color"}
	person, err := pty.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = person.Close() }()
	got, _ := io.ReadAll(person) // ends with EIO when the child ends
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if string(got) != "main" {
		t.Errorf("the terminal got %q, want %q", got, "main")
	}
}
