package docs

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// Reference writes the whole tree below root as one page of Markdown.
func Reference(w io.Writer, root *cobra.Command) error {
	var b strings.Builder
	all := pages(root)
	b.WriteString("# Reference\n\nEvery command and flag, as `sfconnect help` has them. `make reference` writes this page from the commands themselves.\n\n")
	b.WriteString("| command | |\n| --- | --- |\n")
	for _, p := range all[1:] {
		fmt.Fprintf(&b, "| [`%s`](#%s) | %s |\n", p.path, p.fileName(), cell(p.short))
	}
	b.WriteString("\n[Flags of every command](#flags-of-every-command) · [Environment](#environment) · [Files](#files) · [Exit codes](#exit-codes)\n")
	for _, p := range all[1:] {
		p.markdown(&b)
	}
	b.WriteString("\n## Flags of every command\n\n")
	writeFlags(&b, all[0].flags)
	for _, t := range []struct {
		title, name, text string
		rows              []row
	}{
		{"Environment", "variable", "what it is", environment()},
		{"Files", "file", "what it is", files()},
		{"Exit codes", "code", "meaning", exits()},
	} {
		fmt.Fprintf(&b, "\n## %s\n\n| %s | %s |\n| --- | --- |\n", t.title, t.name, t.text)
		for _, r := range t.rows {
			fmt.Fprintf(&b, "| `%s` | %s |\n", strings.ReplaceAll(r.name, ", ", "`, `"), cell(r.text))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (p page) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "\n## %s\n\n%s.\n\n```\n%s\n```\n", p.path, p.short, p.use)
	for _, k := range p.about {
		if k.asItIs {
			fmt.Fprintf(b, "\n```text\n%s\n```\n", strings.Join(k.lines, "\n"))
			continue
		}
		fmt.Fprintf(b, "\n%s\n", cell(strings.Join(k.lines, "\n")))
	}
	if len(p.examples) > 0 {
		fmt.Fprintf(b, "\nExamples:\n\n```sh\n%s\n```\n", strings.Join(p.examples, "\n"))
	}
	if len(p.below) > 0 {
		b.WriteString("\n| command | |\n| --- | --- |\n")
		for _, c := range p.below {
			fmt.Fprintf(b, "| [`%s`](#%s) | %s |\n", c.CommandPath(), strings.ReplaceAll(c.CommandPath(), " ", "-"), cell(c.Short))
		}
	}
	if len(p.flags) > 0 {
		b.WriteString("\n")
		writeFlags(b, p.flags)
	}
}

func writeFlags(b *strings.Builder, flags []option) {
	b.WriteString("| flag | |\n| --- | --- |\n")
	for _, f := range flags {
		name := "--" + f.name
		if f.value != "" {
			name += " " + strings.ToUpper(f.value)
		}
		fmt.Fprintf(b, "| `%s` | %s |\n", name, cell(f.text))
	}
}

// cell keeps Markdown from reading a text as more than a text.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`, "_", `\_`).Replace(s)
}
