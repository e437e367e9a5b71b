package cli

import (
	"context"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/store"
)

func newUse(a *app) *cobra.Command {
	return &cobra.Command{
		Use:               "use NAME",
		Short:             "Choose the default connection",
		Long:              "Choose the saved connection that commands use when none is named.",
		Example:           "  sfconnect use acme",
		Args:              plainArgs(1),
		ValidArgsFunction: a.completeProfiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 && a.global.profile == "" {
				return usage("Which profile? Give its name: sfconnect use NAME.")
			}
			name, _, err := a.chosen(args)
			if err != nil {
				return err
			}
			return runUse(cmd.Context(), a, name)
		},
	}
}

func runUse(ctx context.Context, a *app, name string) error {
	err := a.file().Update(ctx, func(set *store.Set) error {
		if _, err := set.Find(name); err != nil {
			return err
		}
		set.Default = name
		return nil
	})
	if err != nil {
		return err
	}
	if a.global.json {
		a.printJSON(map[string]any{"schema": 1, "ok": true, "profile": name})
		return nil
	}
	a.note("Commands now use profile %q.", name)
	return nil
}
