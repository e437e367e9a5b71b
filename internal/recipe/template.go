package recipe

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
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

// Fill returns a copy in which every ${name} that values holds is replaced, of the
// variant that values chooses where there are several. An input without a value
// counts as its default; a result that is not in values stays, to be filled by a
// later call. A callback line or scope that is one template may become several
// (split at blanks) or none. Secrets never go through here.
func (r Recipe) Fill(values map[string]string) Recipe {
	r = r.chosen(values)
	answers := r.Answers(values)
	one := func(s string) string {
		return Expand(s, func(name string) (string, bool) { v, ok := answers[name]; return v, ok })
	}
	words := func(list []string) (out []string) {
		for _, s := range list {
			if wholeTemplate(s) {
				out = append(out, strings.Fields(one(s))...)
			} else {
				out = append(out, one(s))
			}
		}
		return out
	}
	lines, scopes := words(r.CallbackURLs), words(r.Scopes)
	filled := fill(reflect.ValueOf(r), "", one).Interface().(Recipe)
	filled.CallbackURLs, filled.Scopes = lines, scopes
	return filled
}

// unanswered leaves each input that nobody answered a template of its own, so that
// FillAnswered tells what an admin said from what a default proposes. An input whose
// condition was answered and does not hold was not asked: its default counts.
func (r Recipe) unanswered(values map[string]string) map[string]string {
	all := r.Answers(values)
	open := map[string]string{}
	for _, in := range r.chosen(values).Inputs {
		if _, answered := values[in.ID]; answered {
			continue
		}
		name, _, conditional := strings.Cut(in.When, "=")
		if _, unsure := open[name]; !conditional || unsure || Asked(in, all) {
			open[in.ID] = "${" + in.ID + "}"
		}
	}
	return open
}

// FillAnswered is Fill without the defaults of inputs that were asked for and have no
// value: what depends on one keeps its template.
func (r Recipe) FillAnswered(values map[string]string) Recipe {
	all := r.unanswered(values)
	maps.Copy(all, values)
	return r.Fill(all)
}

// Answers completes an admin's answers by the default of each input that has none,
// for Holds.
func (r Recipe) Answers(values map[string]string) map[string]string {
	all := map[string]string{}
	for _, in := range r.chosen(values).Inputs {
		all[in.ID] = in.Default
	}
	maps.Copy(all, values)
	return all
}

// chosen is the variant that the answers name, or the first.
func (r Recipe) chosen(values map[string]string) Recipe {
	if len(r.Variants) == 0 {
		return r
	}
	i := slices.IndexFunc(r.Variants, func(v Variant) bool { return v.ID == values[VariantAnswer] })
	return r.merged(max(i, 0))
}

// fill copies v and expands every text that may hold a template.
func fill(v reflect.Value, path string, one func(string) string) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
			out.Field(i).Set(fill(v.Field(i), join(path, name), one))
		}
	case reflect.Slice:
		if !v.IsNil() {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		}
		for i := range v.Len() {
			out.Index(i).Set(fill(v.Index(i), fmt.Sprintf("%s[%d]", path, i), one))
		}
	case reflect.Map:
		if !v.IsNil() {
			out.Set(reflect.MakeMap(v.Type()))
		}
		for it := v.MapRange(); it.Next(); {
			out.SetMapIndex(it.Key(), fill(it.Value(), join(path, it.Key().String()), one))
		}
	case reflect.String:
		out.SetString(v.String())
		if phaseOf(path) != never {
			out.SetString(one(v.String()))
		}
	default:
		out.Set(v)
	}
	return out
}

// Uses reports whether any template before the sign-in needs the named result, so
// that it must be known by the time the app is made.
func (r Recipe) Uses(name string) bool {
	used := false
	walkTexts(reflect.ValueOf(r), "", func(path, text string) {
		used = used || phaseOf(path) == early && strings.Contains(text, "${"+name+"}")
	})
	return used
}

// Unfit says what Salesforce's form would refuse in a filled recipe, or is nil: an
// admin's answers may make a value that neither they nor the recipe had before.
func (r Recipe) Unfit() error {
	p := &reader{}
	p.checkApp(r)
	p.checkScopes(r)
	if len(p.problems) == 0 {
		return nil
	}
	return errors.New(p.problems[0].Text)
}
