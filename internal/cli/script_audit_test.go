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

// until waits until a figure of the org's ledger has grown to a number: until FIELD N.
func until(ts *testscript.TestScript, neg bool, args []string) {
	for range 3000 {
		text, err := json.Marshal(theOrg(ts).Ledger())
		ts.Check(err)
		var figures map[string]any
		ts.Check(json.Unmarshal(text, &figures))
		var wanted float64
		ts.Check(json.Unmarshal([]byte(args[1]), &wanted))
		if n, is := figures[args[0]].(float64); is && n >= wanted {
			return
		}
		time.Sleep(10 * time.Millisecond) // another process works meanwhile
	}
	ts.Fatalf("%s did not come to %s", args[0], args[1])
}
