package guide

import (
	"slices"
	"strings"

	"example.com/sfconnect/internal/recipe"
)

// fields are the hand-over fields that this guide's flow has.
func (w *writer) fields() []recipe.Field {
	return slices.DeleteFunc(slices.Clone(w.r.Handover), func(f recipe.Field) bool {
		names, _ := recipe.Names(f.Value)
		return !recipe.Holds(f.When, w.answers) && !w.undecided(f.When) || slices.ContainsFunc(names, func(name string) bool {
			switch name {
			case "consumer_secret":
				return w.r.Authorize.Public
			case "private_key", "private_key_base64", "certificate":
				return w.flow != "jwt-bearer"
			}
			return false
		})
	})
}

// undecided reports whether a condition hangs on an input that nobody has answered.
// The flow is decided: a guide is of one.
func (w *writer) undecided(when string) bool {
	name, _, conditional := strings.Cut(when, "=")
	_, given := w.o.Answers[name]
	return conditional && !given && w.raw.Authorize.Flow != "${"+name+"}"
}

func (w *writer) handoverLabels() []Text {
	var labels []Text
	var seen []string
	for _, f := range w.fields() {
		if !slices.Contains(seen, f.Label) { // one of two, by an answer
			seen, labels = append(seen, f.Label), append(labels, said(f.Label))
		}
	}
	return labels
}

func (w *writer) handover() Section {
	s := Section{ID: "hand-over", Title: "Enter the values in " + w.within(), Number: step, Path: said(w.r.HandoverAt).Plain()}
	if do := saidEach(w.r.HandoverDo); len(do) > 0 {
		s.Blocks = append(s.Blocks, Block{Do: do})
	}
	fields := w.fields()
	if len(fields) == 0 {
		return s
	}
	t := &Table{Head: []string{"Field", "Value", "Exactly"}}
	for _, f := range fields {
		v := value(f.Value)
		t.Rows = append(t.Rows, []Text{said(f.Label), v, w.exactly(f)})
		whole, _ := v.Whole()
		t.Copy = append(t.Copy, whole)
	}
	s.Blocks = append(s.Blocks, Block{Table: t})
	if w.flow == "web" {
		s.Blocks = append(s.Blocks, Block{Para: words("Now "+w.within()+" sends somebody to Salesforce to sign in, at once or when it is first used. Use the org and the user that the integration is meant for, and click ", strong("Allow"), ".")})
	}
	if w.handsOver("refresh_token") {
		s.Blocks = append(s.Blocks, Block{Remark: &Remark{Caution: true, Text: words("A refresh token has one owner. Where the app rotates refresh tokens, each use gives a new one and ends the former: two programs with the same token stop each other. " +
			"After the hand-over let " + w.within() + " alone use it.")}})
	}
	return s
}

// exactly says where a value goes and in which form.
func (w *writer) exactly(f recipe.Field) Text {
	var parts []Text
	if w.undecided(f.When) {
		name, wanted, _ := strings.Cut(f.When, "=")
		parts = append(parts, words("only where ", Text{{Words: name, Gap: true}}, " is "+strings.ReplaceAll(wanted, "|", " or ")))
	}
	if f.Where != "" {
		parts = append(parts, said(f.Where))
	}
	names, _ := recipe.Names(f.Value)
	for _, n := range names {
		about := formOf(n)
		if len(about) == 0 || strings.Contains(f.Where, "https://") { // the vendor's own words tell the form
			continue
		}
		if len(names) > 1 {
			about = words(gapName(n)+": ", about)
		}
		parts = append(parts, about)
	}
	if f.Usual != "" {
		parts = append(parts, words("usually ", value(f.Usual)))
	}
	if f.Secret {
		parts = append(parts, words("a secret"))
	}
	var t Text
	for i, p := range parts {
		if i > 0 {
			t = append(t, words("; ")...)
		}
		t = append(t, p...)
	}
	return t
}
