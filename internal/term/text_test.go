package term

import (
	"strings"
	"testing"
	"unicode"
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
