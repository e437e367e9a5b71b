package oauthflow

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"
)

func TestPagePolicyAllowsItsOwnStyleAndNothingElse(t *testing.T) {
	f := newPageFrame()
	page := f.render(ResultPage{OK: true, Title: "T"}, 200)
	_, rest, _ := strings.Cut(page, "<style>")
	style, _, found := strings.Cut(rest, "</style>")
	sum := sha256.Sum256([]byte(style))
	if !found || len(style) < 500 || !strings.Contains(f.policy, "style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") {
		t.Errorf("policy %q does not fit a style of %d bytes", f.policy, len(style))
	}
	for _, external := range []string{"//", "<script", "url(", "@import", " style=", "javascript:", "src="} {
		if strings.Contains(page, external) {
			t.Errorf("%q in the page", external)
		}
	}
	if left := regexp.MustCompile(`{{|}}|\$\{`).FindString(page); left != "" {
		t.Errorf("%q left in the page", left)
	}
}

func TestPageEscapesEveryField(t *testing.T) {
	evil := `<script>alert("x")</script>'&amp;{{hint}}` + "\x1b[31m\u202e\x00\x9b"
	page := newPageFrame().render(ResultPage{Title: evil, Message: evil, Hint: evil, Rows: [][2]string{{evil, evil}}}, 500)
	for _, bad := range []string{"<script", `"x"`, "\x1b", "\u202e", "\x00", "\u009b"} {
		if strings.Contains(page, bad) {
			t.Errorf("%q in the page", bad)
		}
	}
	if got := strings.Count(page, "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;&#39;&amp;amp;{{hint}}[31m"); got != 6 {
		t.Errorf("the text is there %d times, want 6\n%s", got, page)
	}
}

func TestPageKeepsLinesAndLeavesOutWhatIsEmpty(t *testing.T) {
	page := newPageFrame().render(ResultPage{OK: true, Title: "Connected", Hint: "First line.\n\n  Second   line.\n"}, 200)
	if !strings.Contains(page, `<p class="hint">First line.`+"\n\n"+`Second line.</p>`) {
		t.Error("lines of the hint are lost")
	}
	if strings.Contains(page, "<dl>") || strings.Contains(page, `class="message"`) {
		t.Error("empty parts are shown")
	}
}
