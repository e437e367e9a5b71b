package wizard

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
)

// createApp is step 3: the checklist, page by page. Pages that are done are
// remembered; Back goes to the page before and from the first one to step 2.
func (s *Setup) createApp(ctx context.Context) error {
	if s.flow() == connection.FlowJWTBearer {
		if err := s.makeCertificate(ctx); err != nil {
			return err
		}
		if err := s.askUsername(ctx); err != nil { // the pages name whom to approve
			return err
		}
	}
	pages := Checklist(Form{Recipe: s.filled(), Flow: s.flow(), Secret: s.hasSecret(), Ours: s.callbacks(), Certificate: s.p.Certificate, ActsAs: s.p.JWT.Username, Link: s.login.SetupURL})
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
	myDomain := s.login.String()
	if s.login.Kind() == salesforce.KindGeneric {
		myDomain = ""
	}
	addAddresses(values, s.login.String(), myDomain)
	return withFlow(s.recipe.Fill(values), s.login)
}

// withFlow adds what the flow cannot do without, where a recipe leaves the flow to
// the admin: its box, a policy, and the callback line that Salesforce's form wants.
func withFlow(r recipe.Recipe, login salesforce.LoginURL) recipe.Recipe {
	flow := connection.Flow(r.Authorize.Flow)
	if len(r.CallbackURLs) == 0 && r.Title != "" && flow != connection.FlowWeb {
		r.CallbackURLs = []string{connection.SuccessPage(login)}
	}
	switch flow {
	case connection.FlowClientCredentials:
		r.Switches = ticked(r.Switches, "client_credentials_flow")
	case connection.FlowJWTBearer:
		r.Switches = ticked(r.Switches, "jwt_bearer_flow")
		if r.Policies.PermittedUsers == "" {
			r.Policies.PermittedUsers = "Admin approved users are pre-authorized"
		}
	}
	return r
}

func ticked(switches map[string]recipe.Switch, id string) map[string]recipe.Switch {
	out := map[string]recipe.Switch{}
	maps.Copy(out, switches)
	out[id] = recipe.SwitchOn
	return out
}
