package main

import (
	"net/url"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// authorizeLine is the authorize address, alone on its line.
const authorizeLine = `(?m)^(https?://\S+/services/oauth2/authorize\?\S+)\r*\n`

// authorizes starts `sfconnect auth` for the org without a browser of its own.
func (u *user) authorizes(s *salesforce, more ...string) *process {
	u.t.Helper()
	args := []string{"auth", "--no-browser", "--json", "--ca-file", s.ca, "--login-url", s.facts.MyDomainURL,
		"--consumer-key", s.facts.ConsumerKey, "--consumer-secret-stdin"}
	for _, line := range s.facts.CallbackURLs {
		args = append(args, "--callback-url", line)
	}
	return u.starts(s.facts.ConsumerSecret+"\n", append(args, more...)...)
}

// callbackLines are registered ones whose ports nobody else here uses.
func callbackLines(t *testing.T) map[string]string {
	t.Helper()
	var lines []string
	for range 3 {
		lines = append(lines, "http://localhost:"+freePort(t)+"/OauthRedirect")
	}
	return map[string]string{"callbacks": strings.Join(lines, " ")}
}

func TestLoginInChromium(t *testing.T) {
	need(t, "chromium")
	u := newUser(t)
	u.hasKeyring()
	s := newSalesforce(t, u, callbackLines(t))
	b := newChromium(t, s)

	auth := u.authorizes(s)
	address := auth.err.reads(authorizeLine)[1]
	callback := "http://localhost:" + callbackPort(t, address) + "/"
	b.opens(address, "#login_form")
	b.pictures("login")
	b.follows("#Login", "#oaapprove")
	b.pictures("consent")
	b.follows("#oaapprove", "body.done h1")
	auth.exits(0)

	page := b.text("main")
	for _, want := range []string{s.facts.OrgName, s.facts.Username} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not name %s:\n%s", want, page)
		}
	}
	wantCleanPages(t, b, callback, 200)
	b.wantQuiet(s.facts.MyDomainURL+"/", callback)
	b.pictures("success")
	wantFree(t, callbackPort(t, address))

	var saved struct {
		OK              bool   `json:"ok"`
		StoredIn        string `json:"stored_in"`
		HasRefreshToken bool   `json:"has_refresh_token"`
		Org             struct{ ID, Name string }
		User            struct{ Username string }
	}
	auth.document(&saved)
	if !saved.OK || saved.StoredIn != "keychain" || !saved.HasRefreshToken || saved.Org.ID != s.facts.OrgID || saved.User.Username != s.facts.Username {
		t.Errorf("auth says %+v", saved)
	}
	held := u.keyringItems()
	wantHeld(t, held, s.facts.ConsumerSecret, s.org.Ledger().LiveRefreshTokens[0])
	u.wantNoSecretInFiles(values(held)...)
	for _, secret := range values(held) {
		if strings.Contains(auth.out.String()+auth.err.String(), secret) {
			t.Error("auth shows a secret")
		}
	}

	useAndForget(t, u, s)
}

// useAndForget is what comes after a login: test, token, list and logout.
func useAndForget(t *testing.T, u *user, s *salesforce) {
	t.Helper()
	var tested struct {
		OK     bool
		Stages []struct{ Name, Status, Detail string }
	}
	u.runs(0, "test", "--json", "--ca-file", s.ca).document(&tested)
	var names []string
	for _, stage := range tested.Stages {
		names = append(names, stage.Name)
		if stage.Status != "pass" {
			t.Errorf("stage %s: %s, %s", stage.Name, stage.Status, stage.Detail)
		}
		proxy := strings.TrimPrefix(s.proxy, "http://")
		if stage.Name == "tcp" && !strings.Contains(stage.Detail, proxy) {
			t.Errorf("the stage tcp is not about the proxy %s: %s", proxy, stage.Detail)
		}
	}
	if got := strings.Join(names, " "); !tested.OK || got != "store dns tcp tls app token identity api limits scopes" {
		t.Errorf("ok %v, stages %s", tested.OK, got)
	}

	token := u.runs(0, "token", "--ca-file", s.ca).out.String()
	if strings.Count(token, "\n") != 1 || !s.lives(strings.TrimSuffix(token, "\n")) {
		t.Errorf("token prints %q, which the org does not know", token)
	}

	var listed struct {
		Profiles []struct {
			Name, Username string
			InstanceURL    string `json:"instance_url"`
			StoredIn       string `json:"stored_in"`
		}
	}
	u.runs(0, "list", "--json").document(&listed)
	if len(listed.Profiles) != 1 || listed.Profiles[0].Username != s.facts.Username || listed.Profiles[0].StoredIn != "keychain" ||
		listed.Profiles[0].InstanceURL != s.facts.InstanceURL {
		t.Errorf("list says %+v", listed)
	}

	var out struct{ OK, Revoked bool }
	u.runs(0, "logout", "--json", "--ca-file", s.ca).document(&out)
	if !out.OK || !out.Revoked {
		t.Errorf("logout says %+v", out)
	}
	if held := u.keyringItems(); len(held) != 0 {
		t.Errorf("%d items are left in the keyring", len(held))
	}
	if l := s.org.Ledger(); len(l.LiveRefreshTokens) != 0 || len(l.LiveAccessTokens) != 0 || l.CodeReplays != 0 {
		t.Errorf("the org still has %d refresh and %d access tokens, and saw %d codes twice", len(l.LiveRefreshTokens), len(l.LiveAccessTokens), l.CodeReplays)
	}
	u.wantNothingSaved()
	// The identity address is on the generic host, as with the real one.
	if got := strings.Join(s.hosts(), ", "); got != "CONNECT acme.my.salesforce.com:443, CONNECT login.salesforce.com:443" {
		t.Errorf("sfconnect asked the proxy for %s", got)
	}
}

func TestDenyInChromium(t *testing.T) {
	need(t, "chromium")
	u := newUser(t)
	u.hasKeyring()
	s := newSalesforce(t, u, callbackLines(t))
	b := newChromium(t, s)

	auth := u.authorizes(s)
	address := auth.err.reads(authorizeLine)[1]
	callback := "http://localhost:" + callbackPort(t, address) + "/"
	b.opens(address, "#login_form")
	b.follows("#Login", "#oadeny")
	b.follows("#oadeny", "body.failed h1")
	auth.exits(5)

	failure := auth.failure()
	if failure.Code != "access_denied" || failure.Exit != 5 {
		t.Errorf("auth says %+v", failure)
	}
	page := oneSpaced(b.text("main"))
	for _, sentence := range []string{failure.Message, failure.Hint} {
		if sentence = oneSpaced(sentence); !strings.Contains(page, sentence) || !strings.Contains(oneSpaced(auth.err.String()), sentence) {
			t.Errorf("page and terminal do not both say %q\npage: %s\nterminal: %s", sentence, page, auth.err)
		}
	}
	answers := b.answersFrom(callback)
	if last := answers[len(answers)-1]; last.status < 400 {
		t.Errorf("the page has the status %d", last.status)
	}
	wantCleanPages(t, b, callback, answers[len(answers)-1].status)
	b.pictures("denied")
	wantFree(t, callbackPort(t, address))
	u.wantNothingSaved()
	if held := u.keyringItems(); len(held) != 0 {
		t.Errorf("%d items are in the keyring", len(held))
	}
}

// wantCleanPages wants a 303 and a page at the callback, with the contract's
// headers, and neither code nor state in what the browser remembers.
func wantCleanPages(t *testing.T, b *chromium, callback string, status int64) {
	t.Helper()
	answers := b.answersFrom(callback)
	if len(answers) != 2 || answers[0].status != 303 || answers[1].status != status {
		t.Fatalf("the callback answered %+v", answers)
	}
	for _, a := range answers {
		if a.headers["cache-control"] != "no-store" || a.headers["referrer-policy"] != "no-referrer" || !strings.Contains(a.headers["content-security-policy"], "default-src 'none'") {
			t.Errorf("%d comes with the headers %v", a.status, a.headers)
		}
	}
	back, err := url.Parse(answers[0].url)
	if err != nil {
		t.Fatal(err)
	}
	code := back.Query().Get("code")
	if (code != "") != (status == 200) {
		t.Errorf("a page of status %d, and the code is %q", status, code)
	}
	history := b.addresses()
	for _, address := range history {
		if strings.HasPrefix(address, callback) && (strings.ContainsAny(address, "?#") || code != "" && strings.Contains(address, code)) {
			t.Errorf("the history holds %s", address)
		}
	}
	if last := history[len(history)-1]; !strings.HasPrefix(last, callback) {
		t.Errorf("the browser ended at %s", last)
	}
}

func TestInterruptedLogin(t *testing.T) {
	u := newUser(t)
	u.hasKeyring()
	s := newSalesforce(t, u, callbackLines(t))
	auth := u.authorizes(s)
	port := callbackPort(t, auth.err.reads(authorizeLine)[1])
	auth.err.reads(`(?i)waiting`)
	if err := auth.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	auth.exits(130)
	wantFree(t, port)
	if f := auth.failure(); f.Code != "interrupted" || f.Exit != 130 {
		t.Errorf("auth says %+v", f)
	}
	u.wantNothingSaved()
	if held := u.keyringItems(); len(held) != 0 {
		t.Errorf("%d items are in the keyring", len(held))
	}
	u.wantNoSecretInFiles(s.facts.ConsumerSecret)
}

// wantNothingSaved wants an empty list.
func (u *user) wantNothingSaved() {
	u.t.Helper()
	var d struct{ Profiles []any }
	u.runs(0, "list", "--json").document(&d)
	if d.Profiles == nil || len(d.Profiles) != 0 {
		u.t.Errorf("list shows %v", d.Profiles)
	}
}

func oneSpaced(s string) string {
	return regexp.MustCompile(`\s+`).ReplaceAllString(s, " ")
}
