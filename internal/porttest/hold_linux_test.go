package porttest

import (
	"errors"
	"fmt"
	"net"
	"syscall"
	"testing"
)

// A held port is nobody's by chance, can be listened on by its number, and is held
// still when that is over.
func TestHold(t *testing.T) {
	held := map[int]bool{}
	for range 500 {
		port := Free(t)
		if held[port] {
			t.Fatalf("port %d is held twice", port)
		}
		held[port] = true
	}
	for range 3000 {
		l, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		l.Close()
		if port := l.Addr().(*net.TCPAddr).Port; held[port] {
			t.Fatalf("somebody who asked for any port got the held one, %d", port)
		}
	}
	for port := range held {
		for range 2 {
			for network, host := range map[string]string{"tcp4": "127.0.0.1", "tcp6": "[::1]"} {
				l, err := net.Listen(network, fmt.Sprintf("%s:%d", host, port))
				if errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT) {
					continue // no IPv6 here
				}
				if err != nil {
					t.Fatal(err)
				}
				if second, err := net.Listen(network, fmt.Sprintf("%s:%d", host, port)); err == nil {
					second.Close()
					t.Fatalf("two listen on port %d", port)
				}
				l.Close()
			}
		}
	}
}
