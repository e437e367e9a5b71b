package term

import (
	"strings"
	"testing"
	"unicode"

	"example.com/sfconnect/internal/wizard"
)

func TestWrap(t *testing.T) {
	tests := []struct {
		text string
		w    int
		want string
	}{
		{"", 10, ""},
		{"one two three", 7, "one two|three"},
		{"one\n\ntwo", 7, "one||two"},
		{"see https://acme.my.salesforce.com now", 10, "see|https://acme.my.salesforce.com|now"},
		{"  blanks   between\twords ", 40, "  blanks   between words"}, // they may align something
		{"  blanks   between\twords ", 14, "blanks between|words"},
		{"Straße 東京 x", 9, "Straße|東京 x"},
	}
	for _, test := range tests {
		if got := strings.Join(wrap(test.text, test.w), "|"); got != test.want {
			t.Errorf("wrap(%q, %d) = %q, want %q", test.text, test.w, got, test.want)
		}
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain › text":                "plain › text",
		"\x1b]52;c;eA==\x07 x":        "]52;c;eA== x",
		"\u009b31mred":                "31mred",
		"a\u202egnp.exe":              "agnp.exe",
		"one\r\ntwo":                  "one  two",
		"bad\xff\xfeutf8\x00":         "bad��utf8",
		"\u2066isolated\u2069 \u200f": "isolated ",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, test := range []struct {
		in   string
		w    int
		want string
	}{{"short", 10, "short"}, {"exactly ten", 11, "exactly ten"}, {"rather too long", 8, "rather …"}, {"東京都", 4, "東…"}} {
		if got := cut(test.in, test.w); got != test.want {
			t.Errorf("cut(%q, %d) = %q, want %q", test.in, test.w, got, test.want)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, seed := range []string{"", "one two", "\x1b[31mred\x1b[0m", "東京 \u202e x", "https://a.b/" + strings.Repeat("c", 99), "a\xffb"} {
		f.Add(seed, 20)
	}
	f.Fuzz(func(t *testing.T, text string, w int) {
		w = 4 + max(w, -w)%200
		for _, r := range clean(text) {
			if unicode.IsControl(r) {
				t.Fatalf("%q kept %q", text, r)
			}
		}
		if got := strings.Join(chop(text, w), ""); got != clean(text) {
			t.Fatalf("chop(%q, %d) gives %q", text, w, got)
		}
		if got, want := strings.Fields(strings.Join(wrap(text, w), " ")), strings.Fields(clean(text)); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Fatalf("wrap(%q, %d) gives %q", text, w, got)
		}
		for _, line := range fit(text, w) {
			if width(line) > w {
				t.Fatalf("fit(%q, %d) has %q", text, w, line)
			}
		}
	})
}

func TestWordsKeepACommand(t *testing.T) {
	for _, c := range []struct {
		text string
		w    int
		want string
	}{
		{"Connect a new one with: sfconnect init", 30, "Connect a new one with:|sfconnect init"},
		{"Test it: sfconnect test --profile acme", 32, "Test it:|sfconnect test --profile acme"},
		{"Test it: sfconnect test --profile acme", 20, "Test it: sfconnect|test --profile acme"},
		{"Sign in: sfconnect auth. Then go on.", 25, "Sign in: sfconnect auth.|Then go on."},
		{"sfconnect token: the token, alone", 20, "sfconnect token: the|token, alone"},
	} {
		if got := strings.Join(wrap(c.text, c.w), "|"); got != c.want {
			t.Errorf("%q in %d columns: got %q, want %q", c.text, c.w, got, c.want)
		}
	}
}

func TestValuesKeepTheirColumn(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"To            Practice Inc, practice org", "  To            Practice Inc, practice\n                org\n"},
		{"To            Practice Inc", "  To            Practice Inc\n"},
		{"Saved in a place with a name that is long", "  Saved in a place with a name that is\n  long\n"},
		{"a  b  three columns are too many for this", "  a b three columns are too many for\n  this\n"},
		{"A name that is as long as this    value", "  A name that is as long as this value\n"},
	} {
		var b strings.Builder
		NewPrinter(&b, nil, 40).Line(wizard.Line{Text: c.text})
		if b.String() != c.want {
			t.Errorf("got %q, want %q", b.String(), c.want)
		}
	}
}

func TestHelpFitsTheTerminal(t *testing.T) {
	text := "A long sentence about the command that is\nbroken by hand already.\n\nExamples:\n  sfconnect auth --login-url https://acme.my.salesforce.com\n\nFlags:\n" +
		"      --profile string   the saved connection\n  init        Set up a connection step by step\n  a list of things that is longer than the screen\n  use         Choose\n"
	want := "A long sentence about the command that\nis broken by hand already.\n\nExamples:\n  sfconnect auth --login-url https://acme.my.salesforce.com\n\nFlags:\n" +
		"      --profile string\n          the saved connection\n  init        Set up a connection step\n              by step\n  a list of things that is longer than\n  the screen\n  use         Choose\n"
	for w, want := range map[int]string{40: want, 0: text, 80: text} {
		var b strings.Builder
		NewPrinter(&b, nil, w).Help(text)
		if b.String() != want {
			t.Errorf("%d columns: got\n%s\nwant\n%s", w, b.String(), want)
		}
	}
}
