package guide

import (
	"strings"

	"example.com/sfconnect/internal/recipe"
)

// inputs lists what differs from org to org.
func (w *writer) inputs() []Block {
	var rows []Fact
	open := false
	for _, in := range w.r.Inputs {
		if !recipe.Asked(in, w.answers) {
			continue
		}
		answer := value(w.answers[in.ID])
		_, whole := answer.Whole()
		about := describe(in)
		switch {
		case len(answer) == 0:
			about = sentence(about, words("Left out in this guide."))
		case !whole:
			open = true
		case w.o.Answers[in.ID] != "":
			about = sentence(about, words("Here it is ", answer, "."))
		default:
			about = sentence(about, words("Here it is ", answer, ", as usual."))
		}
		rows = append(rows, Fact{Text{{Words: in.ID, Gap: true}}, about})
	}
	if len(rows) == 0 {
		return nil
	}
	blocks := []Block{{Para: words("These values are yours to choose:")}, {Signs: rows}}
	if open {
		blocks = append(blocks, Block{Para: words("Where one of them stands in the guide, in ", Text{{Words: "brackets", Gap: true}}, ", put your own value. To have it filled in: ",
			code(w.named("sfconnect recipe guide")+" --input NAME=VALUE"))})
	}
	return blocks
}

// describe tells of an input: its question, its help and what it may be.
func describe(in recipe.Input) Text {
	t := said(in.Label)
	if in.Help != "" {
		t = sentence(t, said(in.Help))
	}
	if len(in.Options) > 0 {
		var options []Text
		for _, o := range in.Options {
			options = append(options, value(o))
		}
		t = sentence(t, words("One of ", join(options), "."))
	}
	if in.Example != "" {
		t = sentence(t, words("For example ", value(in.Example), "."))
	}
	if in.Pattern != "" {
		t = sentence(t, words("Its form, as a regular expression: ", value(in.Pattern), "."))
	}
	if in.Optional {
		t = sentence(t, words("It may be left out."))
	}
	return t
}

// sentence adds a further sentence to a text.
func sentence(t, next Text) Text {
	end := ". "
	if p := t.Plain(); strings.HasSuffix(p, ".") || strings.HasSuffix(p, "?") || strings.HasSuffix(p, "!") {
		end = " "
	}
	return words(t, end, next)
}

// join makes "a, b and c".
func join(list []Text) Text {
	var t Text
	for i, item := range list {
		switch {
		case i == 0:
		case i == len(list)-1:
			t = append(t, words(" and ")...)
		default:
			t = append(t, words(", ")...)
		}
		t = append(t, item...)
	}
	return t
}
