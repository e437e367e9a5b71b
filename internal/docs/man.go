package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// Man writes a man page for each command below root into dir, dated so.
func Man(dir string, root *cobra.Command, date time.Time) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	all := pages(root)
	for i, p := range all {
		text := p.man(date, root.Version)
		if i == 0 {
			text += manTables() + manRelated(all[1:])
		} else {
			text += ".SH SEE ALSO\n.BR sfconnect (1),\nwhich has the flags of every command, the environment, the files and the exit codes\n"
		}
		if err := os.WriteFile(filepath.Join(dir, p.fileName()+".1"), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (p page) man(date time.Time, version string) string {
	var b strings.Builder
	fmt.Fprintf(&b, ".TH %s 1 %s %s %s\n", quote(strings.ToUpper(p.fileName())), quote(date.Format(time.DateOnly)), quote("sfconnect "+version), quote("sfconnect manual"))
	fmt.Fprintf(&b, ".nh\n.ad l\n.SH NAME\n%s \\- %s\n.SH SYNOPSIS\n.B %s\n.SH DESCRIPTION\n", roff(p.fileName()), roff(p.short), roff(p.use))
	for i, k := range p.about {
		switch {
		case k.asItIs:
			fmt.Fprintf(&b, ".PP\n.nf\n%s\n.fi\n", manLines(k.lines))
		case i > 0:
			fmt.Fprintf(&b, ".PP\n%s\n", manLines(k.lines))
		default:
			fmt.Fprintf(&b, "%s\n", manLines(k.lines))
		}
	}
	if len(p.below) > 0 {
		b.WriteString(".SH COMMANDS\n")
		for _, c := range p.below {
			fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", roff(c.Name()), roff(c.Short))
		}
	}
	if len(p.flags) > 0 {
		b.WriteString(".SH OPTIONS\n")
		for _, f := range p.flags {
			name := `\fB\-\-` + roff(f.name) + `\fR`
			if f.value != "" {
				name += ` \fI` + roff(f.value) + `\fR`
			}
			fmt.Fprintf(&b, ".TP\n%s\n%s\n", name, roff(f.text))
		}
	}
	if len(p.examples) > 0 {
		fmt.Fprintf(&b, ".SH EXAMPLES\n.nf\n%s\n.fi\n", manLines(p.examples))
	}
	return b.String()
}

func manTables() string {
	var b strings.Builder
	for _, t := range []struct {
		title string
		rows  []row
	}{{"ENVIRONMENT", environment()}, {"FILES", files()}, {"EXIT STATUS", exits()}} {
		fmt.Fprintf(&b, ".SH %s\n", t.title)
		for _, r := range t.rows {
			fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", roff(r.name), roff(r.text))
		}
	}
	return b.String()
}

func manRelated(others []page) string {
	var names []string
	for _, p := range others {
		names = append(names, ".BR "+roff(p.fileName())+" (1)")
	}
	return ".SH SEE ALSO\n" + strings.Join(names, ",\n") + "\n"
}

func manLines(lines []string) string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = roff(line)
	}
	return strings.Join(out, "\n")
}

// roff writes a text so that troff reads it as one.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`, "\t", "    ", "›", ">", "‹", "<", "…", "...").Replace(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	return s
}

func quote(s string) string { return `"` + strings.ReplaceAll(roff(s), `"`, `\(dq`) + `"` }
