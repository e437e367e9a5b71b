package cli_test

import (
	"strings"
	"testing"

	"example.com/sfconnect/internal/practice"
	"example.com/sfconnect/internal/salesforce"
)

// faultEntry finds what the error of a practice fault means; false for a fault
// that is no error of Salesforce's.
func faultEntry(f practice.FaultInfo) (salesforce.Entry, bool) {
	if f.Code == "" && f.Description == "" {
		return salesforce.Entry{}, false
	}
	return salesforce.Lookup(salesforce.Surface(f.Surface), f.Code, f.Description)
}

// Every error of the dictionary says what to do, and can be rehearsed.
func TestDictionary(t *testing.T) {
	rehearsed := map[salesforce.Entry]bool{}
	for _, f := range practice.FaultNames() {
		if e, ok := faultEntry(f); ok && string(e.Surface) == f.Surface {
			rehearsed[e] = true
		} else if f.Code != "" {
			t.Errorf("the practice org's fault %s (%s %q) is in no row of the dictionary", f.Name, f.Code, f.Description)
		}
	}
	for _, e := range salesforce.Entries() {
		name := string(e.Surface) + " " + e.Code + " " + e.Description
		if !wholeSentences(e.Fix) {
			t.Errorf("%s: the remedy is no whole sentence: %q", name, e.Fix)
		}
		if strings.Contains(e.Fix, " tab") && e.Page == "" {
			t.Errorf("%s: the remedy is in Setup, and no page is named", name)
		}
		if !rehearsed[e] {
			t.Errorf("%s: the practice org has no fault for it", name)
		}
	}
}

func wholeSentences(s string) bool {
	for part := range strings.SplitSeq(s, ". ") {
		if part == "" || strings.ToUpper(part[:1]) != part[:1] {
			return false
		}
	}
	return strings.HasSuffix(s, ".")
}
