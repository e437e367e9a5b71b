package wizard

import (
	"context"
	"errors"
	"strings"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/recipe"
)

// interview asks the questions of a list of inputs, those that apply; Back goes one
// question back.
type interview struct {
	ui      UI
	inputs  []recipe.Input
	answers map[string]string // the answers, and before that what was answered earlier
	given   map[string]string // answered beforehand, and not asked
	suggest func(in recipe.Input, current string) string
	flow    string                                     // a template: the input that chooses the flow is asked in an admin's words
	also    func(in recipe.Input, value string) error  // a further check of an answer; may be nil
	words   func(in recipe.Input, value string) string // what an option is called; may be nil
	first   bool                                       // there is nothing to go back to before the first question
	last    bool                                       // begin at the last question: it was come back to
	save    func() error
}

func (v interview) ask(ctx context.Context) error {
	var asked []int
	begin := 0
	if v.last {
		if asked = v.asked(); len(asked) > 0 {
			begin, asked = asked[len(asked)-1], asked[:len(asked)-1]
		}
	}
	for i := begin; i < len(v.inputs); i++ {
		in := v.inputs[i]
		if !recipe.Asked(in, v.answers) {
			if _, given := v.given[in.ID]; given {
				return in.Refused(v.given[in.ID], errors.New("it is asked only where "+in.When))
			}
			v.answers[in.ID] = in.Default
			continue
		}
		value, err := v.answer(ctx, in, v.first && len(asked) == 0)
		if errors.Is(err, ErrBack) && len(asked) > 0 {
			i = asked[len(asked)-1] - 1
			asked = asked[:len(asked)-1]
			continue
		}
		if err != nil {
			return err
		}
		v.answers[in.ID] = value
		if _, given := v.given[in.ID]; !given {
			asked = append(asked, i)
		}
		if err := v.save(); err != nil {
			return err
		}
	}
	return nil
}

// asked are the questions that the answers so far lead to.
func (v interview) asked() (list []int) {
	for i, in := range v.inputs {
		if _, given := v.given[in.ID]; !given && recipe.Asked(in, v.answers) {
			list = append(list, i)
		}
	}
	return list
}

func (v interview) answer(ctx context.Context, in recipe.Input, first bool) (string, error) {
	if value, given := v.given[in.ID]; given {
		value, err := recipe.CheckAnswer(in, value)
		if err != nil {
			return "", in.Refused(v.given[in.ID], err)
		}
		v.ui.Say(Line{Mark: MarkOK, Text: in.Label + ": " + value})
		return value, nil
	}
	current, answered := v.answers[in.ID]
	if !answered {
		current = in.Default
	}
	id, current := "input."+in.ID, v.suggest(in, current)
	if options := v.options(in); options != nil {
		return v.ui.Choose(ctx, Choice{ID: id, Title: in.Label, Help: in.Help, Options: options, Default: current, First: first})
	}
	value, err := v.ui.Ask(ctx, Question{ID: id, Title: in.Label, Help: in.Help, Default: current, Hint: in.Example, First: first, Check: func(raw string) error {
		value, err := recipe.CheckAnswer(in, raw)
		if err == nil && v.also != nil {
			err = v.also(in, value)
		}
		return asSentence(err)
	}})
	if err != nil {
		return "", err
	}
	return recipe.CheckAnswer(in, value)
}

func (v interview) options(in recipe.Input) []Option {
	switch in.Kind {
	case recipe.KindSwitch:
		return []Option{{"on", "Ticked", ""}, {"off", "Not ticked", ""}, {"default", "As Salesforce has it", "the vendor does not say"}}
	case recipe.KindBool:
		return []Option{{"on", "Yes", ""}, {"off", "No", ""}}
	case recipe.KindChoice:
		var options []Option
		words := !strings.Contains(strings.Join(in.Options, ""), "_")
		for _, o := range in.Options {
			option := Option{o, o, ""}
			if words {
				option.Label = upperFirst(o)
			}
			if v.flow == "${"+in.ID+"}" {
				option = flowOption(connection.Flow(o))
			}
			if v.words != nil && v.words(in, o) != "" {
				option.Label = v.words(in, o)
			}
			options = append(options, option)
		}
		return options
	}
	return nil
}

// flowOption names a flow for an admin.
func flowOption(f connection.Flow) Option {
	switch f {
	case connection.FlowWeb:
		return Option{string(f), "Somebody signs in in the browser", "authorization code: the usual way"}
	case connection.FlowPaste:
		return Option{string(f), "Somebody signs in, and pastes an address", "the callback is a page of the vendor's, or of Salesforce's"}
	case connection.FlowClientCredentials:
		return Option{string(f), "As one fixed user, with key and secret", "client credentials, with a Run As user"}
	case connection.FlowJWTBearer:
		return Option{string(f), "As one fixed user, with a certificate", "JWT bearer"}
	case connection.FlowRefreshToken:
		return Option{string(f), "With a refresh token that is there already", ""}
	}
	return Option{string(f), string(f), ""}
}
