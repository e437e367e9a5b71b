package wizard

import (
	"context"
	"fmt"
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
	say("Sign-in", ofAll(r, signsIn)...)
	say("Codes go to", ofAll(r, codesGoTo)...)
	say("Values go to", valuesGoTo(r)...)
	return lines
}

// ofAll gathers what ask says of a recipe, of each of its variants where there are some.
func ofAll(r recipe.Recipe, ask func(recipe.Recipe) []string) (all []string) {
	for _, one := range methods(r) {
		for _, text := range ask(one) {
			if !slices.Contains(all, text) {
				all = append(all, text)
			}
		}
	}
	return all
}

func methods(r recipe.Recipe) []recipe.Recipe {
	if len(r.Variants) == 0 {
		return []recipe.Recipe{r}
	}
	var all []recipe.Recipe
	for _, v := range r.Variants {
		if one, err := r.Variant(v.ID); err == nil {
			all = append(all, one)
		}
	}
	return all
}

func signsIn(r recipe.Recipe) []string {
	if strings.Contains(r.Authorize.Flow, "${") {
		return []string{"in a way that you choose"}
	}
	return []string{flowOption(connection.Flow(r.Authorize.Flow)).Label}
}

// codesGoTo names the hosts of the callback lines, to which Salesforce sends whoever signs
// in, with a code.
func codesGoTo(r recipe.Recipe) (hosts []string) {
	for _, line := range r.CallbackURLs {
		hosts = append(hosts, callbackHost(r, line))
	}
	switch flow := connection.Flow(r.Authorize.Flow); {
	case flow.NeedsNobody():
		return []string{"nobody, where nobody signs in"}
	case flow == connection.FlowWeb:
		hosts = append(hosts, "this computer, while sfconnect waits for you")
	}
	return hosts
}

func callbackHost(r recipe.Recipe, line string) string {
	line = recipe.Expand(line, func(name string) (string, bool) {
		for _, in := range r.Inputs {
			if in.ID == name {
				return "‹" + in.Label + "›", true
			}
		}
		return "", false
	})
	scheme, rest, absolute := strings.Cut(line, "://")
	switch {
	case !absolute:
		return line // an answer alone
	case scheme != "https" && scheme != "http":
		return "the program registered for " + scheme + ":"
	}
	host, _, _ := strings.Cut(rest, "/")
	return host
}

// valuesGoTo names the places in the product, and what is to be entered there; a secret is
// called so.
func valuesGoTo(r recipe.Recipe) []string {
	var places []string
	labels := map[string][]string{}
	for _, one := range methods(r) {
		at := one.HandoverAt
		if at == "" {
			at = "a place that is not named"
		}
		for _, f := range one.Handover {
			label := f.Label
			if f.Secret {
				label += " (secret)"
			}
			if labels[at] == nil {
				places = append(places, at)
			}
			if !slices.Contains(labels[at], label) {
				labels[at] = append(labels[at], label)
			}
		}
	}
	if places == nil {
		return []string{"nobody: none are handed over"}
	}
	var out []string
	for _, at := range places {
		out = append(out, at+": "+strings.Join(labels[at], ", "))
	}
	return out
}
