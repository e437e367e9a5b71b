package secret

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"sort"
	"strings"
	"sync"
)

// shortest is the length below which a value is not searched for: hiding every
// "a" would make a message unreadable and protect nothing.
const shortest = 6

// Redactor replaces known secrets, in plain, percent-encoded and base64 form,
// and anything that has the form of a Salesforce token or code, by Hidden.
// It is safe for concurrent use; the zero value is ready.
type Redactor struct {
	mu       sync.RWMutex
	needles  []string
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
		for _, form := range []string{v.text, url.QueryEscape(v.text), url.PathEscape(v.text), base64.StdEncoding.EncodeToString([]byte(v.text))} {
			if !contains(r.needles, form) {
				r.needles = append(r.needles, form)
			}
		}
	}
	// Longest first, so that a secret that contains another leaves no tail.
	sort.SliceStable(r.needles, func(i, j int) bool { return len(r.needles[i]) > len(r.needles[j]) })
}

// Redact returns s with every secret replaced.
func (r *Redactor) Redact(s string) string {
	r.mu.Lock()
	if r.patterns == nil {
		r.patterns = sync.OnceValue(tokenForms)
	}
	needles, patterns := r.needles, r.patterns
	r.mu.Unlock()
	for _, n := range needles {
		s = strings.ReplaceAll(s, n, Hidden)
	}
	if !strings.ContainsAny(s, "!.5aP") {
		return s
	}
	return patterns().ReplaceAllString(s, Hidden)
}

// tokenForms matches what public samples of Salesforce's access tokens, refresh
// tokens, authorization codes and JWTs look like.
func tokenForms() *regexp.Regexp {
	return regexp.MustCompile(`00D[A-Za-z0-9]{12,15}(!|%21)[A-Za-z0-9._]{16,}` +
		`|5Aep861[A-Za-z0-9._]{16,}(=|%3D)*` +
		`|aPrx[A-Za-z0-9._]{16,}(=|%3D)*` +
		`|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}`)
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
