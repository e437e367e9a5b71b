package practice

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"
)

// device starts the device flow; changes are name, value pairs.
func (w *world) device(changes ...string) got {
	w.Helper()
	v := url.Values{"response_type": {"device_code"}, "client_id": {w.facts.ConsumerKey}, "scope": {"api refresh_token"}}
	change(v, changes)
	return w.post(w.facts.MyDomainURL+tokenPath, v)
}

func (w *world) poll(code string, changes ...string) got {
	w.Helper()
	v := url.Values{"grant_type": {"device"}, "client_id": {w.facts.ConsumerKey}, "code": {code}}
	change(v, changes)
	return w.post(w.facts.MyDomainURL+tokenPath, v)
}

type waiting struct {
	DeviceCode      string `json:"device_code"`
	UserCode        string `json:"user_code"`
	VerificationURI string `json:"verification_uri"`
	Interval        int
}

func (w *world) waiting() waiting {
	w.Helper()
	a := w.device()
	var d waiting
	if err := json.Unmarshal([]byte(a.text), &d); err != nil || a.StatusCode != 200 || d.DeviceCode == "" || len(d.UserCode) != 8 || d.Interval != 5 {
		w.Fatalf("%d %s", a.StatusCode, a.text)
	}
	return d
}

func TestDeviceFlow(t *testing.T) {
	w := start(t, map[string]string{"device_flow": "true"})
	d := w.waiting()
	w.refused(w.poll(d.DeviceCode), "authorization_pending", "waiting for the end user to approve")
	w.clock.add(2 * time.Second)
	w.refused(w.poll(d.DeviceCode), "slow_down", "polling too quickly")
	w.clock.add(6 * time.Second)
	w.refused(w.poll(d.DeviceCode), "authorization_pending", "waiting for the end user to approve")
	if err := visit(t, Visitor{}, d.VerificationURI+"?user_code="+strings.ToLower(d.UserCode)); err != nil {
		t.Fatal(err)
	}
	w.clock.add(6 * time.Second)
	m := w.tokens(w.poll(d.DeviceCode))
	if m["scope"] != "api refresh_token" || m["refresh_token"] == "" {
		t.Error(m)
	}
	w.refused(w.poll(d.DeviceCode), "invalid_grant", "expired authorization code")
	if l := w.Org.Ledger(); l.TokensByGrant["device_code"] != 1 || l.TokensByGrant["device"] != 5 || l.Tokens[0].How != "device" || len(l.LiveRefreshTokens) != 1 {
		t.Errorf("%+v", l)
	}
}

func TestDeviceFlowEndsWithoutTokens(t *testing.T) {
	w := start(t, map[string]string{"device_flow": "true"})
	d := w.waiting()
	if err := visit(t, Visitor{Deny: true}, d.VerificationURI+"?user_code="+d.UserCode); err != nil {
		t.Fatal(err)
	}
	w.refused(w.poll(d.DeviceCode), "access_denied", "end-user denied authorization")
	if err := visit(t, Visitor{}, d.VerificationURI+"?user_code="+d.UserCode); err == nil {
		t.Error("a code was good twice")
	}
	old := w.waiting()
	w.clock.add(deviceLife)
	w.refused(w.poll(old.DeviceCode), "invalid_grant", "expired authorization code")
	if err := visit(t, Visitor{}, old.VerificationURI+"?user_code="+old.UserCode); err == nil {
		t.Error("an old code was good")
	}
	w.refused(w.poll("aPrxnone"), "invalid_grant", "expired authorization code")
	w.refused(w.device("scope", "nonsense"), "invalid_scope", "the requested scope is invalid, unknown, or malformed")
	if l := w.Org.Ledger(); len(l.Tokens) != 0 {
		t.Errorf("%+v", l.Tokens)
	}
}

func TestDeviceApprovalIsForbiddenAsAnyOther(t *testing.T) {
	w := start(t, map[string]string{"device_flow": "true", "permitted_users": "admin_approved", "oauth_errors": "callback"})
	d := w.waiting()
	if err := visit(t, Visitor{}, d.VerificationURI+"?user_code="+d.UserCode); err == nil || !strings.Contains(err.Error(), "OAUTH_APP_ACCESS_DENIED") {
		t.Error(err)
	}
}
