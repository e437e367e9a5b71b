package practice

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestEveryFaultActsWhereItSays drives each entry of the table at its place and
// compares what arrives with what the entry promises.
func TestEveryFaultActsWhereItSays(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range faultTable() {
		if seen[f.Name] || f.Help == "" || f.Surface == "" {
			t.Errorf("%s: duplicate, or no help or surface", f.Name)
		}
		seen[f.Name] = true
		if f.Name == "authorize-stalls" || f.Name == "token-stalls" {
			continue // see TestStallEndsWithTheClient
		}
		t.Run(f.Name, func(t *testing.T) {
			w := start(t, nil, f.Name)
			switch f.at {
			case beforeLogin:
				a := w.get(w.facts.MyDomainURL + w.authorizeQuery())
				got, err := url.ParseQuery(a.text)
				if err != nil || a.StatusCode != 400 || got.Get("error") != f.Code || got.Get("error_description") != f.Description {
					t.Errorf("%d %s", a.StatusCode, a.text)
				}
			case immediately, atCallback:
				at := w.through(w.facts.MyDomainURL, "approve")
				if q := at.Query(); at.Host != "localhost:1717" || q.Get("error") != f.Code || q.Get("error_description") != f.Description || q.Get("state") == "" {
					t.Error(at)
				}
			case onErrorPage:
				at := w.through(w.facts.MyDomainURL, "approve")
				if q := at.Query(); at.Path != errorPath || q.Get("error") != f.Code || q.Get("error_description") != f.Description {
					t.Error(at)
				}
			case authorizeAt:
				if a := w.get(w.facts.MyDomainURL + w.authorizeQuery()); a.StatusCode == 302 && !strings.Contains(a.Header.Get("Location"), "example.net") || a.StatusCode == 400 {
					t.Errorf("%d %s", a.StatusCode, a.text)
				}
			case tokenFirst:
				kind := grantCode
				if f.grants != nil {
					kind = f.grants[0]
				}
				a := w.exchange("any", "grant_type", kind)
				if f.whole == nil {
					w.refused(a, f.Code, f.Description)
				} else if a.StatusCode == 200 || a.StatusCode == 400 {
					t.Errorf("%d %s", a.StatusCode, a.text)
				}
			case tokenGrant, tokenFields:
				healthy := start(t, nil)
				want, got := healthy.signIn(), w.signIn()
				same := true
				for name, value := range want {
					if name != "access_token" && name != "refresh_token" && name != "id_token" {
						value = strings.NewReplacer(healthy.facts.LoginURL, w.facts.LoginURL, healthy.facts.MyDomainURL, w.facts.MyDomainURL).Replace(value)
					}
					if got[name] == "" || name == "scope" && got[name] != value || name == "instance_url" && got[name] != value || name == "id" && got[name] != value {
						same = false
					}
				}
				if same && f.Name != "bad-signature" {
					t.Error("nothing is wrong in", got)
				}
			case tokenAnswer:
				w.spoiled(f.Name)
			case revokeFirst:
				a := w.post(w.facts.MyDomainURL+revokePath, url.Values{"token": {"x"}})
				if f.whole == nil {
					w.refused(a, f.Code, f.Description)
				} else if f.Name == "revoke-forgets" {
					token := w.signIn()["refresh_token"]
					w.post(w.facts.MyDomainURL+revokePath, url.Values{"token": {token}})
					if a.StatusCode != 200 || len(w.Org.Ledger().LiveRefreshTokens) != 1 {
						t.Errorf("%d %v", a.StatusCode, a.Header)
					}
				} else if a.StatusCode != 503 || a.Header.Get("Retry-After") == "" {
					t.Errorf("%d %v", a.StatusCode, a.Header)
				}
			case identityAt:
				a := w.get(w.facts.MyDomainURL+"/services/oauth2/userinfo", w.signIn()["access_token"])
				if f.whole == nil && (a.StatusCode != f.status || a.text != f.Code || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/plain")) {
					t.Errorf("%d %s", a.StatusCode, a.text)
				}
			case restAt:
				a := w.get(w.facts.MyDomainURL+"/services/data/v68.0/limits", w.signIn()["access_token"])
				var list []struct{ Message, ErrorCode string }
				err := json.Unmarshal([]byte(a.text), &list)
				if f.whole == nil && (err != nil || a.StatusCode != f.status || len(list) != 1 || list[0].ErrorCode != f.Code || list[0].Message != f.Description) {
					t.Errorf("%d %s", a.StatusCode, a.text)
				}
				if f.whole != nil && err == nil {
					t.Errorf("a good answer: %s", a.text)
				}
			case metadataAt:
				healthy := start(t, nil)
				call := readCall("ExternalClientApplication", appName)
				a, want := w.metadata(w.Org.IssueAccessToken(), call), healthy.metadata(healthy.Org.IssueAccessToken(), call)
				if want.StatusCode != 200 || a.text == want.text || f.Name == "metadata-huge" && len(a.text) < 16<<20 {
					t.Errorf("%d %s", a.StatusCode, a.text)
				}
			case introspectAt:
				a := w.post(w.facts.MyDomainURL+"/services/oauth2/introspect", url.Values{
					"token": {w.Org.IssueAccessToken()}, "client_id": {w.facts.ConsumerKey}, "client_secret": {w.facts.ConsumerSecret},
				})
				if strings.Contains(a.text, `"active":true`) {
					t.Error(a.text)
				}
			default:
				t.Error("no place")
			}
			acted := false
			for _, r := range w.Org.Ledger().Requests {
				acted = acted || r.Fault == f.Name
			}
			if !acted {
				t.Error("the ledger does not know that it acted")
			}
		})
	}
}

// spoiled checks that the grant was spent although nothing usable arrived.
func (w *world) spoiled(name string) {
	w.Helper()
	r, _ := http.NewRequestWithContext(w.Context(), http.MethodPost, w.facts.MyDomainURL+tokenPath, strings.NewReader(w.tokenForm(w.code()).Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	a, err := w.http.Do(r)
	if err != nil {
		w.Fatal(err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	kind := a.Header.Get("Content-Type")
	ok := map[string]bool{
		"html-token-answer":  strings.HasPrefix(kind, "text/html"),
		"empty-token-body":   err == nil && len(text) == 0,
		"cut-token-body":     err == nil && !json.Valid(text) && len(text) > 100,
		"dropped-token-body": err == io.ErrUnexpectedEOF,
		"huge-token-body":    err == nil && len(text) > 16<<20,
		"wrong-content-type": err == nil && json.Valid(text) && strings.HasPrefix(kind, "text/plain"),
	}[name]
	if !ok || a.StatusCode != 200 {
		w.Errorf("%d %s, %d bytes, %v", a.StatusCode, kind, len(text), err)
	}
	if l := w.Org.Ledger(); len(l.LiveAccessTokens) != 1 || l.CodesSpent != 1 {
		w.Errorf("%+v", l)
	}
}

func TestStallEndsWithTheClient(t *testing.T) {
	for name, path := range map[string]string{"authorize-stalls": authorizePath, "token-stalls": tokenPath} {
		arrived := make(chan string, 1)
		w := startWith(t, Options{Faults: []string{name}, Log: func(line string) { arrived <- line }})
		done := make(chan error)
		go func() {
			r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, w.facts.LoginURL+path, nil)
			a, err := w.http.Do(r)
			if err == nil {
				a.Body.Close()
			}
			done <- err
		}()
		if line := <-arrived; !strings.Contains(line, path) || !strings.Contains(line, name) {
			t.Error(line)
		}
		_ = w.Close()
		if err := <-done; err == nil {
			t.Error("an answer came")
		}
	}
}

func TestFaultsThatHeal(t *testing.T) {
	w := start(t, nil, "unknown-key-for-a-while", "token-request-already-processing", "session-expired-once")
	for range 3 {
		if a := w.get(w.facts.LoginURL + w.authorizeQuery()); !strings.Contains(a.text, "invalid_client_id") {
			t.Error(a.text)
		}
	}
	m := w.signIn()
	for range 2 {
		w.refused(w.renew(m["refresh_token"]), "invalid_grant", "token request is already being processed")
	}
	w.tokens(w.renew(m["refresh_token"]))
	for _, want := range []int{401, 200} {
		if a := w.get(w.facts.MyDomainURL+"/services/data/v68.0/limits", m["access_token"]); a.StatusCode != want {
			t.Error(a.StatusCode)
		}
	}
}

func TestSetFaultsWhileRunning(t *testing.T) {
	w := start(t, nil)
	if err := w.Org.SetFaults("server-error"); err != nil {
		t.Fatal(err)
	}
	if a := w.exchange("x"); a.StatusCode != 503 || a.Header.Get("Retry-After") != "120" || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		t.Error(a.StatusCode)
	}
	if err := w.Org.SetFaults("nonsense"); err == nil || !strings.Contains(err.Error(), "\n  server-error\n") {
		t.Error("unknown fault:", err)
	}
	if err := w.Org.Set("nonsense", "1"); err == nil || !strings.Contains(err.Error(), "\n  pkce_required\n") {
		t.Error("unknown setting:", err)
	}
	if got := w.Org.Facts().Faults; len(got) != 1 {
		t.Error("a refused change changed something:", got)
	}
	if err := w.Org.SetFaults(); err != nil {
		t.Fatal(err)
	}
	w.refused(w.exchange("x"), "invalid_grant", "invalid authorization code")
}
