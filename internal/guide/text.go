package guide

import (
	"strings"

	"example.com/sfconnect/internal/recipe"
)

// Text is a run of words, some of which look different. Words are plain text, a
// stranger's too: whoever writes them out escapes them.
type Text []Span

// Span is a piece of a Text.
type Span struct {
	Words  string
	Code   bool   // a value, a command, a name of Salesforce's
	Strong bool   // what is to be clicked or chosen
	Gap    bool   // stands for a value that is not known yet
	URL    string // leads there; https, or our own link to a Setup page
}

// Plain is the text without its looks, with gaps as the reader sees them.
func (t Text) Plain() string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(s.Shown())
	}
	return b.String()
}

// Shown is the words of a span, a gap in its brackets.
func (s Span) Shown() string {
	if s.Gap {
		return "‹" + s.Words + "›"
	}
	return s.Words
}

// Whole is the exact value for a clipboard, and false where a gap is in it.
func (t Text) Whole() (string, bool) {
	for _, s := range t {
		if s.Gap {
			return "", false
		}
	}
	return t.Plain(), len(t) > 0
}

// words joins plain strings (ours) and texts.
func words(parts ...any) Text {
	var t Text
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			if p != "" {
				t = append(t, Span{Words: p})
			}
		case Text:
			t = append(t, p...)
		}
	}
	return t
}

func strong(s string) Text { return Text{{Words: s, Strong: true}} }

func code(s string) Text { return Text{{Words: s, Code: true}} }

func link(label, url string) Text {
	if url == "" {
		return words(label)
	}
	return Text{{Words: label, URL: url}}
}

// gap marks, in a template that is being split, where a name stood. A recipe
// cannot contain it: control characters are refused.
const gapStart, gapEnd = "\x01", "\x02"

// split makes a text of a template: each ${name} that is left in it is a gap.
func split(template string, look Span) Text {
	marked := recipe.Expand(template, func(name string) (string, bool) { return gapStart + name + gapEnd, true })
	var t Text
	for marked != "" {
		before, rest, found := strings.Cut(marked, gapStart)
		if before != "" {
			s := look
			s.Words = before
			t = append(t, s)
		}
		if !found {
			break
		}
		name, after, _ := strings.Cut(rest, gapEnd)
		s := look
		s.Words, s.Gap = gapName(name), true
		t = append(t, s)
		marked = after
	}
	return t
}

// said is a sentence of the recipe, value one to be entered as it stands.
func said(template string) Text  { return split(template, Span{}) }
func value(template string) Text { return split(template, Span{Code: true}) }

// saidEach is said for a list.
func saidEach(list []string) []Text {
	var out []Text
	for _, s := range list {
		out = append(out, said(s))
	}
	return out
}

// gapName is what a gap is called: an input by its id, a result by its usual name.
func gapName(name string) string {
	switch name {
	case "consumer_key":
		return "Consumer Key"
	case "consumer_secret":
		return "Consumer Secret"
	case "refresh_token":
		return "refresh token"
	case "login_url":
		return "login URL"
	case "login_host":
		return "login host"
	case "my_domain":
		return "My Domain host"
	case "subdomain":
		return "My Domain name"
	case "instance_url":
		return "My Domain URL"
	case "private_key":
		return "private key"
	case "private_key_base64":
		return "private key in base64"
	case "username":
		return "Username"
	case "org_id":
		return "Organization ID"
	case "org_name":
		return "org name"
	case "token_url":
		return "token URL"
	case "authorize_url":
		return "authorize URL"
	}
	return name
}

// form says what exactly stands for a result in the hand-over.
func form(name string) Text {
	switch name {
	case "consumer_key":
		return words("from the app's Settings tab, whole and without spaces")
	case "consumer_secret":
		return words("from the app's Settings tab, whole and without spaces")
	case "refresh_token":
		return words("what the sign-in gave, whole and without spaces")
	case "login_url":
		return words("with ", code("https://"), " and without a slash at the end, such as ", code("https://acme.my.salesforce.com"))
	case "login_host":
		return words("the login URL without ", code("https://"), ", such as ", code("acme.my.salesforce.com"))
	case "my_domain":
		return words("without ", code("https://"), " and without a slash, such as ", code("acme.my.salesforce.com"))
	case "subdomain":
		return words("the first part of your My Domain: ", code("acme"), " of ", code("acme.my.salesforce.com"), ", ",
			code("acme--dev.sandbox"), " of ", code("acme--dev.sandbox.my.salesforce.com"))
	case "instance_url":
		return words("with ", code("https://"), " and without a slash at the end, such as ", code("https://acme.my.salesforce.com"))
	case "token_url":
		return words("the login URL and ", code("/services/oauth2/token"))
	case "authorize_url":
		return words("the login URL and ", code("/services/oauth2/authorize"))
	case "private_key":
		return words("the whole file, its BEGIN and END lines included")
	case "private_key_base64":
		return words("the whole file in base64, on one line")
	case "certificate":
		return words("the whole file, its BEGIN and END lines included")
	case "username":
		return words("the Username as Setup › Users shows it, which is not always the email address")
	case "org_id":
		return words("18 characters; Setup › Company Information shows the first 15")
	case "org_name":
		return words("as Setup › Company Information shows it")
	}
	return nil
}
