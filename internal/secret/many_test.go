package secret

import (
	"fmt"
	"strings"
	"testing"
)

func manySecrets(n int) *Redactor {
	r := new(Redactor)
	for i := range n {
		r.Hide(New(fmt.Sprintf("%06d-the-secret-of-one-of-many-orgs", i)))
	}
	return r
}

// Every one of many is found, beside another and within more text.
func TestOneOfManyIsHidden(t *testing.T) {
	r := manySecrets(1000)
	text := "first 000007-the-secret-of-one-of-many-orgs000999-the-secret-of-one-of-many-orgs, then =000500-the-secret-of-one-of-many-orgs."
	if got, want := r.Redact(text), "first "+Hidden+", then ="+Hidden+"."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A text without escapes costs as much with a thousand secrets known as with one.
func BenchmarkRedact(b *testing.B) {
	text := strings.Repeat("GET acme.my.salesforce.com /services/data 200 in 41 ms; ", 4)
	for _, n := range []int{1, 1000} {
		r := manySecrets(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r.Redact(text)
			}
		})
	}
}
