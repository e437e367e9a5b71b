package cli_test

import (
	"os"

	"filippo.io/age"
	"github.com/rogpeppe/go-internal/testscript"
)

// makeIdentity writes an identity as age-keygen does: identity FILE.
func makeIdentity(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: identity FILE")
	}
	id, err := age.GenerateX25519Identity()
	ts.Check(err)
	text := "# created: 2026-11-22T10:00:00Z\n# public key: " + id.Recipient().String() + "\n" + id.String() + "\n"
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
	ts.Setenv("IDENTITY_LINE", id.String())
}

// empty wants a folder to hold nothing, or not to be there: empty FOLDER.
func empty(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: empty FOLDER")
	}
	found, err := os.ReadDir(ts.MkAbs(args[0]))
	if err != nil && !os.IsNotExist(err) {
		ts.Fatalf("%v", err)
	}
	if (len(found) == 0) == neg {
		ts.Fatalf("%s holds %d files", args[0], len(found))
	}
}
