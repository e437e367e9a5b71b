package cli

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

const day = 24 * time.Hour

// ageValue is a flag with a duration that may be given in days: 7d, 1d12h, 36h.
type ageValue time.Duration

// String implements pflag.Value.
func (v *ageValue) String() string {
	d := time.Duration(*v)
	if d >= day && d%day == 0 {
		return strconv.Itoa(int(d/day)) + "d"
	}
	return d.String()
}

// Type implements pflag.Value.
func (*ageValue) Type() string { return "duration" }

// Set implements pflag.Value.
func (v *ageValue) Set(text string) error {
	d, err := parseAge(text)
	*v = ageValue(d)
	return err
}

func parseAge(text string) (time.Duration, error) {
	wrong := errors.New("it is no time with its unit")
	var days time.Duration
	if number, rest, found := strings.Cut(text, "d"); found {
		n, err := strconv.Atoi(number)
		if err != nil || n < 0 || n > 36500 {
			return 0, wrong
		}
		if days, text = time.Duration(n)*day, rest; text == "" {
			return days, nil
		}
	}
	d, err := time.ParseDuration(text)
	if err != nil || days > 0 && d < 0 {
		return 0, wrong
	}
	return days + d, nil
}
