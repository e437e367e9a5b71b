package oauthflow

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestTrial(t *testing.T) {
	for name, c := range map[string]struct {
		status       int
		body         string
		token        string
		refresh      string
		device       bool
		refused, odd string
	}{
		"refused":                           {400, `{"error":"invalid_grant","error_description":"invalid authorization code"}`, "", "", false, "invalid_grant", ""},
		"granted":                           {200, `{"access_token":"00Dx!y","refresh_token":"5Aep","issued_at":1,"token_format":"jwt"}`, "00Dx!y", "5Aep", false, "", ""},
		"device code":                       {200, `{"device_code":"aPrx","user_code":"ABC","verification_uri":"https://x","interval":5}`, "", "", true, "", ""},
		"nothing":                           {200, `{}`, "", "", false, "", ReasonType},
		"a web page":                        {200, `<html></html>`, "", "", false, "", ReasonHTML},
		"a broken server that says a token": {500, `{"access_token":"x"}`, "", "", false, "", ReasonServer},
	} {
		var form url.Values
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_ = r.ParseForm()
			form = r.PostForm
			w.WriteHeader(c.status)
			_, _ = w.Write([]byte(c.body))
		}))
		client := Client{HTTP: http.DefaultClient, Now: time.Now}
		got, err := client.Trial(t.Context(), App{LoginURL: s.URL}, url.Values{"grant_type": {"x"}, "client_id": {"k"}})
		s.Close()
		var refused *Refused
		var odd *NotSalesforce
		switch {
		case form.Encode() != "client_id=k&grant_type=x":
			t.Errorf("%s: sent %v", name, form)
		case errors.As(err, &refused) != (c.refused != "") || refused != nil && refused.Code != c.refused:
			t.Errorf("%s: %v", name, err)
		case errors.As(err, &odd) != (c.odd != "") || odd != nil && odd.Reason != c.odd:
			t.Errorf("%s: %v", name, err)
		case got.Grant.AccessToken.Reveal() != c.token || got.Grant.RefreshToken.Reveal() != c.refresh || got.Device != c.device:
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestInventedThings(t *testing.T) {
	client := Client{Rand: strings.NewReader(strings.Repeat("\xfb\xef\xbe", 1000)), Now: func() time.Time { return time.Unix(1_000_000, 0) }}
	v, err := client.Invented("5Aep861", 87)
	if text := v.Reveal(); err != nil || len(text) != 87 || !strings.HasPrefix(text, "5Aep861") || strings.ContainsAny(text, "-+/=") {
		t.Errorf("%q, %v", v.Reveal(), err)
	}
	a, err := client.UnsignedAssertion(App{LoginURL: "https://acme.my.salesforce.com", ConsumerKey: "3MVG9"}, "nobody@sfconnect.invalid")
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(a.Reveal(), ".")
	if len(parts) != 3 {
		t.Fatalf("%d parts", len(parts))
	}
	var raw [3][]byte
	for i, part := range parts {
		if raw[i], err = base64.RawURLEncoding.DecodeString(part); err != nil {
			t.Fatal(err)
		}
	}
	var claims map[string]any
	if err := json.Unmarshal(raw[1], &claims); err != nil {
		t.Fatal(err)
	}
	if string(raw[0]) != `{"alg":"RS256"}` || claims["iss"] != "3MVG9" || claims["sub"] != "nobody@sfconnect.invalid" || claims["aud"] != "https://acme.my.salesforce.com" ||
		claims["exp"] != float64(1_000_120) || len(raw[2]) != 256 {
		t.Errorf("%s, %v, %d bytes", raw[0], claims, len(raw[2]))
	}
	if _, err := (Client{Rand: strings.NewReader("")}).Invented("", 10); err == nil {
		t.Error("without random bytes something was invented")
	}
}
