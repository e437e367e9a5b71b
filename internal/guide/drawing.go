package guide

// Form is a drawing of one of Salesforce's forms: the parts that the admin will
// see, in that order, each as it should stand.
type Form struct {
	Title  string
	Tabs   []string // of an app's page
	Tab    string   // the one that is open
	Action string   // a button at the top
	Groups []Group
	Submit string // the button at the end

	Picture bool // shows what the steps beside it say
}

// Group is a section of a form.
type Group struct {
	ID, Title string
	Rows      []Control
}

// Kind says how a Control looks.
type Kind string

// The kinds of a Control.
const (
	KindField   Kind = "field"   // one line of text
	KindArea    Kind = "area"    // several lines of text
	KindList    Kind = "list"    // a drop-down list
	KindRadio   Kind = "radio"   // one of several, all to be seen
	KindTick    Kind = "tick"    // a tick box
	KindPicker  Kind = "picker"  // two lists, Available and Selected
	KindUpload  Kind = "upload"  // a button that takes a file
	KindButton  Kind = "button"  // a button to click
	KindHeading Kind = "heading" // words between the parts
)

// Control is one part of a form.
type Control struct {
	Kind     Kind
	ID       string // the recipe's name of it, "" for none
	Label    string
	Required bool // the form has a star beside it
	Sub      bool // belongs to the box above
	Leave    bool // nothing to do: the recipe does not speak of it
	Default  bool // nothing to do: the recipe says that the form's own stays

	Value    Text   // of a field, a list, an upload
	Lines    []Text // of an area
	On       bool   // of a tick
	Decide   Text   // of a tick whose value is not known yet
	Options  []Option
	Selected []Pick // of a picker
	Left     []Pick // what stays in Available
	Notes    []Text
}

// Option is an entry of a radio list.
type Option struct {
	Label  string
	Chosen bool
}

// Pick is an entry of a picker.
type Pick struct {
	Label Text
	Never bool // must not be selected
}

// Copy is the exact value for the clipboard, "" where there is none.
func (c Control) Copy() string {
	if c.Kind == KindField || c.Kind == KindArea {
		text := c.Value
		for i, l := range c.Lines {
			if i > 0 {
				text = append(text, Span{Words: "\n"})
			}
			text = append(text, l...)
		}
		if whole, ok := text.Whole(); ok && !c.Leave {
			return whole
		}
	}
	return ""
}
