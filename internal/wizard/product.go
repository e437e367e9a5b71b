package wizard

import "strings"

// appName is how the chosen integration is called: its recipe's title, or the name
// that was typed where the recipe is for any product.
func (s *Setup) appName() string {
	if !strings.Contains(s.recipe.App.Name, "${") {
		return s.recipe.Title
	}
	return s.recipe.Fill(s.p.Recipe.Inputs).App.Name
}

// product names the integration within a sentence. A suggested name that nobody
// changed is no name.
func (s *Setup) product() string {
	name := s.appName()
	if name != s.recipe.Title && name == s.recipe.Fill(nil).App.Name {
		return "the product"
	}
	return name
}
