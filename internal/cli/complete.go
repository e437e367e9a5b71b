package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"example.com/sfconnect/internal/practice"
)

// completeTree gives every flag and argument of the tree that has no completion of
// its own the one that fits: known values, files, or nothing, where a shell would
// offer the files of the folder for a Consumer Key.
func (a *app) completeTree(cmd *cobra.Command) {
	for _, child := range cmd.Commands() {
		a.completeTree(child)
	}
	if cmd.ValidArgsFunction == nil && !strings.Contains(cmd.Use, "FILE") {
		cmd.ValidArgsFunction = cobra.NoFileCompletions
	}
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if complete := a.completeFlag(f); complete != nil {
			_ = cmd.RegisterFlagCompletionFunc(f.Name, complete) // an error says that it has one
		}
	})
}

// completeFlag is nil for a flag without a value, and for one whose value is a file.
func (a *app) completeFlag(f *pflag.Flag) cobra.CompletionFunc {
	switch f.Name {
	case "profile":
		return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) { return a.savedNames() }
	case "store", "to":
		return cobra.FixedCompletions([]string{
			"keychain\tthe system's own", "file\tone encrypted file, for machines without a keychain"}, cobra.ShellCompDirectiveNoFileComp)
	case "flow":
		return cobra.FixedCompletions(flowNames(), cobra.ShellCompDirectiveNoFileComp)
	case "prompt":
		return cobra.FixedCompletions([]string{"login", "consent", "select_account"}, cobra.ShellCompDirectiveNoFileComp)
	case "set":
		return completeSettings
	case "browser":
		return nil // a program, which may be given as a path
	}
	isFile := f.Name == "output" || f.Name == "recipe" || strings.HasSuffix(f.Name, "-file")
	if f.NoOptDefVal != "" || isFile {
		return nil
	}
	return cobra.NoFileCompletions
}

// completeCommands are the commands below the one that args name.
func completeCommands(root *cobra.Command, args []string) []string {
	above, rest, err := root.Find(args)
	if err != nil || len(rest) > 0 {
		return nil
	}
	var names []string
	for _, c := range above.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name()+"\t"+c.Short)
		}
	}
	return names
}

// completeSettings offers the settings of the practice org, to be followed by a value.
func completeSettings(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	name, _, valued := strings.Cut(typed, "=")
	var offers []string
	for _, s := range practice.SettingNames() {
		switch {
		case !valued:
			offers = append(offers, s.Name+"=\t"+s.Help)
		case s.Name == name && strings.Contains(s.Values, "true"):
			offers = append(offers, name+"=true", name+"=false")
		}
	}
	if valued {
		return offers, cobra.ShellCompDirectiveNoFileComp
	}
	return offers, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// completeProfiles offers the saved names for one argument.
func (a *app) completeProfiles(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return a.savedNames()
}

// savedNames are the saved profiles, with whom each is connected as.
func (a *app) savedNames() ([]string, cobra.ShellCompDirective) {
	set, err := a.file().Load()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	names := slices.Clone(set.Names())
	for i, name := range names {
		names[i] = name + "\t" + set.Profiles[name].User.Username
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
