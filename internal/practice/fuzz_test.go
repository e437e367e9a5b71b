package practice

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

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
		w := httptest.NewRecorder()
		org.Handler().ServeHTTP(w, r)
		ours := strings.Contains(strings.ToLower(host), "salesforce") || strings.Contains(strings.ToLower(host), "acme")
		if w.Code >= 500 || !ours && w.Code != http.StatusMisdirectedRequest {
			t.Errorf("%d for %s %s%s", w.Code, method, host, target)
		}
	})
}
