package check

import (
	"testing"
	"time"
)

func TestTook(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "<1 ms", time.Microsecond: "<1 ms", 1600 * time.Microsecond: "2 ms", 999 * time.Millisecond: "999 ms",
		time.Second: "1.0 s", 1449 * time.Millisecond: "1.4 s", 61 * time.Second: "61.0 s",
	} {
		if got := Took(d); got != want {
			t.Errorf("Took(%v) = %q, want %q", d, got, want)
		}
	}
}
