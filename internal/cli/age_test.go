package cli

import (
	"testing"
	"time"
)

func TestParseAge(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"7d": 168 * time.Hour, "0d": 0, "1d12h": 36 * time.Hour, "36h": 36 * time.Hour, "90m": 90 * time.Minute, "0": 0, "-1h": -time.Hour,
	} {
		if got, err := parseAge(text); got != want || err != nil {
			t.Errorf("%q: %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "d", "7", "7 d", "-7d", "1.5d", "7dd", "7d-1h", "12h1d", "99999999999d", "week"} {
		if got, err := parseAge(text); err == nil {
			t.Errorf("%q is taken for %v", text, got)
		}
	}
	for d, want := range map[time.Duration]string{7 * day: "7d", 36 * time.Hour: "36h0m0s", 0: "0s"} {
		if v := ageValue(d); v.String() != want {
			t.Errorf("%v is written %q", d, v.String())
		}
	}
}
