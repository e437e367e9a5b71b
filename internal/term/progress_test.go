package term

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestProgressIsDrawnOverItself(t *testing.T) {
	now := time.Unix(1_000, 0)
	var out bytes.Buffer
	p := NewProgress(&out, 10, func() time.Time { return now })
	now = now.Add(2 * time.Second)
	p.Step(4, 1)
	if got, want := out.String(), "  4 of 10 done   1 failing   0:03 left"; got != want {
		t.Errorf("drawn %q, want %q", got, want)
	}
	out.Reset()
	now = now.Add(50 * time.Millisecond)
	p.Step(5, 1)
	if out.Len() > 0 {
		t.Errorf("drawn again after 50 ms: %q", out.String())
	}
	now = now.Add(60 * time.Millisecond)
	p.Step(6, 1)
	if got := out.String(); !strings.HasPrefix(got, "\r") || !strings.Contains(got, "6 of 10 done") || strings.Contains(got, "\x1b") {
		t.Errorf("drawn %q", got)
	}
	out.Reset()
	p.Clear()
	p.Clear()
	if got := out.String(); strings.TrimSpace(got) != "" || strings.Count(got, "\r") != 2 {
		t.Errorf("cleared with %q", got)
	}
	out.Reset()
	p.Step(10, 1)
	if out.Len() > 0 {
		t.Errorf("drawn when all is done: %q", out.String())
	}
	var none *Progress
	none.Step(1, 0)
	none.Clear()
}
