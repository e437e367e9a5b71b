package salesforce

import (
	"fmt"
	"net/http"
	"strings"
	"unicode"
)

// Surface is the part of Salesforce that gave an error.
type Surface string

// The surfaces of the error table.
const (
	SurfaceAuthorize Surface = "authorize"
	SurfaceToken     Surface = "token"
	SurfaceJWT       Surface = "jwt" // the token endpoint, where the same words mean something else
	SurfaceREST      Surface = "rest"
	SurfaceIdentity  Surface = "identity"
	SurfaceRevoke    Surface = "revoke"
)

// Refusal is an error that Salesforce itself gave to a call. Code and
// Description are free of control characters, but are the server's words, which
// may echo what was sent: redact them before they are shown or handed to Explain.
type Refusal struct {
	Surface     Surface
	Status      int // of HTTP
	Code        string
	Description string // whole, up to 8192 characters
}

// Error implements error.
func (r *Refusal) Error() string {
	return fmt.Sprintf("%s answered %d %s: %s", r.Surface, r.Status, r.Code, r.Description)
}

// Expired reports whether a new access token may help, so that one refresh and
// one more try are worth it: the session ended (401), or the identity service no
// longer knows the token (403 Bad_OAuth_Token). A 401 that says that this sort of
// session may not call the API, or that the token went to the wrong host, would
// only be repeated.
func (r *Refusal) Expired() bool {
	switch {
	case r.Code == "Bad_OAuth_Token":
		return true
	case r.Status != http.StatusUnauthorized:
		return false
	}
	return r.Code != "INVALID_AUTH_HEADER" && r.Code != "Missing_OAuth_Token" && !strings.Contains(strings.ToLower(r.Description), "not valid for use")
}

// cleanCode keeps what an error code may consist of.
func cleanCode(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 80 || !alnum(strings.NewReplacer("_", "", "-", "", ".", "").Replace(s)) {
		return ""
	}
	return s
}

const (
	longestQuote = 300     // characters that are shown of a server's text
	longestText  = 8 << 10 // and that are kept of its description of an error
)

// cleanText makes a server's text fit for a terminal: one line, nothing that
// moves the cursor or hides, at most longestQuote characters.
func cleanText(s string) string {
	s, _ = cut(printable(s), longestQuote)
	return s
}

// cleanWhole is cleanText without the shortening: what is cut out of a secret is
// no longer recognised as one, so text that may echo one is redacted first. Text
// of an absurd length loses its last word rather than a part of it.
func cleanWhole(s string) string {
	s, short := cut(printable(s), longestText)
	if short {
		return s[:strings.LastIndexByte(s, ' ')+1] + "…"
	}
	return s
}

func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case invisible(r), !unicode.IsPrint(r):
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// cut keeps so many characters of s and marks what it shortened.
func cut(s string, most int) (string, bool) {
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "…", true
		}
	}
	return s, false
}
