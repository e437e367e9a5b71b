package guide

import (
	"example.com/sfconnect/internal/salesforce"
)

// followUp lists what may go wrong: the recipe's signs first, then what the one
// error table says of the flow.
func (w *writer) followUp() Section {
	var signs []Fact
	for _, c := range w.r.Checks {
		signs = append(signs, w.sign(said(c.Sign), said(c.Do), salesforce.SetupPageOf(c.Page)))
	}
	for _, known := range w.knownErrors() {
		name := words(code(known.code))
		if known.description != "" {
			name = append(name, words(" ", code(known.description))...)
		}
		if known.code == "redirect_uri_mismatch" {
			signs = append(signs, w.sign(name, words("The app does not have the callback line that "+w.within()+" uses. Compare letter by letter what "+w.within()+
				" shows with Callback URL on the app's Settings tab: scheme, host, port, path, and a slash at the end. A change takes up to 10 minutes."), salesforce.PageExternalClientApps))
			continue
		}
		if e, ok := salesforce.Lookup(known.surface, known.code, known.description); ok {
			signs = append(signs, w.sign(name, words(e.Message()+" ", e.Fix), e.Page))
		}
	}
	return Section{ID: "signs", Title: "If something does not work", Blocks: []Block{
		{Signs: signs},
		{Para: words("Every sign-in, refused ones included, stands in ", link("Setup › Login History", w.o.Login.SetupURL(salesforce.PageLoginHistory)), ". Other errors: ", code("sfconnect explain CODE"), ".")},
	}}
}

// sign is something that may be seen, and what to do about it on which page.
func (w *writer) sign(name, do Text, p salesforce.SetupPage) Fact {
	if path, url := w.page(p); path != "" {
		do = append(do, words(" ", link(path, url), ".")...)
	}
	return Fact{name, do}
}

type knownError struct {
	surface           salesforce.Surface
	code, description string
}

// knownErrors are the commonest errors of a flow.
func (w *writer) knownErrors() []knownError {
	list := []knownError{{salesforce.SurfaceToken, "invalid_client_id", ""}}
	switch w.flow {
	case "client-credentials":
		list = append(list,
			knownError{salesforce.SurfaceToken, "invalid_client", "invalid client credentials"},
			knownError{salesforce.SurfaceToken, "invalid_grant", "no client credentials user enabled"},
			knownError{salesforce.SurfaceToken, "invalid_grant", "request not supported on this domain"})
	case "jwt-bearer":
		list = append(list,
			knownError{salesforce.SurfaceJWT, "invalid_grant", "user hasn't approved this consumer"},
			knownError{salesforce.SurfaceJWT, "invalid_grant", "audience is invalid"},
			knownError{salesforce.SurfaceJWT, "invalid_grant", "invalid assertion"})
	default:
		if !w.r.Authorize.Public {
			list = append(list, knownError{salesforce.SurfaceToken, "invalid_client", "invalid client credentials"})
		}
		list = append(list,
			knownError{salesforce.SurfaceAuthorize, "redirect_uri_mismatch", ""},
			knownError{salesforce.SurfaceAuthorize, "OAUTH_APP_ACCESS_DENIED", ""},
			knownError{salesforce.SurfaceAuthorize, "OAUTH_AUTHORIZATION_BLOCKED", ""})
	}
	return append(list, knownError{salesforce.SurfaceToken, "invalid_grant", "ip restricted"})
}
