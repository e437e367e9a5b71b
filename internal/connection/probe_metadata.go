package connection

import (
	"context"
	"errors"
	"slices"
	"sync"

	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
)

// The types that describe an External Client App (Metadata API guide).
const (
	typeApp      = "ExternalClientApplication"
	typeOAuth    = "ExtlClntAppOauthSettings"
	typeGlobal   = "ExtlClntAppGlobalOauthSettings"
	typePolicies = "ExtlClntAppOauthConfigurablePolicies"
	typeOrg      = "OauthOidcSettings"
)

// AppMetadata is what an org's metadata tells of one app. A part without Fields was
// not told; its error, if any, is in Errs.
type AppMetadata struct {
	App, OAuth, Global, Policies salesforce.Component
	Org                          salesforce.Component // OAuth and OpenID Connect Settings, for every app
	Errs                         map[string]error     // by the part's type
}

// Err is why a part could not be read, nil where it was.
func (a AppMetadata) Err(part salesforce.Component) error {
	if part.Fields != nil {
		return nil
	}
	if err := a.Errs[part.Type]; err != nil {
		return err
	}
	return ErrNotTold
}

// What ReadApp could not find.
var (
	ErrNoSuchApp = errors.New("no app with this Consumer Key is among the org's External Client Apps")
	ErrKeyHidden = errors.New("the org's metadata does not tell the Consumer Keys to this user")
	ErrNotTold   = errors.New("the org's metadata has no such part of the app")
)

// mostAtOnce is how many reads run side by side, in an org with very many apps.
const mostAtOnce = 6

// ReadApp reads what the org's metadata tells of the app with that Consumer Key: one
// round that lists the apps' parts, and one that reads them all, since the key is
// inside. Nothing is written. An error means that the app was not found or nothing
// could be read: ErrNoSuchApp, ErrKeyHidden, or that of a call.
func (m *Machine) ReadApp(ctx context.Context, instance, consumerKey string, token secret.Value) (AppMetadata, error) {
	r := &appReader{m: m, ctx: ctx, instance: instance, token: token, parts: map[string][]salesforce.Component{}, errs: map[string]error{}}
	names := r.list()
	if err := r.errs[typeGlobal]; err != nil {
		return AppMetadata{}, err
	}
	r.read(names)
	if len(r.parts[typeGlobal]) == 0 && r.errs[typeGlobal] != nil {
		return AppMetadata{}, r.errs[typeGlobal]
	}
	out := AppMetadata{Errs: r.errs, Org: r.org()}
	globals := r.parts[typeGlobal]
	i := slices.IndexFunc(globals, func(c salesforce.Component) bool { return c.Fields["consumerKey"] == consumerKey })
	switch {
	case i >= 0:
	case len(names[typeGlobal]) > 0 && !slices.ContainsFunc(globals, func(c salesforce.Component) bool { return c.Fields["consumerKey"] != "" }):
		return out, ErrKeyHidden
	default:
		return out, ErrNoSuchApp
	}
	out.Global = globals[i]
	app := out.Global.Fields["externalClientApplication"]
	out.App = r.part(typeApp, func(c salesforce.Component) bool { return c.FullName == app })
	out.OAuth = r.part(typeOAuth, func(c salesforce.Component) bool { return c.Fields["externalClientApplication"] == app })
	out.Policies = r.part(typePolicies, func(c salesforce.Component) bool { return c.Fields["externalClientApplication"] == app })
	return out, nil
}

// appReader makes the calls of ReadApp, those of a round side by side.
type appReader struct {
	m        *Machine
	ctx      context.Context
	instance string
	token    secret.Value

	mu    sync.Mutex
	parts map[string][]salesforce.Component // by type
	errs  map[string]error
}

// list names the parts of every app, by type.
func (r *appReader) list() map[string][]string {
	names := map[string][]string{}
	var wait sync.WaitGroup
	ask := func(types ...string) {
		wait.Go(func() {
			found, err := r.m.org().ListMetadata(r.ctx, r.instance, r.token, types...)
			r.mu.Lock()
			defer r.mu.Unlock()
			for _, t := range types {
				if err != nil {
					r.errs[t] = err
				}
			}
			for _, c := range found {
				names[c.Type] = append(names[c.Type], c.FullName)
			}
		})
	}
	ask(typeGlobal, typeApp, typeOAuth)
	ask(typePolicies) // who may not see the policies may see the rest
	wait.Go(func() { r.readSome(typeOrg, "OauthOidc") })
	wait.Wait()
	return names
}

// read reads every part that was named.
func (r *appReader) read(names map[string][]string) {
	var wait sync.WaitGroup
	turn := make(chan struct{}, mostAtOnce)
	for t, all := range names {
		for some := range slices.Chunk(all, salesforce.MostNames) {
			wait.Go(func() {
				turn <- struct{}{}
				defer func() { <-turn }()
				r.readSome(t, some...)
			})
		}
	}
	wait.Wait()
}

func (r *appReader) readSome(t string, names ...string) {
	found, err := r.m.org().ReadMetadata(r.ctx, r.instance, r.token, t, names...)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.parts[t] = append(r.parts[t], found...)
	if err != nil {
		r.errs[t] = err
	}
}

func (r *appReader) part(t string, ours func(salesforce.Component) bool) salesforce.Component {
	if i := slices.IndexFunc(r.parts[t], ours); i >= 0 {
		return r.parts[t][i]
	}
	return salesforce.Component{Type: t}
}

func (r *appReader) org() salesforce.Component {
	return r.part(typeOrg, func(salesforce.Component) bool { return true })
}
