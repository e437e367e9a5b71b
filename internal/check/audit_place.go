package check

import (
	"strings"

	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
)

// propagation is what is said of every change in an app.
const propagation = "A change takes up to 10 minutes."

// box is where a check's setting stands in Setup: the way below the app's name, and
// the label there.
func box(id string) (way, label string) {
	const (
		flows    = "Settings › OAuth Settings › Flow Enablement"
		security = "Settings › OAuth Settings › Security"
		policies = "Policies › OAuth Policies"
		settings = "Settings › OAuth Settings"
	)
	switch id {
	case "key_known", "secret_accepted", "signature_valid":
		return settings, "Consumer Key and Secret"
	case "callback_registered":
		return settings + " › Callback URL", "Callback URL"
	case "scopes_exact":
		return settings + " › OAuth Scopes", "OAuth Scopes"
	case "client_credentials_flow", "code_and_credentials_flow", "device_flow", "jwt_bearer_flow", "token_exchange_flow", "secret_required_for_token_exchange":
		return flows, recipe.SwitchLabel(id)
	case "permitted_users":
		return policies, "Permitted Users"
	case "ip_relaxation":
		return policies, "IP Relaxation"
	case "refresh_token_policy":
		return policies, "Refresh Token Policy"
	case "run_as":
		return "Policies › OAuth Policies › OAuth Flows", "Run As (Username)"
	case "distribution_state":
		return "Settings › Basic Information", "Distribution State"
	case "app_names":
		return "Settings › Basic Information", "External Client App Name and API Name"
	}
	return security, recipe.SwitchLabel(id)
}

// Label names a check for people, as Setup does where it is a box there, but for the
// word before it that says what to do with the box.
func (f Finding) Label() string {
	switch f.id() {
	case "key_known":
		return "Consumer Key"
	case "callback_registered":
		return "Callback URL"
	case "secret_accepted":
		return "Consumer Secret"
	case "signature_valid":
		return "Signature of token answers"
	case "refresh_token_lives":
		return "Refresh token"
	case "pkce_required":
		return "PKCE required"
	case "code_and_credentials_flow":
		return "Code and Credentials Flow"
	case "named_user_jwt":
		return "JWT-based access tokens"
	case "app_names":
		return "Name and API Name"
	}
	_, label := box(f.id())
	label = strings.TrimPrefix(label, "Enable ")
	if secret, is := strings.CutPrefix(label, "Require secret"); is {
		label = "Secret" + secret
	}
	return label
}

// mendHint says how to put a failed check right, and where.
func (q *inquiry) mendHint(c auditCheck, want, got any) string {
	way, label := box(c.id)
	do := ""
	switch c.id {
	case "key_known", "secret_accepted":
		return ""
	case "signature_valid":
		return "Check that the saved Consumer Secret is the app's current one and that no proxy changes the traffic, then sign in again."
	case "refresh_token_lives":
		return ""
	case "callback_registered":
		do = "add exactly this line: " + c.value
	case "scopes_exact":
		missing, extra := q.scopesDiffer(want, got)
		var parts []string
		if len(missing) > 0 {
			parts = append(parts, "add "+quoteAll(missing))
		}
		if len(extra) > 0 {
			parts = append(parts, "remove "+quoteAll(extra))
		}
		do = strings.Join(parts, "; ")
	case "client_credentials_flow":
		if want == true {
			if do := q.mendUnusable(label); do != "" {
				return do + " " + propagation + q.link()
			}
			return q.at(way, `tick "`+label+`"`) + "\n" + q.place("Policies › OAuth Policies › OAuth Flows") + `: tick "` + label + `" and enter Run As. ` + propagation + q.link()
		}
		do = `untick "` + label + `"`
	case "jwt_bearer_flow":
		if want == true {
			do = `tick "` + label + `" and upload the certificate`
		} else {
			do = `untick "` + label + `"`
		}
	case "pkce_required":
		do = tick(want) + ` "` + label + `"`
		if org, told := q.seen.app.Org.Bool("isPkceRequired"); told && org && want == false {
			return salesforce.PageOAuthSettings.Path() + ": the org demands PKCE of every app, so the app's own box decides nothing. Leave it so, if the product can do PKCE.\n" + q.setup(salesforce.PageOAuthSettings)
		}
	default:
		switch w := want.(type) {
		case bool:
			do = tick(w) + ` "` + label + `"`
		case string:
			do = "set " + label + ` to "` + w + `"`
		}
	}
	return q.at(way, do) + " " + propagation + q.link()
}

// mendUnusable is how to put right a Client Credentials Flow that is switched on in the
// app's settings and cannot be used; "" where the boxes may be off.
func (q *inquiry) mendUnusable(label string) string {
	const flows = "Policies › OAuth Policies › OAuth Flows"
	settings, told := q.seen.app.Global.Bool("isClientCredentialsFlowEnabled")
	policy, policyTold := q.seen.app.Policies.Bool("isClientCredentialsFlowEnabled")
	refusal := q.clientRefusal()
	switch {
	case told && !settings:
		return ""
	case told && policyTold && !policy:
		return q.at(flows, `tick "`+label+`" and enter Run As (Username)`)
	case has(refusal, "no valid scopes"):
		return q.at("Settings › OAuth Settings › OAuth Scopes", "add "+quoteAll(ticks([]string{"api"})))
	case refusal.Code == "invalid_app_access":
		return q.at("Policies › OAuth Policies", "approve the Run As user for the app, by a profile or permission set")
	case told && policyTold && q.seen.app.Policies.Fields["clientCredentialsFlowUser"] == "":
		return q.at(flows, "enter Run As (Username)")
	case has(refusal, "no client credentials user") && !(told && policyTold):
		return q.at(flows, `enter Run As (Username), with "`+label+`" ticked there`)
	case lacksSomething(refusal):
		return q.at(flows, "enter Run As (Username) of a user who is active and may use the API")
	}
	return ""
}

// lookHint says of an unknown check where a person can look, and which permission
// would let sfconnect do so.
func (q *inquiry) lookHint(c auditCheck, seen, read sight) string {
	if c.id == "signature_valid" || c.id == "refresh_token_lives" || c.id == "key_known" {
		return ""
	}
	way, label := box(c.id)
	return q.at(way, "look at "+label) + q.link()
}

func (q *inquiry) at(way, do string) string { return q.place(way) + ": " + do + "." }

func (q *inquiry) link() string {
	if address := q.setup(salesforce.PageExternalClientApps); address != "" {
		return "\n" + address
	}
	return ""
}

func tick(want any) string {
	if want == true {
		return "tick"
	}
	return "untick"
}

func quoteAll(labels []string) string { return `"` + strings.Join(labels, `", "`) + `"` }
