package guide

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/recipe"
)

// tidy judges the answers that were given, in the order of the inputs, and fills in
// what stands for the others: the default, or the input's own ${name} as a gap.
func tidy(r recipe.Recipe, given map[string]string) (map[string]string, error) {
	for _, id := range slices.Sorted(maps.Keys(given)) {
		if !slices.ContainsFunc(r.Inputs, func(in recipe.Input) bool { return in.ID == id }) {
			return nil, fault.New(fault.Usage, "input", fmt.Sprintf("%s does not ask for %q.", r.Title, id), "It asks for: "+inputNames(r)+".")
		}
	}
	answers := map[string]string{}
	for _, in := range r.Inputs {
		raw, has := given[in.ID]
		asked := recipe.Asked(in, answers)
		switch {
		case has && !asked:
			return nil, refused(in, raw, errors.New("it is asked only where "+in.When))
		case has:
			answer, err := recipe.CheckAnswer(in, raw)
			if err != nil {
				return nil, refused(in, raw, err)
			}
			answers[in.ID] = answer
		case in.Default != "" || !asked:
			answers[in.ID] = in.Default
		case r.Authorize.Flow == "${"+in.ID+"}":
			answers[in.ID] = in.Options[0] // a guide is of one flow
		default:
			answers[in.ID] = "${" + in.ID + "}"
		}
	}
	return answers, nil
}

func refused(in recipe.Input, raw string, why error) *fault.Fault {
	return fault.New(fault.Usage, "input", fmt.Sprintf("The answer --input %s=%s cannot be used: %v.", in.ID, raw, why), strings.TrimSpace(in.Label+". "+in.Help)).Because(why)
}

func inputNames(r recipe.Recipe) string {
	if len(r.Inputs) == 0 {
		return "nothing"
	}
	var names []string
	for _, in := range r.Inputs {
		names = append(names, in.ID)
	}
	return strings.Join(names, ", ")
}
