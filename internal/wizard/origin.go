package wizard

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/recipe"
)

// agreeTo shows where a recipe that is none of ours comes from, and where sign-in codes and
// values go with it, and asks whether to go on. A rehearsal gives nothing away.
func (s *Setup) agreeTo(ctx context.Context, r recipe.Recipe) error {
	s.UI.Say(Line{Mark: MarkWarn, Text: "This recipe is a file, not one that comes with sfconnect. Whoever wrote it says where your values go."})
	for _, l := range origin(s.RecipeFile, r) {
		s.UI.Say(l)
	}
	if s.Rehearsal || s.TrustRecipe {
		return nil
	}
	answer, err := s.UI.Choose(ctx, Choice{ID: "recipe_file", Title: "Do you trust this file and its author?", Default: "no", First: true, Options: []Option{
		{"no", "No, leave", "nothing was done"},
		{"yes", "Yes, go on", ""},
	}})
	if err != nil {
		return err
	}
	if answer != "yes" {
		return ErrLeave
	}
	return nil
}

// origin tells of a recipe file: who it is from, which hosts get sign-in codes, and what
// is to be entered where.
func origin(file string, r recipe.Recipe) []Line {
	unless := func(text, otherwise string) string {
		if text == "" {
			return otherwise
		}
		return text
	}
	source := unless(r.Source.URL, "none is named")
	if r.Source.Date != "" {
		source += ", as of " + r.Source.Date
	}
	var lines []Line
	say := func(label string, texts ...string) {
		for _, text := range texts {
			lines = append(lines, Line{Text: fmt.Sprintf("%-13s %s", label, text)})
			label = ""
		}
	}
	say("File", file)
	say("Integration", r.Title+" ("+r.ID+"), by "+unless(r.Vendor, "a vendor that is not named"))
	say("Source", source)
	say("Sign-in", signsIn(r))
	say("Codes go to", codesGoTo(r)...)
	say("Values go to", valuesGoTo(r)...)
	return lines
}

func signsIn(r recipe.Recipe) string {
	if strings.Contains(r.Authorize.Flow, "${") {
		return "in a way that you choose"
	}
	return lowerFirst(flowOption(connection.Flow(r.Authorize.Flow)).Label)
}

// codesGoTo names the hosts of the callback lines, to which Salesforce sends whoever signs
// in, with a code.
func codesGoTo(r recipe.Recipe) []string {
	if connection.Flow(r.Authorize.Flow).NeedsNobody() {
		return []string{"nobody: there are none in this flow"}
	}
	var hosts []string
	for _, line := range r.CallbackURLs {
		if host := callbackHost(line); !slices.Contains(hosts, host) {
			hosts = append(hosts, host)
		}
	}
	if connection.Flow(r.Authorize.Flow) == connection.FlowWeb {
		hosts = append(hosts, "this computer, while sfconnect waits for you")
	}
	return hosts
}

func callbackHost(line string) string {
	if strings.HasPrefix(line, "${") {
		return "an address that you enter"
	}
	scheme, rest, _ := strings.Cut(line, "://")
	host, _, _ := strings.Cut(rest, "/") // a template may stand in it, and url.Parse refuses those
	if scheme != "https" && scheme != "http" {
		return "the program registered for " + scheme + ":"
	}
	if u, err := url.Parse(line); err == nil && u.Hostname() != "" {
		host = u.Host
	}
	return host
}

// valuesGoTo names the place in the product, and what is to be entered there; a secret is
// called so.
func valuesGoTo(r recipe.Recipe) []string {
	var labels []string
	for _, f := range r.Handover {
		label := f.Label
		if f.Secret {
			label += " (secret)"
		}
		labels = append(labels, label)
	}
	if len(labels) == 0 {
		return []string{"nobody: none are handed over"}
	}
	at := r.HandoverAt
	if at == "" {
		at = "a place that is not named"
	}
	return []string{at + ":", strings.Join(labels, ", ")}
}
