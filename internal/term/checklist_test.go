package term

import (
	"fmt"
	"io"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/wizard"
)

// TestChecklistScreens draws every page of two checklists as a terminal of 80 columns and
// 24 lines shows it: of a new app, and of one that exists and has a certificate.
func TestChecklistScreens(t *testing.T) {
	for name, form := range map[string]wizard.Form{
		"quilia": {Flow: connection.FlowWeb, Secret: true, Ours: connection.DefaultCallbacks()},
		"grafana": {
			Flow: connection.FlowJWTBearer, Existing: true, Certificate: "/home/ada/sfconnect-default.crt", ActsAs: "integration@acme.com",
		},
	} {
		r, err := recipe.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		form.Recipe = r.Fill(map[string]string{"contact_email": "ada@acme.com"})
		form.Link = func(p salesforce.SetupPage) string {
			return salesforce.SetupURLFor("https://acme.my.salesforce.com", p)
		}
		ui := NewTUI(strings.NewReader(""), io.Discard, Options{Env: plainEnv})
		var screens strings.Builder
		pages := wizard.Checklist(form)
		verb := "Create"
		if form.Existing {
			verb = "Compare"
		}
		for i, p := range pages {
			ui.Begin(wizard.Screen{Title: fmt.Sprintf("%s the app: %s (page %d of %d)", verb, p.Title, i+1, len(pages)), Step: 3, Of: 8})
			m := ui.page(p)
			m.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
			drawn := strings.Split(strings.TrimRight(ansi.Strip(m.View()), "\n"), "\n")
			if len(drawn) > 24 {
				t.Errorf("%s, %s: %d lines", name, p.ID, len(drawn))
			}
			for _, line := range drawn {
				if width(line) > 80 {
					t.Errorf("%s, %s: wider than the screen: %q", name, p.ID, line)
				}
				screens.WriteString(strings.TrimRight(line, " ") + "\n")
			}
			screens.WriteString(strings.Repeat("═", 80) + "\n")
		}
		golden(t, "checklist-"+name+".txt", screens.String())
	}
}
