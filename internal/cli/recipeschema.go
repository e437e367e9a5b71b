package cli

import (
	"encoding/json"
	"errors"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/recipe"
)

func newRecipeSchema(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of recipe files, for editors",
		Long: `Print the JSON Schema (draft 2020-12) of recipe files. An editor with a YAML
language server then completes and checks the file while it is written: save the
schema beside it and begin the file with
  # yaml-language-server: $schema=recipe.schema.json
validate checks more than a schema can.`,
		Example: "  sfconnect recipe schema >recipe.schema.json",
		Args:    plainArgs(0),
		RunE: func(*cobra.Command, []string) error {
			if a.global.json {
				a.printJSON(json.RawMessage(recipe.JSONSchema())) // on one line, as every document
				return nil
			}
			_, err := a.Stdout.Write(recipe.JSONSchema())
			a.writeErr = errors.Join(a.writeErr, err)
			return nil
		},
	}
}
