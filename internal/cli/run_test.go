package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
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

// TestEscaped: a document in ASCII says the same.
func TestEscaped(t *testing.T) {
	document := `{"a":"é ‹ 会 😀 \\ \"","b":1}`
	got := escaped(document)
	for _, b := range []byte(got) {
		if b >= 0x80 {
			t.Fatalf("not ASCII: %s", got)
		}
	}
	var was, is any
	if err := json.Unmarshal([]byte(document), &was); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(got), &is); err != nil || !reflect.DeepEqual(was, is) {
		t.Errorf("%s says %v, %v; want %v", got, is, err, was)
	}
}

// TestASCIIForTheTerminalAlone: what is piped stays as it is.
func TestASCIIForTheTerminalAlone(t *testing.T) {
	for locale, want := range map[string]string{"C": "Setup > Caf? / Setup › Café", "C.UTF-8": "Setup › Café / Setup › Café"} {
		var terminal, pipe bytes.Buffer
		sys := legible(System{Stderr: &terminal, StderrTTY: true, Stdout: &pipe, OS: "linux", Getenv: func(name string) string {
			return map[string]string{"LANG": locale}[name]
		}})
		fmt.Fprint(sys.Stderr, "Setup › Café")
		fmt.Fprint(sys.Stdout, "Setup › Café")
		if got := terminal.String() + " / " + pipe.String(); got != want {
			t.Errorf("%s: got %q, want %q", locale, got, want)
		}
	}
}
