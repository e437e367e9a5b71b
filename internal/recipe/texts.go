package recipe

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// eachText checks the characters of every text, those of a variant included.
func (p *reader) eachText(r Recipe) {
	walkTexts(reflect.ValueOf(r), "", func(path, text string) {
		p.may(path, checkText(text))
	})
}

// checkNames checks the templates of every text.
func (p *reader) checkNames(r Recipe) {
	walkTexts(reflect.ValueOf(r), "", func(path, text string) {
		names, err := Names(text)
		if err != nil {
			p.at1(path, "%v", err)
			return
		}
		for _, name := range names {
			if problem := r.nameProblem(path, name); problem != "" {
				p.at1(path, "${%s}: %s", name, problem)
			}
		}
	})
}

// phase says when the template at a path is filled: with the form, or after the
// sign-in, or never.
type phase int

const (
	never phase = iota
	early
	late
)

func phaseOf(path string) phase {
	top, key := path, ""
	if i := strings.IndexAny(path, ".["); i >= 0 {
		top, key = path[:i], path[strings.LastIndexAny(path, ".]")+1:]
	}
	switch top {
	case "app", "callback_urls", "scopes", "switches", "policies", "needs", "run_as_user":
		return early
	case "authorize":
		if key == "flow" {
			return early
		}
	case "steps":
		if key == "title" || key == "caution" || strings.Contains(path, ".do[") {
			return early
		}
	case "handover_at", "handover_do", "cleanup", "notes":
		return late
	case "handover":
		if key != "when" {
			return late
		}
	case "checks":
		if key != "page" {
			return late
		}
	}
	return never
}

// nameProblem: inputs may be used in what is shown or filled in, results of the
// sign-in only after it, secrets only in a hand-over's value.
func (r Recipe) nameProblem(path, name string) string {
	at := phaseOf(path)
	_, asked := r.input(name)
	switch {
	case at == never:
		return "no template can be used here"
	case asked:
		return ""
	case !slices.Contains(Results(), name):
		return "this is neither an input nor a result; results are " + strings.Join(Results(), ", ")
	case IsSecret(name) && !(strings.HasPrefix(path, "handover[") && strings.HasSuffix(path, ".value")):
		return "a secret can be used in a hand-over's value alone"
	case at == early && !slices.Contains(addresses(), name):
		return "this is not known before the sign-in"
	}
	return ""
}

func walkTexts(v reflect.Value, path string, visit func(path, text string)) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ","); name != "-" {
				walkTexts(v.Field(i), join(path, name), visit)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			walkTexts(v.Index(i), path+"["+strconv.Itoa(i)+"]", visit)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			walkTexts(v.MapIndex(key), join(path, key.String()), visit)
		}
	case reflect.String:
		visit(path, v.String())
	}
}
