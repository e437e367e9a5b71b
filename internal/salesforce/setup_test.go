package salesforce

import (
	"strings"
	"testing"

	"example.com/sfconnect/internal/fault"
)

func login(t *testing.T, raw string, trust bool) LoginURL {
	t.Helper()
	l, err := ParseLoginURL(raw, LoginOptions{TrustHost: trust})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestSetupURL(t *testing.T) {
	const page = PageExternalClientApps
	const path = "/lightning/setup/ManageExternalClientApplication/home"
	for _, c := range []struct{ in, want string }{
		{"https://acme.my.salesforce.com", "https://acme.lightning.force.com" + path},
		{"https://acme--uat.sandbox.my.salesforce.com", "https://acme--uat.sandbox.lightning.force.com" + path},
		{"https://acme--uat.cs12.my.salesforce.com", "https://acme--uat.lightning.force.com" + path},
		{"https://navy.my.salesforce.mil", "https://navy.lightning.crmforce.mil" + path},
		{"https://acme.my.sfcrmproducts.cn", "https://acme.lightning.sfcrmapps.cn" + path},
		{"https://acme.my-salesforce.com", "https://acme.my-lightning.com" + path},
		{"https://login.salesforce.com", ""},
		{"https://acme.my.site.com", ""},
		{"https://sf.corp.example", ""},
		{"http://localhost:4000", "http://localhost:4000" + path},
		{"http://[::1]:4000", "http://[::1]:4000" + path},
	} {
		if got := login(t, c.in, true).SetupURL(page); got != c.want {
			t.Errorf("%s gave %s, want %s", c.in, got, c.want)
		}
		if got := SetupURLFor(c.in, page); got != c.want {
			t.Errorf("instance %s gave %s, want %s", c.in, got, c.want)
		}
	}
	for _, in := range []string{"", "http://acme.my.salesforce.com", "https://me@acme.my.salesforce.com", "://", "https://ac me.my.salesforce.com"} {
		if got := SetupURLFor(in, page); got != "" {
			t.Errorf("%q gave %s", in, got)
		}
	}
	if got := (LoginURL{}).SetupURL(page); got != "" {
		t.Errorf("the zero login URL gave %s", got)
	}
}

func TestSetupPages(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range []SetupPage{
		PageAppManager, PageExternalClientApps, PageOAuthSettings, PageConnectedAppsUsage, PageSessionSettings,
		PageLoginHistory, PageUsers, PagePermissionSets, PageProfiles, PageCompany, PageMyDomain,
		PageClientAppSettings, PageNetworkAccess, PageVerification,
	} {
		words := p.Path()
		if !strings.HasPrefix(words, "Setup › ") || seen[words] || !strings.HasSuffix(string(p), "/home") {
			t.Errorf("%s is %q", p, words)
		}
		seen[words] = true
	}
	if got := SetupPage("").Path(); got != "Setup" {
		t.Errorf("no page is %q", got)
	}
}

// What is not there at all is no address of somebody else's.
func TestMissingAddresses(t *testing.T) {
	l := login(t, "https://login.salesforce.com", false)
	_, instance := l.CheckInstanceURL("")
	_, identity := l.ParseIdentityURL("")
	for what, err := range map[string]error{"(instance_url)": instance, "(id)": identity} {
		checkFault(t, what, err, fault.InstanceURLRefused, "token", fault.ExitNetwork)
		if !strings.Contains(err.Error(), "names no address") || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestCheckInstanceURL(t *testing.T) {
	my, loop, own := "https://acme.my.salesforce.com", "http://localhost:4000", "https://sf.corp.example:8443"
	for _, c := range []struct{ login, in, want string }{
		{my, "https://acme.my.salesforce.com", "https://acme.my.salesforce.com"},
		{my, "https://acme.my.salesforce.com/", "https://acme.my.salesforce.com"},
		{my, "https://ACME.my.salesforce.com:443", "https://acme.my.salesforce.com"},
		{my, "https://na139.salesforce.com", "https://na139.salesforce.com"},
		{my, "https://navy.my.salesforce.mil", "https://navy.my.salesforce.mil"},
		{my, "https://acme.my.sfcrmproducts.cn", "https://acme.my.sfcrmproducts.cn"},
		{my, "https://acme.my-salesforce.com", "https://acme.my-salesforce.com"},
		{"https://login.salesforce.com", "https://acme.my.salesforce.com", "https://acme.my.salesforce.com"},
		{loop, "http://127.0.0.1:4001", "http://127.0.0.1:4001"},
		{loop, "http://localhost:4001/", "http://localhost:4001"},
		{own, "https://sf.corp.example:8443", "https://sf.corp.example:8443"},
		{own, "https://acme.my.salesforce.com", "https://acme.my.salesforce.com"},
		{my, "", ""},
		{my, "http://acme.my.salesforce.com", ""},
		{my, "https://evil.example", ""},
		{my, "https://acme.my.salesforce.com.evil.example", ""},
		{my, "https://acme.my.salesforce.com@evil.example", ""},
		{my, "https://me@acme.my.salesforce.com", ""},
		{my, "https://evil-salesforce.com", ""},
		{my, "https://evil.my-salesforce.com.example", ""},
		{my, "https://acme.my.salesforce.com:8443", ""},
		{my, "https://acme.my.salesforce.com.", ""},
		{my, "https://acme.my.salesforce.com/path", ""},
		{my, "https://acme.my.salesforce.com?x=y", ""},
		{my, "https://acme.my.salesforce.com#x", ""},
		{my, "https://acme.my.sаlesforce.com", ""},
		{my, "https://localhost:4000", ""},
		{my, "http://127.0.0.1", ""},
		{my, "//acme.my.salesforce.com", ""},
		{my, "acme.my.salesforce.com", ""},
		{my, "javascript:alert(1)", ""},
		{my, `https://evil.example\.salesforce.com`, ""},
		{my, "https://evil.example%2f.salesforce.com", ""},
		{loop, "https://acme.my.salesforce.com", ""},
		{loop, "http://evil.example:4000", ""},
		{loop, "http://127.0.0.1.evil.example", ""},
		{own, "https://sf.corp.example:9443", ""},
		{own, "http://sf.corp.example:8443", ""},
		{own, "https://other.corp.example:8443", ""},
		{own, "http://localhost", ""},
	} {
		got, err := login(t, c.login, true).CheckInstanceURL(c.in)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s, %q gave %q, %v, want %q", c.login, c.in, got, err, c.want)
		}
		if err != nil {
			checkFault(t, c.in, err, fault.InstanceURLRefused, "token", fault.ExitNetwork)
		}
	}
	if _, err := (LoginURL{}).CheckInstanceURL("https://evil.example"); err == nil {
		t.Error("the zero login URL accepts any host")
	}
}

func TestTrusts(t *testing.T) {
	my, loop, own := "https://acme.my.salesforce.com", "http://localhost:4000", "https://sf.corp.example:8443"
	for _, c := range []struct {
		login, host string
		want        bool
	}{
		{my, "acme.my.salesforce.com", true},
		{my, "acme.my.salesforce.com:443", true},
		{my, "acme.lightning.force.com", true},
		{my, "evil.example", false},
		{my, "localhost:4000", false},
		{my, "acme.my.salesforce.com:8443", false},
		{my, "evil.example/acme.my.salesforce.com", false},
		{my, "me@acme.my.salesforce.com", false},
		{my, "", false},
		{loop, "127.0.0.1:4001", true},
		{loop, "[::1]:4001", true},
		{loop, "acme.my.salesforce.com", false},
		{own, "sf.corp.example:8443", true},
		{"https://[2001:db8::1]:8443", "[2001:db8::1]:8443", true},
		{"https://[2001:db8::1]:8443", "[2001:db8::2]:8443", false},
		{my, "[2001:db8::1]", false},
		{own, "sf.corp.example", false},
		{own, "acme.my.salesforce.com", true},
	} {
		if got := login(t, c.login, true).Trusts(c.host); got != c.want {
			t.Errorf("%s trusts %q is %t", c.login, c.host, got)
		}
	}
}

func TestParseIdentityURL(t *testing.T) {
	my, loop := "https://acme.my.salesforce.com", "http://localhost:4000"
	const org, user = "00D50000000IZ3ZEAW", "00550000001fg5OAAQ"
	for _, c := range []struct{ login, in, url string }{
		{my, "https://login.salesforce.com/id/" + org + "/" + user, "https://login.salesforce.com/id/" + org + "/" + user},
		{my, "https://test.salesforce.com/id/00D50000000IZ3Z/00550000001fg5O", "https://test.salesforce.com/id/00D50000000IZ3Z/00550000001fg5O"},
		{my, my + "/id/" + org + "/" + user, my + "/id/" + org + "/" + user},
		{loop, "http://localhost:4001/id/" + org + "/" + user, "http://localhost:4001/id/" + org + "/" + user},
		{loop, "https://login.salesforce.com/id/" + org + "/" + user, ""},
		{my, "https://evil.example/id/" + org + "/" + user, ""},
		{my, "http://login.salesforce.com/id/" + org + "/" + user, ""},
		{my, "https://login.salesforce.com/id/" + org, ""},
		{my, "https://login.salesforce.com/id/" + user + "/" + org, ""},
		{my, "https://login.salesforce.com/id/" + org + "/" + user + "/x", ""},
		{my, "https://login.salesforce.com/id/" + org + "/" + user + "?x=y", ""},
		{my, "https://login.salesforce.com/x/" + org + "/" + user, ""},
		{my, "https://login.salesforce.com/id/00D5/0055", ""},
		{my, "https://login.salesforce.com/id/%300D50000000IZ3ZEAW/" + user, ""},
		{my, "https://login.salesforce.com", ""},
		{my, "", ""},
	} {
		got, err := login(t, c.login, false).ParseIdentityURL(c.in)
		want := IdentityURL{}
		if c.url != "" {
			want = IdentityURL{URL: c.url, OrgID: org, UserID: user}
		}
		if got != want || (err == nil) != (c.url != "") {
			t.Errorf("%q gave %+v, %v", c.in, got, err)
		}
		if err != nil {
			checkFault(t, c.in, err, fault.InstanceURLRefused, "token", fault.ExitNetwork)
		}
	}
}

func TestID18(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"00D50000000IZ3Z", "00D50000000IZ3ZEAW"},
		{"00550000001fg5O", "00550000001fg5OAAQ"},
		{"00D50000000IZ3ZEAW", "00D50000000IZ3ZEAW"},
		{"00D5", "00D5"},
		{"00D50000000IZ3!", "00D50000000IZ3!"},
		{"", ""},
	} {
		if got := ID18(c.in); got != c.want {
			t.Errorf("ID18(%q) is %q, want %q", c.in, got, c.want)
		}
	}
}

func TestSameID(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"00D50000000IZ3Z", "00D50000000IZ3ZEAW", true},
		{"00D50000000IZ3ZEAW", "00D50000000IZ3ZEAW", true},
		{"00D50000000IZ3z", "00D50000000IZ3ZEAW", false},
		{"00d50000000iz3z", "00D50000000IZ3Z", false},
		{"00D5", "00D50000000IZ3Z", false},
		{"00D5", "00D5", true},
		{"", "", false},
	} {
		if got := SameID(c.a, c.b); got != c.want {
			t.Errorf("SameID(%q, %q) is %t", c.a, c.b, got)
		}
	}
}
