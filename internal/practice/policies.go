package practice

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// errValue says that a setting does not take a value; config.set says which it takes.
var errValue = errors.New("value not taken")

// refusal is why a setting does not take a value that is too long to be repeated.
type refusal string

// Error implements error.
func (r refusal) Error() string { return string(r) }

// refreshPolicy is the Refresh Token Policy of the Policies tab.
type refreshPolicy struct {
	kind string // "", "immediately", "unused" or "after"
	span time.Duration
}

func (p refreshPolicy) String() string {
	switch p.kind {
	case "":
		return "valid_until_revoked"
	case "immediately":
		return "immediately_expire"
	}
	return p.kind + ":" + p.span.String()
}

// label is the wording of the form.
func (p refreshPolicy) label() string {
	switch p.kind {
	case "immediately":
		return "Immediately expire refresh token"
	case "unused":
		return "Expire refresh token if not used for " + p.span.String()
	case "after":
		return "Expire refresh token after " + p.span.String()
	}
	return "Refresh token is valid until revoked"
}

func refreshTokenPolicy() setting {
	return setting{
		Setting{"refresh_token_policy", "valid_until_revoked, immediately_expire, unused:30d or after:90d", "Refresh Token Policy"},
		func(c *config) string { return c.refreshPolicy.String() },
		func(c *config, v string) error {
			lower := strings.ToLower(strings.TrimSpace(v))
			switch {
			case lower == "valid_until_revoked", lower == "refresh token is valid until revoked":
				c.refreshPolicy = refreshPolicy{}
				return nil
			case lower == "immediately_expire", lower == "immediately expire refresh token":
				c.refreshPolicy = refreshPolicy{kind: "immediately"}
				return nil
			}
			for label, kind := range map[string]string{"expire refresh token if not used for ": "unused", "expire refresh token after ": "after"} {
				if span, is := strings.CutPrefix(lower, label); is {
					lower = kind + ":" + spokenSpan(span)
				}
			}
			kind, rest, _ := strings.Cut(lower, ":")
			d, err := parseSpan(rest)
			if err != nil || kind != "unused" && kind != "after" {
				return errValue
			}
			c.refreshPolicy = refreshPolicy{kind: kind, span: d}
			return nil
		},
	}
}

// spokenSpan writes "30 days" as parseSpan reads it; months have 30 days.
func spokenSpan(text string) string {
	number, unit, _ := strings.Cut(text, " ")
	n, err := strconv.Atoi(number)
	switch strings.TrimSuffix(unit, "s") {
	case "day":
		return number + "d"
	case "hour":
		return number + "h"
	case "month":
		if err == nil {
			return strconv.Itoa(30*n) + "d"
		}
	}
	return text
}

// ipLabels are the values of IP Relaxation with the wording of the form.
func ipLabels() [][2]string {
	return [][2]string{
		{"enforce", "Enforce IP restrictions"},
		{"enforce_relax_refresh", "Enforce IP restrictions, but relax for refresh tokens"},
		{"relax_activated", "Relax IP restrictions for activated devices"},
		{"relax", "Relax IP restrictions"},
	}
}

func (c *config) ipLabel() string {
	for _, l := range ipLabels() {
		if l[0] == c.ipRelaxation {
			return l[1]
		}
	}
	return c.ipRelaxation
}

func ipRelaxation() setting {
	return setting{
		Setting{"ip_relaxation", "enforce, enforce_relax_refresh, relax_activated or relax", "IP Relaxation"},
		func(c *config) string { return c.ipRelaxation },
		func(c *config, v string) error {
			for _, l := range ipLabels() {
				if strings.EqualFold(v, l[0]) || strings.EqualFold(v, l[1]) {
					c.ipRelaxation = l[0]
					return nil
				}
			}
			return errValue
		},
	}
}

func (c *config) permittedLabel() string {
	if c.adminApproved {
		return "Admin approved users are pre-authorized"
	}
	return "All users can self-authorize"
}

// parseSpan is time.ParseDuration with days.
func parseSpan(v string) (time.Duration, error) {
	v = strings.TrimSpace(v)
	if days, ok := strings.CutSuffix(v, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n < 0 {
			return 0, errValue
		}
		return time.Duration(n) * 24 * time.Hour, nil
	}
	d, err := time.ParseDuration(v)
	if err != nil || d < 0 {
		return 0, errValue
	}
	return d, nil
}
