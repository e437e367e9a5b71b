package practice

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// The ledger knows what became of each token, and who changed what.
func TestLedgerTellsWhatBecameOfEachToken(t *testing.T) {
	w := start(t, map[string]string{"refresh_token_rotation": "true"})
	first := w.signIn()
	second := w.tokens(w.renew(first["refresh_token"]))
	w.post(w.facts.MyDomainURL+revokePath, url.Values{"token": {second["access_token"]}})
	w.clock.add(3 * time.Hour)
	for range approvals {
		w.Org.IssueRefreshToken()
	}
	states := map[string]string{}
	for _, token := range w.Org.Ledger().Tokens {
		states[token.Kind+" by "+token.How] += token.State + " "
		if token.App != appName || token.User != w.facts.Username || token.Text == "" || token.Issued.IsZero() {
			t.Errorf("%+v", token)
		}
	}
	for kind, want := range map[string]string{
		"access by authorization_code": "evicted ", "refresh by authorization_code": "replaced ", "access by refresh_token": "evicted ",
		"refresh by refresh_token": "evicted ", "refresh by issued": strings.Repeat("live ", approvals),
	} {
		if states[kind] != want {
			t.Errorf("%s: %q, want %q", kind, states[kind], want)
		}
	}
	if err := w.Org.Set("device_flow", "true"); err != nil {
		t.Fatal(err)
	}
	_ = w.Org.Set("device_flow", "nonsense")
	if l := w.Org.Ledger(); len(l.Changes) != 1 || l.Changes[0] != "device_flow" || l.RevokeRequests != 1 {
		t.Errorf("%v, %d", l.Changes, l.RevokeRequests)
	}
	states = map[string]string{}
	x := start(t, nil)
	token := x.Org.IssueAccessToken()
	x.post(x.facts.MyDomainURL+revokePath, url.Values{"token": {token}})
	x.Org.IssueAccessToken()
	x.clock.add(3 * time.Hour)
	for _, token := range x.Org.Ledger().Tokens {
		states[token.State] += token.Kind
	}
	if states["revoked"] != "access" || states["expired"] != "access" {
		t.Error(states)
	}
}
