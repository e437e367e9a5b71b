package recipe

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// check notes every value that has the right shape and the wrong meaning.
func (p *reader) check(r Recipe) {
	p.eachText(r)
	if len(p.problems) > 0 {
		return
	}
	if _, given := p.at["schema"]; !given {
		p.at1("schema", "schema is missing: add \"schema: %d\" as the first line", Schema)
	} else if r.Schema != Schema {
		p.at1("schema", "this program reads schema %d", Schema)
	}
	p.checkID("id", r.ID)
	p.needed("title", r.Title)
	if len(r.Variants) == 0 {
		if r.Variants != nil {
			p.at1("variants", "there is no variant here: leave the line out")
		}
		p.checkWhole(r)
		return
	}
	seen := map[string]bool{}
	for i, v := range r.Variants {
		path := fmt.Sprintf("variants[%d]", i)
		p.checkID(path+".id", v.ID)
		if seen[v.ID] {
			p.at1(path+".id", "there are two variants %q", v.ID)
		}
		seen[v.ID] = true
		p.needed(path+".title", v.Title)
		q := &reader{file: p.file, at: p.places(i, len(r.Inputs))}
		q.checkWhole(r.merged(i))
		p.problems = append(p.problems, q.problems...)
	}
}

// checkWhole judges a recipe that has no variants, or one of them merged in.
func (p *reader) checkWhole(r Recipe) {
	p.checkNames(r)
	p.checkSource(r.Source)
	p.checkInputs(r)
	p.checkApp(r)
	p.checkScopes(r)
	p.checkSwitches(r)
	p.checkAuthorize(r)
	p.checkSteps(r)
	p.checkHandover(r)
}

func (p *reader) checkID(path, id string) {
	if !isID(id) {
		p.at1(path, "an id has small letters, digits and single dashes, and starts with a letter")
	}
}

func (p *reader) checkSource(s Source) {
	p.checkDate("source.date", s.Date)
	p.checkAddress("source.url", s.URL)
	p.oneOf("source.kind", s.Kind)
	for i, more := range s.More {
		path := fmt.Sprintf("source.more[%d]", i)
		p.needed(path+".url", more.URL)
		p.checkAddress(path+".url", more.URL)
		p.checkDate(path+".date", more.Date)
	}
}

func (p *reader) checkDate(path, date string) {
	if date == "" {
		return
	}
	if _, err := time.Parse(time.DateOnly, date); err != nil {
		p.at1(path, "a date looks like 2026-11-22")
	}
}

func (p *reader) checkInputs(r Recipe) {
	seen := map[string]bool{}
	for i, in := range r.Inputs {
		path := fmt.Sprintf("inputs[%d]", i)
		switch {
		case !isName(in.ID):
			p.at1(path+".id", "an input's id has small letters, digits and _, and starts with a letter")
		case seen[in.ID]:
			p.at1(path+".id", "there are two inputs %q", in.ID)
		case in.ID == VariantAnswer:
			p.at1(path+".id", "%q is the name of the answer that chooses a variant and cannot be an input", in.ID)
		case slices.Contains(Results(), in.ID):
			p.at1(path+".id", "%q is a result of the set-up and cannot be an input", in.ID)
		}
		p.needed(path+".label", in.Label)
		p.checkKind(path, in)
		if (in.Kind == KindChoice) != (len(in.Options) > 0) {
			p.at1(path, "a choice needs options, and only a choice has them")
		}
		if in.When != "" {
			name, _, found := strings.Cut(in.When, "=")
			if !found || !seen[name] {
				p.at1(path+".when", "write earlier_input=value, or earlier_input=value|value")
			}
			if in.Default == "" && !in.Optional {
				p.at1(path+".when", "an input that is not always asked needs a default")
			}
		}
		seen[in.ID] = true
	}
}

// checkKind judges what depends on an input's kind: pattern, example and default.
func (p *reader) checkKind(path string, in Input) {
	if !slices.Contains(Kinds(), in.Kind) {
		p.at1(path+".kind", "known kinds are %s", strings.Join(names(Kinds()), ", "))
		return
	}
	if in.Pattern != "" {
		switch _, err := wholeValue(in.Pattern); {
		case err != nil:
			p.at1(path+".pattern", "this is no regular expression (RE2): %s", printable(err.Error()))
			return
		case in.Kind != KindText:
			p.at1(path+".pattern", "only a text has a pattern; the kind %s has its own rule", in.Kind)
		case in.Example == "":
			p.at1(path+".pattern", "a pattern needs an example that shows what is wanted")
		case checkPattern(in, in.Example) != nil:
			p.at1(path+".example", "the example does not fit the pattern")
			return
		}
	}
	for key, value := range map[string]string{"default": in.Default, "example": in.Example} {
		if value == "" {
			continue
		}
		if _, err := CheckAnswer(in, value); err != nil {
			p.at1(path+"."+key, "%v", err)
		}
	}
}

// wholeTemplate reports whether s is one ${name} and nothing else, so that its
// form is judged when the answer is given.
func wholeTemplate(s string) bool {
	return strings.HasPrefix(s, "${") && strings.IndexByte(s, '}') == len(s)-1
}

func isID(s string) bool {
	return isName(strings.ReplaceAll(s, "-", "_")) && !strings.Contains(s, "_") && !strings.Contains(s, "--") && !strings.HasSuffix(s, "-")
}

// at1 notes a problem at the place of path, or of the nearest key above it.
func (p *reader) at1(path, format string, args ...any) {
	for {
		if at, ok := p.at[path]; ok {
			p.add(at, format, args...)
			return
		}
		if path == "" {
			p.add(place{1, 1}, format, args...)
			return
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
}

func (p *reader) may(path string, err error) {
	if err != nil {
		p.at1(path, "%v", err)
	}
}

func (p *reader) needed(path, value string) {
	if strings.TrimSpace(value) == "" {
		key := strings.TrimPrefix(path[strings.LastIndex(path, "]")+1:], ".") // the place says which item of a list
		p.at1(path, "%s is missing", key)
	}
}

// oneOf refuses a value that is none of the path's choices; an empty one is fine.
func (p *reader) oneOf(path, value string) {
	if options := choices(path); value != "" && !slices.Contains(options, value) {
		p.at1(path, "known are %s", strings.Join(options, ", "))
	}
}
