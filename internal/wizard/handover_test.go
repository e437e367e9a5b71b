package wizard

import (
	"encoding/base64"
	"os"
	"strings"
	"testing"
	"time"

	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/store"
)

const signedRecipe = `schema: 1
id: signed
title: Signed
app:
  name: Signed
callback_urls: [https://signed.example/cb]
scopes: [api]
switches:
  jwt_bearer_flow: on
  pkce_required: off
authorize:
  flow: jwt-bearer
handover:
  - label: Certificate
    value: ${certificate}
  - label: Key
    value: ${private_key_base64}
    secret: true
  - label: Secret
    value: ${consumer_secret}
    where: for the form alone
    secret: true
  - label: Host
    value: ${login_host}
`

// A product may want what the flow itself does without: the certificate, the key in
// one line, and a secret that nobody entered here.
func TestHandOverOfACertificate(t *testing.T) {
	g := newRig(t, nil)
	g.clock = time.Now() // the library signs with the real one
	r, err := recipe.Parse("signed.yaml", []byte(signedRecipe))
	if err != nil {
		t.Fatal(err)
	}
	ui := newScript(t, done(map[string][]any{
		"login_url": {asDefault{}}, "certificate_days": {asDefault{}}, "certificate_file": {asDefault{}}, "username": {g.org.Org.Facts().Username},
		"consumer_key": {asDefault{}}, "confirm": {"yes"}, "hand_over": {ActionDone},
	}))
	s := g.setup(ui)
	s.Folder, s.RecipeID = g.dir, r.ID
	s.Recipes = func() ([]recipe.Recipe, error) { return []recipe.Recipe{r}, nil }
	s.Chosen = func(r recipe.Recipe) { g.org.Org.Adopt(&r) }
	s.Uploaded = func(c []byte) error { return g.org.Org.Set("certificate", string(c)) }
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	p, _ := g.saved()
	uploaded, err := os.ReadFile(s.p.Certificate)
	if err != nil || p.JWT.Certificate != string(uploaded) {
		t.Errorf("the profile keeps another certificate than the file, %v", err)
	}
	rows := map[string]Row{}
	for _, row := range ui.pages[len(ui.pages)-1].Rows {
		rows[row.Label] = row
	}
	if got := strings.Join(rows["Certificate"].Values, "\n"); got != strings.TrimSpace(string(uploaded)) || rows["Certificate"].Value != "" {
		t.Errorf("certificate: %+v", rows["Certificate"])
	}
	key, err := g.machine.Secrets.Get(t.Context(), p.ID, store.PrivateKey)
	decoded, wrong := base64.StdEncoding.DecodeString(rows["Key"].Secret.Reveal())
	if err != nil || wrong != nil || string(decoded) != key.Reveal() {
		t.Errorf("the key in one line is not the key: %v, %v", err, wrong)
	}
	if hidden := s.Machine.Redactor.Redact(rows["Key"].Secret.Reveal()); hidden == rows["Key"].Secret.Reveal() {
		t.Error("the key in one line could come into an error")
	}
	if row := rows["Secret"]; !row.Secret.Empty() || row.Note != "for the form alone; copy it from Salesforce, beside the Consumer Key" {
		t.Errorf("secret: %+v", row)
	}
	if rows["Host"].Value == "" || strings.Contains(rows["Host"].Value, "/") {
		t.Errorf("host: %+v", rows["Host"])
	}

	g.edit(func(p *store.Profile) { p.JWT.Certificate = "" })
	given, err := g.machine.Handover(t.Context(), "default")
	if err != nil {
		t.Fatal(err)
	}
	if row := s.handOverPage(given).Rows[0]; row.Note != "not kept; it is the file that was uploaded in the app" {
		t.Errorf("an unknown certificate: %+v", row)
	}
}
