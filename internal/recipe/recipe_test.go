package recipe

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEmbeddedRecipesParse(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	list := List()
	for i, r := range all {
		if got := (Summary{r.ID, r.Title, r.Vendor, r.Summary, r.Authorize.Flow}); got != list[i] {
			t.Errorf("List says %+v, the file %+v", list[i], got)
		}
		if r.Text != text(r.ID) {
			t.Errorf("%s: Text is not the file", r.ID)
		}
		for _, in := range r.Inputs {
			if in.Default == "" && !in.Optional && in.When != "" {
				t.Errorf("%s: %s has no value when it is not asked", r.ID, in.ID)
			}
		}
	}
	if len(list) < 2 || list[len(list)-1].ID != Custom {
		t.Errorf("custom is not last: %v", list)
	}
}

func TestQuiliaSaysWhatItsSourceSays(t *testing.T) {
	r, err := Find("quilia")
	if err != nil {
		t.Fatal(err)
	}
	r = r.Fill(map[string]string{"contact_email": "ada@acme.com"})
	want := map[string]Switch{
		"client_credentials_flow": SwitchOff, "code_and_credentials_flow": SwitchOn, "device_flow": SwitchOff, "jwt_bearer_flow": SwitchOff,
		"token_exchange_flow": SwitchOff, "secret_required_for_web_server": SwitchOn, "secret_required_for_refresh": SwitchOn,
		"pkce_required": SwitchOn, "refresh_token_rotation": SwitchOff,
	}
	if d := cmp.Diff(want, r.Switches); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"id", "api", "refresh_token", "openid"}, r.Scopes); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"https://portal.quilia.com/api/integrations/salesforce/callback"}, r.CallbackURLs); d != "" {
		t.Error(d)
	}
	if r.App.ContactEmail != "ada@acme.com" || r.App.APIName != "Quilia_Integration" {
		t.Errorf("app: %+v", r.App)
	}
	if f := r.Handover[1]; !f.Secret || f.Value != "${consumer_secret}" {
		t.Errorf("a secret was filled or not marked: %+v", f)
	}
}

func TestCustomFillsListsAndDefaults(t *testing.T) {
	r, err := Find(Custom)
	if err != nil {
		t.Fatal(err)
	}
	f := r.Fill(map[string]string{"contact_email": "a@b.example", "callbacks": "https://a.example/x https://b.example/y", "pkce": "off"})
	if d := cmp.Diff([]string{"https://a.example/x", "https://b.example/y"}, f.CallbackURLs); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"api", "refresh_token"}, f.Scopes); d != "" {
		t.Error(d)
	}
	if f.Switches["pkce_required"] != SwitchOff || f.Switches["secret_required_for_refresh"] != SwitchOn || f.Switches["refresh_token_rotation"] != SwitchDefault {
		t.Errorf("switches: %v", f.Switches)
	}
	if none := r.Fill(nil); none.CallbackURLs != nil || none.HandoverAt != "" {
		t.Errorf("an empty answer leaves something: %v, %q", none.CallbackURLs, none.HandoverAt)
	}
	if r.Switches["pkce_required"] != "${pkce}" || r.CallbackURLs[0] != "${callbacks}" {
		t.Error("Fill changed the recipe it was called on")
	}
}

func TestFillChoosesTheFlow(t *testing.T) {
	r := Recipe{Authorize: Authorize{Flow: "${flow}"}, Inputs: []Input{{ID: "flow", Kind: KindChoice, Options: Flows(), Default: "paste"}}}
	for answer, want := range map[string]string{"jwt-bearer": "jwt-bearer", "": "paste"} {
		values := map[string]string{}
		if answer != "" {
			values["flow"] = answer
		}
		if got := r.Fill(values).Authorize.Flow; got != want {
			t.Errorf("%q: flow %s, want %s", answer, got, want)
		}
	}
	if r.Authorize.Flow != "${flow}" {
		t.Error("Fill changed the recipe it was called on")
	}
}

func TestFindUnknown(t *testing.T) {
	_, err := Find("nope\x1b[2J")
	if err == nil || strings.Contains(err.Error(), "\x1b") || !strings.Contains(err.Error(), "nope") {
		t.Errorf("got %v", err)
	}
}

func TestExpandDoesNotExpandAnswers(t *testing.T) {
	values := map[string]string{"x": "${y}", "y": "secret"}
	got := Expand("a ${x} ${y} ${q} ${z", func(n string) (string, bool) { v, ok := values[n]; return v, ok })
	if got != "a ${y} secret ${q} ${z" {
		t.Errorf("got %q", got)
	}
}

func TestScopeLabelsShareOneTick(t *testing.T) {
	got := ScopeLabels([]string{"id", "profile", "refresh_token", "offline_access", "my_own"})
	want := []string{"Access the identity URL service (id, profile, email, address, phone)", "Perform requests at any time (refresh_token, offline_access)", "my_own"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if slices.ContainsFunc(SwitchIDs(), func(id string) bool { return SwitchLabel(id) == "" }) {
		t.Error("a switch has no label")
	}
}
