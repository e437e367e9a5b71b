//go:build !linux

package porttest

import "net"

// Hold finds a port that is free on 127.0.0.1. Elsewhere than on Linux nothing can hold it
// without keeping others from listening on it.
func Hold() (port int, release func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, nil, err
	}
	return l.Addr().(*net.TCPAddr).Port, func() {}, l.Close()
}
