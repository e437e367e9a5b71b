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

// Address gives what a person would paste: every callback, wherever it is, and
// Salesforce's error page.
func TestVisitorAddress(t *testing.T) {
	ask := func(v Visitor, address string) (*url.URL, error) {
		text, err := v.Address(t.Context(), address)
		at, _ := url.Parse(text)
		return at, err
	}
	for _, callback := range []string{"https://portal.example/cb", "sfdc://oauth/jwt/success", "com.example:back", local, "https://portal.example/cb?tenant=7"} {
		w := start(t, map[string]string{"callbacks": callback})
		address := w.facts.LoginURL + w.authorizeQuery("redirect_uri", callback, "prompt", "login consent")
		at, err := ask(Visitor{}, address)
		if err != nil || !strings.HasPrefix(at.String(), callback) || at.Query().Get("state") != "s t&ate" {
			t.Errorf("%s: %v %v", callback, at, err)
			continue
		}
		w.tokens(w.exchange(at.Query().Get("code"), "redirect_uri", callback))
		if at, err := ask(Visitor{Deny: true}, address); err != nil || at.Query().Get("error") != "access_denied" {
			t.Errorf("%s: %v %v", callback, at, err)
		}
		if at, err := ask(Visitor{}, address+"&scope=nonsense"); err != nil || at.Query().Get("error") != "invalid_scope" {
			t.Errorf("%s: before the login: %v %v", callback, at, err)
		}
	}
	w := start(t, map[string]string{"permitted_users": "admin_approved"})
	address := w.facts.LoginURL + w.authorizeQuery()
	at, err := ask(Visitor{}, address)
	if err != nil || at.Path != errorPath || at.RawQuery != "error=OAUTH_APP_ACCESS_DENIED&error_description=user+is+not+admin+approved+to+access+this+app&state=s+t%26ate" {
		t.Error(at, err)
	}
	if err := w.Org.Set("error_page_state", "false"); err != nil {
		t.Fatal(err)
	}
	if at, err := ask(Visitor{}, address); err != nil || at.Path != errorPath || at.Query().Has("state") {
		t.Error(at, err)
	}
	for changes, want := range map[[2]string]string{
		{"redirect_uri", ""}:                   "names no callback",
		{"redirect_uri", "https://other.test"}: "redirect_uri must match configuration",
	} {
		if at, err := ask(Visitor{}, w.facts.LoginURL+w.authorizeQuery(changes[:]...)); err == nil || !strings.Contains(err.Error(), want) {
			t.Error(at, err)
		}
	}
	if at, err := ask(Visitor{Password: "wrong"}, address); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Error(at, err)
	}
}

// Salesforce's own success page keeps the code in the address bar and says what to do.
func TestSuccessPage(t *testing.T) {
	for _, path := range []string{"/services/oauth2/success", "/services/oauth2/callback"} {
		w := start(t, nil)
		callback := w.facts.LoginURL + path
		if err := w.Org.Set("callbacks", callback); err != nil {
			t.Fatal(err)
		}
		address := w.facts.LoginURL + w.authorizeQuery("redirect_uri", callback, "prompt", "consent")
		for deny, want := range map[bool]string{false: "Signed in", true: "Not signed in"} {
			text, err := Visitor{Deny: deny}.Address(t.Context(), address)
			if err != nil {
				t.Fatal(err)
			}
			a := w.get(text)
			if a.StatusCode != 200 || a.Request.URL.String() != text || !strings.Contains(a.text, "<h1>"+want+"</h1>") || !strings.Contains(a.text, "Copy the whole address") {
				t.Errorf("%d %s %s", a.StatusCode, a.Request.URL, a.text)
			}
			if strings.Contains(a.text, "http-equiv") || strings.Contains(a.text, "aPrx") {
				t.Error("the page moves on, or repeats the code")
			}
		}
		if err := visit(t, Visitor{}, address); err != nil {
			t.Error(err)
		}
		if a := w.get(callback); strings.Contains(a.text, "Copy the whole address") {
			t.Error("nothing came, and it is to be copied")
		}
	}
}
