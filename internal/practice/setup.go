package practice

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// setupPage is one page of Setup that a deep link can open.
type setupPage struct {
	node, title string
	listed      bool // in the menu at the side
	main        func(*Org) string
}

func setupPages() []setupPage {
	manager := "ManageExternalClientApplication"
	return []setupPage{
		{manager, "External Client App Manager", true, (*Org).appMarkup},
		{"NavigationMenus", "App Manager", true, (*Org).appListMarkup},
		{"ExternalClientApplicationSettings", "External Client App Settings", true, (*Org).restAccessMarkup},
		{"OauthOidcSettings", "OAuth and OpenID Connect Settings", true, (*Org).oauthSettingsMarkup},
		{"ConnectedAppsUsage", "Connected Apps OAuth Usage", true, (*Org).usageMarkup},
		{"ConnectedApplication", "Manage Connected Apps", false, (*Org).usageMarkup},
		{"SecuritySession", "Session Settings", true, (*Org).sessionMarkup},
		{"OrgLoginHistory", "Login History", true, (*Org).historyMarkup},
		{"ManageUsers", "Users", true, (*Org).usersMarkup},
		{"CompanyProfileInfo", "Company Information", true, (*Org).companyMarkup},
		{"PermSets", "Permission Sets", false, nil},
		{"EnhancedProfiles", "Profiles", false, nil},
		{"NetworkAccess", "Network Access", false, nil},
		{"ImportedPackage", "Installed Packages", false, nil},
		{"IdentityVerification", "Identity Verification", false, nil},
		{"OrgDomain", "My Domain", false, (*Org).companyMarkup},
		{"SetupOneHome", "Setup", false, nil},
	}
}

// setup shows the Setup page of a deep link. It needs no login, and shows key
// and secret without the verification code that Salesforce mails: both are
// invented, and the page is on loopback.
func (o *Org) setup(c *call) reply {
	if c.Method != http.MethodGet && c.Method != http.MethodHead {
		return methodNotAllowed("GET, HEAD")
	}
	if c.URL.Path == "/" {
		return redirect(setupHome)
	}
	node, tail, _ := strings.Cut(strings.TrimPrefix(c.URL.Path, setupPrefix), "/")
	pages := setupPages()
	i := slices.IndexFunc(pages, func(p setupPage) bool { return p.node == node })
	if i < 0 || tail != "home" && tail != "view" && !strings.HasPrefix(tail, "page") && !o.isAppDetail(tail) {
		return o.urlNoLongerExists()
	}
	var side strings.Builder
	for _, p := range pages {
		if p.listed || p.node == node {
			current := ""
			if p.node == node {
				current = ` aria-current="page"`
			}
			side.WriteString(`<a href="` + setupPrefix + p.node + `/home"` + current + `>` + esc(p.title) + `</a>`)
		}
	}
	main := `<section class="card"><h1>` + esc(pages[i].title) + `</h1><p>This page is empty in the practice org: nothing on it bears on the app.</p></section>`
	if pages[i].main != nil {
		main = pages[i].main(o)
	}
	return o.page(http.StatusOK, pages[i].title, "wide",
		`<div class="setup"><nav class="side card" aria-label="Setup">`+side.String()+`</nav><div>`+main+`</div></div>`)
}

func (o *Org) isAppDetail(tail string) bool {
	id, rest, _ := strings.Cut(tail, "/")
	return rest == "detail" && len(id) >= 15 && id[:15] == o.app.id[:15]
}

// card is a section with a heading.
func card(title, inside string) string {
	return `<section class="card"><h2>` + esc(title) + `</h2>` + inside + `</section>`
}

// list shows labels with their values; several values stand below each other.
func list(rows ...[]string) string {
	var b strings.Builder
	b.WriteString("<dl>")
	for _, row := range rows {
		b.WriteString("<dt>" + esc(row[0]) + "</dt><dd>")
		for _, v := range row[1:] {
			if v == "" {
				v = "–"
			}
			b.WriteString("<div>" + esc(v) + "</div>")
		}
		b.WriteString("</dd>")
	}
	b.WriteString("</dl>")
	return b.String()
}

// tick is a box of the form. A click on one that has a setting turns it.
type tick struct {
	on             bool
	label, setting string
}

func (o *Org) ticks(back string, boxes ...tick) string {
	var b strings.Builder
	b.WriteString(`<ul class="ticks">`)
	for _, t := range boxes {
		class, word := "box", "off"
		if t.on {
			class, word = "box on", "on"
		}
		box := `<span class="` + class + `" role="img" aria-label="` + word + `">✓</span>` + esc(t.label)
		if t.setting != "" {
			box = `<button class="tick" type="submit" name="` + t.setting + `" value="` + strconv.FormatBool(!t.on) + `">` + box + `</button>`
		}
		b.WriteString("<li>" + box + "</li>")
	}
	b.WriteString("</ul>")
	return o.changer(back, b.String())
}

func table(head []string, rows [][]string) string {
	var b strings.Builder
	b.WriteString(`<div class="scroll"><table><thead><tr>`)
	for _, h := range head {
		b.WriteString("<th>" + esc(h) + "</th>")
	}
	b.WriteString("</tr></thead><tbody>")
	if len(rows) == 0 {
		b.WriteString(`<tr><td class="soft" colspan="` + strconv.Itoa(len(head)) + `">Nothing yet.</td></tr>`)
	}
	for _, row := range rows {
		b.WriteString("<tr>")
		for _, cell := range row {
			b.WriteString("<td>" + esc(cell) + "</td>")
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</tbody></table></div>")
	return b.String()
}
