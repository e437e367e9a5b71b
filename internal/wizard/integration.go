package wizard

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/store"
)

// chooseIntegration is step 1: which recipe, and what only the admin knows of it.
func (s *Setup) chooseIntegration(ctx context.Context) error {
	all, err := s.Recipes()
	if err != nil {
		return err
	}
	intro := []string{"About 10 minutes. You need admin access to Salesforce and to the product that you connect.",
		"Nothing is changed in your org by sfconnect. Leave at any time: your progress is kept."}
	if s.Rehearsal {
		intro = []string{"A rehearsal with a simulated org on this computer. The app exists there already, with the values that the next pages show: just look at them, and go on.",
			"Nothing here is real, and nothing of it is kept."}
	}
	s.screen(1, "", intro...)
	for {
		if err := s.pickRecipe(ctx, all); err != nil {
			return err
		}
		if len(s.recipe.Needs) > 0 {
			s.UI.Say(Line{Mark: MarkNote, Text: "You need: " + strings.Join(s.recipe.Needs, ", ") + "."})
		}
		err := s.askInputs(ctx)
		if errors.Is(err, ErrBack) && s.RecipeID == "" {
			continue
		}
		if err != nil {
			return err
		}
		s.p.RecipeDone = true
		if s.Chosen != nil {
			s.Chosen(withFlow(s.recipe.Fill(s.p.Recipe.Inputs), s.login))
		}
		return nil
	}
}

func (s *Setup) pickRecipe(ctx context.Context, all []recipe.Recipe) error {
	id := s.RecipeID
	if id == "" {
		c := Choice{ID: "recipe", Title: "Which integration?", Filter: len(all) > 8, First: true, Default: s.preset("recipe", s.p.Recipe.ID)}
		for _, r := range all {
			c.Options = append(c.Options, Option{r.ID, r.Title, r.Summary})
		}
		var err error
		if id, err = s.UI.Choose(ctx, c); err != nil {
			return err
		}
	}
	i := slices.IndexFunc(all, func(r recipe.Recipe) bool { return r.ID == id })
	if i < 0 {
		return fault.New(fault.Usage, "input", fmt.Sprintf("There is no recipe %q.", id), "See the known ones with: sfconnect init")
	}
	s.recipe = all[i]
	if s.p.Recipe.ID != id {
		s.p.Recipe = store.RecipeRef{ID: id, Inputs: map[string]string{}}
		s.forgetApp()
	}
	s.p.Recipe.Source = s.recipe.Text
	return s.save()
}

// askInputs asks what the recipe leaves to the admin. Back goes one question back.
func (s *Setup) askInputs(ctx context.Context) error {
	if s.p.Recipe.Inputs == nil {
		s.p.Recipe.Inputs = map[string]string{}
	}
	before := maps.Clone(s.p.Recipe.Inputs)
	answers := s.p.Recipe.Inputs
	var asked []int
	for i := 0; i < len(s.recipe.Inputs); i++ {
		in := s.recipe.Inputs[i]
		if !recipe.Asked(in, answers) {
			answers[in.ID] = in.Default
			continue
		}
		value, err := s.askInput(ctx, in, s.RecipeID != "" && len(asked) == 0)
		if errors.Is(err, ErrBack) && len(asked) > 0 {
			i = asked[len(asked)-1] - 1
			asked = asked[:len(asked)-1]
			continue
		}
		if err != nil {
			return err
		}
		answers[in.ID] = value
		asked = append(asked, i)
		if err := s.save(); err != nil {
			return err
		}
	}
	if !maps.Equal(before, answers) {
		s.p.Pages, s.p.PagesDone = nil, false // the form to fill in has changed
	}
	return nil
}

func (s *Setup) askInput(ctx context.Context, in recipe.Input, first bool) (string, error) {
	id := "input." + in.ID
	current, answered := s.p.Recipe.Inputs[in.ID]
	if !answered {
		current = in.Default
		if s.Rehearsal && current == "" {
			current = in.Example
		}
	}
	current = s.preset(id, current)
	if options := s.inputOptions(in); options != nil {
		return s.UI.Choose(ctx, Choice{ID: id, Title: in.Label, Help: in.Help, Options: options, Default: current, First: first})
	}
	value, err := s.UI.Ask(ctx, Question{ID: id, Title: in.Label, Help: in.Help, Default: current, First: first, Check: func(raw string) error {
		_, err := recipe.CheckAnswer(in, raw)
		return asSentence(err)
	}})
	if err != nil {
		return "", err
	}
	return recipe.CheckAnswer(in, value)
}

func (s *Setup) inputOptions(in recipe.Input) []Option {
	switch in.Kind {
	case recipe.KindSwitch:
		return []Option{{"on", "Ticked", ""}, {"off", "Not ticked", ""}, {"default", "As Salesforce has it", "the vendor does not say"}}
	case recipe.KindBool:
		return []Option{{"on", "Yes", ""}, {"off", "No", ""}}
	case recipe.KindChoice:
		var options []Option
		for _, o := range in.Options {
			option := Option{o, upperFirst(o), ""}
			if s.recipe.Authorize.Flow == "${"+in.ID+"}" {
				option = flowOption(connection.Flow(o))
			}
			options = append(options, option)
		}
		return options
	}
	return nil
}

// flowOption names a flow for an admin.
func flowOption(f connection.Flow) Option {
	switch f {
	case connection.FlowWeb:
		return Option{string(f), "Somebody signs in in the browser", "authorization code: the usual way"}
	case connection.FlowPaste:
		return Option{string(f), "Somebody signs in, and pastes an address", "the callback is a page of the vendor's, or of Salesforce's"}
	case connection.FlowClientCredentials:
		return Option{string(f), "As one fixed user, with key and secret", "client credentials, with a Run As user"}
	case connection.FlowJWTBearer:
		return Option{string(f), "As one fixed user, with a certificate", "JWT bearer"}
	case connection.FlowRefreshToken:
		return Option{string(f), "With a refresh token that is there already", ""}
	}
	return Option{string(f), string(f), ""}
}

// forgetApp makes the later steps open again: they were about another app.
func (s *Setup) forgetApp() {
	s.p.Pages, s.p.PagesDone, s.p.KeyDone = nil, false, false
	s.p.Connected, s.p.Confirmed, s.p.Tested, s.p.HandedOver = false, false, false, false
}

// openRecipe reads the copy of the recipe that the progress keeps.
func (s *Setup) openRecipe() (err error) {
	if s.p.Recipe.Source == "" { // a profile that was saved without one signs in again
		s.recipe = recipe.Recipe{}
		return nil
	}
	s.recipe, err = recipe.Parse(s.p.Recipe.ID+".yaml", []byte(s.p.Recipe.Source))
	return err
}

// preset is what a question starts with: what the caller wants, else an earlier answer.
func (s *Setup) preset(id, earlier string) string {
	if preset := s.Preset[id]; preset != "" {
		return preset
	}
	return earlier
}

// asSentence turns an error into what stands under a question.
func asSentence(err error) error {
	var f *fault.Fault
	switch {
	case err == nil:
		return nil
	case errors.As(err, &f):
		return errors.New(strings.TrimSpace(f.Message + " " + f.Hint))
	}
	return errors.New(strings.TrimSuffix(upperFirst(err.Error()), ".") + ".")
}

func upperFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}
