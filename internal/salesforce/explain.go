package salesforce

import (
	"slices"
	"strings"

	"example.com/sfconnect/internal/fault"
)

// Entry is one row of the error table.
type Entry struct {
	Surface     Surface
	Code        string    // Salesforce's error or errorCode, exactly; "" where the source gives none: any
	Description string    // a part of Salesforce's description, in lower case; "" for any
	What        string    // what it means: follows "Salesforce refused …: ", without a full stop
	Fix         string    // what to do, in whole sentences
	Page        SetupPage // where it is done; "" when not in Setup
	Exit        int
}

// Message is the sentence for people: what was refused, and what the error means.
func (e Entry) Message() string {
	return "Salesforce refused " + object(e.Surface) + ": " + e.What + "."
}

// Entries gives the whole table, authorize first.
func Entries() []Entry {
	all := authorizeEntries()
	all = append(all, tokenEntries()...)
	all = append(all, revokeEntries()...)
	all = append(all, identityEntries()...)
	all = append(all, restEntries()...)
	for i := range all {
		if all[i].Exit == 0 {
			all[i].Exit = fault.ExitRefused
		}
	}
	return all
}

// Lookup finds the row for an error: of those of the surface that match, the one
// that says most; where there is none, the same in the other surfaces.
func Lookup(s Surface, code, description string) (Entry, bool) {
	description = strings.ToLower(description)
	best, score := Entry{}, -1
	for _, e := range Entries() {
		if n := e.match(s, code, description); n > score {
			best, score = e, n
		}
	}
	return best, score >= 0
}

// match rates how well a row fits: -1 not at all. The surface weighs most, then
// the description, then the code.
func (e Entry) match(s Surface, code, description string) int {
	if e.Code != "" && e.Code != code || !strings.Contains(description, e.Description) {
		return -1
	}
	n := 2 * len(e.Description)
	if e.Code != "" {
		n++
	}
	if e.Surface == s {
		n += 1000
	}
	return n
}

// Explain turns an error of Salesforce's into a Fault: its code is Salesforce's,
// its hint the remedy, the Setup page and, where l tells the org, a link to it.
// Code and description are the server's text and may echo what was sent: redact
// them before, since the description is shortened here, and a part of a secret
// is no longer recognised as one. Code may be empty, as a code is that redaction
// has changed. An error that the table lacks is reported as it came.
func Explain(s Surface, code, description string, l LoginURL) *fault.Fault {
	code, description = cleanCode(code), cleanWhole(description)
	e, known := Lookup(s, code, description)
	if !known {
		return unknown(s, code, description)
	}
	hint := []string{e.Fix}
	if e.Page != "" {
		line := e.Page.Path()
		if link := l.SetupURL(e.Page); link != "" {
			line += "\n" + link
		}
		hint = append(hint, line)
	}
	if said := words(code, description); said != "" {
		hint = append(hint, "Salesforce's words: "+said)
	}
	e.Surface = s // the row may be another surface's
	f := fault.New(code, stage(s), e.Message(), strings.Join(hint, "\n"))
	f.Exit = e.Exit
	if f.Code == "" {
		f.Code = fault.NotSalesforce
	}
	return f
}

func unknown(s Surface, code, description string) *fault.Fault {
	said := words(code, description)
	if said == "" {
		f := fault.New(fault.NotSalesforce, stage(s), "Salesforce refused "+object(s)+" without saying why.", "Try again. Setup › Login History may tell the reason.")
		f.Exit = fault.ExitRefused
		return f
	}
	f := fault.New(code, stage(s), "Salesforce refused "+object(s)+" with an error that sfconnect has no advice for: "+strings.TrimSuffix(said, ".")+".",
		"Look for the code in Salesforce's help. Setup › Login History may tell the reason.")
	if code == "" {
		f.Code = fault.NotSalesforce
	}
	f.Exit = fault.ExitRefused
	return f
}

// words quotes what Salesforce said, shortened.
func words(code, description string) string {
	description = cleanText(description)
	switch {
	case description == "":
		return code
	case code == "":
		return description
	}
	return code + ": " + description
}

func object(s Surface) string {
	switch s {
	case SurfaceAuthorize:
		return "the sign-in"
	case SurfaceToken, SurfaceJWT:
		return "to give a token"
	case SurfaceIdentity:
		return "to say who signed in"
	case SurfaceRevoke:
		return "to revoke the token"
	}
	return "the API call"
}

func stage(s Surface) string {
	switch s {
	case SurfaceAuthorize:
		return "app"
	case SurfaceIdentity:
		return "identity"
	case SurfaceREST:
		return "api"
	}
	return "token"
}

// KnownCode reports whether a code stands in the table, letter by letter.
func KnownCode(code string) bool {
	return code != "" && slices.ContainsFunc(Entries(), func(e Entry) bool { return e.Code == code })
}
