package term

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/wizard"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != strings.ReplaceAll(string(want), "\r\n", "\n") {
		t.Errorf("%s differs; go test -run %s -update shows how\ngot:\n%s", path, t.Name(), got)
	}
}

func appPage() wizard.Page {
	on, off := true, false
	return wizard.Page{
		ID: "api", Path: "Setup › App Manager › New External Client App › API (Enable OAuth Settings)",
		URL: "https://acme.my.salesforce.com/lightning/setup/x", Done: "Done, next page",
		Rows: []wizard.Row{
			{Kind: wizard.RowHeading, Label: "App Settings"},
			{Kind: wizard.RowCheck, Label: "Enable OAuth", On: &on},
			{Kind: wizard.RowLines, Label: "Callback URL", Values: []string{
				"https://portal.quilia.com/api/integrations/salesforce/callback",
				"http://localhost:1717/OauthRedirect", "http://localhost:1718/OauthRedirect",
			}},
			{Kind: wizard.RowPicks, Label: "OAuth Scopes", Values: []string{
				"Manage user data via APIs (api)", "Perform requests at any time (refresh_token)",
			}, Note: "and no others: not Full access, Chatter, Visualforce"},
			{Kind: wizard.RowHeading, Label: "Flow Enablement", Note: "leave all of these off"},
			{Kind: wizard.RowCheck, Label: "Enable Client Credentials Flow", On: &off},
			{Kind: wizard.RowCheck, Label: "Enable Device Flow", On: &off, Note: "Salesforce is retiring this flow, and Quilia does not use it"},
			{Kind: wizard.RowCheck, Label: "Enable Token Exchange Flow"},
			{Kind: wizard.RowHeading, Label: "Policies"},
			{Kind: wizard.RowRadio, Label: "Permitted Users", Value: "Admin approved users are pre-authorized"},
			{Kind: wizard.RowField, Label: "Contact Email", Value: "ada@acme.com", Note: "yours"},
			{Kind: wizard.RowField, Label: "Logo Image URL"},
			{Kind: wizard.RowField, Label: "Consumer Key", Value: "3MVG9" + strings.Repeat("0123456789", 8) + "\x1b[2J"},
			{Kind: wizard.RowSecret, Label: "Consumer Secret", Secret: secret.New(strings.Repeat("F00D", 16))},
			{Kind: wizard.RowSecret, Label: "Refresh Token"},
			{Kind: wizard.RowDo, Label: "Click Create"},
		},
		Why: []string{"Why localhost?  So that sfconnect can check your app here. Remove those lines at the end if you like."},
	}
}

// drawn is the whole page on a screen that is high enough.
func drawn(w int, act func(*page)) string {
	ui := NewTUI(strings.NewReader(""), &strings.Builder{}, Options{Width: w})
	ui.screen = wizard.Screen{Title: "Create the app", Step: 3, Of: 7, Done: []string{"Integration"}}
	ui.recent = []wizard.Line{{Mark: wizard.MarkWarn, Text: "No browser could be opened here.", Hint: "c copies the address."}}
	m := ui.page(appPage())
	m.h = 100
	if act != nil {
		act(m)
	}
	return m.View() + "\n"
}

func TestPageText(t *testing.T) {
	golden(t, "page80.txt", drawn(80, nil))
	golden(t, "page40.txt", drawn(40, nil))
	golden(t, "page80-secret.txt", drawn(80, func(m *page) { m.shown = true }))
	golden(t, "page40-copy.txt", drawn(40, func(m *page) { m.openMenu() }))
}

func TestPageFitsEveryWidth(t *testing.T) {
	for w := 40; w <= 200; w += 3 {
		for _, shown := range []bool{false, true} {
			text := drawn(w, func(m *page) { m.shown = shown })
			for _, line := range strings.Split(text, "\n") {
				if width(line) > w {
					t.Fatalf("at %d columns a line takes %d: %q", w, width(line), line)
				}
			}
			if strings.Contains(text, "F00DF00D") != shown && w > 70 {
				t.Fatalf("at %d columns the secret's text is not as asked (%v)", w, shown)
			}
			if strings.ContainsRune(text, '\x1b') {
				t.Fatalf("at %d columns there is an escape sequence", w)
			}
		}
	}
}

// What is cut into pieces for a narrow screen must still be the value.
func TestPiecesAreTheValue(t *testing.T) {
	value := "https://portal.quilia.com/" + strings.Repeat("0123456789", 12)
	for w := 40; w <= 200; w++ {
		s := newSheet(newStyle(&strings.Builder{}, func(string) string { return "" }), []wizard.Row{{Kind: wizard.RowField, Label: "Callback URL", Value: value}})
		text := strings.Join(s.lines(min(w, 100), w, false), "\n")
		joined := strings.NewReplacer("\n", "", " ", "").Replace(text)
		if w > len(value) && !strings.Contains(text, value) {
			t.Fatalf("at %d columns the value is broken:\n%s", w, text)
		}
		if !strings.HasSuffix(joined, value) {
			t.Fatalf("at %d columns:\n%s", w, text)
		}
	}
}

// TestSecretOfSeveralLines: a key in PEM form stays what it is, line by line.
func TestSecretOfSeveralLines(t *testing.T) {
	pem := "-----BEGIN PRIVATE KEY-----\n" + strings.Repeat("A", 64) + "\n" + strings.Repeat("B", 20) + "\n-----END PRIVATE KEY-----\n"
	s := newSheet(style{}, []wizard.Row{{Kind: wizard.RowSecret, Label: "Private key (PEM)", Secret: secret.New(pem), Note: "paste it"}})
	if s.items[0].text() != pem {
		t.Errorf("copied: %q", s.items[0].text())
	}
	var lines []string
	for _, line := range s.lines(80, 80, true) {
		lines = append(lines, strings.TrimSpace(line))
	}
	if shown := strings.Join(lines, "\n"); !strings.Contains(shown, strings.TrimSpace(pem)) {
		t.Errorf("shown:\n%s", shown)
	}
	for _, line := range s.lines(40, 40, true) {
		if width(line) > 40 {
			t.Errorf("too wide: %s", line)
		}
	}
}

// TestEmptyFieldWithARemark: the remark says what goes there, so that nothing else may.
func TestEmptyFieldWithARemark(t *testing.T) {
	for _, w := range []int{40, 80} {
		got := strings.Join(newSheet(style{}, []wizard.Row{
			{Kind: wizard.RowField, Label: "API Name", Note: "leave what Salesforce fills in"},
			{Kind: wizard.RowField, Label: "Logo"},
		}).lines(w, w, false), "\n")
		if strings.Count(got, "leave empty") != 1 || strings.Count(got, "leave what Salesforce fills in") != 1 {
			t.Errorf("%d columns:\n%s", w, got)
		}
	}
}

// A value of several lines keeps them, on the screen and in the clipboard.
func TestSheetOfALongValue(t *testing.T) {
	lines := []string{"-----BEGIN CERTIFICATE-----", strings.Repeat("A", 64), "\x1bBBBB==", "-----END CERTIFICATE-----"}
	rows := []wizard.Row{{Kind: wizard.RowField, Label: "Certificate", Values: lines, Note: "in PEM"}, {Kind: wizard.RowField, Label: "Name"}}
	s := newSheet(style{}, rows)
	if len(s.items) != 1 || s.items[0].text() != strings.Join(cleaned(lines), "\n") {
		t.Errorf("copied: %+v", s.items)
	}
	var out strings.Builder
	NewPrinter(&out, func(string) string { return "" }, 80).Sheet(rows)
	want := `     Certificate
       -----BEGIN CERTIFICATE-----
       ` + strings.Repeat("A", 64) + `
       ` + cleaned(lines)[2] + `
       -----END CERTIFICATE-----
       in PEM
     Name         leave empty
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

func plainEnv(name string) string {
	return map[string]string{"NO_COLOR": "1", "TERM": "xterm"}[name]
}
