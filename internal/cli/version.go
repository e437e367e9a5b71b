package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newVersion(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Long:    "Print the version of sfconnect.",
		Example: "  sfconnect version\n  sfconnect version --json",
		Args:    plainArgs(0),
		RunE: func(*cobra.Command, []string) error {
			if a.global.json {
				a.printJSON(struct {
					Schema  int    `json:"schema"`
					Version string `json:"version"`
				}{1, a.Version})
				return nil
			}
			_, err := fmt.Fprintln(a.Stdout, "sfconnect "+a.Version)
			return err
		},
	}
}
