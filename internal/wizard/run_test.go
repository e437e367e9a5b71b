package wizard

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

func TestWholeSetUp(t *testing.T) {
	g := newRig(t, nil)
	ui, err := g.run(done(map[string][]any{
		"recipe":              {"quilia"},
		"input.contact_email": {rejected("nobody"), "ada@acme.com"},
		"login_url":           {rejected("https://evil.example"), asDefault{}},
		"oauth":               {ActionOpen},
		"consumer_key":        {rejected(g.secret()), asDefault{}},
		"consumer_secret":     {rejected(""), "Consumer Secret: " + g.secret() + "\n"},
		"confirm":             {"yes"},
		"hand_over":           {ActionDone},
		"clean_up":            {ActionDone},
	}))
	if err != nil {
		t.Fatal(err)
	}
	p, ok := g.saved()
	if !ok || p.Recipe.ID != "quilia" || p.Recipe.Inputs["contact_email"] != "ada@acme.com" || !strings.Contains(p.Recipe.Source, "portal.quilia.com") {
		t.Errorf("profile: %+v", p)
	}
	if len(p.WantedScopes) != 4 || !p.HasRefreshToken || !p.HasConsumerSecret {
		t.Errorf("profile: %+v", p)
	}
	give := ui.pages[len(ui.pages)-2]
	values := map[string]string{}
	for _, r := range give.Rows {
		values[r.Label] = r.Value + r.Secret.Reveal()
	}
	if values["Consumer Secret"] != g.secret() || values["Consumer Key"] != p.ConsumerKey || values["Login URL"] != p.LoginURL {
		t.Errorf("hand-over: %v", values)
	}
	if strings.Contains(fmt.Sprintf("%v %+v", give, give), g.secret()) || strings.Contains(ui.text.String(), g.secret()) {
		t.Error("the secret is printed")
	}
	if strings.Contains(g.files(), g.secret()) {
		t.Error("the secret is in a file")
	}
	if g.items() != 3 {
		t.Errorf("the store holds %d items, want secret, refresh and access token", g.items())
	}
	if left, _ := filepath.Glob(filepath.Join(g.dir, "state", "setup", "*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	for _, want := range []string{"registered", "Salesforce knows this key", "Connected as", "ok: scopes"} {
		if !strings.Contains(ui.text.String(), want) {
			t.Errorf("never said %q", want)
		}
	}
}

func TestBackAndForth(t *testing.T) {
	g := newRig(t, nil)
	back := ErrBack
	_, err := g.run(map[string][]any{
		"recipe":              {"custom", "quilia", asDefault{}},
		"input.app_name":      {back},
		"input.contact_email": {"ada@acme.com", back, asDefault{}},
		"login_url":           {back, asDefault{}, asDefault{}},
		"app_exists":          {back, "new", "new"},
		"app_manager":         {back, ActionDone},
		"basic_information":   {ActionDone},
		"oauth":               {ActionDone, ActionDone},
		"flow_enablement":     {back, ActionDone},
		"security":            {ActionDone},
		"policies":            {ActionDone},
		"key_and_secret":      {ActionDone, ActionDone},
		"consumer_key":        {back, asDefault{}, asDefault{}},
		"consumer_secret":     {back, g.secret()},
		"confirm":             {ErrLeave},
	})
	if !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
}

func TestWrongOrgIsRevokedAndSignedInAgain(t *testing.T) {
	g := newRig(t, nil)
	ui, err := g.run(done(map[string][]any{
		"recipe": {"quilia"}, "input.contact_email": {"ada@acme.com"}, "login_url": {asDefault{}},
		"consumer_key": {asDefault{}}, "consumer_secret": {g.secret()},
		"confirm": {"no", "yes"}, "hand_over": {ActionDone}, "clean_up": {ActionDone},
	}))
	if err != nil {
		t.Fatal(err)
	}
	var logins []string
	for _, u := range g.opened {
		if strings.Contains(u, "/services/oauth2/authorize") {
			logins = append(logins, u)
		}
	}
	if len(logins) != 2 || strings.Contains(logins[0], "prompt=") || !strings.Contains(logins[1], "prompt=login") {
		t.Errorf("opened %v", logins)
	}
	if l := g.org.Org.Ledger(); g.revokedGrants() != 1 || len(l.LiveRefreshTokens) != 1 {
		t.Errorf("revoked %d, live %d", g.revokedGrants(), len(l.LiveRefreshTokens))
	}
	if !strings.Contains(ui.text.String(), "Revoked and forgotten") {
		t.Error("it is not said")
	}
}

func TestCustomAsksWhatApplies(t *testing.T) {
	g := newRig(t, map[string]string{"callbacks": "https://acme.example/cb http://localhost:1717/OauthRedirect http://localhost:1718/OauthRedirect http://localhost:1719/OauthRedirect"})
	answers := done(map[string][]any{
		"recipe": {"custom"}, "input.app_name": {"Acme"}, "input.contact_email": {"ada@acme.com"}, "input.flow": {asDefault{}},
		"input.callbacks": {rejected("http://acme.example/cb"), "https://acme.example/cb"}, "input.scopes": {rejected("api, no-scope!"), asDefault{}},
		"input.flows": {asDefault{}}, "input.security": {"yes"}, "input.web_server_secret": {asDefault{}}, "input.refresh_secret": {asDefault{}},
		"input.pkce": {asDefault{}}, "input.rotation": {"off"}, "input.place": {"Acme › Settings"},
		"login_url": {asDefault{}}, "consumer_key": {asDefault{}}, "consumer_secret": {g.secret()}, "confirm": {"yes"},
		"audit_differs": {"accept"}, "hand_over": {ActionDone}, "clean_up": {ActionDone},
	})
	delete(answers, pagePolicies)
	ui, err := g.run(answers)
	if err != nil {
		t.Fatal(err)
	}
	if give := ui.pages[len(ui.pages)-2]; give.Path != "Acme › Settings" || len(give.Rows) != 3 {
		t.Errorf("hand-over: %+v", give)
	}
	if p, _ := g.saved(); strings.Join(p.WantedScopes, " ") != "api refresh_token" || p.Recipe.Inputs["device"] != "off" {
		t.Errorf("profile: %v %v", p.WantedScopes, p.Recipe.Inputs)
	}
}
