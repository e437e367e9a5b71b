package cli

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"example.com/sfconnect/internal/practice"
)

// What people are told to do is right in cmd.exe and PowerShell too: no text has a form
// that POSIX shells alone know, but for those that are shown where there is one.
func TestAdviceIsForEveryShell(t *testing.T) {
	posix := regexp.MustCompile(`SFCONNECT_[A-Z_]+=\S* +sfconnect|\bexport [A-Z_]+=|mkdir -p|(^|\s)~/|sfconnect [^\n]*'[^'\s]*[ |&][^'\n]*'`)
	mayHave := map[string]bool{
		"../check/doctor.go":     true, // asks for the system
		"../cli/practicetext.go": true,
		"../guide/signin.go":     true, // beside openssl, for who writes a script
	}
	files, err := filepath.Glob("../*/*.go")
	if err != nil || len(files) < 100 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || mayHave[file] || strings.HasPrefix(file, "../practice/") || strings.HasPrefix(file, "../docs/") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			if text, err := strconv.Unquote(lit.Value); err == nil && posix.MatchString(text) {
				t.Errorf("%s: %q has %q", file, text, posix.FindString(text))
			}
			return true
		})
	}
}

func TestPracticeLinesFitTheSystem(t *testing.T) {
	f := practice.Facts{ConsumerKey: "K", ConsumerSecret: "5EC2E7", MyDomainURL: "http://127.0.0.1:1", Username: "ada", Settings: map[string]string{
		"client_credentials_flow": "true", "client_credentials_policy": "true", "run_as": "ada"}}
	const flags = "--flow client-credentials --profile practice-client --login-url http://127.0.0.1:1 --consumer-key K\n"
	for goos, want := range map[string]string{
		"linux":   "  SFCONNECT_CONSUMER_SECRET=5EC2E7 sfconnect auth " + flags,
		"windows": "  echo 5EC2E7| sfconnect auth --consumer-secret-stdin " + flags,
	} {
		if got := withoutBrowser(f, goos); !strings.Contains(got, want) {
			t.Errorf("%s: got %s, want %s", goos, got, want)
		}
	}
}
