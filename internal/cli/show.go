package cli

import (
	"strings"
	"time"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/store"
)

func newShow(a *app) *cobra.Command {
	return &cobra.Command{
		Use:               "show [NAME]",
		Short:             "Show one saved connection, without its secrets",
		Long:              "Show one saved connection: the one named, else the one of --profile, else the\ndefault. Nothing is contacted and no secret is read.",
		Example:           "  sfconnect show\n  sfconnect show acme --json",
		Args:              plainArgs(1),
		ValidArgsFunction: a.completeProfiles,
		RunE: func(_ *cobra.Command, args []string) error {
			name, set, err := a.chosen(args)
			if err != nil {
				return err
			}
			return runShow(a, name, set)
		},
	}
}

// chosen is the profile that an argument, --profile or the default names; it must exist.
func (a *app) chosen(args []string) (string, store.Set, error) {
	set, err := a.file().Load()
	if err != nil {
		return "", set, err
	}
	name := ""
	if len(args) > 0 {
		name = args[0]
		if a.global.profile != "" && a.global.profile != name {
			return "", set, usage("The profile is named twice: %q and --profile %q.", name, a.global.profile)
		}
		err = store.CheckName(name)
	} else {
		name, err = a.profileName()
	}
	if err != nil {
		return "", set, err
	}
	_, err = set.Find(name)
	return name, set, err
}

type showJSON struct {
	Schema int    `json:"schema"`
	OK     bool   `json:"ok"`
	Name   string `json:"profile"`
	store.Profile
	JWT         *jwtJSON   `json:"jwt"`          // null for every other flow
	RefreshedAt *time.Time `json:"refreshed_at"` // null where that is not known
	Default     bool       `json:"default"`
}

type jwtJSON struct {
	Username        string     `json:"username"`
	Audience        string     `json:"audience"`
	CertificateEnds *time.Time `json:"certificate_ends"` // null where that is not known
}

func toJWTJSON(p store.Profile) *jwtJSON {
	if connection.Flow(p.Flow) != connection.FlowJWTBearer {
		return nil
	}
	return &jwtJSON{Username: p.JWT.Username, Audience: p.JWT.Audience, CertificateEnds: known(p.JWT.CertificateEnds)}
}

// known is a time for the JSON: null rather than the year 1.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func runShow(a *app, name string, set store.Set) error {
	p := set.Profiles[name]
	if a.global.json {
		p.Recipe.Source = ""
		p.Scopes, p.WantedScopes = list(p.Scopes), list(p.WantedScopes)
		if p.Recipe.Inputs == nil {
			p.Recipe.Inputs = map[string]string{}
		}
		a.printJSON(showJSON{Schema: 1, OK: true, Name: name, Profile: p, JWT: toJWTJSON(p), RefreshedAt: known(p.RefreshedAt), Default: set.Default == name})
		return nil
	}
	title := name
	if set.Default == name {
		title += " (the default)"
	}
	recipe := p.Recipe.ID
	if recipe == "" {
		recipe = "none"
	}
	pairs := [][2]string{
		{"Profile", title},
		{"User", connection.Person(p.User)},
		{"Org", connection.OrgTitle(p.Org) + ", " + p.Org.ID},
		{"Instance URL", p.Org.InstanceURL},
		{"Login URL", p.LoginURL},
		{"Consumer Key", p.ConsumerKey},
		{"Flow", p.Flow},
	}
	if p.CallbackURL != "" {
		pairs = append(pairs, [2]string{"Callback URL", p.CallbackURL})
	}
	if connection.Flow(p.Flow) == connection.FlowJWTBearer {
		pairs = append(pairs, [2]string{"Acts as", p.JWT.Username}, [2]string{"Audience", p.JWT.Audience})
		if !p.JWT.CertificateEnds.IsZero() {
			pairs = append(pairs, [2]string{"Certificate ends", p.JWT.CertificateEnds.Format(time.DateOnly)})
		}
	}
	pairs = append(pairs, [][2]string{
		{"Scopes", strings.Join(p.Scopes, " ")},
		{"Recipe", recipe},
		{"Kept", kept(p)},
		{"Kept in", p.StoredIn},
		{"Handed over", handedOver(p)},
		{"Created", p.CreatedAt.Local().Format(time.RFC1123)},
	}...)
	a.people(a.Stdout, a.StdoutTTY).Pairs(pairs)
	return nil
}

// handedOver says whether somebody else has a profile's refresh token, and what follows.
func handedOver(p store.Profile) string {
	switch {
	case !p.HandedOver:
		return "no"
	case connection.Shared(p):
		return "the refresh token; it is refreshed here only with --yes"
	}
	return "the refresh token; the app did not rotate when last seen, so both can use it"
}

// kept names the secrets of a profile.
func kept(p store.Profile) string {
	var items []string
	if p.HasConsumerSecret {
		items = append(items, "Consumer Secret")
	} else if connection.Flow(p.Flow) != connection.FlowJWTBearer {
		items = append(items, "no Consumer Secret (public client)")
	}
	if connection.Flow(p.Flow) == connection.FlowJWTBearer {
		items = append(items, "private key")
	}
	if p.HasRefreshToken {
		items = append(items, "refresh token")
	}
	return strings.Join(items, ", ")
}
