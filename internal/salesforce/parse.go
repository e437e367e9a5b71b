package salesforce

import (
	"cmp"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// longestPaste bounds what is looked at; a pasted address with a session in its
// query is long, but not this long.
const longestPaste = 16 << 10

// ParseLoginURL reads what a person pasted as the login URL and normalises it:
// a bare host, a path or query, Lightning, Setup and server addresses become the
// origin at which a login starts, and Change says so. https is required; http is
// accepted for loopback hosts alone, which are taken as http when bare.
//
// The error is a *fault.Fault with stage "input" and code host_not_trusted where
// the host is not Salesforce's, else invalid_login_url. With TrustHost any other
// https host is accepted, with a port too; user info, http, trailing dots and
// Salesforce's help and marketing hosts stay refused.
func ParseLoginURL(raw string, o LoginOptions) (LoginURL, error) {
	text := unwrap(unlabel(trimBlank(raw), "login url", "current my domain url", "my domain url", "my domain", "instance url", "url"))
	parts, no := cutURL(text)
	if no != nil {
		return LoginURL{}, no.fault()
	}
	if parts.odd != nil && !(o.TrustHost && parts.odd.trust) {
		return LoginURL{}, parts.odd.fault()
	}
	l, no := parts.login(o)
	if no != nil {
		return LoginURL{}, no.fault()
	}
	if l.change == "" {
		l.change = parts.change(raw, l)
	}
	return l, nil
}

// urlParts is a pasted address, cut up by hand: net/url is more lenient than a
// browser in some places and stricter in others, and each difference is a place
// where a look-alike hides.
type urlParts struct {
	scheme string // "" when none was typed
	host   string // lower case, ASCII, without brackets
	port   string
	more   bool       // a path, query or fragment followed
	odd    *objection // one to a host that can be used all the same
}

func cutURL(text string) (urlParts, *objection) {
	switch {
	case text == "":
		return urlParts{}, &objection{why: "nothing was entered"}
	case len(text) > longestPaste || !utf8.ValidString(text):
		return urlParts{}, &objection{why: "the pasted text is no address"}
	case strings.ContainsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
		return urlParts{}, &objection{why: "there is a space or a line break inside it"}
	}
	scheme, rest, no := cutScheme(text)
	if no != nil {
		return urlParts{}, no
	}
	p := urlParts{scheme: scheme}
	authority := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority = rest[:i]
		p.more = rest[i:] != "/"
	}
	switch {
	case authority == "":
		return p, &objection{why: "it has no host"}
	case strings.Contains(authority, `\`):
		return p, &objection{why: `it contains a backslash`}
	case strings.Contains(authority, "@") && scheme == "":
		return p, &objection{why: "that is a user name or an email address, not an address on the web"}
	case strings.Contains(authority, "@"):
		return p, &objection{why: "there is a user name before an @ in it, which hides where it really leads"}
	case strings.Contains(authority, "%"):
		return p, &objection{why: "its host contains a % sign"}
	}
	return p.cutAuthority(authority)
}

// cutScheme takes http:// or https:// off; every other scheme is an objection.
func cutScheme(text string) (scheme, rest string, no *objection) {
	lower := strings.ToLower(text)
	for _, s := range []string{"https", "http"} {
		if strings.HasPrefix(lower, s+"://") {
			return s, text[len(s)+3:], nil
		}
		for _, typo := range []string{s + ":", s + "//", s + ";//"} {
			if strings.HasPrefix(lower, typo) {
				return "", "", &objection{why: "it starts with " + typo + ", not with https://"}
			}
		}
	}
	if i := strings.Index(lower, "://"); i >= 0 && !strings.ContainsAny(lower[:i], "/?#") {
		return "", "", &objection{why: "it does not start with https://"}
	}
	return "", strings.TrimPrefix(text, "//"), nil
}

func (p urlParts) cutAuthority(authority string) (urlParts, *objection) {
	bracketed := strings.HasPrefix(authority, "[")
	host, port := authority, ""
	if bracketed {
		end := strings.IndexByte(authority, ']')
		if end < 0 {
			return p, &objection{why: "its host is not complete"}
		}
		host, port = authority[1:end], authority[end+1:]
		a, err := netip.ParseAddr(host)
		if err != nil || !a.Is6() || a.Zone() != "" || port != "" && port[0] != ':' {
			return p, &objection{why: "its host is no valid address"}
		}
		host = a.String()
	} else if i := strings.IndexByte(authority, ':'); i >= 0 {
		host, port = authority[:i], authority[i:]
	}
	if port != "" {
		port = port[1:]
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return p, &objection{why: "what follows the host is no valid port"}
		}
		port = strconv.FormatUint(n, 10)
	}
	p.host, p.port = host, port
	if bracketed {
		return p, nil
	}
	return p.cleanHost()
}

// cleanHost brings the host to lower-case ASCII or says what is wrong with it.
func (p urlParts) cleanHost() (urlParts, *objection) {
	for _, r := range p.host {
		if r >= utf8.RuneSelf {
			return p.foreignLetters(r)
		}
	}
	p.host = strings.ToLower(p.host)
	if name, ok := strings.CutSuffix(p.host, "."); ok {
		return p, &objection{why: "its host ends with a dot", instead: suggest(name)}
	}
	switch {
	case keyPrefix(p.host):
		return p, &objection{why: "that looks like a Consumer Key, which is no address"}
	case !plainHost(p.host):
		return p, &objection{why: "its host is not a valid name"}
	case looksNumeric(p.host):
		if a, err := netip.ParseAddr(p.host); err != nil || !a.Is4() {
			return p, &objection{why: "its host is a number"}
		}
	case strings.HasPrefix(p.host, "xn--"), strings.Contains(p.host, ".xn--"):
		p.odd = &objection{why: p.host + " stands for a name in other letters, which no host of Salesforce's has", foreign: true, trust: true}
	case !strings.Contains(p.host, ".") && p.host != "localhost":
		p.odd = &objection{why: "that is a name without its domain", instead: "https://" + p.host + ".my.salesforce.com", trust: true}
	}
	return p, nil
}

// foreignLetters refuses a host with letters outside ASCII, which no Salesforce
// host has: they look like other letters. The name that machines see is shown.
func (p urlParts) foreignLetters(r rune) (urlParts, *objection) {
	ascii, err := idna.Lookup.ToASCII(p.host)
	if err != nil || !plainHost(ascii) {
		return p, &objection{why: fmt.Sprintf("its host contains the character %U, which no login address has", r), foreign: true}
	}
	if looksNumeric(ascii) {
		return p, &objection{why: "its host is a number", foreign: true}
	}
	masked := strings.ToLower(strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf {
			return '?'
		}
		return r
	}, p.host))
	at := suggest(ascii)
	mimics := strings.Contains(ascii, "xn--") && (at != "" || Owned(ascii))
	if mimics {
		at = suggest(plainLetters(p.host)) // never the name that machines read
	}
	p.host = ascii
	p.odd = &objection{why: fmt.Sprintf("its host contains the character %U, which is no ordinary letter; machines read the host as %s", r, ascii),
		instead: cmp.Or(at, resembles(masked)), foreign: true, trust: true, mimics: mimics}
	return p, nil
}

// plainLetters puts ordinary letters in the place of those that look like them, as
// far as hosts were seen to be imitated so: Cyrillic and Greek ones.
func plainLetters(host string) string {
	return strings.NewReplacer("а", "a", "е", "e", "о", "o", "р", "p", "с", "c", "х", "x", "у", "y", "і", "i", "ј", "j", "ѕ", "s", "һ", "h", "ӏ", "l", "ԁ", "d", "ԛ", "q", "ԝ", "w",
		"к", "k", "м", "m", "т", "t", "в", "b", "н", "h", "ο", "o", "α", "a", "ν", "v", "ρ", "p", "τ", "t", "ι", "i", "κ", "k", "υ", "u").Replace(strings.ToLower(host))
}

// suggest gives the login URL for a host that is in order, "" for any other. It
// must not reach foreign, which asks it.
func suggest(host string) string {
	if _, _, _, known := splitFamily(host); !plainHost(host) || !known && !Owned(host) {
		return ""
	}
	if p, no := locate(host); no == nil {
		return "https://" + p.host
	}
	return ""
}

// login judges the host and makes the origin.
func (p urlParts) login(o LoginOptions) (LoginURL, *objection) {
	if Loopback(p.host) {
		// A bare loopback host is a practice org, which speaks http.
		return LoginURL{scheme: cmp.Or(p.scheme, "http"), host: hostPort(p.host, p.port), kind: KindLoopback}, nil
	}
	if p.port == "443" && p.scheme != "http" {
		p.port = ""
	}
	at, no := locate(p.host)
	if no != nil && !(o.TrustHost && no.trust) {
		return LoginURL{}, no
	}
	if no != nil || p.port != "" && o.TrustHost {
		at = place{host: hostPort(p.host, p.port), kind: KindTrusted}
	}
	switch {
	case p.scheme == "http":
		return LoginURL{}, &objection{why: "http:// is not encrypted, and a sign-in over it can be read by others", instead: "https://" + at.host}
	case p.port != "" && !o.TrustHost:
		return LoginURL{}, &objection{why: "Salesforce has no login on port " + p.port, instead: "https://" + at.host}
	}
	l := LoginURL{scheme: "https", host: at.host, kind: at.kind}
	if at.note != "" {
		l.change = fmt.Sprintf(at.note, l.String())
	}
	return l, nil
}

// change says what was changed where the host stayed the same.
func (p urlParts) change(raw string, l LoginURL) string {
	typed := strings.TrimSuffix(strings.TrimSpace(raw), "/")
	switch {
	case typed == l.String():
		return ""
	case p.more:
		return "What follows the host was left out. The login URL is " + l.String() + "."
	case p.scheme == "":
		return "Only the host was entered. The login URL is " + l.String() + "."
	}
	return "The address was tidied. The login URL is " + l.String() + "."
}
