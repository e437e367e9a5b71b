package practice

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// landing is an app's callback that remembers what reached it.
func landing(t *testing.T) (address string, last func() url.Values) {
	var query url.Values
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query = r.URL.Query()
		fmt.Fprint(w, "<p>done</p>")
	}))
	t.Cleanup(s.Close)
	return s.URL + "/cb", func() url.Values { return query }
}

func TestVisitor(t *testing.T) {
	callback, last := landing(t)
	w := start(t, map[string]string{"callbacks": callback})
	address := w.facts.LoginURL + w.authorizeQuery("redirect_uri", callback, "prompt", "consent")
	if err := visit(t, Visitor{Deny: true}, address); err != nil || last().Get("error") != "access_denied" {
		t.Error(err, last())
	}
	if err := visit(t, Visitor{}, address); err != nil || !strings.HasPrefix(last().Get("code"), "aPrx") || last().Get("state") != "s t&ate" {
		t.Error(err, last())
	}
	m := w.tokens(w.exchange(last().Get("code"), "redirect_uri", callback))
	if !strings.HasSuffix(m["id"], w.facts.UserID) {
		t.Error(m["id"])
	}
	if err := visit(t, Visitor{Username: w.facts.OtherUsername}, address); err != nil {
		t.Error(err)
	}
	if m := w.tokens(w.exchange(last().Get("code"), "redirect_uri", callback)); strings.HasSuffix(m["id"], w.facts.UserID) {
		t.Error("signed in as the first user")
	}
	if err := visit(t, Visitor{Password: "wrong"}, address); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Error(err)
	}
	if err := w.Org.SetFaults("app-blocked"); err != nil {
		t.Fatal(err)
	}
	if err := visit(t, Visitor{}, address); err == nil || !strings.Contains(err.Error(), "OAUTH_APP_BLOCKED : this app is blocked by admin") {
		t.Error(err)
	}
}

func TestVisitorStaysOnThisMachine(t *testing.T) {
	w := start(t, map[string]string{"callbacks": "https://portal.example/cb"})
	err := visit(t, Visitor{}, w.facts.LoginURL+w.authorizeQuery("redirect_uri", "https://portal.example/cb"))
	if err == nil || !strings.Contains(err.Error(), "portal.example is not on this machine") {
		t.Error(err)
	}
}
