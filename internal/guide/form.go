package guide

import (
	"slices"

	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
)

// newApp is where the form is found.
const newApp = "Setup › App Manager › New External Client App"

func (w *writer) form() Section {
	f := &Form{Title: "New External Client App", Submit: "Create", Groups: []Group{w.basic(), w.oauth(), w.flows(), w.security()}}
	s := w.at(salesforce.PageAppManager, Section{ID: "form", Title: "Fill in the form", Number: step, Blocks: []Block{
		{Para: words("The form has these parts, in this order. Fill in what stands here, tick the boxes that are ticked here, clear the others, and leave as it is what is marked so. Then click ", strong("Create"), " at the end.")},
		{Form: f},
	}})
	s.Path = newApp
	if w.flow == "web" {
		s.Blocks = append(s.Blocks, Block{Para: words("Only if you want to try the app with sfconnect from your own computer: add these lines to Callback URL too, each on its own line. " +
			"They lead to your computer alone, and you may remove them afterwards.")}, Block{Commands: &Commands{Lines: ourCallbacks()}})
	}
	return s
}

func (w *writer) basic() Group {
	a := w.r.App
	rows := []Control{
		{ID: "name", Label: "External Client App Name", Required: true, Value: value(a.Name)},
		{ID: "api_name", Label: "API Name", Required: true, Value: value(a.APIName)},
		{ID: "contact_email", Label: "Contact Email", Required: true, Value: value(a.ContactEmail)},
		{ID: "distribution_state", Label: "Distribution State", Required: true, Kind: KindList, Value: value(a.DistributionState)},
		{ID: "contact_phone", Label: "Contact Phone", Value: value(a.ContactPhone)},
		{ID: "info_url", Label: "Info URL", Value: value(a.InfoURL)},
		{ID: "logo_url", Label: "Logo Image URL", Value: value(a.LogoURL)},
		{ID: "icon_url", Label: "Icon URL", Value: value(a.IconURL)},
		{ID: "description", Label: "Description", Kind: KindArea},
	}
	if a.Description != "" {
		rows[8].Lines = []Text{value(a.Description)}
	}
	for i := range rows {
		c := &rows[i]
		if c.Kind == "" {
			c.Kind = KindField
		}
		c.Leave = len(c.Value) == 0 && len(c.Lines) == 0
		switch {
		case !c.Leave:
		case c.ID == "api_name":
			c.Notes = append(c.Notes, words("Salesforce fills it in from the name."))
		case c.ID == "contact_email":
			c.Leave, c.Value = false, Text{{Words: "your own email address", Gap: true}}
		case c.ID == "distribution_state":
			c.Leave, c.Value = false, value("Local")
			c.Notes = append(c.Notes, words("For this org only."))
		}
		w.caution(c)
	}
	return Group{ID: "basic", Title: "Basic Information", Rows: rows}
}

// caution adds what the recipe, and what Salesforce's own rules say of a part of the form.
func (w *writer) caution(c *Control) {
	for _, about := range []map[string]string{w.r.Cautions, w.advice} {
		if text := about[c.ID]; text != "" {
			c.Notes = append(c.Notes, said(text))
		}
	}
}

func (w *writer) oauth() Group {
	callback := Control{Kind: KindArea, ID: "callback_urls", Label: "Callback URL", Required: true}
	for _, l := range w.r.CallbackURLs {
		callback.Lines = append(callback.Lines, value(l))
	}
	switch {
	case w.r.CallbackUse == "unused":
		callback.Notes = append(callback.Notes, words("The form wants an address here. "+w.subject()+" does not use it."))
	case w.flow != "web" && w.flow != "paste":
		callback.Notes = append(callback.Notes, words("The form wants an address here. This way of signing in does not use it."))
	case len(callback.Lines) == 0:
		callback.Lines = []Text{{{Words: "the callback address that " + w.within() + " shows you", Gap: true}}}
		fallthrough
	default:
		callback.Notes = append(callback.Notes, words("Salesforce compares this letter by letter, a slash at the end included: copy it, do not retype it. One address on each line."))
	}
	w.caution(&callback)
	return Group{ID: "oauth", Title: "API (Enable OAuth Settings)", Rows: []Control{
		{Kind: KindTick, Label: "Enable OAuth", On: true},
		{Kind: KindHeading, Label: "App Settings"},
		callback,
		w.scopes(),
	}}
}

func (w *writer) scopes() Control {
	c := Control{Kind: KindPicker, ID: "scopes", Label: "OAuth Scopes", Leave: len(w.r.Scopes) == 0}
	chosen, never := recipe.ScopeLabels(w.r.Scopes), recipe.ScopeLabels(w.r.ScopesNever)
	for _, l := range chosen {
		c.Selected = append(c.Selected, Pick{Label: said(l)})
	}
	for _, l := range slices.Concat(recipe.ScopeLabels(formScopes()), never) {
		if !slices.Contains(chosen, l) && !slices.ContainsFunc(c.Left, func(p Pick) bool { return p.Label.Plain() == l }) {
			c.Left = append(c.Left, Pick{Label: said(l), Never: slices.Contains(never, l)})
		}
	}
	switch {
	case c.Leave:
		c.Notes = append(c.Notes, words("The source does not say which scopes "+w.within()+" needs."))
	case w.r.ScopesMatch == "at_least":
		c.Notes = append(c.Notes, words("Select at least these."))
	case w.r.Cautions["scopes"] == "":
		c.Notes = append(c.Notes, words("Select these and no others."))
	}
	if !c.Leave {
		c.Notes = append(c.Notes, words("The values in brackets count; the words differ a little between orgs."))
	}
	w.caution(&c)
	return c
}

// formScopes are the scopes that the form is known to list, one value for each entry.
func formScopes() []string {
	return []string{"id", "api", "web", "full", "visualforce", "refresh_token", "openid", "custom_permissions", "chatter_api", "wave_api", "eclair_api", "pardot_api", "mcp_api"}
}

func (w *writer) flows() Group {
	var rows []Control
	for _, id := range []string{"client_credentials_flow", "code_and_credentials_flow", "device_flow", "jwt_bearer_flow", "token_exchange_flow"} {
		c := w.tick(id)
		switch {
		case id == "client_credentials_flow" && c.On && w.r.Cautions[id] == "":
			c.Notes = append(c.Notes, words("A message pops up when you tick it: click ", strong("OK"), "."))
		case id == "jwt_bearer_flow" && c.On:
			rows = append(rows, c)
			c = Control{Kind: KindUpload, Label: "Upload Certificate", Sub: true, Value: code(certificateFile), Notes: []Text{words("The certificate file, never the private key.")}}
		case id == "token_exchange_flow" && (c.On || w.r.Switches["secret_required_for_token_exchange"] != recipe.SwitchUnsaid):
			rows = append(rows, c)
			c = w.tick("secret_required_for_token_exchange")
			c.Sub = true
		}
		rows = append(rows, c)
	}
	return Group{ID: "flows", Title: "Flow Enablement", Rows: rows}
}

func (w *writer) security() Group {
	var rows []Control
	for _, id := range []string{"secret_required_for_web_server", "secret_required_for_refresh", "pkce_required", "refresh_token_rotation", "named_user_jwt"} {
		rows = append(rows, w.tick(id))
	}
	return Group{ID: "security", Title: "Security", Rows: rows}
}

// tick is a box as the recipe wants it, else as the form has it.
func (w *writer) tick(id string) Control {
	c := Control{Kind: KindTick, ID: id, Label: recipe.SwitchLabel(id), On: tickedByDefault(id)}
	switch s := w.r.Switches[id]; s {
	case recipe.SwitchOn:
		c.On = true
	case recipe.SwitchOff:
		c.On = false
	case recipe.SwitchDefault:
		c.Default = true
	case recipe.SwitchUnsaid:
		c.Leave = true
	default:
		c.Decide = said(string(s))
	}
	w.caution(&c)
	return c
}

// tickedByDefault tells how a new form has a box, as Salesforce's own guide for
// the loan agent says of the first three under Security; the others are presumed.
func tickedByDefault(id string) bool {
	return id == "secret_required_for_web_server" || id == "secret_required_for_refresh" || id == "pkce_required"
}
