package check

import (
	"strings"

	"example.com/sfconnect/internal/connection"
)

// The answers of the token endpoint are read by what they blame. Salesforce does not
// document the order in which it checks, so that each reading is held against a
// control before it counts. Sources of the words: docs/salesforce.md.

// has reports whether a refusal's description has one of the texts, in any case.
func has(t connection.Tried, texts ...string) bool {
	description := strings.ToLower(t.Description)
	for _, text := range texts {
		if strings.Contains(description, text) {
			return t.Outcome == connection.OutcomeRefused
		}
	}
	return false
}

// blamesSecret: the client was not accepted, for want of the right secret.
func blamesSecret(t connection.Tried) bool {
	if t.Outcome != connection.OutcomeRefused {
		return false
	}
	switch t.Code {
	case "invalid_client":
		return !has(t, "must be installed", "not enabled")
	case "invalid_client_credentials":
		return true
	}
	return has(t, "invalid client credentials", "client secret", "client_secret")
}

// blamesToken: the client was accepted, and the code or token was not.
func blamesToken(t connection.Tried) bool {
	if t.Outcome != connection.OutcomeRefused || blamesSecret(t) || flowOff(t) {
		return false
	}
	known := has(t, "authorization code", "refresh token", "access/refresh", "code verifier", "token validity", "subject_token", "subject token", "invalid token", "token is required")
	return known || t.Code == "invalid_grant" && t.Description == ""
}

// flowOff: the refusal says in so many words that the flow is not switched on. For
// the device flow "device flow is not enabled for the app" was seen
// (forcedotcom/code-builder-feedback issue 263); for the others such words are
// presumed after that one and "Client credentials flow not enabled".
func flowOff(t connection.Tried) bool {
	return has(t, "flow is not enabled", "flow not enabled", "flow is disabled", "flow isn't enabled", "exchange is not enabled", "exchange not enabled")
}

// unclear says how a trial was answered that does not tell.
func unclear(t connection.Tried) string {
	switch t.Outcome {
	case connection.OutcomeNone:
		if t.Fault != nil {
			return "No answer came that tells: " + t.Fault.Message
		}
		return ""
	case connection.OutcomeRefused:
		words := t.Code
		if t.Description != "" {
			words += ": " + t.Description
		}
		return "Salesforce's answer does not tell (" + shorten(words) + ")."
	}
	return "Salesforce's answer does not tell."
}

// shorten keeps a server's words to what fits a line; they are redacted already.
func shorten(s string) string {
	const most = 120
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// onOff says a state of a box.
func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// spokenGot writes a value for a sentence or a table.
func spokenGot(v any) string {
	switch v := v.(type) {
	case bool:
		return onOff(v)
	case []string:
		return strings.Join(v, " ")
	case string:
		return v
	}
	return "none"
}

// Spoken writes what is wanted or was found, for people: on or off, a label, scopes.
func (f Finding) Spoken(v any) string {
	if v == nil {
		return "none"
	}
	if on, is := v.(bool); is {
		switch f.id() {
		case "key_known":
			return pick(on, "known", "unknown")
		case "callback_registered":
			return pick(on, "registered", "not registered")
		case "secret_accepted":
			return pick(on, "accepted", "refused")
		case "signature_valid":
			return pick(on, "valid", "not valid")
		case "refresh_token_lives":
			return pick(on, "lives", "dead")
		}
	}
	return spokenGot(v)
}

// id is the name without the value.
func (f Finding) id() string {
	id, _, _ := strings.Cut(f.Name, ":")
	return id
}

func pick(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

// sameGot compares two values that were found.
func sameGot(a, b any) bool {
	if x, is := a.([]string); is {
		y, _ := b.([]string)
		return strings.Join(ticks(x), "\n") == strings.Join(ticks(y), "\n")
	}
	return a == b
}
