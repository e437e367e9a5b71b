package wizard

import (
	"context"
	"errors"
	"maps"
	"strings"
	"unicode"
	"unicode/utf8"

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
	r, err := known(all, id)
	if err != nil {
		return err
	}
	if err := checkGiven(r, s.Given); err != nil {
		return err
	}
	if s.RecipeFile != "" && r.Text != s.p.Recipe.Source { // one that was agreed to is in the progress
		if err := s.agreeTo(ctx, r); err != nil {
			return err
		}
	}
	s.recipe = r
	if s.p.Recipe.ID != id {
		s.p.Recipe = store.RecipeRef{ID: id, Inputs: map[string]string{}}
		s.forgetApp()
	}
	s.p.Recipe.Source = s.recipe.Text
	return s.save()
}

// askInputs asks what the recipe leaves to the admin.
func (s *Setup) askInputs(ctx context.Context) error {
	if s.p.Recipe.Inputs == nil {
		s.p.Recipe.Inputs = map[string]string{}
	}
	before := maps.Clone(s.p.Recipe.Inputs)
	questions := interview{
		ui: s.UI, inputs: s.recipe.Inputs, answers: s.p.Recipe.Inputs, given: s.Given, first: s.RecipeID != "",
		suggest: func(in recipe.Input, current string) string { return s.preset("input."+in.ID, current) },
		flow:    s.recipe.Authorize.Flow,
		save:    s.save,
	}
	if err := questions.ask(ctx); err != nil {
		return err
	}
	if !maps.Equal(before, s.p.Recipe.Inputs) {
		s.p.Pages, s.p.PagesDone = nil, false // the form to fill in has changed
	}
	return nil
}

// forgetApp makes the later steps open again: they were about another app.
func (s *Setup) forgetApp() {
	s.p.App = ""
	s.lookAgain()
}

// lookAgain makes the later steps open again.
func (s *Setup) lookAgain() {
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

func lowerFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(first)) + s[size:]
}
