package wizard

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/store"
)

// flowAnswers goes through the custom recipe with a flow; more are the answers that
// this flow asks for.
func flowAnswers(g *rig, flow string, more map[string][]any) map[string][]any {
	answers := done(map[string][]any{
		"recipe": {"custom"}, "input.app_name": {"Acme"}, "input.contact_email": {"ada@acme.com"}, "input.flow": {flow},
		"input.scopes": {asDefault{}}, "input.flows": {asDefault{}}, "input.place": {asDefault{}},
		"login_url": {asDefault{}}, "consumer_key": {asDefault{}}, "consumer_secret": {g.secret()}, "confirm": {"yes"}, "hand_over": {ActionDone},
	})
	if flow == "web" || flow == "paste" {
		answers["input.callbacks"], answers["input.security"] = []any{asDefault{}}, []any{asDefault{}}
	}
	maps.Copy(answers, more)
	return answers
}

func (g *rig) runFlow(answers map[string][]any) (*script, *Setup, error) {
	g.t.Helper()
	ui := newScript(g.t, answers)
	s := g.setup(ui)
	s.Folder = g.dir
	s.Chosen = func(r recipe.Recipe) { g.org.Org.Adopt(&r) }
	s.Uploaded = func(c []byte) error { return g.org.Org.Set("certificate", string(c)) }
	return ui, s, s.Run(g.t.Context())
}

func (s *script) pageText(id string) string {
	var all strings.Builder
	for _, p := range s.pages {
		if p.ID == id {
			fmt.Fprintf(&all, "%+v", p)
		}
	}
	return all.String()
}

func TestClientCredentialsSetUp(t *testing.T) {
	g := newRig(t, nil)
	ui, _, err := g.runFlow(flowAnswers(g, "client-credentials", map[string][]any{"input.acts_as": {g.org.Org.Facts().Username}}))
	if err != nil {
		t.Fatal(err)
	}
	p, _ := g.saved()
	if p.Flow != "client-credentials" || p.User.Username != g.org.Org.Facts().Username || p.HasRefreshToken || len(p.WantedScopes) != 1 {
		t.Errorf("profile %+v", p)
	}
	if page := ui.pageText(pageFlows); !strings.Contains(page, "Enable Client Credentials Flow") || !strings.Contains(page, "Click OK") {
		t.Errorf("flows page: %s", page)
	}
	if page := ui.pageText(pagePolicies); !strings.Contains(page, "Run As") || !strings.Contains(page, p.User.Username) {
		t.Errorf("policies page: %s", page)
	}
	if page := ui.pageText(pageOAuth); strings.Contains(page, "localhost:1717") || strings.Contains(page, "Why localhost") {
		t.Errorf("our callback lines are asked for: %s", page)
	}
	if page := ui.pageText(pageHandOver); strings.Contains(page, "Private key") || !strings.Contains(page, "Consumer Secret") || strings.Contains(page, "Username") {
		t.Errorf("hand-over: %s", page)
	}
	if l := g.org.Org.Ledger(); l.TokensByGrant["client_credentials"] < 2 || len(g.opened) != 0 {
		t.Errorf("asked for %v, opened %v", l.TokensByGrant, g.opened)
	}
}

func TestAnotherRunAsIsPointedOut(t *testing.T) {
	for named, differs := range map[string]bool{"": false, "BEN@practice.example": true, "ada@practice.example": false} {
		g := newRig(t, nil)
		facts := g.org.Org.Facts()
		if named != "" {
			_, domain, _ := strings.Cut(facts.Username, "@")
			name, _, _ := strings.Cut(named, "@")
			named = name + "@" + domain
		}
		more := map[string][]any{"input.acts_as": {named}}
		if differs {
			more["audit_differs"] = []any{"accept"}
		}
		ui := newScript(t, flowAnswers(g, "client-credentials", more))
		s := g.setup(ui)
		s.Chosen = func(r recipe.Recipe) {
			r.Policies.RunAs = facts.Username
			g.org.Org.Adopt(&r)
		}
		if err := s.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if said := strings.Contains(ui.text.String(), "You named "+named+" as Run As, and Salesforce answers as "+facts.Username); said != differs {
			t.Errorf("%q: said %v", named, said)
		}
	}
}

func TestClientCredentialsNeedMyDomain(t *testing.T) {
	g := newRig(t, nil)
	answers := flowAnswers(g, "client-credentials", map[string][]any{"input.acts_as": {""}, "login_url": {rejected("https://login.salesforce.com"), ErrLeave}})
	for _, later := range []string{"consumer_key", "consumer_secret", "confirm", "hand_over", partExists, pageAppManager, pageBasic, pageOAuth, pageFlows, pageSecurity, pagePolicies, pageKey} {
		delete(answers, later)
	}
	ui, _, err := g.runFlow(answers)
	if err != ErrLeave {
		t.Error(err)
	}
	if said := ui.text.String(); !strings.Contains(said, "Acme needs your own My Domain address") || strings.Contains(said, "login.salesforce.com works too") {
		t.Errorf("the address: %s", said)
	}
}

func TestProductIsCalledByItsName(t *testing.T) {
	for typed, want := range map[string]string{"Acme": "Acme", "My Integration": "the product"} {
		g := newRig(t, nil)
		ui, _, err := g.runFlow(flowAnswers(g, "client-credentials", map[string][]any{"input.app_name": {typed}, "input.acts_as": {g.org.Org.Facts().Username}}))
		if err != nil {
			t.Fatal(err)
		}
		if page := ui.pages[len(ui.pages)-1]; page.Path != "The set-up page of "+want {
			t.Errorf("%s: the last page is %q", typed, page.Path)
		}
		ui, err = g.run(map[string][]any{"finished": {ErrLeave}})
		if !errors.Is(err, ErrLeave) || !strings.Contains(ui.text.String(), "Integration   "+typed) {
			t.Errorf("%v: %s", err, ui.text.String())
		}
	}
}

func TestJWTBearerSetUp(t *testing.T) {
	g := newRig(t, nil)
	g.clock = time.Now() // the library signs with the real one
	name := g.org.Org.Facts().Username
	ui, s, err := g.runFlow(flowAnswers(g, "jwt-bearer", map[string][]any{
		"input.acts_as": {""}, "username": {rejected("ada"), name}, "consumer_secret": nil,
		"certificate_days": {rejected("0"), rejected("ten"), "20"}, "certificate_file": {rejected(filepath.Join(g.dir, "no", "x.crt")), asDefault{}},
	}))
	if err != nil {
		t.Fatal(err)
	}
	p, _ := g.saved()
	if p.Flow != "jwt-bearer" || p.JWT.Username != name || p.JWT.Audience != p.LoginURL || p.HasConsumerSecret || p.HasRefreshToken {
		t.Errorf("profile %+v", p)
	}
	file := filepath.Join(g.dir, "sfconnect-default.crt")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil || !certificate.NotAfter.Equal(p.JWT.CertificateEnds) {
		t.Errorf("certificate ends %v, the profile says %v, %v", certificate.NotAfter, p.JWT.CertificateEnds, err)
	}
	if page := ui.pageText(pageFlows); !strings.Contains(page, file) {
		t.Errorf("the file to upload is not named: %s", page)
	}
	if page := ui.pageText(pagePolicies); !strings.Contains(page, "Admin approved") || !strings.Contains(page, name) || !strings.Contains(page, "profile or a permission set") {
		t.Errorf("nobody is pre-approved: %s", page)
	}
	if said := ui.text.String(); !strings.Contains(said, "the certificate of the app ends on") {
		t.Error("the test does not warn of a certificate that ends in 20 days")
	}
	key, err := g.machine.Secrets.Get(t.Context(), p.ID, store.PrivateKey)
	if err != nil || strings.Contains(g.files(), strings.Split(key.Reveal(), "\n")[1]) {
		t.Errorf("the private key: %v, or it is in a file", err)
	}
	if left, err := g.machine.Draft(t.Context(), s.p.DraftID, store.PrivateKey); err != nil || !left.Empty() {
		t.Errorf("the draft of the key stays: %v", err)
	}
	rows := map[string]Row{}
	for _, row := range ui.pages[len(ui.pages)-1].Rows {
		rows[row.Label] = row
	}
	if _, there := rows["Consumer Secret"]; there || rows["Username"].Value != name || !rows["Private key (PEM)"].Secret.Equal(key) {
		t.Errorf("handed over: %+v", rows)
	}
	if l := g.org.Org.Ledger(); len(g.opened) != 0 || l.TokensByGrant["urn:ietf:params:oauth:grant-type:jwt-bearer"] < 2 {
		t.Errorf("opened %v, asked for %v", g.opened, l.TokensByGrant)
	}
}

// TestCertificateThatWasNotUploaded: the way out is a new one, uploaded this time.
func TestCertificateThatWasNotUploaded(t *testing.T) {
	g := newRig(t, nil)
	g.clock = time.Now() // the library signs with the real one
	answers := flowAnswers(g, "jwt-bearer", map[string][]any{
		"input.acts_as": {g.org.Org.Facts().Username}, "consumer_secret": nil,
		"certificate_days": {asDefault{}, asDefault{}}, "certificate_file": {asDefault{}, asDefault{}},
		"sign_in_failed": {"certificate"},
		pageFlows:        {ActionDone, ActionDone}, pageSecurity: {ActionDone, ActionDone}, pagePolicies: {ActionDone, ActionDone}, pageKey: {ActionDone, ActionDone},
	})
	ui := newScript(t, answers)
	s := g.setup(ui)
	s.Folder = g.dir
	s.Chosen = func(r recipe.Recipe) { g.org.Org.Adopt(&r) }
	forgotten := true
	s.Uploaded = func(c []byte) error {
		if forgotten {
			forgotten = false
			return nil
		}
		return g.org.Org.Set("certificate", string(c))
	}
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, c := range ui.choices {
		if c.ID != "sign_in_failed" {
			continue
		}
		var labels []string
		for _, o := range c.Options {
			labels = append(labels, o.Label)
		}
		if got := strings.Join(labels, ", "); got != "Try again, Make a new certificate, Enter another user name, Enter the Consumer Key again" {
			t.Errorf("offered: %s", got)
		}
	}
	if said := ui.text.String(); !strings.Contains(said, "The certificate to upload in the app is "+filepath.Join(g.dir, "sfconnect-default.crt")) {
		t.Error("the file is not named after the failure")
	}
}

func TestPasteSetUp(t *testing.T) {
	g := newRig(t, nil)
	paste := pastes(func(address string) []string {
		landed, err := g.visitor.Address(t.Context(), address)
		if err != nil {
			t.Error(err)
		}
		u, _ := url.Parse(landed)
		other := *u
		q := u.Query()
		q.Set("state", "another")
		other.RawQuery = q.Encode()
		return []string{"hello", other.String(), landed}
	})
	g.machine.OpenBrowser = nil
	answers := flowAnswers(g, "paste", map[string][]any{"sign_in": {paste}})
	delete(answers, pagePolicies)
	ui := newScript(t, answers)
	s := g.setup(ui)
	s.NoBrowser = true
	s.Chosen = func(r recipe.Recipe) {
		r.CallbackURLs = append(r.CallbackURLs, g.org.Org.Facts().MyDomainURL+"/services/oauth2/success")
		g.org.Org.Adopt(&r)
	}
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	p, _ := g.saved()
	if p.Flow != "paste" || !p.HasRefreshToken || !strings.HasSuffix(p.CallbackURL, "/services/oauth2/success") {
		t.Errorf("profile %+v", p)
	}
	if said := ui.text.String(); !strings.Contains(said, "another sign-in") || !strings.Contains(said, "no address") {
		t.Errorf("wrong pastes are not explained: %s", said)
	}
	if g.boundPorts() != 0 {
		t.Error("a port is listened on")
	}
}
