package guide_test

import (
	"strings"
	"testing"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/guide"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/wizard"
)

// The guide and the wizard's checklist ask for the same: every box that one of them
// speaks of stands in the other, and stands alike.
func TestAgreesWithChecklist(t *testing.T) {
	everyRecipe(t, func(t *testing.T, whole recipe.Recipe, variant string) {
		g, err := guide.New(whole, guide.Options{Variant: variant})
		if err != nil {
			t.Fatal(err)
		}
		drawn := map[string]string{}
		for _, s := range g.Sections {
			for _, b := range s.Blocks {
				if b.Form == nil || b.Form.Picture {
					continue
				}
				for _, group := range b.Form.Groups {
					for _, c := range group.Rows {
						if state := drawnState(c); state != "" {
							drawn[c.Label] = strings.TrimPrefix(drawn[c.Label]+", "+state, ", ")
						}
					}
				}
			}
		}
		listed := map[string]string{}
		for _, p := range wizard.Checklist(wizardForm(t, whole, variant)) {
			if p.ID == "run_as_user" {
				continue // no form, but what the user should have
			}
			for _, r := range p.Rows {
				if state, of := rowState(r); of {
					listed[r.Label] = strings.TrimPrefix(listed[r.Label]+", "+state, ", ")
				}
			}
		}
		delete(drawn, "Select Profiles") // the checklist says it in a sentence
		for label, state := range listed {
			if state == "" || strings.Contains(drawn[label], "‹") { // the admin's own
				delete(drawn, label)
				delete(listed, label)
			}
		}
		for label, state := range drawn {
			if listed[label] != state {
				t.Errorf("%s is %s in the guide, and %q in the checklist", label, state, listed[label])
			}
		}
		for label, state := range listed {
			if _, there := drawn[label]; !there {
				t.Errorf("%s is %s in the checklist, and not in the guide", label, state)
			}
		}
	})
}

// wizardForm is what the wizard makes its checklist of where nothing was answered.
func wizardForm(t *testing.T, whole recipe.Recipe, variant string) wizard.Form {
	t.Helper()
	r, err := whole.Variant(variant)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for _, in := range r.Inputs {
		if in.Default == "" && recipe.Asked(in, values) {
			values[in.ID] = "${" + in.ID + "}"
		} else {
			values[in.ID] = in.Default
		}
	}
	r = r.Fill(values)
	return wizard.Form{
		Recipe: r, Flow: connection.Flow(r.Authorize.Flow), Secret: !r.Authorize.Public, Certificate: "certificate.crt",
		Link: func(salesforce.SetupPage) string { return "" },
	}
}

func drawnState(c guide.Control) string {
	if c.Leave || c.Kind == guide.KindHeading {
		return ""
	}
	switch c.Kind {
	case guide.KindTick:
		return tickState(c.On, c.Default)
	case guide.KindPicker:
		var labels []string
		for _, p := range c.Selected {
			labels = append(labels, p.Label.Plain())
		}
		return strings.Join(labels, " | ")
	case guide.KindArea:
		var lines []string
		for _, l := range c.Lines {
			lines = append(lines, l.Plain())
		}
		return strings.Join(lines, " | ")
	}
	return c.Value.Plain()
}

func tickState(on, byDefault bool) string {
	switch {
	case byDefault:
		return "as it is"
	case on:
		return "ticked"
	}
	return "not ticked"
}

// rowState says how a row stands; false for what is no part of a form.
func rowState(r wizard.Row) (state string, part bool) {
	seen := func(s string) string {
		return recipe.Expand(s, func(name string) (string, bool) { return "‹" + name + "›", true })
	}
	switch r.Kind {
	case wizard.RowCheck:
		return tickState(r.On != nil && *r.On, r.On == nil), true
	case wizard.RowLines, wizard.RowPicks:
		return seen(strings.Join(r.Values, " | ")), true
	case wizard.RowField, wizard.RowRadio:
		return seen(r.Value), true
	}
	return "", false
}
