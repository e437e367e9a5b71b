package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/salesforce"
)

func newExplain(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "explain [CODE | TEXT...]",
		Short: "Explain an error of Salesforce's or of sfconnect's",
		Long: `Explain an error: what it means, what to change, and where in Setup. Give its
code, words to look for, or the whole text as it was copied from a page, from the
address bar or from a log. Without an argument every code is listed. Nothing is
contacted; where a saved connection tells the org, Setup is linked.`,
		Example: `  sfconnect explain redirect_uri_mismatch
  sfconnect explain Run As
  sfconnect explain "error=invalid_grant&error_description=expired%20authorization%20code"
  sfconnect explain --json`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: completeCodes,
		RunE:              func(_ *cobra.Command, args []string) error { return runExplain(a, strings.Join(args, " ")) },
	}
}

// ownSurface is where our own codes come from, beside Salesforce's surfaces.
const ownSurface = "sfconnect"

// explained is one error with all that is known of it.
type explained struct {
	Surface     string  `json:"surface"`
	Code        string  `json:"code"`
	Description string  `json:"description"`
	What        string  `json:"what"`
	Fix         string  `json:"fix"`
	SetupPage   *string `json:"setup_page"`
	SetupURL    *string `json:"setup_url"`
	Exit        int     `json:"exit"`

	page  salesforce.SetupPage
	means string // What without the lead that others share
	short string // what tells it from the others of its code, for a list
}

// everyError is the whole dictionary in the order in which a connection meets it.
func everyError() []explained {
	var out []explained
	for _, s := range surfaces() {
		for _, e := range salesforce.Entries() {
			if string(e.Surface) == s.name {
				out = append(out, fromEntry(e))
			}
		}
	}
	for _, i := range fault.Infos() {
		out = append(out, explained{Surface: ownSurface, Code: i.Code, What: i.What, Fix: i.Fix, Exit: fault.ExitFor(i.Code), means: i.What, short: strings.TrimSuffix(i.What, ".")})
	}
	return out
}

func fromEntry(e salesforce.Entry) explained {
	return explained{
		Surface: string(e.Surface), Code: e.Code, Description: e.Description, What: e.Message(), Fix: e.Fix, Exit: e.Exit,
		page: e.Page, means: e.What, short: firstOf(e.Description, e.What),
	}
}

// surface is a part of Salesforce, or we, with a heading for a list.
type surface struct{ name, heading string }

func surfaces() []surface {
	return []surface{
		{string(salesforce.SurfaceAuthorize), "On the sign-in page, or sent back from it"},
		{string(salesforce.SurfaceToken), "When a token is asked for"},
		{string(salesforce.SurfaceJWT), "When a token is asked for with a JWT"},
		{string(salesforce.SurfaceREST), "From the API"},
		{string(salesforce.SurfaceIdentity), "From the identity service"},
		{string(salesforce.SurfaceRevoke), "When a token is revoked"},
		{ownSurface, "From sfconnect itself"},
	}
}

func runExplain(a *app, asked string) error {
	found, err := findErrors(asked)
	if err != nil {
		return err
	}
	l, err := a.explainedOrg()
	if err != nil {
		return err
	}
	for i := range found {
		found[i].link(l)
	}
	switch {
	case a.global.json:
		a.printJSON(struct {
			Schema  int         `json:"schema"`
			OK      bool        `json:"ok"`
			Entries []explained `json:"entries"`
		}{1, true, found})
	case len(found) > mostAtLength && !sameCode(found):
		a.listErrors(found)
	default:
		a.tellErrors(found)
	}
	return nil
}

// mostAtLength is how many errors of several codes are told at length.
const mostAtLength = 5

func sameCode(all []explained) bool {
	for _, e := range all {
		if e.Code != all[0].Code {
			return false
		}
	}
	return true
}

// explainedOrg is an address that tells the current profile's org, "" where none
// does. An explanation must not fail for want of a profile that nobody named.
func (a *app) explainedOrg() (string, error) {
	name, set, err := a.chosen(nil)
	switch {
	case err == nil:
		p := set.Profiles[name]
		return firstOf(p.Org.InstanceURL, p.LoginURL), nil
	case a.global.profile != "":
		return "", err
	}
	return "", nil
}

func (e *explained) link(org string) {
	if e.page == "" {
		return
	}
	path := e.page.Path()
	e.SetupPage = &path
	if link := salesforce.SetupURLFor(org, e.page); link != "" {
		e.SetupURL = &link
	}
}

func completeCodes(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return errorCodes(), cobra.ShellCompDirectiveNoFileComp
}
