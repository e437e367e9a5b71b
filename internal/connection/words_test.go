package connection_test

import (
	"testing"
	"time"

	"example.com/sfconnect/internal/connection"
)

func TestWords(t *testing.T) {
	for in, want := range map[string]string{"acme": "acme", "a b": "'a b'", "": "''", "it's": `'it'\''s'`, "$HOME": "'$HOME'", "ada@acme.com": "ada@acme.com"} {
		if got := connection.ShellWord(in); got != want {
			t.Errorf("ShellWord(%q) = %s, want %s", in, got, want)
		}
	}
	for in, want := range map[time.Duration]string{
		5 * time.Minute: "5 minutes", time.Minute: "1 minute", 90 * time.Second: "1m30s", 30 * time.Second: "30 seconds", 200 * time.Millisecond: "200ms", 2 * time.Hour: "120 minutes",
	} {
		if got := connection.Spoken(in); got != want {
			t.Errorf("Spoken(%v) = %s, want %s", in, got, want)
		}
	}
}
