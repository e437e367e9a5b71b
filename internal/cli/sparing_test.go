package cli

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// crowd makes n requests side by side, all of which must be answered, and counts the
// connections that the server saw.
func crowd(t *testing.T, n int, http2 bool) int {
	t.Helper()
	var opened atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.EnableHTTP2 = http2
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	client := http.Client{Transport: newSparing(server.Client().Transport)}
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			answer, err := client.Get(server.URL)
			if err != nil {
				t.Error(err)
				return
			}
			answer.Body.Close()
		})
	}
	wg.Wait()
	return int(opened.Load())
}

func TestRequestsToAnHTTP2HostShareAConnection(t *testing.T) {
	if got := crowd(t, 20, true); got != 1 {
		t.Errorf("%d connections were opened", got)
	}
	crowd(t, 20, false) // over HTTP/1.1 each is answered too
}

// trip is a transport made of a function.
type trip func(*http.Request) (*http.Response, error)

func (f trip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A first request that hangs or fails holds up no other for longer than that.
func TestWhoWaitsForAConnectionIsNotStuck(t *testing.T) {
	arrived, fail := make(chan struct{}), make(chan struct{})
	var first sync.Once
	s := newSparing(trip(func(*http.Request) (*http.Response, error) {
		first.Do(func() { close(arrived); <-fail })
		return nil, errors.New("no way there")
	}))
	get := func(ctx context.Context) error {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://org.example/", strings.NewReader("x"))
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.RoundTrip(r)
		return err
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	for range 3 {
		wg.Go(func() {
			if err := get(t.Context()); err == nil || err.Error() != "no way there" {
				t.Error(err)
			}
		})
	}
	<-arrived
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := get(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	close(fail)
}
