package wizard

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"

	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
)

// createApp is step 3: the checklist, page by page. Pages that are done are
// remembered; Back goes to the page before and from the first one to step 2.
func (s *Setup) createApp(ctx context.Context) error {
	pages := Checklist(s.filled(), s.callbacks(), s.login.SetupURL)
	i := slices.IndexFunc(pages, func(p Page) bool { return !slices.Contains(s.p.Pages, p.ID) })
	if i < 0 {
		i = len(pages) - 1 // the person came back
	}
	for i < len(pages) {
		page := pages[i]
		s.screen(3, fmt.Sprintf("Create the app: %s (page %d of %d)", pageTitle(page.ID), i+1, len(pages)))
		action, err := s.showPage(ctx, page)
		switch {
		case errors.Is(err, ErrBack) && i > 0:
			i--
		case err != nil:
			return err
		case action == ActionDone:
			if !slices.Contains(s.p.Pages, page.ID) {
				s.p.Pages = append(s.p.Pages, page.ID)
			}
			if err := s.save(); err != nil {
				return err
			}
			i++
		}
	}
	s.p.PagesDone = true
	return nil
}

// showPage shows a page until the person chooses something else than opening it.
func (s *Setup) showPage(ctx context.Context, page Page) (Action, error) {
	for {
		action, err := s.UI.Page(ctx, page)
		if err != nil || action != ActionOpen {
			return action, err
		}
		if err := s.Machine.OpenBrowser(ctx, page.URL); err != nil {
			s.UI.Say(Line{Mark: MarkWarn, Text: "No browser could be opened. Open this address yourself:", Hint: page.URL})
		}
	}
}

// filled is the recipe with the admin's answers and the login address in it.
func (s *Setup) filled() recipe.Recipe {
	values := maps.Clone(s.p.Recipe.Inputs)
	if values == nil {
		values = map[string]string{}
	}
	values["login_url"] = s.login.String()
	if s.login.Kind() != salesforce.KindGeneric {
		if u, err := url.Parse(s.login.String()); err == nil {
			values["my_domain"] = u.Host
		}
	}
	return s.recipe.Fill(values)
}
