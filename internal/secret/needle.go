package secret

import (
	"encoding/base64"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// needle is one form of a secret, found however its characters are escaped.
type needle struct {
	text  string
	first string // the bytes with which an occurrence can begin
}

func newNeedle(text string) needle {
	first := text[:1] + `%\`
	if text[0] == ' ' {
		first += "+"
	}
	return needle{text, first}
}

// findAll adds the begin and the end of each occurrence in s to found.
func (n needle) findAll(s string, found [][]int) [][]int {
	for at := 0; at < len(s); {
		next := strings.IndexAny(s[at:], n.first)
		if c := n.text[0]; c >= utf8.RuneSelf { // IndexAny looks for characters, and this is a part of one
			next = indexBytes(s[at:], c)
		}
		if next < 0 {
			break
		}
		at += next
		if end := n.match(s, at); end > 0 {
			found = append(found, []int{at, end})
		}
		at++
	}
	return found
}

// indexBytes finds the first byte that is c or begins an escape.
func indexBytes(s string, c byte) int {
	for i := range len(s) {
		if s[i] == c || s[i] == '%' || s[i] == '\\' {
			return i
		}
	}
	return -1
}

// match gives the end of an occurrence that begins at at, the longest there is;
// 0 for none. A "%" or a backslash of the secret's may stand for itself or begin
// an escape, so that all the places which the text so far can end at are kept.
func (n needle) match(s string, at int) int {
	ends := []int{at}
	for rest := n.text; rest != ""; {
		_, size := utf8.DecodeRuneInString(rest)
		var further []int
		for _, end := range ends {
			further = spelled(s, end, rest[:size], further)
		}
		if len(further) == 0 {
			return 0
		}
		ends, rest = further, rest[size:]
	}
	longest := 0
	for _, end := range ends {
		longest = max(longest, end)
	}
	return longest
}

// spelled adds to ends where the character ends that may stand at at in s: as it
// is, percent-encoded or escaped as in JSON.
func spelled(s string, at int, character string, ends []int) []int {
	add := func(end int) {
		for _, e := range ends {
			if e == end {
				return
			}
		}
		ends = append(ends, end)
	}
	tail := s[at:]
	if strings.HasPrefix(tail, character) || character == " " && strings.HasPrefix(tail, "+") {
		add(at + len(character))
	}
	if percentEncoded(tail, character) {
		add(at + 3*len(character))
	}
	if strings.HasPrefix(tail, `\`) {
		if n := jsonEscaped(tail, character); n > 0 {
			add(at + n)
		}
	}
	return ends
}

func percentEncoded(s, character string) bool {
	if len(s) < 3*len(character) {
		return false
	}
	for i := range len(character) {
		code := s[3*i : 3*i+3]
		if code[0] != '%' {
			return false
		}
		if b, err := strconv.ParseUint(code[1:], 16, 8); err != nil || byte(b) != character[i] {
			return false
		}
	}
	return true
}

// jsonEscaped gives the length of the escape (RFC 8259 section 7) with which s
// begins, where it stands for the character; else 0.
func jsonEscaped(s, character string) int {
	if len(s) < 2 {
		return 0
	}
	if i := strings.IndexByte(`"\/bfnrt`, s[1]); i >= 0 {
		if character == "\"\\/\b\f\n\r\t"[i:i+1] {
			return 2
		}
		return 0
	}
	want, _ := utf8.DecodeRuneInString(character)
	if one := hexRune(s); one == want && utf8.RuneLen(want) == len(character) {
		return 6
	} else if one >= 0 && len(s) > 6 && utf16.DecodeRune(one, hexRune(s[6:])) == want && want != utf8.RuneError {
		return 12
	}
	return 0
}

// hexRune reads \uXXXX; -1 where s does not begin so.
func hexRune(s string) rune {
	if len(s) < 6 || s[:2] != `\u` {
		return -1
	}
	n, err := strconv.ParseUint(s[2:6], 16, 16)
	if err != nil {
		return -1
	}
	return rune(n)
}

// base64Forms are those of text itself, and of text within more: what lies before
// it moves it by none, one or two bytes, and the digits at either end that it
// shares with its neighbours are left off. Padding is no part of them.
func base64Forms(text string) []string {
	var forms []string
	for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		forms = append(forms, e.EncodeToString([]byte(text)))
		for before := range 3 {
			all := e.EncodeToString(append(make([]byte, before), text...))
			forms = append(forms, all[(8*before+5)/6:(before+len(text))*8/6])
		}
	}
	return forms
}
