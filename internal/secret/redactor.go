package secret

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// shortest is the length below which a value is not searched for: hiding every
// "a" would make a message unreadable and protect nothing.
const shortest = 6

// Redactor replaces known secrets and anything that has the form of a Salesforce
// token or code by Hidden. A secret is known in plain, in base64 of either
// alphabet, also as a part of more (as behind "key:" in a Basic header), and in
// each of these with any of its characters percent-encoded or escaped as in JSON.
// It is safe for concurrent use; the zero value is ready.
type Redactor struct {
	mu       sync.RWMutex
	needles  []needle
	patterns func() *regexp.Regexp
}

// Hide makes the redactor remember values. Empty and very short ones are ignored.
func (r *Redactor) Hide(values ...Value) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, v := range values {
		if len(v.text) < shortest {
			continue
		}
		for _, form := range append(base64Forms(v.text), v.text) {
			if !slices.ContainsFunc(r.needles, func(n needle) bool { return n.text == form }) {
				r.needles = append(r.needles, newNeedle(form))
			}
		}
	}
}

// Redact returns s with every secret replaced. What two secrets share is replaced
// once, so that neither leaves a tail.
func (r *Redactor) Redact(s string) string {
	r.mu.Lock()
	if r.patterns == nil {
		r.patterns = sync.OnceValue(tokenForms)
	}
	needles, patterns := slices.Clone(r.needles), r.patterns
	r.mu.Unlock()
	var found [][]int
	for _, n := range needles {
		found = n.findAll(s, found)
	}
	if strings.ContainsAny(s, "!.5aP") {
		found = append(found, patterns().FindAllStringIndex(s, -1)...)
	}
	return cover(s, found)
}

// cover replaces the spans, given as pairs of begin and end, by Hidden.
func cover(s string, spans [][]int) string {
	if len(spans) == 0 {
		return s
	}
	slices.SortFunc(spans, func(a, b []int) int { return a[0] - b[0] })
	var b strings.Builder
	end := 0 // what lies before it is written or hidden
	for i, span := range spans {
		if i == 0 || span[0] > end {
			b.WriteString(s[end:span[0]])
			b.WriteString(Hidden)
		}
		end = max(end, span[1])
	}
	b.WriteString(s[end:])
	return b.String()
}

// tokenForms matches what public samples of Salesforce's access tokens, refresh
// tokens, authorization codes and JWTs look like.
func tokenForms() *regexp.Regexp {
	return regexp.MustCompile(`00D[A-Za-z0-9]{12,15}(!|%21)[A-Za-z0-9._]{16,}` +
		`|5Aep861[A-Za-z0-9._]{16,}(=|%3D)*` +
		`|aPrx[A-Za-z0-9._]{16,}(=|%3D)*` +
		`|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}`)
}
