package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// ofOneSystem is every file of the program that only some systems have, with the tests
// that run it, or why none does. "Windows" tests run in Wine too, in the gate.
func ofOneSystem() map[string]struct{ tests, reason string } {
	return map[string]struct{ tests, reason string }{
		"cmd/sfconnect/explorer_other.go":   {"TestFromExplorer", ""},
		"cmd/sfconnect/explorer_windows.go": {"TestWindowsDoubleClick", ""},
		"cmd/sfconnect/files_unix.go":       {"TestOpenFiles", ""},
		"cmd/sfconnect/files_windows.go":    {"TestOpenFiles", ""},
		"cmd/sfconnect/proxy_darwin.go":     {"TestSystemProxySetting TestScutilProxy", "what scutil prints is a text of the test; that macOS' own is asked shows on a Mac alone"},
		"cmd/sfconnect/proxy_other.go":      {"TestSystemProxySetting", ""},
		"cmd/sfconnect/proxy_windows.go":    {"TestWindowsProxySetting", ""},
		"cmd/sfconnect/start_unix.go":       {"TestSystemBrowser TestWindowsBrowserInWSL", ""},
		"cmd/sfconnect/start_windows.go":    {"TestWindowsSignIn", "that Ctrl-C ends the program and not the browser shows in a console of Windows alone"},
		"internal/store/bus_other.go":       {"TestTheSessionBusIsFoundBeforeTheLibraryLooks", "there is no bus to be asked"},
		"internal/store/bus_unix.go":        {"TestKeyring", ""},
		"internal/store/owner_unix.go":      {"TestKeyOfAnotherUser TestLooseModes", ""},
		"internal/store/owner_windows.go":   {"TestWindowsFileStore", ""},
		"internal/store/replace_other.go":   {"TestUpdateSavesAndKeepsTheOneBefore TestUpdatesOfSeveralProcesses", ""},
		"internal/store/replace_windows.go": {"TestFilesThatAnotherProgramHolds", ""},
		"internal/term/quiet_unix.go":       {"TestLinesSecretAfterAWait", ""},
		"internal/term/quiet_windows.go":    {"", "what is typed without an echo shows in a console of Windows alone, which Wine does not have without a screen"},
		"internal/porttest/hold_linux.go":   {"TestHold", ""},
		"internal/porttest/hold_other.go":   {"", "for tests alone, which fail where it is wrong"},
	}
}

// Each file of one system has its test, or a reason.
func TestFilesOfOneSystem(t *testing.T) {
	const root = "../.."
	named := regexp.MustCompile(`_(windows|darwin|linux|unix|other)\.go$`)
	said, declared := ofOneSystem(), map[string]bool{}
	found := map[string]bool{}
	for _, top := range []string{"cmd", "internal"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() && d.Name() == "testdata" {
				return filepath.SkipDir
			}
			if !strings.HasSuffix(path, ".go") {
				return nil
			}
			if strings.HasSuffix(path, "_test.go") {
				parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
				if err != nil {
					return err
				}
				for _, decl := range parsed.Decls {
					if f, ok := decl.(*ast.FuncDecl); ok {
						declared[f.Name.Name] = true
					}
				}
				return nil
			}
			text, err := os.ReadFile(path)
			if err == nil && (named.MatchString(path) || strings.HasPrefix(string(text), "//go:build ")) {
				name, _ := filepath.Rel(root, path)
				found[filepath.ToSlash(name)] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name := range found {
		about := said[name]
		if about.tests == "" && about.reason == "" {
			t.Errorf("%s has neither a test nor a reason in the table", name)
		}
		for _, test := range strings.Fields(about.tests) {
			if !declared[test] {
				t.Errorf("%s: there is no %s", name, test)
			}
		}
	}
	for name := range said {
		if !found[name] {
			t.Errorf("%s is in the table and no file of one system", name)
		}
	}
}
