// Command licenses looks at the licence of every module that is built into the
// program, for each system. It ends with 1 where one is not known to go together
// with Apache-2.0, and writes with -output the texts that must come along.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

type module struct{ path, version, dir string }

func main() {
	output := flag.String("output", "", "write every licence's text to this file")
	verbose := flag.Bool("v", false, "list the modules")
	flag.Parse()
	if err := run(*output, *verbose); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(output string, verbose bool) error {
	modules, err := builtIn()
	if err != nil {
		return err
	}
	var wrong []error
	var texts strings.Builder
	texts.WriteString("sfconnect contains the work of others, under these licences.\n")
	for _, m := range modules {
		name, text, err := licenceOf(m.dir)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s %s: %w", m.path, m.version, err))
			continue
		}
		if verbose {
			fmt.Printf("%-12s %s %s\n", name, m.path, m.version)
		}
		fmt.Fprintf(&texts, "\n%s\n%s %s (%s)\n\n%s\n", strings.Repeat("=", 80), m.path, m.version, name, strings.TrimSpace(text))
	}
	if err := errors.Join(wrong...); err != nil || output == "" {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(output), 0o755); err != nil {
		return err
	}
	return os.WriteFile(output, []byte(texts.String()), 0o644)
}

// builtIn are the modules whose packages are in the program on any system, and Go itself.
func builtIn() ([]module, error) {
	goroot, err := exec.Command("go", "env", "GOROOT", "GOVERSION").Output()
	if err != nil {
		return nil, err
	}
	its := strings.Fields(string(goroot))
	modules := []module{{"Go", its[1], its[0]}}
	for _, system := range []string{"linux", "darwin", "windows"} {
		list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}", "./cmd/sfconnect")
		list.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		list.Stderr = os.Stderr
		out, err := list.Output()
		if err != nil {
			return nil, fmt.Errorf("go list for %s: %w", system, err)
		}
		for line := range strings.Lines(string(out)) {
			if f := strings.Split(strings.TrimSpace(line), "\t"); len(f) == 3 {
				modules = append(modules, module{f[0], f[1], f[2]})
			}
		}
	}
	slices.SortFunc(modules[1:], func(a, b module) int { return strings.Compare(a.path, b.path) })
	return slices.Compact(modules), nil
}

// licenceOf reads the licence, and the notice where there is one.
func licenceOf(dir string) (name, text string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", "", err
	}
	for _, e := range entries {
		switch base := strings.ToUpper(strings.TrimSuffix(e.Name(), filepath.Ext(e.Name()))); base {
		case "LICENSE", "LICENCE", "COPYING", "NOTICE":
			data, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				return "", "", err
			}
			if base != "NOTICE" && name == "" {
				name = nameOf(string(data))
			}
			text += string(data) + "\n"
		}
	}
	if text == "" { // an author may have said it in the README alone
		readme, _ := os.ReadFile(filepath.Join(dir, "README.md"))
		_, said, _ := strings.Cut(string(readme), "\n## License\n")
		said, _, _ = strings.Cut(strings.TrimSpace(said), "\n")
		if said == "MIT" {
			return said, "The author says in the README: License: MIT.", nil
		}
		return "", "", errors.New("it has no licence")
	}
	switch {
	case name == "":
		return "", "", errors.New("its licence is none of those that go together with Apache-2.0 for sure")
	}
	return name, text, nil
}

// nameOf knows the licences that ask for no more than their own text.
func nameOf(text string) string {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	has := func(part string) bool { return strings.Contains(text, part) }
	switch {
	case has("general public license"), has("all rights reserved") && has("commercial"):
		return ""
	case has("apache license version 2.0"):
		return "Apache-2.0"
	case has("redistribution and use in source and binary forms") && has("neither the name"):
		return "BSD-3-Clause"
	case has("redistribution and use in source and binary forms"):
		return "BSD-2-Clause"
	case has("permission is hereby granted, free of charge"):
		return "MIT"
	case has("permission to use, copy, modify, and"):
		return "ISC"
	}
	return ""
}
