package cli

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"example.com/sfconnect/internal/secret"
)

// public turns text into what may be posted: the home folder becomes ~, the user's
// name in other paths [user], and secrets and a proxy's credentials are hidden.
type public struct {
	home   string
	users  []string
	hidden []string
	redact func(string) string
	same   func(string) string // makes alike, byte by byte, what names the same file here
}

func (a *app) public() public {
	p := public{home: strings.TrimRight(a.HomeDir, `/\`), redact: a.redactor.Redact, hidden: a.proxyCredentials(), same: asItIs}
	if a.OS == "windows" {
		p.same = asWindowsReads
	}
	base := path.Base(strings.ReplaceAll(p.home, `\`, "/"))
	for _, name := range []string{base, a.Getenv("USER"), a.Getenv("LOGNAME"), a.Getenv("USERNAME")} {
		if name != "" && name != "." && name != "/" && name != "root" && !slices.Contains(p.users, name) {
			p.users = append(p.users, name)
		}
	}
	return p
}

func (p public) text(s string) string {
	for _, text := range p.hidden {
		s = strings.ReplaceAll(s, text, secret.Hidden)
	}
	s = p.redact(s)
	if p.home != "" {
		s = p.replacePart(s, p.home, "~", false)
	}
	for _, name := range p.users {
		s = p.replacePart(s, name, "[user]", true)
	}
	return s
}

// replacePart replaces part where it ends as a step of a path does and begins as a
// whole path does or, with inside set, as one of its steps.
func (p public) replacePart(s, part, with string, inside bool) string {
	var b strings.Builder
	part = p.same(part)
	for {
		i := strings.Index(p.same(s), part)
		if i < 0 {
			return b.String() + s
		}
		end := i + len(part)
		begins := i == 0 && !inside
		if i > 0 {
			slash := s[i-1] == '/' || s[i-1] == '\\'
			begins = slash == inside && (slash || !nameByte(s[i-1]))
		}
		b.WriteString(s[:i])
		if begins && (end == len(s) || !nameByte(s[end])) {
			b.WriteString(with)
		} else {
			b.WriteString(s[i:end])
		}
		s = s[end:]
	}
}

func asItIs(path string) string { return path }

// asWindowsReads takes capitals and the two slashes for the same, as Windows does.
func asWindowsReads(path string) string {
	b := []byte(path)
	for i, c := range b {
		switch {
		case c >= 'A' && c <= 'Z':
			b[i] = c + 'a' - 'A'
		case c == '/':
			b[i] = '\\'
		}
	}
	return string(b)
}

// nameByte reports what may go on with a file's name. A full stop may, but it may
// end a sentence too, and then the name would stay.
func nameByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_' || b == '-' || b >= 0x80
}

// proxyCredentials are what proxy variables hold before their "@", whole and in
// parts, longest first. They are cut out as text: a value that is no address has them too.
func (a *app) proxyCredentials() []string {
	var out []string
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"} {
		value := a.Getenv(name)
		if _, rest, ok := strings.Cut(value, "://"); ok {
			value = rest
		}
		at := strings.LastIndexByte(value, '@')
		if at <= 0 {
			continue
		}
		user, password, _ := strings.Cut(value[:at], ":")
		for _, text := range []string{value[:at], user + ":", user + "@", password} {
			plain, err := url.PathUnescape(text)
			if err != nil {
				plain = text
			}
			for _, form := range []string{text, plain} {
				if len(form) > 2 && !slices.Contains(out, form) {
					out = append(out, form)
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return len(b) - len(a) })
	return out
}

// hideEnvironment makes the redactor know the secrets that the environment holds.
func (a *app) hideEnvironment() {
	for _, name := range []string{"SFCONNECT_CONSUMER_SECRET", "SFCONNECT_PASSPHRASE"} {
		a.hide(secret.New(a.Getenv(name)))
	}
}
