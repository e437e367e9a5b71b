package practice

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

func toggle(name, help string, field func(*config) *bool) setting {
	return setting{
		Setting{name, "true or false", help},
		func(c *config) string { return strconv.FormatBool(*field(c)) },
		func(c *config, v string) (err error) { *field(c), err = strconv.ParseBool(v); return err },
	}
}

// choice is a toggle whose two values have names. A value may also be the
// form's label, of which the first word tells the two apart.
func choice(name, help string, field func(*config) *bool, off, on string) setting {
	return setting{
		Setting{name, off + " or " + on, help},
		func(c *config) string {
			if *field(c) {
				return on
			}
			return off
		},
		func(c *config, v string) error {
			first := func(s string) string {
				return strings.ToLower(strings.FieldsFunc(s+" ", func(r rune) bool { return r == '_' || r == ' ' })[0])
			}
			if strings.TrimSpace(v) == "" {
				return errValue
			}
			switch {
			case v == on, first(v) == first(on) && first(on) != first(off):
				*field(c) = true
			case v == off, first(v) == first(off):
				*field(c) = false
			default:
				return errValue
			}
			return nil
		},
	}
}

func oneOf(name, help string, field func(*config) *string, values ...string) setting {
	return setting{
		Setting{name, strings.Join(values, ", "), help},
		func(c *config) string { return *field(c) },
		func(c *config, v string) error {
			i := slices.IndexFunc(values, func(known string) bool { return strings.EqualFold(known, v) })
			if i < 0 {
				return errValue
			}
			*field(c) = values[i]
			return nil
		},
	}
}

func text(name, values, help string, field func(*config) *string) setting {
	return setting{
		Setting{name, values, help},
		func(c *config) string { return *field(c) },
		func(c *config, v string) error { *field(c) = v; return nil },
	}
}

func words(name, values, help string, field func(*config) *[]string) setting {
	return setting{
		Setting{name, values, help},
		func(c *config) string { return strings.Join(*field(c), " ") },
		func(c *config, v string) error {
			*field(c) = strings.FieldsFunc(v, func(r rune) bool { return strings.ContainsRune(" ,\t\r\n", r) })
			return nil
		},
	}
}

func amount(name, help string, field func(*config) *int) setting {
	return setting{
		Setting{name, "a number", help},
		func(c *config) string { return strconv.Itoa(*field(c)) },
		func(c *config, v string) error {
			n, err := strconv.Atoi(v)
			if err != nil || n < 0 {
				return errValue
			}
			*field(c) = n
			return nil
		},
	}
}

func span(name, help string, field func(*config) *time.Duration) setting {
	return setting{
		Setting{name, "a time such as 90s, 10m, 2h or 30d", help},
		func(c *config) string { return field(c).String() },
		func(c *config, v string) (err error) { *field(c), err = parseSpan(v); return err },
	}
}
