package connection

import (
	"errors"
	"fmt"
	"strings"

	"example.com/sfconnect/internal/fault"
)

// Unsaved completes why a sign-in failed by what that means for what is saved under
// the profile's name: nothing was saved, or what there was stays as it is. It is said
// once; an err that is no fault, or nil, is returned as it came.
func (m *Machine) Unsaved(profile string, err error) error {
	var f *fault.Fault
	if !errors.As(err, &f) || saysUnsaved(f.Message) {
		return err
	}
	text := "Nothing was saved."
	if set, err := m.File.Load(); err != nil {
		text = "" // what there was cannot be read
	} else if _, saved := set.Profiles[profile]; saved {
		text = fmt.Sprintf("The saved connection %q is unchanged.", profile)
	}
	g := *f
	g.Message = strings.TrimSpace(g.Message + " " + text)
	return &g
}

// saysUnsaved reports whether a sentence tells already that nothing came of it.
func saysUnsaved(message string) bool {
	for _, words := range []string{"othing was saved", "othing was changed", "othing was sent", "was not saved", "were not saved", "is unchanged"} {
		if strings.Contains(message, words) {
			return true
		}
	}
	return false
}
