package practice

import (
	"encoding/xml"
	"maps"
	"slices"
	"strings"
	"testing"
)

// component reads one component and gives its members.
func (w *world) component(token, kind, name string) map[string]string {
	w.Helper()
	return w.componentOf("67.0", token, kind, name)
}

func (w *world) componentOf(version, token, kind, name string) map[string]string {
	w.Helper()
	a := w.metadataAt(w.facts.MyDomainURL+"/services/Soap/m/"+version, token, readCall(kind, name))
	if a.StatusCode != 200 || a.Header.Get("Content-Type") != "text/xml;charset=UTF-8" {
		w.Fatalf("%s %s: %d %s", kind, name, a.StatusCode, a.text)
	}
	var answer struct {
		Records []struct {
			Type    string `xml:"http://www.w3.org/2001/XMLSchema-instance type,attr"`
			Nil     string `xml:"http://www.w3.org/2001/XMLSchema-instance nil,attr"`
			Members []struct {
				XMLName xml.Name
				Text    string `xml:",chardata"`
			} `xml:",any"`
		} `xml:"Body>readMetadataResponse>result>records"`
	}
	if err := xml.Unmarshal([]byte(a.text), &answer); err != nil || len(answer.Records) != 1 {
		w.Fatalf("%v: %s", err, a.text)
	}
	record := answer.Records[0]
	if record.Nil == "true" {
		return nil
	}
	members := map[string]string{}
	for _, m := range record.Members {
		if m.XMLName.Space != metadataNamespace || members[m.XMLName.Local] != "" {
			w.Errorf("%v twice, or in another namespace", m.XMLName)
		}
		members[m.XMLName.Local] = m.Text
	}
	if record.Type != kind || members["fullName"] != name {
		w.Errorf("%s %s is a %s named %s", kind, name, record.Type, members["fullName"])
	}
	delete(members, "fullName")
	return members
}

const (
	appName      = "Practice_Integration"
	oauthKind    = "ExtlClntAppOauthSettings"
	globalKind   = "ExtlClntAppGlobalOauthSettings"
	policiesKind = "ExtlClntAppOauthConfigurablePolicies"
)

// The whole of an app as the form makes it, member by member.
func TestMetadataOfTheNeutralApp(t *testing.T) {
	w := start(t, nil)
	token := w.signIn()["access_token"]
	for _, c := range []struct {
		kind, name string
		want       map[string]string
	}{
		{"ExternalClientApplication", appName, map[string]string{
			"contactEmail": "ada@practice.example", "description": "An invented app to practise on.", "distributionState": "Local",
			"isProtected": "false", "label": "Practice Integration", "orgScopedExternalApp": w.facts.OrgID + ":" + appName,
		}},
		{oauthKind, appName + "_oauth", map[string]string{
			"commaSeparatedOauthScopes": "Basic, Api, RefreshToken, OpenID", "externalClientApplication": appName,
			"isFirstPartyAppEnabled": "false", "label": appName + "_oauth", "oauthLink": w.facts.OrgID[:15] + ":" + w.Org.app.consumerID[:15],
		}},
		{globalKind, appName + "_glbloauth", map[string]string{
			"callbackUrl": strings.Join(w.facts.CallbackURLs, "\n"), "consumerKey": w.facts.ConsumerKey, "externalClientApplication": appName,
			"isClientCredentialsFlowEnabled": "false", "isCodeCredFlowEnabled": "false", "isCodeCredPostOnly": "false",
			"isConsumerSecretOptional": "false", "isDeviceFlowEnabled": "false", "isIntrospectAllTokens": "false", "isNamedUserJwtEnabled": "false",
			"isPkceRequired": "true", "isRefreshTokenRotationEnabled": "false", "isSecretRequiredForRefreshToken": "true",
			"isSecretRequiredForTokenExchange": "false", "isTokenExchangeEnabled": "false", "label": appName + "_glbloauth",
			"shouldRotateConsumerKey": "false", "shouldRotateConsumerSecret": "false",
		}},
		{policiesKind, appName + "_oauthPlcy", map[string]string{
			"externalClientApplication": appName, "ipRelaxationPolicyType": "Enforce", "isClientCredentialsFlowEnabled": "false",
			"isGuestCodeCredFlowEnabled": "false", "isTokenExchangeFlowEnabled": "false", "label": appName + "_oauthPlcy",
			"permittedUsersPolicyType": "AllSelfAuthorized", "refreshTokenPolicyType": "Infinite", "sessionTimeoutInMinutes": "120",
		}},
		{"ExtlClntAppConfigurablePolicies", appName + "_plcy", map[string]string{
			"externalClientApplication": appName, "isCanvasPluginEnabled": "false", "isEnabled": "true", "isMobilePluginEnabled": "false",
			"isNotificationPluginEnabled": "false", "isOauthPluginEnabled": "true", "isPushPluginEnabled": "false", "isSamlPluginEnabled": "false",
			"label": appName + "_plcy", "startPage": "None",
		}},
		{"ExternalClientAppSettings", "ExternalClientApp", map[string]string{
			"enableClientSecretInRestApiAccess": "false", "enableConsumerSecretApiAccess": "false", "enablePackageEcaOauthFromDevOrg": "false",
		}},
		{"OauthOidcSettings", "OauthOidc", map[string]string{
			"blockOAuthUnPwFlow": "true", "blockOAuthUsrAgtFlow": "true", "isPkceRequired": "false", "oAuthCdCrdtFlowEnable": "false",
		}},
	} {
		if got := w.component(token, c.kind, c.name); !maps.Equal(got, c.want) {
			t.Errorf("%s:\n got %v\nwant %v", c.kind, got, c.want)
		}
	}
}

// Each setting shows where it is kept, and nowhere else.
func TestMetadataTellsEverySetting(t *testing.T) {
	for _, c := range []struct {
		set, kind, name string
		want            map[string]string // the members that change; an empty text means that it goes
	}{
		{"app_name=Quilia & <Co>", "ExternalClientApplication", appName, map[string]string{"label": "Quilia & <Co>"}},
		{"contact_email=it@acme.example", "ExternalClientApplication", appName, map[string]string{"contactEmail": "it@acme.example"}},
		{"contact_phone=+1 555 0100", "ExternalClientApplication", appName, map[string]string{"contactPhone": "+1 555 0100"}},
		{"info_url=https://acme.example/i", "ExternalClientApplication", appName, map[string]string{"infoUrl": "https://acme.example/i"}},
		{"icon_url=https://acme.example/c.png", "ExternalClientApplication", appName, map[string]string{"iconUrl": "https://acme.example/c.png"}},
		{"logo_url=https://acme.example/l.png", "ExternalClientApplication", appName, map[string]string{"logoUrl": "https://acme.example/l.png"}},
		{"description=", "ExternalClientApplication", appName, map[string]string{"description": ""}},
		{"distribution_state=Packaged", "ExternalClientApplication", appName, map[string]string{"distributionState": "Packaged"}},
		{"scopes=api visualforce sfap_api mcp_api", oauthKind, appName + "_oauth", map[string]string{"commaSeparatedOauthScopes": "Api, CustomApplications, SFApiPlatform, MCP"}},
		{"callbacks=https://a.example/cb?x=1&y=2 http://localhost:9/b", globalKind, appName + "_glbloauth", map[string]string{"callbackUrl": "https://a.example/cb?x=1&y=2\nhttp://localhost:9/b"}},
		{"client_credentials_flow=true", globalKind, appName + "_glbloauth", map[string]string{"isClientCredentialsFlowEnabled": "true"}},
		{"code_and_credentials_flow=true", globalKind, appName + "_glbloauth", map[string]string{"isCodeCredFlowEnabled": "true"}},
		{"code_and_credentials_post_only=true", globalKind, appName + "_glbloauth", map[string]string{"isCodeCredPostOnly": "true"}},
		{"device_flow=true", globalKind, appName + "_glbloauth", map[string]string{"isDeviceFlowEnabled": "true"}},
		{"introspect_all_tokens=true", globalKind, appName + "_glbloauth", map[string]string{"isIntrospectAllTokens": "true"}},
		{"pkce_required=false", globalKind, appName + "_glbloauth", map[string]string{"isPkceRequired": "false"}},
		{"refresh_token_rotation=true", globalKind, appName + "_glbloauth", map[string]string{"isRefreshTokenRotationEnabled": "true"}},
		{"secret_required_for_web_server=false", globalKind, appName + "_glbloauth", map[string]string{"isConsumerSecretOptional": "true"}},
		{"secret_required_for_refresh=false", globalKind, appName + "_glbloauth", map[string]string{"isSecretRequiredForRefreshToken": "false"}},
		{"secret_required_for_token_exchange=true", globalKind, appName + "_glbloauth", map[string]string{"isSecretRequiredForTokenExchange": "true"}},
		{"token_exchange_flow=true", globalKind, appName + "_glbloauth", map[string]string{"isTokenExchangeEnabled": "true"}},
		{"token_exchange_flow=true", policiesKind, appName + "_oauthPlcy", map[string]string{"isTokenExchangeFlowEnabled": "true"}},
		{"client_credentials_flow=true", policiesKind, appName + "_oauthPlcy", map[string]string{"isClientCredentialsFlowEnabled": "true", "clientCredentialsFlowUser": "ada@practice.example"}},
		{"permitted_users=admin_approved", policiesKind, appName + "_oauthPlcy", map[string]string{"permittedUsersPolicyType": "AdminApprovedPreAuthorized"}},
		{"ip_relaxation=enforce_relax_refresh", policiesKind, appName + "_oauthPlcy", map[string]string{"ipRelaxationPolicyType": "Enforce_RelaxRefresh"}},
		{"ip_relaxation=relax_activated", policiesKind, appName + "_oauthPlcy", map[string]string{"ipRelaxationPolicyType": "Bypass_2factor"}},
		{"ip_relaxation=relax", policiesKind, appName + "_oauthPlcy", map[string]string{"ipRelaxationPolicyType": "Bypass"}},
		{"refresh_token_policy=immediately_expire", policiesKind, appName + "_oauthPlcy", map[string]string{"refreshTokenPolicyType": "Zero"}},
		{"refresh_token_policy=unused:30d", policiesKind, appName + "_oauthPlcy", map[string]string{"refreshTokenPolicyType": "SpecificInactivity", "refreshTokenValidityPeriod": "30", "refreshTokenValidityUnit": "Days"}},
		{"refresh_token_policy=after:60h", policiesKind, appName + "_oauthPlcy", map[string]string{"refreshTokenPolicyType": "SpecificLifetime", "refreshTokenValidityPeriod": "60", "refreshTokenValidityUnit": "Hours"}},
		{"session_timeout=15m", policiesKind, appName + "_oauthPlcy", map[string]string{"sessionTimeoutInMinutes": "15"}},
		{"org_pkce_required=true", "OauthOidcSettings", "OauthOidc", map[string]string{"isPkceRequired": "true"}},
		{"org_code_and_credentials_flow=true", "OauthOidcSettings", "OauthOidc", map[string]string{"oAuthCdCrdtFlowEnable": "true"}},
		{"metadata_consumer_key=false", globalKind, appName + "_glbloauth", map[string]string{"consumerKey": ""}},
		{"metadata_consumer_secret=masked", globalKind, appName + "_glbloauth", map[string]string{"consumerSecret": "*****"}},
		{"metadata_consumer_secret=clear", globalKind, appName + "_glbloauth", map[string]string{"consumerSecret": "{secret}"}},
	} {
		t.Run(c.set+" in "+c.kind, func(t *testing.T) {
			w := start(t, nil)
			token := w.Org.IssueAccessToken()
			was := w.component(token, c.kind, c.name)
			setting, value, _ := strings.Cut(c.set, "=")
			if err := w.Org.Set(setting, value); err != nil {
				t.Fatal(err)
			}
			want := maps.Clone(was)
			for member, text := range c.want {
				want[member] = strings.ReplaceAll(text, "{secret}", w.facts.ConsumerSecret)
				if text == "" {
					delete(want, member)
				}
			}
			if got := w.component(token, c.kind, c.name); !maps.Equal(got, want) || maps.Equal(was, want) {
				t.Errorf("\n got %v\nwant %v\n was %v", got, want, was)
			}
		})
	}
}

// The format of tokens is read with one that was made before.
func TestMetadataOfNamedUserJWT(t *testing.T) {
	w := start(t, nil)
	token := w.Org.IssueAccessToken() // opaque: a JWT would not be let in
	if err := w.Org.Set("named_user_jwt", "true"); err != nil {
		t.Fatal(err)
	}
	if got := w.component(token, globalKind, appName+"_glbloauth")["isNamedUserJwtEnabled"]; got != "true" {
		t.Error(got)
	}
}

func TestMetadataTellsTheCertificate(t *testing.T) {
	w := start(t, nil)
	token := w.Org.IssueAccessToken()
	for _, set := range [][2]string{{"jwt_bearer_flow", "true"}, {"certificate", "none"}} {
		before := w.component(token, globalKind, appName+"_glbloauth")["certificate"]
		if err := w.Org.Set(set[0], set[1]); err != nil {
			t.Fatal(err)
		}
		after := w.component(token, globalKind, appName+"_glbloauth")["certificate"]
		if set[1] == "true" && (before != "" || !strings.HasPrefix(after, "-----BEGIN CERTIFICATE-----\n")) || set[1] == "none" && after != "" {
			t.Errorf("%v: %q, then %q", set, before, after)
		}
	}
}

func TestMetadataOfAdminApprovedUsersNamesTheirProfiles(t *testing.T) {
	w := start(t, map[string]string{"permitted_users": "admin_approved", "user_preauthorized": "true"})
	if got := w.component(w.Org.IssueAccessToken(), policiesKind, appName+"_oauthPlcy")["commaSeparatedProfile"]; got != "Admin, Standard" {
		t.Error(got)
	}
}

// Callback lines are told with plain line breaks, not with references to them.
func TestMetadataKeepsLineBreaks(t *testing.T) {
	w := start(t, map[string]string{"callbacks": "https://a.example/x?y&z https://b.example/<>"})
	a := w.metadata(w.Org.IssueAccessToken(), readCall(globalKind, appName+"_glbloauth"))
	if !strings.Contains(a.text, "<callbackUrl>https://a.example/x?y&amp;z\nhttps://b.example/&lt;&gt;</callbackUrl>") {
		t.Error(a.text)
	}
}

// A component says what its version knew.
func TestMetadataVersions(t *testing.T) {
	w := start(t, map[string]string{"jwt_bearer_flow": "true"})
	token := w.Org.IssueAccessToken()
	lacks := func(version string, members ...string) {
		t.Helper()
		old := w.componentOf(version, token, globalKind, appName+"_glbloauth")
		for _, m := range members {
			if _, there := old[m]; there {
				t.Errorf("version %s has %s", version, m)
			}
		}
	}
	lacks("59.0", "certificate", "isClientCredentialsFlowEnabled", "isCodeCredFlowEnabled", "isDeviceFlowEnabled", "isNamedUserJwtEnabled", "isTokenExchangeEnabled")
	lacks("60.0", "isCodeCredFlowEnabled", "isNamedUserJwtEnabled")
	if a := w.metadataAt(w.facts.MyDomainURL+"/services/Soap/m/58.0", token, readCall("ExternalClientApplication", appName)); !strings.Contains(a.text, "sf:INVALID_TYPE") {
		t.Error(a.text)
	}
}

// Two apps are in the org; only one has the client's key.
func TestListMetadata(t *testing.T) {
	for names, want := range map[string][]string{
		"form": {
			"Another_Integration", appName, "Another_Integration_oauth", appName + "_oauth", "Another_Integration_glbloauth", appName + "_glbloauth",
			"Another_Integration_oauthPlcy", appName + "_oauthPlcy", "Another_Integration_plcy", appName + "_plcy",
		},
		"deployed": {
			"Another_Integration", appName, "Another_IntegrationOAuthSettings", appName + "OAuthSettings", "Another_IntegrationGlblOAuth", appName + "GlblOAuth",
			"Another_IntegrationOAuthSettings_defaultPolicy", appName + "OAuthSettings_defaultPolicy", "Another_Integration_defaultPolicy", appName + "_defaultPolicy",
		},
	} {
		w := start(t, map[string]string{"metadata_names": names})
		token := w.Org.IssueAccessToken()
		var got []string
		for _, types := range [][]string{{"ExternalClientApplication", oauthKind, globalKind}, {policiesKind, "ExtlClntAppConfigurablePolicies"}} {
			call := "<listMetadata>"
			for _, kind := range types {
				call += "<queries><type>" + kind + "</type></queries>"
			}
			a := w.metadata(token, call+"<asOfVersion>67.0</asOfVersion></listMetadata>")
			var answer struct {
				Results []struct {
					FullName string `xml:"fullName"`
					FileName string `xml:"fileName"`
					Type     string `xml:"type"`
					ID       string `xml:"id"`
				} `xml:"Body>listMetadataResponse>result"`
			}
			if err := xml.Unmarshal([]byte(a.text), &answer); err != nil || a.StatusCode != 200 {
				t.Fatal(err, a.text)
			}
			for _, r := range answer.Results {
				got = append(got, r.FullName)
				if !slices.Contains(types, r.Type) || !strings.Contains(r.FileName, "/"+r.FullName+".eca") || r.Type == types[0] && types[0] != policiesKind && !strings.HasPrefix(r.ID, "0xI") {
					t.Errorf("%+v", r)
				}
			}
			for _, r := range answer.Results {
				if members := w.component(token, r.Type, r.FullName); members == nil {
					t.Errorf("%s %s is listed, not found", r.Type, r.FullName)
				}
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n got %v\nwant %v", names, got, want)
		}
		suffix := map[string]string{"form": "_glbloauth", "deployed": "GlblOAuth"}[names]
		other := w.component(token, globalKind, "Another_Integration"+suffix)
		if other["consumerKey"] == w.facts.ConsumerKey || len(other["consumerKey"]) != len(w.facts.ConsumerKey) {
			t.Error("the second app has no key of its own")
		}
	}
}

func TestEveryScopeHasAMetadataName(t *testing.T) {
	seen := map[string]string{}
	for _, s := range knownScopes() {
		name := metadataScope(s)
		if name == s || seen[name] != "" {
			t.Errorf("%s is %s, as is %q", s, name, seen[name])
		}
		seen[name] = s
	}
}
