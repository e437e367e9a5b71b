package oauthflow

import (
	"io"
	"net"
	"net/http"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
)

// visitors come one after the other, each with the next of what is said, and stay
// for as long as they may. It gives how many were sent away so far.
func (l *login) visitors(n int, said ...string) (away func() int) {
	gone := make(chan struct{}, n)
	for i := range n {
		c := l.pipes.dial()
		go func() {
			io.WriteString(c, said[i%len(said)])
			io.Copy(io.Discard, c)
			c.Close()
			gone <- struct{}{}
		}()
	}
	return func() int {
		synctest.Wait()
		return len(gone)
	}
}

const wrongReply = "GET /OauthRedirect?code=x&state=y HTTP/1.1\r\nHost: localhost:1717\r\n\r\n"

func TestACrowdIsSentAwayFromTheOldestOn(t *testing.T) {
	during(t, time.Minute, func(t *testing.T, l *login) {
		begin, before := time.Now(), runtime.NumGoroutine()
		away := l.visitors(1000, "", "GET /Oau", "GET / HTTP/1.1\r\nHost: localhost:1717\r\nX: ", "POST / HTTP/1.1\r\nHost: localhost:1717\r\nContent-Length: 9\r\n")
		if n := away(); n < 1000-mostOpen {
			t.Errorf("%d of 1000 were sent away", n)
		}
		// One of the server's and one of the test's for each who is there, and no more.
		if more := runtime.NumGoroutine() - before; more > 3*mostOpen {
			t.Errorf("%d goroutines more", more)
		}
		l.succeed(t)
		if time.Since(begin) != 0 {
			t.Error("the true callback had to wait for a limit to pass")
		}
	})
}

func TestACrowdBeforeWaitIsSentAwayToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &login{pipes: newPipes()}
		other := newPipes()
		var err error
		l.Callback, err = Listen(Ports{Listen: func(network, _ string) (net.Listener, error) {
			return map[string]net.Listener{"tcp4": l.pipes, "tcp6": other}[network], nil
		}}, "http://localhost:1717/OauthRedirect", nil)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		away := l.visitors(500, wrongReply) // each is held until Wait says which state is right
		if n := away(); n < 500-mostOpen {
			t.Errorf("%d of 500 were sent away", n)
		}
		early := make(chan *http.Response)
		go func() { early <- l.pipes.get(truePath) }()
		synctest.Wait()
		if code, err := l.Wait(t.Context(), trueState); err != nil || code.Reveal() != "aPrx.secret==" {
			t.Errorf("%v, %v", code, err)
		}
		if resp := <-early; resp.StatusCode != http.StatusSeeOther {
			t.Errorf("got %s", resp.Status)
		}
	})
}

func TestTheTrueBrowserIsNeverSentAway(t *testing.T) {
	during(t, time.Minute, func(t *testing.T, l *login) {
		location := l.succeed(t)
		page := make(chan *http.Response)
		go func() { page <- l.pipes.get(location) }()
		synctest.Wait()
		if n := l.visitors(500, "", "GET /")(); n < 500-mostOpen {
			t.Errorf("%d of 500 were sent away", n)
		}
		go l.Finish(t.Context(), ResultPage{OK: true, Title: "Connected"})
		if resp := <-page; resp.StatusCode != http.StatusOK {
			t.Errorf("the page is %s", resp.Status)
		}
	})
}
