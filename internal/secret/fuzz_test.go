package secret_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"example.com/sfconnect/internal/secret"
)

// spellings are the ways in which text that is printed may hold a secret.
func spellings() map[string]func(string) string {
	escape := regexp.MustCompile(`%..`)
	return map[string]func(string) string{
		"plain": func(s string) string { return s },
		"query": url.QueryEscape,
		"path":  url.PathEscape,
		"query in small letters": func(s string) string {
			return escape.ReplaceAllStringFunc(url.QueryEscape(s), strings.ToLower)
		},
		"every byte in percent": func(s string) string {
			var b strings.Builder
			for i := range len(s) {
				fmt.Fprintf(&b, "%%%02x", s[i])
			}
			return b.String()
		},
		"only some in percent": func(s string) string { return strings.NewReplacer("=", "%3D", "+", "%2b").Replace(s) },
		"json":                 jsonText,
		"json without HTML":    func(s string) string { return strings.ReplaceAll(jsonText(s), `/`, `\/`) },
		"json in numbers":      jsonNumbers,
		"quoted by Go": func(s string) string {
			if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
				return "" // an escape of Go's own, in which no address or header is printed
			}
			q := fmt.Sprintf("%q", s)
			return q[1 : len(q)-1]
		},
		"base64":            func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		"base64 for URLs":   func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
		"base64 in a query": func(s string) string { return url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(s))) },
	}
}

func jsonText(s string) string {
	if !utf8.ValidString(s) {
		return ""
	}
	b, _ := json.Marshal(s)
	return string(b[1 : len(b)-1])
}

func jsonNumbers(s string) string {
	if !utf8.ValidString(s) {
		return ""
	}
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, `\u%04X`, unit)
	}
	return b.String()
}

// FuzzRedactor: a secret that the redactor knows survives in no spelling, alone or
// beside another secret, nor in the base64 of a text around it.
func FuzzRedactor(f *testing.F) {
	all := spellings()
	run := regexp.MustCompile(base64Run)
	f.Fuzz(func(t *testing.T, planted, other, before, after string) {
		if len(planted) < 6 || len(planted+other+before+after) > 1000 {
			t.Skip()
		}
		var r secret.Redactor
		r.Hide(secret.New(planted), secret.New(other))
		for name, spell := range all {
			form := spell(planted)
			if form == "" || touchesHidden(form) {
				continue
			}
			for _, text := range []string{before + form + after, form + form, before + other + form + other} {
				if got := r.Redact(text); strings.Contains(got, form) {
					t.Errorf("%s: %q survives in %q", name, form, got)
				}
			}
		}
		for _, e := range []*base64.Encoding{base64.StdEncoding, base64.RawURLEncoding} {
			if got := r.Redact(e.EncodeToString([]byte(before + planted + after))); base64Holds(run, got, planted) {
				t.Errorf("%q survives in the base64 %q", planted, got)
			}
		}
	})
}

// touchesHidden reports whether the replacement's own text can be a part of form.
func touchesHidden(form string) bool {
	if strings.Contains(form, secret.Hidden) || strings.Contains(secret.Hidden, form) {
		return true
	}
	for n := 1; n < len(secret.Hidden); n++ {
		if strings.HasPrefix(form, secret.Hidden[n:]) || strings.HasSuffix(form, secret.Hidden[:n]) {
			return true
		}
	}
	return false
}

const base64Run = `[A-Za-z0-9+/_-]+`

// base64Holds decodes whatever may be base64 in text, from each of its digits that can begin a group.
func base64Holds(runs *regexp.Regexp, text, planted string) bool {
	for _, run := range runs.FindAllString(text, -1) {
		run = strings.NewReplacer("-", "+", "_", "/").Replace(run)
		for from := range min(4, len(run)) {
			part := run[from:]
			if len(part)%4 == 1 {
				part = part[:len(part)-1]
			}
			if plain, _ := base64.RawStdEncoding.DecodeString(part); strings.Contains(string(plain), planted) {
				return true
			}
		}
	}
	return false
}

func TestTwoSecretsThatOverlapLeaveNoTail(t *testing.T) {
	var r secret.Redactor
	r.Hide(secret.New("abcdef-123456"), secret.New("123456-uvwxyz"))
	if got, want := r.Redact("x abcdef-123456-uvwxyz y"), "x "+secret.Hidden+" y"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestEverySpellingIsHidden(t *testing.T) {
	var r secret.Redactor
	const planted = "s3 cr\"et'/+=&%<\\ü€😀~"
	r.Hide(secret.New(planted))
	for name, spell := range spellings() {
		if spell(planted) == "" {
			continue
		}
		if got, want := r.Redact("x "+spell(planted)+" y"), "x "+secret.Hidden; !strings.HasPrefix(got, want) || !strings.HasSuffix(got, " y") || len(got) > len(want)+10 {
			t.Errorf("%s: %q became %q", name, spell(planted), got)
		}
	}
	for _, around := range []string{"", "k:", "key:", "3MVG9abc:"} {
		basic := base64.StdEncoding.EncodeToString([]byte(around + planted))
		if got := r.Redact("Authorization: Basic " + basic); base64Holds(regexp.MustCompile(base64Run), got, planted[:len(planted)-2]) || !strings.Contains(got, secret.Hidden) {
			t.Errorf("behind %q: %q became %q", around, basic, got)
		}
	}
	for _, plain := range []string{`C:\users\new`, "100%", "%", `\u12`, `a\`, "%2", "s3+cr", "%73%33"} {
		if got := r.Redact(plain); got != plain {
			t.Errorf("%q became %q", plain, got)
		}
	}
}
