package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/wizard"
)

type recipeNewFlags struct {
	output   string
	force    bool
	template bool
}

func newRecipeNew(a *app) *cobra.Command {
	var f recipeNewFlags
	cmd := &cobra.Command{
		Use:   "new",
		Short: "Write a recipe by answering questions",
		Long: `Write a recipe for your own integration by answering questions: who it is, what
its app looks like in Salesforce, how it signs in, and what it wants to be given.
The file is checked before it is written, and can be changed by hand afterwards.

--template prints a recipe to start from instead, with a remark at every key.`,
		Example: `  sfconnect recipe new
  sfconnect recipe new --output recipes/acme.yaml
  sfconnect recipe new --template >acme.yaml`,
		Args:        plainArgs(0),
		Annotations: map[string]string{waits: "yes"},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.template {
				return printTemplate(a, f)
			}
			return runRecipeNew(cmd.Context(), a, f)
		},
	}
	cmd.Flags().StringVar(&f.output, "output", "", "the `FILE` to write (default: the recipe's id and .yaml, in this folder)")
	cmd.Flags().BoolVar(&f.force, "force", false, "replace the file if there is one")
	cmd.Flags().BoolVar(&f.template, "template", false, "print a recipe with every key and remarks, and ask nothing")
	return cmd
}

func printTemplate(a *app, f recipeNewFlags) error {
	if f.output != "" || a.global.json {
		return usage("--template prints YAML on stdout, for you to send where you need it: sfconnect recipe new --template >acme.yaml")
	}
	_, err := fmt.Fprint(a.Stdout, recipe.Starter())
	return err
}

func runRecipeNew(ctx context.Context, a *app, f recipeNewFlags) error {
	if !a.mayAsk() || !a.StderrTTY && !a.StdoutTTY {
		return fault.New(fault.Usage, "input", "sfconnect recipe new asks questions, and there is no terminal to ask them on.",
			"Start from a recipe with remarks instead: sfconnect recipe new --template >acme.yaml\nThen check it: sfconnect recipe validate acme.yaml")
	}
	path := func(id string) string {
		if f.output != "" {
			return f.output
		}
		return id + ".yaml"
	}
	free := func(id string) error {
		if _, err := os.Lstat(path(id)); f.force || errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return fmt.Errorf("there is a file %s already: choose another name, or leave and add --force or --output", path(id))
	}
	if f.output != "" { // before the first question
		draft, err := prepareFile("The recipe", f.output, f.force)
		if err != nil {
			return err
		}
		draft.discard()
	}
	made, text, err := wizard.Author(ctx, a.ui(), a.Now().Format(time.DateOnly), free)
	if err != nil {
		return left(err)
	}
	file, err := prepareFile("The recipe", path(made.ID), f.force)
	if err != nil {
		return err
	}
	defer file.discard()
	if err := file.commit(text); err != nil {
		return err
	}
	return a.sayWritten(path(made.ID))
}

// sayWritten tells what can be done with the new file.
func (a *app) sayWritten(path string) error {
	if a.global.json {
		a.printJSON(map[string]any{"schema": 1, "ok": true, "file": path})
		return nil
	}
	name := connection.ShellWord(path)
	use := name
	if !isFile(path) {
		use = connection.ShellWord("./" + path)
	}
	a.ui().Begin(wizard.Screen{Title: "Done"})
	a.ui().Say(wizard.Line{Mark: wizard.MarkOK, Text: "The recipe is valid, and written to " + path + ".",
		Hint: "Check it after each change: sfconnect recipe validate " + name + "\n" +
			"See its guide: sfconnect recipe guide " + use + " --open\n" +
			"Rehearse it: sfconnect init --practice --recipe " + use + "\n" +
			"Set it up: sfconnect init --recipe " + use})
	return nil
}
