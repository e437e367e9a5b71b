package oauthflow

import (
	"crypto/subtle"
	"net/http"
	"strings"
)

// mostCode bounds code and error: real ones have fewer than 100 characters.
const mostCode = 4 << 10

// serve answers every request. There is no ServeMux, because it would redirect
// unclean paths.
func (cb *Callback) serve(w http.ResponseWriter, r *http.Request) {
	path, query, _ := strings.Cut(r.RequestURI, "?")
	switch {
	case !cb.ownHost(r.Host):
		cb.refuse(w, http.StatusMisdirectedRequest)
	case strings.HasPrefix(path, resultPrefix) && r.Method == http.MethodGet:
		cb.serveResult(w, r, path)
	case path != cb.address.path:
		cb.refuse(w, http.StatusNotFound)
	case r.Method != http.MethodGet:
		w.Header().Set("Allow", http.MethodGet)
		cb.refuse(w, http.StatusMethodNotAllowed)
	default:
		cb.serveCallback(w, r, query)
	}
}

// ownHost guards against DNS rebinding: a foreign name that points here.
func (cb *Callback) ownHost(host string) bool {
	name, ok := strings.CutSuffix(host, ":"+cb.address.port)
	if !ok && cb.address.port != "80" {
		return false
	}
	switch strings.ToLower(name) {
	case "localhost", "127.0.0.1", "[::1]":
		return true
	}
	return false
}

func (cb *Callback) serveCallback(w http.ResponseWriter, r *http.Request, query string) {
	form := parseForm(query)
	got, ok := parseReply(form)
	if !ok {
		cb.refuse(w, http.StatusBadRequest)
		return
	}
	// The browser may be faster than the caller's way to Wait.
	cb.hold(r, cb.armed)
	path, status := cb.decide(form.values.Get("state"), got)
	if status != http.StatusSeeOther {
		cb.refuse(w, status)
		return
	}
	keepConn(r)
	w.Header().Set("Location", path)
	writeAnswer(w, status, policyNothing, "text/plain; charset=utf-8", "Go on to "+path+"\n")
}

// parseReply accepts one state with one code or one error, well encoded, and
// nothing that is said twice. What else the query has may be broken.
func parseReply(f form) (reply, bool) {
	for _, name := range []string{"state", "code", "error", "error_description"} {
		if len(f.values[name]) > 1 || f.spoiled[name] && name != "error_description" {
			return reply{}, false
		}
	}
	if f.values.Get("state") == "" {
		return reply{}, false
	}
	code, failure := f.values.Get("code"), f.values.Get("error")
	if len(code) > mostCode || (code == "") == (failure == "") {
		return reply{}, false
	}
	if code != "" {
		return reply{code: code}, true
	}
	refused := f.refusal(0)
	return reply{refused: refused}, refused != nil
}

// decide lets the first reply with the right state win. The same reply again (a
// reload, a second request of the browser's) gets the same address; another
// one does not count.
func (cb *Callback) decide(state string, got reply) (path string, status int) {
	cb.mu.Lock()
	defer cb.mu.Unlock()
	if cb.state == "" {
		return "", http.StatusGone
	}
	if subtle.ConstantTimeCompare([]byte(state), []byte(cb.state)) != 1 {
		return "", http.StatusBadRequest
	}
	if got.refused != nil {
		got.resultPath = resultPath(state, "error "+got.refused.Code)
	} else {
		got.resultPath = resultPath(state, "code "+got.code)
	}
	if cb.answer.resultPath == "" {
		cb.answer = got
		close(cb.answered)
	}
	if cb.answer.resultPath != got.resultPath {
		return "", http.StatusBadRequest
	}
	return got.resultPath, http.StatusSeeOther
}

const resultPrefix = "/sfconnect/result/"

// serveResult keeps the browser waiting until Finish and then shows its page.
func (cb *Callback) serveResult(w http.ResponseWriter, r *http.Request, path string) {
	cb.mu.Lock()
	known := cb.answer.resultPath != "" && subtle.ConstantTimeCompare([]byte(path), []byte(cb.answer.resultPath)) == 1
	cb.mu.Unlock()
	if !known {
		cb.refuse(w, http.StatusNotFound)
		return
	}
	keepConn(r)
	cb.hold(r, cb.published)
	cb.mu.Lock()
	p := cb.outcome
	cb.mu.Unlock()
	cb.show(w, p.status(), p)
	if http.NewResponseController(w).Flush() == nil {
		cb.deliverOnce.Do(func() { close(cb.delivered) })
	}
}

// hold waits for ready. Where the browser leaves or the listener is closed
// first, it ends the connection without an answer.
func (cb *Callback) hold(r *http.Request, ready <-chan struct{}) {
	select {
	case <-ready: // also for a client that has nothing more to say, and so looks as if it had left
		return
	default:
	}
	select {
	case <-ready:
	case <-r.Context().Done():
		panic(http.ErrAbortHandler)
	case <-cb.closed:
		panic(http.ErrAbortHandler)
	}
}

// refuse shows a small page that repeats nothing of the request.
func (cb *Callback) refuse(w http.ResponseWriter, status int) {
	p := ResultPage{
		Title:   "Not part of this sign-in",
		Message: "sfconnect is waiting on this port for a sign-in to Salesforce to come back. This request is not it.",
		Hint:    "The sign-in goes on: return to the tab where you started it, or open the address that your terminal shows.",
	}
	switch status {
	case http.StatusBadRequest:
		p.Message = "This answer does not belong to the sign-in that your terminal is waiting for. It may come from an earlier try."
	case http.StatusGone:
		p.Title = "No longer waiting"
		p.Message = "This sign-in came back after sfconnect had stopped waiting for it: it was finished in another way, or given up."
		p.Hint = "Your terminal says which."
	}
	cb.show(w, status, p)
}
