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
// it, the JSON of the token endpoint or of the REST API, or "CODE : description"
// as a page of Salesforce's shows it. It reports false for any other text.
func ReadError(text string) (ErrorText, bool) {
	text = unwrap(text)
	if len(text) > longestPaste {
		return ErrorText{}, false
	}
	for _, read := range []func(string) ErrorText{errorInQuery, errorInJSON, errorInLine} {
		if e := read(text); e.Code != "" {
			return e, true
		}
	}
	return ErrorText{}, false
}

func copied(s Surface, code, description string) ErrorText {
	return ErrorText{s, cleanCode(code), cleanWhole(description)}
}

func errorInQuery(text string) ErrorText {
	at := strings.Index(text, "error=")
	if at < 0 || at > 0 && !strings.ContainsRune("?&#", rune(text[at-1])) {
		return ErrorText{}
	}
	// What cannot be decoded is left out; the rest may tell enough.
	values, _ := url.ParseQuery(text[at:])
	return copied(SurfaceAuthorize, values.Get("error"), values.Get("error_description"))
}

func errorInJSON(text string) ErrorText {
	var one struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if json.Unmarshal([]byte(text), &one) == nil {
		return copied(SurfaceToken, one.Error, one.Description)
	}
	var list []struct{ Message, ErrorCode string }
	if json.Unmarshal([]byte(text), &list) == nil && len(list) > 0 {
		return copied(SurfaceREST, list[0].ErrorCode, list[0].Message)
	}
	return ErrorText{}
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
