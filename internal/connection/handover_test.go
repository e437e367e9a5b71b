package connection_test

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"maps"
	"os"
	"strings"
	"testing"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// vendor is a recipe that hands over all there is.
const vendor = `schema: 1
id: vendor
title: Vendor
source: {date: "2026-11-25"}
inputs:
  - {id: kind, label: Kind, kind: choice, options: [old, new], default: new}
  - {id: way, label: Way, kind: choice, options: [web, jwt-bearer], default: web}
app: {name: Vendor}
scopes: [api, refresh_token]
authorize: {flow: "${way}"}
handover_at: Vendor › ${org_name}
handover:
  - {label: Key, value: "${consumer_key}"}
  - {label: Secret, value: "${consumer_secret}", secret: true, where: as it is}
  - {label: Both, value: "${consumer_key}:${consumer_secret}", secret: true}
  - {label: Refresh, value: "${refresh_token}", secret: true}
  - {label: PEM, value: "${private_key}", secret: true}
  - {label: Base64, value: "${private_key_base64}", secret: true}
  - {label: Certificate, value: "${certificate}"}
  - {label: Org, value: "${org_name} is ${kind}"}
  - {label: Old, value: "${org_id}", when: kind=old}
  - {label: New, value: "${org_id}", when: kind=new}
`

// withVendor gives the profile p the recipe, and changes it in other ways.
func (b *bench) withVendor(t *testing.T, change func(*store.Profile)) {
	t.Helper()
	b.edit(t, func(p *store.Profile) {
		p.Recipe = store.RecipeRef{ID: "vendor", Source: vendor, Inputs: map[string]string{"kind": "new", "way": p.Flow}}
		if change != nil {
			change(p)
		}
	})
}

func (b *bench) edit(t *testing.T, change func(*store.Profile)) {
	t.Helper()
	err := b.machine().File.Update(t.Context(), func(set *store.Set) error {
		p := set.Profiles["p"]
		change(&p)
		set.Put("p", p)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (b *bench) profile(t *testing.T) store.Profile {
	t.Helper()
	set, err := b.machine().File.Load()
	if err != nil {
		t.Fatal(err)
	}
	return set.Profiles["p"]
}

func (b *bench) kept(t *testing.T, item store.Item) string {
	t.Helper()
	v, err := b.machine().Secrets.Get(t.Context(), b.profile(t).ID, item)
	if err != nil {
		t.Fatal(err)
	}
	return v.Reveal()
}

// values are what is handed over, by label: a text, a secret in brackets, or what is missing.
func values(h connection.Handover) map[string]string {
	out := map[string]string{}
	for _, v := range h.Values {
		switch {
		case v.Missing != "":
			out[v.Label] = "missing " + v.Missing
		case v.Secret:
			out[v.Label] = "[" + v.Hidden.Reveal() + "]"
		default:
			out[v.Label] = v.Text
		}
	}
	return out
}

func TestHandover(t *testing.T) {
	b := newBench(t, nil)
	b.signIn(t)
	b.withVendor(t, nil)
	h, err := b.machine().Handover(t.Context(), "p")
	if err != nil {
		t.Fatal(err)
	}
	facts := b.org.Facts()
	want := map[string]string{
		"Key": facts.ConsumerKey, "Secret": "[" + facts.ConsumerSecret + "]", "Both": "[" + facts.ConsumerKey + ":" + facts.ConsumerSecret + "]",
		"Refresh": "[" + b.kept(t, store.RefreshToken) + "]", "Org": "Practice Inc is new", "New": h.Profile.Org.ID,
	}
	if got := values(h); !maps.Equal(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
	if h.Recipe.HandoverAt != "Vendor › Practice Inc" || h.Values[1].Where != "as it is" {
		t.Errorf("at %q, %q", h.Recipe.HandoverAt, h.Values[1].Where)
	}
	if !h.Profile.HandedOver || !b.profile(t).HandedOver || !h.Gives("refresh_token") || h.Gives("private_key") {
		t.Errorf("handed over %v and %v", h.Profile.HandedOver, b.profile(t).HandedOver)
	}
	for _, v := range h.Values {
		if (v.Missing == "") != (v.Note() == "") {
			t.Errorf("%s: note %q", v.Label, v.Note())
		}
	}
}

// What an org calls itself is no template, and what is not there is told apart.
func TestHandoverOfWhatIsNotThere(t *testing.T) {
	b := newBench(t, nil)
	b.signIn(t)
	b.withVendor(t, func(p *store.Profile) { p.Org.Name = "${consumer_secret}" })
	m := b.machine()
	for _, item := range []store.Item{store.ConsumerSecret, store.RefreshToken} {
		if err := m.Secrets.Delete(t.Context(), b.profile(t).ID, item); err != nil {
			t.Fatal(err)
		}
	}
	h, err := m.Handover(t.Context(), "p")
	if err != nil {
		t.Fatal(err)
	}
	got := values(h)
	if got["Org"] != "${consumer_secret} is new" || got["Secret"] != "missing consumer_secret" || got["Both"] != "missing consumer_secret" || got["Refresh"] != "missing refresh_token" {
		t.Errorf("got %v", got)
	}
	b.edit(t, func(p *store.Profile) {
		p.Org.Name, p.HasConsumerSecret, p.HasRefreshToken, p.HandedOver = "", false, false, false
	})
	if h, err = m.Handover(t.Context(), "p"); err != nil {
		t.Fatal(err)
	}
	got = values(h)
	if _, there := got["Secret"]; there || got["Org"] != "missing org_name" || b.profile(t).HandedOver {
		t.Errorf("a public client without a refresh token: %v, handed over %v", got, b.profile(t).HandedOver)
	}
	b.edit(t, func(p *store.Profile) { p.Recipe = store.RecipeRef{} })
	if _, err := m.Handover(t.Context(), "p"); fault.From(err).Exit != fault.ExitUsage {
		t.Errorf("without a recipe: %v", err)
	}
	if _, err := m.Handover(t.Context(), "q"); fault.From(err).Code != fault.ProfileNotFound {
		t.Errorf("without a profile: %v", err)
	}
}

func TestHandoverOfAKey(t *testing.T) {
	b := newBench(t, nil)
	b.signIn(t)
	const key = "-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\n"
	jwt := func(p *store.Profile) {
		p.Flow, p.HasConsumerSecret, p.HasRefreshToken, p.JWT.Certificate = "jwt-bearer", false, false, "the certificate"
	}
	b.edit(t, jwt)
	b.withVendor(t, nil)
	m := b.machine()
	if err := errors.Join(m.Secrets.Set(t.Context(), b.profile(t).ID, store.PrivateKey, secret.New(key)), m.Secrets.Delete(t.Context(), b.profile(t).ID, store.ConsumerSecret)); err != nil {
		t.Fatal(err)
	}
	h, err := m.Handover(t.Context(), "p")
	if err != nil {
		t.Fatal(err)
	}
	got := values(h)
	if _, there := got["Refresh"]; there || got["PEM"] != "["+key+"]" || got["Base64"] != "["+base64.StdEncoding.EncodeToString([]byte(key))+"]" || got["Certificate"] != "the certificate" {
		t.Errorf("got %v", got)
	}
	// The app has one, which only the product may want.
	if got["Secret"] != "missing consumer_secret" || h.Values[1].Note() != "copy it from Salesforce, beside the Consumer Key" {
		t.Errorf("the Consumer Secret: %q, %q", got["Secret"], h.Values[1].Note())
	}
	if said := m.Redactor.Redact("it is " + base64.StdEncoding.EncodeToString([]byte(key))); strings.Contains(said, "LS0t") {
		t.Errorf("not redacted: %s", said)
	}
}

func TestResults(t *testing.T) {
	for _, c := range []struct{ login, instance, subdomain string }{
		{"https://login.salesforce.com", "https://acme.my.salesforce.com", "acme"},
		{"https://acme--dev.sandbox.my.salesforce.com", "https://acme--dev.sandbox.my.salesforce.com", "acme--dev.sandbox"},
		{"https://acme--dev.my.salesforce.com", "https://acme--dev.my.salesforce.com", "acme--dev"},
		{"https://test.salesforce.com", "https://flow-1.scratch.my.salesforce.com", "flow-1.scratch"},
		{"https://acme-dev-ed.develop.my.salesforce.com", "https://acme-dev-ed.develop.my.salesforce.com", "acme-dev-ed.develop"},
		{"https://acme.my.salesforce.mil", "https://acme.my.salesforce.mil", "acme"},
	} {
		got := connection.Results(store.Profile{LoginURL: c.login, ConsumerKey: "key", Org: store.Org{InstanceURL: c.instance}, Recipe: store.RecipeRef{Inputs: map[string]string{"tenant": "t"}}})
		host := strings.TrimPrefix(c.login, "https://")
		want := map[string]string{
			"login_url": c.login, "login_host": host, "token_url": c.login + "/services/oauth2/token", "authorize_url": c.login + "/services/oauth2/authorize",
			"instance_url": c.instance, "my_domain": strings.TrimPrefix(c.instance, "https://"), "subdomain": c.subdomain,
			"consumer_key": "key", "username": "", "org_id": "", "org_name": "", "certificate": "", "tenant": "t",
		}
		if !maps.Equal(got, want) {
			t.Errorf("got %v\nwant %v", got, want)
		}
		for _, name := range recipe.Results() {
			if _, there := got[name]; there == recipe.IsSecret(name) {
				t.Errorf("%s: filled in %v", name, there)
			}
		}
	}
	p := store.Profile{
		Org: store.Org{ID: "00D", Name: "Acme Inc"}, User: store.User{Username: "ada@acme.com"}, JWT: store.JWT{Certificate: "PEM"},
		Recipe: store.RecipeRef{Inputs: map[string]string{"tenant": "one"}},
	}
	got := connection.Results(p)
	if got["org_id"] != "00D" || got["org_name"] != "Acme Inc" || got["username"] != "ada@acme.com" || got["certificate"] != "PEM" || len(p.Recipe.Inputs) != 1 {
		t.Errorf("got %v, and the answers are now %v", got, p.Recipe.Inputs)
	}
}

// TestCredentialsOfTheRescued: the living token waits in the rescue place, and is the
// one that is given; what is not accepted is not marked.
func TestCredentialsOfTheRescued(t *testing.T) {
	b := newBench(t, map[string]string{"refresh_token_rotation": "true"})
	b.signIn(t)
	dead := b.kept(t, store.RefreshToken)
	broken := b.machine()
	broken.Secrets = store.NewSecrets(lying{b.keychain, "refuse"}, "linux", rand.Reader)
	s, err := broken.Open("p")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Token(t.Context(), 0, true); err == nil {
		t.Fatal("nothing waits in the rescue place")
	}
	no := errors.New("no")
	if _, err := b.machine().Credentials(t.Context(), "p", func(connection.Credentials) error { return no }); !errors.Is(err, no) || b.profile(t).HandedOver {
		t.Errorf("%v, handed over %v", err, b.profile(t).HandedOver)
	}
	seen := false
	c, err := b.machine().Credentials(t.Context(), "p", func(c connection.Credentials) error {
		seen = !b.profile(t).HandedOver && c.RefreshToken.Reveal() != ""
		return nil
	})
	if err != nil || !seen {
		t.Fatalf("%v, asked in time %v", err, seen)
	}
	if got := c.RefreshToken.Reveal(); got == dead || got != b.kept(t, store.RefreshToken) || b.org.Ledger().LiveRefreshTokens[0] == "" {
		t.Errorf("the token that is given is %.12s…", got)
	}
	if c.ConsumerSecret.Reveal() != b.org.Facts().ConsumerSecret || !c.Profile.HandedOver || !b.profile(t).HandedOver || !c.PrivateKey.Empty() {
		t.Errorf("%+v", c)
	}
	if err := b.machine().Secrets.Delete(t.Context(), b.profile(t).ID, store.ConsumerSecret); err != nil {
		t.Fatal(err)
	}
	if _, err := b.machine().Credentials(t.Context(), "p", func(connection.Credentials) error { return nil }); fault.From(err).Code != fault.StoreCorrupt {
		t.Errorf("without the secret: %v", err)
	}
}

// TestNothingIsGivenUnmarked: where it cannot be noted that the token leaves, it stays.
func TestNothingIsGivenUnmarked(t *testing.T) {
	b := newBench(t, nil)
	b.signIn(t)
	b.withVendor(t, nil)
	m := b.machine()
	if err := errors.Join(os.RemoveAll(m.File.Backup()), os.Mkdir(m.File.Backup(), 0o700)); err != nil { // what stands in the way of every write
		t.Fatal(err)
	}
	c, err := m.Credentials(t.Context(), "p", func(connection.Credentials) error { return nil })
	if err == nil || !c.RefreshToken.Empty() || !c.ConsumerSecret.Empty() {
		t.Errorf("credentials: %v", err)
	}
	if h, err := m.Handover(t.Context(), "p"); err == nil || len(h.Values) != 0 {
		t.Errorf("hand-over: %v, %d values", err, len(h.Values))
	}
}
