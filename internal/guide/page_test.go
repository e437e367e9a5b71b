package guide_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	render "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"

	"example.com/sfconnect/internal/guide"
	"example.com/sfconnect/internal/recipe"
)

func itoa(n int) string { return strconv.Itoa(n) }

// rendered is GitHub-flavoured Markdown as a page, with the markup in it let through.
func rendered(t testing.TB, md string) string {
	t.Helper()
	var out bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(render.WithUnsafe())).Convert([]byte(md), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// A page is sound: nothing outside of it is needed, nothing runs but its own script,
// and people who cannot see it find their way.
func TestPage(t *testing.T) {
	everyRecipe(t, func(t *testing.T, whole recipe.Recipe, variant string) {
		page := write(t, whole, guide.Options{Variant: variant, Login: acme(t)}).html
		ids, targets, level, policy := map[string]bool{}, []string{}, 0, ""
		eachNode(t, page, func(n *html.Node) {
			if n.Type != html.ElementNode {
				return
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "src" || a.Key == "srcset" {
					t.Errorf("<%s> has %s=%q", n.Data, a.Key, a.Val)
				}
			}
			if id, ok := attribute(n, "id"); ok {
				if ids[id] {
					t.Errorf("there are two %q", id)
				}
				ids[id] = true
			}
			href, _ := attribute(n, "href")
			switch n.Data {
			case "html":
				if lang, _ := attribute(n, "lang"); lang != "en" {
					t.Errorf("the language is %q", lang)
				}
			case "h1", "h2", "h3", "h4":
				now := int(n.Data[1] - '0')
				if now > level+1 || now == 1 && level != 0 {
					t.Errorf("<%s> %q comes after a heading of level %d", n.Data, nodeText(n), level)
				}
				level = now
			case "a":
				if target, ok := strings.CutPrefix(href, "#"); ok {
					targets = append(targets, target)
				} else if !strings.HasPrefix(href, "https://") {
					t.Errorf("a link leads to %q", href)
				}
			case "link":
				if href != "data:," {
					t.Errorf("<link> to %q", href)
				}
			case "meta":
				if kind, _ := attribute(n, "http-equiv"); kind == "Content-Security-Policy" {
					policy, _ = attribute(n, "content")
				}
			case "style", "script":
				if sum := sha256.Sum256([]byte(n.FirstChild.Data)); !strings.Contains(policy, n.Data+"-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") {
					t.Errorf("the policy does not allow the page's own <%s>: %s", n.Data, policy)
				}
			case "input":
				if n.Parent.Data != "label" || nodeText(n.Parent) == "" {
					t.Error("an input has no label")
				}
			case "button":
				if name, _ := attribute(n, "aria-label"); name == "" && nodeText(n) == "" {
					t.Error("a button has no name")
				}
			case "th":
				if scope, _ := attribute(n, "scope"); scope == "" {
					t.Error("a table's head has no scope")
				}
			case "iframe", "object", "embed", "img", "form", "base", "video", "audio":
				t.Errorf("there is a <%s>", n.Data)
			}
		})
		for _, target := range targets {
			if !ids[target] {
				t.Errorf("a link leads to #%s, which is not there", target)
			}
		}
		if got := strings.Count(page, "<script"); got != 1 {
			t.Errorf("%d scripts", got)
		}
	})
}

func nodeText(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	text := ""
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		text += nodeText(c)
	}
	return strings.TrimSpace(text)
}

// Markdown of a hostile recipe holds the markup that is ours, and nothing of theirs.
func TestMarkdownInert(t *testing.T) {
	everyRecipe(t, func(t *testing.T, whole recipe.Recipe, variant string) {
		r, err := whole.Variant(variant)
		if err != nil {
			t.Fatal(err)
		}
		md := write(t, whole, guide.Options{Variant: variant}).md
		ours := []string{"html", "head", "body", "h1", "h2", "h3", "p", "a", "ul", "ol", "li", "strong", "code", "pre", "blockquote", "table", "thead", "tbody", "tr", "th", "td", "input"}
		var links []string
		cells := 0
		eachNode(t, rendered(t, md), func(n *html.Node) {
			switch {
			case n.Type == html.CommentNode:
				t.Errorf("there is a comment in a <%s>", n.Parent.Data)
			case n.Type != html.ElementNode:
			case !slices.Contains(ours, n.Data):
				t.Errorf("there is a <%s> in a <%s>", n.Data, n.Parent.Data)
			case n.Data == "a":
				href, _ := attribute(n, "href")
				links = append(links, href)
			case n.Data == "tr":
				cells = 0
			case n.Data == "td", n.Data == "th":
				if cells++; cells > 3 {
					t.Errorf("a row has a cell too many: %q", nodeText(n))
				}
			}
		})
		allowed := []string{r.Source.URL}
		for _, m := range r.Source.More {
			allowed = append(allowed, m.URL)
		}
		for _, l := range links {
			if plain := strings.NewReplacer("%5B", "[", "%5D", "]").Replace(l); !slices.Contains(allowed, plain) {
				t.Errorf("a link leads to %q", l)
			}
		}
		for _, line := range strings.Split(md, "\n") {
			if strings.HasSuffix(line, " ") {
				t.Errorf("this line ends in a blank: %q", line)
			}
		}
	})
}

// FuzzMarkdown holds what a reader of the Markdown sees against what the recipe says.
func FuzzMarkdown(f *testing.F) {
	for _, seed := range []string{"plain words", "<b>", "`a` ``b``", "a_b_ *c* ~~d~~", "# x", "1. x", "www.x.y and https://x.y.", "&amp;", `\*`, "[a](b)", "| a |", "- x", "a  b", "x\\", "![a](b)", "‹x›", "$x$", "a@b.cc", "!`x`"} {
		f.Add(seed)
	}
	whole, err := recipe.Find("quilia")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		in := recipe.Input{Kind: recipe.KindText}
		text, err := recipe.CheckAnswer(in, text)
		if err != nil || text == "" {
			t.Skip() // no recipe can hold it
		}
		r := whole
		r.Notes, r.App.Description = []string{text, "last"}, text
		page := rendered(t, write(t, r, guide.Options{}).md)
		items, values := 0, 0
		eachNode(t, page, func(n *html.Node) {
			if n.Type != html.ElementNode {
				return
			}
			switch squeeze(nodeText(n)) {
			case squeeze(text):
				if n.Data == "li" {
					items++
				}
				if n.Data == "code" {
					values++
				}
			}
		})
		if items == 0 || values == 0 {
			t.Errorf("%q stands %d times as a note and %d times as a value in\n%s", text, items, values, page)
		}
	})
}
