package cli

import (
	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/recipe"
)

func newRecipeShow(a *app) *cobra.Command {
	var variant string
	cmd := &cobra.Command{
		Use:   "show ID|FILE",
		Short: "Show everything that a recipe says",
		Long: `Show everything that a recipe says: how the app should be made, how to sign in,
what to hand over and where that was read. What stands in ‹ › is filled in during
the set-up. Where a recipe has variants, one is shown: the first, or --variant.`,
		Example: `  sfconnect recipe show quilia
  sfconnect recipe show nango --variant jwt-bearer
  sfconnect recipe show ./acme.yaml --json`,
		Args:              plainArgs(1),
		ValidArgsFunction: completeOneRecipe,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("Which recipe? Give its id or file: sfconnect recipe show ID.")
			}
			return runRecipeShow(a, args[0], variant)
		},
	}
	cmd.Flags().StringVar(&variant, "variant", "", "which of its variants (default: the first)")
	_ = cmd.RegisterFlagCompletionFunc("variant", completeVariantOfArg)
	return cmd
}

func runRecipeShow(a *app, idOrFile, variant string) error {
	whole, err := findRecipe(idOrFile)
	if err != nil {
		return err
	}
	r, answers, err := chosenVariant(whole, variant, "")
	if err != nil {
		return err
	}
	chosen := answers[recipe.VariantAnswer]
	if a.global.json {
		a.printJSON(toRecipeJSON(whole, r, chosen))
		return nil
	}
	a.people(a.Stdout, a.StdoutTTY).Sheet(recipeSheet(whole, r, chosen))
	return nil
}
