package guide

import (
	"slices"
	"strings"

	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
)

// fields are the hand-over fields that this guide's flow has.
func (w *writer) fields() []recipe.Field {
	return slices.DeleteFunc(slices.Clone(w.r.Handover), func(f recipe.Field) bool {
		names, _ := recipe.Names(f.Value)
		return !recipe.Holds(f.When, w.answers) && !w.undecided(f.When) || slices.ContainsFunc(names, func(name string) bool {
			switch name {
			case "consumer_secret":
				return w.r.Authorize.Public
			case "private_key", "private_key_base64", "certificate":
				return w.flow != "jwt-bearer"
			}
			return false
		})
	})
}

// undecided reports whether a condition hangs on an input that nobody has answered.
// The flow is decided: a guide is of one.
func (w *writer) undecided(when string) bool {
	name, _, conditional := strings.Cut(when, "=")
	_, given := w.o.Answers[name]
	return conditional && !given && w.raw.Authorize.Flow != "${"+name+"}"
}

func (w *writer) handoverLabels() []Text {
	var labels []Text
	var seen []string
	for _, f := range w.fields() {
		if !slices.Contains(seen, f.Label) { // one of two, by an answer
			seen, labels = append(seen, f.Label), append(labels, said(f.Label))
		}
	}
	return labels
}

func (w *writer) handover() Section {
	s := Section{ID: "hand-over", Title: "Enter the values in " + w.within(), Number: step, Path: said(w.r.HandoverAt).Plain()}
	if do := saidEach(w.r.HandoverDo); len(do) > 0 {
		s.Blocks = append(s.Blocks, Block{Do: do})
	}
	fields := w.fields()
	if len(fields) == 0 {
		return s
	}
	t := &Table{Head: []string{"Field", "Value", "Exactly"}}
	for _, f := range fields {
		v := value(f.Value)
		t.Rows = append(t.Rows, []Text{said(f.Label), v, w.exactly(f)})
		whole, _ := v.Whole()
		t.Copy = append(t.Copy, whole)
	}
	s.Blocks = append(s.Blocks, Block{Table: t})
	if w.flow == "web" {
		s.Blocks = append(s.Blocks, Block{Para: words("Now "+w.within()+" sends somebody to Salesforce to sign in, at once or when it is first used. Use the org and the user that the integration is meant for, and click ", strong("Allow"), ".")})
	}
	if w.handsOver("refresh_token") {
		s.Blocks = append(s.Blocks, Block{Remark: &Remark{Caution: true, Text: words("A refresh token has one owner. Where the app rotates refresh tokens, each use gives a new one and ends the former: two programs with the same token stop each other. " +
			"After the hand-over let " + w.within() + " alone use it.")}})
	}
	return s
}

// exactly says where a value goes and in which form.
func (w *writer) exactly(f recipe.Field) Text {
	var parts []Text
	if w.undecided(f.When) {
		name, wanted, _ := strings.Cut(f.When, "=")
		parts = append(parts, words("only where ", Text{{Words: name, Gap: true}}, " is "+strings.ReplaceAll(wanted, "|", " or ")))
	}
	if f.Where != "" {
		parts = append(parts, said(f.Where))
	}
	names, _ := recipe.Names(f.Value)
	for _, n := range names {
		about := form(n)
		if len(about) == 0 || strings.Contains(f.Where, "https://") { // the vendor's own words tell the form
			continue
		}
		if len(names) > 1 {
			about = words(gapName(n)+": ", about)
		}
		parts = append(parts, about)
	}
	if f.Usual != "" {
		parts = append(parts, words("usually ", value(f.Usual)))
	}
	if f.Secret {
		parts = append(parts, words("a secret"))
	}
	var t Text
	for i, p := range parts {
		if i > 0 {
			t = append(t, words("; ")...)
		}
		t = append(t, p...)
	}
	return t
}

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

func (w *writer) cleanup() Section {
	s := Section{ID: "clean-up", Title: "Clean up"}
	if do := saidEach(w.r.Cleanup); len(do) > 0 {
		s.Number, s.Blocks = step, []Block{{Do: do}}
	}
	return s
}

func (w *writer) safety() Section {
	s := Section{ID: "safety", Title: "Keep it safe"}
	list := saidEach(w.r.Notes)
	list = append(list, words("To end the connection at once: ", strong("Setup › Connected Apps OAuth Usage"), ", or delete the app in ", strong("Setup › External Client App Manager"), "."))
	s.Blocks = []Block{{List: list}}
	return s
}

func (w *writer) about() Section {
	s := Section{ID: "about", Title: "About this guide"}
	src := w.r.Source
	if src.URL != "" || src.Date != "" {
		s.Blocks = append(s.Blocks, Block{Para: words("The values come from ", w.source(src.URL, src.Date), ".")})
	}
	var more []Text
	for _, m := range src.More {
		t := w.source(m.URL, m.Date)
		if m.For != "" {
			t = append(t, words(": ", said(m.For))...)
		}
		more = append(more, t)
	}
	if len(more) > 0 {
		s.Blocks = append(s.Blocks, Block{Para: words("Read there as well:")}, Block{List: more})
	}
	switch src.Kind {
	case "connected_app":
		s.Blocks = append(s.Blocks, Block{Para: words("The source speaks of a connected app; this guide says the same in the terms of an External Client App.")})
	case "external_client_app":
		s.Blocks = append(s.Blocks, Block{Para: words("The source speaks of an External Client App, as this guide does.")})
	}
	if len(src.Unsaid) > 0 {
		s.Blocks = append(s.Blocks, Block{Para: words("The source does not say:")}, Block{List: saidEach(src.Unsaid)})
	}
	s.Blocks = append(s.Blocks, Block{Para: words("Written by ", code("sfconnect recipe guide"), " from the recipe ", code(w.all.ID), ". Salesforce's screens differ a little between orgs and releases; the names in them count. Salesforce is a trademark of Salesforce, Inc., which has nothing to do with this guide.")})
	return s
}

// source names an address, and when it was read.
func (w *writer) source(address, date string) Text {
	var t Text
	if strings.HasPrefix(address, "https://") {
		t = link(address, address)
	} else {
		t = said(address)
	}
	switch {
	case len(t) == 0 && date == "":
		return nil
	case len(t) == 0:
		return words("what was known on ", date)
	case date != "":
		t = append(t, words(", read on ", date)...)
	}
	return t
}
