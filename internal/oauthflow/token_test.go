package oauthflow

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"example.com/sfconnect/internal/secret"
)

const goodToken = `{"access_token":"00Dxx0000001gPL!AQ.abc","refresh_token":"5Aep861new","signature":"c2ln","scope":"api  refresh_token id",
"instance_url":"https://acme.my.salesforce.com","id":"https://login.salesforce.com/id/00Dxx0000001gPLEAY/005xx000001SwiUAAS",
"token_type":"Bearer","issued_at":"1736530186928","token_format":"opaque"}`

// server records the forms that are posted to it.
type server struct {
	*httptest.Server
	mu    sync.Mutex
	paths []string
	forms []url.Values
}

func newServer(t *testing.T, answer http.HandlerFunc) *server {
	t.Helper()
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.ParseForm()
		s.mu.Lock()
		s.paths = append(s.paths, r.Method+" "+r.URL.Path)
		s.forms = append(s.forms, r.Form)
		s.mu.Unlock()
		if r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != "" {
			t.Errorf("credentials in headers: %v", r.Header)
		}
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) seen() ([]string, []url.Values) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.paths, s.forms
}

func (s *server) app() App {
	return App{LoginURL: s.URL, ConsumerKey: "3MVG9key", ConsumerSecret: secret.New("C0FFEE")}
}

func (s *server) client() Client {
	return Client{HTTP: s.Client(), Rand: strings.NewReader(strings.Repeat("0123456789abcdef", 64)),
		Now: func() time.Time { return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC) }}
}

func reply200(body string) http.HandlerFunc { return replyWith(200, "application/json", body) }

func replyWith(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

func TestExchangeSendsOneCompleteRequest(t *testing.T) {
	s := newServer(t, reply200(goodToken))
	r, err := s.client().NewRequest(s.app(), "http://localhost:1717/OauthRedirect")
	if err != nil {
		t.Fatal(err)
	}
	g, err := s.client().Exchange(t.Context(), r, secret.New("aPrx.code=="))
	if err != nil {
		t.Fatal(err)
	}
	want := url.Values{"grant_type": {"authorization_code"}, "code": {"aPrx.code=="}, "client_id": {"3MVG9key"}, "client_secret": {"C0FFEE"},
		"redirect_uri": {"http://localhost:1717/OauthRedirect"}, "code_verifier": {r.Verifier.Reveal()}}
	paths, forms := s.seen()
	if len(forms) != 1 || forms[0].Encode() != want.Encode() || paths[0] != "POST /services/oauth2/token" {
		t.Errorf("sent %v to %v, want once %v", forms, paths, want)
	}
	if g.AccessToken.Reveal() != "00Dxx0000001gPL!AQ.abc" || g.RefreshToken.Reveal() != "5Aep861new" || g.IssuedAt != "1736530186928" ||
		g.InstanceURL != "https://acme.my.salesforce.com" || g.Signature != "c2ln" || fmt.Sprint(g.Scopes) != "[api refresh_token id]" ||
		g.IdentityURL != "https://login.salesforce.com/id/00Dxx0000001gPLEAY/005xx000001SwiUAAS" {
		t.Errorf("grant %+v", g)
	}
}

func TestPublicClientSendsNoSecret(t *testing.T) {
	s := newServer(t, reply200(goodToken))
	app := s.app()
	app.ConsumerSecret = secret.Value{}
	if _, err := s.client().Refresh(t.Context(), app, secret.New("old")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.client().Introspect(t.Context(), app, secret.New("t"), HintAccessToken); err == nil {
		t.Error("an answer without active was taken")
	}
	_, forms := s.seen()
	for _, form := range forms {
		if _, sent := form["client_secret"]; sent {
			t.Errorf("client_secret in %v", form)
		}
	}
}

func TestRefreshTokenIsEmptyWhenNoneCame(t *testing.T) {
	s := newServer(t, reply200(`{"access_token":"a","instance_url":"https://x"}`))
	g, err := s.client().Refresh(t.Context(), s.app(), secret.New("old"))
	if err != nil {
		t.Fatal(err)
	}
	if !g.RefreshToken.Empty() {
		t.Error("the old refresh token was handed back as a new one")
	}
	if _, forms := s.seen(); len(forms) != 1 || forms[0].Get("refresh_token") != "old" || forms[0].Get("grant_type") != "refresh_token" {
		t.Errorf("sent %v", forms)
	}
}

func TestTokenAnswersWithOddFieldsAreAccepted(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"issued_at as a number": reply200(`{"access_token":"a","issued_at":1736530186928}`),
		"expires_in as a word":  reply200(`{"access_token":"a","expires_in":"soon","issued_at":"1736530186928"}`),
		"nulls and objects":     reply200(`{"access_token":"a","refresh_token":null,"scope":{"x":1},"error":null,"issued_at":"1736530186928"}`),
		"other letters":         reply200(`{"access_token":"a","Access_Token":"b","acceſs_token":"c","Expires_In":"soon","ERROR":"no","issued_at":"1736530186928"}`),
		"byte order mark":       reply200("\ufeff" + `{"access_token":"a","issued_at":"1736530186928"}`),
		"wrong content type":    replyWith(200, "text/html", `{"access_token":"a","issued_at":"1736530186928"}`),
		"plain text":            replyWith(200, "text/plain", ` {"access_token":"a","issued_at":"1736530186928"} `),
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, answer)
			g, err := s.client().Refresh(t.Context(), s.app(), secret.New("old"))
			if err != nil || g.AccessToken.Reveal() != "a" || g.IssuedAt != "1736530186928" || len(g.Scopes) != 0 {
				t.Errorf("grant %+v, error %v", g, err)
			}
		})
	}
}

type badAnswer struct {
	name    string
	answer  http.HandlerFunc
	reason  string // of NotSalesforce
	refused string // code of Refused
	retry   string
}

func badAnswers() []badAnswer {
	cut := func(contentType, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.Header().Set("Content-Length", "5000")
			io.WriteString(w, body)
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}
	}
	redirect := func(status int, to string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Location"] = []string{to}
			w.WriteHeader(status)
			io.WriteString(w, `{"access_token":"a","error":"invalid_grant"}`)
		}
	}
	retry := func(value string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", value)
			w.WriteHeader(503)
			io.WriteString(w, `{"error":"server_error"}`)
		}
	}
	return []badAnswer{
		{name: "refused", answer: replyWith(400, "application/json;charset=UTF-8", `{"error":"invalid_grant","error_description":"expired authorization code"}`), refused: "invalid_grant"},
		{name: "refused 401", answer: replyWith(401, "application/json", `{"error":"invalid_client"}`), refused: "invalid_client"},
		{name: "refused 403", answer: replyWith(403, "application/json", `{"error":"x"}`), refused: "x"},
		{name: "refused without a type", answer: replyWith(400, "", `{"error":"invalid_client_id"}`), refused: "invalid_client_id"},
		{name: "refused as form text", answer: replyWith(400, "text/plain", "error=invalid_client_id&error_description=client%20identifier%20invalid"), refused: "invalid_client_id"},
		{name: "refused in another order", answer: replyWith(400, "text/plain", "error_description=client%20identifier%20invalid&error=invalid_client_id"), refused: "invalid_client_id"},
		{name: "refused in JSON that is none", answer: replyWith(400, "application/json", `["x&error=invalid_client_id&y"]`), reason: "type"},
		{name: "refused in markup", answer: replyWith(400, "text/plain", "<p>x&error=invalid_client_id&y"), reason: "type"},
		{name: "error with status 200", answer: reply200(`{"error":"invalid_grant","access_token":"a"}`), refused: "invalid_grant"},
		{name: "html", answer: replyWith(200, "text/html", "<!DOCTYPE html><html>hi"), reason: "html"},
		{name: "html 400", answer: replyWith(400, "text/html", "<p>Bad"), reason: "html"},
		{name: "html as json", answer: reply200("\n <HTML><body>"), reason: "html"},
		{name: "html 404", answer: replyWith(404, "text/html", "<html>URL No Longer Exists"), reason: "html"},
		{name: "json 404", answer: replyWith(404, "application/json", `{"error":"invalid_grant"}`), reason: "type"},
		{name: "empty", answer: reply200(""), reason: "empty"},
		{name: "blanks", answer: reply200(" \r\n "), reason: "empty"},
		{name: "no content", answer: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, reason: "empty"},
		{name: "cut by length", answer: cut("application/json", goodToken), reason: "cut"},
		{name: "cut refusal", answer: cut("application/json", `{"error":"invalid_grant"}`), reason: "cut"},
		{name: "cut text", answer: reply200(goodToken[:60]), reason: "cut"},
		{name: "cut in a word", answer: reply200(`{"access_token":"a`), reason: "cut"},
		{name: "cut form text", answer: cut("text/plain", "error=invalid_grant"), reason: "cut"},
		{name: "huge form text", answer: replyWith(400, "text/plain", "error=invalid_grant&error_description="+strings.Repeat("a", bodyLimit)), reason: "huge"},
		{name: "huge", answer: reply200(`{"access_token":"` + strings.Repeat("a", bodyLimit) + `"}`), reason: "huge"},
		{name: "huge when unpacked", answer: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			for range 64 {
				z.Write(make([]byte, 64<<10))
			}
			z.Close()
		}, reason: "huge"},
		{name: "redirect 302", answer: redirect(302, "/elsewhere"), reason: "redirect"},
		{name: "redirect 307", answer: redirect(307, "/elsewhere"), reason: "redirect"},
		{name: "redirect 308", answer: redirect(308, "http://evil.example/"), reason: "redirect"},
		{name: "redirect nowhere", answer: redirect(303, "http://[::bad"), reason: "redirect"},
		{name: "503", answer: retry("120"), reason: "server", retry: "120"},
		{name: "503 until", answer: retry("Sun, 22 Nov 2026 10:05:00 GMT"), reason: "server", retry: "300"},
		{name: "503 nonsense", answer: retry("<script>"), reason: "server"},
		{name: "500 json", answer: replyWith(500, "application/json", goodToken), reason: "server"},
		{name: "502 html", answer: replyWith(502, "text/html", "<html>"), reason: "server"},
		{name: "text", answer: replyWith(200, "text/plain", "OK"), reason: "type"},
		{name: "form text with a token", answer: replyWith(200, "application/x-www-form-urlencoded", "access_token=a&id=b"), reason: "type"},
		{name: "array", answer: reply200(`[{"errorCode":"X"}]`), reason: "type"},
		{name: "xml", answer: replyWith(200, "text/xml", `<?xml version="1.0"?><OAuth><access_token>a</access_token></OAuth>`), reason: "type"},
		{name: "no token", answer: reply200(`{"id":"x"}`), reason: "type"},
		{name: "token is an object", answer: reply200(`{"access_token":{"a":"b"}}`), reason: "type"},
		{name: "error is an object", answer: replyWith(400, "application/json", `{"error":{"code":401}}`), reason: "type"},
		{name: "error is markup", answer: replyWith(400, "application/json", `{"error":"<b>x</b>"}`), reason: "type"},
		{name: "two objects", answer: reply200(`{"access_token":"a"}{}`), reason: "type"},
	}
}

// Whatever comes back, the code or refresh token has been sent once and is not sent again.
func TestOneRequestPerGrantWhateverTheAnswer(t *testing.T) {
	calls := map[string]func(context.Context, *server) error{
		"exchange": func(ctx context.Context, s *server) error {
			_, err := s.client().Exchange(ctx, Request{App: s.app(), CallbackURL: "http://localhost:1717/x", Verifier: secret.New("v-secret")}, secret.New("c-secret"))
			return err
		},
		"refresh": func(ctx context.Context, s *server) error {
			_, err := s.client().Refresh(ctx, s.app(), secret.New("r-secret"))
			return err
		},
	}
	for call, do := range calls {
		for _, c := range badAnswers() {
			t.Run(call+"/"+c.name, func(t *testing.T) {
				s := newServer(t, c.answer)
				err := do(t.Context(), s)
				if paths, _ := s.seen(); len(paths) != 1 {
					t.Errorf("%d requests: %v", len(paths), paths)
				}
				checkBad(t, c, err)
			})
		}
	}
}

func checkBad(t *testing.T, c badAnswer, err error) {
	t.Helper()
	var refused *Refused
	var foreign *NotSalesforce
	switch {
	case err == nil:
		t.Error("no error")
	case errors.As(err, &refused):
		if refused.Code != c.refused {
			t.Errorf("refused %q, want %q or reason %q", refused.Code, c.refused, c.reason)
		}
	case errors.As(err, &foreign):
		if foreign.Reason != c.reason || foreign.RetryAfter != c.retry || len(foreign.Body) > bodyHead {
			t.Errorf("reason %q retry %q (%d bytes), want %q %q", foreign.Reason, foreign.RetryAfter, len(foreign.Body), c.reason, c.retry)
		}
	default:
		t.Errorf("error of another kind: %T %v", err, err)
	}
	for _, private := range []string{"access_token", "c-secret", "r-secret", "v-secret", "C0FFEE", "<"} {
		if err != nil && strings.Contains(err.Error(), private) {
			t.Errorf("error shows %q: %v", private, err)
		}
	}
}

// Only a whole secret is recognised by whoever redacts the description.
func TestRefusedKeepsTheDescriptionWholeAndOnOneCleanLine(t *testing.T) {
	echoed := "5Aep861" + strings.Repeat("s3cret", 20)
	filler := strings.Repeat("word ", 58)
	for _, c := range []struct{ name, sent, want string }{
		{"clean", `a\u001b[31m  b\r\nc\u202e d`, "a[31m b c d"},
		{"a secret across character 300", filler + echoed, filler + echoed},
		{"far too long", strings.Repeat("word ", 1630) + "token=" + echoed, strings.Repeat("word ", 1630) + "…"},
		{"one endless word", strings.Repeat("x", 9000), "…"},
	} {
		s := newServer(t, replyWith(400, "application/json", `{"error":"invalid_grant","error_description":"`+c.sent+`"}`))
		_, err := s.client().Refresh(t.Context(), s.app(), secret.New("old"))
		var refused *Refused
		if !errors.As(err, &refused) || refused.Status != 400 || refused.Description != c.want {
			t.Errorf("%s: got %+v", c.name, refused)
		}
	}
}

func TestNetworkErrorsAreReturnedAsTheyAre(t *testing.T) {
	s := newServer(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	_, err := s.client().Refresh(t.Context(), s.app(), secret.New("r-secret"))
	var network *url.Error
	if paths, _ := s.seen(); !errors.As(err, &network) || len(paths) != 1 {
		t.Errorf("error %v after %v", err, paths)
	}
	s.Close()
	if _, err := s.client().Probe(t.Context(), Request{App: s.app()}); !errors.As(err, &network) {
		t.Errorf("probe: %v", err)
	}
}

// stalled is an answer whose body begins and then fails.
type stalled struct {
	begun bool
	fail  func() error
}

func (s *stalled) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(s)}, nil
}

func (s *stalled) Read(p []byte) (int, error) {
	if s.begun {
		return 0, s.fail()
	}
	s.begun = true
	return copy(p, `{"access_token":`), nil
}

func TestAnInterruptedBodyIsNotABadAnswer(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c := Client{HTTP: &http.Client{Transport: &stalled{fail: func() error { cancel(); return errors.New("stream closed") }}}}
	if _, err := c.Refresh(ctx, App{LoginURL: "https://x"}, secret.New("old")); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	c.HTTP.Transport = &stalled{fail: func() error { return os.ErrDeadlineExceeded }}
	var network *url.Error
	if _, err := c.Refresh(t.Context(), App{LoginURL: "https://x"}, secret.New("old")); !errors.As(err, &network) || !network.Timeout() {
		t.Errorf("too slow: %T %v", err, err)
	}
}

func TestClientTimeoutHoldsForTheBodyToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := Client{HTTP: &http.Client{Timeout: 30 * time.Second}}
		begin := time.Now()
		c.HTTP.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			wait := &stalled{fail: func() error { <-r.Context().Done(); return r.Context().Err() }}
			return wait.RoundTrip(r)
		})
		_, err := c.Refresh(t.Context(), App{LoginURL: "https://x"}, secret.New("old"))
		var network *url.Error
		if !errors.As(err, &network) || !network.Timeout() || time.Since(begin) != 30*time.Second {
			t.Errorf("%T %v after %v", err, err, time.Since(begin))
		}
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestSignature(t *testing.T) {
	// Reference value made with: printf %s "$id$issued_at" | openssl dgst -sha256 -hmac "$secret" -binary | base64
	g := Grant{IdentityURL: "https://login.salesforce.com/id/00Dxx0000001gPLEAY/005xx000001SwiUAAS", IssuedAt: "1736530186928", Signature: "YzyqZXyxpAOBEaxRuPozJKJ4TfJNoVJnYAmzAot27zc="}
	right := secret.New("C0FFEE")
	changed := func(change func(*Grant)) Grant { h := g; change(&h); return h }
	for _, c := range []struct {
		name string
		g    Grant
		key  secret.Value
		want bool
	}{
		{"right", g, right, true},
		{"another secret", g, secret.New("C0FFEF"), false},
		{"another identity", changed(func(g *Grant) { g.IdentityURL += "x" }), right, false},
		{"another time", changed(func(g *Grant) { g.IssuedAt = "1736530186929" }), right, false},
		{"missing", changed(func(g *Grant) { g.Signature = "" }), right, false},
		{"no base64", changed(func(g *Grant) { g.Signature = "%%%" }), right, false},
		{"cut", changed(func(g *Grant) { g.Signature = g.Signature[:40] }), right, false},
	} {
		if got := c.g.SignatureValid(c.key); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	if (Grant{}).SignatureValid(secret.Value{}) {
		t.Error("an empty grant counts as signed")
	}
}

func TestRevoke(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		want   badAnswer
	}{
		{"done", reply200(""), badAnswer{}},
		{"done as html without a body", replyWith(200, "text/html", ""), badAnswer{}},
		{"dead", replyWith(400, "application/json", `{"error":"invalid_token"}`), badAnswer{refused: "invalid_token"}},
		{"dead as text", replyWith(400, "text/plain", `error=unsupported_token_type&error_description=this%20token`), badAnswer{refused: "unsupported_token_type"}},
		{"portal", replyWith(200, "text/html", "<html>Welcome to our hotel"), badAnswer{reason: "html"}},
		{"elsewhere", replyWith(302, "", ""), badAnswer{reason: "redirect"}},
		{"broken", replyWith(503, "application/json", `{"error":"invalid_token"}`), badAnswer{reason: "server"}},
		{"empty 400", replyWith(400, "", ""), badAnswer{reason: "empty"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newServer(t, c.answer)
			err := s.client().Revoke(t.Context(), s.app(), secret.New("5Aep861=="))
			if c.want.refused+c.want.reason != "" {
				checkBad(t, c.want, err)
			} else if err != nil {
				t.Error(err)
			}
			if paths, forms := s.seen(); len(forms) != 1 || forms[0].Encode() != "token=5Aep861%3D%3D" || paths[0] != "POST /services/oauth2/revoke" {
				t.Errorf("sent %v to %v", forms, paths)
			}
		})
	}
}

func TestIntrospect(t *testing.T) {
	s := newServer(t, reply200(`{"active":true,"scope":"id refresh_token","exp":1676058616,"iat":1676051416}`))
	got, err := s.client().Introspect(t.Context(), s.app(), secret.New("tok"), HintAccessToken)
	if err != nil || !got.Active || got.Expires.Unix() != 1676058616 {
		t.Errorf("got %+v, %v", got, err)
	}
	want := url.Values{"token": {"tok"}, "token_type_hint": {"access_token"}, "client_id": {"3MVG9key"}, "client_secret": {"C0FFEE"}}
	if paths, forms := s.seen(); forms[0].Encode() != want.Encode() || paths[0] != "POST /services/oauth2/introspect" {
		t.Errorf("sent %v to %v", forms, paths)
	}
	s = newServer(t, reply200(`{"active":false}`))
	if got, err := s.client().Introspect(t.Context(), s.app(), secret.New("tok"), HintAccessToken); err != nil || got.Active || !got.Expires.IsZero() {
		t.Errorf("dead: %+v, %v", got, err)
	}
	for _, c := range badAnswers() {
		if c.name == "error with status 200" {
			continue
		}
		s := newServer(t, c.answer)
		_, err := s.client().Introspect(t.Context(), s.app(), secret.New("tok"), HintAccessToken)
		checkBad(t, c, err)
	}
}
