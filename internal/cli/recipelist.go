package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/recipe"
)

func newRecipeList(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List the integrations that come with sfconnect",
		Long:    "List the integrations that come with sfconnect, and how each signs in.",
		Example: "  sfconnect recipe list\n  sfconnect recipe list --json",
		Args:    plainArgs(0),
		RunE:    func(*cobra.Command, []string) error { return runRecipeList(a) },
	}
}

type recipeRowJSON struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Vendor   string   `json:"vendor"`
	Summary  string   `json:"summary"`
	Flow     string   `json:"flow"`  // the first one where there are several
	Flows    []string `json:"flows"` // all of them
	Variants []string `json:"variants"`
}

func runRecipeList(a *app) error {
	all, err := recipe.All()
	if err != nil {
		return err
	}
	out := make([]recipeRowJSON, len(all))
	for i, r := range all {
		out[i] = recipeRowJSON{
			ID: r.ID, Title: r.Title, Vendor: r.Vendor, Summary: r.Summary,
			Flow: r.Fill(nil).Authorize.Flow, Flows: r.Flows(), Variants: variantIDs(r),
		}
	}
	if a.global.json {
		a.printJSON(struct {
			Schema  int             `json:"schema"`
			Recipes []recipeRowJSON `json:"recipes"`
		}{1, out})
		return nil
	}
	var rows [][]string
	for _, r := range out {
		how := r.Flow
		if len(r.Flows) > 1 {
			how += " or another"
		}
		rows = append(rows, []string{r.ID, r.Title, how})
	}
	a.people(a.Stdout, a.StdoutTTY).Table([]string{"ID", "INTEGRATION", "SIGN-IN"}, rows)
	a.say("\nAll about one of them: sfconnect recipe show ID")
	return nil
}

func variantIDs(r recipe.Recipe) []string {
	ids := []string{}
	for _, v := range r.Variants {
		ids = append(ids, v.ID)
	}
	return slices.Clip(ids)
}
