package connection

import (
	"context"
	"sync"
	"time"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/oauthflow"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// checkGrant refuses a token answer whose addresses or signature are not the org's own.
func checkGrant(login salesforce.LoginURL, consumerSecret secret.Value, grant oauthflow.Grant) (salesforce.IdentityURL, string, error) {
	instance, err := login.CheckInstanceURL(grant.InstanceURL)
	if err != nil {
		return salesforce.IdentityURL{}, "", err
	}
	identity, err := login.ParseIdentityURL(grant.IdentityURL)
	if err != nil {
		return salesforce.IdentityURL{}, "", err
	}
	if !consumerSecret.Empty() && grant.Signature != "" && !grant.SignatureValid(consumerSecret) {
		return salesforce.IdentityURL{}, "", fault.New(fault.SignatureMismatch, "token",
			"The answer's signature does not fit the Consumer Secret, so it may not be Salesforce's. It is not used.",
			"Check that the Consumer Secret is the app's current one and that no proxy changes the traffic, then try again.")
	}
	return identity, instance, nil
}

// lookAround fills in who and where, and asks once how long the access token
// lives, all at once where the API's versions are known. What cannot be had becomes a
// warning: the grant itself is good.
func (m *Machine) lookAround(ctx context.Context, r LoginRequest, p *store.Profile, grant oauthflow.Grant) (expiry time.Time, warnings []string) {
	var who salesforce.Identity
	var whoErr, orgErr error
	var org salesforce.Organization
	var wg sync.WaitGroup
	wg.Go(func() { who, whoErr = m.org().Identity(ctx, p.IdentityURL, grant.AccessToken) })
	wg.Go(func() {
		app := oauthflow.App{LoginURL: p.LoginURL, ConsumerKey: p.ConsumerKey, ConsumerSecret: r.ConsumerSecret}
		expiry = m.expiry(ctx, r.Login, app, grant.AccessToken)
	})
	if MayCallAPI(grant.Scopes) {
		wg.Go(func() { org, orgErr = m.organization(ctx, r, p.Org.InstanceURL, grant.AccessToken) })
	}
	wg.Wait()
	if whoErr != nil {
		warnings = append(warnings, "The user's name could not be read: "+m.refusal(whoErr, r.Login).Message)
	} else {
		p.User.Username, p.User.DisplayName = who.Username, who.DisplayName
	}
	if orgErr != nil {
		warnings = append(warnings, "The org's name could not be read: "+m.refusal(orgErr, r.Login).Message)
	} else if org.Name != "" {
		p.Org.Name, p.Org.IsSandbox = org.Name, org.IsSandbox
	}
	return expiry, warnings
}

// askVersions asks for the API's versions beside the token request, where the login host
// may be the instance too: the list needs no token, and the org's name needs the list.
// stop ends the question.
func (m *Machine) askVersions(ctx context.Context, r *LoginRequest) (stop func()) {
	if !r.Login.OwnHost() {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	origin := r.Login.String()
	var list []salesforce.Version
	var err error
	var asked sync.WaitGroup
	asked.Go(func() { list, err = m.org().Versions(ctx, origin) })
	r.versions = func() ([]salesforce.Version, error) { asked.Wait(); return list, err }
	return func() { cancel(); asked.Wait() }
}

func (m *Machine) organization(ctx context.Context, r LoginRequest, instance string, token secret.Value) (salesforce.Organization, error) {
	ask := r.versions
	if ask == nil || instance != r.Login.String() {
		ask = func() ([]salesforce.Version, error) { return m.org().Versions(ctx, instance) }
	}
	versions, err := ask()
	if err != nil {
		return salesforce.Organization{}, err
	}
	return m.org().Organization(ctx, instance, versions[len(versions)-1].Version, token)
}

// expiry asks introspection; the zero time means that it could not be told.
// Salesforce's token answers carry no lifetime.
func (m *Machine) expiry(ctx context.Context, login salesforce.LoginURL, app oauthflow.App, token secret.Value) time.Time {
	bounded, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	answer, err := m.flow(login).Introspect(bounded, app, token, oauthflow.HintAccessToken)
	if err != nil || !answer.Active {
		return time.Time{}
	}
	return answer.Expires
}
