package salesforce

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
)

// What public samples show; Salesforce publishes no grammar, so that only a
// warning follows from it.
const (
	keyStart      = "3MVG9"
	keyLength     = 85
	secretLength  = 64 // older ones are fewer, decimal digits
	secretLetters = "0123456789ABCDEF"
	longestValue  = 4096
)

// CleanKey takes what a person pasted as the Consumer Key and removes what is
// not part of it: labels, quotes, blanks around it, line breaks and invisible
// characters. Text that cannot be a key (empty, a URL, with blanks or quotes inside,
// the Consumer Secret) is an error, a *fault.Fault of stage "input"; a key of
// unusual form comes with a warning, one sentence.
func CleanKey(raw string) (key, warning string, err error) {
	key, err = clean(raw, "Consumer Key", quoteMarks+",;")
	switch {
	case err != nil:
		return "", "", err
	case strings.ContainsAny(key, quoteMarks):
		return "", "", inputFault("Consumer Key", "there is a quotation mark inside it, so it is more or less than the one value", whereKeys)
	case secretForm(key):
		return "", "", inputFault("Consumer Key", "that has the form of the Consumer Secret", "Give the Consumer Key here: it starts with "+keyStart+" and stands above the secret in Setup. The secret has a place of its own; were the two swapped?")
	}
	return key, keyWarning(key), nil
}

func keyWarning(key string) string {
	switch {
	case !strings.HasPrefix(key, keyStart):
		return "A Consumer Key usually starts with " + keyStart + "; this one does not."
	case len(key) != keyLength:
		return fmt.Sprintf("A Consumer Key usually has %d characters; this one has %d. Was all of it copied?", keyLength, len(key))
	case !keyLetters(key):
		return "A Consumer Key usually consists of letters, digits, dots and underscores; this one has other characters."
	}
	return ""
}

// CleanSecret is CleanKey for the Consumer Secret. Neither warning nor error
// contains any of it.
func CleanSecret(raw string) (s secret.Value, warning string, err error) {
	text, err := clean(raw, "Consumer Secret", "")
	switch {
	case err != nil:
		return secret.Value{}, "", err
	case keyForm(text):
		return secret.Value{}, "", inputFault("Consumer Secret", "that has the form of the Consumer Key", "Give the Consumer Secret here: it stands below the key in Setup and has 64 characters. The key has a place of its own; were the two swapped?")
	}
	return secret.New(text), secretWarning(text), nil
}

// CleanRefreshToken is CleanKey for a refresh token that another tool obtained.
// Neither warning nor error contains any of it.
func CleanRefreshToken(raw string) (s secret.Value, warning string, err error) {
	const what = "refresh token"
	if strings.HasPrefix(trimBlank(raw), "force://") {
		return secret.Value{}, "", inputFault(what, "that is a whole sfdx URL", "Take the part between the second colon and the @.")
	}
	text, err := clean(raw, what, "")
	switch {
	case err != nil:
		return secret.Value{}, "", err
	case strings.HasPrefix(text, "00D") && strings.Contains(text, "!"):
		return secret.Value{}, "", inputFault(what, "that has the form of an access token", "Give the refresh token, which lives longer: it usually starts with 5Aep861.")
	case keyForm(text), secretForm(text):
		return secret.Value{}, "", inputFault(what, "that has the form of the Consumer Key or Secret", "Give the refresh token: it usually starts with 5Aep861.")
	case !strings.HasPrefix(text, "5Aep861"):
		warning = "A refresh token usually starts with 5Aep861; this one does not."
	}
	return secret.New(text), warning, nil
}

func secretWarning(text string) string {
	digits := strings.Trim(text, "0123456789") == ""
	switch {
	case secretForm(text), digits && len(text) >= 16 && len(text) <= 24:
		return ""
	case len(text) != secretLength && strings.Trim(text, "0123456789ABCDEFabcdef") == "":
		return fmt.Sprintf("A Consumer Secret usually has %d characters; this one has %d. Was all of it copied?", secretLength, len(text))
	}
	return "A Consumer Secret usually consists of 64 digits and letters from A to F; this one has another form."
}

// Swapped reports whether the one was entered in place of the other.
func Swapped(key string, s secret.Value) bool {
	text := s.Reveal()
	return keyPrefix(text) && !keyPrefix(key) || secretForm(key) && !secretForm(text)
}

// HoldsSecret reports whether a Consumer Secret, known by its form, stands anywhere
// in raw, as it was typed or pasted: behind a key, for example, that was there before.
func HoldsSecret(raw string) bool {
	run := 0
	for _, r := range raw {
		if !strings.ContainsRune(secretLetters, r) {
			run = 0
			continue
		}
		if run++; run == secretLength {
			return true
		}
	}
	return false
}

// quoteMarks are what pages, mails and JSON put around a value; no key has one.
const quoteMarks = "\"'`“”„‘’«»<>"

const whereKeys = "Copy it again: Setup › External Client App Manager › your app › Settings › OAuth Settings › Consumer Key and Secret."

// clean does what key and secret have in common. never are characters that the
// value cannot have: at its ends they are dropped, also where the other half of a
// pair was not copied.
func clean(raw, what, never string) (string, error) {
	if !utf8.ValidString(raw) || len(raw) > longestValue {
		return "", inputFault(what, "what was entered is not text of that sort", "Copy it again from the app's page in Setup.")
	}
	s := raw
	for {
		t := joinLines(unwrap(unlabel(trimBlank(s), "consumer key", "consumer secret", "client id", "client secret", "client_id", "client_secret", "consumer_key", "consumer_secret",
			"refresh token", "refresh_token")))
		t = strings.Trim(t, never)
		if t == s {
			break
		}
		s = t
	}
	where := whereKeys
	if what == "refresh token" {
		where = "Copy it again from the tool that obtained it."
	}
	switch {
	case s == "":
		f := inputFault(what, "nothing was entered", where)
		f.Code = fault.MissingInput
		return "", f
	case strings.Contains(s, "://"):
		return "", inputFault(what, "that is a URL", where)
	case strings.ContainsFunc(s, unicode.IsSpace):
		return "", inputFault(what, "there is a space inside it, so it is more or less than the one value", where)
	case strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }):
		return "", inputFault(what, "there are control characters in it", where)
	}
	return s, nil
}

// joinLines removes line breaks, with the blanks around them, and invisible
// characters: a value that was wrapped by a terminal or a mail is one value.
func joinLines(s string) string {
	var b strings.Builder
	for line := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029' }) {
		b.WriteString(strings.TrimSpace(strings.Map(func(r rune) rune {
			if invisible(r) {
				return -1
			}
			return r
		}, line)))
	}
	return b.String()
}

// unlabel drops a label before the value: "Consumer Key:", a line of its own, or
// as a form or JSON has it.
func unlabel(s string, labels ...string) string {
	for _, l := range labels {
		for _, form := range []string{l, `"` + l + `"`} {
			if len(s) < len(form) || !strings.EqualFold(s[:len(form)], form) {
				continue
			}
			rest := s[len(form):]
			value := strings.TrimLeftFunc(rest, unicode.IsSpace)
			switch {
			case strings.HasPrefix(value, ":"), strings.HasPrefix(value, "="):
				return value[1:]
			case value != rest, rest == "":
				return value
			}
		}
	}
	return s
}

func inputFault(what, why, hint string) *fault.Fault {
	return fault.New(fault.Usage, "input", "The "+what+" was not accepted: "+why+".", hint)
}

// keyPrefix reports whether s starts as every known Consumer Key does.
func keyPrefix(s string) bool {
	return len(s) > 20 && strings.EqualFold(s[:len(keyStart)], keyStart)
}

func keyForm(s string) bool { return strings.HasPrefix(s, keyStart) && len(s) > 60 && keyLetters(s) }

func keyLetters(s string) bool {
	return alnum(strings.NewReplacer(".", "", "_", "").Replace(s))
}

// secretForm reports whether s is what new Consumer Secrets are: 64 hexadecimal
// digits with capitals.
func secretForm(s string) bool {
	return len(s) == secretLength && strings.Trim(s, secretLetters) == ""
}
