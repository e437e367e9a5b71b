package cli

import (
	"context"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/wizard"
)

// attended runs a login that ends in a browser with a person at the terminal: the
// address, the time left, and a line for what they paste.
func (a *app) attended(ctx context.Context, m *connection.Machine, r connection.LoginRequest, away bool) (connection.Login, error) {
	ui := a.ui()
	run := wizard.StartLogin(ctx, m, r)
	defer run.Close()
	address, err := run.Ready(ctx, ui.Say)
	if err != nil {
		return connection.Login{}, left(err)
	}
	var hints []string
	if r.Flow == connection.FlowWeb {
		hints = a.elsewhere(address, away, true)
	}
	// What is noted meanwhile must not run across what is drawn.
	a.notesTo(func(text string) { run.Tell(wizard.Line{Mark: wizard.MarkNote, Text: text}) })
	defer a.notesTo(nil)
	done, err := run.Wait(ctx, ui, wizard.BrowserWait(address, r, hints))
	return done, left(err)
}
