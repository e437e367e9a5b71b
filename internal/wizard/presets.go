package wizard

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/recipe"
)

// checkPresets refuses what was asked for beforehand and cannot be, before anything is
// looked at.
func (s *Setup) checkPresets() error {
	if s.RecipeID == "" {
		return nil // judged once the integration is chosen
	}
	all, err := s.Recipes()
	if err != nil {
		return err
	}
	r, err := known(all, s.RecipeID)
	if err != nil {
		return err
	}
	if s.Variant == "" && len(r.Variants) > 0 && len(s.Given) > 0 {
		return nil // the variant has inputs of its own
	}
	if r, err = r.Variant(s.Variant); err != nil {
		return err
	}
	return checkGiven(r, s.Given)
}

func known(all []recipe.Recipe, id string) (recipe.Recipe, error) {
	i := slices.IndexFunc(all, func(r recipe.Recipe) bool { return r.ID == id })
	if i < 0 {
		return recipe.Recipe{}, fault.New(fault.Usage, "input", fmt.Sprintf("There is no recipe %q.", id), "See the known ones with: sfconnect init")
	}
	return all[i], nil
}

// checkGiven judges the answers that were given beforehand, all but their conditions.
func checkGiven(r recipe.Recipe, given map[string]string) error {
	for _, id := range slices.Sorted(maps.Keys(given)) {
		i := slices.IndexFunc(r.Inputs, func(in recipe.Input) bool { return in.ID == id })
		if i < 0 {
			return fault.New(fault.Usage, "input", fmt.Sprintf("%s does not ask for %q.", r.Title, id), "It asks for: "+inputNames(r)+".")
		}
		if _, err := recipe.CheckAnswer(r.Inputs[i], given[id]); err != nil {
			return givenFault(r.Inputs[i], given[id], err)
		}
	}
	return nil
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
