package recipe

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// check notes every value that has the right shape and the wrong meaning.
func (p *reader) check(r Recipe) {
	p.eachText(r)
	if len(p.problems) > 0 {
		return
	}
	if r.Schema != Schema {
		p.at1("schema", "this program reads schema %d", Schema)
	}
	if !isID(r.ID) {
		p.at1("id", "an id has small letters, digits and single dashes, and starts with a letter")
	}
	p.needed("title", r.Title)
	if r.Source.Date != "" {
		if _, err := time.Parse(time.DateOnly, r.Source.Date); err != nil {
			p.at1("source.date", "a date looks like 2026-11-22")
		}
	}
	p.checkInputs(r)
	p.checkApp(r)
	p.checkSwitches(r)
	p.checkAuthorize(r)
	p.checkHandover(r)
}

func (p *reader) checkInputs(r Recipe) {
	seen := map[string]bool{}
	for i, in := range r.Inputs {
		path := fmt.Sprintf("inputs[%d]", i)
		switch {
		case !isName(in.ID):
			p.at1(path+".id", "an input's id has small letters, digits and _, and starts with a letter")
		case seen[in.ID]:
			p.at1(path+".id", "there are two inputs %q", in.ID)
		case slices.Contains(Results(), in.ID):
			p.at1(path+".id", "%q is a result of the set-up and cannot be an input", in.ID)
		}
		p.needed(path+".label", in.Label)
		kinds := []Kind{KindText, KindEmail, KindURL, KindURLs, KindPhone, KindChoice, KindBool, KindSwitch, KindScopes}
		if !slices.Contains(kinds, in.Kind) {
			p.at1(path+".kind", "known kinds are %v", kinds)
		} else if in.Default != "" {
			if _, err := CheckAnswer(in, in.Default); err != nil {
				p.at1(path+".default", "%v", err)
			}
		}
		if (in.Kind == KindChoice) != (len(in.Options) > 0) {
			p.at1(path, "a choice needs options, and only a choice has them")
		}
		if in.When != "" {
			name, _, found := strings.Cut(in.When, "=")
			if !found || !seen[name] {
				p.at1(path+".when", "write earlier_input=value, or earlier_input=value|value")
			}
			if in.Default == "" && !in.Optional {
				p.at1(path+".when", "an input that is not always asked needs a default")
			}
		}
		seen[in.ID] = true
	}
}

func (p *reader) checkApp(r Recipe) {
	p.needed("app.name", r.App.Name)
	for path, link := range map[string]string{"source.url": r.Source.URL, "app.info_url": r.App.InfoURL, "app.logo_url": r.App.LogoURL, "app.icon_url": r.App.IconURL} {
		if link != "" && !wholeTemplate(link) {
			p.may(path, checkLink(plain(link)))
		}
	}
	if s := r.App.DistributionState; s != "" && s != "Local" && s != "Packaged" {
		p.at1("app.distribution_state", "the form knows Local and Packaged")
	}
	if e := r.App.ContactEmail; e != "" && !wholeTemplate(e) {
		p.may("app.contact_email", checkEmail(plain(e)))
	}
	total := 0
	for i, c := range r.CallbackURLs {
		if total += len(c) + 1; !wholeTemplate(c) {
			p.may(fmt.Sprintf("callback_urls[%d]", i), checkCallback(plain(c)))
		}
	}
	if total > longest {
		p.at1("callback_urls", "Salesforce takes %d characters in all", longest)
	}
	for i, s := range r.Scopes {
		path := fmt.Sprintf("scopes[%d]", i)
		if !wholeTemplate(s) {
			p.may(path, checkScope(s))
		}
		if slices.Contains(r.Scopes[:i], s) {
			p.at1(path, "%q is given twice", s)
		}
	}
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
		known := append(SwitchIDs(), PolicyIDs()...)
		known = append(known, "scopes", "callback_urls", "name", "api_name", "distribution_state", "contact_email", "contact_phone", "info_url", "logo_url", "icon_url", "description")
		if !slices.Contains(known, id) {
			p.at1("cautions."+id, "%q is no box of the form; known are %s", id, strings.Join(known, ", "))
		}
	}
}

func (p *reader) checkAuthorize(r Recipe) {
	p.checkFlow(r)
	if h := r.Authorize.Host; h != "" && h != "any" && h != "my_domain" {
		p.at1("authorize.host", "write any or my_domain")
	}
	for _, w := range strings.Fields(r.Authorize.Prompt) {
		if w != "login" && w != "consent" && w != "select_account" {
			p.at1("authorize.prompt", "known are login, consent and select_account")
		}
	}
}

// checkFlow judges the flow, or every flow that an input lets the admin choose.
func (p *reader) checkFlow(r Recipe) {
	flows := []string{r.Authorize.Flow}
	if strings.Contains(r.Authorize.Flow, "${") {
		flows = nil
		for _, in := range r.Inputs {
			if !in.Optional && r.Authorize.Flow == "${"+in.ID+"}" { // only a choice has options
				flows = in.Options
			}
		}
		if flows == nil {
			p.at1("authorize.flow", "write a flow, or a choice input alone that is not optional, such as ${flow}")
			return
		}
	}
	for _, flow := range flows {
		switch {
		case !slices.Contains(Flows(), flow):
			p.at1("authorize.flow", "%q is no flow; known are %s", flow, strings.Join(Flows(), ", "))
		case r.Authorize.Public && flow != "web" && flow != "paste":
			p.at1("authorize.public", "only web and paste work without a Consumer Secret, not %s", flow)
		}
	}
}

func (p *reader) checkHandover(r Recipe) {
	for i, f := range r.Handover {
		path := fmt.Sprintf("handover[%d]", i)
		p.needed(path+".label", f.Label)
		p.needed(path+".value", f.Value)
		names, _ := Names(f.Value)
		if slices.ContainsFunc(names, IsSecret) && !f.Secret {
			p.at1(path+".value", "this value is secret: add secret: true")
		}
		if name, _, found := strings.Cut(f.When, "="); f.When != "" && (!found || !slices.ContainsFunc(r.Inputs, func(in Input) bool { return in.ID == name })) {
			p.at1(path+".when", "write input=value, or input=value|value")
		}
	}
}

// wholeTemplate reports whether s is one ${name} and nothing else, so that its
// form is judged when the answer is given.
func wholeTemplate(s string) bool {
	return strings.HasPrefix(s, "${") && strings.IndexByte(s, '}') == len(s)-1
}

// plain puts a harmless word in place of each template, to judge the rest.
func plain(s string) string { return Expand(s, func(string) (string, bool) { return "x", true }) }

func isID(s string) bool {
	return isName(strings.ReplaceAll(s, "-", "_")) && !strings.Contains(s, "_") && !strings.Contains(s, "--") && !strings.HasSuffix(s, "-")
}

// at1 notes a problem at the place of path, or of the nearest key above it.
func (p *reader) at1(path, format string, args ...any) {
	for {
		if at, ok := p.at[path]; ok {
			p.add(at, format, args...)
			return
		}
		if path == "" {
			p.add(place{1, 1}, format, args...)
			return
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
}

func (p *reader) may(path string, err error) {
	if err != nil {
		p.at1(path, "%v", err)
	}
}

func (p *reader) needed(path, value string) {
	if strings.TrimSpace(value) == "" {
		p.at1(path, "%s is missing", path)
	}
}
