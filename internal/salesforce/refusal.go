package salesforce

import (
	"fmt"
	"net/http"
	"strings"
	"unicode"

	"example.com/sfconnect/internal/fault"
)

// Surface is the part of Salesforce that gave an error.
type Surface string

// The surfaces of the error table.
const (
	SurfaceAuthorize Surface = "authorize"
	SurfaceToken     Surface = "token"
	SurfaceREST      Surface = "rest"
	SurfaceIdentity  Surface = "identity"
	SurfaceRevoke    Surface = "revoke"
)

// Refusal is an error that Salesforce itself gave to a call. Code and
// Description are short and free of control characters, but are the server's
// words: redact them before they are shown.
type Refusal struct {
	Surface     Surface
	Status      int // of HTTP
	Code        string
	Description string
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

// Fault looks the refusal up in the error table.
func (r *Refusal) Fault(l LoginURL) *fault.Fault {
	return Explain(r.Surface, r.Code, r.Description, l).Because(r)
}

// cleanCode keeps what an error code may consist of.
func cleanCode(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 80 || !alnum(strings.NewReplacer("_", "", "-", "", ".", "").Replace(s)) {
		return ""
	}
	return s
}

// longestText bounds what is kept of a server's sentence.
const longestText = 300

// cleanText makes a server's text fit for a terminal: one line, nothing that
// moves the cursor or hides, at most longestText characters.
func cleanText(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case invisible(r), !unicode.IsPrint(r):
			return -1
		}
		return r
	}, s)
	s = strings.TrimSpace(s)
	n := 0
	for i := range s {
		if n++; n > longestText {
			return s[:i] + "…"
		}
	}
	return s
}
