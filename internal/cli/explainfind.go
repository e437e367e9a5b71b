package cli

import (
	"fmt"
	"slices"
	"strings"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/salesforce"
)

// findErrors is what the dictionary has on what was asked: a code, a copied error
// text, else words. The error names what comes near.
func findErrors(asked string) ([]explained, error) {
	all := everyError()
	asked = strings.TrimSpace(asked)
	if asked == "" {
		return all, nil
	}
	if found := withCode(all, asked); found != nil {
		return found, nil
	}
	if copied, ok := salesforce.ReadError(asked); ok {
		found := withText(copied)
		if coded := withCode(all, copied.Code); len(coded) > 0 && !tellsApart(found, copied) {
			found = coded
		}
		if found != nil {
			return found, nil
		}
		if copied.Surface != "" {
			asked = copied.Code // its description is not in the dictionary
		}
	}
	for _, find := range []func([]explained, string) []explained{withPhrase, withinText, withWords} {
		if found := find(all, plainText(asked)); found != nil {
			return found, nil
		}
	}
	return nil, nothingFound(asked)
}

// tellsApart reports whether what was copied, and not its code alone, led to found.
func tellsApart(found []explained, t salesforce.ErrorText) bool {
	return t.Surface != "" && found != nil || slices.ContainsFunc(found, func(e explained) bool { return e.Description != "" })
}

// withText is the entry that fits a copied error best: one, or where the text
// does not tell its place, one for each place that has it.
func withText(t salesforce.ErrorText) []explained {
	var found []explained
	if t.Surface != "" {
		if e, ok := salesforce.Lookup(t.Surface, t.Code, t.Description); ok {
			found = append(found, fromEntry(e))
		}
		return found
	}
	for _, s := range surfaces() {
		if e, ok := salesforce.Lookup(salesforce.Surface(s.name), t.Code, t.Description); ok && string(e.Surface) == s.name {
			found = append(found, fromEntry(e))
		}
	}
	return found
}

func withCode(all []explained, code string) []explained {
	var found []explained
	for _, e := range all {
		if code != "" && strings.EqualFold(e.Code, code) {
			found = append(found, e)
		}
	}
	return found
}

// plainText is a text as it is compared: one line, in lower case, with plain
// apostrophes.
func plainText(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(salesforce.PlainQuotes(s)), " "))
}

// text is what is searched of an error: not the lead that many sentences share.
func (e explained) text() string {
	return plainText(strings.Join([]string{e.Code, e.Description, e.means, e.Fix}, "\n"))
}

// withPhrase finds the errors whose texts have what was asked as it stands.
func withPhrase(all []explained, asked string) []explained {
	var found []explained
	for _, e := range all {
		if strings.Contains(e.text(), asked) {
			found = append(found, e)
		}
	}
	return found
}

// withinText finds the errors whose description, or else whose meaning as we word
// it, stands in a longer text; of several the ones that say most.
func withinText(all []explained, asked string) []explained {
	for _, part := range []func(explained) string{
		func(e explained) string { return e.Description },
		func(e explained) string { return plainText(e.What) },
	} {
		var found []explained
		longest := 1
		for _, e := range all {
			text := part(e)
			if len(text) < longest || !strings.Contains(asked, text) {
				continue
			}
			if len(text) > longest {
				found, longest = nil, len(text)
			}
			found = append(found, e)
		}
		if found != nil {
			return found
		}
	}
	return nil
}

// withWords finds the errors whose texts have every word of what was asked.
func withWords(all []explained, asked string) []explained {
	var found []explained
	for _, e := range all {
		text := e.text()
		if !slices.ContainsFunc(strings.Fields(asked), func(w string) bool { return !strings.Contains(text, w) }) {
			found = append(found, e)
		}
	}
	return found
}

// nothingFound names the codes that come near. A long text is not repeated: it
// may be an address with a code or a token in it.
func nothingFound(asked string) *fault.Fault {
	quoted := "this text"
	if len(asked) <= 60 && !strings.ContainsAny(asked, "=&/!") {
		quoted = fmt.Sprintf("%q", asked)
	}
	return fault.New(fault.Usage, "input", "The dictionary of errors has nothing on "+quoted+".",
		didYouMean(nearCodes(asked), "List every code with: sfconnect explain"))
}

// errorCodes lists every code once, sorted.
func errorCodes() []string {
	var codes []string
	for _, e := range everyError() {
		if e.Code != "" {
			codes = append(codes, e.Code)
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// nearCodes are the error codes near what was asked.
func nearCodes(asked string) []string { return nearest(asked, errorCodes()) }

// nearest are the names that share a word with what was asked, or differ from it by
// little; the nearest first, five at most.
func nearest(asked string, names []string) []string {
	asked = strings.ToLower(asked)
	type near struct {
		name string
		far  int
	}
	var found []near
	for _, name := range names {
		far := salesforce.Distance(asked, strings.ToLower(name))
		shared := slices.ContainsFunc(strings.FieldsFunc(asked, noLetter), func(word string) bool {
			return len(word) > 3 && slices.Contains(strings.FieldsFunc(strings.ToLower(name), noLetter), word)
		})
		if shared || far <= max(2, len(name)/4) {
			found = append(found, near{name, far})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int { return a.far - b.far })
	var out []string
	for _, n := range found[:min(len(found), 5)] {
		out = append(out, n.name)
	}
	return out
}

func noLetter(r rune) bool { return r < 'a' || r > 'z' }
