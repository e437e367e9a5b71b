package salesforce

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
)

const (
	goodKey    = "3MVG9lKcPoNINVBIPJjdw1J9LLM82HnFVVX19KY1uA5mu0QqEWhqKpoW3svG3XHrXDiCQjK1mdgAvhCscA9GE"
	goodSecret = "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF"
)

func TestCleanKey(t *testing.T) {
	for _, c := range []struct{ in, want, warning string }{
		{goodKey, goodKey, ""},
		{"  " + goodKey + "\r\n", goodKey, ""},
		{"\ufeff" + goodKey, goodKey, ""},
		{`"` + goodKey + `"`, goodKey, ""},
		{"“" + goodKey + "”,", goodKey, ""},
		{"Consumer Key: " + goodKey, goodKey, ""},
		{"Consumer Key\n" + goodKey, goodKey, ""},
		{"Consumer Key\t" + goodKey, goodKey, ""},
		{"client_id=" + goodKey, goodKey, ""},
		{`"client_id": "` + goodKey + `"`, goodKey, ""},
		{"CONSUMER KEY:\n\n  " + goodKey, goodKey, ""},
		{goodKey[:40] + "\n  " + goodKey[40:], goodKey, ""},
		{goodKey[:40] + "\u200b" + goodKey[40:], goodKey, ""},
		{goodKey[:40] + "\u00ad\ufeff" + goodKey[40:], goodKey, ""},
		{"practice-key", "practice-key", "starts with 3MVG9"},
		{goodKey[:80], goodKey[:80], "has 80"},
		{goodKey[:84] + "!", goodKey[:84] + "!", "other characters"},
	} {
		got, warning, err := CleanKey(c.in)
		if err != nil || got != c.want {
			t.Errorf("%q gave %q, %v, want %q", c.in, got, err, c.want)
		}
		if (c.warning == "") != (warning == "") || !strings.Contains(warning, c.warning) {
			t.Errorf("%q warns %q, want %q", c.in, warning, c.warning)
		}
	}
}

func TestCleanSecret(t *testing.T) {
	for _, c := range []struct{ in, want, warning string }{
		{goodSecret, goodSecret, ""},
		{"Consumer Secret: " + goodSecret + "\n", goodSecret, ""},
		{"client_secret=" + goodSecret, goodSecret, ""},
		{"1234567890123456789", "1234567890123456789", ""},
		{goodSecret[:60], goodSecret[:60], "has 60"},
		{`s3cr"et'/+=&%`, `s3cr"et'/+=&%`, "another form"},
		{`pass:word=`, `pass:word=`, "another form"},
	} {
		got, warning, err := CleanSecret(c.in)
		if err != nil || got.Reveal() != c.want {
			t.Errorf("%q gave %q, %v, want %q", c.in, got.Reveal(), err, c.want)
		}
		if (c.warning == "") != (warning == "") || !strings.Contains(warning, c.warning) {
			t.Errorf("%q warns %q, want %q", c.in, warning, c.warning)
		}
	}
}

func TestCleanRefuses(t *testing.T) {
	for _, c := range []struct{ in, code string }{
		{"", fault.MissingInput},
		{" \n\u200b ", fault.MissingInput},
		{`""`, fault.MissingInput},
		{"Consumer Key:", fault.MissingInput},
		{"Consumer Secret", fault.MissingInput},
		{"https://acme.my.salesforce.com", fault.Usage},
		{"hunter2 hunter3", fault.Usage},
		{goodKey + " " + goodSecret, fault.Usage},
		{"Consumer Key " + goodKey + "\nConsumer Secret " + goodSecret, fault.Usage},
		{"abc\x1b[31m", fault.Usage},
		{"abc\x00def", fault.Usage},
		{"abc\xff", fault.Usage},
		{strings.Repeat("a", 5000), fault.Usage},
	} {
		_, _, err := CleanKey(c.in)
		checkFault(t, c.in, err, c.code, "input", fault.ExitUsage)
		_, _, err = CleanSecret(c.in)
		checkFault(t, c.in, err, c.code, "input", fault.ExitUsage)
	}
	_, _, err := CleanKey(goodSecret)
	checkFault(t, "secret as key", err, fault.Usage, "input", fault.ExitUsage)
	_, _, err = CleanSecret(goodKey)
	checkFault(t, "key as secret", err, fault.Usage, "input", fault.ExitUsage)
}

func TestSwapped(t *testing.T) {
	for _, c := range []struct {
		key, secret string
		want        bool
	}{
		{goodKey, goodSecret, false},
		{goodSecret, goodKey, true},
		{"practice-key", goodKey, true},
		{goodSecret, "short", true},
		{goodKey, goodKey, false},
		{"a", "b", false},
		{"", "", false},
	} {
		if got := Swapped(c.key, secret.New(c.secret)); got != c.want {
			t.Errorf("Swapped(%.10q, %.10q) is %t", c.key, c.secret, got)
		}
	}
}

// FuzzClean: what is accepted is one printable word, stays the same when cleaned
// again, and shows up in no error or warning of the secret's.
func FuzzClean(f *testing.F) {
	for _, seed := range []string{goodKey, goodSecret, "Consumer Key: x", "client_secret=\"a b\"", "\ufeff'q'\r\n", "“Consumer Secret”\nabc", "client id client id: a", "a\u2028b", "\"client_id\"", "<<a>>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		key, _, err := CleanKey(in)
		if err == nil {
			if key == "" || strings.ContainsAny(key, " \t\r\n\x00\x1b\u200b\ufeff") {
				t.Errorf("%q gave %q", in, key)
			}
			if again, _, err := CleanKey(key); err != nil || again != key {
				t.Errorf("%q gave %q, then %q, %v", in, key, again, err)
			}
		}
		s, warning, err := CleanSecret(in)
		var said *fault.Fault
		text := warning
		if errors.As(err, &said) {
			text = said.Message + said.Hint
		} else if again, _, err := CleanSecret(s.Reveal()); err != nil || !again.Equal(s) {
			t.Errorf("%q is not stable", in)
		}
		if plain := strings.TrimSpace(in); len(plain) > 20 && strings.Contains(text, plain) {
			t.Errorf("%q is repeated in %q", in, text)
		}
		if strings.Contains(fmt.Sprint(s), "3MVG9") {
			t.Errorf("%v", s)
		}
	})
}

// FuzzParseLoginURL: what is accepted without trust is https on a host of
// Salesforce's, or this machine; it parses to itself.
func FuzzParseLoginURL(f *testing.F) {
	for _, seed := range []string{
		"https://login.salesforce.com", "acme.lightning.force.com/x?y#z", "login.salesforce.com.evil.example", "https://login.salesforce.com@evil.com",
		"http://[::1]:80", "https://acme.my.salesforce.com:8443", "acme.my.salesforce.com.mcas.ms", "https://login.sаlesforce.com", "<“cs1.salesforce.com”>", "https://xn--a.my.site.com", "127.1", ".my.salesforce.com.",
	} {
		f.Add(seed, false)
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, in string, trust bool) {
		l, err := ParseLoginURL(in, LoginOptions{TrustHost: trust})
		if err != nil {
			checkFault(t, in, err, fault.From(err).Code, "input", fault.ExitUsage)
			return
		}
		u, host, port, ok := cutOrigin(l.String())
		if !ok && l.Kind() != KindTrusted {
			t.Fatalf("%q gave %q", in, l)
		}
		switch l.Kind() {
		case KindLoopback:
			if !Loopback(host) {
				t.Errorf("%q gave %q", in, l)
			}
		case KindTrusted:
			if !trust || !strings.HasPrefix(l.String(), "https://") {
				t.Errorf("%q gave %q", in, l)
			}
		default:
			if u.Scheme != "https" || port != "" || !Owned(host) {
				t.Errorf("%q gave %q", in, l)
			}
		}
		again, err := ParseLoginURL(l.String(), LoginOptions{TrustHost: trust})
		if err != nil || again.String() != l.String() || again.Kind() != l.Kind() {
			t.Errorf("%q gave %q, then %q, %v", in, l, again, err)
		}
	})
}
