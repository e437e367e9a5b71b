package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/store"
)

// didYouMean puts what comes near before a hint; with nothing near it is the hint.
func didYouMean(near []string, hint string) string {
	if len(near) == 0 {
		return hint
	}
	return "Did you mean: " + strings.Join(near, ", ") + "?\n" + hint
}

// unknownCommand dresses cobra's word on a command that there is not, or gives nil
// for any other error.
func unknownCommand(err error) *fault.Fault {
	rest, ok := strings.CutPrefix(err.Error(), `unknown command "`)
	if !ok {
		return nil
	}
	name, _, _ := strings.Cut(rest, `" for "`)
	known := []string{"completion", "help"}
	for _, c := range commands() {
		known = append(known, c.name)
	}
	return fault.New(fault.Usage, "input", fmt.Sprintf("There is no command %q.", name),
		didYouMean(nearest(name, known), "See: sfconnect help")).Because(err)
}

// nearFlags are the flags that come near one that the command does not have.
func nearFlags(cmd *cobra.Command, err error) []string {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return nil
	}
	asked := unknown.GetSpecifiedName()
	if letters := unknown.GetSpecifiedShortnames(); letters != "" {
		asked = letters // -profile is read as the letters p, r, o …
	}
	var known []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			known = append(known, f.Name)
		}
	})
	near := nearest(asked, known)
	for i := range near {
		near[i] = "--" + near[i]
	}
	return near
}

// withNearProfiles names the saved profiles that come near one that is not saved.
func withNearProfiles(f *fault.Fault) *fault.Fault {
	var unknown store.UnknownProfile
	if !errors.As(f, &unknown) {
		return f
	}
	g := *f
	g.Hint = didYouMean(nearest(unknown.Name, unknown.Known), f.Hint)
	return &g
}
