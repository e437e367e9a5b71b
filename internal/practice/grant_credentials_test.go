package practice

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// headless asks for a code with the user's credentials.
func (w *world) headless(method string, headers [2]string, changes ...string) *url.URL {
	w.Helper()
	v := url.Values{
		"response_type": {"code_credentials"}, "client_id": {w.facts.ConsumerKey}, "redirect_uri": {local},
		"code_challenge": {challenge(verifier)}, "code_challenge_method": {"S256"},
	}
	change(v, changes)
	address, body := w.facts.MyDomainURL+authorizePath, strings.NewReader(v.Encode())
	if method == http.MethodGet {
		address, body = address+"?"+v.Encode(), strings.NewReader("")
	}
	r, _ := http.NewRequestWithContext(w.Context(), method, address, body)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if headers[0] != "" {
		r.Header.Set("Auth-Request-Type", headers[0])
	}
	if headers[1] != "" {
		r.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(headers[1])))
	}
	a := w.do(w.http, r)
	if a.StatusCode == http.StatusFound {
		at, _ := a.Location()
		return at
	}
	q, _ := url.ParseQuery(a.text)
	return &url.URL{RawQuery: q.Encode()}
}

func TestCodeAndCredentials(t *testing.T) {
	on := func(more ...string) map[string]string {
		m := map[string]string{"code_and_credentials_flow": "true", "org_code_and_credentials_flow": "true", "credentials_flow_host": "any"}
		for i := 0; i < len(more); i += 2 {
			m[more[i]] = more[i+1]
		}
		return m
	}
	known := [2]string{"Named-User", "ada@practice.example:practice"}
	body := []string{"username", "ada@practice.example", "password", "practice"}
	for _, c := range []struct {
		name    string
		set     map[string]string
		method  string
		headers [2]string
		changes []string
		want    string // error, or "" for a code
	}{
		{"box off", on("code_and_credentials_flow", "false"), "POST", known, nil, "unsupported_response_type"},
		{"org off", on("org_code_and_credentials_flow", "false"), "POST", known, nil, "unsupported_response_type"},
		{"on, but not on this host", on("credentials_flow_host", "site"), "POST", known, nil, "unsupported_response_type"},
		{"on", on(), "POST", known, nil, ""},
		{"by GET", on(), "GET", known, nil, ""},
		{"in the body", on(), "POST", [2]string{"Named-User", ""}, body, ""},
		{"body only, by header", on("code_and_credentials_post_only", "true"), "POST", known, nil, "invalid_request"},
		{"body only, by GET", on("code_and_credentials_post_only", "true"), "GET", [2]string{"Named-User", ""}, body, "invalid_request"},
		{"body only", on("code_and_credentials_post_only", "true"), "POST", [2]string{"Named-User", ""}, body, ""},
		{"wrong password", on(), "POST", [2]string{"Named-User", "ada@practice.example:x"}, nil, "invalid_grant"},
		{"no header", on(), "POST", [2]string{"", "ada@practice.example:practice"}, nil, "invalid_request"},
		{"no challenge", on(), "POST", known, []string{"code_challenge", ""}, "invalid_request"},
		{"wrong key", on(), "POST", known, []string{"client_id", "x"}, "invalid_client_id"},
		{"wrong callback", on(), "POST", known, []string{"redirect_uri", "http://localhost:1/x"}, "redirect_uri_mismatch"},
		{"not permitted", on("permitted_users", "admin_approved"), "POST", known, nil, "invalid_app_access"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := start(t, c.set)
			at := w.headless(c.method, c.headers, c.changes...)
			if got := at.Query().Get("error"); got != c.want || (got == "") != (at.Query().Get("code") != "") {
				t.Fatal(at)
			}
			if c.want == "" {
				w.tokens(w.exchange(at.Query().Get("code")))
			}
		})
	}
}
