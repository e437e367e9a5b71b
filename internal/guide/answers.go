package guide

import (
	"errors"
	"maps"
	"slices"

	"example.com/sfconnect/internal/recipe"
)

// tidy judges the answers that were given, in the order of the inputs, and fills in
// what stands for the others: the default, or the input's own ${name} as a gap.
func tidy(r recipe.Recipe, given map[string]string) (map[string]string, error) {
	for _, id := range slices.Sorted(maps.Keys(given)) {
		if _, err := r.InputNamed(id); err != nil {
			return nil, err
		}
	}
	answers := map[string]string{}
	for _, in := range r.Inputs {
		raw, has := given[in.ID]
		asked := recipe.Asked(in, answers)
		switch {
		case has && !asked:
			return nil, in.Refused(raw, errors.New("it is asked only where "+in.When))
		case has:
			answer, err := recipe.CheckAnswer(in, raw)
			if err != nil {
				return nil, in.Refused(raw, err)
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
