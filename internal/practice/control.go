package practice

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// The addresses with which a script or a person at Setup changes and reads a
// running org. They are no part of Salesforce; the control key of Facts opens them.
const (
	controlPrefix  = "/practice/"
	settingsPath   = controlPrefix + "settings"
	faultsPath     = controlPrefix + "faults"
	ledgerPath     = controlPrefix + "ledger"
	controlKeyName = "control_key"
)

// control serves GET and POST of the settings (NAME=VALUE, as many as wanted, all
// or none), GET and POST of the faults (fault=NAME for each; none heals the org)
// and GET of the ledger, all as JSON. The key comes as a bearer token, or in a
// form of the Setup pages, which is then sent back to its page. What is asked here
// is not in the ledger.
func (o *Org) control(c *call) reply {
	_, key, _ := strings.Cut(c.Header.Get("Authorization"), " ")
	form := c.body.Has(controlKeyName)
	if form {
		key = c.body.Get(controlKeyName)
	}
	if subtle.ConstantTimeCompare([]byte(key), []byte(o.controlKey)) != 1 {
		return plainReply(http.StatusForbidden, "This address takes the control_key of the practice org.\n")
	}
	if c.Method != http.MethodGet && c.Method != http.MethodHead && c.Method != http.MethodPost {
		return methodNotAllowed("GET, HEAD, POST")
	}
	posted := c.Method == http.MethodPost
	var err error
	var answer any
	switch c.URL.Path {
	case settingsPath:
		if posted {
			err = o.change(settingsOf(c.body))
		}
		answer = o.settingValues()
	case faultsPath:
		if posted {
			err = o.setFaults(c.body["fault"])
		}
		answer = o.faultNames()
	case ledgerPath:
		if posted {
			return methodNotAllowed("GET, HEAD")
		}
		answer = o.witnessed()
	default:
		return o.urlNoLongerExists()
	}
	switch back := c.body.Get("back"); {
	case err != nil && form:
		return o.page(http.StatusBadRequest, "Not changed", "narrow", `<section class="card"><h1>Not changed</h1><p class="alert" role="alert">`+
			esc(strings.TrimPrefix(err.Error(), "practice org: "))+`</p><p><a class="button" href="`+setupHome+`">Back to Setup</a></p></section>`)
	case err != nil:
		return jsonReply(http.StatusBadRequest, fields{{"error", strings.TrimPrefix(err.Error(), "practice org: ")}})
	case form && strings.HasPrefix(back, setupPrefix):
		return redirectAfterPost(back)
	}
	return jsonReply(http.StatusOK, answer)
}

// settingsOf are the settings among the fields of a form: each by its own name,
// and one whose name is chosen.
func settingsOf(body url.Values) map[string]string {
	out := map[string]string{}
	for name := range body {
		switch name {
		case controlKeyName, "back", "value":
		case "setting":
			out[body.Get("setting")] = body.Get("value")
		default:
			out[name] = body.Get(name)
		}
	}
	return out
}

// change sets all or none.
func (o *Org) change(values map[string]string) error {
	changed := o.cfg
	var errs []error
	for _, name := range sortedKeys(values) {
		if name == "username" {
			errs = append(errs, errors.New("practice org: the username cannot be changed while the org runs"))
			continue
		}
		errs = append(errs, changed.set(name, values[name]))
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	o.cfg = changed
	o.ledger.Changes = append(o.ledger.Changes, sortedKeys(values)...)
	return nil
}

func (o *Org) settingValues() map[string]string {
	out := map[string]string{}
	for _, s := range settings() {
		out[s.Name] = s.get(&o.cfg)
	}
	return out
}

func (o *Org) faultNames() []string {
	names := []string{}
	for _, a := range o.faults {
		names = append(names, a.Name)
	}
	return names
}

// redirectAfterPost sends a browser on with GET.
func redirectAfterPost(path string) reply {
	r := redirect(path)
	r.status = http.StatusSeeOther
	return r
}

// changer is a form of the Setup pages. Its buttons and fields change settings.
func (o *Org) changer(back, inside string) string {
	return `<form method="post" action="` + settingsPath + `"><input type="hidden" name="` + controlKeyName + `" value="` + esc(o.controlKey) +
		`"><input type="hidden" name="back" value="` + esc(back) + `">` + inside + `</form>`
}

// anySetting is the form for what has no box of its own.
func (o *Org) anySetting(back string) string {
	var options strings.Builder
	for _, s := range settings() {
		if !slices.Contains([]string{"username", "password"}, s.Name) {
			options.WriteString(`<option value="` + s.Name + `">` + s.Name + ` (` + esc(s.Values) + `)</option>`)
		}
	}
	return o.changer(back, `<label for="setting">Setting</label><select id="setting" name="setting">`+options.String()+`</select>
<label for="value">Value</label><input id="value" name="value" type="text" autocomplete="off" spellcheck="false">
<div class="buttons"><button class="main" id="change" type="submit">Change</button></div>`)
}
