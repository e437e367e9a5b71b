package oauthflow

import (
	"crypto/sha256"
	_ "embed" // for page.html and page.css
	"encoding/base64"
	"html"
	"net/http"
	"strconv"
	"strings"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

// ResultPage is what the browser shows at the end of a login. All texts are
// plain and escaped here; Hint may have several lines.
type ResultPage struct {
	OK      bool
	Title   string
	Message string
	Hint    string
	Rows    [][2]string // label and value, e.g. "Org", "Acme Inc"
	Status  int         // 4xx or 5xx when not OK; 0 stands for 400
}

func (p ResultPage) status() int {
	switch {
	case p.OK:
		return http.StatusOK
	case p.Status < 400 || p.Status > 599:
		return http.StatusBadRequest
	}
	return p.Status
}

const (
	// ownAnswer is the header by which conn knows our answers.
	ownAnswer     = "Referrer-Policy"
	policyNothing = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

func commonHeaders(policy string) [][2]string {
	return [][2]string{
		{"Cache-Control", "no-store"},
		{"Content-Security-Policy", policy},
		{ownAnswer, "no-referrer"},
		{"X-Content-Type-Options", "nosniff"},
		{"X-Frame-Options", "DENY"},
	}
}

func writeAnswer(w http.ResponseWriter, status int, policy, contentType, body string) {
	h := w.Header()
	for _, c := range commonHeaders(policy) {
		h.Set(c[0], c[1])
	}
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	// A browser that has left needs no answer.
	_, _ = w.Write([]byte(body))
}

// pageFrame is the page without its contents, and the policy that allows its
// style sheet alone (by hash) and an empty icon.
type pageFrame struct{ html, policy string }

func newPageFrame() pageFrame {
	sum := sha256.Sum256([]byte(pageCSS))
	return pageFrame{
		html: strings.Replace(pageHTML, "{{style}}", pageCSS, 1),
		policy: policyNothing + "; img-src data:; style-src 'sha256-" +
			base64.StdEncoding.EncodeToString(sum[:]) + "'",
	}
}

func (cb *Callback) show(w http.ResponseWriter, status int, p ResultPage) {
	writeAnswer(w, status, cb.page.policy, "text/html; charset=utf-8", cb.page.render(p, status))
}

func (f pageFrame) render(p ResultPage, status int) string {
	kind := "failed"
	switch {
	case p.OK:
		kind = "done"
	case status == http.StatusNotFound || status == http.StatusMethodNotAllowed || status == http.StatusMisdirectedRequest:
		kind = "apart"
	}
	return strings.NewReplacer(
		"{{kind}}", kind,
		"{{title}}", escape(p.Title),
		"{{message}}", paragraph("message", p.Message),
		"{{rows}}", rows(p.Rows),
		"{{hint}}", paragraph("hint", p.Hint),
	).Replace(f.html)
}

func paragraph(class, text string) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return `<p class="` + class + `">` + escape(text) + "</p>"
}

func rows(list [][2]string) string {
	if len(list) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("<dl>")
	for _, row := range list {
		b.WriteString("<div><dt>" + escape(row[0]) + "</dt><dd><bdi>" + escape(row[1]) + "</bdi></dd></div>")
	}
	b.WriteString("</dl>")
	return b.String()
}

// escape keeps line breaks and drops what a terminal or a browser would obey.
func escape(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = html.EscapeString(oneLine(line, 2000))
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
