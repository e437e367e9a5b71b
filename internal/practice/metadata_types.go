package practice

import (
	"encoding/pem"
	"math"
	"strconv"
	"strings"
	"time"
)

// metadataTypes are the types that describe External Client Apps, and two of the
// org's settings. The members are the documented ones of each type, in
// alphabetical order as real orgs write them; an empty one is left out.
func metadataTypes() []metadataType {
	return []metadataType{
		{
			name: "ExternalClientApplication", folder: "externalClientApps", suffix: "eca", since: 59,
			full: func(_ *Org, a *app) string { return a.cfg.apiName }, members: (*Org).applicationMembers,
		}, {
			name: "ExtlClntAppOauthSettings", folder: "extlClntAppOauthSettings", suffix: "ecaOauth", since: 59,
			full: partName("_oauth", "OAuthSettings"), members: (*Org).oauthMembers,
		}, {
			name: "ExtlClntAppGlobalOauthSettings", folder: "extlClntAppGlobalOauthSets", suffix: "ecaGlblOauth", since: 59,
			full: partName("_glbloauth", "GlblOAuth"), members: (*Org).globalMembers,
		}, {
			name: "ExtlClntAppOauthConfigurablePolicies", folder: "extlClntAppOauthPolicies", suffix: "ecaOauthPlcy", since: 59,
			full: partName("_oauthPlcy", "OAuthSettings_defaultPolicy"), members: (*Org).oauthPolicyMembers,
		}, {
			name: "ExtlClntAppConfigurablePolicies", folder: "extlClntAppPolicies", suffix: "ecaPlcy", since: 60,
			full: partName("_plcy", "_defaultPolicy"), members: (*Org).policyMembers,
		}, {
			name: "ExternalClientAppSettings", folder: "settings", suffix: "settings", since: 58, ofOrg: true,
			full: func(*Org, *app) string { return "ExternalClientApp" }, members: (*Org).orgAppMembers,
		}, {
			name: "OauthOidcSettings", folder: "settings", suffix: "settings", since: 49, ofOrg: true,
			full: func(*Org, *app) string { return "OauthOidc" }, members: (*Org).oidcMembers,
		},
	}
}

// partName is the full name of a part of an app: made by the form, or by a
// deployment, which names its parts as it likes.
func partName(form, deployed string) func(*Org, *app) string {
	return func(o *Org, a *app) string {
		if o.cfg.metadataNames == "deployed" {
			return a.cfg.apiName + deployed
		}
		return a.cfg.apiName + form
	}
}

// present drops the members without a text.
func present(members ...member) []member {
	var out []member
	for _, m := range members {
		if m.text != "" {
			out = append(out, m)
		}
	}
	return out
}

func flag(name string, on bool, since ...int) member {
	m := member{name: name, text: strconv.FormatBool(on)}
	if len(since) > 0 {
		m.since = since[0]
	}
	return m
}

func (o *Org) applicationMembers(a *app) []member {
	c := a.cfg
	return present(
		member{name: "contactEmail", text: c.email}, member{name: "contactPhone", text: c.phone}, member{name: "description", text: c.description},
		member{name: "distributionState", text: c.distribution}, member{name: "iconUrl", text: c.iconURL}, member{name: "infoUrl", text: c.infoURL},
		flag("isProtected", false), member{name: "label", text: c.name}, member{name: "logoUrl", text: c.logoURL},
		member{name: "orgScopedExternalApp", text: o.orgID + ":" + c.apiName},
	)
}

// oauthMembers: oauthLink has both ids without their last three characters, as in
// the samples.
func (o *Org) oauthMembers(a *app) []member {
	var scopes []string
	for _, s := range a.cfg.scopes {
		scopes = append(scopes, metadataScope(s))
	}
	return present(
		member{name: "commaSeparatedOauthScopes", text: strings.Join(scopes, ", ")}, member{name: "externalClientApplication", text: a.cfg.apiName},
		flag("isFirstPartyAppEnabled", false), member{name: "label", text: a.cfg.apiName + "_oauth"},
		member{name: "oauthLink", text: o.orgID[:15] + ":" + a.consumerID[:15]},
	)
}

// globalMembers: what a certificate looks like when it is read back is not
// confirmed; here it is the PEM text that the type's page speaks of. So is the
// form of a masked secret.
func (o *Org) globalMembers(a *app) []member {
	c, key, secret, certificate := a.cfg, "", "", ""
	if o.cfg.metadataKey {
		key = a.key
	}
	switch o.cfg.metadataSecret {
	case "masked":
		secret = "*****"
	case "clear":
		secret = a.secret
	}
	if used := o.certificateOf(a); used != nil {
		certificate = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: used.Raw}))
	}
	return present(
		member{name: "callbackUrl", text: strings.Join(c.callbacks, "\n")}, member{"certificate", certificate, 60},
		member{name: "consumerKey", text: key}, member{name: "consumerSecret", text: secret}, member{name: "externalClientApplication", text: c.apiName},
		flag("isClientCredentialsFlowEnabled", c.ccFlow, 60), flag("isCodeCredFlowEnabled", c.codeCred, 61),
		flag("isCodeCredPostOnly", c.codeCredPostOnly, 61), flag("isConsumerSecretOptional", !c.webSecret),
		flag("isDeviceFlowEnabled", c.device, 60), flag("isIntrospectAllTokens", c.introspectAll), flag("isNamedUserJwtEnabled", c.namedJWT, 61),
		flag("isPkceRequired", c.pkce), flag("isRefreshTokenRotationEnabled", c.rotation, 60), flag("isSecretRequiredForRefreshToken", c.refreshSecret),
		flag("isSecretRequiredForTokenExchange", c.exchangeSecret, 60), flag("isTokenExchangeEnabled", c.exchange, 60),
		member{name: "label", text: c.apiName + "_glbloauth"}, flag("shouldRotateConsumerKey", false), flag("shouldRotateConsumerSecret", false),
	)
}

func (o *Org) oauthPolicyMembers(a *app) []member {
	c := a.cfg
	runAs, profiles, permitted := "", "", "AllSelfAuthorized"
	if c.ccFlow && c.ccPolicy && c.runAs != "none" {
		runAs = c.runAs
	}
	if c.adminApproved {
		permitted = "AdminApprovedPreAuthorized"
		if c.preauthorized {
			profiles = "Admin, Standard"
		}
	}
	refresh, period, unit := c.refreshPolicy.metadata()
	return present(
		member{"clientCredentialsFlowUser", runAs, 60}, member{name: "commaSeparatedProfile", text: profiles},
		member{name: "externalClientApplication", text: c.apiName},
		member{name: "ipRelaxationPolicyType", text: map[string]string{
			"enforce": "Enforce", "enforce_relax_refresh": "Enforce_RelaxRefresh", "relax_activated": "Bypass_2factor", "relax": "Bypass",
		}[c.ipRelaxation]},
		flag("isClientCredentialsFlowEnabled", c.ccFlow && c.ccPolicy, 60), flag("isGuestCodeCredFlowEnabled", false, 61),
		flag("isTokenExchangeFlowEnabled", c.exchange && c.exchangePolicy, 60), member{name: "label", text: c.apiName + "_oauthPlcy"},
		member{name: "permittedUsersPolicyType", text: permitted}, member{name: "refreshTokenPolicyType", text: refresh},
		member{name: "refreshTokenValidityPeriod", text: period}, member{name: "refreshTokenValidityUnit", text: unit},
		member{name: "sessionTimeoutInMinutes", text: strconv.Itoa(int(c.sessionTimeout.Minutes()))},
	)
}

// metadata is the policy with its period and unit. A whole number of days is days,
// anything else is hours, rounded up; months are not used.
func (p refreshPolicy) metadata() (kind, period, unit string) {
	kind = map[string]string{"": "Infinite", "immediately": "Zero", "unused": "SpecificInactivity", "after": "SpecificLifetime"}[p.kind]
	if kind == "Infinite" || kind == "Zero" {
		return kind, "", ""
	}
	if p.span%(24*time.Hour) == 0 {
		return kind, strconv.Itoa(int(p.span / (24 * time.Hour))), "Days"
	}
	return kind, strconv.Itoa(int(math.Ceil(p.span.Hours()))), "Hours"
}

func (o *Org) policyMembers(a *app) []member {
	return present(
		member{name: "externalClientApplication", text: a.cfg.apiName}, flag("isCanvasPluginEnabled", false, 66), flag("isEnabled", true),
		flag("isMobilePluginEnabled", false), flag("isNotificationPluginEnabled", false), flag("isOauthPluginEnabled", true),
		flag("isPushPluginEnabled", false), flag("isSamlPluginEnabled", false), member{name: "label", text: a.cfg.apiName + "_plcy"},
		member{name: "startPage", text: "None"},
	)
}

func (o *Org) orgAppMembers(*app) []member {
	return []member{
		flag("enableClientSecretInRestApiAccess", false, 62), flag("enableConsumerSecretApiAccess", o.cfg.metadataSecret == "clear"),
		flag("enablePackageEcaOauthFromDevOrg", false, 62),
	}
}

func (o *Org) oidcMembers(*app) []member {
	return []member{
		flag("blockOAuthUnPwFlow", true), flag("blockOAuthUsrAgtFlow", true), flag("isPkceRequired", o.cfg.orgPKCE, 59),
		flag("oAuthCdCrdtFlowEnable", o.cfg.orgCodeCred),
	}
}
