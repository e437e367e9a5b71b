package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// span is a flag's time that may be given in days: a token lies unused for days.
type span time.Duration

// String implements pflag.Value: whole days as "7d", the rest as time has it.
func (s *span) String() string {
	d := time.Duration(*s)
	if days := d / (24 * time.Hour); days > 0 && d == days*24*time.Hour {
		return fmt.Sprintf("%dd", days)
	}
	return d.String()
}

// Set implements pflag.Value.
func (s *span) Set(text string) error {
	if days, whole := strings.CutSuffix(strings.TrimSpace(text), "d"); whole {
		n, err := strconv.ParseUint(days, 10, 16)
		if err != nil {
			return fmt.Errorf("%q is no number of days", days)
		}
		*s = span(time.Duration(n) * 24 * time.Hour)
		return nil
	}
	d, err := time.ParseDuration(text)
	*s = span(d)
	return err
}

// Type implements pflag.Value; flagFault knows it.
func (s *span) Type() string { return "duration" }
