package oauthflow

import (
	"net/http"
	"testing"
)

// What a stranger's request costs: they come in crowds.
func BenchmarkStrayCallback(b *testing.B) {
	frame := newPageFrame()
	cb := &Callback{address: address{path: "/OauthRedirect", port: "1717"}, page: frame,
		armed: make(chan struct{}), answered: make(chan struct{}), closed: make(chan struct{}), state: trueState}
	close(cb.armed)
	b.ReportAllocs()
	for b.Loop() {
		w := &recorder{header: http.Header{}}
		cb.serve(w, &http.Request{Method: "GET", RequestURI: "/OauthRedirect?code=aPrx.x&state=wrong", Host: "localhost:1717"})
		if w.status == http.StatusSeeOther {
			b.Fatal("a stranger decided")
		}
	}
}
