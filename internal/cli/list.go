package cli

import (
	"strings"
	"time"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/wizard"
)

func newList(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List the saved connections",
		Long:    "List the saved connections. Nothing is contacted and no secret is read.",
		Example: "  sfconnect list\n  sfconnect list --json",
		Args:    plainArgs(0),
		RunE:    func(*cobra.Command, []string) error { return runList(a) },
	}
}

type listJSON struct {
	Schema   int           `json:"schema"`
	Profiles []profileJSON `json:"profiles"`
}

type profileJSON struct {
	Name            string  `json:"name"`
	Default         bool    `json:"default"`
	LoginURL        string  `json:"login_url"`
	InstanceURL     string  `json:"instance_url"`
	OrgID           string  `json:"org_id"`
	Username        string  `json:"username"`
	Flow            string  `json:"flow"`
	Recipe          *string `json:"recipe"`
	StoredIn        string  `json:"stored_in"`
	HasRefreshToken bool    `json:"has_refresh_token"`
	HandedOver      bool    `json:"refresh_token_handed_over"`
	CreatedAt       string  `json:"created_at"`
}

func runList(a *app) error {
	set, err := a.file().Load()
	if err != nil {
		return err
	}
	answer := listJSON{Schema: 1, Profiles: []profileJSON{}}
	for _, name := range set.Names() {
		p := set.Profiles[name]
		row := profileJSON{
			Name: name, Default: name == set.Default, LoginURL: p.LoginURL, InstanceURL: p.Org.InstanceURL,
			OrgID: p.Org.ID, Username: p.User.Username, Flow: p.Flow, StoredIn: p.StoredIn,
			HasRefreshToken: p.HasRefreshToken, HandedOver: p.HandedOver, CreatedAt: p.CreatedAt.UTC().Format(time.RFC3339),
		}
		if p.Recipe.ID != "" {
			row.Recipe = &p.Recipe.ID
		}
		answer.Profiles = append(answer.Profiles, row)
	}
	if a.global.json {
		a.printJSON(answer)
		return nil
	}
	if len(answer.Profiles) == 0 {
		a.note("Nothing is saved yet. Start with: sfconnect init")
		return nil
	}
	var rows [][]string
	var handed []string
	for _, p := range answer.Profiles {
		mark, recipe := "  ", "-"
		if p.Default {
			mark = "* "
		}
		if p.Recipe != nil {
			recipe = *p.Recipe
		}
		rows = append(rows, []string{mark + p.Name, p.Username, p.InstanceURL, recipe})
		if p.HandedOver {
			handed = append(handed, p.Name)
		}
	}
	out := a.people(a.Stdout, a.StdoutTTY)
	out.Table([]string{"  PROFILE", "USER", "ORG", "RECIPE"}, rows)
	if len(handed) > 0 {
		out.Line(wizard.Line{Mark: wizard.MarkNote, Text: "Another tool has the refresh token of: " + strings.Join(handed, ", ")})
	}
	return nil
}
