// Command gendocs writes the man pages, and shell completions for the packages.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/cli"
	"example.com/sfconnect/internal/docs"
)

func main() {
	man := flag.String("man", "", "write the man pages into this folder")
	completions := flag.String("completions", "", "write the completions of each shell into this folder")
	reference := flag.String("reference", "", "write the reference to this file")
	date := flag.String("date", "1970-01-01", "date of the man pages, as 2006-01-02; what follows is left out")
	version := flag.String("version", "dev", "the program's version")
	flag.Parse()
	if err := write(*man, *completions, *reference, *date, *version); err != nil {
		fmt.Fprintln(os.Stderr, "gendocs:", err)
		os.Exit(1)
	}
}

func write(man, completions, reference, date, version string) error {
	tree := cli.Tree(version)
	if man != "" {
		day, err := time.Parse(time.DateOnly, date[:min(len(date), len(time.DateOnly))])
		if err != nil {
			return err
		}
		if err := docs.Man(man, tree, day); err != nil {
			return err
		}
	}
	if completions != "" {
		if err := writeCompletions(completions, tree); err != nil {
			return err
		}
	}
	if reference == "" {
		return nil
	}
	f, err := os.Create(reference)
	if err != nil {
		return err
	}
	defer f.Close()
	return docs.Reference(f, tree)
}

func writeCompletions(dir string, tree *cobra.Command) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, make := range map[string]func(string) error{
		"sfconnect.bash": func(file string) error { return tree.GenBashCompletionFileV2(file, true) },
		"_sfconnect":     tree.GenZshCompletionFile,
		"sfconnect.fish": func(file string) error { return tree.GenFishCompletionFile(file, true) },
		"sfconnect.ps1":  tree.GenPowerShellCompletionFileWithDesc,
	} {
		if err := make(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}
