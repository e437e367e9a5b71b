package salesforce

import (
	"encoding/json"
	"net/url"
	"strings"
)

// ErrorText is an error of Salesforce's as somebody copied it. Surface is "" where
// the form does not tell it; Code may be "". Both texts are fit for a terminal.
type ErrorText struct {
	Surface     Surface
	Code        string
	Description string
}

// ReadError finds an error in copied text: an address or a query with error= in
// it, the JSON of the token endpoint or of the REST API, a code of the table, or
// "CODE : description" as a page of Salesforce's shows it. Any of them may stand
// in other text. It reports false for a text without one.
func ReadError(text string) (ErrorText, bool) {
	text = unwrap(text)
	if len(text) > longestPaste {
		return ErrorText{}, false
	}
	for _, read := range []func(string) ErrorText{errorInQuery, errorInJSON, errorByCode, errorInLine} {
		if e := read(text); e.Code != "" {
			return e, true
		}
	}
	return ErrorText{}, false
}

// PlainQuotes writes a typographic apostrophe, which pages and word processors
// make of the plain one, as the plain one.
func PlainQuotes(s string) string {
	return strings.NewReplacer("’", "'", "‘", "'", "ʼ", "'").Replace(s)
}

func copied(s Surface, code, description string) ErrorText {
	return ErrorText{s, cleanCode(code), cleanWhole(PlainQuotes(description))}
}

func errorInQuery(text string) ErrorText {
	at := queryStart(text)
	if at < 0 {
		return ErrorText{}
	}
	// What cannot be decoded is left out; the rest may tell enough.
	values, _ := url.ParseQuery(text[at:])
	code, _, _ := strings.Cut(strings.TrimSpace(values.Get("error")), " ") // a log goes on after the address
	return copied(SurfaceAuthorize, code, values.Get("error_description"))
}

// queryStart is where error= begins as a parameter of its own, -1 where it does not.
func queryStart(text string) int {
	const name = "error="
	for from := 0; ; {
		i := strings.Index(text[from:], name)
		if i < 0 {
			return -1
		}
		at := from + i
		if at == 0 || strings.ContainsRune("?&#\"'( \t\r\n", rune(text[at-1])) {
			return at
		}
		from = at + len(name)
	}
}

// mostBrackets bounds how many places of a text are tried as the start of JSON.
const mostBrackets = 40

func errorInJSON(text string) ErrorText {
	tried := 0
	for i := range len(text) {
		if text[i] != '{' && text[i] != '[' {
			continue
		}
		if e := errorAtJSON(text[i:]); e.Code != "" {
			return e
		}
		if tried++; tried == mostBrackets {
			break
		}
	}
	return ErrorText{}
}

// errorAtJSON reads the value with which a text begins, whatever follows it.
func errorAtJSON(text string) ErrorText {
	var one struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if json.NewDecoder(strings.NewReader(text)).Decode(&one) == nil {
		return copied(SurfaceToken, one.Error, one.Description)
	}
	var list []struct{ Message, ErrorCode string }
	if json.NewDecoder(strings.NewReader(text)).Decode(&list) == nil && len(list) > 0 {
		return copied(SurfaceREST, list[0].ErrorCode, list[0].Message)
	}
	return ErrorText{}
}

// errorByCode looks for the first code of the table that stands in a text as a
// word; what follows it is its description. The error page has blanks around the
// colon. A code without a letter, 1800, is one there alone.
func errorByCode(text string) ErrorText {
	known := map[string]string{}
	for _, e := range Entries() {
		known[strings.ToLower(e.Code)] = e.Code
	}
	for at := 0; at < len(text); {
		end := at
		for end < len(text) && codeByte(text[end]) {
			end++
		}
		if end == at {
			at++
			continue
		}
		word := strings.TrimRight(text[at:end], ".-")
		rest := strings.TrimSpace(text[at+len(word):])
		description, colon := strings.CutPrefix(rest, ":")
		ofPage := colon && text[at+len(word)] != ':'
		code := known[strings.ToLower(word)]
		if code != "" && (ofPage || strings.Contains(code, "_") || strings.Contains(code, "-")) {
			s := Surface("")
			if ofPage {
				s = SurfaceAuthorize
			}
			return copied(s, code, description)
		}
		at = end
	}
	return ErrorText{}
}

func codeByte(b byte) bool {
	return b == '_' || b == '-' || b == '.' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

// errorInLine reads "CODE : description" of the error page, and "code: description"
// as we quote Salesforce's words ourselves.
func errorInLine(text string) ErrorText {
	code, description, ok := strings.Cut(text, ": ")
	if !ok {
		return ErrorText{}
	}
	page, ofPage := strings.CutSuffix(code, " ")
	if ofPage {
		return copied(SurfaceAuthorize, page, description)
	}
	return copied("", code, description)
}
