package salesforce

import (
	"net"
	"net/url"
	"strings"
)

// SetupPage is a page of Setup. Its value is what follows /lightning/setup/ in
// the page's address, as public guides and tools give it.
type SetupPage string

// The pages that sfconnect sends people to.
const (
	PageAppManager         SetupPage = "NavigationMenus/home"
	PageExternalClientApps SetupPage = "ManageExternalClientApplication/home"
	PageClientAppSettings  SetupPage = "ExternalClientApplicationSettings/home"
	PageOAuthSettings      SetupPage = "OauthOidcSettings/home"
	PageConnectedAppsUsage SetupPage = "ConnectedAppsUsage/home"
	PageSessionSettings    SetupPage = "SecuritySession/home"
	PageLoginHistory       SetupPage = "OrgLoginHistory/home"
	PageUsers              SetupPage = "ManageUsers/home"
	PagePermissionSets     SetupPage = "PermSets/home"
	PageProfiles           SetupPage = "EnhancedProfiles/home"
	PageCompany            SetupPage = "CompanyProfileInfo/home"
	PageMyDomain           SetupPage = "OrgDomain/home"
	PageNetworkAccess      SetupPage = "NetworkAccess/home"
	PageVerification       SetupPage = "IdentityVerification/home"
)

// SetupPageOf gives the page that a recipe calls by that id; "" for an unknown one.
func SetupPageOf(id string) SetupPage {
	switch id {
	case "app_manager":
		return PageAppManager
	case "external_client_apps":
		return PageExternalClientApps
	case "external_client_app_settings":
		return PageClientAppSettings
	case "oauth_oidc_settings":
		return PageOAuthSettings
	case "connected_apps_usage":
		return PageConnectedAppsUsage
	case "session_settings":
		return PageSessionSettings
	case "login_history":
		return PageLoginHistory
	case "users":
		return PageUsers
	case "permission_sets":
		return PagePermissionSets
	case "profiles":
		return PageProfiles
	case "network_access":
		return PageNetworkAccess
	case "identity_verification":
		return PageVerification
	case "my_domain":
		return PageMyDomain
	}
	return ""
}

// Path names the page as a person finds it: "Setup › External Client App
// Manager". The zero value gives "Setup".
func (p SetupPage) Path() string {
	node, _, _ := strings.Cut(string(p), "/")
	title := ""
	switch node {
	case "NavigationMenus":
		title = "App Manager"
	case "ManageExternalClientApplication":
		title = "External Client App Manager"
	case "ExternalClientApplicationSettings":
		title = "External Client App Settings"
	case "OauthOidcSettings":
		title = "OAuth and OpenID Connect Settings"
	case "ConnectedAppsUsage":
		title = "Connected Apps OAuth Usage"
	case "SecuritySession":
		title = "Session Settings"
	case "OrgLoginHistory":
		title = "Login History"
	case "ManageUsers":
		title = "Users"
	case "PermSets":
		title = "Permission Sets"
	case "EnhancedProfiles":
		title = "Profiles"
	case "CompanyProfileInfo":
		title = "Company Information"
	case "OrgDomain":
		title = "My Domain"
	case "NetworkAccess":
		title = "Network Access"
	case "IdentityVerification":
		title = "Identity Verification"
	default:
		return "Setup"
	}
	return "Setup › " + title
}

// SetupURL is the address of p in the org that l belongs to: on the Lightning
// host of a My Domain, on the same origin for a loopback org. It is "" where
// the org cannot be told from the host.
func (l LoginURL) SetupURL(p SetupPage) string { return SetupURLFor(l.String(), p) }

// SetupURLFor is SetupURL for an org known by its instance URL.
func SetupURLFor(instanceURL string, p SetupPage) string {
	u, err := url.Parse(instanceURL)
	if err != nil || u.User != nil || p == "" {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if Loopback(host) {
		return u.Scheme + "://" + strings.ToLower(u.Host) + "/lightning/setup/" + string(p)
	}
	name, f, _, ok := splitFamily(host)
	if !ok || !plainHost(host) || u.Scheme != "https" {
		return ""
	}
	if first, second, two := strings.Cut(name, "."); two && instanceName(second) {
		name = first // acme--uat.cs12.my…: the Lightning host never had the instance in it
	}
	return "https://" + name + f.lightning + "/lightning/setup/" + string(p)
}

// hostPort joins a host, in brackets where it is an IPv6 address, and a port.
func hostPort(host, port string) string {
	if port != "" {
		return net.JoinHostPort(host, port)
	}
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}
