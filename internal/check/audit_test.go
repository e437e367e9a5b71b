package check_test

import (
	"testing"

	"example.com/sfconnect/internal/recipe"
)

func TestTry(t *testing.T) {
	r, _ := recipe.Find("quilia")
	g := newRig(t, r, nil)
	for _, f := range g.audit(t, nil).Findings {
		t.Logf("%-40s %-8s want %v got %v %s | %s | %s", f.Name, f.Status, f.Want, f.Got, f.Evidence, f.Detail, f.Hint)
	}
}
