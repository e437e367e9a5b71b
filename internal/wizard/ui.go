package wizard

import (
	"context"
	"errors"
	"time"

	"example.com/sfconnect/internal/secret"
)

// ErrLeave is returned by every method of UI when the person leaves (Ctrl-C, the
// Leave action, end of input). Progress is kept.
var ErrLeave = errors.New("left")

// ErrBack is returned when the person asks for the step before.
var ErrBack = errors.New("back")

// UI is all that the wizard needs from whoever shows it. Every question carries
// an ID, by which prepared answers are matched. Methods end early with the
// context's error when ctx ends. Not safe for concurrent use.
type UI interface {
	// Begin starts a screen: where the person is, and what the step is for.
	Begin(Screen)
	// Say prints one finding.
	Say(Line)
	// Choose asks for one of the options and returns its Value.
	Choose(ctx context.Context, c Choice) (string, error)
	// Ask asks for one line of text, shown as typed. Check is called for each
	// try; its error is shown and the person goes on editing.
	Ask(ctx context.Context, q Question) (string, error)
	// AskSecret is Ask without an echo.
	AskSecret(ctx context.Context, q Question) (secret.Value, error)
	// Page shows one page of the checklist or of the hand-over, drawn like
	// the form it describes, and returns what the person chose.
	Page(ctx context.Context, p Page) (Action, error)
	// Wait shows that something is under way, for how long at most, while do
	// runs, and returns do's error. The person may leave (do's context is
	// cancelled, ErrLeave returned) and, where Again is set, ask for another
	// look at once (a value on again).
	Wait(ctx context.Context, w Waiting, do func(ctx context.Context, again <-chan struct{}) error) error
	// Copy puts text on the clipboard (OSC 52, and the system's where there is one).
	Copy(text string) error
}

// Screen is the head of a step.
type Screen struct {
	Title string
	Step  int // from 1; 0 when the screen is not a step
	Of    int
	Done  []string // titles of the steps finished so far
	Intro []string // short paragraphs
}

// Mark says how a finding went; it is shown as a word or sign, never by colour alone.
type Mark string

// The marks of a Line.
const (
	MarkNone Mark = ""
	MarkOK   Mark = "ok"
	MarkWarn Mark = "warn"
	MarkFail Mark = "fail"
	MarkSkip Mark = "skip"
	MarkNote Mark = "note"

	MarkUnknown Mark = "?" // it could not be told
)

// Line is one finding.
type Line struct {
	Mark Mark
	Text string
	Hint string // what to do about it; may be empty, may have several lines
}

// Choice is a question with a fixed set of answers.
type Choice struct {
	ID      string
	Title   string
	Help    string
	Options []Option
	Default string // a Value
	Filter  bool   // offer to filter by typing (long lists)
	First   bool   // there is nothing to go back to
}

// Option is one answer of a Choice.
type Option struct{ Value, Label, Note string }

// Question asks for one line.
type Question struct {
	ID      string
	Title   string
	Help    string
	Default string                   // prefilled; not used for secrets
	Hint    string                   // an example, shown where there is no Default
	First   bool                     // there is nothing to go back to
	Check   func(input string) error // nil accepts anything; must be quick
	Suggest secret.Value             // for AskSecret: an empty entry stands for this value

	// Sensitive tells of an input that must not stay readable, such as a secret that
	// was pasted into the wrong field. nil means that none is.
	Sensitive func(input string) bool
}

// Hides reports whether input must not be shown.
func (q Question) Hides(input string) bool { return q.Sensitive != nil && q.Sensitive(input) }

// RowKind says how a Row of a Page is drawn.
type RowKind string

// The kinds of rows, named after the parts of Salesforce's form.
const (
	RowField   RowKind = "field"   // a text field with a value
	RowCheck   RowKind = "check"   // a tick box; On says how it must stand
	RowRadio   RowKind = "radio"   // a choice list, with the value to choose
	RowLines   RowKind = "lines"   // a text field with one value per line
	RowPicks   RowKind = "picks"   // a two-list picker: the entries to move to Selected
	RowDo      RowKind = "do"      // a thing to click
	RowSecret  RowKind = "secret"  // a hidden value; Secret holds it
	RowHeading RowKind = "heading" // a section of the form
	RowCaution RowKind = "caution" // a remark that must not be missed
)

// Row is one line of a Page.
type Row struct {
	Kind   RowKind
	Label  string
	Value  string
	Values []string // for lines and picks; of a field, the lines of a value that has several
	On     *bool    // for check; nil means "leave as the form has it"
	Note   string   // a remark beside the row
	Secret secret.Value
}

// Page is one page of Salesforce's Setup, or of the vendor's product.
type Page struct {
	ID    string
	Title string // short, for the head of the screen
	Path  string // "Setup › App Manager › New External Client App"
	URL   string // deep link; empty when there is none
	Rows  []Row
	Why   []string // explanations under the form
	Done  string   // label of the action that goes on, e.g. "Done, next page"
	First bool     // there is no page to go back to
}

// Action is what a person chose on a Page. Leave and Back come as errors.
type Action string

// The actions of a Page. Copying and revealing a value are the UI's own business.
const (
	ActionDone Action = "done"
	ActionOpen Action = "open" // open Page.URL in the browser, then show the page again
)

// Waiting describes something under way.
type Waiting struct {
	ID    string
	Title string
	Lines []string      // shown above the progress; an address, and a command (it begins with a blank), stands alone and whole on its line
	Limit time.Duration // the bar's length and the time left; 0 is "not known"
	Again string        // label of "look again at once"; empty for none
	News  <-chan Line   // findings that come up meanwhile, shown above the progress as they come; may be nil. What is left on it, the wizard says afterwards.

	Address string        // of a page to open in a browser: shown alone on its line after Lines, copied by a key
	Reopen  func()        // opens Address once more, by a key, from any goroutine; nil where there is no browser
	Paste   chan<- string // takes what the person pastes meanwhile, as it was pasted; nil where nothing is to be pasted
	Wanted  string        // what is to be pasted, behind "Paste here": "the address you landed on"
}
