package cli

import (
	"context"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"example.com/sfconnect/internal/store"
)

// System is the computer as the commands see it: every seam to the outside, made
// once in main and never filled in later. Nothing below main reaches past it.
type System struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// StdinTTY, StdoutTTY and StderrTTY tell whether a person is at the other end.
	StdinTTY, StdoutTTY, StderrTTY bool

	Getenv  func(string) string
	Environ func() []string // as os.Environ; nil for a machine of which nobody asks that
	Now     func() time.Time
	Sleep   func(ctx context.Context, d time.Duration) error
	Rand    io.Reader
	// Interrupts gives a context that ends when the person presses Ctrl-C. It is
	// asked for by the commands that wait for something, once: catching signals
	// costs a quick command a tenth of its time.
	Interrupts func(context.Context) context.Context

	// OpenURL opens the system's browser; Start runs a program of the person's
	// choice without a shell. Neither waits for what it started.
	OpenURL func(url string) error
	Start   func(argv []string) error
	// LookPath finds a program as the system would.
	LookPath func(program string) (string, error)
	// Surroundings looks around; asked by the commands that open a browser.
	Surroundings func() Surroundings

	// Clipboard copies to the machine's own clipboard.
	Clipboard func(text string) error

	Keychain store.Keychain
	// Transport makes the one HTTP transport; roots nil means the system's own.
	Transport func(roots *x509.CertPool) http.RoundTripper
	// SystemProxy is the proxy that Windows or macOS is set to use for an address; nil
	// for none. It holds where no proxy variable is set.
	SystemProxy func(*url.URL) (*url.URL, error)
	Listen      func(network, address string) (net.Listener, error)
	// PortHolder names the program that holds a TCP port, as "node (pid 4711)"; ""
	// where the system does not tell.
	PortHolder func(port int) string

	// Parallel is how many connections at a time suit this machine: its processors and
	// its limit of open files.
	Parallel int

	ConfigDir, StateDir string // of this user, before SFCONNECT_* are looked at
	TempDir             func() (string, error)
	HomeDir             string // where a person looks for files; empty is the current folder
	OS                  string // as runtime.GOOS
	Version             string
}
