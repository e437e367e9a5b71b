package recipe

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"example.com/sfconnect/internal/fault"
)

// VariantAnswer is the name under which the chosen variant stands among an
// admin's answers; no input can have it.
const VariantAnswer = "variant"

// Variant is one of several methods of a product. It has every key of a Recipe
// but those of its head; Recipe.Variant says how the two become one. A field
// without a doc tag has the description of the recipe's.
type Variant struct {
	ID      string `yaml:"id" doc:"Small letters, digits and single dashes, such as client-credentials."`
	Title   string `yaml:"title" doc:"The method, in a few words."`
	Summary string `yaml:"summary,omitempty" doc:"A few words more."`

	Source       Source            `yaml:"source,omitempty"`
	Inputs       []Input           `yaml:"inputs,omitempty" doc:"Further questions, asked after the recipe's own."`
	Needs        []string          `yaml:"needs,omitempty"`
	App          App               `yaml:"app,omitempty"`
	CallbackURLs []string          `yaml:"callback_urls,omitempty"`
	CallbackUse  string            `yaml:"callback_use,omitempty"`
	Scopes       []string          `yaml:"scopes,omitempty"`
	ScopesMatch  string            `yaml:"scopes_match,omitempty"`
	ScopesNever  []string          `yaml:"scopes_never,omitempty"`
	Switches     map[string]Switch `yaml:"switches,omitempty"`
	Policies     Policies          `yaml:"policies,omitempty"`
	RunAsUser    RunAsUser         `yaml:"run_as_user,omitempty"`
	Certificate  Certificate       `yaml:"certificate,omitempty"`
	Authorize    Authorize         `yaml:"authorize,omitempty"`
	Steps        []Step            `yaml:"steps,omitempty"`
	Handover     []Field           `yaml:"handover,omitempty"`
	HandoverAt   string            `yaml:"handover_at,omitempty"`
	HandoverDo   []string          `yaml:"handover_do,omitempty"`
	Cleanup      []string          `yaml:"cleanup,omitempty"`
	Checks       []FollowUp        `yaml:"checks,omitempty"`
	Notes        []string          `yaml:"notes,omitempty"`
	Cautions     map[string]string `yaml:"cautions,omitempty"`
}

// Variant gives the recipe with that variant's values in it and without Variants;
// "" is the first one. Values with keys (app, policies, switches, …) are merged
// key by key, the variant's inputs come after the recipe's, every other list is
// replaced as a whole. An unknown id is a fault with code usage.
func (r Recipe) Variant(id string) (Recipe, error) {
	if id == "" && len(r.Variants) == 0 {
		return r, nil
	}
	i := 0
	if id != "" {
		i = slices.IndexFunc(r.Variants, func(v Variant) bool { return v.ID == id })
	}
	if i < 0 {
		var known []string
		for _, v := range r.Variants {
			known = append(known, v.ID)
		}
		hint := "Leave the variant out."
		if known != nil {
			hint = "Its variants: " + strings.Join(known, ", ") + "."
		}
		return Recipe{}, fault.New(fault.Usage, "input", "The recipe "+quoted(r.ID)+" has no variant "+quoted(id)+".", hint)
	}
	return r.merged(i), nil
}

func (r Recipe) merged(i int) Recipe {
	v := r.Variants[i]
	inputs := slices.Concat(r.Inputs, v.Inputs)
	r.Variants = nil
	from, to := reflect.ValueOf(v), reflect.ValueOf(&r).Elem()
	for i := range from.NumField() {
		switch name := from.Type().Field(i).Name; name {
		case "ID", "Title", "Inputs":
		default:
			overlay(to.FieldByName(name), from.Field(i))
		}
	}
	r.Inputs = inputs
	return r
}

// overlay puts what from says over to, and leaves alone what it does not say.
func overlay(to, from reflect.Value) {
	switch from.Kind() {
	case reflect.Struct:
		for i := range from.NumField() {
			overlay(to.Field(i), from.Field(i))
		}
	case reflect.Map:
		whole := reflect.MakeMap(to.Type())
		for _, m := range []reflect.Value{to, from} {
			for it := m.MapRange(); it.Next(); {
				whole.SetMapIndex(it.Key(), it.Value())
			}
		}
		if whole.Len() > 0 {
			to.Set(whole)
		}
	default:
		if !from.IsZero() {
			to.Set(from)
		}
	}
}

// places gives the place of each value of merged(i): the variant's own, else the
// recipe's. inputs is how many the recipe itself has.
func (p *reader) places(i, inputs int) map[string]place {
	prefix := fmt.Sprintf("variants[%d]", i)
	own := map[string]place{}
	for path, at := range p.at {
		if rest, ok := strings.CutPrefix(path, prefix+"."); ok {
			own[shifted(rest, inputs)] = at
		}
	}
	merged := map[string]place{}
	for path, at := range p.at {
		list, _, item := strings.Cut(path, "[")
		if _, replaced := own[list]; !replaced || !item || list == "inputs" {
			merged[path] = at
		}
	}
	maps.Copy(merged, own)
	merged[""] = p.at[prefix]
	return merged
}

// shifted renumbers the path of a variant's input, which comes after the recipe's.
func shifted(path string, inputs int) string {
	rest, ok := strings.CutPrefix(path, "inputs[")
	if !ok {
		return path
	}
	number, rest, _ := strings.Cut(rest, "]")
	i, _ := strconv.Atoi(number)
	return fmt.Sprintf("inputs[%d]%s", i+inputs, rest)
}
