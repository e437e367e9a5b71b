package practice

import (
	"html"
	"net/url"
	"strings"
)

// htmlForm is the first form of a page, as far as a Visitor needs it.
type htmlForm struct {
	id, action string
	values     url.Values
	buttons    map[string][2]string // by id: name and value
}

func (f *htmlForm) fill(name, value string) {
	if value != "" {
		f.values.Set(name, value)
	}
}

func (f *htmlForm) press(id string) {
	if b, ok := f.buttons[id]; ok {
		f.values.Set(b[0], b[1])
	}
}

// readForm finds the first form of a page. It reads our own pages, whose
// attributes are all quoted; it is no HTML parser.
func readForm(page string) (htmlForm, bool) {
	_, rest, found := strings.Cut(page, "<form ")
	if !found {
		return htmlForm{}, false
	}
	inside, _, _ := strings.Cut(rest, "</form>")
	head, inside, _ := strings.Cut(inside, ">")
	attrs := attributes(head)
	f := htmlForm{id: attrs["id"], action: attrs["action"], values: url.Values{}, buttons: map[string][2]string{}}
	for {
		_, rest, found := strings.Cut(inside, "<")
		if !found {
			return f, true
		}
		tag, after, _ := strings.Cut(rest, ">")
		inside = after
		a := attributes(tag)
		switch name, _, _ := strings.Cut(tag, " "); name {
		case "input":
			f.values.Set(a["name"], a["value"])
		case "button":
			f.buttons[a["id"]] = [2]string{a["name"], a["value"]}
		}
	}
}

// attributes reads name="value" pairs.
func attributes(tag string) map[string]string {
	out := map[string]string{}
	for {
		before, rest, found := strings.Cut(tag, `="`)
		if !found {
			return out
		}
		value, after, _ := strings.Cut(rest, `"`)
		words := strings.Fields(before)
		if len(words) > 0 {
			out[words[len(words)-1]] = html.UnescapeString(value)
		}
		tag = after
	}
}
