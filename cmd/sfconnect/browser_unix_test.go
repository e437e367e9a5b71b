//go:build !windows

package main

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// hangGuard ends what would never end by itself. No test depends on its length.
const hangGuard = 6 * time.Minute

// The system's browser is opened by the program that the system has for that (open on
// macOS, xdg-open elsewhere), with the address whole and without a secret.
func TestSystemBrowser(t *testing.T) {
	const address = "https://acme.my.salesforce.com/services/oauth2/authorize?a=1&b=2%20$(touch x);'\""
	opener := "xdg-open"
	if runtime.GOOS == "darwin" {
		opener = "open"
	}
	dir := t.TempDir()
	told := filepath.Join(dir, "told")
	if err := syscall.Mkfifo(told, 0o600); err != nil {
		t.Fatal(err)
	}
	script := "#!/bin/sh\n{ printf '%s\\n' \"$@\"; echo; /usr/bin/env; } >'" + told + "'\n"
	if err := os.WriteFile(filepath.Join(dir, opener), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"PATH": dir, "WSL_DISTRO_NAME": "", "WAYLAND_DISPLAY": "", "DISPLAY": ":0", "SFCONNECT_CONSUMER_SECRET": "shh", "SFCONNECT_PASSPHRASE": "shh"} {
		t.Setenv(name, value)
	}
	if surroundings().WSL {
		t.Skip("this is WSL")
	}
	if err := openURL(address); err != nil {
		t.Fatal(err)
	}
	argv, env, _ := strings.Cut(readPipe(t, told), "\n\n")
	if argv != address {
		t.Errorf("started with %q", argv)
	}
	if !strings.Contains(env, "DISPLAY=:0") || strings.Contains(env, "shh") {
		t.Errorf("its environment was\n%s", env)
	}
}

// readPipe reads what somebody writes into a named pipe, to its end.
func readPipe(t *testing.T, path string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), hangGuard)
	defer cancel()
	got := make(chan string, 1)
	go func() {
		text, _ := os.ReadFile(path)
		got <- string(text)
	}()
	select {
	case text := <-got:
		return text
	case <-ctx.Done():
		t.Fatal("nothing was started")
		return ""
	}
}
