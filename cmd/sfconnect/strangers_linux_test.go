package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// strangers speak to the port on which the program waits for a sign-in.
type strangers struct {
	t    *testing.T
	port string
	mu   sync.Mutex
	here map[net.Conn]bool // connected, and not sent away so far
	told map[string]int    // by kind of request
	stop bool
	work sync.WaitGroup
}

func newStrangers(t *testing.T, port string) *strangers {
	s := &strangers{t: t, port: port, here: map[net.Conn]bool{}, told: map[string]int{}}
	t.Cleanup(func() {
		s.leaves()
		s.mu.Lock()
		defer s.mu.Unlock()
		for c := range s.here {
			c.Close()
		}
	})
	return s
}

// request is what one of them says, byte for byte.
type request struct {
	kind   string
	text   string
	status int  // 0: no answer
	stays  bool // the rest of it never comes
}

// requests are all that must neither decide nor disturb a login. state is the
// right one, which a stranger has in the tests of paths and methods alone.
func (s *strangers) requests(state string) []request {
	host := "\r\nHost: localhost:" + s.port + "\r\n"
	get := func(target, more string) string { return "GET " + target + " HTTP/1.1" + host + more + "\r\n" }
	right := "?code=aPrx.stolen&state=" + state
	const escapes = "%1b%5d0;owned%07%1b[2J%3Cscript%3Ealert(1)%3C/script%3E"
	return []request{
		{"favicon", get("/favicon.ico", ""), 404, false},
		{"robots", get("/robots.txt", ""), 404, false},
		{"preflight", "OPTIONS /OauthRedirect HTTP/1.1" + host + "Origin: https://evil.example\r\nAccess-Control-Request-Method: GET\r\nAccess-Control-Request-Private-Network: true\r\n\r\n", 405, false},
		{"head", "HEAD /OauthRedirect" + right + " HTTP/1.1" + host + "\r\n", 405, false},
		{"post", "POST /OauthRedirect" + right + " HTTP/1.1" + host + "Content-Length: 3\r\n\r\na=b", 405, false},
		{"wrong state", get("/OauthRedirect?code=aPrx.stolen&state=guess", ""), 400, false},
		{"no state", get("/OauthRedirect?code=aPrx.stolen", ""), 400, false},
		{"state twice", get("/OauthRedirect"+right+"&state="+state, ""), 400, false},
		{"forged error", get("/OauthRedirect?error=access_denied&error_description="+escapes, ""), 400, false},
		{"forged error with a state", get("/OauthRedirect?error=access_denied&state=guess", ""), 400, false},
		{"escapes everywhere", "GET /OauthRedirect?code=" + escapes + "&state=" + escapes + "&" + escapes + "=" + escapes + " HTTP/1.1" + host + "User-Agent: \x1b]0;owned\x07<b>\r\nCookie: \x1b[31m\r\n\r\n", 400, false},
		{"escapes in the path", get("/"+escapes, ""), 404, false},
		{"raw escapes", "GET /\x1b[31m HTTP/1.1" + host + "\r\n", 400, false},
		{"foreign host", "GET /OauthRedirect" + right + " HTTP/1.1\r\nHost: evil.example:" + s.port + "\r\n\r\n", 421, false},
		{"rebinding", "GET /OauthRedirect" + right + " HTTP/1.1\r\nHost: localhost.evil.example:" + s.port + "\r\n\r\n", 421, false},
		{"two hosts", "GET /OauthRedirect" + right + " HTTP/1.1" + host + "Host: evil.example\r\n\r\n", 400, false},
		{"two slashes", get("//OauthRedirect"+right, ""), 404, false},
		{"a dot", get("/./OauthRedirect"+right, ""), 404, false},
		{"slash at the end", get("/OauthRedirect/"+right, ""), 404, false},
		{"up and down", get("/x/../OauthRedirect"+right, ""), 404, false},
		{"guessed result", get("/sfconnect/result/"+strings.Repeat("A", 43), ""), 404, false},
		{"64 kB", get("/OauthRedirect?code=a&state="+strings.Repeat("x", 64<<10), ""), 400, false},
		{"thousands of headers", get("/OauthRedirect?code=a&state=guess", strings.Repeat("X-A: b\r\n", 5000)), 400, false},
		{"pipelined", get("/a", "") + get("/OauthRedirect?code=a&state=guess", "") + get("/b", ""), 404, false},
		{"endless body", "POST /x HTTP/1.1" + host + "Content-Length: 99999999999\r\n\r\n" + strings.Repeat("x", 2000), 404, true},
		{"endless chunks", "POST /x HTTP/1.1" + host + "Transfer-Encoding: chunked\r\n\r\n7d0\r\n" + strings.Repeat("x", 2000), 404, true},
		{"odd expectation", get("/x", "Expect: wonders\r\n"), 417, false},
		{"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 421, false},
		{"HTTP/2 upgrade", get("/", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"), 404, false},
		{"HTTP/0.9", "GET /OauthRedirect" + right + "\r\n\r\n", 400, false},
		{"HTTP/9.9", "GET /OauthRedirect" + right + " HTTP/9.9" + host + "\r\n", 400, false},
		{"no HTTP", "\x00\x01\x02\x1b[31m\r\n\r\n", 0, false},
		{"TLS", clientHello(), 0, false},
	}
}

// clientHello is what a browser sends that insists on https.
func clientHello() string {
	near, far := net.Pipe()
	go func() { _ = tls.Client(near, &tls.Config{ServerName: "localhost"}).Handshake() }()
	b := make([]byte, 4096)
	n, _ := far.Read(b)
	far.Close()
	near.Close()
	return string(b[:n])
}

// comes connects; nil where the port is closed already.
func (s *strangers) comes() net.Conn {
	c, err := net.Dial("tcp", "127.0.0.1:"+s.port)
	if err != nil {
		return nil
	}
	return c
}

// stays says something that is no whole request and waits to be sent away.
func (s *strangers) stays(text string) {
	c := s.comes()
	if c == nil {
		return
	}
	_, _ = io.WriteString(c, text)
	s.remains(c)
}

// remains leaves c connected until it is sent away.
func (s *strangers) remains(c net.Conn) {
	s.mu.Lock()
	s.here[c] = true
	s.mu.Unlock()
	go func() {
		_, _ = io.Copy(io.Discard, c)
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.here, c)
		c.Close()
	}()
}

func (s *strangers) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.here)
}

// unfinished are beginnings of requests that never end.
func (s *strangers) unfinished(n int) string {
	return []string{
		"", "G", "GET /Oau", "GET /OauthRedirect?code=a&state=b HTTP/1.1\r\nHost: localhost:" + s.port + "\r\nX-Slow: ",
		"POST /OauthRedirect HTTP/1.1\r\nHost: localhost:" + s.port + "\r\nContent-Length: 5", "\x16",
	}[n%6]
}

// besiege has many at a time say all of the requests, again and again, and leave
// unfinished ones behind, until leaves. before is closed after so many rounds.
func (s *strangers) besiege(requests []request, rounds int) (before <-chan struct{}) {
	begun := make(chan struct{})
	var once sync.Once
	for worker := range 16 {
		s.work.Go(func() {
			for i := 0; i < 20*rounds*len(requests) && !s.left(); i++ {
				if i == rounds*len(requests) {
					once.Do(func() { close(begun) })
				}
				s.stays(s.unfinished(i))
				s.says(requests[(i+worker)%len(requests)])
			}
		})
	}
	return begun
}

func (s *strangers) left() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stop
}

// leaves ends besiege. Those who stay, stay.
func (s *strangers) leaves() {
	s.mu.Lock()
	s.stop = true
	s.mu.Unlock()
	s.work.Wait()
}

// says makes one request and wants it answered as it should be.
func (s *strangers) says(r request) {
	c := s.comes()
	if c == nil {
		s.t.Errorf("%s: nobody listens on port %s", r.kind, s.port)
		return
	}
	go func() { _, _ = io.WriteString(c, r.text) }() // whoever refuses need not read all of it
	why := unwanted(r, c)
	if r.stays {
		s.remains(c)
	} else {
		c.Close()
	}
	s.mu.Lock()
	s.told[r.kind]++
	s.mu.Unlock()
	if why != "" {
		s.t.Errorf("%s: %s", r.kind, why)
	}
}

// unwanted says what is wrong with an answer.
func unwanted(r request, answer io.Reader) string {
	reader := bufio.NewReader(answer)
	if r.status == 0 {
		if b, _ := io.ReadAll(reader); len(b) > 0 {
			return fmt.Sprintf("answered %q", b)
		}
		return ""
	}
	method, _, _ := strings.Cut(r.text, " ")
	resp, err := http.ReadResponse(reader, &http.Request{Method: method})
	if err != nil {
		return fmt.Sprintf("no answer: %v", err)
	}
	body, _ := io.ReadAll(resp.Body)
	var rest []byte
	if !r.stays {
		rest, _ = io.ReadAll(reader)
	}
	h := resp.Header
	switch {
	case resp.StatusCode != r.status:
		return fmt.Sprintf("answered %s, want %d", resp.Status, r.status)
	case h.Get("Cache-Control") != "no-store" || h.Get("Referrer-Policy") != "no-referrer" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'"):
		return fmt.Sprintf("lacks a header: %v", h)
	case h.Get("Location") != "" || h.Get("Access-Control-Allow-Origin") != "" || h.Get("Access-Control-Allow-Private-Network") != "" || len(resp.Cookies()) > 0:
		return fmt.Sprintf("has a header too many: %v", h)
	case bytes.ContainsAny(body, "\x1b\x07") || bytes.Contains(body, []byte("<script")) || bytes.Contains(body, []byte("owned")):
		return fmt.Sprintf("repeats what was sent: %q", body)
	case len(rest) > 0:
		return fmt.Sprintf("is followed by %q", rest)
	}
	return ""
}
