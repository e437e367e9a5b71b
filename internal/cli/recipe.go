package cli

import (
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/recipe"
)

func newRecipe(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "recipe",
		Short: "Look at the integrations that sfconnect knows, and check your own",
		Long: `A recipe is an integration as data: what its External Client App looks like in
Salesforce, how to sign in, and what to hand over. Some come with sfconnect; any
other is a YAML file, which init, auth and practice take with --recipe FILE.`,
		Example: `  sfconnect recipe list
  sfconnect recipe show quilia
  sfconnect recipe guide quilia --open
  sfconnect recipe validate ./acme.yaml
  sfconnect recipe new`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return a.onlyCommands(cmd, args) },
	}
	cmd.AddGroup(&cobra.Group{ID: "recipe", Title: "Commands:"})
	for _, child := range []*cobra.Command{newRecipeList(a), newRecipeShow(a), newRecipeGuide(a), newRecipeValidate(a), newRecipeNew(a), newRecipeSchema(a)} {
		child.GroupID = "recipe"
		cmd.AddCommand(child)
	}
	return cmd
}

// onlyCommands answers a command that has others below it and does nothing itself.
func (a *app) onlyCommands(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		var known []string
		for _, child := range cmd.Commands() {
			known = append(known, child.Name())
		}
		f := usage("There is no command %q here; there is: %s.", args[0], cmd.CommandPath()+" "+strings.Join(known, ", "))
		near := nearest(args[0], known)
		for i := range near {
			near[i] = cmd.CommandPath() + " " + near[i]
		}
		f.Hint = didYouMean(near, f.Hint)
		return f
	}
	if a.global.json {
		return usage("No command was given, and help is no JSON.")
	}
	return cmd.Help()
}

// largestRecipe bounds what is read of a stranger's file; Parse takes far less.
const largestRecipe = 1 << 20

// isFile reports whether what was given for a recipe is a file's name: it looks
// like a path, or like YAML.
func isFile(idOrFile string) bool {
	return strings.ContainsAny(idOrFile, `/\`) || strings.HasSuffix(idOrFile, ".yaml") || strings.HasSuffix(idOrFile, ".yml")
}

// findRecipe gives the recipe of an id, or of a file, with all its variants.
func findRecipe(idOrFile string) (recipe.Recipe, error) {
	if !isFile(idOrFile) {
		return embeddedRecipe(idOrFile)
	}
	data, err := readRecipe(idOrFile)
	if err != nil {
		return recipe.Recipe{}, unreadable("The recipe", "the command line", idOrFile, err)
	}
	r, err := recipe.Parse(idOrFile, data)
	var problems recipe.Problems
	if errors.As(err, &problems) {
		return r, problems.Fault()
	}
	return r, err
}

// embeddedRecipe finds one of ours; what comes near an unknown id is named.
func embeddedRecipe(id string) (recipe.Recipe, error) {
	found, err := recipe.Find(id)
	if err == nil {
		return found, nil
	}
	f := *fault.From(err)
	f.Hint = didYouMean(nearest(id, recipeIDs()), f.Hint)
	if info, err := os.Stat(id); err == nil && info.Mode().IsRegular() {
		f.Hint = "There is a file of that name here. A name is taken as a file's where it has a slash in it or ends in .yaml or .yml, so give it as ./" + id + "\n" + f.Hint
	}
	return found, &f
}

// readRecipe reads a file, at most so much of it that Parse can say it is too large.
func readRecipe(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, largestRecipe))
}

// chosenVariant is the recipe with one of its variants merged in; "" is the first,
// or the only one whose flow is the one that was asked for. answers remember it.
func chosenVariant(r recipe.Recipe, variant, flow string) (chosen recipe.Recipe, answers map[string]string, err error) {
	if variant == "" && flow != "" {
		of := slices.DeleteFunc(slices.Clone(r.Variants), func(v recipe.Variant) bool {
			whole, err := r.Variant(v.ID)
			return err != nil || whole.Fill(nil).Authorize.Flow != flow
		})
		if len(of) == 1 {
			variant = of[0].ID
		}
	}
	answers = map[string]string{}
	chosen, err = r.Variant(variant)
	if err != nil || len(r.Variants) == 0 {
		return chosen, answers, err
	}
	answers[recipe.VariantAnswer] = firstOf(variant, r.Variants[0].ID)
	return chosen, answers, nil
}

func recipeIDs() []string {
	var ids []string
	for _, s := range recipe.List() {
		ids = append(ids, s.ID)
	}
	return ids
}

// addVariant gives a command --variant beside its --recipe, and completes both.
func addVariant(cmd *cobra.Command, variant *string) {
	cmd.Flags().StringVar(variant, "variant", "", "which of the recipe's variants (default: its first)")
	_ = cmd.RegisterFlagCompletionFunc("recipe", completeRecipes)
	_ = cmd.RegisterFlagCompletionFunc("variant", func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		return completeVariants(cmd.Flag("recipe").Value.String())
	})
}

// needsRecipe refuses --variant where no recipe was named that could have one.
func needsRecipe(recipe, variant string) error {
	if variant != "" && recipe == "" {
		return usage("--variant %s is one of a recipe's methods; say which recipe with --recipe.", variant)
	}
	return nil
}

// completeRecipes offers the ids, and files.
func completeRecipes(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return recipeIDs(), cobra.ShellCompDirectiveDefault
}

// completeOneRecipe is completeRecipes for a command whose one argument is the recipe.
func completeOneRecipe(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return completeRecipes(nil, nil, "")
}

// completeVariantOfArg offers the variants of the recipe that is the argument.
func completeVariantOfArg(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return completeVariants(args[0])
}

func completeVariants(idOrFile string) ([]string, cobra.ShellCompDirective) {
	r, err := findRecipe(idOrFile)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var ids []string
	for _, v := range r.Variants {
		ids = append(ids, v.ID+"\t"+v.Title)
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}
