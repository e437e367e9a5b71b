package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"

	"github.com/pkg/browser"
)

// openURL opens the system's browser without waiting for it. The launcher's own
// chatter goes nowhere: it would spoil JSON on stdout and the form on stderr.
func openURL(url string) error {
	if surroundings().WSL {
		if argv := windowsBrowser(url); argv != nil {
			return start(argv)
		}
	}
	if runtime.GOOS != "windows" && runtime.GOOS != "darwin" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return errors.New("there is no graphical session here")
	}
	browser.Stdout, browser.Stderr = io.Discard, io.Discard
	for _, name := range secretVariables() { // pkg/browser hands our environment on; all of it was read by now
		os.Unsetenv(name)
	}
	// A text browser behind xdg-open would be waited for without end.
	go func() { _ = browser.OpenURL(url) }()
	return nil
}

// windowsBrowser is the program that reaches the browser of Windows out of WSL, with
// its arguments, or nil. cmd.exe is none: it would take a & in the address for its own.
func windowsBrowser(url string) []string {
	for _, argv := range [][]string{{"wslview", url}, {"rundll32.exe", "url.dll,FileProtocolHandler", url}} {
		if _, err := exec.LookPath(argv[0]); err == nil {
			return argv
		}
	}
	return nil
}

// start runs the person's own program without a shell and without waiting.
func start(argv []string) error {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.SysProcAttr = detached()
	cmd.Env = slices.DeleteFunc(os.Environ(), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return slices.Contains(secretVariables(), name)
	})
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { _ = cmd.Wait() }()
	return nil
}

// secretVariables may hold a secret, which is no business of a browser's.
func secretVariables() []string {
	return []string{"SFCONNECT_CONSUMER_SECRET", "SFCONNECT_PASSPHRASE"}
}
