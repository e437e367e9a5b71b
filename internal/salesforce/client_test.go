package salesforce

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
)

const (
	testOrg   = "00D50000000IZ3ZEAW"
	testUser  = "00550000001fg5OAAQ"
	testToken = "00D50000000IZ3Z!AQEAQtestTokenTextThatIsLong"
)

// serve answers every request with one answer and remembers the last request.
func serve(t *testing.T, status int, contentType, body string, header ...string) (origin string, last *http.Request) {
	t.Helper()
	last = new(http.Request)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*last = *r
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.Header()["Content-Type"] = []string{contentType}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(s.Close)
	return s.URL, last
}

const identityBody = `{"id":"https://login.salesforce.com/id/` + testOrg + `/` + testUser + `","asserted_user":true,"user_id":"` + testUser +
	`","organization_id":"` + testOrg + `","username":"admin@acme.com","nick_name":"ada","display_name":"Ada \u001b[31mAdmin","email":"ada@acme.com",` +
	`"mobile_phone":null,"urls":{"rest":"https://acme.my.salesforce.com/services/data/v{version}/","custom_domain":"https://acme.my.salesforce.com"},"active":true,"user_type":"STANDARD","language":"en_US","utcOffset":-28800000}`

func TestIdentity(t *testing.T) {
	origin, last := serve(t, 200, "application/json", identityBody)
	got, err := Client{}.Identity(t.Context(), origin+"/id/"+testOrg+"/"+testUser, secret.New(testToken))
	want := Identity{OrgID: testOrg, UserID: testUser, Username: "admin@acme.com", DisplayName: "Ada [31mAdmin"}
	if err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	if last.Method != "GET" || last.Header.Get("Authorization") != "Bearer "+testToken || last.Header.Get("Accept") != "application/json" {
		t.Errorf("sent %s %v", last.Method, last.Header)
	}
}

func TestIdentityRedirects(t *testing.T) {
	target, last := serve(t, 200, "application/json", identityBody)
	path := "/id/" + testOrg + "/" + testUser
	for _, status := range []int{301, 302, 303, 307, 308} {
		*last = http.Request{}
		second, _ := serve(t, status, "", "", "Location", target+path+"?x=y")
		first, _ := serve(t, status, "", "", "Location", second+path)
		got, err := Client{}.Identity(t.Context(), first+path, secret.New(testToken))
		if err != nil || got.UserID != testUser || last.Method != "GET" || last.Header.Get("Authorization") == "" || last.RequestURI != path {
			t.Errorf("%d twice to the same path of the practice org: %+v, %v, %s", status, got, err, last.RequestURI)
		}
		*last = http.Request{}
		third, _ := serve(t, status, "", "", "Location", first+path)
		_, err = Client{}.Identity(t.Context(), third+path, secret.New(testToken))
		checkFault(t, "three redirects", err, fault.NotSalesforce, "identity", fault.ExitNetwork)
		if last.Method != "" {
			t.Errorf("%d: a third redirect was followed", status)
		}
	}
	for _, location := range []string{"https://evil.example" + path, target + "/other", target + path + "#x", "https://acme.my.salesforce.com" + path, "//evil.example" + path, "", "::"} {
		origin, _ := serve(t, 302, "", "", "Location", location)
		_, err := Client{}.Identity(t.Context(), origin+path, secret.New(testToken))
		checkFault(t, location, err, fault.NotSalesforce, "identity", fault.ExitNetwork)
	}
}

// hops answers each address with the next one and the last with the identity. It
// keeps the addresses that got the token.
type hops struct{ all, told []string }

func (h *hops) RoundTrip(r *http.Request) (*http.Response, error) {
	h.told = append(h.told, r.URL.String())
	a := &http.Response{StatusCode: 302, Header: http.Header{}, Body: http.NoBody, Request: r}
	if len(h.told) == len(h.all) {
		a.StatusCode, a.Body = 200, io.NopCloser(strings.NewReader(identityBody))
	} else {
		a.Header.Set("Location", h.all[len(h.told)])
	}
	return a, nil
}

func TestIdentityRedirectsStayAmongSalesforcesHosts(t *testing.T) {
	path := "/id/" + testOrg + "/" + testUser
	login, my, other, practice := "https://login.salesforce.com"+path, "https://acme.my.salesforce.com"+path, "https://acme--uat.sandbox.my.salesforce.com"+path, "http://localhost:4000"+path
	for _, c := range []struct {
		all  []string
		told int
	}{
		{[]string{login, my}, 2},
		{[]string{login, path}, 2},
		{[]string{login, my, other}, 3},
		{[]string{login, my + "?x=y", other + "?"}, 3},
		{[]string{login, my, other, my}, 3},
		{[]string{practice, "http://127.0.0.1:4001" + path, "http://[::1]:4002" + path}, 3},
		{[]string{practice, my}, 1},
		{[]string{practice, "http://127.0.0.1:4001" + path, my}, 2},
		{[]string{login, practice}, 1},
		{[]string{login, my, practice}, 2},
		{[]string{login, my, "https://evil.example" + path}, 2},
		{[]string{login, my, "https://evil.example" + path, my}, 2},
		{[]string{login, my, "http://acme.my.salesforce.com" + path}, 2},
		{[]string{login, "http://acme.my.salesforce.com" + path}, 1},
		{[]string{login, "https://acme.my.salesforce.com:8443" + path}, 1},
		{[]string{login, "https://acme.my.salesforce.com.evil.example" + path}, 1},
		{[]string{login, "https://me@acme.my.salesforce.com" + path}, 1},
		{[]string{login, my + "/"}, 1},
		{[]string{login, strings.Replace(my, "/id/", "/%69d/", 1)}, 1},
	} {
		h := &hops{all: c.all}
		_, err := Client{HTTP: &http.Client{Transport: h}}.Identity(t.Context(), c.all[0], secret.New(testToken))
		if len(h.told) != c.told || (err == nil) != (c.told == len(c.all)) || strings.Contains(strings.Join(h.told, ""), "?") {
			t.Errorf("%q: the token went to %q, %v", c.all, h.told, err)
		}
		if err != nil {
			checkFault(t, c.all[len(c.all)-1], err, fault.NotSalesforce, "identity", fault.ExitNetwork)
		}
	}
}

// A redirect anywhere else is never followed, so no token travels with it.
func TestNoRedirects(t *testing.T) {
	target, last := serve(t, 200, "application/json", `{}`)
	origin, _ := serve(t, 302, "text/html", "", "Location", target+"/x")
	_, err := Client{HTTP: &http.Client{}}.Limits(t.Context(), origin, "67.0", secret.New(testToken))
	checkFault(t, "limits", err, fault.NotSalesforce, "limits", fault.ExitNetwork)
	if last.Method != "" {
		t.Error("the redirect was followed")
	}
}

func TestVersions(t *testing.T) {
	origin, last := serve(t, 200, "application/json", `[{"label":"Summer '26","url":"/services/data/v67.0","version":"67.0"},{"label":"Old","url":"/services/data/v9.0","version":"9.0"},{"label":"x","url":"/x","version":"../x"},{"label":"Spring '26","url":"/services/data/v66.0","version":"66.0"}]`)
	got, err := Client{}.Versions(t.Context(), origin)
	if err != nil || len(got) != 3 || got[2].Version != "67.0" || got[0].Version != "9.0" || got[2].Label != "Summer '26" {
		t.Errorf("got %+v, %v", got, err)
	}
	if last.URL.Path != "/services/data/" || last.Header.Get("Authorization") != "" {
		t.Errorf("asked for %s with %v", last.URL, last.Header)
	}
	for _, body := range []string{`[]`, `[{"version":"x"}]`, `{}`, `null`} {
		origin, _ := serve(t, 200, "application/json", body)
		_, err := Client{}.Versions(t.Context(), origin)
		checkFault(t, body, err, fault.NotSalesforce, "api", fault.ExitNetwork)
	}
}

func TestLimits(t *testing.T) {
	for _, version := range []string{"67.0", "v67.0"} {
		origin, last := serve(t, 200, "application/json", `{"DailyApiRequests":{"Max":15000,"Remaining":14998,"Extra":{"Max":1}}}`)
		got, err := Client{}.Limits(t.Context(), origin+"/", version, secret.New(testToken))
		if err != nil || got["DailyApiRequests"] != (Limit{15000, 14998}) {
			t.Errorf("got %+v, %v", got, err)
		}
		if last.URL.Path != "/services/data/v67.0/limits" {
			t.Errorf("asked for %s", last.URL)
		}
	}
	if _, err := (Client{}).Limits(t.Context(), "http://localhost:1", "../x", secret.New(testToken)); fault.From(err).Code != fault.Internal {
		t.Errorf("a version that is none: %v", err)
	}
	origin, _ := serve(t, 200, "application/json", `null`)
	_, err := Client{}.Limits(t.Context(), origin, "67.0", secret.New(testToken))
	checkFault(t, "null", err, fault.NotSalesforce, "limits", fault.ExitNetwork)
}

func TestOrganization(t *testing.T) {
	origin, last := serve(t, 200, "application/json", `{"totalSize":1,"done":true,"records":[{"attributes":{"type":"Organization"},"Id":"`+testOrg+`","Name":"Acme Inc","IsSandbox":true}]}`)
	got, err := Client{}.Organization(t.Context(), origin, "67.0", secret.New(testToken))
	if want := (Organization{ID: testOrg, Name: "Acme Inc", IsSandbox: true}); err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	if q := last.URL.Query().Get("q"); q != "SELECT Id, Name, IsSandbox FROM Organization" || last.URL.Path != "/services/data/v67.0/query" {
		t.Errorf("asked for %s", last.URL)
	}
	origin, _ = serve(t, 200, "application/json", `{"totalSize":0,"done":true,"records":[]}`)
	_, err = Client{}.Organization(t.Context(), origin, "67.0", secret.New(testToken))
	checkFault(t, "no record", err, fault.NotSalesforce, "api", fault.ExitNetwork)
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		status     int
		body       string
		code, text string
		expired    bool
		exit       int
	}{
		{401, `[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]`, "INVALID_SESSION_ID", "Session expired or invalid", true, fault.ExitSignIn},
		{401, `[{"message":"This session is not valid for use with the REST API","errorCode":"INVALID_SESSION_ID"}]`, "INVALID_SESSION_ID", "This session is not valid for use with the REST API", false, fault.ExitRefused},
		{401, `[{"message":"INVALID_ISS","errorCode":"INVALID_AUTH_HEADER"}]`, "INVALID_AUTH_HEADER", "INVALID_ISS", false, fault.ExitRefused},
		{403, `[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]`, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", false, fault.ExitRefused},
		{404, `[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]`, "NOT_FOUND", "The requested resource does not exist", false, fault.ExitRefused},
		{403, "Bad_OAuth_Token", "Bad_OAuth_Token", "", true, fault.ExitSignIn},
		{403, "Missing_OAuth_Token\n", "Missing_OAuth_Token", "", false, fault.ExitRefused},
		{400, `{"error":"invalid_grant","error_description":"ip restricted"}`, "invalid_grant", "ip restricted", false, fault.ExitRefused},
		{403, `[{"message":"a\u001b[31m\nb` + strings.Repeat("x", 400) + `","errorCode":"SOME_CODE"}]`, "SOME_CODE", "a[31m b" + strings.Repeat("x", 400), false, fault.ExitRefused},
		// Only a whole secret is recognised by whoever redacts the description.
		{400, `{"error":"invalid_grant","error_description":"` + strings.Repeat("word ", 58) + testToken + ` b"}`, "invalid_grant", strings.Repeat("word ", 58) + testToken + " b", false, fault.ExitRefused},
		{400, `{"error":"invalid_grant","error_description":"` + strings.Repeat("word ", 1636) + testToken + `"}`, "invalid_grant", strings.Repeat("word ", 1636) + "…", false, fault.ExitRefused},
		{400, `{"error":"invalid_grant","error_description":"` + strings.Repeat("x", 9000) + `"}`, "invalid_grant", "…", false, fault.ExitRefused},
	} {
		origin, _ := serve(t, c.status, "application/json", c.body)
		_, err := Client{}.Limits(t.Context(), origin, "67.0", secret.New(testToken))
		var r *Refusal
		if !errors.As(err, &r) {
			t.Errorf("%s: %v", c.body, err)
			continue
		}
		if r.Status != c.status || r.Code != c.code || r.Description != c.text || r.Expired() != c.expired || r.Surface != SurfaceREST {
			t.Errorf("%s: %+v, expired %t", c.body, r, r.Expired())
		}
		f := Explain(r.Surface, r.Code, r.Description, LoginURL{})
		if f.Code != c.code || f.Exit != c.exit {
			t.Errorf("%s: %+v", c.body, f)
		}
	}
}

func TestNotSalesforce(t *testing.T) {
	for _, c := range []struct {
		name, contentType, body string
		status                  int
		header                  []string
		says                    string
	}{
		{"html", "text/html", "<html><script>alert(1)</script>", 200, nil, "web page"},
		{"html without a type", "", "<!DOCTYPE html><p>hello", 401, nil, "web page"},
		{"empty", "application/json", "", 200, nil, "empty"},
		{"blank", "application/json", " \n", 403, nil, "empty"},
		{"cut", "application/json", `{"DailyApiRequests":{"Max":15`, 200, nil, "part"},
		{"cut array", "application/json", `[{"errorCode":"INV`, 401, nil, "part"},
		{"other JSON", "application/json", `[1,2]`, 200, nil, "not in Salesforce's form"},
		{"other words", "text/plain", `Go away`, 403, nil, "not in Salesforce's form"},
		{"huge", "application/json", `{"a":"` + strings.Repeat("x", 1<<20) + `"}`, 200, nil, "1 MiB"},
		{"redirect", "", "", 302, []string{"Location", "https://evil.example/x?token=1"}, "to evil.example"},
		{"5xx", "application/json", `[{"errorCode":"UNKNOWN_EXCEPTION","message":"x"}]`, 500, nil, "HTTP 500"},
		{"maintenance", "text/html", "<html>Down for maintenance", 503, []string{"Retry-After", "120"}, "after 120 s"},
		{"old domain", "text/html", "<html>URL No Longer Exists</html>", 404, nil, "URL No Longer Exists"},
		{"proxy", "text/html", "<html>", 407, nil, "proxy"},
		{"slow down", "", "x", 429, []string{"Retry-After", "5"}, "429"},
	} {
		origin, _ := serve(t, c.status, c.contentType, c.body, c.header...)
		_, err := Client{}.Limits(t.Context(), origin, "67.0", secret.New(testToken))
		checkFault(t, c.name, err, fault.NotSalesforce, "limits", fault.ExitNetwork)
		f := fault.From(err)
		if !strings.Contains(f.Message, c.says) {
			t.Errorf("%s: %q lacks %q", c.name, f.Message, c.says)
		}
		u, _ := url.Parse(origin)
		if !strings.Contains(f.Message, u.Host) || strings.Contains(f.Message+f.Hint, "script") || strings.Contains(f.Message+f.Hint, "token=1") {
			t.Errorf("%s: %q, %q", c.name, f.Message, f.Hint)
		}
	}
}

func TestCutInTransit(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte(`{"a":`))
	}))
	defer s.Close()
	_, err := Client{}.Limits(t.Context(), s.URL, "67.0", secret.New(testToken))
	checkFault(t, "cut", err, fault.NotSalesforce, "limits", fault.ExitNetwork)
	if !strings.Contains(fault.From(err).Message, "middle of its answer") {
		t.Error(err)
	}
}

func TestAnswerFaultNamesTheHostAlone(t *testing.T) {
	f := Answer{Status: 200, ContentType: "text/html; charset=utf-8", Body: []byte("<html>"), URL: "https://acme.my.salesforce.com/services/oauth2/token?code=aPrxSecret"}.Fault()
	if f.Code != fault.NotSalesforce || f.Message != "acme.my.salesforce.com sent a web page instead of data (HTTP 200)." {
		t.Errorf("%+v", f)
	}
}
