package oauthflow

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"example.com/sfconnect/internal/secret"
)

func TestRequestURL(t *testing.T) {
	random := "0123456789abcdef0123456789abcde\xff" + "fedcba9876543210fedcba987654321\xfe"
	c := Client{Rand: strings.NewReader(random)}
	r, err := c.NewRequest(App{LoginURL: "https://acme.my.salesforce.com/", ConsumerKey: "3MVG9.key_"}, "http://localhost:1717/OauthRedirect")
	if err != nil {
		t.Fatal(err)
	}
	form := regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)
	if !form.MatchString(r.State) || !form.MatchString(r.Verifier.Reveal()) || r.State == r.Verifier.Reveal() {
		t.Errorf("state %q, verifier %q", r.State, r.Verifier.Reveal())
	}
	sum := sha256.Sum256([]byte(r.Verifier.Reveal()))
	want := url.Values{"response_type": {"code"}, "client_id": {"3MVG9.key_"}, "redirect_uri": {"http://localhost:1717/OauthRedirect"},
		"state": {r.State}, "code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"}}
	check := func() {
		t.Helper()
		address, query, _ := strings.Cut(r.URL(), "?")
		got, err := url.ParseQuery(query)
		if address != "https://acme.my.salesforce.com/services/oauth2/authorize" || err != nil || got.Encode() != want.Encode() {
			t.Errorf("got  %s\n%v\nwant %v", address, got, want)
		}
		if strings.Contains(r.URL(), "+") || strings.Contains(r.URL(), r.Verifier.Reveal()) {
			t.Errorf("a plus sign or the verifier in %s", r.URL())
		}
	}
	check()
	r.Scopes, r.Prompt, r.LoginHint = []string{"api", "refresh_token"}, "login consent", "ada+1@acme.com"
	want.Set("scope", "api refresh_token")
	want.Set("prompt", "login consent")
	want.Set("login_hint", "ada+1@acme.com")
	check()
}

func TestRequestsDiffer(t *testing.T) {
	c := Client{Rand: strings.NewReader(strings.Repeat("a", 32) + strings.Repeat("b", 32) + strings.Repeat("c", 64) + "short")}
	first, _ := c.NewRequest(App{}, "")
	second, _ := c.NewRequest(App{}, "")
	if first.State == second.State || first.Verifier.Equal(second.Verifier) {
		t.Error("two requests share state or verifier")
	}
	if _, err := c.NewRequest(App{}, ""); err == nil {
		t.Error("no error from a source of random bytes that ran dry")
	}
}

func TestProbe(t *testing.T) {
	location := func(status int, to string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			if to != "" {
				w.Header()["Location"] = []string{to}
			}
			w.WriteHeader(status)
		}
	}
	bare := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = nil
			w.WriteHeader(status)
			io.WriteString(w, body)
		}
	}
	callback := "http://localhost:1717/OauthRedirect"
	errPage := "/setup/secur/RemoteAccessErrorPage.apexp?error=OAUTH_APP_BLOCKED&error_description=this+app+is+blocked+by+admin"
	for _, c := range []struct {
		name    string
		answer  http.HandlerFunc
		verdict string // or empty for NotSalesforce
		code    string // or reason
	}{
		{"login page", replyWith(200, "text/html; charset=UTF-8", "<html>Log in"), "known", ""},
		{"huge login page", replyWith(200, "text/html", "<html>"+strings.Repeat("x", 2*bodyLimit)), "known", ""},
		{"unknown key", bare(400, "error=invalid_client_id&error_description=client%20identifier%20invalid"), "refused", "invalid_client_id"},
		{"unknown callback", bare(200, "error=redirect_uri_mismatch&error_description=redirect_uri must match configuration"), "refused", "redirect_uri_mismatch"},
		{"PKCE wanted", bare(400, "error=invalid_request&error_description=missing required code challenge\n"), "refused", "invalid_request"},
		{"description first", bare(400, "error_description=client%20identifier%20invalid&error=invalid_client_id"), "refused", "invalid_client_id"},
		{"description with a stray percent sign", bare(400, "error_description=100%+wrong&error=invalid_client_id"), "refused", "invalid_client_id"},
		{"text called html", replyWith(400, "text/html", "error=invalid_client_id"), "refused", "invalid_client_id"},
		{"json", replyWith(401, "application/json", `{"error":"invalid_client_id","error_description":"client identifier invalid"}`), "refused", "invalid_client_id"},
		{"error page", location(302, errPage), "refused", "OAUTH_APP_BLOCKED"},
		{"error page elsewhere at Salesforce", location(302, "https://acme.my.salesforce.com"+errPage), "refused", "OAUTH_APP_BLOCKED"},
		{"error page by script", replyWith(200, "text/html", `<html><script>location.replace("`+strings.ReplaceAll(errPage, "&", "&amp;")+`")`), "refused", "OAUTH_APP_BLOCKED"},
		{"error to the callback", location(302, callback+"?error=access_denied&error_description=x&state=s"), "refused", "access_denied"},
		{"callback without an error", location(302, callback+"?code=c&state=s"), "unclear", ""},
		{"to the login page", location(302, "/login?startURL=x"), "known", ""},
		{"to the login page, in full", location(303, "{self}/setup/secur/RemoteAccessAuthorizationPage.apexp?source=x"), "known", ""},
		{"login with an error in its query", location(302, "/login?error=x"), "known", ""},
		{"error to the callback, spoiled description", location(302, callback+"?error=access_denied&error_description=100%&state=s"), "refused", "access_denied"},
		{"consent elsewhere at Salesforce", location(302, "https://acme.my.salesforce.com/setup/secur/RemoteAccessAuthorizationPage.apexp"), "known", ""},
		{"same question elsewhere", location(301, "https://acme.my.salesforce.com/services/oauth2/authorize?x=y"), "unclear", ""},
		{"same question again", location(302, "{self}/services/oauth2/authorize?again=1"), "unclear", ""},
		{"somewhere at Salesforce", location(302, "https://acme.my.salesforce.com/home"), "unclear", ""},
		{"nowhere", location(302, ""), "unclear", ""},
		{"unreadable", location(302, "http://[::bad"), "unclear", ""},
		{"foreign", location(302, "https://portal.example/login"), "", "redirect"},
		{"foreign error page", location(302, "https://evil.example"+errPage), "", "redirect"},
		{"look-alike", location(302, "https://acme.my.salesforce.com.evil.example/login"), "", "redirect"},
		{"https given up", location(302, "ftp://acme.my.salesforce.com/login"), "", "redirect"},
		{"404", replyWith(404, "text/html", "<html>URL No Longer Exists"), "", "html"},
		{"404 with an error", bare(404, "error=invalid_client_id"), "", "type"},
		{"500", bare(500, "error=invalid_client_id"), "", "server"},
		{"503", replyWith(503, "text/html", "<html>"), "", "server"},
		{"empty", bare(200, ""), "unclear", ""},
		{"html without anything", replyWith(200, "text/html", ""), "unclear", ""},
		{"html 403", replyWith(403, "text/html", "<html>Forbidden"), "unclear", ""},
		{"text", bare(200, "hello"), "unclear", ""},
		{"markup around an error", bare(400, "<p>hello&error=invalid_client_id&"), "unclear", ""},
		{"markup as error", bare(400, "error=%3Cb%3E"), "unclear", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var s *server
			s = newServer(t, func(w http.ResponseWriter, r *http.Request) { c.answer(&withSelf{w, s}, r) })
			client := s.client()
			client.Trusted = func(host string) bool { return host == "acme.my.salesforce.com" }
			got, err := client.Probe(t.Context(), Request{App: s.app(), CallbackURL: callback, State: "s", Verifier: secret.New("v")})
			if paths, forms := s.seen(); len(paths) != 1 || paths[0] != "GET /services/oauth2/authorize" || forms[0].Get("client_secret") != "" {
				t.Errorf("asked %v with %v", paths, forms)
			}
			var foreign *NotSalesforce
			switch {
			case c.verdict != "":
				if err != nil || got.Verdict != c.verdict || got.Code != c.code {
					t.Errorf("got %+v, %v", got, err)
				}
			case !errors.As(err, &foreign) || foreign.Reason != c.code:
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

// withSelf fills in the server's own address.
type withSelf struct {
	http.ResponseWriter
	s *server
}

func (w *withSelf) WriteHeader(status int) {
	h := w.Header()
	if to := h.Get("Location"); to != "" {
		h["Location"] = []string{strings.Replace(to, "{self}", w.s.URL, 1)}
	}
	w.ResponseWriter.WriteHeader(status)
}

func TestProbeOverTLSDoesNotGoOnWithoutIt(t *testing.T) {
	var s *httptest.Server
	s = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", strings.Replace(s.URL, "https", "http", 1)+"/login")
		w.WriteHeader(302)
	}))
	defer s.Close()
	_, err := Client{HTTP: s.Client()}.Probe(context.Background(), Request{App: App{LoginURL: s.URL}})
	var foreign *NotSalesforce
	if !errors.As(err, &foreign) || foreign.Reason != ReasonRedirect {
		t.Errorf("got %v", err)
	}
}
