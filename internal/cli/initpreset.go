package cli

import (
	"strings"

	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/wizard"
)

// preset takes into the set-up what the flags decide beforehand: where to begin, which
// recipe, and answers.
func (f initFlags) preset(setup *wizard.Setup) (err error) {
	if f.step != "" {
		if setup.Step, err = wizard.StepName(f.step); err != nil {
			return err
		}
	}
	switch setup.FromStart = f.fromStart; {
	case f.timeout <= 0:
		return usage("--timeout must be longer than nothing, for example 5m.")
	case f.step != "" && f.fromStart:
		return usage("--step goes to one step and --from-start to every one; give one of them.")
	case f.practice && (f.step != "" || f.fromStart):
		return usage("--step and --from-start are for a set-up that was begun, and a rehearsal keeps nothing.")
	}
	if setup.Given, err = inputAnswers(f.inputs); err != nil {
		return err
	}
	if err := needsRecipe(f.recipe, f.variant); err != nil || f.recipe == "" {
		return err
	}
	chosen, err := findRecipe(f.recipe)
	if err != nil {
		return err
	}
	setup.RecipeID, setup.Variant = chosen.ID, f.variant
	setup.Recipes = func() ([]recipe.Recipe, error) { return []recipe.Recipe{chosen}, nil }
	if isFile(f.recipe) {
		setup.RecipeFile, setup.TrustRecipe = f.recipe, f.yes
	}
	return nil
}

// inputAnswers reads --input NAME=VALUE.
func inputAnswers(pairs []string) (map[string]string, error) {
	answers := map[string]string{}
	for _, pair := range pairs {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return nil, usage("--input %s lacks a name or a value; it takes NAME=VALUE.", pair)
		}
		if _, twice := answers[name]; twice {
			return nil, usage("--input %s is given twice.", name)
		}
		answers[name] = value
	}
	return answers, nil
}
