package cli

import (
	"net/http"
	"net/http/httptrace"
	"sync"

	"example.com/sfconnect/internal/connection"
)

// sparing opens one connection to an HTTP/2 host where requests come side by side:
// those that come while the host's first is being opened wait for it. net/http opens one for
// each and drops all but one, and with many orgs at a time the handshakes of the dropped
// ones are most of the work. A host that speaks HTTP/1.1 alone pays for it with two
// round trips, so that a command for one org does without. It is safe for concurrent use.
type sparing struct {
	base   http.RoundTripper
	mu     sync.Mutex
	opened map[string]chan struct{} // by host; closed once its first connection is there, or failed
}

func newSparing(base http.RoundTripper) *sparing {
	return &sparing{base: base, opened: map[string]chan struct{}{}}
}

// RoundTrip implements http.RoundTripper.
func (s *sparing) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" { // without TLS there is no HTTP/2 and no handshake
		return s.base.RoundTrip(r)
	}
	s.mu.Lock()
	opened, there := s.opened[r.URL.Host]
	if !there {
		opened = make(chan struct{})
		s.opened[r.URL.Host] = opened
	}
	s.mu.Unlock()
	if !there {
		open := sync.OnceFunc(func() { close(opened) })
		defer open()
		got := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { open() }}
		return s.base.RoundTrip(r.WithContext(httptrace.WithClientTrace(r.Context(), got)))
	}
	select {
	case <-opened:
	case <-r.Context().Done():
		if r.Body != nil {
			r.Body.Close()
		}
		return nil, r.Context().Err()
	}
	return s.base.RoundTrip(r)
}

// CloseIdleConnections passes http.Client's method of that name on.
func (s *sparing) CloseIdleConnections() {
	if closer, ok := s.base.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

// Apart is the same way to the network with connections of its own.
func (s *sparing) Apart() http.RoundTripper {
	if t, ok := s.base.(interface{ Apart() http.RoundTripper }); ok {
		return newSparing(t.Apart())
	}
	return s
}

// manyMachine is machine for work on many connections at a time.
func (a *app) manyMachine() (*connection.Machine, error) {
	m, err := a.machine()
	if err == nil {
		m.HTTP.Transport = newSparing(m.HTTP.Transport)
	}
	return m, err
}
