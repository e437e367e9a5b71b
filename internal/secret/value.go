// Package secret owns the value that never prints itself and the redactor
// that keeps secrets out of everything that is printed.
package secret

import (
	"crypto/subtle"
	"fmt"
)

// Hidden is what every printed form of a Value shows.
const Hidden = "[hidden]"

// Value holds a credential: a Consumer Secret, a token, a code or a verifier.
// Every fmt verb, JSON and text encoding of it yields Hidden; only Reveal gives
// the text. The zero Value is empty and ready to use.
type Value struct{ text string }

// New wraps text.
func New(text string) Value { return Value{text} }

// Reveal returns the text. Call it only where the text leaves for its one
// rightful receiver: the token endpoint, the secret store, a person who asked.
func (v Value) Reveal() string { return v.text }

// Empty reports whether there is nothing to hide.
func (v Value) Empty() bool { return v.text == "" }

// Equal compares in constant time for values of one length.
func (v Value) Equal(other Value) bool {
	return subtle.ConstantTimeCompare([]byte(v.text), []byte(other.text)) == 1
}

// String implements fmt.Stringer without showing the text.
func (v Value) String() string { return Hidden }

// Format implements fmt.Formatter, so that no verb reaches the text.
func (v Value) Format(f fmt.State, _ rune) { fmt.Fprint(f, Hidden) }

// MarshalText implements encoding.TextMarshaler, and so JSON and YAML too.
func (v Value) MarshalText() ([]byte, error) { return []byte(Hidden), nil }
