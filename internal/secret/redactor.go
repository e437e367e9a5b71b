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
// How many secrets are known matters to a text with escapes alone.
// It is safe for concurrent use; the zero value is ready.
type Redactor struct {
	mu      sync.RWMutex
	needles []needle
	known   map[string]bool     // by their text
	index   map[string][]needle // by the first bytes of their text
	spaced  bool                // one of them has a space, for which "+" may stand

	once     sync.Once
	patterns *regexp.Regexp
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
			r.add(newNeedle(form))
		}
	}
}

func (r *Redactor) add(n needle) {
	if r.known[n.text] {
		return
	}
	if r.index == nil {
		r.known, r.index = map[string]bool{}, map[string][]needle{}
	}
	r.known[n.text] = true
	head := n.text[:shortest] // no form is shorter than what it is made from
	r.index[head] = append(r.index[head], n)
	r.needles = append(r.needles, n)
	r.spaced = r.spaced || strings.Contains(n.text, " ")
}

// Redact returns s with every secret replaced. What two secrets share is replaced
// once, so that neither leaves a tail.
func (r *Redactor) Redact(s string) string {
	found := r.find(s)
	if slices.ContainsFunc(tokenHeads(), func(head string) bool { return strings.Contains(s, head) }) {
		r.once.Do(func() { r.patterns = tokenForms() })
		found = append(found, r.patterns.FindAllStringIndex(s, -1)...)
	}
	return cover(s, found)
}

func (r *Redactor) find(s string) (found [][]int) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if strings.ContainsAny(s, `%\`) || r.spaced && strings.Contains(s, "+") {
		for _, n := range r.needles {
			found = n.findAll(s, found)
		}
		return found
	}
	for at := 0; at+shortest <= len(s); at++ {
		for _, n := range r.index[s[at:at+shortest]] {
			if strings.HasPrefix(s[at:], n.text) {
				found = append(found, []int{at, at + len(n.text)})
			}
		}
	}
	return found
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

// tokenHeads are what the forms of tokenForms begin with.
func tokenHeads() []string { return []string{"00D", "5Aep861", "aPrx", "eyJ"} }

// tokenForms matches what public samples of Salesforce's access tokens, refresh
// tokens, authorization codes and JWTs look like.
func tokenForms() *regexp.Regexp {
	return regexp.MustCompile(`00D[A-Za-z0-9]{12,15}(!|%21)[A-Za-z0-9._]{16,}` +
		`|5Aep861[A-Za-z0-9._]{16,}(=|%3D)*` +
		`|aPrx[A-Za-z0-9._]{16,}(=|%3D)*` +
		`|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}`)
}
