package main

import (
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"example.com/sfconnect/internal/practice"
)

// rotating is a practice org with Refresh Token Rotation, which tells of each
// answer to a refresh before it is sent.
type rotating struct {
	org   *practice.Org
	facts practice.Facts

	mu       sync.Mutex
	answered func() // called when a refresh has been answered and not been sent
	requests int
}

func newRotating(t *testing.T) *rotating {
	t.Helper()
	r := new(rotating)
	server, other := httptest.NewUnstartedServer(r), httptest.NewUnstartedServer(r)
	settings := callbackLines(t)
	settings["refresh_token_rotation"] = "true"
	var err error
	r.org, err = practice.New(practice.Options{LoginURL: "http://" + other.Listener.Addr().String(), MyDomainURL: "http://" + server.Listener.Addr().String(), Settings: settings, Now: time.Now, Rand: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	r.facts = r.org.Facts()
	for _, s := range []*httptest.Server{server, other} {
		s.Start()
		t.Cleanup(s.Close)
	}
	return r
}

func (r *rotating) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	before := r.org.Ledger().Refreshes
	answer := httptest.NewRecorder()
	r.org.Handler().ServeHTTP(answer, request)
	r.mu.Lock()
	r.requests++
	answered := r.answered
	r.mu.Unlock()
	if answered != nil && r.org.Ledger().Refreshes > before {
		answered()
	}
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

// whenAnswered sets what happens between the org's answer to a refresh and its arrival.
func (r *rotating) whenAnswered(do func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answered = do
}

func (r *rotating) asked() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.requests
}

func (r *rotating) authArgs(more ...string) []string {
	args := []string{"auth", "--json", "--login-url", r.facts.MyDomainURL, "--consumer-key", r.facts.ConsumerKey}
	for _, line := range r.facts.CallbackURLs {
		args = append(args, "--callback-url", line)
	}
	return append(args, more...)
}
