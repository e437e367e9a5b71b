package recipe

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longest is how many characters an answer or a recipe's text may have.
const longest = 2000

// CheckAnswer returns what a person typed for in, tidied, or an error whose
// text says what is wanted. Lists come back separated by single blanks.
func CheckAnswer(in Input, raw string) (string, error) {
	text := strings.TrimSpace(raw)
	if text == "" {
		if in.Optional {
			return "", nil
		}
		return "", errors.New("this is needed")
	}
	list := in.Kind == KindURLs || in.Kind == KindScopes
	if list {
		text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == ',' }), " ")
	}
	if err := checkText(text); err != nil {
		return "", err
	}
	if strings.Contains(text, "${") {
		return "", errors.New("write the value itself, without ${")
	}
	switch in.Kind {
	case KindText:
		return text, checkPattern(in, text)
	case KindHost:
		return text, checkHost(text)
	case KindName:
		return text, checkAPIName(text)
	case KindEmail:
		return text, checkEmail(text)
	case KindPhone:
		return text, checkPhone(text)
	case KindURL:
		return text, checkLink(text)
	case KindChoice:
		return text, oneOf(text, in.Options)
	case KindBool:
		return text, oneOf(text, []string{"on", "off"})
	case KindSwitch:
		return text, oneOf(text, []string{"on", "off", "default"})
	case KindURLs:
		for _, s := range strings.Fields(text) {
			if err := checkCallback(s); err != nil {
				return "", fmt.Errorf("%s: %w", s, err)
			}
		}
		return text, nil // longest is the form's limit, too
	case KindScopes:
		var scopes []string
		for _, s := range strings.Fields(text) {
			if err := checkScope(s); err != nil {
				return "", err
			}
			if !slices.Contains(scopes, s) {
				scopes = append(scopes, s)
			}
		}
		return strings.Join(scopes, " "), nil
	}
	return "", fmt.Errorf("unknown kind %q", in.Kind)
}

// Asked reports whether in's condition holds, given the earlier answers.
func Asked(in Input, answers map[string]string) bool { return Holds(in.When, answers) }

// Holds reports whether the condition when ("other=value|value") is fulfilled by
// answers; an empty one is.
func Holds(when string, answers map[string]string) bool {
	name, wanted, conditional := strings.Cut(when, "=")
	return !conditional || slices.Contains(strings.Split(wanted, "|"), answers[name])
}

func oneOf(text string, options []string) error {
	if slices.Contains(options, text) {
		return nil
	}
	return errors.New("choose one of: " + strings.Join(options, ", "))
}

// checkText refuses what could play tricks in a terminal: control characters
// (escape sequences, line breaks), invisible ones and those that turn the
// direction of writing.
func checkText(text string) error {
	if !utf8.ValidString(text) {
		return errors.New("this is not valid UTF-8 text")
	}
	if utf8.RuneCountInString(text) > longest {
		return fmt.Errorf("this is longer than %d characters", longest)
	}
	for _, r := range text {
		switch {
		case r == '\n' || r == '\r':
			return errors.New("a line break is not allowed here")
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
			return fmt.Errorf("the character U+%04X is not allowed", r)
		}
	}
	return nil
}

func checkEmail(text string) error {
	user, host, found := strings.Cut(text, "@")
	if !found || user == "" || strings.ContainsAny(text, " <>\"(),;:") || strings.Contains(host, "@") ||
		!strings.Contains(strings.Trim(host, "."), ".") || strings.Trim(host, ".") != host {
		return errors.New("an email address looks like admin@acme.com")
	}
	return nil
}

func checkPattern(in Input, text string) error {
	if in.Pattern == "" {
		return nil
	}
	whole, err := wholeValue(in.Pattern)
	if err == nil && !whole.MatchString(text) {
		err = errors.New("this should look like " + in.Example)
	}
	return err
}

// wholeValue compiles a pattern so that it must fit from start to end.
func wholeValue(pattern string) (*regexp.Regexp, error) {
	if _, err := regexp.Compile(pattern); err != nil {
		return nil, err
	}
	return regexp.Compile(`^(?:` + pattern + `)$`)
}

func checkHost(text string) error {
	switch {
	case strings.Contains(text, "://"):
		return errors.New("leave out the https:// and write the host alone, such as acme.example.com")
	case strings.ContainsAny(text, `/\?#@:`):
		return errors.New("write the host alone, without slash, port or user, such as acme.example.com")
	case !isHost(text) || !strings.Contains(text, "."):
		return errors.New("a host looks like acme.example.com")
	}
	return nil
}

// isHost accepts a host name in the form that is sent (RFC 1123, letters beyond ASCII as xn--).
func isHost(text string) bool {
	for label := range strings.SplitSeq(text, ".") {
		if label == "" || len(label) > 63 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return false
		}
		for _, r := range label {
			if !(r == '-' || r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') {
				return false
			}
		}
	}
	return len(text) <= 253
}

// checkAPIName is the rule of the form's API Name box.
func checkAPIName(text string) error {
	for i, r := range text {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !(letter || i > 0 && (r == '_' || r >= '0' && r <= '9')) {
			return errors.New("an API Name has letters, digits and _ alone, and starts with a letter")
		}
	}
	if strings.HasSuffix(text, "_") || strings.Contains(text, "__") {
		return errors.New("an API Name has no _ at its end and no two in a row")
	}
	return nil
}

func checkPhone(text string) error {
	digits := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case strings.ContainsRune("+-./() x", r):
			return -1
		}
		return '?'
	}, text)
	if len(digits) < 4 || strings.Contains(digits, "?") {
		return errors.New("a phone number looks like +44 20 7946 0000")
	}
	return nil
}

// checkLink accepts what a person may open: https, a host, nothing in disguise.
func checkLink(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil, strings.ContainsAny(text, " \t\\<>\"`"):
		return errors.New("this is not an address")
	case u.Scheme != "https":
		return errors.New("an address must start with https://")
	case u.User != nil:
		return errors.New("an address must not carry a user name")
	case u.Hostname() == "":
		return errors.New("the address has no host")
	case !isHost(u.Hostname()) && !strings.Contains(u.Host, "["):
		return errors.New("the host has characters that no host has; letters beyond a to z are written as xn--…")
	}
	return nil
}

// checkCallback accepts what Salesforce's form takes (REST API guide, "callback URL"):
// https, a custom scheme, or http on the admin's own machine.
func checkCallback(text string) error {
	u, err := url.Parse(text)
	if err != nil || strings.ContainsAny(text, " \t\\<>\"`*") {
		return errors.New("this is not an address")
	}
	switch u.Scheme {
	case "https":
		return checkLink(text)
	case "http":
		if h := u.Hostname(); u.User == nil && (h == "localhost" || h == "127.0.0.1" || h == "::1") {
			return nil
		}
		return errors.New("a callback address must start with https://; http is for localhost alone")
	case "", "javascript", "data", "file", "vbscript", "blob", "about":
		return errors.New("a callback address must start with https://")
	}
	return nil
}

func checkScope(text string) error {
	for _, r := range text {
		if !(r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') {
			return fmt.Errorf("%q is no scope: write the value in brackets, such as api or refresh_token", text)
		}
	}
	if !slices.Contains(Scopes(), text) {
		return fmt.Errorf("there is no scope %q; Salesforce knows %s", text, strings.Join(Scopes(), ", "))
	}
	return nil
}
