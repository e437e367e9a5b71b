package wizard

import (
	"context"
	"encoding/base64"
	"errors"
	"maps"
	"slices"
	"strings"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// The pages of the last step.
const (
	pageHandOver = "hand_over"
	pageCleanUp  = "clean_up"
)

// handOver is step 8: the values and where they go, then what to put back.
func (s *Setup) handOver(ctx context.Context) error {
	p, err := s.profile()
	if err != nil {
		return err
	}
	filled := s.recipe.Fill(results(p))
	if handsOver(filled, "refresh_token") {
		// The living token may wait in the rescue place, and whoever has seen one may use it.
		if _, err := s.Machine.Restore(ctx, s.Profile); err != nil {
			return err
		}
		if err := s.Machine.MarkHandedOver(ctx, s.Profile); err != nil {
			return err
		}
	}
	give, err := s.handOverPage(ctx, p, filled)
	if err != nil {
		return err
	}
	pages, titles := []Page{give}, []string{"Hand over", "Clean up"}
	if clean := s.cleanUpPage(filled, p); len(clean.Rows) > 0 {
		pages = append(pages, clean)
	} else {
		pages[0].Done = "Done, I have entered them. Finish"
	}
	for i := 0; i < len(pages); {
		s.screen(8, titles[i])
		action, err := s.showPage(ctx, pages[i])
		switch {
		case errors.Is(err, ErrBack) && i > 0:
			i--
		case err != nil:
			return err
		case action == ActionDone:
			i++
		}
	}
	s.p.HandedOver = true
	return nil
}

// handsOver reports whether one of the values to enter in the product has a result in it.
func handsOver(r recipe.Recipe, result string) bool {
	return slices.ContainsFunc(r.Handover, func(f recipe.Field) bool {
		names, _ := recipe.Names(f.Value)
		return slices.Contains(names, result)
	})
}

// results are the values for a template that are no secrets.
func results(p store.Profile) map[string]string {
	values := maps.Clone(p.Recipe.Inputs)
	if values == nil {
		values = map[string]string{}
	}
	connection.AddAddresses(values, p.LoginURL, p.Org.InstanceURL)
	values["consumer_key"], values["instance_url"], values["certificate"] = p.ConsumerKey, p.Org.InstanceURL, p.JWT.Certificate
	values["username"], values["org_id"], values["org_name"] = p.User.Username, p.Org.ID, p.Org.Name
	return values
}

func (s *Setup) handOverPage(ctx context.Context, p store.Profile, r recipe.Recipe) (Page, error) {
	page := Page{ID: pageHandOver, Path: r.HandoverAt, Done: "Done, I have entered them", First: true, Why: r.Notes}
	if page.Path == "" {
		page.Path = "The set-up page of " + s.product()
	}
	for _, step := range r.HandoverDo {
		page.Rows = append(page.Rows, Row{Kind: RowDo, Label: step})
	}
	answers := s.recipe.Answers(p.Recipe.Inputs)
	for _, f := range r.Handover {
		if !recipe.Holds(f.When, answers) || s.withoutSecret(p, f) {
			continue
		}
		row := Row{Kind: RowField, Label: f.Label, Value: f.Value, Note: f.Where}
		if f.Usual != "" && f.Usual != f.Value {
			row.Note = joinNotes(row.Note, "usually "+f.Usual)
		}
		if lines := strings.Split(strings.TrimSpace(f.Value), "\n"); len(lines) > 1 { // a certificate
			row.Value, row.Values = "", lines
		}
		if f.Value == "" {
			row.Note = joinNotes(row.Note, "sfconnect does not have it")
		}
		if f.Secret {
			row.Kind, row.Value = RowSecret, ""
			v, missing, err := s.secretValue(ctx, p, f.Value)
			switch {
			case err != nil:
				return Page{}, err
			case missing == store.ConsumerSecret && s.flow() == connection.FlowJWTBearer:
				row.Note = joinNotes(row.Note, "copy it from Salesforce, beside the Consumer Key")
			case missing == store.RefreshToken:
				row.Note = "not kept any more; sign in again with sfconnect init"
			case missing == store.PrivateKey:
				row.Note = "not kept any more; make a new one: sign in again with sfconnect init"
			case missing != "":
				row.Note = "not kept any more; copy it from Salesforce"
			default:
				row.Secret = v
			}
		}
		page.Rows = append(page.Rows, row)
	}
	return page, nil
}

// secretValue fills a template that contains a secret, out of the store; missing
// is the item that is not there.
func (s *Setup) secretValue(ctx context.Context, p store.Profile, template string) (v secret.Value, missing store.Item, err error) {
	names, _ := recipe.Names(template)
	found := map[string]string{}
	for _, name := range names {
		item := secretItem(name)
		v, err := s.Machine.In(p.StoredIn).Secrets.Get(ctx, p.ID, item)
		if errors.Is(err, store.ErrNotFound) {
			return secret.Value{}, item, nil
		}
		if err != nil {
			return secret.Value{}, "", err
		}
		s.Machine.Redactor.Hide(v)
		if name == "private_key_base64" {
			v = secret.New(base64.StdEncoding.EncodeToString([]byte(v.Reveal()))) // the redactor knows this form
		}
		found[name] = v.Reveal()
	}
	return secret.New(recipe.Expand(template, func(name string) (string, bool) { v, ok := found[name]; return v, ok })), "", nil
}

// secretItem is where the store has a secret result.
func secretItem(result string) store.Item {
	switch result {
	case "refresh_token":
		return store.RefreshToken
	case "private_key", "private_key_base64":
		return store.PrivateKey
	}
	return store.ConsumerSecret
}

// withoutSecret reports whether f is for a secret that this connection never had.
func (s *Setup) withoutSecret(p store.Profile, f recipe.Field) bool {
	names, _ := recipe.Names(f.Value)
	return slices.ContainsFunc(names, func(name string) bool {
		switch name {
		case "consumer_secret":
			return !s.hasSecret() && s.flow() != connection.FlowJWTBearer // there the app has one, and only the product may want it
		case "private_key", "private_key_base64":
			return s.flow() != connection.FlowJWTBearer
		case "refresh_token":
			return !p.HasRefreshToken
		}
		return false
	})
}

// cleanUpPage says what may be taken back in Salesforce once all is handed over.
func (s *Setup) cleanUpPage(r recipe.Recipe, p store.Profile) Page {
	page := Page{
		ID: pageCleanUp, Path: appPath(r) + " › Settings › OAuth Settings", URL: salesforce.SetupURLFor(p.Org.InstanceURL, salesforce.PageExternalClientApps),
		Done: "Finish",
	}
	if s.flow() == connection.FlowWeb {
		ours := slices.DeleteFunc(connection.DefaultCallbacks(), func(l string) bool { return slices.Contains(r.CallbackURLs, l) })
		page.Rows = []Row{{Kind: RowLines, Label: "Callback URL", Values: ours, Note: "these lines may be removed now"}}
		page.Why = []string{
			"They are harmless: they lead to your own computer. Without them sfconnect test shows a warning at app, and signing in again needs them back.",
			"sfconnect keeps its own sign-in until you run sfconnect logout. " + upperFirst(s.product()) + " does not depend on it.",
		}
	}
	for _, step := range r.Cleanup {
		page.Rows = append(page.Rows, Row{Kind: RowDo, Label: step})
	}
	return page
}

func joinNotes(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}
