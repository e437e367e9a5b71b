package cli

import (
	"testing"
	"time"
)

func TestSpan(t *testing.T) {
	for text, want := range map[string]time.Duration{"7d": 7 * 24 * time.Hour, "36h": 36 * time.Hour, "0d": 0, "90m": 90 * time.Minute, "-1h": -time.Hour} {
		var s span
		if err := s.Set(text); err != nil || time.Duration(s) != want {
			t.Errorf("%s: %v, %v, want %v", text, time.Duration(s), err, want)
		}
		var back span
		if err := back.Set(s.String()); err != nil || back != s {
			t.Errorf("%s is written as %s, which is read as %v (%v)", text, s.String(), time.Duration(back), err)
		}
	}
	for _, text := range []string{"", "d", "xd", "-7d", "7", "1.5d", "99999d"} {
		var s span
		if s.Set(text) == nil {
			t.Errorf("%q is taken as %v", text, time.Duration(s))
		}
	}
}
