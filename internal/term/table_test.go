package term

import (
	"bytes"
	"testing"
)

func TestNarrowTableIsAlignedAtTheLeft(t *testing.T) {
	var out bytes.Buffer
	NewPrinter(&out, nil, 40).Table([]string{"  PROFILE", "USER"}, [][]string{{"* acme", "integration@acme.example.com.sandbox"}, {"  b", "x"}})
	want := "  PROFILE   * acme\n  USER\n  integration@acme.example.com.sandbox\n\n  PROFILE   b\n  USER      x\n"
	if out.String() != want {
		t.Errorf("got\n%s", out.String())
	}
}
