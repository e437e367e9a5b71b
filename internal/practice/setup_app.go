package practice

import (
	"slices"
	"strings"
	"time"
)

// appMarkup is the page of the External Client App, section by section as the
// form has it.
func (o *Org) appMarkup() string {
	a, c := o.app, o.cfg
	var b strings.Builder
	b.WriteString(`<section class="card"><h1>` + esc(c.name) + `</h1><p class="soft">External Client App · ` + esc(c.distribution) + `</p>
<h2>Consumer Key and Secret</h2>
<p class="soft">One click selects a whole value. A real org mails you a verification code first.</p>
<label id="key_label">Consumer Key</label><code class="value" id="consumer_key" aria-labelledby="key_label">` + esc(a.key) + `</code>
<label id="secret_label">Consumer Secret</label><code class="value" id="consumer_secret" aria-labelledby="secret_label">` + esc(a.secret) + `</code>
</section>`)
	b.WriteString(card("Basic Information", list(
		[]string{"External Client App Name", c.name}, []string{"API Name", c.apiName}, []string{"Contact Email", c.email},
		[]string{"Contact Phone", c.phone}, []string{"Distribution State", c.distribution}, []string{"Info URL", c.infoURL},
		[]string{"Logo Image URL", c.logoURL}, []string{"Icon URL", c.iconURL}, []string{"Description", c.description},
	)))
	scopes := []string{"Selected OAuth Scopes"}
	for _, s := range c.scopes {
		scopes = append(scopes, scopeLabel(s)+" ("+s+")")
	}
	b.WriteString(card("Settings: OAuth", o.ticks(setupHome, tick{true, "Enable OAuth", ""})+
		list(append([]string{"Callback URL"}, c.callbacks...), scopes)+
		"<h2>Flow Enablement</h2>"+o.ticks(setupHome,
		tick{c.ccFlow, "Enable Client Credentials Flow", "client_credentials_flow"},
		tick{c.codeCred, "Enable Authorization Code and Credentials Flow", "code_and_credentials_flow"},
		tick{c.codeCredPostOnly, "Require user credentials in the POST body for Authorization Code and Credentials Flow", "code_and_credentials_post_only"},
		tick{c.device, "Enable Device Flow", "device_flow"},
		tick{c.jwt, "Enable JWT Bearer Flow", "jwt_bearer_flow"},
		tick{c.exchange, "Enable Token Exchange Flow", "token_exchange_flow"},
		tick{c.exchangeSecret, "Require secret for Token Exchange Flow", "secret_required_for_token_exchange"},
	)+o.certificateMarkup()+"<h2>Security</h2>"+o.ticks(setupHome,
		tick{c.webSecret, "Require secret for Web Server Flow", "secret_required_for_web_server"},
		tick{c.refreshSecret, "Require secret for Refresh Token Flow", "secret_required_for_refresh"},
		tick{c.pkce, "Require Proof Key for Code Exchange (PKCE) extension for Supported Authorization Flows", "pkce_required"},
		tick{c.rotation, "Enable Refresh Token Rotation", "refresh_token_rotation"},
		tick{c.introspectAll, "Introspect all Tokens", "introspect_all_tokens"},
		tick{c.namedJWT, "Issue JSON Web Token (JWT)-based access tokens for named users", "named_user_jwt"},
	)))
	runAs, profiles := "–", "–"
	if c.ccFlow && c.ccPolicy {
		runAs = c.runAs
	}
	if c.adminApproved && c.preauthorized {
		profiles = "Standard User, System Administrator"
	}
	b.WriteString(card("Policies", list(
		[]string{"Permitted Users", c.permittedLabel()}, []string{"Selected Profiles", profiles}, []string{"IP Relaxation", c.ipLabel()},
		[]string{"Refresh Token Policy", c.refreshPolicy.label()}, []string{"Session timeout", c.sessionTimeout.String()},
	)+"<h2>OAuth Flows</h2>"+o.ticks(setupHome, tick{c.ccFlow && c.ccPolicy, "Enable Client Credentials Flow", onlyIf(c.ccFlow, "client_credentials_policy")},
		tick{c.exchange && c.exchangePolicy, "Enable Token Exchange Flow", onlyIf(c.exchange, "token_exchange_policy")})+list([]string{"Run As (Username)", runAs})))
	b.WriteString(o.practiceMarkup())
	return b.String()
}

// certificateMarkup is what the form shows below the box of the JWT bearer flow.
func (o *Org) certificateMarkup() string {
	if !o.cfg.jwt {
		return ""
	}
	used := o.certificate()
	if used == nil {
		return list([]string{"Certificate", "none is uploaded"})
	}
	return list([]string{"Certificate", used.Subject.String(), "valid until " + clock(used.NotAfter)})
}

// practiceMarkup says how this org differs from a healthy one.
func (o *Org) practiceMarkup() string {
	var rows [][]string
	for _, a := range o.faults {
		rows = append(rows, []string{a.Name, a.Help})
	}
	var b strings.Builder
	b.WriteString(`<p class="soft">A click on a box turns it at once, without a Save button. What has no box is changed below; <code>sfconnect practice --set NAME=VALUE</code> sets it from the start, <code>--fault NAME</code> makes one thing wrong.</p>`)
	if len(rows) > 0 {
		b.WriteString(table([]string{"Active fault", "What it does"}, rows))
	}
	b.WriteString(o.anySetting(setupHome))
	return card("About this practice org", b.String())
}

func (o *Org) appListMarkup() string {
	return `<section class="card"><h1>App Manager</h1><p class="soft">In a real org: New External Client App. Here the app is already made.</p>` +
		table([]string{"App Name", "Developer Name", "App Type"}, o.appRows()) +
		`<p><a href="` + setupHome + `">Open the app</a></p></section>`
}

func (o *Org) restAccessMarkup() string {
	return `<section class="card"><h1>External Client App Settings</h1>` +
		o.ticks(setupPrefix+"ExternalClientApplicationSettings/home", tick{false, "Allow access to External Client App consumer secrets via REST API", ""}) + `</section>`
}

func (o *Org) oauthSettingsMarkup() string {
	return `<section class="card"><h1>OAuth and OpenID Connect Settings</h1>` +
		o.ticks(setupHome,
			tick{o.cfg.orgPKCE, "Require Proof Key for Code Exchange (PKCE) extension", "org_pkce_required"}, tick{o.cfg.orgCodeCred, "Allow Authorization Code and Credentials Flows", "org_code_and_credentials_flow"},
			tick{false, "Allow OAuth Username-Password Flows", ""}) + `</section>`
}

func (o *Org) sessionMarkup() string {
	return `<section class="card"><h1>Session Settings</h1>` + list([]string{"Timeout Value", o.cfg.sessionTimeout.String()}) + `</section>`
}

// usageMarkup lists the living approvals.
func (o *Org) usageMarkup() string {
	var rows [][]string
	for _, g := range o.grants {
		if !g.alive() {
			continue
		}
		kind := "access token only"
		if g.current != nil {
			kind = "refresh token"
		}
		rows = append(rows, []string{g.app.cfg.name, g.user.username, strings.Join(g.scopes, " "), kind, clock(g.made)})
	}
	slices.Reverse(rows)
	return `<section class="card"><h1>Connected Apps OAuth Usage</h1>` + table([]string{"App", "User", "Scopes", "Holds", "Approved"}, rows) + `</section>`
}

func (o *Org) historyMarkup() string {
	var rows [][]string
	for _, l := range o.logins[max(0, len(o.logins)-100):] {
		rows = append(rows, []string{clock(l.time), l.username, l.app, l.status})
	}
	slices.Reverse(rows)
	return `<section class="card"><h1>Login History</h1>` + table([]string{"Time", "Username", "Application", "Status"}, rows) + `</section>`
}

func (o *Org) usersMarkup() string {
	var rows [][]string
	for _, u := range o.users {
		rows = append(rows, []string{u.name(), u.username, o.profile(u).name, "active", u.id})
	}
	return `<section class="card"><h1>Users</h1><p class="soft">Both have the password <code>` + esc(o.cfg.password) + `</code>.</p>` +
		table([]string{"Name", "Username", "Profile", "State", "Id"}, rows) + `</section>`
}

func (o *Org) companyMarkup() string {
	return `<section class="card"><h1>Company Information</h1>` + list(
		[]string{"Organization Name", o.cfg.orgName}, []string{"Salesforce.com Organization ID", o.orgID}, []string{"Environment", o.cfg.environment},
		[]string{"Login URL", o.login.String()}, []string{"Current My Domain URL", o.myDomain.String()},
	) + `</section>`
}

func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

func (o *Org) appRows() [][]string {
	var rows [][]string
	for _, a := range o.apps() {
		rows = append(rows, []string{a.cfg.name, a.cfg.apiName, "External Client"})
	}
	return rows
}

// onlyIf is a setting whose box in Policies wakes with the one in Settings.
func onlyIf(on bool, setting string) string {
	if on {
		return setting
	}
	return ""
}
