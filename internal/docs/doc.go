// Package docs writes the reference and the man pages from the commands
// themselves. The program does not contain it; testdata/gendocs and a test run it.
package docs

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// page is one command as both forms show it.
type page struct {
	path     string // "sfconnect store migrate"
	short    string
	about    []block
	use      string
	examples []string
	flags    []option // its own; the root's are those of every command
	below    []*cobra.Command
}

// block is a paragraph, or lines that stay as they are.
type block struct {
	asItIs bool
	lines  []string
}

type option struct {
	name, value, text string // value is "" for a switch
}

// pages are the commands in the order of the help. The completion scripts of each
// shell are cobra's, and one page tells of them all.
func pages(root *cobra.Command) []page {
	all := []page{newPage(root)}
	for _, c := range root.Commands() {
		switch {
		case !c.IsAvailableCommand() || c.Name() == "help":
		case c.Name() == "completion":
			p := newPage(c)
			p.below = nil
			all = append(all, p)
		default:
			all = append(all, pages(c)...)
		}
	}
	return all
}

func newPage(c *cobra.Command) page {
	p := page{path: c.CommandPath(), short: c.Short, about: blocks(c.Long), use: c.UseLine()}
	for line := range strings.Lines(c.Example) {
		p.examples = append(p.examples, strings.TrimPrefix(strings.TrimRight(line, "\n"), "  "))
	}
	c.NonInheritedFlags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden && f.Name != "help" {
			p.flags = append(p.flags, newFlag(f))
		}
	})
	for _, child := range c.Commands() {
		if child.IsAvailableCommand() && child.Name() != "help" {
			p.below = append(p.below, child)
		}
	}
	return p
}

func newFlag(f *pflag.Flag) option {
	value, text := pflag.UnquoteUsage(f)
	switch value {
	case "stringArray":
		value = "string"
	case "duration":
		value = "time"
	}
	if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "[]" && f.DefValue != "0" && !strings.Contains(text, "(default") {
		text += " (default " + f.DefValue + ")"
	}
	return option{f.Name, value, text}
}

// blocks reads a description as it is written for a terminal: a blank line ends a
// paragraph, and indented lines are a list of their own.
func blocks(text string) []block {
	var all []block
	open := false
	for line := range strings.Lines(strings.TrimSpace(text)) {
		line = strings.TrimRight(line, "\n")
		asItIs := strings.HasPrefix(line, "  ") || strings.HasPrefix(line, "\t")
		switch last := len(all) - 1; {
		case line == "":
			open = false
		case open && all[last].asItIs == asItIs:
			all[last].lines = append(all[last].lines, line)
		default:
			all, open = append(all, block{asItIs, []string{line}}), true
		}
	}
	return all
}

// fileName is a page's own: "sfconnect-store-migrate".
func (p page) fileName() string { return strings.ReplaceAll(p.path, " ", "-") }
