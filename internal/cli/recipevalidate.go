package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/recipe"
)

func newRecipeValidate(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "validate FILE...",
		Short: "Check recipe files",
		Long: `Check recipe files as init and auth do before they use one. Each fault is one line
on stderr, FILE:LINE:COLUMN: what is wrong, and the exit code is then 2. Where all
is well nothing is printed.`,
		Example: "  sfconnect recipe validate ./acme.yaml\n  sfconnect recipe validate recipes/*.yaml",
		Args:    cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fault.New(fault.MissingInput, "input", "Nothing was checked: no file was named.", "Name one or more: sfconnect recipe validate FILE...")
			}
			return runRecipeValidate(a, args)
		},
	}
}

type validatedJSON struct {
	File   string        `json:"file"`
	OK     bool          `json:"ok"`
	Faults []problemJSON `json:"faults"`
}

type problemJSON struct {
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

func runRecipeValidate(a *app, files []string) error {
	var out []validatedJSON
	well := true
	for _, file := range files {
		row := validatedJSON{File: file, Faults: []problemJSON{}}
		for _, p := range problemsOf(file) {
			row.Faults = append(row.Faults, problemJSON{p.Line, p.Column, p.Text})
			fmt.Fprintln(a.Stderr, clean(p.String()))
		}
		row.OK = len(row.Faults) == 0
		well = well && row.OK
		out = append(out, row)
	}
	if a.global.json {
		a.printJSON(struct {
			Schema int             `json:"schema"`
			OK     bool            `json:"ok"`
			Files  []validatedJSON `json:"files"`
		}{1, well, out})
	}
	if !well {
		return exitOnly{fault.ExitUsage}
	}
	return nil
}

// problemsOf is everything that is wrong with a file, one that cannot be read included.
func problemsOf(file string) recipe.Problems {
	data, err := readRecipe(file)
	if err == nil {
		_, err = recipe.Parse(file, data)
	}
	var problems recipe.Problems
	var path *fs.PathError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &problems):
		return problems
	case errors.Is(err, os.ErrNotExist):
		err = errors.New("there is no such file")
		if _, known := recipe.Find(file); known == nil {
			err = errors.New(err.Error() + "; the recipe " + file + " is built in and need not be checked")
		}
	case errors.As(err, &path):
		err = path.Err
	}
	return recipe.Problems{{File: file, Line: 1, Column: 1, Text: "this file was not read: " + err.Error()}}
}
