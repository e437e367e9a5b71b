package salesforce

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
)

func soapAnswer(body string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>` + body + `</soapenv:Body></soapenv:Envelope>`
}

func TestReadMetadata(t *testing.T) {
	origin, _ := serve(t, 200, "text/xml;charset=UTF-8", soapAnswer(`<readMetadataResponse><result>
<records xsi:type="ExtlClntAppGlobalOauthSettings"><fullName>A_glbloauth</fullName><callbackUrl>https://a.example/cb
  http://localhost:1717/OauthRedirect
</callbackUrl><consumerKey>3MVG9a</consumerKey><consumerSecret>TOPSECRET</consumerSecret><isPkceRequired>true</isPkceRequired>
<isSecretRequiredForRefreshToken>false</isSecretRequiredForRefreshToken><shouldRotateConsumerSecret>false</shouldRotateConsumerSecret>
<idTokenConfig><idTokenValidityInMinutes>2</idTokenValidityInMinutes></idTokenConfig><label>A &#x202e;&lt;b&gt;</label></records>
<records xsi:nil="true"/></result></readMetadataResponse>`))
	got, err := Client{}.ReadMetadata(t.Context(), origin, secret.New(testToken), "ExtlClntAppGlobalOauthSettings", "A_glbloauth", "B_glbloauth")
	if err == nil && len(got) == 1 && got[0].Fields["label"] == "" {
		t.Error("the label is lost")
	}
	want := []Component{{Type: "ExtlClntAppGlobalOauthSettings", FullName: "A_glbloauth", Fields: map[string]string{
		"fullName": "A_glbloauth", "callbackUrl": "https://a.example/cb\nhttp://localhost:1717/OauthRedirect", "consumerKey": "3MVG9a",
		"isPkceRequired": "true", "isSecretRequiredForRefreshToken": "false", "label": "A <b>",
	}}}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%s, %v", d, err)
	}
	for member, state := range map[string][2]bool{"isPkceRequired": {true, true}, "isSecretRequiredForRefreshToken": {false, true}, "label": {false, false}, "nothing": {false, false}} {
		if on, told := got[0].Bool(member); on != state[0] || told != state[1] {
			t.Errorf("%s: %v, %v", member, on, told)
		}
	}
}

// The session travels in the envelope alone, escaped; redirects are not followed.
func TestMetadataRequest(t *testing.T) {
	var request *http.Request
	var body string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		request, body = r, string(text)
		_, _ = io.WriteString(w, soapAnswer(`<listMetadataResponse><result><fullName>A</fullName><type>ExternalClientApplication</type></result><result><fullName>A_oauth</fullName><type>ExtlClntAppOauthSettings</type></result></listMetadataResponse>`))
	}))
	defer s.Close()
	got, err := Client{}.ListMetadata(t.Context(), s.URL, secret.New(`tok<en&"`), "ExternalClientApplication", "ExtlClntAppOauthSettings")
	want := []Component{{Type: "ExternalClientApplication", FullName: "A"}, {Type: "ExtlClntAppOauthSettings", FullName: "A_oauth"}}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%s, %v", d, err)
	}
	if request.Method != "POST" || request.URL.Path != "/services/Soap/m/"+metadataVersion || request.Header["Soapaction"] == nil || request.Header.Get("Authorization") != "" ||
		!strings.HasPrefix(request.Header.Get("Content-Type"), "text/xml") {
		t.Errorf("%s %s %v", request.Method, request.URL, request.Header)
	}
	for _, part := range []string{"<met:sessionId>tok&lt;en&amp;&#34;</met:sessionId>", "<met:queries><met:type>ExternalClientApplication</met:type></met:queries>", "<met:asOfVersion>66.0</met:asOfVersion>"} {
		if !strings.Contains(body, part) {
			t.Errorf("%s is not in %s", part, body)
		}
	}
	target, last := serve(t, 200, "text/xml", "")
	origin, _ := serve(t, 307, "", "", "Location", target)
	_, err = Client{}.ListMetadata(t.Context(), origin, secret.New(testToken), "ExternalClientApplication")
	checkFault(t, "redirect", err, fault.NotSalesforce, "api", fault.ExitNetwork)
	if last.Method != "" {
		t.Error("a redirect was followed with the session in the body")
	}
}

func TestMetadataFaults(t *testing.T) {
	soapFault := func(code, text string) string {
		return soapAnswer(`<soapenv:Fault><faultcode>` + code + `</faultcode><faultstring>` + text + `</faultstring></soapenv:Fault>`)
	}
	for _, c := range []struct{ code, text, wantCode, wantText string }{
		{"sf:INSUFFICIENT_ACCESS", "INSUFFICIENT_ACCESS: use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions", "INSUFFICIENT_ACCESS", "use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions"},
		{"sf:INVALID_SESSION_ID", "INVALID_SESSION_ID: Invalid Session ID found in SessionHeader: Illegal Session", "INVALID_SESSION_ID", "Invalid Session ID found in SessionHeader: Illegal Session"},
		{"soapenv:Client", "SOAPAction HTTP header missing", "Client", "SOAPAction HTTP header missing"},
		{"BARE", "x&#x202e;y", "BARE", "xy"},
	} {
		origin, _ := serve(t, 500, "text/xml", soapFault(c.code, c.text))
		_, err := Client{}.ReadMetadata(t.Context(), origin, secret.New(testToken), "ExternalClientApplication", "A")
		var refusal *Refusal
		if !errors.As(err, &refusal) || refusal.Code != c.wantCode || refusal.Description != c.wantText || refusal.Surface != SurfaceMetadata || refusal.Status != 500 {
			t.Errorf("%s: %+v, %v", c.code, refusal, err)
		}
	}
	for name, c := range map[string]struct {
		status int
		body   string
	}{
		"a web page":     {200, "<html><body>Sign in</body></html>"},
		"nothing":        {200, ""},
		"half an answer": {200, soapAnswer("<readMetadataResponse><result>")[:200]},
		"another answer": {200, soapAnswer("<describeMetadataResponse></describeMetadataResponse>")},
		"no XML":         {200, "{}"},
		"a server error": {500, "<html>oops</html>"},
		"wrong status":   {404, soapAnswer("<readMetadataResponse></readMetadataResponse>")},
	} {
		origin, _ := serve(t, c.status, "text/html", c.body)
		got, err := Client{}.ReadMetadata(t.Context(), origin, secret.New(testToken), "ExternalClientApplication", "A")
		var f *fault.Fault
		if !errors.As(err, &f) || f.Code != fault.NotSalesforce || got != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}
