package guide

import (
	"strings"

	"example.com/sfconnect/internal/recipe"
)

// Text is a run of words, some of which look different. Words are plain text, a
// stranger's too: whoever writes them out escapes them.
type Text []Span

// Span is a piece of a Text.
type Span struct {
	Words  string
	Code   bool   // a value, a command, a name of Salesforce's
	Strong bool   // what is to be clicked or chosen
	Gap    bool   // stands for a value that is not known yet
	URL    string // leads there; https, or our own link to a Setup page
}

// Plain is the text without its looks, with gaps as the reader sees them.
func (t Text) Plain() string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(s.Shown())
	}
	return b.String()
}

// Shown is the words of a span, a gap in its brackets.
func (s Span) Shown() string {
	if s.Gap {
		return "‹" + s.Words + "›"
	}
	return s.Words
}

// Whole is the exact value for a clipboard, and false where a gap is in it.
func (t Text) Whole() (string, bool) {
	for _, s := range t {
		if s.Gap {
			return "", false
		}
	}
	return t.Plain(), len(t) > 0
}

// words joins plain strings (ours) and texts.
func words(parts ...any) Text {
	var t Text
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			if p != "" {
				t = append(t, Span{Words: p})
			}
		case Text:
			t = append(t, p...)
		}
	}
	return t
}

func strong(s string) Text { return Text{{Words: s, Strong: true}} }

func code(s string) Text { return Text{{Words: s, Code: true}} }

func link(label, url string) Text {
	if url == "" {
		return words(label)
	}
	return Text{{Words: label, URL: url}}
}

// gap marks, in a template that is being split, where a name stood. A recipe
// cannot contain it: control characters are refused.
const gapStart, gapEnd = "\x01", "\x02"

// split makes a text of a template: each ${name} that is left in it is a gap.
func split(template string, look Span) Text {
	marked := recipe.Expand(template, func(name string) (string, bool) { return gapStart + name + gapEnd, true })
	var t Text
	for marked != "" {
		before, rest, found := strings.Cut(marked, gapStart)
		if before != "" {
			s := look
			s.Words = before
			t = append(t, s)
		}
		if !found {
			break
		}
		name, after, _ := strings.Cut(rest, gapEnd)
		s := look
		s.Words, s.Gap = gapName(name), true
		t = append(t, s)
		marked = after
	}
	return t
}

// said is a sentence of the recipe, value one to be entered as it stands.
func said(template string) Text { return split(template, Span{}) }

func value(template string) Text { return split(template, Span{Code: true}) }

// saidEach is said for a list.
func saidEach(list []string) []Text {
	var out []Text
	for _, s := range list {
		out = append(out, said(s))
	}
	return out
}
