// Package wizard owns the guided set-up: eight ordered steps (steps.go) that ask, check,
// do and verify, each saved as soon as it is answered, so that a second run goes on
// where the first was left. How things are shown is UI's business, and what is
// done at Salesforce and in the store is connection's.
package wizard

import (
	"context"
	"errors"
	"time"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// Setup is one guided set-up of one profile. Run may be called once.
type Setup struct {
	UI       UI
	Machine  *connection.Machine
	Recipes  func() ([]recipe.Recipe, error)
	StateDir string
	Profile  string

	Chosen       func(recipe.Recipe) // told of the chosen recipe, its inputs filled in; may be nil
	RecipeID     string              // chosen beforehand; empty asks
	Variant      string              // of that recipe; empty asks where there are several
	RecipeFile   string              // where that recipe was read, if it is none of ours: it is shown first
	TrustRecipe  bool                // go on with such a recipe without asking
	Given        map[string]string   // answers to the recipe's inputs, by ID: they are not asked
	Preset       map[string]string   // defaults by question ID: login_url, consumer_key, input.contact_email, …
	PresetSecret secret.Value        // stands for an empty entry at consumer_secret
	PresetToken  secret.Value        // stands for an empty entry at refresh_token
	TrustHost    bool
	NoBrowser    bool
	Folder       string // where files for the admin are offered to be saved, such as the home folder

	// Uploaded is told of the certificate that the admin uploads; may be nil.
	Uploaded func(certificate []byte) error
	// Pasted brings addresses instead of a person; nil lets the person paste.
	Pasted <-chan string
	// Elsewhere gives what to do where the browser that opens an authorize address is not
	// on this computer, as Waiting.Lines; none where it is. May be nil.
	Elsewhere func(address string) []string
	Step      string        // one of StepNames: begin there, without a question; empty begins at the first open one
	FromStart bool          // look at every step again, without a question; not with Step
	Rehearsal bool          // a practice org and a throw-away store: the end says so
	Timeout   time.Duration // of the sign-in; 0 is connection.DefaultTimeout

	file   progressFile
	p      *progress
	saved  store.Profile       // as it was when the run began; zero when there was none
	recipe recipe.Recipe       // as it was read, once the first step is done
	login  salesforce.LoginURL // once the second step is done
	last   *fault.Fault        // the last failure that was shown
	look   *progress           // the answers of a finished connection that is looked at; nil once one was changed
	back   bool                // the step that runs was come back to, from the one after it
}

// flow is how the chosen integration authorizes; without a recipe as the saved
// connection does, and web where there is neither.
func (s *Setup) flow() connection.Flow {
	if f := s.recipe.Fill(s.p.Recipe.Inputs).Authorize.Flow; f != "" {
		return connection.Flow(f)
	}
	if s.saved.Flow != "" {
		return connection.Flow(s.saved.Flow)
	}
	return connection.FlowWeb
}

// hasSecret reports whether the integration works with a Consumer Secret.
func (s *Setup) hasSecret() bool {
	return s.flow() != connection.FlowJWTBearer && !s.recipe.Authorize.Public
}

// Run goes through the steps that are not done yet. It returns nil when the
// set-up is finished, ErrLeave when the person left (progress is kept), a fault
// when something outside the person's power failed, and ctx's error when ctx ended.
func (s *Setup) Run(ctx context.Context) error {
	err := s.run(ctx)
	s.endLook(ctx)
	switch {
	case errors.Is(err, ErrNoAnswer) && s.last != nil:
		return s.last // prepared answers end at a failure, and that is what to report
	case errors.Is(err, errForgotten):
		return nil
	}
	return err
}

func (s *Setup) run(ctx context.Context) error {
	if err := store.CheckName(s.Profile); err != nil {
		return err
	}
	if err := s.checkPresets(); err != nil {
		return err
	}
	set, err := s.Machine.File.Load()
	if err != nil {
		return err
	}
	if err := s.Machine.ProbeStore(ctx); err != nil {
		return err
	}
	s.file = newProgressFile(s.StateDir, s.Profile)
	p, note, err := s.file.load(s.Profile)
	if err != nil {
		return err
	}
	if note != "" {
		s.UI.Say(Line{Mark: MarkWarn, Text: note})
	}
	saved, exists := set.Profiles[s.Profile]
	saved = saved.Clone() // its answers may be changed, and set is for reading
	s.saved = saved
	if p != nil && p.Look { // a look that was killed
		s.p, p = p, nil
		if err := s.forgetProgress(ctx); err != nil {
			return err
		}
		s.p = nil
	}
	if p != nil || !exists { // a finished profile can be looked at where nothing can be saved
		if err := s.Machine.File.Probe(ctx); err != nil {
			return err
		}
	}
	switch {
	case p != nil:
		s.p = p
		if s.valuesAlone(saved) {
			return s.finished(ctx, saved)
		}
		err = s.welcomeBack(ctx, saved)
		if errors.Is(err, errDiscard) {
			if err = s.forgetProgress(ctx); err == nil {
				return s.discarded(ctx, saved)
			}
		}
	case exists:
		return s.finished(ctx, saved)
	default:
		if err = s.begin(); err == nil && s.Step != "" {
			err = s.goTo(s.Step)
		}
	}
	if err != nil {
		return err
	}
	return s.walk(ctx)
}

// begin starts from nothing.
func (s *Setup) begin() error {
	id, err := store.NewID(s.Machine.Rand)
	if err != nil {
		return fault.From(err)
	}
	s.p = &progress{Schema: progressSchema, Profile: s.Profile, DraftID: "setup-" + id, Store: s.Machine.Secrets.Name()}
	return nil
}

// walk runs the first step that is not done, again and again, until all are.
func (s *Setup) walk(ctx context.Context) error {
	steps := s.steps()
	for i := s.firstOpen(steps); i < len(steps); {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := steps[i].run(ctx)
		s.back = false
		switch {
		case errors.Is(err, ErrBack):
			if i > 0 && steps[i-1].back {
				i--
				s.back = true
			}
		case err != nil:
			return err
		default:
			s.last = nil
			if err := s.save(); err != nil {
				return err
			}
			i = s.firstOpen(steps)
		}
	}
	return s.finish(ctx)
}

// screen starts a step's screen with the steps finished so far.
func (s *Setup) screen(number int, title string, intro ...string) {
	steps := s.steps()
	head := Screen{Title: title, Step: number, Of: len(steps), Intro: intro}
	if title == "" {
		head.Title = steps[number-1].title
	}
	if s.Rehearsal {
		head.Title = "Practice: " + head.Title
	}
	for _, st := range steps {
		if *st.done(s.p) {
			head.Done = append(head.Done, st.title)
		}
	}
	s.UI.Begin(head)
}

func (s *Setup) save() error {
	s.p.UpdatedAt = s.Machine.Now().UTC()
	if s.looking() { // the file only tells of the secret that waits meanwhile
		p := s.p.answers()
		p.Look, p.UpdatedAt = true, s.p.UpdatedAt
		return s.file.save(p)
	}
	return s.file.save(s.p)
}

// fail shows err and remembers it. Leaving, going back and the end of ctx are no
// failures and come back as they are, to be returned.
func (s *Setup) fail(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, ErrLeave) || errors.Is(err, ErrBack) || errors.Is(err, ErrNoAnswer) {
		return err
	}
	s.last = fault.From(err)
	s.UI.Say(Line{Mark: MarkFail, Text: s.last.Message, Hint: s.last.Hint})
	return nil
}

// finish forgets the progress: from here on the profile is the whole state.
func (s *Setup) finish(ctx context.Context) error {
	if err := s.forgetProgress(ctx); err != nil {
		return err
	}
	name := s.profileFlag()
	s.UI.Begin(Screen{Title: "Done"})
	if s.Rehearsal {
		s.UI.Say(Line{Mark: MarkOK, Text: "The rehearsal is finished. It was real in everything but the org, and nothing of it is kept.",
			Hint: "Set up your own org: sfconnect init"})
		s.sayChecks()
		return nil
	}
	s.UI.Say(Line{Mark: MarkOK, Text: "Profile " + s.Profile + " is connected and saved in " + s.Machine.Secrets.Label() + ".",
		Hint: "Check it at any time: sfconnect test" + name + "\n" +
			"See the values again, sign in again or change it: sfconnect init" + name + "\n" +
			"Revoke it at Salesforce and forget it: sfconnect logout" + name})
	s.sayChecks()
	return nil
}

func (s *Setup) forgetProgress(ctx context.Context) error {
	s.look = nil
	warning, err := settle(ctx, s.Machine, s.p.Former)
	if err != nil {
		return err
	}
	s.warn(warning)
	if err := s.Machine.DropDraft(ctx, s.p.DraftID); err != nil {
		return err
	}
	return s.file.remove()
}
