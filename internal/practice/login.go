package practice

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// session is a browser that is signed in.
type session struct {
	user   user
	seq    int // when, in the org's own count
	host   hostKind
	expiry time.Time
}

// loginRecord is a line of Login History.
type loginRecord struct {
	time                  time.Time
	username, app, status string
}

// cookieName differs for each host and port, see the package comment.
func (o *Org) cookieName(k hostKind) string {
	at := o.myDomain
	if k == hostLogin {
		at = o.login
	}
	if at.port == "" {
		return "practice_sid"
	}
	return "practice_sid_" + at.port
}

func (o *Org) session(c *call) (session, bool) {
	cookie, err := c.Cookie(o.cookieName(c.host))
	if err != nil {
		return session{}, false
	}
	s, ok := o.sessions[cookie.Value]
	return s, ok && s.host == c.host && o.now().Before(s.expiry)
}

// loginPage shows the sign-in form, prefilled so that one click signs in, and
// takes it. A wrong password is shown on the same page with status 200, as
// Salesforce does.
func (o *Org) loginPage(c *call) reply {
	if c.host == hostForeign {
		return o.urlNoLongerExists()
	}
	start := c.param("startURL")
	if !strings.HasPrefix(start, "/") || strings.HasPrefix(start, "//") || strings.HasPrefix(start, `/\`) {
		start = ""
	}
	switch c.Method {
	case http.MethodGet, http.MethodHead:
		return o.loginForm(c, start, "")
	case http.MethodPost:
	default:
		return methodNotAllowed("GET, HEAD, POST")
	}
	u, known := o.userByName(c.body.Get("username"))
	record := loginRecord{o.now(), strings.TrimSpace(c.body.Get("username")), "Browser", "Success"}
	if !known || c.body.Get("pw") != o.cfg.password {
		record.status = "Invalid Password"
		o.logins = append(o.logins, record)
		return o.loginForm(c, start, "Please check your username and password. If you still can't log in, contact your Salesforce administrator.")
	}
	o.logins = append(o.logins, record)
	o.ledger.Logins++
	o.seq++
	sid := o.dice.text(alnum, 40)
	o.sessions[sid] = session{u, o.seq, c.host, o.now().Add(12 * time.Hour)}
	if start == "" {
		start = o.myDomain.String() + setupHome
	}
	r := redirect(start)
	r.header.Set("Set-Cookie", (&http.Cookie{
		Name: o.cookieName(c.host), Value: sid, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: o.login.scheme == "https",
	}).String())
	return r
}

// logout forgets the browser's session and asks for another user.
func (o *Org) logout(c *call) reply {
	if cookie, err := c.Cookie(o.cookieName(c.host)); err == nil {
		delete(o.sessions, cookie.Value)
	}
	target := "/"
	if start := c.query.Get("startURL"); start != "" {
		target += "?startURL=" + url.QueryEscape(start)
	}
	return redirect(target)
}

func (o *Org) loginForm(c *call, start, problem string) reply {
	username := o.users[0].username
	purpose := "Sign in to " + esc(o.cfg.orgName)
	if p := o.pendingOf(start); p != nil {
		if p.loginHint != "" {
			username = p.loginHint
		}
		purpose = "to let <b>" + esc(o.cfg.name) + "</b> connect"
	}
	if typed := c.body.Get("username"); typed != "" {
		username = typed
	}
	alert := ""
	if problem != "" {
		alert = `<p class="alert" id="error" role="alert">` + esc(problem) + `</p>`
	}
	return o.page(http.StatusOK, "Log in", "narrow", `<section class="card"><h1>Log in</h1>
<p class="soft">`+purpose+`</p>`+alert+`
<form id="login_form" method="post" action="/">
<input type="hidden" name="startURL" value="`+esc(start)+`">
<label for="username">Username</label>
<input id="username" name="username" type="text" autocomplete="off" autocapitalize="none" spellcheck="false" required value="`+esc(username)+`">
<label for="password">Password</label>
<input id="password" name="pw" type="password" autocomplete="off" required value="`+esc(o.cfg.password)+`">
<button class="main full" id="Login" type="submit">Log in</button>
</form>
<p class="tip">The practice user is filled in for you. A second one is <code>`+esc(o.users[1].username)+`</code>, same password.</p>
</section>`)
}

func methodNotAllowed(allow string) reply {
	r := plainReply(http.StatusMethodNotAllowed, "Method Not Allowed\n")
	r.header.Set("Allow", allow)
	return r
}
