package check

import (
	"context"
	"net/url"
	"strings"
	"time"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/store"
)

// Doctor looks at this machine: whether a sign-in could work here, and whether what
// was saved can be used. Set every field; Run changes nothing that stays, except what
// the Mend of a stage does where MayMend allows it.
type Doctor struct {
	Machine  *connection.Machine // its HTTP is nil where CA fails
	Getenv   func(string) string
	LookPath func(program string) (string, error)
	// SystemProxy is the proxy of the system's own setting; may be nil.
	SystemProxy func(*url.URL) (*url.URL, error)
	OS          string // as runtime.GOOS
	Home        string // so that commands to paste are short; may be empty
	Version     string
	// Unknown are sentences on variables that are set and that sfconnect does not have.
	Unknown []string
	Offline bool // nothing is sent
	WSL     bool
	Place   string // where the program runs, in words, as "a container"; empty for nothing of note
	// Browser gives the words of the person's own command for a browser, none where the
	// system's is opened.
	Browser func() ([]string, error)
	// CA says which certificates are trusted besides the system's.
	CA func() (detail string, err error)
	// Store was asked for by name; with "" those in use are looked at, else the usual one.
	Store string
	// MayMend is asked about each stage that has a Mend, as soon as it was looked at: what
	// is looked at later finds it mended. Its error ends the run.
	MayMend func(ctx context.Context, s Stage) (bool, error)
	// Drafts own the secrets of unfinished set-ups, by the name of the store.
	Drafts map[string][]string
}

// examination is one run.
type examination struct {
	Doctor
	config store.Folder
	state  store.Folder
	set    store.Set
	setErr error           // why the profiles could not be read
	works  map[string]bool // stores, by name
}

// Run makes every check. The stages come in this order: env, version, config, state,
// modes, leftovers, profiles, store:NAME and orphans:NAME for each store, items,
// rescue or rescue:PROFILE, cert, port:NUMBER for each callback port, browser, ca,
// proxy, network:HOST for each login host, clock.
// None keeps another from being tried, but one that could tell nothing is skipped. The
// error is MayMend's, or ctx's.
func (d Doctor) Run(ctx context.Context) ([]Stage, error) {
	x := &examination{Doctor: d, works: map[string]bool{}}
	var out []Stage
	for _, look := range []func(context.Context) []Stage{
		x.environment, x.folders, x.files, x.profiles, x.stores, x.items, x.rescue, x.certificates,
		x.ports, x.browser, x.authorities, x.network,
	} {
		for _, s := range look(ctx) {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			s, err := x.mended(ctx, s)
			if err != nil {
				return nil, err
			}
			out = append(out, s)
		}
	}
	x.lookAgain(ctx, out)
	return out, ctx.Err()
}

// mended is a stage after its Mend, where it has one that may be done.
func (x *examination) mended(ctx context.Context, s Stage) (Stage, error) {
	if s.Mend == nil {
		return s, nil
	}
	do, err := x.MayMend(ctx, s)
	if err != nil || !do {
		return s, err
	}
	return s.Mend.Do(ctx), nil
}

// lookAgain advises no chmod of what the opening of a store has closed by itself.
func (x *examination) lookAgain(ctx context.Context, stages []Stage) {
	for i, s := range stages {
		if s.Name == "modes" && s.Status == Warn {
			stages[i] = x.modes(ctx)
		}
	}
}

// timed measures do.
func (x *examination) timed(do func() error) (time.Duration, error) {
	start := x.Machine.Now()
	err := do()
	return x.Machine.Now().Sub(start), err
}

// skipped is a stage that could not be tried.
func skipped(name, why string) Stage { return Stage{Name: name, Status: Skip, Detail: why} }

const (
	unreadable = "the profiles could not be read"
	unusable   = "the store does not work"
)

// loginHosts are the distinct addresses at which the saved profiles sign in, or the
// general one of Salesforce's where nothing is saved.
func (x *examination) loginHosts() []salesforce.LoginURL {
	var out []salesforce.LoginURL
	seen := map[string]bool{}
	for _, name := range x.set.Names() {
		p := x.set.Profiles[name]
		login, err := salesforce.ParseLoginURL(p.LoginURL, salesforce.LoginOptions{TrustHost: p.TrustHost})
		if err == nil && !seen[login.String()] {
			seen[login.String()] = true
			out = append(out, login)
		}
	}
	if len(out) == 0 {
		if login, err := salesforce.ParseLoginURL("https://login.salesforce.com", salesforce.LoginOptions{}); err == nil {
			out = append(out, login)
		}
	}
	return out
}

// command says what to do with files: a line to paste for a POSIX shell, and in words
// for Windows, where cmd.exe does not know the ~ that stands for the home folder.
func (x *examination) command(posix, windows string, paths ...string) string {
	if x.OS == "windows" {
		line := windows + " " + strings.Join(paths, " to ")
		if x.Home != "" && strings.Contains(line, x.Home+`\`) {
			line += " (~ is your user folder)"
		}
		return line
	}
	line := posix
	for _, path := range paths {
		line += " " + x.shellPath(path)
	}
	return line
}

// shellPath writes a path for a POSIX shell, short where it is below the home folder.
func (x *examination) shellPath(path string) string {
	if rest, ok := strings.CutPrefix(path, x.Home+"/"); ok && x.Home != "" && rest != "" {
		return "~/" + connection.ShellWord(rest)
	}
	return connection.ShellWord(path)
}
