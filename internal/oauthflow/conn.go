package oauthflow

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
)

// tlsHandshake is the first byte of a TLS hello (RFC 8446 section 5.1).
const tlsHandshake = 0x16

// listener hands out connections that notice at their first byte when no HTTP
// is spoken on them.
type listener struct {
	net.Listener
	strange func(tls bool)
	crowd   *crowd
}

// Accept implements net.Listener.
func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	visitor := &conn{Conn: c, strange: l.strange, crowd: l.crowd}
	l.crowd.enter(visitor)
	return visitor, nil
}

type conn struct {
	net.Conn
	strange func(tls bool)
	crowd   *crowd
	reading atomic.Bool // it is listened to: what came with it has been seen
	spoken  bool        // the first byte has come
	ours    bool        // an answer of our handler has begun
}

// Read says that the connection is at its end, upon which net/http closes it,
// when the first byte cannot begin an HTTP method.
// net/http reads from one goroutine at a time.
func (c *conn) Read(p []byte) (int, error) {
	c.reading.Store(true)
	n, err := c.Conn.Read(p)
	if n == 0 || c.spoken {
		return n, err
	}
	c.spoken = true
	if first := p[0]; first|0x20 < 'a' || first|0x20 > 'z' {
		c.strange(first == tlsHandshake)
		return 0, io.EOF
	}
	return n, err
}

// Write replaces the answers that net/http gives by itself to what it cannot
// read (400, 417, 431, 501, 505): every answer of ours has the same headers, and
// none to a stranger says that something is wrong with us.
func (c *conn) Write(p []byte) (int, error) {
	c.ours = c.ours || bytes.Contains(p, []byte("\r\n"+ownAnswer+": "))
	if c.ours || !bytes.HasPrefix(p, []byte("HTTP/1.")) {
		return c.Conn.Write(p)
	}
	status, _, _ := bytes.Cut(p, []byte("\r\n"))
	if bytes.HasPrefix(status, []byte("HTTP/1.1 5")) {
		status = []byte("HTTP/1.1 400 Bad Request")
	}
	var b strings.Builder
	b.Write(status)
	b.WriteString("\r\n")
	for _, h := range commonHeaders(policyNothing) {
		b.WriteString(h[0] + ": " + h[1] + "\r\n")
	}
	b.WriteString("Content-Length: 0\r\nConnection: close\r\n\r\n")
	if _, err := io.WriteString(c.Conn, b.String()); err != nil {
		return 0, err
	}
	return len(p), nil
}

// CloseWrite lets net/http end an answer without a reset on the browser's side.
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// Close implements net.Conn.
func (c *conn) Close() error {
	c.crowd.leave(c)
	return c.Conn.Close()
}

type connKey struct{}

// withConn lets a handler find the connection on which its request came.
func withConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

// keepConn lets the connection of this request stay, however many more come.
func keepConn(r *http.Request) {
	if c, ok := r.Context().Value(connKey{}).(*conn); ok {
		c.crowd.keep(c)
	}
}
