package practice

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// How long a device code lives, and how often its device may ask. Clients are seen
// to give up after ten minutes; Salesforce names no lifetime.
const (
	deviceLife     = 10 * time.Minute
	deviceInterval = 5 * time.Second
)

// deviceRequest is a device that waits for a person.
type deviceRequest struct {
	userCode string
	scopes   []string
	made     time.Time
	asked    time.Time // last; zero before the first time
	user     *user     // who allowed it, or nil
	denied   bool
	spent    bool
}

// deviceStart begins the device flow. There is no endpoint of its own for it. The
// four members of the answer are those that clients read (sfdx-core's
// DeviceOauthService). Not confirmed: that a secret, where one is sent, is checked.
func (o *Org) deviceStart(c *call) reply {
	if r, ok := o.client(c, false); !ok {
		return r
	}
	if !o.cfg.device {
		return o.flowOff("device flow")
	}
	p := &pending{}
	if !p.ask(c.body.Get("scope"), o.cfg.scopes) || p.unknownScope {
		return oauthError("invalid_scope", "the requested scope is invalid, unknown, or malformed")
	}
	code := o.dice.code()
	d := &deviceRequest{userCode: o.dice.text("BCDFGHJKLMNPQRSTVWXZ23456789", 8), scopes: p.scopes, made: o.now()}
	o.devices[code] = d
	r := jsonReply(http.StatusOK, fields{
		{"device_code", code}, {"user_code", d.userCode}, {"verification_uri", o.login.String() + connectPath},
		{"interval", int(deviceInterval.Seconds())},
	})
	r.header.Set("Cache-Control", "no-store")
	return r
}

// deviceGrant is the device asking whether its person has decided. Seen in public:
// status 400 with authorization_pending. Not confirmed: its description, slow_down
// for who asks too often (one client reads too_fast), the answers to an unknown,
// spent or old code, and whether the secret is needed as for the web server flow
// (here it is not).
func (o *Org) deviceGrant(c *call) reply {
	if r, ok := o.client(c, false); !ok {
		return r
	}
	if !o.cfg.device {
		return o.flowOff("device flow")
	}
	d, now := o.devices[c.body.Get("code")], o.now()
	if d == nil || d.spent || !now.Before(d.made.Add(deviceLife)) {
		return oauthError("invalid_grant", "expired authorization code")
	}
	early := !d.asked.IsZero() && now.Before(d.asked.Add(deviceInterval))
	d.asked = now
	switch {
	case d.denied:
		return oauthError("access_denied", "end-user denied authorization")
	case early:
		return oauthError("slow_down", "polling too quickly")
	case d.user == nil:
		return oauthError("authorization_pending", "waiting for the end user to approve")
	}
	d.spent = true
	return o.tokens(c, o.newGrant(grantDevice, *d.user, d.scopes, covered("refresh_token", d.scopes)), true, "")
}

// flowOff refuses a flow whose box is off, as the setting flow_off says. The words of
// "not_enabled" were seen of the device flow (forcedotcom/code-builder-feedback issue
// 263, 2025); whether every org has them, and those of a token exchange, is not known.
func (o *Org) flowOff(flow string) reply {
	switch o.cfg.flowOff {
	case "not_enabled":
		return oauthError("invalid_grant", flow+" is not enabled for the app")
	case "invalid_request":
		return oauthError("invalid_request", flow+" is not enabled for this app")
	}
	return oauthError("unsupported_grant_type", "grant type not supported")
}

// connect is the page where a person enters a device's code.
func (o *Org) connect(c *call) reply {
	if c.Method != http.MethodGet && c.Method != http.MethodHead && c.Method != http.MethodPost {
		return methodNotAllowed("GET, HEAD, POST")
	}
	code := strings.ToUpper(strings.TrimSpace(c.param("user_code")))
	if _, ok := o.session(c); !ok {
		return redirect("/?ec=302&startURL=" + url.QueryEscape(connectPath+"?user_code="+url.QueryEscape(code)))
	}
	problem := ""
	if c.Method == http.MethodPost {
		for _, d := range o.devices {
			if d.userCode == code && d.user == nil && !d.denied && o.now().Before(d.made.Add(deviceLife)) {
				o.seq++
				source := o.dice.text(alnum, 60)
				o.pending[source] = &pending{scopes: d.scopes, consent: true, device: d, seq: o.seq, made: o.now()}
				return redirect(consentPath + "?source=" + source)
			}
		}
		problem = `<p class="alert" id="error" role="alert">No device waits with this code.</p>`
	}
	return o.page(http.StatusOK, "Connect a device", "narrow", `<section class="card"><h1>Connect a device</h1>
<p class="soft">Enter the code that the device shows.</p>`+problem+`
<form id="connect_form" method="post" action="`+connectPath+`">
<label for="user_code">Code</label>
<input id="user_code" name="user_code" type="text" autocomplete="off" spellcheck="false" required value="`+esc(code)+`">
<button class="main full" id="connect" type="submit">Connect</button>
</form></section>`)
}

func (o *Org) connectedPage(title, text string) reply {
	return o.page(http.StatusOK, title, "narrow", `<section class="card"><h1>`+esc(title)+`</h1><p>`+esc(text)+`</p></section>`)
}
