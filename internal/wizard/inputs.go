package wizard

import (
	"context"
	"maps"
	"slices"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/recipe"
)

// askInputs asks what the recipe leaves to the admin, until the form can hold it.
func (s *Setup) askInputs(ctx context.Context, first bool) error {
	before := maps.Clone(s.p.Recipe.Inputs)
	questions := interview{
		ui: s.UI, inputs: s.recipe.Inputs, answers: s.p.Recipe.Inputs, given: s.Given, first: first,
		suggest: s.suggest, flow: s.recipe.Authorize.Flow, save: s.save, last: s.back,
	}
	for tried := map[string]string(nil); ; tried = maps.Clone(s.p.Recipe.Inputs) {
		if err := questions.ask(ctx); err != nil {
			return err
		}
		questions.last = false
		unfit := s.recipe.Fill(s.p.Recipe.Inputs).Unfit()
		if unfit == nil {
			break
		}
		refused := fault.New(fault.Usage, "input", "Salesforce's form would not take these answers: "+unfit.Error()+".", "Answer again, with other values.")
		if maps.Equal(tried, s.p.Recipe.Inputs) {
			return refused
		}
		if err := s.fail(ctx, refused); err != nil {
			return err
		}
	}
	maps.DeleteFunc(s.p.Recipe.Inputs, func(id, _ string) bool { // of another variant
		return id != recipe.VariantAnswer && !slices.ContainsFunc(s.recipe.Inputs, func(in recipe.Input) bool { return in.ID == id })
	})
	if !maps.Equal(before, s.p.Recipe.Inputs) {
		s.otherForm()
	}
	return nil
}

// inputsAsked are the recipe's inputs that a person is asked for with the answers so far.
func (s *Setup) inputsAsked() []int {
	return interview{inputs: s.recipe.Inputs, answers: s.p.Recipe.Inputs, given: s.Given}.asked()
}

// suggest is what an input starts with. In a rehearsal each has something, so that Enter
// is enough.
func (s *Setup) suggest(in recipe.Input, current string) string {
	current = s.preset("input."+in.ID, current)
	switch {
	case current != "" || !s.Rehearsal:
		return current
	case s.recipe.Policies.RunAs == "${"+in.ID+"}":
		return s.preset("username", "") // the only user that the practice org lets run as
	case in.Optional:
		return ""
	case in.Example != "":
		return in.Example
	}
	return map[recipe.Kind]string{
		recipe.KindText: "Practice", recipe.KindEmail: "ada@practice.example", recipe.KindURL: "https://vendor.example", recipe.KindURLs: "https://vendor.example/callback",
		recipe.KindPhone: "+44 20 7946 0000", recipe.KindBool: "off", recipe.KindSwitch: "default", recipe.KindScopes: "api refresh_token",
		recipe.KindHost: "vendor.example", recipe.KindName: "Practice",
	}[in.Kind]
}
