package practice

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"
)

// Running is an Org that answers on two loopback ports.
type Running struct {
	Org *Org

	servers []*http.Server
	done    chan struct{}
	once    sync.Once
	wait    sync.WaitGroup
}

// Serve puts an Org on loopback and returns when both ports are bound: addr is
// the login host's host and port, and the next port is My Domain's; port 0 means
// any free port for each. An address that is not loopback is refused before
// anything is bound. o.LoginURL and o.MyDomainURL are filled in. The org answers
// until ctx ends or Close is called. A nil listen is net.Listen.
func Serve(ctx context.Context, listen func(network, addr string) (net.Listener, error), addr string, o Options) (*Running, error) {
	host, port, err := loopbackAddress(addr)
	if err != nil {
		return nil, err
	}
	if listen == nil {
		listen = net.Listen
	}
	next := port
	if port != 0 {
		next++
	}
	login, err := bind(listen, host, port)
	if err != nil {
		return nil, err
	}
	myDomain, err := bind(listen, host, next)
	if err != nil {
		login.Close()
		return nil, err
	}
	o.LoginURL, o.MyDomainURL = "http://"+login.Addr().String(), "http://"+myDomain.Addr().String()
	org, err := New(o)
	if err != nil {
		login.Close()
		myDomain.Close()
		return nil, err
	}
	r := &Running{Org: org, done: make(chan struct{})}
	for _, l := range []net.Listener{login, myDomain} {
		s := &http.Server{
			Handler: org.Handler(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: time.Minute,
			ErrorLog: log.New(io.Discard, "", 0),
		}
		r.servers = append(r.servers, s)
		r.wait.Go(func() { _ = s.Serve(l) }) // ends with ErrServerClosed only
	}
	go func() {
		select {
		case <-ctx.Done():
			_ = r.Close()
		case <-r.done:
		}
	}()
	return r, nil
}

// Close frees both ports at once and ends every open request. More than one
// call is fine.
func (r *Running) Close() error {
	var errs []error
	r.once.Do(func() {
		for _, s := range r.servers {
			errs = append(errs, s.Close())
		}
		close(r.done)
	})
	r.wait.Wait()
	return errors.Join(errs...)
}

// Done is closed when the org no longer answers.
func (r *Running) Done() <-chan struct{} { return r.done }

func bind(listen func(network, addr string) (net.Listener, error), host string, port int) (net.Listener, error) {
	address := net.JoinHostPort(host, strconv.Itoa(port))
	l, err := listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("practice org: listen on %s: %w", address, err)
	}
	if at, err := netip.ParseAddrPort(l.Addr().String()); err != nil || !at.Addr().IsLoopback() {
		l.Close()
		return nil, fmt.Errorf("practice org: %s became %s, which is not loopback", address, l.Addr())
	}
	return l, nil
}

// loopbackAddress takes HOST:PORT. localhost becomes 127.0.0.1, see the package comment.
func loopbackAddress(addr string) (string, int, error) {
	host, text, err := net.SplitHostPort(addr)
	if err != nil {
		return "", 0, fmt.Errorf("practice org: %q is not HOST:PORT", addr)
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil || port == 65535 {
		return "", 0, fmt.Errorf("practice org: %q has no usable port", addr)
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	if !loopback(host) {
		return "", 0, fmt.Errorf("practice org: %q is not a loopback address; use 127.0.0.1", addr)
	}
	return host, int(port), nil
}
