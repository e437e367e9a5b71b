package cli

import (
	"context"
	"errors"
	"strings"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/term"
	"example.com/sfconnect/internal/wizard"
)

// ui is the terminal's way of asking: forms, or plain lines. Talk goes to stderr, so
// that stdout stays for answers. There is one, because two would read from one stdin.
func (a *app) ui() wizard.UI {
	if a.asker == nil {
		a.asker = a.newUI()
	}
	return a.asker
}

func (a *app) newUI() wizard.UI {
	out := a.Stderr
	if !a.StderrTTY {
		out = a.Stdout
	}
	return term.NewUI(a.Stdin, out, a.plain(), term.Options{Env: a.Getenv, Now: a.Now, Clip: a.Clipboard})
}

// plain reports whether the person wants lines that are never redrawn.
func (a *app) plain() bool { return a.global.accessible || truthy(a.Getenv("ACCESSIBLE")) }

// askFor asks a person for what auth still lacks.
func (a *app) askFor(ctx context.Context, in *authInput, trustHost bool) error {
	ask := a.ui()
	var err error
	if in.login == "" {
		in.login, err = ask.Ask(ctx, wizard.Question{ID: "login_url", Title: "Your Salesforce login URL", Default: "https://login.salesforce.com",
			Check: func(s string) error {
				_, err := salesforce.ParseLoginURL(s, salesforce.LoginOptions{TrustHost: trustHost})
				return sentence(err)
			}})
	}
	if err == nil && in.key == "" {
		in.key, err = ask.Ask(ctx, wizard.Question{ID: "consumer_key", Title: "Consumer Key", Sensitive: salesforce.HoldsSecret,
			Check: func(s string) error { _, _, err := salesforce.CleanKey(s); return sentence(err) }})
	}
	if err == nil && in.lacksSecret() {
		in.secret, err = ask.AskSecret(ctx, wizard.Question{ID: "consumer_secret", Title: "Consumer Secret",
			Check: func(s string) error { _, _, err := salesforce.CleanSecret(s); return sentence(err) }})
		a.hide(in.secret)
	}
	if err == nil && in.flow == connection.FlowJWTBearer && in.username == "" {
		in.username, err = ask.Ask(ctx, wizard.Question{ID: "username", Title: "Username that the integration acts as", Check: needed})
	}
	if err == nil && in.flow == connection.FlowJWTBearer && in.keyFile == "" && !in.savedKey {
		in.keyFile, err = ask.Ask(ctx, wizard.Question{ID: "private_key_file", Title: "File with the private key",
			Check: func(path string) error { _, err := a.readKeyFile(path); return sentence(err) }})
	}
	if err == nil && in.flow == connection.FlowRefreshToken && in.refreshToken.Empty() {
		in.refreshToken, err = ask.AskSecret(ctx, wizard.Question{ID: "refresh_token", Title: "Refresh token",
			Check: func(s string) error { _, _, err := salesforce.CleanRefreshToken(s); return sentence(err) }})
		a.hide(in.refreshToken)
	}
	return left(err)
}

func needed(s string) error {
	if strings.TrimSpace(s) == "" {
		return sentence(fault.New(fault.MissingInput, "input", "This is needed.", ""))
	}
	return nil
}

func (a *app) askYesNo(ctx context.Context, question string) (bool, error) {
	answer, err := a.ui().Choose(ctx, wizard.Choice{ID: "confirm", Title: question, Default: "no",
		Options: []wizard.Option{{Value: "no", Label: "No"}, {Value: "yes", Label: "Yes"}}})
	return answer == "yes", left(err)
}

// left turns leaving into the fault that ends the command.
func left(err error) error {
	if errors.Is(err, wizard.ErrLeave) || errors.Is(err, wizard.ErrBack) || errors.Is(err, context.Canceled) {
		return fault.New(fault.Interrupted, "", "Left before it was finished.", "Nothing that was saved is lost.").Because(err)
	}
	return err
}

// sentence shows only the words of a fault beside a field.
func sentence(err error) error {
	if err == nil {
		return nil
	}
	f := fault.From(err)
	if f.Hint == "" {
		return errors.New(f.Message)
	}
	return errors.New(f.Message + " " + f.Hint)
}
