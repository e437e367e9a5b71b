package oauthflow

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"example.com/sfconnect/internal/secret"
)

// Callback is the listener that the browser comes back to. One login: the first
// GET with the exact path, a Host of ours and the right state decides it, and
// nothing else ends, delays or alters it. Its methods are safe for concurrent use.
type Callback struct {
	url       string
	address   address
	server    *http.Server
	listeners []net.Listener
	page      pageFrame

	armed     chan struct{} // closed by the first Wait
	answered  chan struct{} // closed by the true callback
	published chan struct{} // closed by the first Finish
	delivered chan struct{} // closed when a browser has got the result page
	closed    chan struct{} // closed by Close

	publishOnce, deliverOnce, closeOnce sync.Once

	mu      sync.Mutex
	state   string // what Wait waits for; empty when it does not
	arm     bool
	answer  reply
	outcome ResultPage
}

// reply is what the true callback brought.
type reply struct {
	code       string
	refused    *Refused
	resultPath string // where its browser was sent
}

// Listen opens the port of callbackURL (http on localhost, 127.0.0.1 or [::1])
// on 127.0.0.1 and, where the machine has IPv6, on ::1, and begins to answer.
// note gets at most one line for each kind of traffic that is not HTTP, from
// another goroutine; it may be nil. Errors are *fault.Fault: usage, port_busy
// or port_forbidden.
func Listen(ports Ports, callbackURL string, note func(string)) (*Callback, error) {
	at, err := parseCallback(callbackURL)
	if err != nil {
		return nil, err
	}
	listeners, err := ports.bind(at.port)
	if err != nil {
		return nil, err
	}
	cb := &Callback{
		url: callbackURL, address: at, listeners: listeners, page: newPageFrame(),
		armed: make(chan struct{}), answered: make(chan struct{}), published: make(chan struct{}),
		delivered: make(chan struct{}), closed: make(chan struct{}),
	}
	cb.server = &http.Server{
		Handler:           http.HandlerFunc(cb.serve),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		// A callback with a very long query gets our 400, not net/http's 431.
		MaxHeaderBytes:               256 << 10,
		DisableGeneralOptionsHandler: true,
		ErrorLog:                     log.New(io.Discard, "", 0),
		ConnContext:                  withConn,
	}
	cb.server.SetKeepAlivesEnabled(false)
	strange := noteStrangers(at.port, note)
	everyone := &crowd{}
	for _, l := range listeners {
		go cb.server.Serve(listener{l, strange, everyone})
	}
	return cb, nil
}

// noteStrangers says once per kind that somebody spoke no HTTP to the port.
func noteStrangers(port string, note func(string)) func(tls bool) {
	if note == nil {
		return func(bool) {}
	}
	var tlsOnce, otherOnce sync.Once
	return func(tls bool) {
		if tls {
			tlsOnce.Do(func() {
				note(fmt.Sprintf("A browser insists on https on port %s, where sfconnect speaks http. Switch its HTTPS-only mode off for localhost, or use another browser. Still waiting.", port))
			})
			return
		}
		otherOnce.Do(func() {
			note(fmt.Sprintf("Something other than a browser spoke to port %s and was turned away. Still waiting.", port))
		})
	}
}

// URL is the callback URL as it was given to Listen.
func (cb *Callback) URL() string { return cb.url }

// Wait returns the code of the true callback, which may have come already. The
// error is *Refused when the callback brought error= with the right state, ctx's
// when ctx ended first, or net.ErrClosed after Close.
func (cb *Callback) Wait(ctx context.Context, state string) (secret.Value, error) {
	cb.mu.Lock()
	cb.state = state
	if !cb.arm {
		cb.arm = true
		close(cb.armed)
	}
	cb.mu.Unlock()
	select {
	case <-cb.answered:
	case <-ctx.Done():
	case <-cb.closed:
	}
	cb.mu.Lock()
	defer cb.mu.Unlock()
	switch {
	case cb.answer.refused != nil:
		return secret.Value{}, cb.answer.refused
	case cb.answer.code != "":
		return secret.New(cb.answer.code), nil
	}
	// Whoever comes now is told that nobody waits any more.
	cb.state = ""
	if ctx.Err() != nil {
		return secret.Value{}, ctx.Err()
	}
	return secret.Value{}, net.ErrClosed
}

// Finish publishes the page for the browser that brought the true callback and
// waits until it is delivered or ctx ends; without such a browser it returns at
// once. The first call counts.
func (cb *Callback) Finish(ctx context.Context, p ResultPage) {
	cb.publishOnce.Do(func() {
		cb.mu.Lock()
		cb.outcome = p
		cb.mu.Unlock()
		close(cb.published)
	})
	select {
	case <-cb.answered:
	default:
		return
	}
	select {
	case <-cb.delivered:
	case <-ctx.Done():
	case <-cb.closed:
	}
}

// Close frees the ports at once and ends every open connection. A Wait or
// Finish in progress returns.
func (cb *Callback) Close() {
	cb.closeOnce.Do(func() {
		close(cb.closed)
		// The server forgets a listener that it has not begun to serve.
		for _, l := range cb.listeners {
			l.Close()
		}
		cb.server.Close()
	})
}

// resultPath is an address that only whoever holds both state and code can
// know: the browser that came with them. Neither can be read from it.
func resultPath(state, answer string) string {
	mac := hmac.New(sha256.New, []byte(state))
	mac.Write([]byte(answer))
	return resultPrefix + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
