package wizard

import (
	"fmt"
	"maps"
	"slices"

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
		in, err := r.InputNamed(id)
		if err != nil {
			return err
		}
		if _, err := recipe.CheckAnswer(in, given[id]); err != nil {
			return in.Refused(given[id], err)
		}
	}
	return nil
}
