package porttest

import (
	"errors"
	"os"
	"syscall"
)

// Hold reserves a port on 127.0.0.1 and, where there is IPv6, on ::1, until release. Linux
// gives a port that is bound, though nobody listens on it, to nobody who asks for any; who
// asks for it by its number and may share it (SO_REUSEADDR, which net.Listen sets) gets it.
func Hold() (port int, release func(), err error) {
	for range 50 {
		var four, six int
		if four, port, err = bind(&syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
			return 0, nil, err
		}
		six, _, err = bind(&syscall.SockaddrInet6{Port: port, Addr: [16]byte{15: 1}})
		switch {
		case err == nil:
			return port, func() { _ = syscall.Close(four); _ = syscall.Close(six) }, nil
		case errors.Is(err, syscall.EADDRNOTAVAIL), errors.Is(err, syscall.EAFNOSUPPORT):
			return port, func() { _ = syscall.Close(four) }, nil
		}
		_ = syscall.Close(four)
	}
	return 0, nil, err
}

func bind(to syscall.Sockaddr) (socket, port int, err error) {
	family := syscall.AF_INET
	if _, six := to.(*syscall.SockaddrInet6); six {
		family = syscall.AF_INET6
	}
	socket, err = syscall.Socket(family, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, 0, os.NewSyscallError("socket", err)
	}
	if err = syscall.SetsockoptInt(socket, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1); err == nil {
		err = syscall.Bind(socket, to)
	}
	var at syscall.Sockaddr
	if err == nil {
		at, err = syscall.Getsockname(socket)
	}
	if err != nil {
		_ = syscall.Close(socket)
		return 0, 0, os.NewSyscallError("bind", err)
	}
	if four, ok := at.(*syscall.SockaddrInet4); ok {
		port = four.Port
	}
	return socket, port, nil
}
