package cli

import (
	"fmt"
	"strings"
)

// The columns of the list, made for a terminal of 80.
const (
	codeColumn = 28
	textColumn = 48
)

// listErrors prints one line for each error, grouped by where it comes from.
func (a *app) listErrors(all []explained) {
	first := true
	for _, s := range surfaces() {
		heading := s.heading + ":"
		for _, e := range all {
			if e.Surface != s.name {
				continue
			}
			if heading != "" {
				if !first {
					fmt.Fprintln(a.Stdout)
				}
				fmt.Fprintln(a.Stdout, heading)
				heading, first = "", false
			}
			fmt.Fprintf(a.Stdout, "  %-*s  %s\n", codeColumn, firstOf(e.Code, "-"), clipped(e.short, textColumn))
		}
	}
	fmt.Fprintln(a.Stdout, "\nWhat to do about one of them: sfconnect explain CODE")
}

// tellErrors prints each error at length.
func (a *app) tellErrors(all []explained) {
	out := a.people(a.Stdout, a.StdoutTTY)
	for i, e := range all {
		if i > 0 {
			fmt.Fprintln(a.Stdout)
		}
		var pairs [][2]string
		add := func(name, value string) {
			if value != "" {
				pairs = append(pairs, [2]string{name, value})
			}
		}
		add("Code", e.Code)
		add("Says", e.Description)
		add("Seen", comes(e.Surface))
		add("Means", e.What)
		add("To do", e.Fix)
		if e.SetupPage != nil {
			add("Where", *e.SetupPage)
		}
		if e.SetupURL != nil {
			add("Link", *e.SetupURL)
		}
		add("Exit code", fmt.Sprint(e.Exit))
		out.Pairs(pairs)
	}
}

func comes(name string) string {
	for _, s := range surfaces() {
		if s.name == name {
			return strings.ToLower(s.heading[:1]) + s.heading[1:]
		}
	}
	return name
}

// clipped cuts text between words where it is longer than so many characters.
func clipped(text string, most int) string {
	if len([]rune(text)) <= most {
		return text
	}
	line := ""
	for word := range strings.FieldsSeq(text) {
		if len([]rune(line+" "+word)) > most-1 {
			break
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return line + "…"
}
