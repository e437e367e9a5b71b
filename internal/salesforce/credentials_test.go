package salesforce

import (
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
		{goodKey[:40] + "\ufe0f\u3164" + goodKey[40:], goodKey, ""},
		{`"client_id": "` + goodKey, goodKey, ""},
		{goodKey + `",`, goodKey, ""},
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
	_, _, err := CleanKey(goodKey[:40] + `"` + goodKey[40:])
	checkFault(t, "a quote inside", err, fault.Usage, "input", fault.ExitUsage)
	_, _, err = CleanKey(goodSecret)
	checkFault(t, "secret as key", err, fault.Usage, "input", fault.ExitUsage)
	_, _, err = CleanSecret(goodKey)
	checkFault(t, "key as secret", err, fault.Usage, "input", fault.ExitUsage)
}

func TestHoldsSecret(t *testing.T) {
	for _, c := range []struct {
		in   string
		want bool
	}{
		{goodSecret, true},
		{"  Consumer Secret: \"" + goodSecret + "\"\n", true},
		{goodKey + goodSecret, true},
		{goodSecret + "0", true},
		{goodSecret[:63], false},
		{goodSecret[:32] + "-" + goodSecret[32:], false},
		{strings.ToLower(goodSecret), false},
		{goodKey, false},
		{"", false},
	} {
		if got := HoldsSecret(c.in); got != c.want {
			t.Errorf("HoldsSecret(%.20q) of %d characters is %t", c.in, len(c.in), got)
		}
	}
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
