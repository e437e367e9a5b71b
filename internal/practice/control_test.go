package practice

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// control asks the control address; v is posted where it is not nil.
func (w *world) control(path string, v url.Values) got {
	w.Helper()
	method, body := http.MethodGet, ""
	if v != nil {
		method, body = http.MethodPost, v.Encode()
	}
	r, err := http.NewRequestWithContext(w.Context(), method, w.facts.ControlURL+path, strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "Bearer "+w.facts.ControlKey)
	return w.do(w.http, r)
}

func TestControlChangesARunningOrg(t *testing.T) {
	w := start(t, nil)
	before := object(t, w.control("settings", nil).text)
	if !maps.Equal(before, w.Org.Facts().Settings) || len(before) != len(settings()) {
		t.Error(before)
	}
	a := w.control("settings", url.Values{"pkce_required": {"false"}, "ip_relaxation": {"Relax IP restrictions"}})
	want := maps.Clone(before)
	want["pkce_required"], want["ip_relaxation"] = "false", "relax"
	if got := object(t, a.text); a.StatusCode != 200 || !maps.Equal(got, want) || !maps.Equal(got, w.Org.Facts().Settings) {
		t.Errorf("%d %s", a.StatusCode, a.text)
	}
	if a := w.get(w.facts.MyDomainURL + w.authorizeQuery("code_challenge", "")); a.StatusCode != 302 {
		t.Error("the change has no consequence:", a.text)
	}
	for _, v := range []url.Values{{"device_flow": {"true"}, "pkce_required": {"perhaps"}}, {"device_flow": {"true"}, "nonsense": {"1"}}, {"device_flow": {"true"}, "username": {"x"}}} {
		a := w.control("settings", v)
		if a.StatusCode != 400 || object(t, a.text)["error"] == "" || w.Org.Facts().Settings["device_flow"] != "false" {
			t.Errorf("%v: %d %s", v, a.StatusCode, a.text)
		}
	}
	if a := w.control("faults", url.Values{"fault": {"app-blocked", "server-error"}}); a.text != `["app-blocked","server-error"]` {
		t.Error(a.text)
	}
	if a := w.control("faults", url.Values{"fault": {"nonsense"}}); a.StatusCode != 400 || len(w.Org.Facts().Faults) != 2 {
		t.Error(a.text)
	}
	if a := w.control("faults", url.Values{}); a.text != `[]` || a.StatusCode != 200 {
		t.Error(a.text)
	}
	var l Ledger
	if err := json.Unmarshal([]byte(w.control("ledger", nil).text), &l); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(l.Changes, []string{"ip_relaxation", "pkce_required"}) || len(l.Requests) != 1 || l.AuthorizeRequests != 1 {
		t.Errorf("%+v", l)
	}
	if a := w.control("ledger", url.Values{}); a.StatusCode != 405 {
		t.Error(a.StatusCode)
	}
	if a := w.control("nothing", nil); a.StatusCode != 404 {
		t.Error(a.StatusCode)
	}
}

func TestControlIsLocked(t *testing.T) {
	w := start(t, nil)
	if !regexp.MustCompile(`^[A-Za-z0-9]{32}$`).MatchString(w.facts.ControlKey) {
		t.Error(w.facts.ControlKey)
	}
	for _, key := range []string{"", "x", w.facts.ControlKey[1:], w.facts.ConsumerSecret} {
		locked := *w
		locked.facts.ControlKey = key
		for _, path := range []string{"settings", "faults", "ledger", "nothing"} {
			if a := locked.control(path, nil); a.StatusCode != 403 {
				t.Errorf("%s with %q: %d", path, key, a.StatusCode)
			}
		}
		if a := w.post(w.facts.ControlURL+"settings", url.Values{"control_key": {key}, "device_flow": {"true"}}); a.StatusCode != 403 {
			t.Error(a.StatusCode)
		}
	}
	login := strings.Replace(w.facts.ControlURL, w.facts.MyDomainURL, w.facts.LoginURL, 1)
	if a := w.post(login+"settings", url.Values{"control_key": {w.facts.ControlKey}, "device_flow": {"true"}}); a.StatusCode != 404 {
		t.Error("the login host takes it too:", a.StatusCode)
	}
	if w.Org.Facts().Settings["device_flow"] != "false" || len(w.Org.Ledger().Changes) != 0 {
		t.Error("something was changed without the key")
	}
}

// A person at Setup corrects a box with a click, and is back on the page.
func TestBoxesOfSetupCanBeClicked(t *testing.T) {
	w := start(t, map[string]string{"client_credentials_flow": "true"})
	for _, page := range []string{setupHome, setupPrefix + "OauthOidcSettings/home"} {
		text := w.get(w.facts.MyDomainURL + page).text
		buttons := regexp.MustCompile(`<button class="tick" type="submit" name="(\w+)" value="(\w+)">`).FindAllStringSubmatch(text, -1)
		if want := map[string]int{setupHome: 14}[page]; len(buttons) < max(2, want) {
			t.Errorf("%s has %d boxes", page, len(buttons))
		}
		for _, b := range buttons {
			before := w.Org.Facts().Settings[b[1]]
			a := w.post(w.facts.MyDomainURL+settingsPath, url.Values{"control_key": {w.facts.ControlKey}, "back": {page}, b[1]: {b[2]}})
			if a.StatusCode != 303 || a.Header.Get("Location") != page {
				t.Errorf("%s: %d %s", b[1], a.StatusCode, a.Header.Get("Location"))
			}
			if after := w.Org.Facts().Settings[b[1]]; after == before || after != b[2] {
				t.Errorf("%s was %s and is %s", b[1], before, after)
			}
		}
	}
	form := url.Values{"control_key": {w.facts.ControlKey}, "back": {setupHome}, "setting": {"refresh_token_policy"}, "value": {"unused:30d"}}
	if a := w.post(w.facts.MyDomainURL+settingsPath, form); a.StatusCode != 303 || w.Org.Facts().Settings["refresh_token_policy"] != "unused:720h0m0s" {
		t.Error(a.StatusCode, w.Org.Facts().Settings["refresh_token_policy"])
	}
	form.Set("value", "<b>")
	if a := w.post(w.facts.MyDomainURL+settingsPath, form); a.StatusCode != 400 || !strings.Contains(a.text, "setting refresh_token_policy takes") || strings.Contains(a.text, `"<b>"`) {
		t.Error(a.text)
	}
	form.Set("value", "valid_until_revoked")
	form.Set("back", "https://evil.example/")
	if a := w.post(w.facts.MyDomainURL+settingsPath, form); a.StatusCode != 200 || a.Header.Get("Location") != "" {
		t.Error("sent to a foreign page")
	}
}
