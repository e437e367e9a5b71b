// Command sfconnect connects a Salesforce org to an integration and proves that
// it works. main makes every seam to the outside once and hands it to package
// cli; it is the only place that ends the process.
package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/term"

	"example.com/sfconnect/internal/cli"
	"example.com/sfconnect/internal/store"
	ui "example.com/sfconnect/internal/term"
)

// version is set by the linker: -ldflags "-X main.version=v1.2.3".
var version = "dev"

func main() {
	args, keep := fromExplorer(os.Args[1:], ownWindow(), startedByExplorer)
	code := cli.Run(context.Background(), args, system())
	if keep {
		waitForEnter(os.Stdin, os.Stderr)
	}
	os.Exit(code)
}

// interrupts gives a context that ends with Ctrl-C or SIGTERM. After the first
// one the second ends the process at once.
func interrupts(parent context.Context) context.Context {
	ctx, stop := signal.NotifyContext(parent, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx
}

func system() cli.System {
	configDir, err := os.UserConfigDir()
	if err != nil {
		configDir = filepath.Join(os.TempDir(), "sfconnect-without-home")
	}
	return cli.System{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		StdinTTY: isTerminal(os.Stdin), StdoutTTY: isTerminal(os.Stdout), StderrTTY: isTerminal(os.Stderr),
		Getenv: os.Getenv, Environ: os.Environ, Now: time.Now, Sleep: sleep, Rand: rand.Reader, Interrupts: interrupts,
		OpenURL: openURL, Start: start, LookPath: exec.LookPath, Surroundings: surroundings, Clipboard: ui.SystemClipboard(),
		Keychain:  store.System(os.Getenv, runtime.GOOS),
		Transport: transport, SystemProxy: setProxy(os.Getenv, systemProxy()),
		Listen: net.Listen, PortHolder: portHolder,
		Parallel:  parallel(runtime.NumCPU(), openFiles()),
		ConfigDir: configDir, StateDir: stateDir(configDir),
		TempDir: func() (string, error) { return os.MkdirTemp("", "sfconnect-practice-") },
		HomeDir: homeDir(),
		OS:      runtime.GOOS,
		Version: version,
	}
}

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// homeDir is empty where there is none.
func homeDir() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return home
}

// stateDir is where a user's programs keep what is neither configuration nor
// cache: XDG_STATE_HOME on Unix, the local application data on Windows.
func stateDir(configDir string) string {
	switch runtime.GOOS {
	case "windows":
		if dir := os.Getenv("LOCALAPPDATA"); dir != "" {
			return dir
		}
		return configDir
	case "darwin", "ios":
		return configDir
	}
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return dir
	}
	if home, err := os.UserHomeDir(); err == nil {
		return filepath.Join(home, ".local", "state")
	}
	return configDir
}

// transport makes the HTTP transport: the proxy of the environment or the system, TLS
// 1.2 or newer, and time limits on every part of reaching a server.
func transport(roots *x509.CertPool) http.RoundTripper {
	return &http.Transport{
		Proxy:                 proxyFor(os.Getenv, systemProxy()),
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig:       &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12, ClientSessionCache: tls.NewLRUClientSessionCache(0)},
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   8,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: 25 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}
