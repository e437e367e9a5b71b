package term

import (
	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/huh"
	"github.com/charmbracelet/lipgloss"
)

// chosen marks the option under the cursor.
const chosen = "› "

// theme is huh's look in our styles. Borders and titles are left out: the
// screens around a field draw those.
func (s style) theme() *huh.Theme {
	plain := lipgloss.NewStyle()
	field := huh.FieldStyles{
		Base:             plain,
		Title:            s.faint,
		Description:      s.faint,
		ErrorIndicator:   plain,
		ErrorMessage:     s.fail,
		SelectSelector:   s.accent.SetString(chosen),
		Option:           plain,
		SelectedOption:   s.accent,
		UnselectedOption: plain,
		NextIndicator:    plain,
		PrevIndicator:    plain,
		TextInput: huh.TextInputStyles{
			Cursor:      s.cursor,
			CursorText:  plain,
			Placeholder: s.faint,
			Prompt:      s.accent,
			Text:        plain,
		},
	}
	t := huh.ThemeBase()
	t.Form.Base, t.Group.Base = plain, plain
	t.Focused, t.Blurred = field, field
	return t
}

// keys binds the keys of a form. Letters stay free, for shortcuts and for
// typing; Esc, Ctrl-C and what they mean are handled by the screens.
func keys(filter bool) *huh.KeyMap {
	bind := func(names ...string) key.Binding { return key.NewBinding(key.WithKeys(names...)) }
	k := huh.NewDefaultKeyMap()
	k.Quit = key.NewBinding()
	k.Input = huh.InputKeyMap{Submit: bind("enter")}
	k.Select = huh.SelectKeyMap{
		Up:           bind("up", "ctrl+p", "shift+tab"),
		Down:         bind("down", "ctrl+n", "tab"),
		Left:         bind("left", "shift+tab"),
		Right:        bind("right", "tab"),
		GotoTop:      bind("home"),
		GotoBottom:   bind("end"),
		HalfPageUp:   bind("pgup"),
		HalfPageDown: bind("pgdown"),
		Submit:       bind("enter"),
	}
	if filter {
		k.Select.Filter = bind("/")
		k.Select.SetFilter = key.NewBinding(key.WithKeys("esc"), key.WithDisabled())
		k.Select.ClearFilter = key.NewBinding(key.WithKeys("esc"), key.WithDisabled())
	}
	return k
}

// form puts one field into a form of its own. huh would switch itself to its
// line mode where TERM is dumb, which loses errors and Ctrl-C: package doc of
// Lines says what is used there instead.
func (s style) form(field huh.Field, filter bool) *huh.Form {
	return huh.NewForm(huh.NewGroup(field).WithShowHelp(false).WithShowErrors(false)).
		WithShowHelp(false).WithShowErrors(false).
		WithTheme(s.theme()).WithKeyMap(keys(filter)).
		WithAccessible(false)
}
