package practice

import (
	"slices"
	"strings"

	"example.com/sfconnect/internal/recipe"
)

// Adopt sets the app up while the org runs, as an admin would who follows r, its
// inputs filled in. What an earlier recipe set and r does not say stays.
func (o *Org) Adopt(r *recipe.Recipe) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.cfg.callbacks = neutral().callbacks
	o.preset(r)
	o.presetRunAs(r)
}

// preset makes the app what an admin would make of a recipe. Values that
// depend on an input of the recipe (${…}) keep the neutral app's.
func (o *Org) preset(r *recipe.Recipe) {
	put := func(field *string, value string) {
		if plain(value) {
			*field = value
		}
	}
	put(&o.cfg.name, r.App.Name)
	put(&o.cfg.apiName, r.App.APIName)
	put(&o.cfg.email, r.App.ContactEmail)
	put(&o.cfg.phone, r.App.ContactPhone)
	put(&o.cfg.infoURL, r.App.InfoURL)
	put(&o.cfg.iconURL, r.App.IconURL)
	put(&o.cfg.logoURL, r.App.LogoURL)
	put(&o.cfg.description, r.App.Description)
	if plain(r.App.DistributionState) {
		_ = o.cfg.set("distribution_state", r.App.DistributionState) // an unknown label keeps the form's own
	}
	var callbacks []string
	for _, line := range r.CallbackURLs {
		if plain(line) {
			callbacks = append(callbacks, line)
		}
	}
	o.cfg.callbacks = append(callbacks, o.cfg.callbacks...)
	if len(r.Scopes) > 0 && !slices.ContainsFunc(r.Scopes, func(s string) bool { return !plain(s) }) {
		_ = o.cfg.set("scopes", strings.Join(r.Scopes, " "))
	}
	o.presetFlow(r)
	if r.Switches["code_and_credentials_flow"] == recipe.SwitchOn {
		o.cfg.orgCodeCred = true // without it the form has no such box
	}
	for id, s := range r.Switches {
		switch s {
		case recipe.SwitchOn:
			_ = o.cfg.set(id, "true")
		case recipe.SwitchOff:
			_ = o.cfg.set(id, "false")
		}
	}
	for id, label := range map[string]string{
		"permitted_users": r.Policies.PermittedUsers, "ip_relaxation": r.Policies.IPRelaxation,
		"refresh_token_policy": r.Policies.RefreshTokenPolicy,
	} {
		if plain(label) {
			_ = o.cfg.set(id, label)
		}
	}
	o.cfg.preauthorized = o.cfg.adminApproved
}

// presetFlow sets what a recipe's flow cannot do without. What the recipe says of
// the boxes and policies themselves comes later, and wins.
func (o *Org) presetFlow(r *recipe.Recipe) {
	switch r.Authorize.Flow {
	case "client-credentials":
		o.cfg.ccFlow, o.cfg.ccPolicy = true, true
	case "jwt-bearer":
		o.cfg.jwt, o.cfg.adminApproved = true, true
	}
	if r.Authorize.Public {
		o.cfg.webSecret, o.cfg.refreshSecret = false, false
	}
}

// presetRunAs enters the user that a recipe names in Run As, or the practice
// user where that one does not exist here. The users must have been made.
func (o *Org) presetRunAs(r *recipe.Recipe) {
	o.cfg.runAs = o.users[0].username
	if r == nil {
		return
	}
	if u, known := o.userByName(r.Policies.RunAs); known {
		o.cfg.runAs = u.username
	}
}

// plain reports whether a recipe's value says something by itself.
func plain(value string) bool { return value != "" && !strings.Contains(value, "${") }
