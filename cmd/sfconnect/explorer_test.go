package main

import (
	"slices"
	"strings"
	"testing"
)

func TestFromExplorer(t *testing.T) {
	for name, c := range map[string]struct {
		args                []string
		ownWindow, explorer bool
		run                 []string
		keep                bool
	}{
		"a double click":                {nil, true, true, []string{"init"}, true},
		"a file dropped on the program": {[]string{`C:\recipe.yaml`}, true, true, []string{`C:\recipe.yaml`}, true},
		"typed in a shell":              {nil, false, false, nil, false},
		// The shell that shares our window may have been started by Explorer itself.
		"typed in a shell of Explorer's": {[]string{"list"}, false, true, []string{"list"}, false},
		"Task Scheduler":                 {[]string{"keepalive", "--all"}, true, false, []string{"keepalive", "--all"}, false},
		"a profile of Windows Terminal":  {nil, true, false, nil, false},
	} {
		run, keep := fromExplorer(c.args, c.ownWindow, func() bool {
			if !c.ownWindow {
				t.Errorf("%s: asked for Explorer without need", name)
			}
			return c.explorer
		})
		if !slices.Equal(run, c.run) || keep != c.keep {
			t.Errorf("%s: runs %q, keeps the window: %v", name, run, keep)
		}
	}
}

func TestWaitForEnter(t *testing.T) {
	for _, typed := range []string{"\n", "yes\r\n", ""} {
		var out strings.Builder
		waitForEnter(strings.NewReader(typed), &out)
		if !strings.Contains(out.String(), "Press Enter") {
			t.Errorf("it says %q", out.String())
		}
	}
}
