package wizard

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/recipe"
)

// TestCompareGolden: the pages for an app that exists.
func TestCompareGolden(t *testing.T) {
	r := find(t, "quilia").Fill(map[string]string{"contact_email": "ada@acme.com"})
	golden(t, "quilia-existing.golden", transcript(t, Form{Recipe: r, Flow: connection.FlowWeb, Secret: true, Existing: true, Ours: connection.DefaultCallbacks(), Link: link}))
}

// TestCompareAsksForTheSame: what is to be compared is what would be filled in, and
// nothing is made.
func TestCompareAsksForTheSame(t *testing.T) {
	all, err := recipe.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		f := Form{Recipe: r, Flow: connection.FlowWeb, Secret: true, Ours: connection.DefaultCallbacks(), Link: link}
		create := values(Checklist(f))
		f.Existing = true
		if compare := values(Checklist(f)); !slices.Equal(create, compare) {
			t.Errorf("%s: to fill in %q, to compare %q", r.ID, create, compare)
		}
		for _, p := range Checklist(f) {
			for _, row := range p.Rows {
				if strings.Contains(row.Label, "Create") || strings.Contains(row.Label, "New External") {
					t.Errorf("%s: %s says %q", r.ID, p.ID, row.Label)
				}
			}
		}
	}
}

// values are the rows that hold something, without what is only said.
func values(pages []Page) (out []string) {
	for _, p := range pages {
		for _, row := range p.Rows {
			if row.Kind != RowDo {
				row.Note = ""
				out = append(out, p.ID+": "+rowText(row))
			}
		}
	}
	return out
}

func TestExistingAppIsRemembered(t *testing.T) {
	g := newRig(t, nil)
	if _, err := g.run(map[string][]any{"recipe": {"quilia"}, "input.contact_email": {"ada@acme.com"}, "login_url": {asDefault{}},
		partExists: {appExisting}, pageAppManager: {ActionDone}, pageBasic: {ErrLeave}}); !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
	ui, err := g.run(map[string][]any{"resume": {"continue"}, pageBasic: {ErrBack}, pageAppManager: {ErrBack, ErrLeave}, partExists: {appNew}})
	if !errors.Is(err, ErrLeave) {
		t.Fatal(err)
	}
	said := ui.text.String()
	compared, made := strings.Index(said, "Compare the app: Basic information (page 2 of 7)"), strings.Index(said, "Create the app: App Manager (page 1 of 7)")
	if compared < 0 || made < compared {
		t.Errorf("compared at %d, made at %d: %s", compared, made, said)
	}
	if c := ui.choices[1]; c.ID != partExists || c.Default != appExisting {
		t.Errorf("asked again with %+v", c)
	}
	if _, p := g.progress(); p.App != appNew || !slices.Equal(p.Pages, []string{partExists}) {
		t.Errorf("progress: %+v", p)
	}
}
