package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/check"
)

// tellMisspelt notes on stderr, before cmd works, which variables are probably meant to
// be one of sfconnect's. Doctor has them among its findings, and what only prints about
// sfconnect itself does without.
func (a *app) tellMisspelt(cmd *cobra.Command) {
	silent := []string{"doctor", "version", "help", "completion", cobra.ShellCompRequestCmd, cobra.ShellCompNoDescRequestCmd}
	top := cmd
	for top.HasParent() && top.Parent().HasParent() {
		top = top.Parent()
	}
	if !top.HasParent() || slices.Contains(silent, top.Name()) {
		return
	}
	_, misspelt := a.unknownVariables()
	for _, text := range misspelt {
		a.note("Note: %s", text)
	}
}

// unknownVariables are a sentence for each variable that is set, has a name of
// sfconnect's kind and is none; misspelt are those that a variable's name comes near,
// as the others may be somebody else's. A value is never told: it may be a secret.
func (a *app) unknownVariables() (all, misspelt []string) {
	if a.Environ == nil {
		return nil, nil
	}
	unknown := check.UnknownVariables(a.Environ(), a.OS)
	if len(unknown) == 0 {
		return nil, nil
	}
	const prefix = "SFCONNECT_" // all have it, and so it says nothing of how near two are
	var known []string
	for _, v := range check.OwnVariables() {
		known = append(known, strings.TrimPrefix(v.Name, prefix))
	}
	for _, name := range unknown {
		text := name + " is set, and there is no such variable."
		near := nearest(name[len(prefix):], known)
		if len(near) > 0 {
			text += " Did you mean " + prefix + near[0] + "?"
			misspelt = append(misspelt, text)
		}
		all = append(all, text)
	}
	return all, misspelt
}
