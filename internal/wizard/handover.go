package wizard

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/store"
)

// The pages of the last step.
const (
	pageHandOver = "hand_over"
	pageCleanUp  = "clean_up"
)

// handOver is step 8: the values and where they go, what to put back, and where
// sfconnect and the product have the same refresh token now, what becomes of it.
func (s *Setup) handOver(ctx context.Context) error {
	next, err := s.giveValues(ctx)
	if err != nil {
		return err
	}
	s.p.HandedOver = true
	switch next {
	case nextOwn:
		s.p.SignInSince = time.Time{}
		return s.goTo(stepSignIn)
	case nextForget:
		return s.forgetHere(ctx)
	}
	return nil
}

// giveValues shows the pages of the hand-over and returns what is to become of a
// refresh token that was among the values; "" where none was.
func (s *Setup) giveValues(ctx context.Context) (next string, err error) {
	given, err := s.Machine.Handover(ctx, s.Profile)
	if err != nil {
		return "", err
	}
	pages, titles := []Page{s.handOverPage(given)}, []string{"Hand over", "Clean up"}
	if clean := s.cleanUpPage(given.Recipe, given.Profile); len(clean.Rows) > 0 {
		pages = append(pages, clean)
	}
	shared := given.Gives("refresh_token")
	switch {
	case len(pages) == 1 && !shared:
		pages[0].Done = "Done, I have entered them. Finish"
	case len(pages) == 2 && shared:
		pages[1].Done = "Done, go on"
	}
	for i := 0; i < len(pages) || shared; {
		var action Action
		if i == len(pages) {
			next, err = s.askSharing(ctx, given.Profile)
		} else {
			s.screen(8, titles[i])
			action, err = s.showPage(ctx, pages[i])
		}
		switch {
		case errors.Is(err, ErrBack) && i > 0:
			i--
		case err != nil || next != "":
			return next, err
		case action == ActionDone:
			i++
		}
	}
	return "", nil
}

func (s *Setup) handOverPage(given connection.Handover) Page {
	r := given.Recipe
	page := Page{ID: pageHandOver, Path: r.HandoverAt, Done: "Done, I have entered them", First: true, Why: r.Notes}
	if page.Path == "" {
		page.Path = "The set-up page of " + s.product()
	}
	for _, step := range r.HandoverDo {
		page.Rows = append(page.Rows, Row{Kind: RowDo, Label: step})
	}
	for _, v := range given.Values {
		row := Row{Kind: RowField, Label: v.Label, Value: v.Text, Note: v.Where}
		switch {
		case v.Secret:
			row.Kind, row.Secret = RowSecret, v.Hidden
		case strings.Contains(v.Text, "\n"): // a certificate
			row.Value, row.Values = "", strings.Split(strings.TrimSpace(v.Text), "\n")
		case v.Usual != "" && v.Usual != v.Text:
			row.Note = joinNotes(row.Note, "usually "+v.Usual)
		}
		if v.Missing != "" {
			row.Note = joinNotes(row.Note, v.Note())
		}
		page.Rows = append(page.Rows, row)
	}
	return page
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
