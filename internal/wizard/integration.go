package wizard

import (
	"context"
	"errors"
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
	var whole recipe.Recipe // with its variants
	turns := []struct {
		run  func() error
		asks func() bool // there is something to go back to
	}{
		{func() (err error) { whole, err = s.pickRecipe(ctx, all); return err }, func() bool { return s.RecipeID == "" }},
		{func() error { return s.pickVariant(ctx, whole) }, func() bool { return len(whole.Variants) > 0 && s.Variant == "" }},
		{func() error {
			return s.askInputs(ctx, s.RecipeID != "" && (len(whole.Variants) == 0 || s.Variant != ""))
		}, func() bool { return len(s.inputsAsked()) > 0 }},
	}
	i := 0
	if s.back {
		if r, err := known(all, s.p.Recipe.ID); err == nil && r.Text == s.p.Recipe.Source {
			whole = r
			for i = len(turns) - 1; i > 0 && !turns[i].asks(); i-- {
			}
		}
	}
	for i < len(turns) {
		err := turns[i].run()
		s.back = false
		switch {
		case errors.Is(err, ErrBack):
			for i--; i >= 0 && !turns[i].asks(); i-- {
			}
			if i < 0 {
				return err
			}
		case err != nil:
			return err
		default:
			i++
		}
	}
	s.p.RecipeDone = true
	if s.Chosen != nil {
		s.Chosen(connection.WithFlow(s.recipe.Fill(s.p.Recipe.Inputs), s.login))
	}
	return nil
}

// pickRecipe gives the integration's recipe, which is now the set-up's.
func (s *Setup) pickRecipe(ctx context.Context, all []recipe.Recipe) (recipe.Recipe, error) {
	id := s.RecipeID
	if id == "" {
		c := Choice{ID: "recipe", Title: "Which integration?", Filter: len(all) > 8, First: true, Default: s.preset("recipe", s.p.Recipe.ID)}
		for _, r := range all {
			c.Options = append(c.Options, Option{r.ID, r.Title, r.Summary})
		}
		var err error
		if id, err = s.UI.Choose(ctx, c); err != nil {
			return recipe.Recipe{}, err
		}
	}
	r, err := known(all, id)
	if err != nil {
		return r, err
	}
	if s.RecipeFile != "" && r.Text != s.p.Recipe.Source { // one that was agreed to is in the progress
		if err := s.agreeTo(ctx, r); err != nil {
			return r, err
		}
	}
	switch {
	case s.p.Recipe.ID != id:
		s.p.Recipe = store.RecipeRef{ID: id, Inputs: map[string]string{}}
		s.forgetApp()
	case s.p.Recipe.Source != r.Text:
		s.otherForm()
	}
	s.p.Recipe.Source = r.Text
	return r, nil
}

// pickVariant asks for the method where a product has several. Another one than before
// needs another app.
func (s *Setup) pickVariant(ctx context.Context, whole recipe.Recipe) error {
	id, before := s.Variant, s.p.Recipe.Inputs[recipe.VariantAnswer]
	if len(whole.Variants) > 0 && id == "" {
		c := Choice{ID: "variant", Title: "How does " + whole.Title + " sign in?", First: s.RecipeID != "", Default: before}
		for _, v := range whole.Variants {
			c.Options = append(c.Options, Option{v.ID, v.Title, v.Summary})
		}
		if _, err := whole.Variant(before); before == "" || err != nil {
			c.Default = c.Options[0].Value
		}
		var err error
		if id, err = s.UI.Choose(ctx, c); err != nil {
			return err
		}
	}
	r, err := whole.Variant(id)
	if err != nil {
		return err
	}
	if err := checkGiven(r, s.Given); err != nil {
		return err
	}
	s.recipe = r
	if s.p.Recipe.Inputs == nil {
		s.p.Recipe.Inputs = map[string]string{}
	}
	if id != before {
		s.p.Recipe.Inputs[recipe.VariantAnswer] = id
		s.forgetApp()
	}
	if id == "" {
		delete(s.p.Recipe.Inputs, recipe.VariantAnswer)
	}
	if len(r.Needs) > 0 {
		s.UI.Say(Line{Mark: MarkNote, Text: "You need:", Hint: strings.Join(r.Needs, "\n")})
	}
	return s.save()
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

// otherForm opens what follows from the form to fill in, which has changed: its pages, and
// the sign-in that saves what it was.
func (s *Setup) otherForm() {
	s.p.Pages, s.p.PagesDone = nil, false
	s.p.Connected, s.p.Confirmed, s.p.Tested, s.p.HandedOver = false, false, false, false
}

// openRecipe reads the copy of the recipe that the progress keeps.
func (s *Setup) openRecipe() (err error) {
	if s.p.Recipe.Source == "" { // a profile that was saved without one signs in again
		s.recipe = recipe.Recipe{}
		return nil
	}
	whole, err := recipe.Parse(s.p.Recipe.ID+".yaml", []byte(s.p.Recipe.Source))
	if err == nil {
		s.recipe, err = whole.Variant(s.p.Recipe.Inputs[recipe.VariantAnswer])
	}
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
