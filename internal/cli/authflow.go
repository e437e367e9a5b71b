package cli

import (
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/oauthflow"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/store"
)

func flowNames() []string {
	var names []string
	for _, f := range connection.Flows() {
		names = append(names, string(f))
	}
	return names
}

// fit judges flags that contradict each other.
func (f authFlags) fit() error {
	if f.flow != "" && !slices.Contains(flowNames(), f.flow) {
		return usage("The flow %q is not known; the flows are: %s.", f.flow, strings.Join(flowNames(), ", "))
	}
	if f.noConsumerSecret && (f.consumerSecret.stdin || f.consumerSecret.file != "") {
		return usage("--no-consumer-secret says that there is no secret, and another flag gives one.")
	}
	if f.consumerSecret.stdin && f.refreshToken.stdin {
		return usage("Consumer Secret and refresh token cannot both come from stdin; give one of them by file.")
	}
	if f.timeout <= 0 {
		return usage("--timeout must be longer than nothing, for example 5m.")
	}
	return nil
}

// givenEmpty refuses flags that were given without a value: what is saved, or no
// check at all, must not stand in for a variable that a script forgot to set.
func givenEmpty(cmd *cobra.Command) error {
	var empty []string
	for _, name := range []string{"login-url", "consumer-key", "username", "expect-org", "flow", "recipe", "variant", "audience",
		"consumer-secret-file", "refresh-token-file", "private-key-file"} {
		if flag := cmd.Flag(name); flag.Changed && strings.TrimSpace(flag.Value.String()) == "" {
			empty = append(empty, "--"+name)
		}
	}
	if len(empty) == 0 {
		return nil
	}
	return fault.New(fault.MissingInput, "input", "Nothing was contacted, because a flag was given and is empty: "+strings.Join(empty, ", ")+".",
		"Give it a value, or leave it out where the saved profile or the default is meant. In a script, look whether the variable behind it is set.")
}

// fitFlow refuses flags that have no meaning in the flow, however it was found.
func (f authFlags) fitFlow(flow connection.Flow) error {
	only := []struct {
		flag  string
		flows []connection.Flow
	}{
		{"username", []connection.Flow{connection.FlowJWTBearer}},
		{"private-key-file", []connection.Flow{connection.FlowJWTBearer}},
		{"audience", []connection.Flow{connection.FlowJWTBearer}},
		{"refresh-token-stdin", []connection.Flow{connection.FlowRefreshToken}},
		{"refresh-token-file", []connection.Flow{connection.FlowRefreshToken}},
		{"callback-url", []connection.Flow{connection.FlowWeb, connection.FlowPaste}},
		{"prompt", []connection.Flow{connection.FlowWeb, connection.FlowPaste}},
		{"login-hint", []connection.Flow{connection.FlowWeb, connection.FlowPaste}},
	}
	for _, o := range only {
		if f.given(o.flag) && !slices.Contains(o.flows, flow) {
			return usage("--%s has no meaning in the flow %s; it is for %s.", o.flag, flow, joinFlows(o.flows))
		}
	}
	return nil
}

func joinFlows(flows []connection.Flow) string {
	var names []string
	for _, f := range flows {
		names = append(names, "--flow "+string(f))
	}
	return strings.Join(names, " and ")
}

// flowOf is the flow by the order of precedence: flag, what other flags are for,
// the saved profile, the recipe, web.
func flowOf(f authFlags, saved store.Profile, r *recipe.Recipe) connection.Flow {
	fromRecipe := ""
	if r != nil {
		fromRecipe = r.Authorize.Flow
	}
	if f.recipe != "" { // named now, it says more than what an earlier one left
		return connection.Flow(firstOf(f.flow, f.impliedFlow(), fromRecipe, saved.Flow, string(connection.FlowWeb)))
	}
	return connection.Flow(firstOf(f.flow, f.impliedFlow(), saved.Flow, fromRecipe, string(connection.FlowWeb)))
}

// impliedFlow is the flow that a flag belongs to which only one flow has.
func (f authFlags) impliedFlow() string {
	switch {
	case f.privateKeyFile != "" || f.username != "":
		return string(connection.FlowJWTBearer)
	case f.refreshToken.stdin || f.refreshToken.file != "":
		return string(connection.FlowRefreshToken)
	}
	return ""
}

// checkFlow refuses what the flow, however it was found, cannot have.
func checkFlow(flow connection.Flow, f authFlags) error {
	switch {
	case !slices.Contains(connection.Flows(), flow):
		return usage("The flow %q is not known; the flows are: %s.", flow, strings.Join(flowNames(), ", "))
	case flow == connection.FlowPaste && f.consumerSecret.stdin:
		return usage("In the paste flow stdin brings the pasted address, so the Consumer Secret cannot come from there too; give it with --consumer-secret-file or SFCONNECT_CONSUMER_SECRET.")
	case flow == connection.FlowClientCredentials && f.noConsumerSecret:
		return usage("The client credentials flow cannot do without a Consumer Secret.")
	}
	return nil
}

// callbacks are the lines to try, in order; nil stands for our own.
func callbacks(flow connection.Flow, given []string, saved store.Profile, r *recipe.Recipe, login salesforce.LoginURL) ([]string, error) {
	usable := connection.Flow(saved.Flow) == flow && saved.CallbackURL != ""
	switch flow {
	case connection.FlowWeb:
		for _, line := range given {
			if err := oauthflow.CheckCallback(line); err != nil {
				return nil, err
			}
		}
		if given == nil && usable {
			return append([]string{saved.CallbackURL}, without(connection.DefaultCallbacks(), saved.CallbackURL)...), nil
		}
		return given, nil
	case connection.FlowPaste:
		for _, line := range given {
			if u, err := url.Parse(line); err != nil || u.Scheme == "" || u.Host == "" && u.Opaque == "" && u.Path == "" {
				return nil, usage("--callback-url %q is no address; it must be the same as a Callback URL line of the app.", line)
			}
		}
		switch {
		case given != nil:
			return given, nil
		case r != nil && vendorLines(r) != nil:
			return vendorLines(r), nil
		case usable:
			return []string{saved.CallbackURL}, nil
		}
		return []string{connection.SuccessPage(login)}, nil
	}
	return nil, nil
}

// vendorLines are the recipe's callback lines that wait for no answer of the admin's.
func vendorLines(r *recipe.Recipe) []string {
	var lines []string
	for _, line := range r.CallbackURLs {
		if !strings.Contains(line, "${") {
			lines = append(lines, line)
		}
	}
	return lines
}

// checkAudience takes the address that a JWT names as its receiver. It is no place
// to which anything is sent, so any address of the web will do.
func checkAudience(raw string) error {
	u, err := url.Parse(raw)
	if raw == "" || err == nil && u.Host != "" && u.User == nil && (u.Scheme == "https" || u.Scheme == "http") {
		return nil
	}
	return usage("--audience %q is no address; it is https://login.salesforce.com, https://test.salesforce.com or the org's My Domain.", raw)
}
