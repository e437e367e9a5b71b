package practice

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Setting is one switch of the app, its policies or the org. Names are those of
// the audit where it has one.
type Setting struct {
	Name   string `json:"name"`
	Values string `json:"values"` // what it takes, for people
	Help   string `json:"help"`
}

// SettingNames lists every setting that Options.Settings takes.
func SettingNames() []Setting {
	var out []Setting
	for _, s := range settings() {
		out = append(out, s.Setting)
	}
	return out
}

// config is the state of every setting.
type config struct {
	pkce, webSecret, refreshSecret, rotation            bool
	ccFlow, ccPolicy, codeCred, device, jwt             bool
	exchange, exchangeSecret, namedJWT                  bool
	adminApproved, preauthorized, ipRestricted          bool
	rememberConsent, errorsToCallback, missingScopeCode bool
	stateOnErrorPage                                    bool
	certificate                                         certificate
	scopes, callbacks                                   []string
	runAs, distribution, ipRelaxation                   string
	refreshPolicy                                       refreshPolicy
	sessionTimeout, propagation                         time.Duration
	environment, orgName, username, password            string
}

// neutral is the form as it stands after Create, with the smallest useful scopes.
func neutral() config {
	return config{
		pkce: true, webSecret: true, refreshSecret: true,
		scopes: []string{"id", "api", "refresh_token", "openid"},
		callbacks: []string{
			"http://localhost:1717/OauthRedirect", "http://localhost:1718/OauthRedirect", "http://localhost:1719/OauthRedirect",
		},
		ccPolicy: true, distribution: "Local", ipRelaxation: "enforce",
		rememberConsent: true, stateOnErrorPage: true, certificate: certificate{text: ownCertificate},
		sessionTimeout: 2 * time.Hour,
		environment:    "production", orgName: "Practice Inc", username: "ada@practice.example", password: "practice",
	}
}

type setting struct {
	Setting
	get func(*config) string
	put func(*config, string) error
}

// settings is the table of all settings, in the order of the form.
func settings() []setting {
	return []setting{
		words("callbacks", "addresses, separated by spaces or commas", "Callback URL lines; they replace the preset ones", func(c *config) *[]string { return &c.callbacks }),
		words("scopes", "API values, separated by spaces or commas", "Selected OAuth Scopes", func(c *config) *[]string { return &c.scopes }),
		oneOf("distribution_state", "Distribution State", func(c *config) *string { return &c.distribution }, "Local", "Packaged"),
		toggle("client_credentials_flow", "Settings: Enable Client Credentials Flow", func(c *config) *bool { return &c.ccFlow }),
		toggle("client_credentials_policy", "Policies: Enable Client Credentials Flow", func(c *config) *bool { return &c.ccPolicy }),
		text("run_as", "a username, none, or portal (an unsuitable user)", "Policies: Run As", func(c *config) *string { return &c.runAs }),
		toggle("code_and_credentials_flow", "Enable Authorization Code and Credentials Flow (shown in Setup only)", func(c *config) *bool { return &c.codeCred }),
		toggle("device_flow", "Enable Device Flow (shown in Setup only)", func(c *config) *bool { return &c.device }),
		toggle("jwt_bearer_flow", "Enable JWT Bearer Flow", func(c *config) *bool { return &c.jwt }),
		uploadedCertificate(),
		toggle("token_exchange_flow", "Enable Token Exchange Flow (shown in Setup only)", func(c *config) *bool { return &c.exchange }),
		toggle("secret_required_for_token_exchange", "Require secret for Token Exchange Flow (shown in Setup only)", func(c *config) *bool { return &c.exchangeSecret }),
		toggle("secret_required_for_web_server", "Require secret for Web Server Flow", func(c *config) *bool { return &c.webSecret }),
		toggle("secret_required_for_refresh", "Require secret for Refresh Token Flow", func(c *config) *bool { return &c.refreshSecret }),
		toggle("pkce_required", "Require Proof Key for Code Exchange (PKCE)", func(c *config) *bool { return &c.pkce }),
		toggle("refresh_token_rotation", "Enable Refresh Token Rotation", func(c *config) *bool { return &c.rotation }),
		toggle("named_user_jwt", "Issue JSON Web Token (JWT)-based access tokens for named users", func(c *config) *bool { return &c.namedJWT }),
		choice("permitted_users", "Permitted Users", func(c *config) *bool { return &c.adminApproved }, "all_users", "admin_approved"),
		toggle("user_preauthorized", "whether the practice users have a profile or permission set that the app's policies name", func(c *config) *bool { return &c.preauthorized }),
		ipRelaxation(),
		toggle("ip_restricted", "whether sign-ins come from outside the profile's Login IP Ranges", func(c *config) *bool { return &c.ipRestricted }),
		refreshTokenPolicy(),
		span("session_timeout", "how long an access token lives", func(c *config) *time.Duration { return &c.sessionTimeout }),
		span("propagation", "how long the new app stays unknown after the start (up to 10m in a real org)", func(c *config) *time.Duration { return &c.propagation }),
		toggle("remember_consent", "skip the consent page while a user's earlier approval lives", func(c *config) *bool { return &c.rememberConsent }),
		choice("oauth_errors", "where the errors after login show up, the OAUTH_… ones above all; both have been seen", func(c *config) *bool { return &c.errorsToCallback }, "page", "callback"),
		toggle("error_page_state", "whether the address of the error page carries the state; both have been seen", func(c *config) *bool { return &c.stateOnErrorPage }),
		choice("missing_scope", "what asking for a scope that the app lacks gives: OAUTH_APPROVAL_ERROR_GENERIC or invalid_scope; both have been seen", func(c *config) *bool { return &c.missingScopeCode }, "generic", "invalid_scope"),
		oneOf("environment", "what kind of org it says it is", func(c *config) *string { return &c.environment }, "production", "sandbox", "developer", "scratch"),
		text("org_name", "any text", "the org's name", func(c *config) *string { return &c.orgName }),
		text("username", "name@domain", "the practice user", func(c *config) *string { return &c.username }),
		text("password", "any text", "the practice users' password", func(c *config) *string { return &c.password }),
	}
}

func (c *config) set(name, value string) error {
	var names []string
	for _, s := range settings() {
		if s.Name == name {
			err := s.put(c, value)
			if why := refusal(""); errors.As(err, &why) {
				return fmt.Errorf("practice org: setting %s: %s; it takes %s", name, why, s.Values)
			}
			if err != nil {
				return fmt.Errorf("practice org: setting %s takes %s, not %q", name, s.Values, value)
			}
			return nil
		}
		names = append(names, s.Name)
	}
	return fmt.Errorf("practice org: unknown setting %q; known are %s", name, strings.Join(names, ", "))
}

func toggle(name, help string, field func(*config) *bool) setting {
	return setting{
		Setting{name, "true or false", help},
		func(c *config) string { return strconv.FormatBool(*field(c)) },
		func(c *config, v string) (err error) { *field(c), err = strconv.ParseBool(v); return err },
	}
}

// choice is a toggle whose two values have names. A value may also be the
// form's label, of which the first word tells the two apart.
func choice(name, help string, field func(*config) *bool, off, on string) setting {
	return setting{
		Setting{name, off + " or " + on, help},
		func(c *config) string {
			if *field(c) {
				return on
			}
			return off
		},
		func(c *config, v string) error {
			first := func(s string) string {
				return strings.ToLower(strings.FieldsFunc(s+" ", func(r rune) bool { return r == '_' || r == ' ' })[0])
			}
			if strings.TrimSpace(v) == "" {
				return errValue
			}
			switch {
			case v == on, first(v) == first(on) && first(on) != first(off):
				*field(c) = true
			case v == off, first(v) == first(off):
				*field(c) = false
			default:
				return errValue
			}
			return nil
		},
	}
}

func oneOf(name, help string, field func(*config) *string, values ...string) setting {
	return setting{
		Setting{name, strings.Join(values, ", "), help},
		func(c *config) string { return *field(c) },
		func(c *config, v string) error {
			i := slices.IndexFunc(values, func(known string) bool { return strings.EqualFold(known, v) })
			if i < 0 {
				return errValue
			}
			*field(c) = values[i]
			return nil
		},
	}
}

func text(name, values, help string, field func(*config) *string) setting {
	return setting{
		Setting{name, values, help},
		func(c *config) string { return *field(c) },
		func(c *config, v string) error { *field(c) = v; return nil },
	}
}

func words(name, values, help string, field func(*config) *[]string) setting {
	return setting{
		Setting{name, values, help},
		func(c *config) string { return strings.Join(*field(c), " ") },
		func(c *config, v string) error {
			*field(c) = strings.FieldsFunc(v, func(r rune) bool { return strings.ContainsRune(" ,\t\r\n", r) })
			return nil
		},
	}
}

func span(name, help string, field func(*config) *time.Duration) setting {
	return setting{
		Setting{name, "a time such as 90s, 10m, 2h or 30d", help},
		func(c *config) string { return field(c).String() },
		func(c *config, v string) (err error) { *field(c), err = parseSpan(v); return err },
	}
}
