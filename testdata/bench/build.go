package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// buildAll builds the contestants on the spot, all with the same flags.
func buildAll(work string) error {
	direct, err := directImports()
	if err != nil {
		return err
	}
	var source strings.Builder
	source.WriteString("package main\n\nimport (\n")
	for _, path := range direct {
		fmt.Fprintf(&source, "\t_ %q\n", path)
	}
	source.WriteString(")\n\nfunc main() {}\n")
	programs := map[string]string{
		"hello": "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello, world\") }\n",
		"empty": source.String(),
	}
	for name, text := range programs {
		dir := filepath.Join(work, "src", name)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(text), 0o644); err != nil {
			return err
		}
		if err := build(filepath.Join(work, name), "./bin/_bench/src/"+name); err != nil {
			return err
		}
	}
	return build(filepath.Join(work, "sfconnect"), "./cmd/sfconnect")
}

func build(out, what string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", out, what)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0") // as the Makefile builds
	cmd.Stderr = os.Stderr
	return cmd.Run()
}

// directImports lists every package that ours import, our own left out.
func directImports() ([]string, error) {
	out, err := exec.Command("go", "list", "-deps", "-f", `{{if .Module}}{{if .Module.Main}}{{join .Imports "\n"}}{{end}}{{end}}`, "./cmd/sfconnect").Output()
	if err != nil {
		return nil, err
	}
	var all []string
	for _, path := range strings.Fields(string(out)) {
		if !strings.HasPrefix(path, "example.com/sfconnect") && !slices.Contains(all, path) {
			all = append(all, path)
		}
	}
	slices.Sort(all)
	return all, nil
}
