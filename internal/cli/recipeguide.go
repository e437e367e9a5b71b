package cli

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/guide"
	"example.com/sfconnect/internal/salesforce"
)

// The formats of recipe guide.
const (
	guideMarkdown = "md"
	guideHTML     = "html"
)

type guideFlags struct {
	format, variant, loginURL, output string
	inputs                            []string
	trustHost, open, force            bool
}

func newRecipeGuide(a *app) *cobra.Command {
	var f guideFlags
	cmd := &cobra.Command{
		Use:   "guide ID|FILE",
		Short: "Write a recipe as a guide, to read, print or pass on",
		Long: `Write a recipe as a complete guide for an admin who works without sfconnect:
every step in order, every value, the hand-over and what to do when something
does not work. Nothing is contacted and no secret is in it.

As html it is one page that needs no network. It draws Salesforce's form, filled
in and ticked as it should be, and can be printed. With --login-url its links lead
to the right pages of Setup in that org.

What differs from org to org stands in ‹ › unless --input gives it.`,
		Example: `  sfconnect recipe guide quilia
  sfconnect recipe guide quilia --open
  sfconnect recipe guide quilia --output quilia.html --login-url acme.my.salesforce.com
  sfconnect recipe guide ./acme.yaml --input contact_email=admin@acme.com > acme.md`,
		Args:              plainArgs(1),
		ValidArgsFunction: completeOneRecipe,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("Which recipe? Give its id or file: sfconnect recipe guide ID.")
			}
			return runRecipeGuide(cmd.Context(), a, args[0], f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.format, "format", "", "md or html (default: md; html with --open and for a file that ends in .html)")
	flags.StringVar(&f.variant, "variant", "", "which of its variants (default: the first)")
	flags.StringArrayVar(&f.inputs, "input", nil, "answer one of the recipe's questions, as `NAME=VALUE`, repeatable")
	flags.StringVar(&f.loginURL, "login-url", "", "the org's login URL, for links to its Setup pages")
	flags.BoolVar(&f.trustHost, "trust-host", false, "accept a login host outside Salesforce's own domains")
	flags.StringVar(&f.output, "output", "", "write to this new file instead of stdout")
	flags.BoolVar(&f.force, "force", false, "replace the file of --output")
	flags.BoolVar(&f.open, "open", false, "open the page in the browser")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]cobra.Completion{guideMarkdown, guideHTML}, cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("variant", completeVariantOfArg)
	return cmd
}

type guideJSON struct {
	Schema  int     `json:"schema"`
	OK      bool    `json:"ok"`
	Recipe  string  `json:"recipe"`
	Variant *string `json:"variant"`
	Format  string  `json:"format"`
	Output  *string `json:"output"` // the file; null where the guide is in this document
	Guide   *string `json:"guide"`
}

func runRecipeGuide(ctx context.Context, a *app, idOrFile string, f guideFlags) error {
	format, err := f.kind()
	if err != nil {
		return err
	}
	o := guide.Options{Variant: f.variant, Name: idOrFile}
	if o.Answers, err = inputAnswers(f.inputs); err != nil {
		return err
	}
	if f.loginURL != "" {
		if o.Login, err = salesforce.ParseLoginURL(f.loginURL, salesforce.LoginOptions{TrustHost: f.trustHost}); err != nil {
			return err
		}
	}
	r, err := findRecipe(idOrFile)
	if err != nil {
		return err
	}
	g, err := guide.New(r, o)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if format == guideHTML {
		err = g.HTML(&text)
	} else {
		err = g.Markdown(&text)
	}
	if err != nil {
		return err
	}
	file := f.output
	if file != "" {
		err = writeGuide(file, text.Bytes(), f.force)
	} else if f.open {
		file, err = a.temporary("sfconnect-"+r.ID+".html", text.Bytes())
	}
	if err != nil {
		return err
	}
	if f.open {
		a.openFile(ctx, file)
	}
	switch {
	case a.global.json:
		out := guideJSON{Schema: 1, OK: true, Recipe: r.ID, Format: format}
		if v := g.Variant; v != "" {
			out.Variant = &v
		}
		if whole := text.String(); file == "" {
			out.Guide = &whole
		} else {
			out.Output = &file
		}
		a.printJSON(out)
	case file == "":
		_, err := a.Stdout.Write(text.Bytes())
		a.writeErr = errors.Join(a.writeErr, err)
	case !f.open:
		a.note("The guide is written to %s", file)
	}
	return nil
}

// kind is the format that was asked for, or that the file's name tells.
func (f guideFlags) kind() (string, error) {
	ending := strings.ToLower(filepath.Ext(f.output))
	page := f.open || slices.Contains([]string{".html", ".htm"}, ending)
	switch {
	case f.force && f.output == "":
		return "", usage("--force replaces the file of --output, and there is no --output.")
	case f.format == "" && page:
		return guideHTML, nil
	case f.format == "":
		return guideMarkdown, nil
	case f.format != guideMarkdown && f.format != guideHTML:
		return "", usage("There is no format %q; a guide is md or html.", f.format)
	case f.open && f.format != guideHTML:
		return "", usage("--open is for the page: leave --format out, or say --format html.")
	}
	return f.format, nil
}

// writeGuide makes the file appear whole, and takes the place of one only with force.
func writeGuide(file string, text []byte, force bool) error {
	out, err := prepareFile("The guide", file, force)
	if err != nil {
		return err
	}
	defer out.discard()
	return out.commit(text)
}

// temporary writes a file that this user alone can read, in a new folder. It stays:
// the browser reads it after we are gone.
func (a *app) temporary(name string, data []byte) (string, error) {
	dir, err := a.TempDir()
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, name)
	return file, os.WriteFile(file, data, 0o600)
}

// openFile shows a file in the browser. Without one, its name is there to be opened.
func (a *app) openFile(ctx context.Context, file string) {
	whole, err := filepath.Abs(file)
	if err != nil {
		whole = file
	}
	path := filepath.ToSlash(whole)
	if !strings.HasPrefix(path, "/") { // C:/…
		path = "/" + path
	}
	if err := a.openBrowser("")(ctx, (&url.URL{Scheme: "file", Path: path}).String()); err != nil {
		a.note("The guide was not opened: %v. Open it yourself: %s", err, whole)
		return
	}
	a.note("The guide opens in your browser: %s", whole)
}
