package check_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/sfconnect/internal/check"
	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/practice"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// direct hands requests to an org without a network, after a pause.
type direct struct {
	org   *practice.Org
	pause func()
}

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(cmpBody(r.Body))
	if err != nil {
		return nil, err
	}
	d.pause()
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	asked := r.Clone(r.Context())
	asked.Body, asked.Host, asked.RequestURI = io.NopCloser(bytes.NewReader(body)), r.URL.Host, r.URL.RequestURI()
	answer := httptest.NewRecorder()
	d.org.Handler().ServeHTTP(answer, asked)
	return answer.Result(), nil
}

func cmpBody(body io.ReadCloser) io.Reader {
	if body == nil {
		return http.NoBody
	}
	return body
}

const ourCallback = "http://localhost:1717/OauthRedirect"

// rig is a practice org and a saved connection to its app.
type rig struct {
	org     *practice.Org
	machine *connection.Machine
	values  map[string]string // the admin's answers
}

// answers fills in every input of a recipe, as an admin would.
func answers(r recipe.Recipe) map[string]string {
	out := map[string]string{}
	for _, in := range r.Inputs {
		switch {
		case !recipe.Asked(in, out):
			out[in.ID] = in.Default
		case in.Default != "":
			out[in.ID] = in.Default
		case in.Kind == recipe.KindEmail:
			out[in.ID] = "ada@practice.example"
		case in.Kind == recipe.KindURL:
			out[in.ID] = "https://vendor.example/x"
		case in.Kind == recipe.KindURLs:
			out[in.ID] = "https://vendor.example/callback"
		case in.Kind == recipe.KindScopes:
			out[in.ID] = "api refresh_token"
		case len(in.Options) > 0:
			out[in.ID] = in.Options[0]
		case in.Kind == recipe.KindPhone:
			out[in.ID] = "+44 20 7946 0000"
		case in.Example != "":
			out[in.ID] = in.Example
		default:
			out[in.ID] = "acme"
		}
		if r.Policies.RunAs == "${"+in.ID+"}" {
			out[in.ID] = "ada@practice.example"
		}
	}
	return out
}

// newRig sets an org up as r asks and saves a connection to it, in the state in which
// a sign-in leaves it.
func newRig(t *testing.T, c subject, settings map[string]string) *rig {
	t.Helper()
	r, variant := c.recipe, c.variant
	g := &rig{values: answers(r)}
	filled := r.Fill(g.values)
	if variant != "" {
		g.values[recipe.VariantAnswer] = variant
	}
	org, err := practice.New(practice.Options{Recipe: &filled, Settings: settings, Now: time.Now, Rand: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	g.org = org
	dir := t.TempDir()
	g.machine = &connection.Machine{
		HTTP: &http.Client{Transport: direct{org, func() {}}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		File: store.NewFile(dir, dir), Secrets: store.NewSecrets(store.NewMemory(), "linux", rand.Reader),
		Now: time.Now, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }, Rand: rand.Reader, Redactor: &secret.Redactor{},
	}
	g.signIn(t, r, filled)
	return g
}

func (g *rig) signIn(t *testing.T, r, filled recipe.Recipe) {
	t.Helper()
	facts := g.org.Facts()
	login, err := salesforce.ParseLoginURL(facts.MyDomainURL, salesforce.LoginOptions{})
	if err != nil {
		t.Fatal(err)
	}
	ref := store.RecipeRef{ID: r.ID, Source: r.Text, Inputs: g.values}
	flow := connection.Flow(filled.Authorize.Flow)
	if flow.NeedsNobody() {
		request := connection.LoginRequest{Profile: "p", Flow: flow, Login: login, ConsumerKey: facts.ConsumerKey, Recipe: ref, WantedScopes: filled.Scopes}
		if flow == connection.FlowClientCredentials {
			request.ConsumerSecret = secret.New(facts.ConsumerSecret)
		} else {
			request.JWT, request.PrivateKey = store.JWT{Username: facts.Username}, secret.New(facts.PrivateKey)
		}
		if _, err := g.machine.Login(t.Context(), request); err != nil {
			t.Fatal(err)
		}
		return
	}
	p := store.Profile{
		ID: "0123456789abcdef0123456789abcdef", LoginURL: login.String(), ConsumerKey: facts.ConsumerKey, Flow: "web", StoredIn: g.machine.Secrets.Name(),
		CallbackURL: ourCallback, Org: store.Org{ID: facts.OrgID, InstanceURL: facts.InstanceURL}, User: store.User{ID: facts.UserID, Username: facts.Username},
		IdentityURL: facts.LoginURL + "/id/" + facts.OrgID + "/" + facts.UserID, Scopes: facts.Scopes, WantedScopes: filled.Scopes,
		HasRefreshToken: slices.Contains(facts.Scopes, "refresh_token"), HasConsumerSecret: !filled.Authorize.Public, Recipe: ref,
	}
	keep := map[store.Item]string{store.ConsumerSecret: facts.ConsumerSecret}
	if filled.Authorize.Public {
		delete(keep, store.ConsumerSecret)
	}
	if p.HasRefreshToken {
		keep[store.RefreshToken] = g.org.IssueRefreshToken()
	}
	for item, value := range keep {
		if err := g.machine.Secrets.Set(t.Context(), p.ID, item, secret.New(value)); err != nil {
			t.Fatal(err)
		}
	}
	err = g.machine.File.Update(t.Context(), func(set *store.Set) error {
		set.Put("p", p)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := g.machine.Open("p")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Token(t.Context(), 0, true); err != nil {
		t.Fatal(err)
	}
	err = g.machine.File.Update(t.Context(), func(set *store.Set) error { // what that refresh has shown is not known after a sign-in
		p := set.Profiles["p"]
		p.Rotation = store.RotationUnknown
		set.Put("p", p)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (g *rig) audit(t *testing.T, change func(*check.Audit)) check.Audited {
	t.Helper()
	a := check.Audit{Machine: g.machine, Profile: "p"}
	if change != nil {
		change(&a)
	}
	r, err := a.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// failed names the findings that failed.
func failed(r check.Audited) []string {
	var out []string
	for _, f := range r.Findings {
		if f.Status == check.Fail {
			out = append(out, f.Name)
		}
	}
	return out
}

func finding(t *testing.T, r check.Audited, name string) check.Finding {
	t.Helper()
	i := slices.IndexFunc(r.Findings, func(f check.Finding) bool { return f.Name == name || strings.HasPrefix(f.Name, name+":") })
	if i < 0 {
		t.Fatalf("there is no finding %s", name)
	}
	return r.Findings[i]
}

// forgetAccess takes the saved access token away, as after its session's end.
func (g *rig) forgetAccess(t *testing.T) {
	t.Helper()
	s, err := g.machine.Open("p")
	if err != nil {
		t.Fatal(err)
	}
	if err := g.machine.Secrets.Delete(t.Context(), s.Profile().ID, store.AccessToken); err != nil {
		t.Fatal(err)
	}
}
