package main

import (
	"regexp"
	"testing"

	"example.com/sfconnect/internal/practice"
	"example.com/sfconnect/internal/recipe"
)

// TestEachRecipeIsRehearsedByKeyboard goes through every recipe and variant on a real
// terminal with nothing but Enter, in the flow that the recipe asks for.
func TestEachRecipeIsRehearsedByKeyboard(t *testing.T) {
	all, err := recipe.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if len(r.Variants) == 0 {
			t.Run(r.ID, func(t *testing.T) { rehearses(t, "--recipe", r.ID) })
		}
		for _, v := range r.Variants {
			t.Run(r.ID+"-"+v.ID, func(t *testing.T) { rehearses(t, "--recipe", r.ID, "--variant", v.ID) })
		}
	}
}

// formOrEnd matches a form that takes Enter, the authorize address, or the end.
const formOrEnd = newForm + `[^\x{27e6}]*?\benter (?:accept|choose)\b|(?m:^(https?://\S+/services/oauth2/authorize\?\S+)\r*\n)|(rehearsal is finished)`

func rehearses(t *testing.T, args ...string) {
	u := newUser(t)
	browser, _ := u.hasBrowser()
	s := u.sits(append([]string{"init", "--practice", "--browser", browser}, args...)...)
	pasted := false
	for {
		switch read := s.screen.reads(formOrEnd); {
		case read[2] != "":
			s.exits(0)
			u.wantNoLeftovers()
			return
		case read[1] == "":
			s.types(keyEnter)
		case !pasted && !regexp.MustCompile(`redirect_uri=http%3A%2F%2Flocalhost%3A17`).MatchString(read[1]):
			pasted = true // the browser cannot come back
			landed, err := (practice.Visitor{}).Address(t.Context(), read[1])
			if err != nil {
				t.Fatal(err)
			}
			s.types(landed + keyEnter)
		}
	}
}
