package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"example.com/sfconnect/internal/porttest"
	"example.com/sfconnect/internal/practice"
)

// wire is a practice org at the end of a slow line. Requests for tokens take the
// time that the round sets, there and back, and go on whether or not the client
// still lives: what has left a computer arrives.
type wire struct {
	org     *practice.Org
	handler http.Handler
	facts   practice.Facts
	alone   *http.Client // our own requests, each on a connection of its own

	mu     sync.Mutex
	there  time.Duration // before the org sees a request
	back   time.Duration // before its answer leaves
	hold   chan struct{} // where it is set, answers wait until it is closed
	passed []*passage
	news   chan struct{} // closed and made anew whenever a passage changes
	open   int           // connections
}

// passage is one request for tokens. A zero time is "not yet".
type passage struct {
	grant     string // grant_type
	presented string // the refresh token that was shown
	access    string // what the answer holds
	refresh   string
	status    int
	arrived   time.Time // the request is here
	issued    time.Time // the org has answered
	delivered time.Time // the answer has been handed to the client's computer
}

func newWire(ctx context.Context) (*wire, error) {
	w := &wire{news: make(chan struct{}), alone: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
	var origins []string
	var callbacks []string
	for range 2 {
		port, release, err := porttest.Hold()
		if err != nil {
			return nil, err
		}
		context.AfterFunc(ctx, release)
		callbacks = append(callbacks, fmt.Sprintf("http://localhost:%d/OauthRedirect", port))
	}
	for range 2 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		origins = append(origins, "http://"+l.Addr().String())
		server := &http.Server{Handler: w, ConnState: w.count, ErrorLog: log.New(io.Discard, "", 0)}
		go func() { _ = server.Serve(l) }()
		context.AfterFunc(ctx, func() { _ = server.Close() })
	}
	var err error
	w.org, err = practice.New(practice.Options{
		LoginURL: origins[0], MyDomainURL: origins[1], Now: time.Now, Rand: rand.Reader,
		Settings: map[string]string{"refresh_token_rotation": "true", "callbacks": strings.Join(callbacks, " ")},
	})
	if err != nil {
		return nil, err
	}
	w.handler, w.facts = w.org.Handler(), w.org.Facts()
	return w, nil
}

// count keeps the number of connections.
func (w *wire) count(_ net.Conn, state http.ConnState) {
	w.change(func() {
		switch state {
		case http.StateNew:
			w.open++
		case http.StateClosed, http.StateHijacked:
			w.open--
		}
	})
}

func (w *wire) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/services/oauth2/token" {
		w.handler.ServeHTTP(out, r)
		return
	}
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client was killed while it sent
	}
	form, _ := url.ParseQuery(string(text))
	r = r.WithContext(context.WithoutCancel(r.Context()))
	r.Body = io.NopCloser(bytes.NewReader(text))

	p := &passage{grant: form.Get("grant_type"), presented: form.Get("refresh_token"), arrived: time.Now()}
	w.mu.Lock()
	there, back, hold := w.there, w.back, w.hold
	w.passed = append(w.passed, p)
	w.tell()
	w.mu.Unlock()
	<-time.After(there)
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, r)
	var tokens struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
	}
	_ = json.Unmarshal(answer.Body.Bytes(), &tokens)
	w.change(func() {
		p.access, p.refresh, p.status, p.issued = tokens.Access, tokens.Refresh, answer.Code, time.Now()
	})
	<-time.After(back)
	if hold != nil {
		<-hold
	}
	for name, values := range answer.Header() {
		out.Header()[name] = values
	}
	out.WriteHeader(answer.Code)
	_, _ = out.Write(answer.Body.Bytes())
	_ = http.NewResponseController(out).Flush()
	w.change(func() { p.delivered = time.Now() })
}

func (w *wire) change(do func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	do()
	w.tell()
}

func (w *wire) tell() {
	close(w.news)
	w.news = make(chan struct{})
}

// begin forgets the passages and sets how slow the line is from now on.
func (w *wire) begin(there, back time.Duration, hold chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.there, w.back, w.hold, w.passed = there, back, hold, nil
}

// until waits until ok says so of the passages since begin, or ctx ends.
func (w *wire) until(ctx context.Context, ok func(passed []passage) bool) bool {
	for {
		w.mu.Lock()
		news, passed := w.news, w.copied()
		w.mu.Unlock()
		if ok(passed) {
			return true
		}
		select {
		case <-news:
		case <-ctx.Done():
			return false
		}
	}
}

// settled waits until nothing of programs that have ended is on its way any more,
// and returns all passages since begin.
func (w *wire) settled(ctx context.Context) ([]passage, error) {
	// Connections are accepted in turn: once this one is answered, one that a
	// killed program had opened before is known, and counted until it is dealt with.
	for _, origin := range []string{w.facts.LoginURL, w.facts.MyDomainURL} {
		answer, err := w.alone.Get(origin + "/favicon.ico")
		if err != nil {
			return nil, err
		}
		answer.Body.Close()
	}
	for {
		w.mu.Lock()
		news, passed, open := w.news, w.copied(), w.open
		w.mu.Unlock()
		if open == 0 {
			return passed, nil
		}
		select {
		case <-news:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (w *wire) copied() []passage {
	var out []passage
	for _, p := range w.passed {
		out = append(out, *p)
	}
	return out
}

// of keeps the passages of a grant type.
func of(passed []passage, grant string) []passage {
	return slices.DeleteFunc(slices.Clone(passed), func(p passage) bool { return p.grant != grant })
}
