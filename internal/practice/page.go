package practice

import (
	"crypto/sha256"
	_ "embed" // the frame and the style sheet of every page
	"encoding/base64"
	"html"
	"strings"
)

//go:embed pages/frame.html
var frame string

//go:embed pages/style.css
var style string

// styleSheet returns the style sheet and the policy that allows it and nothing
// else. There is no form-action in it: Chromium applies that to the redirect
// after a form too, and would stop the way from Allow to the callback.
func styleSheet() (sheet, policy string) {
	sum := sha256.Sum256([]byte(style))
	return style, "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
}

func esc(s string) string { return html.EscapeString(s) }

// page is a whole web page. title is text, main is markup; width is "narrow" or "wide".
func (o *Org) page(status int, title, width, main string) reply {
	text := strings.NewReplacer(
		"{{title}}", esc(title), "{{style}}", o.style, "{{width}}", width, "{{main}}", main,
		"{{org}}", esc(o.cfg.orgName), "{{environment}}", esc(o.cfg.environment),
		"{{setup}}", esc(o.myDomain.String()+setupHome),
	).Replace(frame)
	h := header("text/html;charset=UTF-8")
	h.Set("Content-Security-Policy", o.csp)
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	return reply{status: status, header: h, body: []byte(text)}
}
