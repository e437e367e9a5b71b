package wizard

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/recipe"
)

// How the checklist is walked.
const (
	appNew      = "new"
	appExisting = "existing"
)

// part is one piece of step 3: a page of the checklist, or a question that the pages
// depend on. A person may return to a part that has back.
type part struct {
	id   string
	done bool
	back bool
	run  func(ctx context.Context) error
}

// createApp is step 3: the checklist, page by page. What is done is remembered; Back
// goes to the page before and from the first part to step 2.
func (s *Setup) createApp(ctx context.Context) error {
	parts := s.parts()
	for i := nextOpen(parts, 0); i < len(parts); {
		err := parts[i].run(ctx)
		if errors.Is(err, ErrBack) {
			for i--; i >= 0 && !parts[i].back; i-- {
			}
			if i < 0 {
				return ErrBack
			}
			continue
		}
		if err != nil {
			return err
		}
		if !slices.Contains(s.p.Pages, parts[i].id) {
			s.p.Pages = append(s.p.Pages, parts[i].id)
		}
		if err := s.save(); err != nil {
			return err
		}
		back := parts[i].back
		parts = s.parts() // an answer changes the pages
		if i++; !back {
			i = nextOpen(parts, i)
		}
	}
	s.p.PagesDone = true
	return nil
}

// nextOpen is the first part from at on that is not done; the last one, where a person
// came back to what is finished.
func nextOpen(parts []part, at int) int {
	for i := at; i < len(parts); i++ {
		if !parts[i].done {
			return i
		}
	}
	return len(parts) - 1
}

// parts are the pages of the checklist, and before those of the form what they show.
func (s *Setup) parts() []part {
	pages := Checklist(s.form())
	list := []part{{partExists, slices.Contains(s.p.Pages, partExists), true, s.askExists}}
	for n, page := range pages {
		if page.ID == pageAppManager && s.flow() == connection.FlowJWTBearer {
			list = append(list, part{partCertificate, s.p.Certificate != "" || s.appHasCertificate(), false, s.makeCertificate},
				part{partUsername, s.p.JWT.Username != "", false, s.askUsername}) // the pages name whom to approve
		}
		title := fmt.Sprintf("%s the app: %s (page %d of %d)", s.verb(page.ID), page.Title, n+1, len(pages))
		list = append(list, part{page.ID, slices.Contains(s.p.Pages, page.ID), true, func(ctx context.Context) error {
			s.screen(3, title)
			_, err := s.showPage(ctx, page)
			return err
		}})
	}
	return list
}

// verb says what a page is for.
func (s *Setup) verb(page string) string {
	switch {
	case strings.HasPrefix(page, "before_"), page == pageUser:
		return "Before"
	case strings.HasPrefix(page, "after_"):
		return "After"
	case s.p.App == appExisting:
		return "Compare"
	}
	return "Create"
}

// The parts that are no pages.
const (
	partExists      = "app_exists"
	partCertificate = "certificate"
	partUsername    = "username"
)

func (s *Setup) form() Form {
	return Form{
		Recipe: s.filled(), Flow: s.flow(), Secret: s.hasSecret(), Existing: s.p.App == appExisting,
		Ours: s.callbacks(), Certificate: s.p.Certificate, ActsAs: s.p.JWT.Username, Link: s.login.SetupURL,
	}
}

// askExists asks whether the app is to be made, or is there and is compared.
func (s *Setup) askExists(ctx context.Context) error {
	s.screen(3, "")
	suggested := s.p.App
	if suggested == "" {
		suggested = appNew
	}
	answer, err := s.UI.Choose(ctx, Choice{ID: partExists, Title: "Is there an app for " + s.product() + " in your org already?", Default: suggested, Options: []Option{
		{appNew, "Make a new app", ""},
		{appExisting, "There is one already: compare it", "the same pages, to compare and correct"},
	}})
	if err != nil {
		return err
	}
	if answer != s.p.App {
		s.p.Pages = nil // they read differently
	}
	s.p.App = answer
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
	myDomain := ""
	if s.login.OwnHost() {
		myDomain = s.login.String()
	}
	connection.AddAddresses(values, s.login.String(), myDomain)
	return connection.WithFlow(s.recipe.Fill(values), s.login)
}
