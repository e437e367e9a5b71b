package practice

import (
	"net/http"
	"strings"
	"testing"
)

// metadata calls the Metadata API: body is what stands in the SOAP body.
func (w *world) metadata(token, body string, headers ...string) got {
	w.Helper()
	return w.metadataAt(w.facts.MyDomainURL+"/services/Soap/m/67.0/"+w.facts.OrgID[:15], token, body, headers...)
}

func (w *world) metadataAt(address, token, body string, headers ...string) got {
	w.Helper()
	envelope := `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns="http://soap.sforce.com/2006/04/metadata"><e:Header><SessionHeader><sessionId>` +
		token + `</sessionId></SessionHeader></e:Header><e:Body>` + body + `</e:Body></e:Envelope>`
	r, err := http.NewRequestWithContext(w.Context(), http.MethodPost, address, strings.NewReader(envelope))
	if err != nil {
		w.Fatal(err)
	}
	r.Header.Set("Content-Type", "text/xml; charset=UTF-8")
	r.Header.Set("SOAPAction", `""`)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Del(headers[i])
		if headers[i+1] != "" {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	return w.do(w.http, r)
}

func readCall(kind string, names ...string) string {
	b := "<readMetadata><type>" + kind + "</type>"
	for _, name := range names {
		b += "<fullNames>" + name + "</fullNames>"
	}
	return b + "</readMetadata>"
}

func TestMetadataFaults(t *testing.T) {
	eleven := make([]string, 11)
	for i := range eleven {
		eleven[i] = appName
	}
	const illegal = "INVALID_SESSION_ID: Invalid Session ID found in SessionHeader: Illegal Session"
	denied := "INSUFFICIENT_ACCESS: use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions"
	w := start(t, nil)
	path := w.facts.MyDomainURL + "/services/Soap/m/67.0"
	token, good := w.Org.IssueAccessToken(), readCall("ExternalClientApplication", appName)
	w.Org.mu.Lock()
	narrow := w.Org.newAccessToken(w.Org.newGrant("issued", w.Org.users[0], []string{"id", "openid"}, false), "issued").text
	standard := w.Org.newAccessToken(w.Org.newGrant("issued", w.Org.users[1], []string{"api"}, false), "issued").text
	w.Org.cfg.namedJWT = true
	jwt := w.Org.newAccessToken(w.Org.newGrant("issued", w.Org.users[0], []string{"api"}, false), "issued").text
	w.Org.mu.Unlock()
	for _, c := range []struct {
		name, address, token, body, code, text string
		headers                                []string
	}{
		{"no token", path, "", good, "sf:INVALID_SESSION_ID", illegal, nil},
		{"dead token", path, "00Dx!dead", good, "sf:INVALID_SESSION_ID", illegal, nil},
		{"token in the other header", path, "", good, "sf:INVALID_SESSION_ID", illegal, []string{"Authorization", "Bearer " + token}},
		{"JWT token", path, jwt, good, "sf:INVALID_SESSION_ID", illegal, nil},
		{"other org", path + "/00D000000000001", token, good, "sf:INVALID_SESSION_ID", illegal, nil},
		{"no api", path, narrow, good, "sf:INVALID_SESSION_ID", "INVALID_SESSION_ID: This session is not valid for use with the API", nil},
		{"standard user", path, standard, good, "sf:INSUFFICIENT_ACCESS", denied, nil},
		{"login host", w.facts.LoginURL + "/services/Soap/m/67.0", token, good, "sf:UNKNOWN_EXCEPTION", "UNKNOWN_EXCEPTION: Destination URL not reset. The URL returned from login must be set in the SforceService", nil},
		{"version", w.facts.MyDomainURL + "/services/Soap/m/99.0", token, good, "sf:UNSUPPORTED_API_VERSION", "UNSUPPORTED_API_VERSION: Invalid Api version specified on URL", nil},
		{"no action", path, token, good, "soapenv:Client", "SOAPAction HTTP header missing", []string{"SOAPAction", ""}},
		{"no xml", path, token, "<readMetadata>", "soapenv:Client", "The request is no SOAP envelope with one call in its body", nil},
		{"type", path, token, readCall("ExtlClntAppSettings", appName), "sf:INVALID_TYPE", "INVALID_TYPE: This type of metadata is not available for this organization", nil},
		{"listed type", path, token, "<listMetadata><queries><type>Nope</type></queries></listMetadata>", "sf:INVALID_TYPE", "INVALID_TYPE: Unknown type:Nope", nil},
		{"too many", path, token, readCall("ExternalClientApplication", eleven...), "sf:EXCEEDED_ID_LIMIT", "EXCEEDED_ID_LIMIT: record limit reached. cannot submit more than 10 records in this operation", nil},
	} {
		a := w.metadataAt(c.address, c.token, c.body, c.headers...)
		if want := "<faultcode>" + c.code + "</faultcode><faultstring>" + c.text + "</faultstring>"; a.StatusCode != 500 || !strings.Contains(a.text, want) {
			t.Errorf("%s: %d %s", c.name, a.StatusCode, a.text)
		}
	}
	if a := w.get(path); a.StatusCode != 405 {
		t.Error(a.StatusCode)
	}
	if a := w.metadataAt(path, token, readCall("ExternalClientApplication", "Nobody", appName)); !strings.Contains(a.text, `<result><records xsi:nil="true"/><records xsi:type="ExternalClientApplication"><fullName>`+appName) {
		t.Error(a.text)
	}
	if a := w.metadataAt(path, token, readCall("ExternalClientApplication", eleven[:10]...)); strings.Count(a.text, "<records ") != 10 {
		t.Error(a.text)
	}
}

func TestWhoMayUseTheMetadataAPI(t *testing.T) {
	for _, c := range []struct {
		kind, access   string
		open, settings bool
	}{
		{"admin", "as_user", true, true}, {"standard", "as_user", false, false}, {"integration", "as_user", false, false},
		{"admin", "none", false, false}, {"standard", "full", true, true}, {"admin", "no_global", true, false},
	} {
		w := start(t, map[string]string{"user_kind": c.kind, "metadata_access": c.access})
		token := w.Org.IssueAccessToken()
		a := w.metadata(token, readCall("ExternalClientApplication", appName))
		if open := a.StatusCode == 200; open != c.open {
			t.Errorf("%+v: %d %s", c, a.StatusCode, a.text)
		}
		a = w.metadata(token, readCall(globalKind, appName+"_glbloauth"))
		if settings := strings.Contains(a.text, "isPkceRequired"); settings != c.settings {
			t.Errorf("%+v: %d %s", c, a.StatusCode, a.text)
		}
	}
}

// The ledger tells reading from changing.
func TestMetadataCallsAreCounted(t *testing.T) {
	w := start(t, nil)
	token := w.Org.IssueAccessToken()
	w.metadata(token, readCall("ExternalClientApplication", appName))
	w.metadata(token, "<updateMetadata><metadata/></updateMetadata>")
	l := w.Org.Ledger()
	if l.MetadataCalls != 2 || l.Writes != 1 || l.Requests[len(l.Requests)-2].Operation != "readMetadata ExternalClientApplication" {
		t.Errorf("%d calls, %d writes, %+v", l.MetadataCalls, l.Writes, l.Requests)
	}
}
