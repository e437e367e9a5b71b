package recipe

import (
	"slices"
	"strings"
)

// AdviceApp is the key of what Advice says of the app as a whole.
const AdviceApp = "app"

// Advice says where a filled recipe asks for something that Salesforce refuses today, may
// refuse in some orgs, or advises against: one line for each box, by switch, by policy, by
// "scopes" or, for the whole app, by AdviceApp. The recipe keeps the vendor's value; this
// says what to do where the org does not take it. Sources: Salesforce's packaging guide on
// PKCE and rotation (secure_code_ac_eca), reports of orgs where both are locked on
// (verbb/formie 2961, xorbitsai/xagent PR 1459), the Metadata API guide on the user of the
// client credentials flow, and article 005228017 on connected apps.
func Advice(r Recipe) map[string]string {
	out := map[string]string{}
	flow := r.Authorize.Flow
	people := flow == "web" || flow == "paste" || flow == "refresh-token"
	if r.Switches["pkce_required"] == SwitchOff {
		out["pkce_required"] = "Ticked and grey? Leave it so: it is for sign-ins in a browser."
		if people {
			out["pkce_required"] = "Ticked and grey? Leave it so: the product must then send PKCE; ask the vendor."
		}
	}
	if r.Switches["refresh_token_rotation"] == SwitchOff {
		out["refresh_token_rotation"] = "Ticked and grey? Leave it so: this flow has no refresh tokens."
		if people {
			out["refresh_token_rotation"] = "Ticked and grey? Leave it so: the product must then keep each new token; ask the vendor."
		}
	}
	if slices.Contains(r.Scopes, "full") {
		out["scopes"] = "With full the product may do all that the user may. Ask the vendor whether api is enough."
		if flow == "client-credentials" && !slices.Contains(r.Scopes, "api") {
			out["scopes"] = "Salesforce refuses full alone in this flow: add api."
		}
	}
	if flow == "client-credentials" && strings.Contains(strings.ToLower(r.RunAsUser.Profile), "admin") {
		out["run_as"] = "An admin works, but Salesforce wants a user with API Only User here."
	}
	if r.Source.Kind == "connected_app" {
		out[AdviceApp] = "The vendor's guide makes a connected app. Those cannot be made any more; an External Client App takes the same values."
	}
	if flow == "jwt-bearer" && strings.HasPrefix(r.Policies.PermittedUsers, "All users") {
		out["permitted_users"] = "Nobody can allow an app in this flow: if Salesforce says so, choose Admin approved."
	}
	return out
}
