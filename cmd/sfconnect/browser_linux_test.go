package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// In WSL the browser of Windows is opened: by a program that is found in PATH, without
// a shell, with the address whole and without a secret in its environment.
func TestWindowsBrowserInWSL(t *testing.T) {
	const address = "https://acme.my.salesforce.com/services/oauth2/authorize?a=1&b=2%20$(touch x);'\""
	for name, c := range map[string]struct {
		programs []string
		want     []string
	}{
		"wslu":         {[]string{"rundll32.exe", "wslview", "xdg-open"}, []string{"wslview", address}},
		"Windows only": {[]string{"rundll32.exe", "xdg-open", "cmd.exe"}, []string{"rundll32.exe", "url.dll,FileProtocolHandler", address}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			told := filepath.Join(dir, "told")
			if err := syscall.Mkfifo(told, 0o600); err != nil {
				t.Fatal(err)
			}
			for _, program := range c.programs {
				text := "#!/bin/sh\n{ echo \"${0##*/}\"; printf '%s\\n' \"$@\"; echo; /usr/bin/env; } >'" + told + "'\n"
				if err := os.WriteFile(filepath.Join(dir, program), []byte(text), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			t.Setenv("PATH", dir)
			t.Setenv("WSL_DISTRO_NAME", "Ubuntu")
			t.Setenv("DISPLAY", ":0") // WSLg
			t.Setenv("SFCONNECT_CONSUMER_SECRET", "shh")
			if err := openURL(address); err != nil {
				t.Fatal(err)
			}
			argv, env, _ := strings.Cut(readPipe(t, told), "\n\n")
			if got := strings.Split(argv, "\n"); !slices.Equal(got, c.want) {
				t.Errorf("started %q, want %q", got, c.want)
			}
			if !strings.Contains(env, "WSL_DISTRO_NAME=Ubuntu") || strings.Contains(env, "shh") {
				t.Errorf("its environment was\n%s", env)
			}
		})
	}
}

func TestNoWindowsBrowserElsewhere(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "wslview"), []byte("#!/bin/sh\nexit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	for _, name := range []string{"WSL_DISTRO_NAME", "DISPLAY", "WAYLAND_DISPLAY"} {
		t.Setenv(name, "")
	}
	if surroundings().WSL {
		t.Skip("this is WSL")
	}
	if err := openURL("https://example.com"); err == nil {
		t.Error("something was opened")
	}
}
