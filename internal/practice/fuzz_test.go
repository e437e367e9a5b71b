package practice

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// FuzzSOQL: no query makes the org panic, or answer what it was not asked for.
func FuzzSOQL(f *testing.F) {
	for _, s := range []string{
		"SELECT Id FROM User", "select count() from OauthToken where AppName = 'a\\'b' and UserId != null limit 3",
		"SELECT Id, Profile.Name FROM User WHERE Id='005' ORDER BY Id DESC LIMIT 1", "SELECT", "SELECT Id FROM", "SELECT ,, FROM x", "'", "!=",
	} {
		f.Add(s)
	}
	org, err := New(Options{Now: time.Now, Rand: seed()})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if r := org.query(text, "/services/data/v68.0", org.users[0]); r.status != 200 && r.status != 400 {
			t.Errorf("%d for %q", r.status, text)
		}
	})
}

// FuzzHandler: no request makes the org panic or answer 5xx, and none from
// outside its hosts gets anything but 421.
func FuzzHandler(f *testing.F) {
	for _, s := range [][4]string{
		{"GET", "acme.my.salesforce.com", "/services/oauth2/authorize?client_id=x", ""},
		{"POST", "login.salesforce.com", "/services/oauth2/token", "grant_type=refresh_token&refresh_token=x"},
		{"GET", "acme.my.salesforce.com", "/id/00D/005", ""},
		{"GET", "acme.my.salesforce.com", "/services/data/v/limits", ""},
		{"GET", "acme.my.salesforce.com", "/services/data/v68.0/query?q=SELECT,FROM,", ""},
		{"GET", "acme.my.salesforce-setup.com", "/lightning/setup/ManageExternalClientApplication/x/detail", ""},
		{"POST", "acme.my.salesforce.com", "/", "username=a&pw=b&startURL=%2f%2fx"},
		{"GET", "[::1", "//services//data", ""},
		{"POST", "acme.my.salesforce.com", "/services/Soap/m/67.0/00D", "<e:Envelope xmlns:e=\"x\"><e:Body><readMetadata/></e:Body></e:Envelope>"},
		{"POST", "acme.my.salesforce.com", "/services/oauth2/authorize", "response_type=code_credentials&client_id=x"},
		{"POST", "acme.my.salesforce.com", "/services/oauth2/token", "response_type=device_code&client_id=x"},
		{"GET", "acme.my.salesforce.com", "/setup/connect?user_code=x", ""},
	} {
		f.Add(s[0], s[1], s[2], s[3])
	}
	org, err := New(Options{Now: time.Now, Rand: seed(), LoginURL: "https://login.salesforce.com", MyDomainURL: "https://acme.my.salesforce.com"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, method, host, target, body string) {
		r, err := http.NewRequest(method, "https://x"+target, strings.NewReader(body))
		if err != nil {
			return
		}
		r.Host = host
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Authorization", body)
		r.Header.Set("SOAPAction", `""`)
		w := httptest.NewRecorder()
		org.Handler().ServeHTTP(w, r)
		ours := strings.Contains(strings.ToLower(host), "salesforce") || strings.Contains(strings.ToLower(host), "acme")
		fault := w.Code == 500 && strings.HasPrefix(w.Header().Get("Content-Type"), "text/xml") // as SOAP has it
		if w.Code >= 500 && !fault || !ours && w.Code != http.StatusMisdirectedRequest {
			t.Errorf("%d for %s %s%s", w.Code, method, host, target)
		}
	})
}
