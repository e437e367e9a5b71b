package recipe

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// eachText checks every text of a recipe for its characters and its templates:
// inputs may be used in what is shown or filled in, results of the sign-in only
// in the hand-over, secrets only in a hand-over's value.
func (p *reader) eachText(r Recipe) {
	inputs := map[string]bool{}
	for _, in := range r.Inputs {
		inputs[in.ID] = true
	}
	walkTexts(reflect.ValueOf(r), "", func(path, text string) {
		if err := checkText(text); err != nil {
			p.at1(path, "%v", err)
			return
		}
		names, err := Names(text)
		if err != nil {
			p.at1(path, "%v", err)
			return
		}
		for _, name := range names {
			if problem := nameProblem(path, name, inputs); problem != "" {
				p.at1(path, "${%s}: %s", name, problem)
			}
		}
	})
}

func nameProblem(path, name string, inputs map[string]bool) string {
	top, _, _ := strings.Cut(path, ".")
	top, _, _ = strings.Cut(top, "[")
	late := top == "handover" || top == "handover_at" || top == "handover_do" || top == "cleanup" || top == "notes"
	early := top == "app" || top == "callback_urls" || top == "scopes" || top == "switches" || top == "policies" || top == "needs" || path == "authorize.flow"
	switch {
	case !late && !early:
		return "no template can be used here"
	case inputs[name]:
		return ""
	case !slices.Contains(Results(), name):
		return "this is neither an input nor a result; results are " + strings.Join(Results(), ", ")
	case IsSecret(name) && !(top == "handover" && strings.HasSuffix(path, ".value")):
		return "a secret can be used in a hand-over's value alone"
	case early && name != "login_url" && name != "my_domain":
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
