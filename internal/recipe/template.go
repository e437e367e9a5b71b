package recipe

import (
	"fmt"
	"strings"
)

// Expand replaces each ${name} in text by lookup's answer; a name that lookup
// does not know stays as it stands. What lookup returns is not expanded again.
func Expand(text string, lookup func(name string) (string, bool)) string {
	var b strings.Builder
	for {
		start := strings.Index(text, "${")
		if start < 0 {
			break
		}
		end := strings.IndexByte(text[start:], '}')
		if end < 0 {
			break
		}
		end += start
		b.WriteString(text[:start])
		if v, ok := lookup(text[start+2 : end]); ok {
			b.WriteString(v)
		} else {
			b.WriteString(text[start : end+1])
		}
		text = text[end+1:]
	}
	b.WriteString(text)
	return b.String()
}

// Names lists the names used in a template, in order.
// It fails on a "${" that no name and bracket follow.
func Names(text string) ([]string, error) {
	var names []string
	for {
		_, rest, found := strings.Cut(text, "${")
		if !found {
			return names, nil
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed || !isName(name) {
			return nil, fmt.Errorf("${ must be followed by a name of small letters, digits and _, and by }")
		}
		names = append(names, name)
		text = after
	}
}

func isName(s string) bool {
	for i, r := range s {
		if !(r >= 'a' && r <= 'z' || i > 0 && (r == '_' || r >= '0' && r <= '9')) {
			return false
		}
	}
	return s != ""
}

// Fill returns a copy in which every ${name} that values holds is replaced. An
// input without a value counts as its default; a result that is not in values
// stays, to be filled by a later call. In a list, an entry made from a template
// may become several (split at blanks) or none. Secrets never go through here.
func (r Recipe) Fill(values map[string]string) Recipe {
	lookup := func(name string) (string, bool) {
		if v, ok := values[name]; ok {
			return v, true
		}
		for _, in := range r.Inputs {
			if in.ID == name {
				return in.Default, true
			}
		}
		return "", false
	}
	one := func(s string) string { return Expand(s, lookup) }
	words := func(list []string) (out []string) {
		for _, s := range list {
			if strings.Contains(s, "${") {
				out = append(out, strings.Fields(one(s))...)
			} else {
				out = append(out, s)
			}
		}
		return out
	}
	lines := func(list []string) (out []string) {
		for _, s := range list {
			out = append(out, one(s))
		}
		return out
	}
	a, p := &r.App, &r.Policies
	for _, s := range []*string{&a.Name, &a.APIName, &a.DistributionState, &a.ContactEmail, &a.ContactPhone, &a.InfoURL, &a.LogoURL,
		&a.IconURL, &a.Description, &p.PermittedUsers, &p.IPRelaxation, &p.RefreshTokenPolicy, &p.RunAs, &r.Authorize.Flow, &r.HandoverAt} {
		*s = one(*s)
	}
	r.CallbackURLs, r.Scopes = words(r.CallbackURLs), words(r.Scopes)
	r.Needs, r.HandoverDo, r.Cleanup, r.Notes = lines(r.Needs), lines(r.HandoverDo), lines(r.Cleanup), lines(r.Notes)
	switches := make(map[string]Switch, len(r.Switches))
	for id, s := range r.Switches {
		switches[id] = Switch(one(string(s)))
	}
	r.Switches = switches
	fields := make([]Field, len(r.Handover))
	for i, f := range r.Handover {
		f.Value, f.Where = one(f.Value), one(f.Where)
		fields[i] = f
	}
	r.Handover = fields
	return r
}

// Uses reports whether any template before the hand-over needs the named
// result, so that it must be known by the time the app is made.
func (r Recipe) Uses(name string) bool {
	list := append([]string{r.App.Name, r.App.APIName, r.App.InfoURL, r.App.LogoURL, r.App.IconURL, r.App.Description}, r.CallbackURLs...)
	for _, s := range list {
		if strings.Contains(s, "${"+name+"}") {
			return true
		}
	}
	return false
}
