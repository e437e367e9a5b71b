package recipe

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

func (p *reader) checkApp(r Recipe) {
	p.needed("app.name", r.App.Name)
	for path, link := range map[string]string{"app.info_url": r.App.InfoURL, "app.logo_url": r.App.LogoURL, "app.icon_url": r.App.IconURL} {
		p.parts(r, path, link)
		p.checkAddress(path, r.sample(link))
	}
	if s := r.App.APIName; s != "" && !wholeTemplate(s) {
		p.may("app.api_name", checkAPIName(r.sample(s)))
	}
	p.oneOf("app.distribution_state", r.App.DistributionState)
	if e := r.App.ContactEmail; e != "" && !wholeTemplate(e) {
		p.may("app.contact_email", checkEmail(r.sample(e)))
	}
	if t := r.App.ContactPhone; t != "" && !wholeTemplate(t) {
		p.may("app.contact_phone", checkPhone(r.sample(t)))
	}
	for i, c := range r.CallbackURLs {
		path := fmt.Sprintf("callback_urls[%d]", i)
		p.parts(r, path, c)
		if !wholeTemplate(c) {
			p.may(path, checkCallback(r.sample(c)))
		}
		if slices.Contains(r.CallbackURLs[:i], c) {
			p.at1(path, "this line is given twice")
		}
	}
	p.may("callback_urls", checkTotal(r.CallbackURLs))
	p.oneOf("callback_use", r.CallbackUse)
}

// checkTotal is the limit of the form's box: lines with their breaks.
func checkTotal(lines []string) error {
	if n := utf8.RuneCountInString(strings.Join(lines, "\n")); n > longest {
		return fmt.Errorf("the box takes %d characters in all, and these are %d", longest, n)
	}
	return nil
}

func (p *reader) checkScopes(r Recipe) {
	for i, s := range r.Scopes {
		path := fmt.Sprintf("scopes[%d]", i)
		if !wholeTemplate(s) {
			p.may(path, checkScope(s))
		}
		if slices.Contains(r.Scopes[:i], s) {
			p.at1(path, "%q is given twice", s)
		}
	}
	p.oneOf("scopes_match", r.ScopesMatch)
	for i, s := range r.ScopesNever {
		path := fmt.Sprintf("scopes_never[%d]", i)
		p.may(path, checkScope(s))
		if slices.Contains(r.Scopes, s) {
			p.at1(path, "%q is among the scopes too", s)
		}
	}
}

// checkAddress accepts what checkLink does; none is fine.
func (p *reader) checkAddress(path, link string) {
	if link != "" && !wholeTemplate(link) {
		p.may(path, checkLink(link))
	}
}

// parts refuses in an address an input that could turn it into another one.
func (p *reader) parts(r Recipe, path, address string) {
	if wholeTemplate(address) {
		return
	}
	names, _ := Names(address)
	for _, name := range names {
		in, asked := r.input(name)
		if !asked || in.Kind == KindHost || in.Kind == KindName || in.Kind == KindChoice || in.Pattern != "" ||
			in.Kind == KindURL && strings.HasPrefix(address, "${"+name+"}") {
			continue
		}
		p.at1(path, "${%s}: a part of an address must be a host, a name, a choice or a text with a pattern", name)
	}
}

// sample fills a template with values as an admin might give them, to judge the whole.
func (r Recipe) sample(s string) string {
	return Expand(s, func(name string) (string, bool) {
		in, _ := r.input(name)
		switch {
		case name == "my_domain", name == "login_host":
			return "acme.my.salesforce.com", true
		case name == "login_url", name == "token_url", name == "authorize_url":
			return "https://acme.my.salesforce.com", true
		case in.Example != "":
			return in.Example, true
		case in.Kind == KindHost:
			return "acme.example", true
		case in.Kind == KindURL:
			return "https://acme.example", true
		case in.Kind == KindChoice:
			return in.Options[0], true
		}
		return "x", true
	})
}

func (r Recipe) input(id string) (Input, bool) {
	for _, in := range r.Inputs {
		if in.ID == id {
			return in, true
		}
	}
	return Input{}, false
}

func (p *reader) checkSwitches(r Recipe) {
	for id, s := range r.Switches {
		path := "switches." + id
		if SwitchLabel(id) == "" {
			p.at1(path, "%q is no switch; known are %s", id, strings.Join(SwitchIDs(), ", "))
			continue
		}
		if s == SwitchOn || s == SwitchOff || s == SwitchDefault {
			continue
		}
		kind := Kind("")
		for _, in := range r.Inputs {
			if string(s) == "${"+in.ID+"}" {
				kind = in.Kind
			}
		}
		if kind != KindBool && kind != KindSwitch {
			p.at1(path, "write on, off, default or a switch input such as ${pkce}")
		}
	}
	policies := map[string]string{"permitted_users": r.Policies.PermittedUsers, "ip_relaxation": r.Policies.IPRelaxation, "refresh_token_policy": r.Policies.RefreshTokenPolicy}
	for id, v := range policies {
		if v != "" && !wholeTemplate(v) && !policyFits(id, v) {
			p.at1("policies."+id, "the form knows: %s", strings.Join(PolicyLabels(id), " | "))
		}
	}
	for id := range r.Cautions {
		if !slices.Contains(Boxes(), id) {
			p.at1("cautions."+id, "%q is no box of the form; known are %s", id, strings.Join(Boxes(), ", "))
		}
	}
}
