package salesforce

import (
	"errors"
	"strings"
	"testing"

	"example.com/sfconnect/internal/fault"
)

func TestParseLoginURLAccepts(t *testing.T) {
	for _, c := range []struct {
		in, want string
		kind     HostKind
		env      string
		change   string // a part of Change; "" means that nothing is said
	}{
		{"https://login.salesforce.com", "https://login.salesforce.com", KindGeneric, "production", ""},
		{"https://login.salesforce.com/", "https://login.salesforce.com", KindGeneric, "production", ""},
		{"https://test.salesforce.com", "https://test.salesforce.com", KindGeneric, "sandbox", ""},
		{"login.salesforce.com", "https://login.salesforce.com", KindGeneric, "production", "Only the host"},
		{"  https://acme.my.salesforce.com \n", "https://acme.my.salesforce.com", KindMyDomain, "production", ""},
		{`"https://acme.my.salesforce.com"`, "https://acme.my.salesforce.com", KindMyDomain, "production", "tidied"},
		{"<https://acme.my.salesforce.com/>", "https://acme.my.salesforce.com", KindMyDomain, "production", "tidied"},
		{"“acme.my.salesforce.com”", "https://acme.my.salesforce.com", KindMyDomain, "production", "Only the host"},
		{"\ufeffhttps://acme.my.salesforce.com\u200b", "https://acme.my.salesforce.com", KindMyDomain, "production", "tidied"},
		{"HTTPS://ACME.My.Salesforce.COM", "https://acme.my.salesforce.com", KindMyDomain, "production", "tidied"},
		{"https://acme.my.salesforce.com:443", "https://acme.my.salesforce.com", KindMyDomain, "production", "tidied"},
		{"acme.my.salesforce.com:443", "https://acme.my.salesforce.com", KindMyDomain, "production", "Only the host"},
		{"//acme.my.salesforce.com", "https://acme.my.salesforce.com", KindMyDomain, "production", "Only the host"},
		{"https://acme.my.salesforce.com/?ec=302&startURL=%2F%40evil.com", "https://acme.my.salesforce.com", KindMyDomain, "production", "What follows the host was left out"},
		{"https://acme.my.salesforce.com/secur/frontdoor.jsp?sid=00D!x@y", "https://acme.my.salesforce.com", KindMyDomain, "production", "left out"},
		{"https://acme.my.salesforce.com#@evil.com", "https://acme.my.salesforce.com", KindMyDomain, "production", "left out"},
		{"https://acme--uat.sandbox.my.salesforce.com", "https://acme--uat.sandbox.my.salesforce.com", KindMyDomain, "sandbox", ""},
		{"https://ab--uat.sandbox.my.salesforce.com", "https://ab--uat.sandbox.my.salesforce.com", KindMyDomain, "sandbox", ""},
		{"https://acme--uat.my.salesforce.com", "https://acme--uat.my.salesforce.com", KindMyDomain, "sandbox", ""},
		{"https://acme--uat.cs12.my.salesforce.com", "https://acme--uat.cs12.my.salesforce.com", KindMyDomain, "sandbox", ""},
		{"https://acme-dev-ed.develop.my.salesforce.com", "https://acme-dev-ed.develop.my.salesforce.com", KindMyDomain, "developer edition", ""},
		{"https://acme-dev-ed.my.salesforce.com", "https://acme-dev-ed.my.salesforce.com", KindMyDomain, "developer edition", ""},
		{"https://x.scratch.my.salesforce.com", "https://x.scratch.my.salesforce.com", KindMyDomain, "scratch org", ""},
		{"https://x.trailblaze.my.salesforce.com", "https://x.trailblaze.my.salesforce.com", KindMyDomain, "Trailhead playground", ""},
		{"https://x.demo.my.salesforce.com", "https://x.demo.my.salesforce.com", KindMyDomain, "demo org", ""},
		{"https://x.patch.my.salesforce.com", "https://x.patch.my.salesforce.com", KindMyDomain, "patch org", ""},
		{"https://x.free.my.salesforce.com", "https://x.free.my.salesforce.com", KindMyDomain, "free edition", ""},
		{"https://gs1.my.salesforce.com", "https://gs1.my.salesforce.com", KindMyDomain, "production", ""},
		{"https://gs1.salesforce.com", "https://gs1.salesforce.com", KindGeneric, "production", ""},

		{"https://acme.lightning.force.com/lightning/setup/SetupOneHome/home", "https://acme.my.salesforce.com", KindMyDomain, "production", "That is a Lightning address. The login URL is https://acme.my.salesforce.com."},
		{"acme-dev-ed.develop.lightning.force.com", "https://acme-dev-ed.develop.my.salesforce.com", KindMyDomain, "developer edition", "Lightning"},
		{"https://acme--uat.sandbox.lightning.force.com", "https://acme--uat.sandbox.my.salesforce.com", KindMyDomain, "sandbox", "Lightning"},
		{"https://x.scratch.lightning.force.com", "https://x.scratch.my.salesforce.com", KindMyDomain, "scratch org", "Lightning"},
		{"https://x.trailblaze.lightning.force.com", "https://x.trailblaze.my.salesforce.com", KindMyDomain, "Trailhead playground", "Lightning"},
		{"https://acme.my.salesforce-setup.com/lightning/setup/OrgDomain/home", "https://acme.my.salesforce.com", KindMyDomain, "production", "Setup address"},
		{"https://acme--uat.sandbox.my.salesforce-setup.com", "https://acme--uat.sandbox.my.salesforce.com", KindMyDomain, "sandbox", "Setup address"},

		{"https://navy.my.salesforce.mil", "https://navy.my.salesforce.mil", KindMyDomain, "production", ""},
		{"https://navy.lightning.crmforce.mil", "https://navy.my.salesforce.mil", KindMyDomain, "production", "Lightning"},
		{"https://navy.lightning.force.mil", "https://navy.my.salesforce.mil", KindMyDomain, "production", "Lightning"},
		{"https://navy.my.salesforce-setup.mil", "https://navy.my.salesforce.mil", KindMyDomain, "production", "Setup"},
		{"https://acme.my.sfcrmproducts.cn", "https://acme.my.sfcrmproducts.cn", KindMyDomain, "production", ""},
		{"https://acme.lightning.sfcrmapps.cn", "https://acme.my.sfcrmproducts.cn", KindMyDomain, "production", "Lightning"},
		{"https://acme--uat.sandbox.my.sfcrmproducts.cn", "https://acme--uat.sandbox.my.sfcrmproducts.cn", KindMyDomain, "sandbox", ""},
		{"https://acme.my-salesforce.com", "https://acme.my-salesforce.com", KindMyDomain, "production", ""},
		{"https://acme.my-lightning.com", "https://acme.my-salesforce.com", KindMyDomain, "production", "Lightning"},

		{"https://na139.salesforce.com", "https://login.salesforce.com", KindGeneric, "production", "My Domain"},
		{"https://eu5.salesforce.com/home/home.jsp", "https://login.salesforce.com", KindGeneric, "production", "My Domain"},
		{"https://cs42.salesforce.com", "https://test.salesforce.com", KindGeneric, "sandbox", "My Domain"},
		{"https://usa2s.salesforce.com", "https://test.salesforce.com", KindGeneric, "sandbox", "My Domain"},

		{"https://acme.my.site.com", "https://acme.my.site.com", KindSite, "", "Experience Cloud site"},
		{"https://acme--uat.sandbox.my.site.com/members", "https://acme--uat.sandbox.my.site.com", KindSite, "", "Experience Cloud site"},
		{"https://acme.force.com", "https://acme.force.com", KindSite, "", "Experience Cloud site"},
		{"https://acme.secure.force.com/x", "https://acme.secure.force.com", KindSite, "", "Experience Cloud site"},

		{"https://acme.my.salesforce.com.mcas.ms/home", "https://acme.my.salesforce.com", KindMyDomain, "production", "Defender"},
		{"https://acme.lightning.force.com.mcas.ms", "https://acme.my.salesforce.com", KindMyDomain, "production", "Defender"},

		{"http://localhost:8080", "http://localhost:8080", KindLoopback, "practice org", ""},
		{"http://LOCALHOST:8080/", "http://localhost:8080", KindLoopback, "practice org", "tidied"},
		{"https://localhost:8443", "https://localhost:8443", KindLoopback, "practice org", ""},
		{"http://127.0.0.1:4000/services/oauth2/authorize", "http://127.0.0.1:4000", KindLoopback, "practice org", "left out"},
		{"127.0.0.1:4000", "http://127.0.0.1:4000", KindLoopback, "practice org", "Only the host"},
		{"http://127.8.9.10", "http://127.8.9.10", KindLoopback, "practice org", ""},
		{"http://[::1]:4000", "http://[::1]:4000", KindLoopback, "practice org", ""},
		{"http://[::1]", "http://[::1]", KindLoopback, "practice org", ""},
		{"http://[0:0:0:0:0:0:0:1]:4000", "http://[::1]:4000", KindLoopback, "practice org", "tidied"},
	} {
		got, err := ParseLoginURL(c.in, LoginOptions{})
		if err != nil {
			t.Errorf("%q: %v", c.in, err)
			continue
		}
		if got.String() != c.want || got.Kind() != c.kind || got.Environment() != c.env {
			t.Errorf("%q gave %s, %s, %q, want %s, %s, %q", c.in, got, got.Kind(), got.Environment(), c.want, c.kind, c.env)
		}
		if (c.change == "") != (got.Change() == "") || !strings.Contains(got.Change(), c.change) {
			t.Errorf("%q says %q, want %q", c.in, got.Change(), c.change)
		}
		again, err := ParseLoginURL(got.String(), LoginOptions{})
		if err != nil || again.String() != got.String() {
			t.Errorf("%q is not stable: %s, %v", c.in, again, err)
		}
	}
}

func TestParseLoginURLRefuses(t *testing.T) {
	const invalid, foreign = fault.InvalidLoginURL, fault.HostNotTrusted
	for _, c := range []struct{ in, code, hint string }{
		{"", invalid, "https://acme.my.salesforce.com"},
		{"   ", invalid, ""},
		{"https://", invalid, ""},
		{"https:///services/oauth2", invalid, ""},
		{"acme", invalid, "https://acme.my.salesforce.com"},
		{"admin@acme.com", invalid, "https://login.salesforce.com"},
		{"3MVG9lKcPoNINVBIPJjdw1J9LLM82HnFVVX19KY1uA5mu0QqEWhqKpoW3svG3XHrXDiCQjK1mdgAvhCscA9GE", invalid, ""},

		// Look-alikes.
		{"login.salesforce.com.evil.example", foreign, "Type https://login.salesforce.com instead"},
		{"https://login.salesforce.com.evil.example/services", foreign, "Type https://login.salesforce.com instead"},
		{"https://acme.my.salesforce.com.evil.com", foreign, "Type https://acme.my.salesforce.com instead"},
		{"https://acme.lightning.force.com.evil.com", foreign, "Type https://acme.my.salesforce.com instead"},
		{"https://evil.com/login.salesforce.com", foreign, "--trust-host"},
		{"https://evil.com?https://login.salesforce.com", foreign, ""},
		{"https://evil.com#login.salesforce.com", foreign, ""},
		{"https://loginsalesforce.com", foreign, ""},
		{"https://evil-salesforce.com", foreign, ""},
		{"https://evilsalesforce.com", foreign, ""},
		{"https://acme.my.evil-salesforce.com", foreign, ""},
		{"https://acme.evil-my-salesforce.com", foreign, ""},
		{"https://evil-my-salesforce.com", foreign, ""},
		{"https://evilmy.site.com", foreign, ""},
		{"https://acme.site.com", foreign, ""},
		{"https://evilforce.com", foreign, ""},
		{"https://acme.my.salesforce.co", foreign, "https://acme.my.salesforce.com"},
		{"https://acme.my.saleforce.com", foreign, "https://acme.my.salesforce.com"},
		{"https://acme--u.sandbox.my.salesforse.com", foreign, "https://acme--u.sandbox.my.salesforce.com"},
		{"https://login.sa1esforce.com", foreign, "https://login.salesforce.com"},
		{"https://acme.my.salesforce.mil.evil.com", foreign, "https://acme.my.salesforce.mil"},
		{"https://acme.my.sfcrmproducts.cn.evil.cn", foreign, "https://acme.my.sfcrmproducts.cn"},
		{"https://acme.my-salesforce.com.evil.com", foreign, "https://acme.my-salesforce.com"},
		{"https://10.1.2.3", foreign, ""},
		{"https://[2001:db8::1]", foreign, ""},
		{"https://[::ffff:127.0.0.1]", foreign, ""},
		{"https://0.0.0.0", foreign, ""},
		{"https://127.0.0.1.evil.com", foreign, ""},
		{"https://localhost.evil.com", foreign, ""},
		{"http://evil.localhost", foreign, ""},

		// Not login hosts, although Salesforce's.
		{"https://evil-my.salesforce.com", invalid, ""},
		{"https://acme.salesforce.com", invalid, "https://acme.my.salesforce.com"},
		{"https://help.salesforce.com", invalid, ""},
		{"https://trailhead.salesforce.com/", invalid, ""},
		{"https://developer.salesforce.com", invalid, ""},
		{"https://www.salesforce.com/eu/", invalid, ""},
		{"salesforce.com", invalid, ""},
		{"force.com", invalid, ""},
		{"https://my.salesforce.com", invalid, "acme"},
		{"https://sandbox.my.salesforce.com", invalid, ""},
		{"https://lightning.force.com", invalid, ""},
		{"https://www.acme.my.salesforce.com", invalid, "Type https://acme.my.salesforce.com instead"},
		{"https://a.b.c.my.salesforce.com", invalid, ""},
		{"https://login.salesforce.com.my.salesforce.com", invalid, ""},
		{"https://acme--c.vf.force.com/apex/Page", invalid, "Current My Domain URL"},
		{"https://acme--c.visualforce.com", invalid, "Current My Domain URL"},
		{"https://acme--c.na1.content.force.com", invalid, "Current My Domain URL"},
		{"https://acme.file.force.com", invalid, "Current My Domain URL"},
		{"https://acme.cloudforce.com", invalid, "Current My Domain URL"},
		{"https://acme.my.sfcrmapps.cn", invalid, "Current My Domain URL"},
		{"https://acme-my-salesforce-com.us.mcas.ms", invalid, "Current My Domain URL"},
		{"https://evil.com.mcas.ms", invalid, ""},
		{"https://acme.my.salesforce.com.mcas.ms.evil.com", foreign, ""},
		{"https://usa2s.sfdc-cehfhs.salesforce.com", invalid, ""},

		// User info.
		{"https://login.salesforce.com@evil.com", invalid, ""},
		{"https://login.salesforce.com:443@evil.com/", invalid, ""},
		{"https://me:pw@login.salesforce.com", invalid, ""},
		{"https://@login.salesforce.com", invalid, ""},
		{"http://localhost@evil.com", invalid, ""},
		{"http://me@localhost:8080", invalid, ""},

		// Schemes.
		{"http://login.salesforce.com", invalid, "Type https://login.salesforce.com instead"},
		{"http://acme.my.salesforce.com:80", invalid, "Type https://acme.my.salesforce.com instead"},
		{"http://acme.lightning.force.com", invalid, "Type https://acme.my.salesforce.com instead"},
		{"http://evil.com", foreign, ""},
		{"ftp://login.salesforce.com", invalid, ""},
		{"file:///etc/passwd", invalid, ""},
		{"javascript:alert(1)", invalid, ""},
		{"https:/login.salesforce.com", invalid, ""},
		{"https//login.salesforce.com", invalid, ""},
		{`https:\\login.salesforce.com`, invalid, ""},
		{`https://login.salesforce.com\@evil.com`, invalid, ""},
		{`https://evil.com\.salesforce.com`, invalid, ""},

		// Ports and dots.
		{"https://login.salesforce.com:8443", invalid, "Type https://login.salesforce.com instead"},
		{"https://login.salesforce.com:80", invalid, ""},
		{"https://login.salesforce.com:0", invalid, ""},
		{"https://login.salesforce.com:99999", invalid, ""},
		{"https://login.salesforce.com:", invalid, ""},
		{"https://login.salesforce.com:443:443", invalid, ""},
		{"http://localhost:0", invalid, ""},
		{"http://localhost:99999", invalid, ""},
		{"https://login.salesforce.com.", invalid, "Type https://login.salesforce.com instead"},
		{"https://acme.my.salesforce.com./", invalid, "Type https://acme.my.salesforce.com instead"},
		{"https://evil.com.", invalid, ""},
		{"http://localhost.:8080", invalid, ""},
		{"https://acme..my.salesforce.com", invalid, ""},
		{"https://.my.salesforce.com", invalid, ""},
		{".my.salesforce.com.", invalid, ""},
		{".my.salesforce.com.evil.com", invalid, ""},
		{"https://-acme.my.salesforce.com", invalid, ""},
		{"https://acme-.my.salesforce.com", invalid, ""},
		{"https://ac_me.my.salesforce.com", invalid, ""},
		{"https://" + strings.Repeat("a", 64) + ".my.salesforce.com", invalid, ""},
		{"https://127.1", invalid, ""},
		{"https://2130706433", invalid, ""},
		{"https://0x7f.0.0.1", invalid, ""},
		{"https://0x7f000001", invalid, ""},
		{"https://[::1", invalid, ""},
		{"https://[::1%25lo0]", invalid, ""},
		{"https://[127.0.0.1]", invalid, ""},
		{"https://[::1]x", invalid, ""},

		// Escapes, blanks and letters that are not what they look like.
		{"https://login%2esalesforce.com", invalid, ""},
		{"https://login.salesforce.com%00.evil.com", invalid, ""},
		{"https://login.sales force.com", invalid, ""},
		{"https://login.salesforce.com\n.evil.com", invalid, ""},
		{"https://login.salesforce.com\t@evil.com", invalid, ""},
		{"https://login.salesforce.com\x1b[31m", invalid, ""},
		{"https://login.salesforce.com\xff", invalid, ""},
		{"https://login.sаlesforce.com", foreign, "Type https://login.salesforce.com instead"},     // Cyrillic a
		{"https://acme.my.salesfоrce.com", foreign, "Type https://acme.my.salesforce.com instead"}, // Cyrillic o
		{"https://ӏogin.salesforce.com", foreign, "Type https://login.salesforce.com instead"},     // palochka, under a true domain
		{"https://login.salesforce.com。evil.com", foreign, ""},                                     // ideographic stop
		{"https://login。salesforce。com", foreign, "Type https://login.salesforce.com instead"},
		{"https://ｌogin.salesforce.com", foreign, "Type https://login.salesforce.com instead"},
		{"https://lo\u200bgin.salesforce.com", foreign, ""},
		{"https://lo\u00adgin.salesforce.com", foreign, ""},
		{"https://login.salesforce.com\u2024evil.com", foreign, ""}, // one dot leader
		{"https://login.salesforce.com／.evil.com", foreign, ""},     // full-width slash
		{"https://evil.com\u202emoc.ecrofselas.nigol", foreign, ""},
		{"http://ⓛocalhost:8080", foreign, ""},
		{"https://\u0430cme.my.salesforce.com", foreign, "Type https://acme.my.salesforce.com instead"},        // Cyrillic a
		{"https://\u0410CME.my.salesforce.com", foreign, "Type https://acme.my.salesforce.com instead"},        // a capital one
		{"https://\u0430cm\u00e9.my.salesforce.com", foreign, "Type the address by hand, in ordinary letters"}, // no plain name for the é
		{"https://xn--logn-2pa.salesforce.com.evil.com", foreign, ""},
		{"https://xn--slesforce-8nj.com", foreign, ""},
		{"https://xn--acm-dma.my.salesforce.com", foreign, ""},
	} {
		got, err := ParseLoginURL(c.in, LoginOptions{})
		if err == nil {
			t.Errorf("%q was accepted as %s", c.in, got)
			continue
		}
		checkFault(t, c.in, err, c.code, "input", fault.ExitUsage)
		var f *fault.Fault
		if errors.As(err, &f) && !strings.Contains(f.Hint, c.hint) {
			t.Errorf("%q hints %q, want %q in it", c.in, f.Hint, c.hint)
		}
		if strings.Contains(f.Hint, "instead") && strings.Contains(f.Hint, "--trust-host") {
			t.Errorf("%q: --trust-host is offered for a look-alike: %q", c.in, f.Hint)
		}
		if got != (LoginURL{}) {
			t.Errorf("%q gave %s beside the error", c.in, got)
		}
	}
}

func TestParseLoginURLTrusted(t *testing.T) {
	for _, c := range []struct {
		in, want string
		kind     HostKind
	}{
		{"https://sf.corp.example", "https://sf.corp.example", KindTrusted},
		{"https://sf.corp.example:8443/x", "https://sf.corp.example:8443", KindTrusted},
		{"sf.corp.example", "https://sf.corp.example", KindTrusted},
		{"https://sfproxy:8443", "https://sfproxy:8443", KindTrusted},
		{"https://10.1.2.3:8443", "https://10.1.2.3:8443", KindTrusted},
		{"https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443", KindTrusted},
		{"https://[2001:db8::1]", "https://[2001:db8::1]", KindTrusted},
		{"https://müller.example", "https://xn--mller-kva.example", KindTrusted},
		{"https://acme.cloudforce.com", "https://acme.cloudforce.com", KindTrusted},
		{"https://evil-my.salesforce.com", "https://evil-my.salesforce.com", KindTrusted},
		{"https://acme.my.salesforce.com:8443", "https://acme.my.salesforce.com:8443", KindTrusted},
		{"https://acme.my.salesforce.com", "https://acme.my.salesforce.com", KindMyDomain},
		{"https://acme.lightning.force.com", "https://acme.my.salesforce.com", KindMyDomain},
		{"http://localhost:80", "http://localhost:80", KindLoopback},
	} {
		got, err := ParseLoginURL(c.in, LoginOptions{TrustHost: true})
		if err != nil || got.String() != c.want || got.Kind() != c.kind {
			t.Errorf("%q gave %s, %s, %v, want %s, %s", c.in, got, got.Kind(), err, c.want, c.kind)
		}
	}
	for _, in := range []string{
		"http://sf.corp.example", "https://me@sf.corp.example", "https://sf.corp.example.", "https://sf.corp.example:0",
		"https://help.salesforce.com", "https://www.salesforce.com", "https://my.salesforce.com", "https://sf%2ecorp.example", `https://sf\corp.example`, "https://127.1",
		"http://ⓛocalhost.example", "https://acme-my-salesforce-com.us.mcas.ms", "https://help.salesforce.com:8443",
	} {
		got, err := ParseLoginURL(in, LoginOptions{TrustHost: true})
		if err == nil {
			t.Errorf("%q was accepted as %s", in, got)
			continue
		}
		checkFault(t, in, err, fault.InvalidLoginURL, "input", fault.ExitUsage)
	}
	for _, in := range []string{"https://[::]", "https://0.0.0.0", "https://[ff02::1]:8443"} {
		_, err := ParseLoginURL(in, LoginOptions{TrustHost: true})
		checkFault(t, in, err, fault.HostNotTrusted, "input", fault.ExitUsage)
	}
}

// No message may repeat what stood before an @ or after the host: it may be a
// password or a session.
func TestParseLoginURLKeepsSecrets(t *testing.T) {
	const hidden = "hunter2secret"
	for _, in := range []string{
		"https://me:" + hidden + "@acme.my.salesforce.com", "https://acme.my.salesforce.com/secur/frontdoor.jsp?sid=" + hidden,
		"http://evil.com/?sid=" + hidden, "me:" + hidden + "@acme.com", "https://acme.my.salesforce.com:" + hidden,
		"https://acme.my.salesforce.com:1/" + hidden, "acme.lightning.force.com/" + hidden,
	} {
		l, err := ParseLoginURL(in, LoginOptions{})
		text := l.Change() + l.String()
		if err != nil {
			f := fault.From(err)
			text = f.Message + f.Hint
		}
		if strings.Contains(text, hidden) {
			t.Errorf("%q is repeated in %q", in, text)
		}
	}
}

func checkFault(t *testing.T, what string, err error, code, stage string, exit int) {
	t.Helper()
	var f *fault.Fault
	if !errors.As(err, &f) {
		t.Errorf("%q: %v is no fault", what, err)
		return
	}
	if f.Code != code || f.Stage != stage || f.Exit != exit {
		t.Errorf("%q: code %s, stage %s, exit %d, want %s, %s, %d (%s)", what, f.Code, f.Stage, f.Exit, code, stage, exit, f.Message)
	}
	if !sentence(f.Message) || f.Hint == "" {
		t.Errorf("%q: message %q, hint %q", what, f.Message, f.Hint)
	}
	for _, r := range f.Message + f.Hint {
		if r != '\n' && r != '›' && (r < ' ' || r > '~') {
			t.Errorf("%q: %U in %q / %q", what, r, f.Message, f.Hint)
		}
	}
}

func sentence(s string) bool {
	return len(s) > 2 && strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "..")
}
