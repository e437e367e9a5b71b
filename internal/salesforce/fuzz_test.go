package salesforce

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
)

// wantPrintable wants text fit for a terminal: nothing that it would obey.
func wantPrintable(t *testing.T, what, text string) {
	t.Helper()
	for _, r := range text {
		if r != '\n' && !unicode.IsPrint(r) {
			t.Errorf("%s has %U: %q", what, r, text)
			return
		}
	}
	if !utf8.ValidString(text) {
		t.Errorf("%s is no text: %q", what, text)
	}
}

// wantWord wants one word without blanks, quotes around it, and all that cannot be seen.
func wantWord(t *testing.T, in, word string) {
	t.Helper()
	odd := func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Cc, r)
	}
	if word == "" || !utf8.ValidString(word) || strings.ContainsFunc(word, odd) || len(word) > len(in) {
		t.Errorf("%q gave %q", in, word)
	}
}

// FuzzClean: what is accepted is one printable word, a key without any quote in
// it; it stays the same when cleaned again, and nothing of it shows up in an
// error or warning of the secret's.
func FuzzClean(f *testing.F) {
	f.Add(goodKey)
	f.Add(goodSecret)
	f.Fuzz(func(t *testing.T, in string) {
		key, warning, err := CleanKey(in)
		wantPrintable(t, "the key's warning", warning)
		if err != nil {
			checkFault(t, in, err, fault.From(err).Code, "input", fault.ExitUsage)
		} else {
			wantWord(t, in, key)
			if strings.ContainsAny(key, "\"'`“”„‘’«»<>") {
				t.Errorf("%q gave %q", in, key)
			}
			if again, _, err := CleanKey(key); err != nil || again != key {
				t.Errorf("%q gave %q, then %q, %v", in, key, again, err)
			}
		}
		for what, clean := range map[string]func(string) (secret.Value, string, error){"secret": CleanSecret, "refresh token": CleanRefreshToken} {
			wantCleanSecret(t, in, what, clean)
		}
	})
}

func wantCleanSecret(t *testing.T, in, what string, clean func(string) (secret.Value, string, error)) {
	t.Helper()
	s, told, err := clean(in)
	var said *fault.Fault
	if errors.As(err, &said) {
		told = said.Message + said.Hint
	} else {
		wantWord(t, in, s.Reveal())
		if again, _, err := clean(s.Reveal()); err != nil || !again.Equal(s) {
			t.Errorf("%q gave the %s %q, which is not stable: %v", in, what, s.Reveal(), err)
		}
	}
	wantPrintable(t, "what is told of the "+what, told)
	for word := range strings.FieldsSeq(in + " " + s.Reveal()) {
		if len(word) > 20 && strings.Contains(told, word) {
			t.Errorf("%q is repeated in %q", in, told)
		}
	}
	if printed := fmt.Sprintf("%v %+v %q", s, s, s); printed != strings.Repeat(secret.Hidden+" ", 2)+secret.Hidden {
		t.Errorf("a secret prints as %q", printed)
	}
}

// salesforceOwns is a list of its own, compared by whole labels from the right.
func salesforceOwns(host string) bool {
	labels := strings.Split(host, ".")
	slices.Reverse(labels)
	for _, domain := range []string{
		"com salesforce", "com force", "com salesforce-setup", "com my-salesforce", "com my-lightning", "com site my", "com salesforce-sites",
		"com salesforce-experience", "com visualforce", "com documentforce", "com cloudforce", "com salesforceliveagent", "com salesforce-scrt",
		"mil salesforce", "mil crmforce", "mil salesforce-setup", "cn sfcrmproducts", "cn sfcrmapps",
	} {
		want := strings.Fields(domain)
		if len(labels) >= len(want) && slices.Equal(labels[:len(want)], want) {
			return true
		}
	}
	return false
}

// FuzzParseLoginURL: what is accepted is http on this machine, or https: on a host
// of Salesforce's, label by label and without a port, or on any one where that was
// asked for. A browser reads the origin as we do, and it parses to itself.
func FuzzParseLoginURL(f *testing.F) {
	f.Fuzz(func(t *testing.T, in string, trust bool) {
		l, err := ParseLoginURL(in, LoginOptions{TrustHost: trust})
		if err != nil {
			checkFault(t, in, err, fault.From(err).Code, "input", fault.ExitUsage)
			wantPrintable(t, "the error", fault.From(err).Message+fault.From(err).Hint)
			return
		}
		wantPrintable(t, "the origin", l.String())
		wantPrintable(t, "the change", l.Change())
		u, err := url.Parse(l.String())
		if err != nil || u.Host != l.Host() || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || strings.HasSuffix(l.String(), "/") {
			t.Fatalf("%q gave %q, which a browser reads as %+v, %v", in, l, u, err)
		}
		if host := u.Hostname(); host != strings.ToLower(host) || strings.ContainsAny(host, "%\\@/?# ") || strings.HasSuffix(host, ".") {
			t.Errorf("%q gave %q", in, l)
		}
		a, numeric := netip.ParseAddr(u.Hostname())
		loopback := u.Hostname() == "localhost" || numeric == nil && a.IsLoopback() && !a.Is4In6()
		switch {
		case l.Kind() == KindLoopback:
			if !loopback || u.Scheme != "http" && u.Scheme != "https" {
				t.Errorf("%q gave %q", in, l)
			}
		case u.Scheme != "https", loopback:
			t.Errorf("%q gave %q", in, l)
		case l.Kind() == KindTrusted:
			if !trust {
				t.Errorf("%q gave %q", in, l)
			}
		case u.Port() != "" || !salesforceOwns(u.Hostname()):
			t.Errorf("%q gave %q", in, l)
		}
		again, err := ParseLoginURL(l.String(), LoginOptions{TrustHost: trust})
		if err != nil || again.String() != l.String() || again.Kind() != l.Kind() {
			t.Errorf("%q gave %q, then %q, %v", in, l, again, err)
		}
		if !l.Trusts(l.Host()) || l.Trusts("evil.example") && l.Host() != "evil.example" || l.Trusts(l.Host()+".evil.example") {
			t.Errorf("%q gave %q, which trusts the wrong hosts", in, l)
		}
	})
}

// wire is a server that gives one answer and remembers where tokens were sent.
type wire struct {
	status    int
	header    http.Header
	body      string
	sent      []*url.URL
	strangers []string // hosts that got the token and must not
}

const planted = "00Dxx0000001gPL!AQ.planted_access_token_of_this_test"

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.sent = append(w.sent, r.URL)
	if host := strings.ToLower(r.URL.Hostname()); r.Header.Get("Authorization") != "" && (r.URL.Scheme != "https" || !salesforceOwns(host) || r.URL.Port() != "") {
		w.strangers = append(w.strangers, r.URL.String())
	}
	return &http.Response{StatusCode: w.status, Header: w.header, Body: io.NopCloser(strings.NewReader(w.body)), Request: r}, nil
}

// FuzzErrorBody: whatever an identity or REST call is answered with, the token goes
// to Salesforce's hosts alone, nothing but an identity redirect is followed, and
// what a person is told is printable, names a way on, and has no secret in it even
// where the answer echoes it.
func FuzzErrorBody(f *testing.F) {
	const origin = "https://acme.my.salesforce.com"
	f.Fuzz(func(t *testing.T, status int, contentType, location, body string) {
		if status < 100 || status > 999 {
			t.Skip()
		}
		body, location = strings.ReplaceAll(body, "PLANTED", planted), strings.ReplaceAll(location, "PLANTED", planted)
		token := secret.New(planted)
		var redactor secret.Redactor
		redactor.Hide(token)
		calls := map[Surface]func(Client) error{
			SurfaceIdentity: func(c Client) error {
				_, err := c.Identity(t.Context(), origin+"/id/00Dxx0000001gPLEAY/005xx000001SwiUAAS", token)
				return err
			},
			SurfaceREST: func(c Client) error {
				_, err := c.Limits(t.Context(), origin, "68.0", token)
				return err
			},
			"versions": func(c Client) error {
				_, err := c.Versions(t.Context(), origin)
				return err
			},
			"organization": func(c Client) error {
				_, err := c.Organization(t.Context(), origin, "v68.0", token)
				return err
			},
		}
		for name, call := range calls {
			w := &wire{status: status, header: http.Header{"Content-Type": {contentType}, "Location": {location}, "Retry-After": {location}}, body: body}
			err := call(Client{HTTP: &http.Client{Transport: w}})
			if most := map[Surface]int{SurfaceIdentity: 3}[name]; len(w.sent) > max(most, 1) || len(w.strangers) > 0 {
				t.Errorf("%s: asked %v, sent the token to %v", name, w.sent, w.strangers)
			}
			if err == nil {
				if status/100 != 2 {
					t.Errorf("%s: status %d counts as a success", name, status)
				}
				continue
			}
			wantExplained(t, &redactor, err, body)
		}
	})
}

// wantExplained wants a refusal or a fault from which a person learns enough and
// not too much.
func wantExplained(t *testing.T, redactor *secret.Redactor, err error, body string) {
	t.Helper()
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		said := fault.From(err)
		wantPrintable(t, "the fault", said.Message+said.Hint)
		if said.Exit != fault.ExitNetwork || said.Stage == "" || said.Message == "" || said.Hint == "" || strings.Contains(said.Message+said.Hint+err.Error(), planted) {
			t.Errorf("said %+v", said)
		}
		return
	}
	if refusal.Status < 400 || refusal.Status > 499 || cleanCode(refusal.Code) != refusal.Code || refusal.Code == "" || len(refusal.Description) > 4*longestText+8 {
		t.Errorf("refusal %+v", refusal)
	}
	wantPrintable(t, "the description", refusal.Description)
	if strings.Contains(redactor.Redact(refusal.Error()), planted) {
		t.Errorf("the token is in %q", refusal)
	}
	l, _ := ParseLoginURL("https://acme.my.salesforce.com", LoginOptions{})
	said := Explain(refusal.Surface, redactor.Redact(refusal.Code), redactor.Redact(refusal.Description), l)
	wantPrintable(t, "the explanation", said.Message+said.Hint)
	if said.Code == "" || said.Message == "" || said.Hint == "" || said.Exit < fault.ExitNetwork || said.Exit > fault.ExitRefused {
		t.Errorf("explained as %+v", said)
	}
	// Not even a part: shortening comes after redaction.
	for n := 12; n < len(planted); n++ {
		if part := planted[:n]; strings.Contains(said.Message+said.Hint, part) && !strings.Contains(strings.ReplaceAll(body, planted, ""), part) {
			t.Errorf("%q of the token is in %q", part, said.Message+said.Hint)
		}
	}
}
