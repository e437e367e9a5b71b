package connection_test

import (
	"slices"
	"testing"
	"time"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/store"
)

func TestWords(t *testing.T) {
	for in, want := range map[string]struct{ any, posix string }{
		"acme": {"acme", "acme"}, "ada@acme.com": {"ada@acme.com", "ada@acme.com"}, "5Aep==": {"5Aep==", "5Aep=="},
		"a b": {`"a b"`, "'a b'"}, "": {`""`, "''"}, "it's": {`"it's"`, `'it'\''s'`}, "=acme": {`"=acme"`, "'=acme'"}, "@acme": {`"@acme"`, "'@acme'"},
		"a,b": {`"a,b"`, "'a,b'"}, "a&b%c": {`"a&b%c"`, "'a&b%c'"}, "größe": {`"größe"`, "'größe'"},
		`C:\a b\c`: {`"C:\a b\c"`, `'C:\a b\c'`}, `\\host\c`: {`"\\host\c"`, `'\\host\c'`},
		`a\\b`: {`'a\\b'`, `'a\\b'`}, `a b\`: {`'a b\'`, `'a b\'`},
		"$HOME": {"'$HOME'", "'$HOME'"}, "a`b`": {"'a`b`'", "'a`b`'"}, "hi!": {"'hi!'", "'hi!'"}, `say "a"`: {`'say "a"'`, `'say "a"'`},
	} {
		if got := connection.ShellWord(in); got != want.any {
			t.Errorf("ShellWord(%q) = %s, want %s", in, got, want.any)
		}
		if got := connection.POSIXWord(in); got != want.posix {
			t.Errorf("POSIXWord(%q) = %s, want %s", in, got, want.posix)
		}
	}
	for in, want := range map[time.Duration]string{
		5 * time.Minute: "5 minutes", time.Minute: "1 minute", 90 * time.Second: "1m30s", 30 * time.Second: "30 seconds", 200 * time.Millisecond: "200ms", 2 * time.Hour: "120 minutes",
	} {
		if got := connection.Spoken(in); got != want {
			t.Errorf("Spoken(%v) = %s, want %s", in, got, want)
		}
	}
}

func TestOrgKind(t *testing.T) {
	for _, tt := range []struct {
		instance string
		sandbox  bool
		want     string
	}{
		{"https://acme.my.salesforce.com", false, "production"},
		{"https://acme.my.salesforce.com", true, "sandbox"},
		{"https://acme--uat.sandbox.my.salesforce.com", true, "sandbox"},
		{"https://acme-1.scratch.my.salesforce.com", true, "scratch org"},
		{"https://acme-dev-ed.develop.my.salesforce.com", false, "developer edition"},
		{"http://127.0.0.1:1234", false, "practice org"},
		{"https://login.acme.example", false, "production"},
		{"", true, "sandbox"},
	} {
		if got := connection.OrgKind(store.Org{InstanceURL: tt.instance, IsSandbox: tt.sandbox}); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.instance, got, tt.want)
		}
	}
}

func TestPerson(t *testing.T) {
	for _, c := range []struct {
		user store.User
		want string
	}{
		{store.User{ID: "005", Username: "ada@acme.com", DisplayName: "Ada Admin"}, "Ada Admin <ada@acme.com>"},
		{store.User{ID: "005", Username: "ada@acme.com"}, "ada@acme.com"},
		{store.User{ID: "005"}, "005"},
	} {
		if got := connection.Person(c.user); got != c.want {
			t.Errorf("Person(%+v) = %q, want %q", c.user, got, c.want)
		}
	}
}

// A recipe may name every flow that there is, and no other.
func TestRecipesKnowTheFlows(t *testing.T) {
	var names []string
	for _, f := range connection.Flows() {
		names = append(names, string(f))
	}
	if got := recipe.Flows(); !slices.Equal(got, names) {
		t.Errorf("recipes know %v, connections %v", got, names)
	}
}
