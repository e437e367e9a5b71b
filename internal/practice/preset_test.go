package practice

import (
	"net/url"
	"strings"
	"testing"

	"example.com/sfconnect/internal/recipe"
)

// Each flow of a recipe works at once in an app that was preset from it.
func TestRecipePresetsTheFlow(t *testing.T) {
	client := func(w *world) got {
		return w.post(w.facts.MyDomainURL+tokenPath, url.Values{"grant_type": {grantClient}, "client_id": {w.facts.ConsumerKey}, "client_secret": {w.facts.ConsumerSecret}})
	}
	bearer := func(w *world) got { return w.bear(signedWith(w.T, fixedKey(), "RS256", w.claims())) }
	public := func(w *world) got {
		first := w.exchange(w.code(), "client_secret", "")
		if first.StatusCode != 200 {
			return first
		}
		return w.renew(w.tokens(first)["refresh_token"], "client_secret", "")
	}
	for _, c := range []struct {
		name  string
		r     recipe.Recipe
		set   map[string]string
		grant func(*world) got
		want  string // in the answer
	}{
		{"no flow, client", recipe.Recipe{}, nil, client, "Client credentials flow not enabled"},
		{"no flow, bearer", recipe.Recipe{}, nil, bearer, "invalid client credentials"},
		{"no flow, public", recipe.Recipe{}, nil, public, "invalid client credentials"},
		{"client", recipe.Recipe{Authorize: recipe.Authorize{Flow: "client-credentials"}}, nil, client, "{user}"},
		{"client as the second user", recipe.Recipe{Authorize: recipe.Authorize{Flow: "client-credentials"}, Policies: recipe.Policies{RunAs: "BEN@practice.example"}}, nil, client, "{other}"},
		{"client as a stranger", recipe.Recipe{Authorize: recipe.Authorize{Flow: "client-credentials"}, Policies: recipe.Policies{RunAs: "bot@acme.com"}}, nil, client, "{user}"},
		{"client as nobody yet", recipe.Recipe{Authorize: recipe.Authorize{Flow: "client-credentials"}, Policies: recipe.Policies{RunAs: "${run_as}"}}, nil, client, "{user}"},
		{"client, set otherwise", recipe.Recipe{Authorize: recipe.Authorize{Flow: "client-credentials"}}, map[string]string{"run_as": "none"}, client, "no client credentials user enabled"},
		{"client, user renamed", recipe.Recipe{Authorize: recipe.Authorize{Flow: "client-credentials"}}, map[string]string{"username": "eve@acme.com"}, client, "{user}"},
		{"client, box off", recipe.Recipe{Authorize: recipe.Authorize{Flow: "client-credentials"}, Switches: map[string]recipe.Switch{"client_credentials_flow": recipe.SwitchOff}}, nil, client, "Client credentials flow not enabled"},
		{"bearer", recipe.Recipe{Authorize: recipe.Authorize{Flow: "jwt-bearer"}}, nil, bearer, "{user}"},
		{"bearer, all users", recipe.Recipe{Authorize: recipe.Authorize{Flow: "jwt-bearer"}, Policies: recipe.Policies{PermittedUsers: "All users can self-authorize"}}, nil, bearer, "user hasn't approved this consumer"},
		{"bearer, set otherwise", recipe.Recipe{Authorize: recipe.Authorize{Flow: "jwt-bearer"}}, map[string]string{"user_preauthorized": "false"}, bearer, "user is not admin approved"},
		{"flow of an input", recipe.Recipe{Authorize: recipe.Authorize{Flow: "${flow}"}}, nil, bearer, "invalid client credentials"},
		{"public", recipe.Recipe{Authorize: recipe.Authorize{Flow: "web", Public: true}}, nil, public, "{user}"},
		{"public, boxes said", recipe.Recipe{Authorize: recipe.Authorize{Flow: "web", Public: true}, Switches: map[string]recipe.Switch{"secret_required_for_refresh": recipe.SwitchOn}}, nil, public, "invalid client credentials"},
	} {
		t.Run(c.name, func(t *testing.T) {
			preset := startWith(t, Options{Recipe: &c.r, Settings: c.set})
			adopted := start(t, nil)
			adopted.Org.Adopt(&c.r)
			for where, w := range map[string]*world{"New": preset, "Adopt": adopted} {
				if where == "Adopt" && c.set != nil {
					continue
				}
				other, _ := w.Org.userByName(w.facts.OtherUsername)
				want := strings.NewReplacer("{user}", "/"+w.facts.UserID+`"`, "{other}", "/"+other.id+`"`).Replace(c.want)
				if a := c.grant(w); !strings.Contains(a.text, want) {
					t.Errorf("%s: %d %s, want %s", where, a.StatusCode, a.text, want)
				}
			}
		})
	}
}

// A form has the box of the headless flow only where the org allows that flow.
func TestRecipePresetsTheOrgsSwitch(t *testing.T) {
	for s, want := range map[recipe.Switch]string{recipe.SwitchOn: "true", recipe.SwitchOff: "false"} {
		r := recipe.Recipe{Switches: map[string]recipe.Switch{"code_and_credentials_flow": s}}
		w := startWith(t, Options{Recipe: &r})
		if got := w.facts.Settings["org_code_and_credentials_flow"]; got != want || w.facts.Settings["code_and_credentials_flow"] != want {
			t.Errorf("%s: the org's switch is %s", s, got)
		}
	}
}

func TestSetupShowsTheFlows(t *testing.T) {
	bearer := recipe.Recipe{Authorize: recipe.Authorize{Flow: "jwt-bearer"}}
	client := recipe.Recipe{Authorize: recipe.Authorize{Flow: "client-credentials"}}
	on := func(label string) string { return `<span class="box on" role="img" aria-label="on">✓</span>` + label }
	for name, c := range map[string]struct {
		o          Options
		want, lack []string
	}{
		"neutral": {Options{}, []string{"All users can self-authorize", "<dt>Run As (Username)</dt><dd><div>–</div>"}, []string{"<dt>Certificate</dt>", on("Enable JWT Bearer Flow")}},
		"bearer": {Options{Recipe: &bearer}, []string{
			on("Enable JWT Bearer Flow"), "CN=Practice Integration,O=Practice Inc", "valid until 2027-11-22 09:30:00 UTC",
			"Admin approved users are pre-authorized", "<dt>Selected Profiles</dt><dd><div>Standard User, System Administrator</div>",
		}, nil},
		"bearer without": {Options{Recipe: &bearer, Settings: map[string]string{"certificate": "none", "user_preauthorized": "false"}},
			[]string{"none is uploaded", "<dt>Selected Profiles</dt><dd><div>–</div>"}, []string{"CN=Practice"}},
		"client": {Options{Recipe: &client}, []string{on("Enable Client Credentials Flow"), "<dt>Run As (Username)</dt><dd><div>ada@practice.example</div>"}, nil},
	} {
		w := startWith(t, c.o)
		page := w.get(w.facts.SetupURL).text
		for _, text := range c.want {
			if !strings.Contains(page, text) {
				t.Errorf("%s: Setup lacks %s", name, text)
			}
		}
		for _, text := range c.lack {
			if strings.Contains(page, text) {
				t.Errorf("%s: Setup has %s", name, text)
			}
		}
	}
}

// The app of every recipe, and of every variant, stands as the recipe asks.
func TestEveryRecipePresetsTheApp(t *testing.T) {
	all, err := recipe.All()
	if err != nil {
		t.Fatal(err)
	}
	words := map[recipe.Switch]string{recipe.SwitchOn: "true", recipe.SwitchOff: "false"}
	labels := map[string]string{
		"Relax IP restrictions": "relax", "Refresh token is valid until revoked": "valid_until_revoked",
		"All users may self-authorize": "all_users", "Admin approved users are pre-authorized": "admin_approved",
	}
	for _, whole := range all {
		variants := whole.Variants
		if variants == nil {
			variants = []recipe.Variant{{}}
		}
		for _, v := range variants {
			answers := map[string]string{recipe.VariantAnswer: v.ID}
			for _, in := range whole.Inputs {
				if in.Default == "" {
					answers[in.ID] = in.Example
				}
			}
			r := whole.Fill(answers)
			t.Run(r.ID+v.ID, func(t *testing.T) {
				w := startWith(t, Options{Recipe: &r})
				set := w.facts.Settings
				for id, s := range r.Switches {
					if want := words[s]; want != "" && set[id] != want {
						t.Errorf("%s is %s, want %s", id, set[id], want)
					}
				}
				if len(r.Scopes) > 0 && set["scopes"] != strings.Join(r.Scopes, " ") {
					t.Errorf("scopes are %s, want %v", set["scopes"], r.Scopes)
				}
				for _, line := range r.CallbackURLs {
					if !strings.Contains(" "+set["callbacks"]+" ", " "+line+" ") {
						t.Errorf("callbacks are %s, want %s among them", set["callbacks"], line)
					}
				}
				for id, label := range map[string]string{"permitted_users": r.Policies.PermittedUsers, "ip_relaxation": r.Policies.IPRelaxation, "refresh_token_policy": r.Policies.RefreshTokenPolicy} {
					if label != "" && set[id] != labels[label] {
						t.Errorf("%s is %s, want %s for %s", id, set[id], labels[label], label)
					}
				}
				page := w.get(w.facts.SetupURL).text
				for _, text := range []string{r.App.Name, r.App.APIName, r.App.ContactPhone} {
					if !strings.Contains(page, text) {
						t.Errorf("Setup lacks %q", text)
					}
				}
			})
		}
	}
}
