package practice

import (
	"net/url"
	"strings"
	"testing"
)

// Each flow is refused while its switch is off, in each of the wordings; a wrong
// key and a wrong secret are told apart from that, which is what makes a control
// probe possible.
func TestFlowsThatAreOff(t *testing.T) {
	for wording, want := range map[string][2]string{
		"unsupported": {"unsupported_grant_type", "grant type not supported"}, "not_enabled": {"invalid_grant", "{flow} is not enabled for the app"},
		"invalid_request": {"invalid_request", "{flow} is not enabled for this app"},
	} {
		w := start(t, map[string]string{"flow_off": wording})
		for flow, ask := range map[string]func(changes ...string) got{
			"device flow": w.device, "token exchange flow": w.swap,
		} {
			w.refused(ask(), want[0], strings.ReplaceAll(want[1], "{flow}", flow))
			w.refused(ask("client_secret", "wrong"), "invalid_client", "invalid client credentials")
			w.refused(ask("client_id", "3MVG9other"), "invalid_client_id", "client identifier invalid")
		}
		w.refused(w.poll("x"), want[0], strings.ReplaceAll(want[1], "{flow}", "device flow"))
	}
}

// swap asks for a token exchange.
func (w *world) swap(changes ...string) got {
	w.Helper()
	v := url.Values{
		"grant_type": {grantExchange}, "client_id": {w.facts.ConsumerKey}, "client_secret": {w.facts.ConsumerSecret},
		"subject_token": {"practice:" + w.facts.Username}, "subject_token_type": {"urn:ietf:params:oauth:token-type:access_token"},
	}
	change(v, changes)
	return w.post(w.facts.MyDomainURL+tokenPath, v)
}

func TestTokenExchange(t *testing.T) {
	on := func(more ...string) map[string]string {
		m := map[string]string{"token_exchange_flow": "true", "token_exchange_handler": "true"}
		for i := 0; i < len(more); i += 2 {
			m[more[i]] = more[i+1]
		}
		return m
	}
	for _, c := range []struct {
		name              string
		set               map[string]string
		changes           []string
		code, description string
	}{
		{"policies half off", on("token_exchange_policy", "false"), nil, "unsupported_grant_type", "grant type not supported"},
		{"no handler", on("token_exchange_handler", "false"), nil, "invalid_request", "no token exchange handler is enabled for this app"},
		{"no subject", on(), []string{"subject_token", ""}, "invalid_request", "subject_token or subject_token_type is missing or invalid"},
		{"no such kind", on(), []string{"subject_token_type", "urn:x"}, "invalid_request", "subject_token or subject_token_type is missing or invalid"},
		{"foreign token", on(), []string{"subject_token", "eyJx"}, "invalid_grant", "invalid subject token"},
		{"stranger", on(), []string{"subject_token", "practice:eve@acme.example"}, "invalid_grant", "invalid subject token"},
		{"more scopes", on(), []string{"scope", "web"}, "invalid_scope", "the requested scope is invalid, unknown, or malformed"},
		{"not permitted", on("permitted_users", "admin_approved"), nil, "invalid_app_access", "user is not admin approved to access this app"},
		{"secret needed", on("secret_required_for_token_exchange", "true"), []string{"client_secret", ""}, "invalid_client", "invalid client credentials"},
		{"secret needed, bogus subject", on("secret_required_for_token_exchange", "true"), []string{"client_secret", "", "subject_token", "x"}, "invalid_client", "invalid client credentials"},
		{"secret not needed, but wrong", on(), []string{"client_secret", "x"}, "invalid_client", "invalid client credentials"},
		{"secret not needed", on(), []string{"client_secret", ""}, "", ""},
		{"secret sent", on("secret_required_for_token_exchange", "true"), nil, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := start(t, c.set)
			a := w.swap(c.changes...)
			if c.code != "" {
				w.refused(a, c.code, c.description)
				return
			}
			if m := w.tokens(a); m["scope"] != "id api openid" || m["refresh_token"] != "" || w.Org.Ledger().Tokens[0].How != grantExchange {
				t.Error(m)
			}
		})
	}
}
