package wizard

import (
	"context"
	"maps"
	"strings"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/recipe"
)

// Author asks for all that a recipe of one method holds, and gives it with its file, which
// recipe.Parse has accepted. today is the date that is suggested for the source; taken says
// why an id cannot be used, or is nil. Leaving is ErrLeave.
func Author(ctx context.Context, ui UI, today string, taken func(id string) error) (recipe.Recipe, []byte, error) {
	ui.Begin(Screen{Title: "A new recipe", Intro: []string{
		"A recipe is one YAML file: out of it come the wizard, a guide to print, and the check of what was set up.",
		"Have the product's guide for Salesforce at hand. What it does not say stays unsaid: press Enter there. You can change all of it in the file later.",
	}})
	answers := map[string]string{}
	questions := interview{
		ui: ui, inputs: authorInputs(today), answers: answers, flow: "${flow}", first: true,
		suggest: func(in recipe.Input, current string) string {
			_, answered := answers[in.ID]
			switch {
			case in.ID == "app_name" && !answered:
				return answers["title"]
			case in.ID == "scopes" && !answered && connection.Flow(answers["flow"]).NeedsNobody():
				return "api"
			}
			return current
		},
		also: func(in recipe.Input, value string) error {
			if in.ID == "id" {
				return taken(value)
			}
			return nil
		},
		words: authorWords,
		save:  func() error { return nil },
	}
	for tried := map[string]string(nil); ; tried = maps.Clone(answers) {
		if err := questions.ask(ctx); err != nil {
			return recipe.Recipe{}, nil, err
		}
		r := authored(answers)
		text, err := recipe.Write(r)
		if err == nil {
			_, err = recipe.Parse(r.ID+".yaml", text)
		}
		if err == nil || maps.Equal(tried, answers) {
			return r, text, err
		}
		ui.Say(Line{Mark: MarkFail, Text: "These answers make no valid recipe.", Hint: err.Error() + "\nAnswer again, with other values; the others stand there already."})
	}
}

// What stands for an answer that the source does not give, and for a part that it does
// not speak of.
const (
	unsaid = "unsaid"
	no     = "no"
	yes    = "yes"
)

// authorWords names the options that are no words of their own.
func authorWords(in recipe.Input, value string) string {
	box := recipe.SwitchLabel(in.ID) != ""
	switch {
	case value == unsaid:
		return "The guide does not say"
	case box && value == "on":
		return "Ticked"
	case box && value == "off":
		return "Not ticked"
	case box && value == "default":
		return "As Salesforce has it: the guide says so"
	case value == "external_client_app":
		return "An External Client App"
	case value == "connected_app":
		return "A connected app"
	case value == "exact":
		return "These and no others"
	case value == "at_least":
		return "These, and others may be added"
	}
	return ""
}

// authorInputs are the questions, in the order of the form.
func authorInputs(today string) []recipe.Input {
	text := func(id, label, help, example string) recipe.Input {
		return recipe.Input{ID: id, Label: label, Help: help, Kind: recipe.KindText, Example: example}
	}
	optional := func(in recipe.Input, when string) recipe.Input {
		in.Optional, in.When = true, when
		return in
	}
	choose := func(id, label, help, when string, options ...string) recipe.Input {
		return recipe.Input{ID: id, Label: label, Help: help, Kind: recipe.KindChoice, Options: options, Default: options[0], When: when}
	}
	name := text("id", "Short name of the recipe", "Small letters, digits and dashes. The file is called so, and sfconnect init --recipe takes it.", "acme-sync")
	name.Pattern = "[a-z][a-z0-9]*(-[a-z0-9]+)*"
	date := text("source_date", "Date of that guide, or the day on which you read it", "", "2026-11-25")
	date.Pattern, date.Default = `\d{4}-\d{2}-\d{2}`, today
	list := []recipe.Input{
		name,
		text("title", "Name of the product", "As it is called in the list of integrations.", "Acme Sync"),
		optional(text("vendor", "Who makes it?", "", "Acme Inc"), ""),
		optional(text("summary", "What is it for, in a few words?", "It stands beside the name in the list.", "orders and invoices"), ""),
		{ID: "source_url", Label: "Address of the guide for Salesforce", Kind: recipe.KindURL, Optional: true, Example: "https://acme.example/docs/salesforce"},
		date,
		choose("source_kind", "Which kind of app does the guide make?", "Connected apps cannot be made any more; an External Client App takes the same values.", "", "external_client_app", "connected_app"),
		choose("contact", "Which Contact Email has the app?", "Salesforce's form asks for one.", "", "the admin's own", "always the same one"),
		{ID: "contact_email", Label: "Contact Email", Kind: recipe.KindEmail, Optional: true, When: "contact=always the same one"},
		text("app_name", "External Client App Name", "What an admin finds in Setup, and people see when they sign in.", ""),
		{ID: "api_name", Label: "API Name", Help: "Leave it empty where the guide names none: Salesforce makes one from the name.", Kind: recipe.KindName, Optional: true},
		choose("flow", "How does the product sign in to Salesforce?", "Where the guide speaks of a Callback URL and of signing in, it is the first one.", "", recipe.Flows()...),
		{ID: "public", Label: "Does the product do without a Consumer Secret?", Help: "A public client, such as a program on people's own computers.", Kind: recipe.KindBool, Default: "off", When: "flow=web|paste"},
		{ID: "callbacks", Label: "Callback URLs of the product", Help: "Separated by spaces. Leave this empty where the guide names none.", Kind: recipe.KindURLs, Optional: true, Example: "https://acme.example/callback"},
		{ID: "scopes", Label: "OAuth scopes", Help: "The values in brackets in Salesforce's list, separated by spaces, such as api refresh_token openid id.", Kind: recipe.KindScopes, Default: "api refresh_token"},
		choose("scopes_match", "Must these be all?", "", "", "exact", "at_least"),
		{ID: "scopes_never", Label: "Scopes that must not be selected", Help: "Where the guide names some, such as full.", Kind: recipe.KindScopes, Optional: true},
	}
	for _, part := range []struct {
		id, label string
		boxes     []string
	}{
		{"flow_boxes", "Does the guide speak of boxes under Flow Enablement?", recipe.SwitchIDs()[:6]},
		{"security_boxes", "Does it speak of boxes under Security (secrets, PKCE, rotation)?", recipe.SwitchIDs()[6:]},
	} {
		list = append(list, choose(part.id, part.label, "", "", no, yes))
		for _, box := range part.boxes {
			list = append(list, choose(box, recipe.SwitchLabel(box), "", part.id+"="+yes, unsaid, "on", "off", "default"))
		}
	}
	list = append(list, choose("policies", "Does it speak of the app's Policies tab?", "", "", no, yes))
	for _, policy := range []struct{ id, label string }{
		{"permitted_users", "Permitted Users"}, {"ip_relaxation", "IP Relaxation"}, {"refresh_token_policy", "Refresh Token Policy"},
	} {
		var known []string
		for _, label := range recipe.PolicyLabels(policy.id) {
			if !strings.HasSuffix(label, " n") { // a number belongs there, and that is written in the file
				known = append(known, label)
			}
		}
		list = append(list, choose(policy.id, policy.label, "", "policies="+yes, append([]string{unsaid}, known...)...))
	}
	alone := "flow=client-credentials|jwt-bearer"
	list = append(list,
		optional(text("user_advice", "What should the user be whom the product acts as?", "One sentence, such as the permissions that it needs.", "A user of its own with the API Only User permission."), alone),
		optional(text("handover_at", "Where in the product do the values go?", "The way there, as its menus say it.", "Acme › Settings › Salesforce"), ""),
	)
	for _, value := range handedOver() {
		help := "Leave it empty where the product does not ask for it."
		list = append(list, optional(text("give_"+value.result, "What does the product call the "+value.label+"?", help, value.example), value.when))
	}
	return append(list,
		optional(text("where", "Anything on how the values are entered there?", "", "Click Save & Test after the last one."), ""),
		optional(text("note", "Anything to mind afterwards?", "", "Keep the secret out of emails and pictures."), ""))
}

// value is a result that a product may ask for.
type value struct{ result, label, example, when string }

func handedOver() []value {
	signsIn, alone := "flow=web|paste|refresh-token", "flow=client-credentials|jwt-bearer"
	return []value{
		{"consumer_key", "Consumer Key", "Client ID", ""},
		{"consumer_secret", "Consumer Secret", "Client Secret", "public=off"},
		{"login_url", "login URL", "Login URL", ""},
		{"my_domain", "My Domain host, such as acme.my.salesforce.com", "Host", ""},
		{"instance_url", "instance URL", "Instance URL", ""},
		{"refresh_token", "refresh token", "Refresh Token", signsIn},
		{"username", "Username that it acts as", "User name", alone},
		{"private_key", "private key of the certificate", "Private key", "flow=jwt-bearer"},
		{"certificate", "certificate", "Certificate", "flow=jwt-bearer"},
	}
}
