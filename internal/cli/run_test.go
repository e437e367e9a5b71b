package cli

import (
	"bytes"
	"testing"

	"example.com/sfconnect/internal/secret"
)

func TestNotesGoAside(t *testing.T) {
	var out bytes.Buffer
	a := newApp(System{Stderr: &out})
	a.hide(secret.New("shh-very-secret"))
	var aside []string
	a.note("one")
	a.notesTo(func(text string) { aside = append(aside, text) })
	a.note("two\x1b shh-very-secret")
	a.notesTo(nil)
	a.note("three")
	if got := out.String(); got != "one\nthree\n" {
		t.Errorf("stderr has %q", got)
	}
	if len(aside) != 1 || aside[0] != "two\ufffd "+secret.Hidden {
		t.Errorf("aside has %q", aside)
	}
}
