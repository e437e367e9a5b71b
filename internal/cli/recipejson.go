package cli

import (
	"example.com/sfconnect/internal/recipe"
)

// recipeJSON is a recipe, or one of its variants, for scripts. What the source does
// not say is null; a text may be a template, such as ${contact_email}.
type recipeJSON struct {
	Schema   int           `json:"schema"`
	ID       string        `json:"id"`
	Title    string        `json:"title"`
	Vendor   *string       `json:"vendor"`
	Summary  *string       `json:"summary"`
	Source   sourceJSON    `json:"source"`
	Variant  *string       `json:"variant"` // the one that is shown
	Variants []variantJSON `json:"variants"`

	App          map[string]*string `json:"app"`
	CallbackURLs []string           `json:"callback_urls"`
	CallbackUse  string             `json:"callback_use"`
	Scopes       []string           `json:"scopes"`
	ScopesMatch  string             `json:"scopes_match"`
	ScopesNever  []string           `json:"scopes_never"`
	Switches     map[string]any     `json:"switches"` // true, false, "default", a template, or null
	Policies     map[string]*string `json:"policies"`
	RunAsUser    runAsUserJSON      `json:"run_as_user"`
	Certificate  *certificateJSON   `json:"certificate"` // null where the flow has none
	Authorize    authorizeJSON      `json:"authorize"`
	Steps        []stepJSON         `json:"steps"`
	Handover     []fieldJSON        `json:"handover"`
	HandoverAt   *string            `json:"handover_at"`
	HandoverDo   []string           `json:"handover_do"`
	Inputs       []inputJSON        `json:"inputs"`
	Needs        []string           `json:"needs"`
	Cleanup      []string           `json:"cleanup"`
	Checks       []followUpJSON     `json:"checks"`
	Notes        []string           `json:"notes"`
	Cautions     map[string]string  `json:"cautions"`
}

type sourceJSON struct {
	URL    *string         `json:"url"`
	Date   *string         `json:"date"`
	Kind   *string         `json:"kind"`
	Unsaid []string        `json:"unsaid"`
	More   []referenceJSON `json:"more"`
}

type referenceJSON struct {
	URL  string  `json:"url"`
	Date *string `json:"date"`
	For  *string `json:"for"`
}

type variantJSON struct {
	ID      string  `json:"id"`
	Title   string  `json:"title"`
	Summary *string `json:"summary"`
	Flow    string  `json:"flow"`
}

type runAsUserJSON struct {
	Advice         *string  `json:"advice"`
	License        *string  `json:"license"`
	Profile        *string  `json:"profile"`
	Permissions    []string `json:"permissions"`
	PermissionSets []string `json:"permission_sets"`
}

type certificateJSON struct {
	Days    *int `json:"days"`
	KeySize *int `json:"key_size"`
}

type authorizeJSON struct {
	Flow   string  `json:"flow"`
	Public bool    `json:"public"`
	Host   string  `json:"host"`
	Prompt *string `json:"prompt"`
}

type stepJSON struct {
	At      string   `json:"at"`
	Title   string   `json:"title"`
	Page    *string  `json:"page"`
	Do      []string `json:"do"`
	Caution *string  `json:"caution"`
}

type fieldJSON struct {
	Label  string  `json:"label"`
	Value  string  `json:"value"`
	Usual  *string `json:"usual"`
	Where  *string `json:"where"`
	Secret bool    `json:"secret"`
	When   *string `json:"when"`
}

type inputJSON struct {
	ID       string   `json:"id"`
	Label    string   `json:"label"`
	Help     *string  `json:"help"`
	Kind     string   `json:"kind"`
	Options  []string `json:"options"`
	Pattern  *string  `json:"pattern"`
	Example  *string  `json:"example"`
	Default  *string  `json:"default"`
	Optional bool     `json:"optional"`
	When     *string  `json:"when"`
}

type followUpJSON struct {
	Sign string  `json:"sign"`
	Do   string  `json:"do"`
	Page *string `json:"page"`
}

// said is null for what the source does not say.
func said(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// toRecipeJSON takes the whole recipe, and the variant of it that is shown.
func toRecipeJSON(whole, r recipe.Recipe, variant string) recipeJSON {
	out := recipeJSON{
		Schema: 1, ID: r.ID, Title: r.Title, Vendor: said(r.Vendor), Summary: said(r.Summary), Variant: said(variant),
		Source:   sourceJSON{said(r.Source.URL), said(r.Source.Date), said(r.Source.Kind), list(r.Source.Unsaid), []referenceJSON{}},
		Variants: []variantJSON{}, App: map[string]*string{}, Switches: map[string]any{}, Policies: map[string]*string{},
		CallbackURLs: list(r.CallbackURLs), CallbackUse: firstOf(r.CallbackUse, "used"),
		Scopes: list(r.Scopes), ScopesMatch: firstOf(r.ScopesMatch, "exact"), ScopesNever: list(r.ScopesNever),
		RunAsUser: runAsUserJSON{said(r.RunAsUser.Advice), said(r.RunAsUser.License), said(r.RunAsUser.Profile), list(r.RunAsUser.Permissions), list(r.RunAsUser.PermissionSets)},
		Authorize: authorizeJSON{r.Authorize.Flow, r.Authorize.Public, firstOf(r.Authorize.Host, "any"), said(r.Authorize.Prompt)},
		Steps:     []stepJSON{}, Handover: []fieldJSON{}, HandoverAt: said(r.HandoverAt), HandoverDo: list(r.HandoverDo), Inputs: []inputJSON{},
		Needs: list(r.Needs), Cleanup: list(r.Cleanup), Checks: []followUpJSON{}, Notes: list(r.Notes), Cautions: r.Cautions,
	}
	if out.Cautions == nil {
		out.Cautions = map[string]string{}
	}
	for _, m := range r.Source.More {
		out.Source.More = append(out.Source.More, referenceJSON{m.URL, said(m.Date), said(m.For)})
	}
	for _, v := range whole.Variants {
		merged, err := whole.Variant(v.ID)
		if err == nil {
			out.Variants = append(out.Variants, variantJSON{v.ID, v.Title, said(v.Summary), merged.Authorize.Flow})
		}
	}
	for _, f := range appFields(r.App) {
		out.App[f.key] = said(f.value)
	}
	for _, id := range recipe.SwitchIDs() {
		out.Switches[id] = switchJSON(r.Switches[id])
	}
	for _, id := range recipe.PolicyIDs() {
		out.Policies[id] = said(policy(r.Policies, id))
	}
	if c := r.Certificate; c != (recipe.Certificate{}) {
		out.Certificate = &certificateJSON{number(c.Days), number(c.KeySize)}
	}
	for _, s := range r.Steps {
		out.Steps = append(out.Steps, stepJSON{s.At, s.Title, said(s.Page), s.Do, said(s.Caution)})
	}
	for _, f := range r.Handover {
		out.Handover = append(out.Handover, fieldJSON{f.Label, f.Value, said(f.Usual), said(f.Where), f.Secret, said(f.When)})
	}
	for _, in := range r.Inputs {
		out.Inputs = append(out.Inputs, inputJSON{in.ID, in.Label, said(in.Help), string(in.Kind), list(in.Options), said(in.Pattern), said(in.Example), said(in.Default), in.Optional, said(in.When)})
	}
	for _, c := range r.Checks {
		out.Checks = append(out.Checks, followUpJSON{c.Sign, c.Do, said(c.Page)})
	}
	return out
}

func switchJSON(s recipe.Switch) any {
	switch s {
	case recipe.SwitchOn:
		return true
	case recipe.SwitchOff:
		return false
	case recipe.SwitchUnsaid:
		return nil
	}
	return string(s)
}

func number(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

// appField is one box of the Basic Information section.
type appField struct{ key, label, value string }

func appFields(a recipe.App) []appField {
	return []appField{
		{"name", "External Client App Name", a.Name}, {"api_name", "API Name", a.APIName},
		{"contact_email", "Contact Email", a.ContactEmail}, {"contact_phone", "Contact Phone", a.ContactPhone},
		{"distribution_state", "Distribution State", a.DistributionState}, {"info_url", "Info URL", a.InfoURL},
		{"logo_url", "Logo Image URL", a.LogoURL}, {"icon_url", "Icon URL", a.IconURL}, {"description", "Description", a.Description},
	}
}

func policy(p recipe.Policies, id string) string {
	switch id {
	case "permitted_users":
		return p.PermittedUsers
	case "ip_relaxation":
		return p.IPRelaxation
	case "refresh_token_policy":
		return p.RefreshTokenPolicy
	case "run_as":
		return p.RunAs
	}
	return ""
}
