package recipe

import (
	"fmt"
	"slices"
	"strings"
)

func (p *reader) checkAuthorize(r Recipe) {
	p.checkFlow(r)
	p.checkCertificate(r)
	p.oneOf("authorize.host", r.Authorize.Host)
	for _, w := range strings.Fields(r.Authorize.Prompt) {
		if w != "login" && w != "consent" && w != "select_account" {
			p.at1("authorize.prompt", "known are login, consent and select_account")
		}
	}
}

// Flows lists the flows that the integration may sign in with, the default first:
// those of its variants, or those that an input chooses from, or its only one.
func (r Recipe) Flows() []string {
	if len(r.Variants) == 0 {
		return r.flows()
	}
	var all []string
	for i := range r.Variants {
		for _, f := range r.merged(i).flows() {
			if !slices.Contains(all, f) {
				all = append(all, f)
			}
		}
	}
	return all
}

// flows are the flows that a recipe may be used with: its own, or those that an
// input lets the admin choose; nil is a template of another sort.
func (r Recipe) flows() []string {
	if !strings.Contains(r.Authorize.Flow, "${") {
		return []string{r.Authorize.Flow}
	}
	for _, in := range r.Inputs {
		if !in.Optional && r.Authorize.Flow == "${"+in.ID+"}" { // only a choice has options
			return in.Options
		}
	}
	return nil
}

func (p *reader) checkFlow(r Recipe) {
	flows := r.flows()
	if flows == nil {
		p.at1("authorize.flow", "write a flow, or a choice input alone that is not optional, such as ${flow}")
		return
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

// checkCertificate judges the numbers; the bounds are those of the wizard's question.
func (p *reader) checkCertificate(r Recipe) {
	c := r.Certificate
	if c != (Certificate{}) && !slices.Contains(r.flows(), "jwt-bearer") {
		p.at1("certificate", "only the flow jwt-bearer has a certificate")
	}
	if c.Days < 0 || c.Days > 3650 {
		p.at1("certificate.days", "write a number of days from 1 to 3650")
	}
	if !slices.Contains([]int{0, 2048, 3072, 4096}, c.KeySize) {
		p.at1("certificate.key_size", "write 2048, 3072 or 4096: the bits of an RSA key")
	}
}

func (p *reader) checkHandover(r Recipe) {
	for i, f := range r.Handover {
		path := fmt.Sprintf("handover[%d]", i)
		p.needed(path+".label", f.Label)
		p.needed(path+".value", f.Value)
		names, _ := Names(f.Value)
		for _, name := range names {
			if problem := r.withheld(name); problem != "" {
				p.at1(path+".value", "${%s}: %s", name, problem)
			}
		}
		if slices.ContainsFunc(names, IsSecret) && !f.Secret {
			p.at1(path+".value", "this value is secret: add secret: true")
		}
		if name, _, found := strings.Cut(f.When, "="); f.When != "" && (!found || !slices.ContainsFunc(r.Inputs, func(in Input) bool { return in.ID == name })) {
			p.at1(path+".when", "write input=value, or input=value|value")
		}
	}
}

// withheld says why a recipe can never have that result, or "".
func (r Recipe) withheld(name string) string {
	switch {
	case (name == "private_key" || name == "private_key_base64" || name == "certificate") && !slices.Contains(r.flows(), "jwt-bearer"):
		return "only the flow jwt-bearer has it"
	case name == "consumer_secret" && r.Authorize.Public:
		return "a public client has none"
	case name == "refresh_token" && !slices.ContainsFunc(r.flows(), func(f string) bool { return f == "web" || f == "paste" || f == "refresh-token" }):
		return "this flow brings no refresh token"
	}
	return ""
}

func (p *reader) checkSteps(r Recipe) {
	for i, s := range r.Steps {
		path := fmt.Sprintf("steps[%d]", i)
		p.needed(path+".at", s.At)
		p.oneOf(path+".at", s.At)
		p.needed(path+".title", s.Title)
		if len(s.Do) == 0 {
			p.at1(path+".do", "do is missing: one action each")
		}
		p.oneOf(path+".page", s.Page)
	}
	for i, c := range r.Checks {
		path := fmt.Sprintf("checks[%d]", i)
		p.needed(path+".sign", c.Sign)
		p.needed(path+".do", c.Do)
		p.oneOf(path+".page", c.Page)
	}
}
