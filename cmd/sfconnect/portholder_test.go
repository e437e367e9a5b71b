package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"
)

func TestPortHolder(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("%s (pid %d)", filepath.Base(self), os.Getpid())
	for network, address := range map[string]string{"tcp4": "127.0.0.1:0", "tcp6": "[::1]:0"} {
		l, err := net.Listen(network, address)
		if err != nil {
			t.Logf("%s is not to be had here: %v", network, err)
			continue
		}
		port := l.Addr().(*net.TCPAddr).Port
		if got := portHolder(port); got != want {
			t.Errorf("%s: port %d is held by %q, want %q", network, port, got, want)
		}
		l.Close()
		if got := portHolder(port); got != "" {
			t.Errorf("%s: port %d is free and held by %q", network, port, got)
		}
	}
}
