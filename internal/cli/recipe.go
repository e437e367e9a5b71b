package cli

import (
	"errors"
	"os"
	"strings"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/recipe"
)

// largestRecipe bounds a stranger's file; the longest guide we know of is a tenth of it.
const largestRecipe = 1 << 20

// findRecipe gives the recipe of an id, or of a file: what looks like a path is one.
func findRecipe(idOrFile string) (recipe.Recipe, error) {
	if !strings.ContainsAny(idOrFile, `/\`) && !strings.HasSuffix(idOrFile, ".yaml") && !strings.HasSuffix(idOrFile, ".yml") {
		found, err := recipe.Find(idOrFile)
		if info, statErr := os.Stat(idOrFile); err != nil && statErr == nil && info.Mode().IsRegular() {
			f := *fault.From(err)
			f.Hint = "There is a file of that name here. A name is taken as a file's where it has a slash in it or ends in .yaml or .yml, so give it as ./" + idOrFile + "\n" + f.Hint
			return found, &f
		}
		return found, err
	}
	info, err := os.Stat(idOrFile)
	if err == nil && info.Size() > largestRecipe {
		return recipe.Recipe{}, usage("The recipe file %s is too large to be one.", idOrFile)
	}
	data, err := os.ReadFile(idOrFile)
	if err != nil {
		return recipe.Recipe{}, unreadable("The recipe", "--recipe", idOrFile, err)
	}
	r, err := recipe.Parse(idOrFile, data)
	var problems recipe.Problems
	if errors.As(err, &problems) {
		return r, problems.Fault()
	}
	return r, err
}
