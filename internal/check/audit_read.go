package check

import (
	"errors"
	"slices"
	"strings"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
)

// The permissions that reading takes, by their labels in Setup.
const (
	permMetadata = "Modify Metadata Through Metadata API Functions (or Modify All Data)"
	permSecrets  = "View External Client Apps Consumer Secrets in Metadata"
	permPolicies = "View all External Client Apps, view their settings, and edit their policies"
	orgSecrets   = "Allow Access to OAuth Consumer Secrets via Metadata API"
)

// flag reads a box whose member says its state.
func (q *inquiry) flag(part salesforce.Component, member string) sight {
	on, told := part.Bool(member)
	return q.box(part, on, told)
}

func (q *inquiry) box(part salesforce.Component, on, told bool) sight {
	if !told {
		return blind(q.notRead(part))
	}
	return saw(on, Read, "The box in the app is "+onOff(on)+".")
}

// notRead says why a part of the metadata was not read.
func (q *inquiry) notRead(part salesforce.Component) string {
	var refusal *salesforce.Refusal
	err := q.seen.appErr
	if err == nil && q.seen.asked {
		err = q.seen.app.Err(part)
	}
	switch {
	case q.Outside:
		return "Not asked, because it needs the credentials."
	case q.without(probeMetadata):
		return "Not read, as --no-probe metadata says."
	case !q.seen.asked && !q.seen.token.Empty():
		return "It cannot be read, because the app was not granted the scope api (or full)."
	case !q.seen.asked:
		return "It cannot be read without an access token. " + q.noToken()
	case errors.Is(err, connection.ErrNoSuchApp):
		return "It cannot be read: " + connection.ErrNoSuchApp.Error() + "."
	case errors.Is(err, connection.ErrKeyHidden):
		return "It cannot be read: the org's metadata does not show this user which app is which (needs the permission " + permSecrets + ", and " + orgSecrets + ")."
	case errors.Is(err, connection.ErrNotTold):
		return "It cannot be read with this user (needs the permission " + permPolicies + ")."
	case errors.As(err, &refusal) && refusal.Code == "INSUFFICIENT_ACCESS":
		return "It cannot be read with this user (needs the permission " + permMetadata + ")."
	case errors.As(err, &refusal) && refusal.Code == "INVALID_SESSION_ID" && q.seen.grant != nil && q.seen.grant.JWT:
		return "It cannot be read, because the Metadata API takes no JWT-based access token."
	case errors.As(err, &refusal):
		return "It cannot be read: Salesforce refused (" + shorten(q.Machine.Redactor.Redact(refusal.Code+": "+refusal.Description)) + ")."
	case err != nil:
		return "It could not be read: " + fault.From(err).Message
	}
	return "The org's metadata does not tell."
}

// policy reads one of the labels of the Policies tab.
func (q *inquiry) policy(c auditCheck) (seen, read sight) {
	f := q.seen.app.Policies.Fields
	label := ""
	switch c.id {
	case "permitted_users":
		label = map[string]string{"AllSelfAuthorized": "All users can self-authorize", "AdminApprovedPreAuthorized": "Admin approved users are pre-authorized"}[f["permittedUsersPolicyType"]]
	case "ip_relaxation":
		label = map[string]string{
			"Enforce": "Enforce IP restrictions", "Enforce_RelaxRefresh": "Enforce IP restrictions, but relax for refresh tokens",
			"Bypass_2factor": "Relax IP restrictions for activated devices", "Bypass": "Relax IP restrictions",
		}[f["ipRelaxationPolicyType"]]
	case "refresh_token_policy":
		span := strings.TrimSpace(f["refreshTokenValidityPeriod"] + " " + strings.ToLower(f["refreshTokenValidityUnit"]))
		label = map[string]string{
			"Infinite": "Refresh token is valid until revoked", "Zero": "Immediately expire refresh token",
			"SpecificInactivity": "Expire refresh token if not used for " + span, "SpecificLifetime": "Expire refresh token after " + span,
		}[f["refreshTokenPolicyType"]]
	}
	if label == "" {
		return sight{}, blind(q.notRead(q.seen.app.Policies))
	}
	return sight{}, saw(label, Read, "The app's policies say: "+label+".")
}

// samePolicy compares two labels, however their time is written, and by whatever age
// of org (some write "may", some "can"); a wanted one that ends in "n" is any time.
func (q *inquiry) samePolicy(want, got any) bool {
	plain := func(v any) string {
		s, _ := v.(string)
		s = strings.Replace(strings.ToLower(strings.TrimSpace(s)), "all users may ", "all users can ", 1)
		return strings.TrimSuffix(s, "s")
	}
	if stem, any := strings.CutSuffix(plain(want), " n"); any {
		return strings.HasPrefix(plain(got), stem+" ")
	}
	return plain(want) == plain(got)
}

func (q *inquiry) runAs(auditCheck) (seen, read sight) {
	if q.seen.app.Policies.Fields == nil {
		return sight{}, blind(q.notRead(q.seen.app.Policies))
	}
	user := q.seen.app.Policies.Fields["clientCredentialsFlowUser"]
	settings, told := q.seen.app.Global.Bool("isClientCredentialsFlowEnabled")
	policy, policyTold := q.seen.app.Policies.Bool("isClientCredentialsFlowEnabled")
	if user == "" && q.wantRunAs(auditCheck{}) != nil && (told && !settings || policyTold && !policy) {
		return sight{}, blind("The Client Credentials Flow is off, and Run As does not show then.")
	}
	if user == "" {
		return sight{}, saw(nil, Read, "Run As is empty.")
	}
	return sight{}, saw(user, Read, "Run As is "+user+".")
}

func (q *inquiry) sameUser(want, got any) bool {
	a, _ := want.(string)
	b, _ := got.(string)
	return strings.EqualFold(strings.TrimSpace(a), b)
}

func (q *inquiry) distribution(auditCheck) (seen, read sight) {
	state := q.seen.app.App.Fields["distributionState"]
	if state == "" {
		return sight{}, blind(q.notRead(q.seen.app.App))
	}
	return sight{}, saw(state, Read, "The app's Distribution State is "+state+".")
}

func (q *inquiry) names(auditCheck) (seen, read sight) {
	app := q.seen.app.App
	if app.Fields == nil {
		return sight{}, blind(q.notRead(app))
	}
	name := app.Fields["label"]
	if said(q.r.App.APIName) || name == "" {
		name = strings.TrimSpace(name + " (" + app.FullName + ")")
	}
	return sight{}, saw(name, Read, "The app is called "+name+".")
}

func (q *inquiry) sameNames(want, got any) bool {
	return want == got
}

// scopes: what was granted is as old as the sign-in, and what the app has selected is
// of now; so the app's own list goes first, and a difference is said.
func (q *inquiry) scopes(c auditCheck) (seen, read sight) {
	granted, asked := q.p.Scopes, false
	if q.seen.grant != nil && len(q.seen.grant.Scopes) > 0 {
		granted, asked = q.seen.grant.Scopes, true
	}
	switch {
	case q.without(c.id), q.Outside:
		seen = blind(first(q.notTried(c), "Not asked."))
	case len(granted) == 0:
		seen = blind("Salesforce did not say which scopes it granted.")
	default:
		seen = saw(granted, Observed, pick(asked, "This is what the token answer granted.", "This is what the last sign-in was granted."))
	}
	selected, told := q.seen.app.OAuth.Fields["commaSeparatedOauthScopes"]
	if !told {
		return seen, blind(q.notRead(q.seen.app.OAuth))
	}
	var own []string
	for _, name := range strings.FieldsFunc(selected, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' }) {
		own = append(own, apiScope(name))
	}
	read = saw(own, Read, "This is what is selected in the app.")
	if !seen.known {
		return seen, read
	}
	if slices.Equal(ticks(withoutPerson(q.p.Flow, own)), ticks(granted)) {
		if slices.Equal(ticks(own), ticks(granted)) {
			return seen, sight{}
		}
		// a flow without a person is never granted all of them
		read.detail += " This connection was granted " + strings.Join(granted, " ") + ", as this flow is."
		return sight{}, read
	}
	read.detail += " This connection was granted " + strings.Join(granted, " ") + ": sign in again to have the app's scopes of now."
	return sight{}, read
}

// withoutPerson leaves out what a flow without a person is never granted.
func withoutPerson(flow string, scopes []string) []string {
	if !connection.Flow(flow).NeedsNobody() {
		return scopes
	}
	return slices.DeleteFunc(slices.Clone(scopes), func(s string) bool {
		return s == "refresh_token" || s == "offline_access" || s == "full" && connection.Flow(flow) == connection.FlowClientCredentials
	})
}

// ticks are the ticks of the form that scopes stand for, sorted: several values
// share one.
func ticks(scopes []string) []string {
	out := recipe.ScopeLabels(scopes)
	slices.Sort(out)
	return out
}

// scopesFit: exactly the wanted ticks, or at least these, and none of those that must
// not be.
func (q *inquiry) scopesFit(want, got any) bool {
	missing, extra := q.scopesDiffer(want, got)
	return len(missing) == 0 && len(extra) == 0
}

// scopesDiffer names the ticks that are missing, and those that must go.
func (q *inquiry) scopesDiffer(want, got any) (missing, extra []string) {
	w, _ := want.([]string)
	g, _ := got.([]string)
	if q.seen.app.OAuth.Fields == nil { // then it is what was granted, and not the app's own list
		w = withoutPerson(q.p.Flow, w)
	}
	lacks := func(of, in []string) (out []string) {
		have := ticks(in)
		for _, label := range ticks(of) {
			if !slices.Contains(have, label) {
				out = append(out, label)
			}
		}
		return out
	}
	if q.r.ScopesMatch != "at_least" {
		return lacks(w, g), lacks(g, w)
	}
	for _, label := range ticks(q.r.ScopesNever) {
		if slices.Contains(ticks(g), label) {
			extra = append(extra, label)
		}
	}
	return ticks(connection.MissingScopes(w, g)), extra
}

// apiScope is the API value of a scope's name in the Metadata API.
func apiScope(name string) string {
	known := map[string]string{
		"Basic": "id", "Api": "api", "Web": "web", "Full": "full", "Chatter": "chatter_api", "CustomApplications": "visualforce",
		"RefreshToken": "refresh_token", "OpenID": "openid", "Profile": "profile", "Email": "email", "Address": "address", "Phone": "phone",
		"OfflineAccess": "offline_access", "CustomPermissions": "custom_permissions", "Wave": "wave_api", "Eclair": "eclair_api",
		"Pardot": "pardot_api", "Lightning": "lightning", "Content": "content", "CDP": "cdp_api", "CDPIngest": "cdp_ingest_api",
		"CDPProfile": "cdp_profile_api", "CDPQuery": "cdp_query_api", "CDPSegment": "cdp_segment_api", "CDPIdentityResolution": "cdp_identityresolution_api",
		"CDPCalculatedInsight": "cdp_calculated_insight_api", "Chatbot": "chatbot_api", "SFApiPlatform": "sfap_api", "Interaction": "interaction_api",
		"EinsteinGPT": "einstein_gpt_api", "PwdlessLogin": "pwdless_login_api", "ForgotPassword": "forgot_password",
		"UserRegistration": "user_registration_api", "MCP": "mcp_api", "SCRT": "scrt_api", "DataCloudUserClaims": "data_cloud_user_claims",
	}
	if value, ok := known[name]; ok {
		return value
	}
	return name
}
