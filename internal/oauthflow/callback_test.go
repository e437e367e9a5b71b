package oauthflow

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"example.com/sfconnect/internal/secret"
)

// pipes is a listener in memory, so that a test can hold the clock.
type pipes struct {
	accept chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipes() *pipes { return &pipes{accept: make(chan net.Conn), closed: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.accept:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error   { p.once.Do(func() { close(p.closed) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1717} }

func (p *pipes) dial() net.Conn {
	near, far := net.Pipe()
	p.accept <- far
	return near
}

// raw sends bytes and returns all that comes back.
func (p *pipes) raw(request string) string {
	c := p.dial()
	defer c.Close()
	go io.WriteString(c, request)
	answer, _ := io.ReadAll(c)
	return string(answer)
}

func (p *pipes) get(target string) *http.Response { return p.do("GET", target, "localhost:1717") }

func (p *pipes) do(method, target, host string) *http.Response {
	answer := p.raw(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(strings.NewReader(answer)), &http.Request{Method: method})
	if err != nil {
		return &http.Response{StatusCode: 0, Header: http.Header{}, Body: http.NoBody, Status: "no answer: " + answer}
	}
	body, _ := io.ReadAll(resp.Body)
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp
}

const trueState = "S0meState-of_43_characters-0123456789abcdefg"

// login is a callback in a bubble with a Wait in progress.
type login struct {
	*Callback
	pipes *pipes
	notes []string
	mu    sync.Mutex
	code  secret.Value
	err   error
	done  chan struct{}
}

// during runs test while a Wait with the given limit is in progress.
func during(t *testing.T, limit time.Duration, test func(t *testing.T, l *login)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := &login{pipes: newPipes(), done: make(chan struct{})}
		note := func(s string) { l.mu.Lock(); l.notes = append(l.notes, s); l.mu.Unlock() }
		other := newPipes()
		var err error
		l.Callback, err = Listen(Ports{Listen: func(network, _ string) (net.Listener, error) {
			return map[string]net.Listener{"tcp4": l.pipes, "tcp6": other}[network], nil
		}}, "http://localhost:1717/OauthRedirect", note)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		defer cancel()
		go func() {
			l.code, l.err = l.Wait(ctx, trueState)
			close(l.done)
		}()
		synctest.Wait()
		test(t, l)
	})
}

func (l *login) waiting() bool {
	synctest.Wait()
	select {
	case <-l.done:
		return false
	default:
		return true
	}
}

const truePath = "/OauthRedirect?code=aPrx.secret%3D%3D&state=" + trueState

// succeed brings the true callback and checks that it wins.
func (l *login) succeed(t *testing.T) (location string) {
	t.Helper()
	resp := l.pipes.get(truePath)
	checkHeaders(t, "true callback", resp)
	location = resp.Header.Get("Location")
	if resp.StatusCode != http.StatusSeeOther || !strings.HasPrefix(location, "/sfconnect/result/") || len(location) < 40 ||
		strings.Contains(location, "aPrx") || strings.Contains(location, trueState) || strings.Contains(location, "?") {
		t.Errorf("answered %s, Location %q", resp.Status, location)
	}
	body, _ := io.ReadAll(resp.Body)
	if strings.Contains(string(body), "aPrx") {
		t.Errorf("the code is in %q", body)
	}
	if l.waiting() || l.err != nil || l.code.Reveal() != "aPrx.secret==" {
		t.Errorf("code %q, error %v", l.code.Reveal(), l.err)
	}
	return location
}

func checkHeaders(t *testing.T, name string, resp *http.Response) {
	t.Helper()
	h := resp.Header
	if h.Get("Cache-Control") != "no-store" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") ||
		h.Get("Referrer-Policy") != "no-referrer" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%s: headers of %s: %v", name, resp.Status, h)
	}
}

func TestTheTrueCallbackWinsAndThePageWaitsForFinish(t *testing.T) {
	during(t, time.Minute, func(t *testing.T, l *login) {
		location := l.succeed(t)
		page := make(chan *http.Response)
		go func() { page <- l.pipes.get(location) }()
		time.Sleep(50 * time.Second) // the clock of the bubble: an exchange that takes its time
		select {
		case resp := <-page:
			t.Fatalf("the page came before Finish: %s", resp.Status)
		default:
		}
		finished := make(chan struct{})
		go func() {
			l.Finish(t.Context(), ResultPage{OK: true, Title: "Connected", Message: "Ada <b>Admin</b>", Rows: [][2]string{{"Org", "Acme & Sons\x1b[31m"}}})
			close(finished)
		}()
		resp := <-page
		<-finished
		checkHeaders(t, "page", resp)
		body, _ := io.ReadAll(resp.Body)
		for _, want := range []string{"<title>Connected · sfconnect</title>", "Ada &lt;b&gt;Admin&lt;/b&gt;", "Acme &amp; Sons[31m", `class="done"`} {
			if !strings.Contains(string(body), want) {
				t.Errorf("%q is not in the page", want)
			}
		}
		if resp.StatusCode != 200 || strings.ContainsRune(string(body), 0x1b) || resp.Header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s %v\n%s", resp.Status, resp.Header, body)
		}
		if again := l.pipes.get(location); again.StatusCode != 200 {
			t.Errorf("a reload gets %s", again.Status)
		}
	})
}

func TestFailurePageHasAnErrorStatus(t *testing.T) {
	for give, want := range map[int]int{0: 400, 200: 400, 303: 400, 403: 403, 502: 502, 999: 400} {
		during(t, time.Minute, func(t *testing.T, l *login) {
			location := l.succeed(t)
			go l.Finish(t.Context(), ResultPage{Title: "Not connected", Hint: "One.\nTwo.", Status: give})
			resp := l.pipes.get(location)
			body, _ := io.ReadAll(resp.Body)
			if resp.StatusCode != want || !strings.Contains(string(body), "One.\nTwo.</p>") || !strings.Contains(string(body), `class="failed"`) {
				t.Errorf("status %d became %s\n%s", give, resp.Status, body)
			}
		})
	}
}

func TestDeniedInTheBrowser(t *testing.T) {
	during(t, time.Minute, func(t *testing.T, l *login) {
		resp := l.pipes.get("/OauthRedirect?error=access_denied&error_description=end-user+denied%1b[2J+authorization&state=" + trueState)
		var refused *Refused
		if resp.StatusCode != 303 || l.waiting() || !errors.As(l.err, &refused) || refused.Code != "access_denied" ||
			refused.Description != "end-user denied[2J authorization" || refused.Status != 0 {
			t.Errorf("%s, error %+v", resp.Status, l.err)
		}
		go l.Finish(t.Context(), ResultPage{Title: "Denied", Status: 403})
		if page := l.pipes.get(resp.Header.Get("Location")); page.StatusCode != 403 {
			t.Errorf("page: %s", page.Status)
		}
	})
}

// What cannot be decoded spoils itself, not the answer that it came with.
func TestBrokenEscapesBesideTheAnswer(t *testing.T) {
	for _, c := range []struct{ query, code, failure, description string }{
		{"error=access_denied&error_description=100%+sure%21+%zz&state=" + trueState, "", "access_denied", "100% sure! %zz"},
		{"error=access_denied&error_description=a;b&state=" + trueState, "", "access_denied", "a;b"},
		{"error_description=%e4%&state=" + trueState + "&error=access_denied", "", "access_denied", "%"},
		{"code=a%3D&sfdc_community=%zz&state=" + trueState, "a=", "", ""},
		{"%zz=x&code=a&;&state=" + trueState, "a", "", ""},
	} {
		during(t, time.Minute, func(t *testing.T, l *login) {
			if resp := l.pipes.get("/OauthRedirect?" + c.query); resp.StatusCode != http.StatusSeeOther || l.waiting() {
				t.Fatalf("%s: %s", c.query, resp.Status)
			}
			var refused *Refused
			if !errors.As(l.err, &refused) {
				refused = &Refused{}
			}
			if l.code.Reveal() != c.code || refused.Code != c.failure || refused.Description != c.description {
				t.Errorf("%s: code %q, %+v, %v", c.query, l.code.Reveal(), refused, l.err)
			}
		})
	}
}

func TestDuplicatesOfTheTrueCallback(t *testing.T) {
	during(t, time.Minute, func(t *testing.T, l *login) {
		location := l.succeed(t)
		for range 3 {
			if resp := l.pipes.get(truePath); resp.StatusCode != 303 || resp.Header.Get("Location") != location {
				t.Errorf("the same again: %s to %q", resp.Status, resp.Header.Get("Location"))
			}
		}
		for _, other := range []string{"code=another&state=" + trueState, "error=access_denied&state=" + trueState} {
			if resp := l.pipes.get("/OauthRedirect?" + other); resp.StatusCode != 400 {
				t.Errorf("%s: %s", other, resp.Status)
			}
		}
		if l.code.Reveal() != "aPrx.secret==" {
			t.Error("the code changed")
		}
	})
}

func TestParallelTrueCallbacksDecideOnce(t *testing.T) {
	during(t, time.Minute, func(t *testing.T, l *login) {
		var group sync.WaitGroup
		var mu sync.Mutex
		count := map[int]int{}
		for i := range 40 {
			group.Go(func() {
				resp := l.pipes.get(fmt.Sprintf("/OauthRedirect?code=c%d&state=%s", i%2, trueState))
				mu.Lock()
				count[resp.StatusCode]++
				mu.Unlock()
			})
		}
		group.Wait()
		if l.waiting() || l.err != nil || count[303] != 20 || count[400] != 20 {
			t.Errorf("answers %v, error %v", count, l.err)
		}
	})
}

type stray struct {
	name, method, target, host string
	status                     int // 0: closed without an answer is fine too
}

func strays() []stray {
	home := "localhost:1717"
	long := strings.Repeat("x", 64<<10)
	return []stray{
		{"favicon", "GET", "/favicon.ico", home, 404},
		{"robots", "GET", "/robots.txt", home, 404},
		{"root", "GET", "/", home, 404},
		{"well-known", "GET", "/.well-known/appspecific/com.chrome.devtools.json", home, 404},
		{"head", "HEAD", truePath, home, 405},
		{"post", "POST", truePath, home, 405},
		{"put", "PUT", truePath, home, 405},
		{"options", "OPTIONS", truePath, home, 405},
		{"options star", "OPTIONS", "*", home, 404},
		{"connect", "CONNECT", "localhost:1717", home, 404},
		{"lower-case get", "get", truePath, home, 405},
		{"unclean path", "GET", "/" + truePath, home, 404},
		{"unclean path, head", "HEAD", "/" + truePath, home, 404},
		{"unclean path, connect", "CONNECT", "/" + truePath, home, 404},
		{"dots in the path", "GET", "/./OauthRedirect?code=a&state=" + trueState, home, 404},
		{"up and down", "GET", "/x/../OauthRedirect?code=a&state=" + trueState, home, 404},
		{"trailing slash", "GET", "/OauthRedirect/?code=a&state=" + trueState, home, 404},
		{"other case", "GET", "/oauthredirect?code=a&state=" + trueState, home, 404},
		{"escaped path", "GET", "/%4fauthRedirect?code=a&state=" + trueState, home, 404},
		{"absolute form", "GET", "http://localhost:1717" + truePath, home, 404},
		{"foreign absolute form", "GET", "http://evil.example" + truePath, home, 421},
		{"foreign host", "GET", truePath, "evil.example", 421},
		{"foreign host, our port", "GET", truePath, "evil.example:1717", 421},
		{"rebinding", "GET", truePath, "localhost.evil.example:1717", 421},
		{"other port", "GET", truePath, "localhost:1718", 421},
		{"no port", "GET", truePath, "localhost", 421},
		{"any address", "GET", truePath, "0.0.0.0:1717", 421},
		{"nothing", "GET", "/OauthRedirect", home, 400},
		{"no code", "GET", "/OauthRedirect?state=" + trueState, home, 400},
		{"empty code", "GET", "/OauthRedirect?code=&state=" + trueState, home, 400},
		{"no state", "GET", "/OauthRedirect?code=a", home, 400},
		{"empty state", "GET", "/OauthRedirect?code=a&state=", home, 400},
		{"wrong state", "GET", "/OauthRedirect?code=a&state=x", home, 400},
		{"state of another case", "GET", "/OauthRedirect?code=a&state=" + strings.ToUpper(trueState), home, 400},
		{"half the state", "GET", "/OauthRedirect?code=a&state=" + trueState[:20], home, 400},
		{"more than the state", "GET", "/OauthRedirect?code=a&state=" + trueState + "x", home, 400},
		{"state twice", "GET", "/OauthRedirect?code=a&state=" + trueState + "&state=" + trueState, home, 400},
		{"state twice, one wrong", "GET", "/OauthRedirect?code=a&state=x&state=" + trueState, home, 400},
		{"code twice", "GET", "/OauthRedirect?code=a&code=b&state=" + trueState, home, 400},
		{"code and error", "GET", "/OauthRedirect?code=a&error=b&state=" + trueState, home, 400},
		{"error without state", "GET", "/OauthRedirect?error=access_denied", home, 400},
		{"error with a wrong state", "GET", "/OauthRedirect?error=access_denied&state=x", home, 400},
		{"markup as error", "GET", "/OauthRedirect?error=%3Cscript%3E&state=" + trueState, home, 400},
		{"escapes as error", "GET", "/OauthRedirect?error=%1b[2J&state=" + trueState, home, 400},
		{"bad escape", "GET", "/OauthRedirect?code=%zz&state=" + trueState, home, 400},
		{"bad escape in the code", "GET", "/OauthRedirect?code=a%&state=" + trueState, home, 400},
		{"semicolon in the code", "GET", "/OauthRedirect?code=a;b&state=" + trueState, home, 400},
		{"code twice, one with a bad escape", "GET", "/OauthRedirect?code=%zz&code=a&state=" + trueState, home, 400},
		{"code with a bad escape and error", "GET", "/OauthRedirect?code=%zz&error=access_denied&state=" + trueState, home, 400},
		{"bad escape in the error", "GET", "/OauthRedirect?error=a%&state=" + trueState, home, 400},
		{"bad escape in the state", "GET", "/OauthRedirect?code=a&state=%zz" + trueState, home, 400},
		{"state twice, one with a bad escape", "GET", "/OauthRedirect?code=a&state=%zz&state=" + trueState, home, 400},
		{"semicolons", "GET", "/OauthRedirect?code=a;state=" + trueState, home, 400},
		{"markup", "GET", "/OauthRedirect?code=%3Cscript%3Ealert(1)%3C/script%3E&state=%3Cb%3E", home, 400},
		{"64 kB of state", "GET", "/OauthRedirect?code=a&state=" + long, home, 400},
		{"64 kB of code", "GET", "/OauthRedirect?code=" + long + "&state=" + trueState, home, 400},
		{"64 kB of path", "GET", "/" + long, home, 404},
		{"a megabyte", "GET", "/" + strings.Repeat(long, 16), home, 431},
		{"guessed result", "GET", "/sfconnect/result/guess", home, 404},
		{"result without a token", "GET", "/sfconnect/result/", home, 404},
		{"result by post", "POST", "/sfconnect/result/x", home, 404},
		{"no host", "GET", truePath + " HTTP/1.1\r\nX: y", "", 0},
		{"two hosts", "GET", truePath, home + "\r\nHost: " + home, 400},
		{"HTTP/2", "PRI", "*", home, 404},
	}
}

func TestStrayRequestsDecideNothing(t *testing.T) {
	during(t, time.Minute, func(t *testing.T, l *login) {
		for _, s := range strays() {
			resp := l.pipes.do(s.method, s.target, s.host)
			if s.status != 0 {
				checkHeaders(t, s.name, resp)
				if resp.StatusCode != s.status {
					t.Errorf("%s: %s, want %d", s.name, resp.Status, s.status)
				}
			}
			body, _ := io.ReadAll(resp.Body)
			if resp.Header.Get("Location") != "" || len(resp.Cookies()) > 0 || len(body) > 16<<10 {
				t.Errorf("%s: %v, %d bytes", s.name, resp.Header, len(body))
			}
			for _, echoed := range []string{"<script>", "<b>", "\x1b", trueState, "xxxxxxxx"} {
				if strings.Contains(string(body), echoed) {
					t.Errorf("%s: %q comes back", s.name, echoed)
				}
			}
			if !l.waiting() {
				t.Fatalf("%s ended the wait: %v", s.name, l.err)
			}
		}
		l.succeed(t)
	})
}

func TestBytesThatAreNoHTTP(t *testing.T) {
	hello := "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
	during(t, time.Minute, func(t *testing.T, l *login) {
		for _, sent := range []string{hello, hello, "\x00\x01", "\x80\x2e\x01", "\r\n\r\n", "\x1b[31m", " GET / HTTP/1.1\r\n\r\n"} {
			if answer := l.pipes.raw(sent); answer != "" {
				t.Errorf("%q got %q", sent, answer)
			}
		}
		synctest.Wait()
		l.mu.Lock()
		notes := l.notes
		l.mu.Unlock()
		if len(notes) != 2 || !strings.Contains(notes[0], "https") || strings.Contains(strings.Join(notes, ""), "\n") {
			t.Errorf("notes %q", notes)
		}
		// Letters without HTTP: refused by net/http, under our headers.
		for _, sent := range []string{"hello\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\nHost: x\r\n\r\n", "GET /OauthRedirect HTTP/1.1\r\nHost : x\r\n\r\n"} {
			resp, err := http.ReadResponse(bufio.NewReader(strings.NewReader(l.pipes.raw(sent))), nil)
			if err != nil || resp.StatusCode < 400 || resp.StatusCode > 505 {
				t.Errorf("%q: %v %v", sent, resp, err)
				continue
			}
			checkHeaders(t, sent, resp)
		}
		if !l.waiting() {
			t.Fatalf("the wait ended: %v", l.err)
		}
		l.succeed(t)
	})
}

func TestNoteMayBeNil(*testing.T) {
	noteStrangers("1717", nil)(true)
}

func TestSlowAndSilentVisitorsDelayNobody(t *testing.T) {
	during(t, 5*time.Minute, func(t *testing.T, l *login) {
		begin := time.Now()
		type visitor struct {
			net.Conn
			ended time.Duration
		}
		var visitors []*visitor
		var group sync.WaitGroup
		visit := func(sent string, drip bool) {
			v := &visitor{Conn: l.pipes.dial()}
			visitors = append(visitors, v)
			group.Go(func() {
				io.WriteString(v, sent)
				for drip {
					time.Sleep(time.Second)
					if _, err := io.WriteString(v, "x"); err != nil {
						return
					}
				}
			})
			group.Go(func() {
				io.Copy(io.Discard, v)
				v.ended = time.Since(begin)
				v.Close()
			})
		}
		for range 50 {
			visit("", false)
			visit("GET /Oau", false)
			visit("GET /", true)
			visit("GET /OauthRedirect HTTP/1.1\r\nHost: localhost:1717\r\nX-Slow: ", true)
			visit("POST /OauthRedirect HTTP/1.1\r\nHost: localhost:1717\r\nContent-Length: 100000\r\n\r\n", true)
			visit("POST /x HTTP/1.1\r\nHost: localhost:1717\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n", true)
		}
		l.succeed(t)
		if took := time.Since(begin); took > 2*time.Second {
			t.Errorf("the true callback took %v", took)
		}
		group.Wait()
		for _, v := range visitors {
			if v.ended > 20*time.Second {
				t.Errorf("a visitor stayed %v", v.ended)
			}
		}
	})
}

func TestACallbackBeforeWaitIsHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, other := newPipes(), newPipes()
		cb, err := Listen(Ports{Listen: func(network, _ string) (net.Listener, error) {
			return map[string]net.Listener{"tcp4": p, "tcp6": other}[network], nil
		}}, "http://localhost:1717/OauthRedirect", nil)
		if err != nil {
			t.Fatal(err)
		}
		defer cb.Close()
		early := make(chan *http.Response)
		go func() { early <- p.get(truePath) }()
		time.Sleep(30 * time.Second)
		code, err := cb.Wait(t.Context(), trueState)
		if err != nil || code.Reveal() != "aPrx.secret==" {
			t.Errorf("%v, %v", code.Reveal(), err)
		}
		if resp := <-early; resp.StatusCode != 303 {
			t.Errorf("got %s", resp.Status)
		}
	})
}

func TestWaitEndsWithItsContext(t *testing.T) {
	during(t, time.Minute, func(t *testing.T, l *login) {
		begin := time.Now()
		<-l.done
		if !errors.Is(l.err, context.DeadlineExceeded) || time.Since(begin) != time.Minute {
			t.Errorf("%v after %v", l.err, time.Since(begin))
		}
		if resp := l.pipes.get(truePath); resp.StatusCode != http.StatusGone {
			t.Errorf("a late callback gets %s", resp.Status)
		}
		l.Finish(t.Context(), ResultPage{}) // nobody to deliver to: returns at once
	})
}

func TestFinishGivesUpOnABrowserThatDoesNotCome(t *testing.T) {
	during(t, time.Minute, func(t *testing.T, l *login) {
		location := l.succeed(t)
		// One that comes and leaves before there is a page.
		c := l.pipes.dial()
		io.WriteString(c, "GET "+location+" HTTP/1.1\r\nHost: localhost:1717\r\n\r\n")
		c.Close()
		begin := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		l.Finish(ctx, ResultPage{OK: true})
		if took := time.Since(begin); took != 2*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

func TestCloseEndsABrowserThatWaits(t *testing.T) {
	during(t, time.Minute, func(t *testing.T, l *login) {
		location := l.succeed(t)
		page := make(chan *http.Response)
		go func() { page <- l.pipes.get(location) }()
		synctest.Wait()
		l.Close()
		if resp := <-page; resp.StatusCode != 0 {
			t.Errorf("got %s", resp.Status)
		}
	})
}

func TestHostsOfOurs(t *testing.T) {
	cb := &Callback{address: address{port: "1717"}}
	plain := &Callback{address: address{port: "80"}}
	for _, host := range []string{"localhost", "LOCALHOST", "127.0.0.1", "[::1]"} {
		if !cb.ownHost(host+":1717") || cb.ownHost(host) || !plain.ownHost(host) || !plain.ownHost(host+":80") {
			t.Errorf("%s is not handled right", host)
		}
	}
	for _, host := range []string{"", ":1717", "127.0.0.2:1717", "::1:1717", "[::]:1717", "localhost.:1717", "localhost:01717", "x@localhost:1717"} {
		if cb.ownHost(host) {
			t.Errorf("%q counts as ours", host)
		}
	}
}

// A real browser's way, over real sockets, on both families.
func TestOverRealSockets(t *testing.T) {
	port := freePort(t)
	for _, family := range []string{"tcp4", "tcp6"} {
		t.Run(family, func(t *testing.T) {
			cb, err := Listen(Ports{Listen: net.Listen}, "http://localhost:"+port+"/OauthRedirect", nil)
			if err != nil {
				t.Fatal(err)
			}
			defer cb.Close()
			if family == "tcp6" && len(cb.listeners) == 1 {
				t.Skip("this machine has no IPv6")
			}
			host := map[string]string{"tcp4": "127.0.0.1", "tcp6": "::1"}[family]
			browser := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, family, net.JoinHostPort(host, port))
			}}}
			defer browser.CloseIdleConnections()
			type visit struct {
				at   *url.URL
				body string
				err  error
			}
			landed := make(chan visit, 1)
			go func() {
				resp, err := browser.Get("http://localhost:" + port + truePath)
				if err != nil {
					landed <- visit{err: err}
					return
				}
				defer resp.Body.Close()
				body, err := io.ReadAll(resp.Body)
				landed <- visit{resp.Request.URL, string(body), err}
			}()
			code, err := cb.Wait(t.Context(), trueState)
			if err != nil || code.Reveal() != "aPrx.secret==" {
				t.Fatal(err)
			}
			cb.Finish(t.Context(), ResultPage{OK: true, Title: "Connected"})
			cb.Close()
			v := <-landed
			if v.err != nil || !strings.HasPrefix(v.at.Path, "/sfconnect/result/") || v.at.RawQuery != "" || !strings.HasSuffix(v.body, "</html>\n") {
				t.Errorf("landed at %v: %v, %d bytes", v.at, v.err, len(v.body))
			}
		})
	}
}
