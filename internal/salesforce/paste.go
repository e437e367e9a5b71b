package salesforce

import (
	"strings"
	"unicode"
)

// invisible reports whether r takes no room: what web pages and chats put
// between or around characters, and what Unicode lets a reader ignore.
func invisible(r rune) bool {
	switch r {
	case '\u00ad', '\u061c', '\u180e', '\u2060', '\ufeff':
		return true
	}
	return r >= '\u200b' && r <= '\u200f' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' ||
		unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// unwrap takes off what surrounds a pasted text: blanks, invisible characters
// and pairs of quotes or angle brackets.
func unwrap(s string) string {
	for {
		t := unquote(trimBlank(s))
		if t == s {
			return s
		}
		s = t
	}
}

// trimBlank takes blanks and invisible characters off both ends.
func trimBlank(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || invisible(r) })
}

// unquote takes one pair of quotes or angle brackets off, with the comma that may
// follow it in JSON.
func unquote(s string) string {
	for _, pair := range [][2]string{{`"`, `"`}, {"'", "'"}, {"`", "`"}, {"“", "”"}, {"„", "“"}, {"‘", "’"}, {"«", "»"}, {"<", ">"}} {
		if inner, ok := strings.CutPrefix(s, pair[0]); ok {
			if inner, ok := strings.CutSuffix(strings.TrimRight(inner, ",;"), pair[1]); ok {
				return inner
			}
		}
	}
	return s
}
