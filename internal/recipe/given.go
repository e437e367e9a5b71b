package recipe

import (
	"fmt"
	"strings"

	"example.com/sfconnect/internal/fault"
)

// InputNamed is the input of that id; else a usage fault that names those there are.
func (r Recipe) InputNamed(id string) (Input, error) {
	names := "nothing"
	for i, in := range r.Inputs {
		if in.ID == id {
			return in, nil
		}
		if i == 0 {
			names = in.ID
		} else {
			names += ", " + in.ID
		}
	}
	return Input{}, fault.New(fault.Usage, "input", fmt.Sprintf("%s does not ask for %q.", r.Title, id), "It asks for: "+names+".")
}

// Refused is the usage fault of an answer that was given with --input and why it cannot
// be used.
func (in Input) Refused(answer string, why error) *fault.Fault {
	return fault.New(fault.Usage, "input", fmt.Sprintf("The answer --input %s=%s cannot be used: %v.", in.ID, answer, why),
		strings.TrimSpace(in.Label+". "+in.Help)).Because(why)
}
