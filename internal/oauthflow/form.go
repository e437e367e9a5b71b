package oauthflow

import (
	"net/url"
	"strings"
)

// form is a query or form text that others wrote, read as far as it can be.
type form struct {
	values  url.Values
	spoiled map[string]bool // names with a value that is not well encoded; it is there as far as it could be read
}

// parseForm is url.ParseQuery without its refusals: a stray "%" in a description
// must not cost the code beside it.
func parseForm(raw string) form {
	f := form{url.Values{}, map[string]bool{}}
	for pair := range strings.SplitSeq(raw, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err != nil || pair == "" {
			continue
		}
		text, err := url.QueryUnescape(value)
		if err != nil {
			text, _ = url.QueryUnescape(escapeStray(value))
		}
		if err != nil || strings.Contains(pair, ";") {
			f.spoiled[name] = true
		}
		f.values.Add(name, text)
	}
	return f
}

// escapeStray escapes every "%" that two hexadecimal digits do not follow.
func escapeStray(s string) string {
	parts := strings.Split(s, "%")
	for i, part := range parts[1:] {
		if _, err := url.QueryUnescape("%" + part[:min(len(part), 2)]); err != nil {
			parts[i+1] = "25" + part
		}
	}
	return strings.Join(parts, "%")
}

// refusal is the OAuth error that the form tells, or nil.
func (f form) refusal(status int) *Refused {
	return newRefused(status, f.values.Get("error"), f.values.Get("error_description"))
}
