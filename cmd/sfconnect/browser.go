package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"runtime"

	"github.com/pkg/browser"
)

// openURL opens the system's browser without waiting for it. The launcher's own
// chatter goes nowhere: it would spoil JSON on stdout and the form on stderr.
func openURL(url string) error {
	if runtime.GOOS != "windows" && runtime.GOOS != "darwin" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return errors.New("there is no graphical session here")
	}
	browser.Stdout, browser.Stderr = io.Discard, io.Discard
	// A text browser behind xdg-open would be waited for without end.
	go func() { _ = browser.OpenURL(url) }()
	return nil
}

// start runs the person's own program without a shell and without waiting.
func start(argv []string) error {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.SysProcAttr = detached()
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { _ = cmd.Wait() }()
	return nil
}
