package connection

import (
	"context"
	"fmt"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/oauthflow"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// Flow is a way to authorize.
type Flow string

// The flows, in the order in which help shows them.
const (
	FlowWeb               Flow = "web"                // the browser comes back to this computer
	FlowPaste             Flow = "paste"              // a person brings the address that the browser landed on
	FlowClientCredentials Flow = "client-credentials" // as the app's Run As user, without a person
	FlowJWTBearer         Flow = "jwt-bearer"         // as a named user, with a signed assertion
	FlowRefreshToken      Flow = "refresh-token"      // a refresh token that another tool obtained
)

// Flows lists every flow.
func Flows() []Flow {
	return []Flow{FlowWeb, FlowPaste, FlowClientCredentials, FlowJWTBearer, FlowRefreshToken}
}

// Browser reports whether a person signs in with a browser.
func (f Flow) Browser() bool { return f == FlowWeb || f == FlowPaste }

// NeedsNobody reports whether a new token can be had at any time without a person
// or a refresh token.
func (f Flow) NeedsNobody() bool { return f == FlowClientCredentials || f == FlowJWTBearer }

// surface is where the errors of the flow's token request are explained.
func (f Flow) surface() salesforce.Surface {
	if f == FlowJWTBearer {
		return salesforce.SurfaceJWT
	}
	return salesforce.SurfaceToken
}

// otherUser says how a sign-in is made as somebody else.
func (f Flow) otherUser(whom string) string {
	switch f {
	case FlowClientCredentials:
		return "For " + whom + ": use the login URL of that org, and set Run As on the app's Policies tab."
	case FlowJWTBearer:
		return "For " + whom + ": name the user with --username, and use the login URL of that org."
	case FlowRefreshToken:
		return "For " + whom + ": give a refresh token that was obtained there."
	}
	return "For " + whom + ": sign out of Salesforce in the browser, or use --prompt login, and sign in again."
}

// Renewable reports whether a new access token can be had for a profile.
func Renewable(p store.Profile) bool { return p.HasRefreshToken || Flow(p.Flow).NeedsNobody() }

// CheckHost refuses a flow that cannot work at a host, before anything is sent:
// client credentials are answered by the org's own host alone.
func CheckHost(f Flow, login salesforce.LoginURL) error {
	if f != FlowClientCredentials || login.OwnHost() {
		return nil
	}
	return fault.New(fault.NotMyDomain, "input",
		fmt.Sprintf("Nothing was sent: the client credentials flow works at an org's own My Domain, and %s is none.", login.Host()),
		"Use the address that Setup › My Domain shows as Current My Domain URL, such as https://acme.my.salesforce.com.")
}

// credentials are what a flow presents for a new token.
type credentials struct {
	flow    Flow
	app     oauthflow.App
	refresh secret.Value        // of a flow that has one
	jwt     oauthflow.Assertion // of FlowJWTBearer
}

// ask makes the one token request of a flow that needs no browser.
func (m *Machine) ask(ctx context.Context, login salesforce.LoginURL, c credentials) (oauthflow.Grant, error) {
	switch flow := m.flow(login); c.flow {
	case FlowClientCredentials:
		grant, err := flow.ClientCredentials(ctx, c.app)
		grant.RefreshToken = secret.Value{} // none is foreseen in this flow
		return grant, err
	case FlowJWTBearer:
		grant, err := flow.JWTBearer(ctx, c.app, c.jwt)
		grant.RefreshToken = secret.Value{}
		return grant, err
	default:
		return flow.Refresh(ctx, c.app, c.refresh)
	}
}

// assertion is what the JWT bearer flow says of a user.
func assertion(j store.JWT, key secret.Value) oauthflow.Assertion {
	return oauthflow.Assertion{Username: j.Username, Audience: j.Audience, PrivateKey: key}
}

// grantable leaves out of the wanted scopes what a flow never grants, so that
// nobody is told to mend it: flows without a person get no refresh token.
func (f Flow) grantable(wanted []string) []string {
	if !f.NeedsNobody() {
		return wanted
	}
	var out []string
	for _, scope := range wanted {
		if scope != "refresh_token" && scope != "offline_access" {
			out = append(out, scope)
		}
	}
	return out
}

// SuccessPage is Salesforce's own page for callbacks that nobody serves, which
// keeps the code in the address bar.
func SuccessPage(login salesforce.LoginURL) string {
	host := "https://login.salesforce.com"
	switch kind := login.Environment(); {
	case login.Kind() == salesforce.KindLoopback:
		host = login.String()
	case kind == "sandbox" || kind == "scratch org":
		host = "https://test.salesforce.com"
	}
	return host + "/services/oauth2/success"
}

// NewKey makes a private key of the JWT bearer flow, and its certificate in PEM,
// which is valid for so many days. bits 0 is the usual size.
func (m *Machine) NewKey(name string, days, bits int) (oauthflow.Key, []byte, error) {
	return oauthflow.NewKey(m.Rand, m.Now(), name, days, bits)
}
