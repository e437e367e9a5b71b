package oauthflow

import (
	"crypto/subtle"
	"encoding/json"
	"net/url"
	"strings"
	"unicode"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
)

// longestPaste bounds what is looked at; real addresses have some 400 characters.
const longestPaste = 64 << 10

// Pasting is a sign-in for which an address is pasted.
type Pasting struct {
	State string
	Bare  bool                   // a code alone will do
	Known func(code string) bool // an error of Salesforce's; what has another one is no error but some text
}

// Read reads what a person copied at the end of a sign-in: the address that
// the browser landed on, or the error that Salesforce showed, as an address, as
// form text or as "CODE : message". The code is decoded exactly once. An address
// with a code must carry state; an error need not, because Salesforce's own error
// page often has none, but must not carry another one. A code without its address
// is taken only with Bare.
//
// The error is *Refused for an error of Salesforce's, else a *fault.Fault with
// code usage, which says what to paste instead and repeats nothing of the text.
func (p Pasting) Read(text string) (secret.Value, error) {
	text = tidyPaste(text)
	switch {
	case text == "":
		return secret.Value{}, notPasted("nothing was pasted", pasteAll)
	case len(text) > longestPaste:
		return secret.Value{}, notPasted("it is far too long to be an address", pasteAll)
	}
	if query, found := pastedQuery(text); found {
		return readQuery(query, p.State)
	}
	if refused := p.spokenRefusal(text); refused != nil {
		return secret.Value{}, refused
	}
	if u, err := url.Parse(text); err == nil && u.Host != "" {
		return secret.Value{}, notPasted("that address has neither a code nor an error in it",
			"Sign in, press Allow, and copy the address of the page that comes then.")
	}
	if !codeLetters(text) {
		return secret.Value{}, notPasted("it is no address", pasteAll)
	}
	if !p.Bare {
		return secret.Value{}, notPasted("it is a code alone, which does not show that it belongs to this sign-in", pasteAll+" In a script, --yes takes a code alone.")
	}
	code, err := url.QueryUnescape(strings.ReplaceAll(text, "+", "%2B"))
	if err != nil {
		return secret.Value{}, notPasted("the code is not complete", pasteAll)
	}
	return secret.New(code), nil
}

const pasteAll = "Paste the whole address from the address bar of the browser, as it is after you pressed Allow."

func notPasted(why, hint string) *fault.Fault {
	return fault.New(fault.Usage, "browser", "What was pasted was not taken: "+why+".", hint)
}

// tidyPaste takes off what surrounds a pasted line, and what a terminal or a mail
// puts into one: line breaks and invisible characters. Blanks stay, because error
// texts have them.
func tidyPaste(text string) string {
	text = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, text))
	for _, pair := range []string{`""`, "''", "<>", "“”"} {
		first, last := string([]rune(pair)[0]), string([]rune(pair)[1])
		if inner, ok := strings.CutPrefix(text, first); ok {
			text = strings.TrimSpace(strings.TrimSuffix(inner, last))
		}
	}
	return text
}

// pastedQuery is the part of an address, or the form text, that holds the answer.
func pastedQuery(text string) (string, bool) {
	for _, start := range []string{"code=", "state=", "error="} {
		if strings.HasPrefix(text, start) {
			return withoutFragment(text), true
		}
	}
	address, query, found := strings.Cut(text, "?")
	if !found || strings.ContainsAny(address, " \t") {
		return "", false
	}
	if strings.HasSuffix(address, "/services/oauth2/authorize") {
		return "", false
	}
	query = withoutFragment(query)
	values := parseForm(query).values
	return query, values.Has("code") || values.Has("error")
}

func withoutFragment(query string) string {
	query, _, _ = strings.Cut(query, "#")
	return strings.TrimSpace(query)
}

// unbroken joins the pieces of a value that has no blanks of its own.
func unbroken(values []string) (out []string) {
	for _, v := range values {
		out = append(out, strings.Join(strings.Fields(v), ""))
	}
	return out
}

func readQuery(query, state string) (secret.Value, error) {
	form := parseForm(query)
	given := unbroken(form.values["state"])
	for _, s := range given {
		if subtle.ConstantTimeCompare([]byte(s), []byte(state)) != 1 {
			return secret.Value{}, notPasted("it belongs to another sign-in, perhaps an earlier one", "Open the address of this sign-in, and paste where that one leads to.")
		}
	}
	codes := unbroken(form.values["code"])
	if refused := form.refusal(0); refused != nil && len(codes) == 0 {
		return secret.Value{}, refused
	}
	switch {
	case len(codes) != 1 || codes[0] == "" || len(codes[0]) > mostCode || form.spoiled["code"] || form.values.Has("error"):
		return secret.Value{}, notPasted("there is not one whole code in it", pasteAll)
	case len(given) == 0:
		return secret.Value{}, notPasted("a part of the address is missing (state)", pasteAll)
	}
	return secret.New(codes[0]), nil
}

// spokenRefusal reads an error that was copied from the text of a page: JSON, or
// "CODE : message" with other words before it.
func (p Pasting) spokenRefusal(text string) *Refused {
	var object struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if json.Unmarshal([]byte(text), &object) == nil {
		return newRefused(0, object.Error, object.Description)
	}
	if !strings.ContainsAny(text, " \t") {
		if p.Known != nil && p.Known(text) {
			return newRefused(0, text, "")
		}
		return nil
	}
	before, description, found := strings.Cut(text, ":")
	words := strings.Fields(before)
	if !found || len(words) == 0 {
		return nil
	}
	code := words[len(words)-1]
	if p.Known == nil || !p.Known(code) {
		return nil
	}
	return newRefused(0, code, description)
}

func codeLetters(s string) bool {
	return len(s) >= 20 && len(s) <= mostCode && !strings.ContainsFunc(s, func(r rune) bool {
		return r > unicode.MaxASCII || !(unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-=%/+", r))
	})
}
