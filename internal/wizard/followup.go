package wizard

import (
	"strings"

	"example.com/sfconnect/internal/salesforce"
)

// sayChecks tells, at the very end, which symptoms the vendor knows of and what to do
// about each: it stays readable in the terminal.
func (s *Setup) sayChecks() {
	for i, c := range s.filled().Checks {
		if i == 0 {
			s.UI.Say(Line{Text: "What is known of " + s.product() + ", should something not work:"})
		}
		hint := c.Do
		if page := salesforce.SetupPageOf(c.Page); page != "" {
			hint = strings.TrimSpace(hint + "\n" + page.Path() + "\n" + s.login.SetupURL(page))
		}
		s.UI.Say(Line{Mark: MarkNote, Text: c.Sign, Hint: hint})
	}
}
