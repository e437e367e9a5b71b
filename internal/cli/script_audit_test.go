package cli_test

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"example.com/sfconnect/internal/practice"
	"example.com/sfconnect/internal/recipe"
)

// setUpAs makes an org's app what a recipe asks for, our callback line beside it.
func setUpAs(ts *testscript.TestScript, o *practice.Options, id string) {
	r, err := recipe.Find(id)
	ts.Check(err)
	r = r.Fill(nil)
	o.Recipe = &r
	o.Settings["callbacks"] = strings.Join(append(r.CallbackURLs, o.Settings["callbacks"]), " ")
}

// audited looks a check up by its id in out.json: audited ID STATUS EVIDENCE.
func audited(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 || neg {
		ts.Fatalf("usage: audited ID STATUS EVIDENCE")
	}
	var answer struct {
		Checks []struct{ ID, Status, Evidence string }
	}
	text := ts.ReadFile("out.json")
	ts.Check(json.Unmarshal([]byte(text), &answer))
	for _, c := range answer.Checks {
		if c.ID == args[0] && c.Status == args[1] && c.Evidence == args[2] {
			return
		}
	}
	ts.Fatalf("%s is not %s, %s:\n%s", args[0], args[1], args[2], text)
}

// until waits until a figure of the org's ledger has grown to a number, or by one:
// until FIELD N | until FIELD +N. What never comes is ended by the test's own limit.
func until(ts *testscript.TestScript, neg bool, args []string) {
	from := -1.0
	for {
		text, err := json.Marshal(theOrg(ts).Ledger())
		ts.Check(err)
		var figures map[string]any
		ts.Check(json.Unmarshal(text, &figures))
		var wanted float64
		ts.Check(json.Unmarshal([]byte(strings.TrimPrefix(args[1], "+")), &wanted))
		n, is := figures[args[0]].(float64)
		if !is {
			ts.Fatalf("the ledger has no figure %s", args[0])
		}
		if from < 0 {
			from = 0
			if strings.HasPrefix(args[1], "+") {
				from = n
			}
		}
		if n >= from+wanted {
			return
		}
		time.Sleep(10 * time.Millisecond) // another process works meanwhile
	}
}
