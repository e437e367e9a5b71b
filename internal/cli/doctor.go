package cli

import (
	"context"
	"crypto/x509"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"example.com/sfconnect/internal/check"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/term"
	"example.com/sfconnect/internal/wizard"
)

type doctorFlags struct{ offline, fix bool }

func newDoctor(a *app) *cobra.Command {
	var f doctorFlags
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check this computer: secret store, files, ports, browser, network, clock",
		Long: `Check whether this computer can sign in and use what is saved: environment,
folders and files, secret store, callback ports, browser, proxy, certificates, the
way to each login host, the clock. Nothing is signed in to and no secret is shown:
the home folder, your user name and a proxy's password are hidden, so that the
answer can be posted. What is well is one short line; --verbose shows it whole.

A refresh token that the store once did not take is brought back, after a
question on a terminal, or with --fix. --fix also closes files that others may
read, removes what killed processes have left, and revokes and removes sign-ins
that were cut off before they were saved.`,
		Example: "  sfconnect doctor\n  sfconnect doctor --fix\n  sfconnect doctor --offline --json",
		Args:    plainArgs(0),
		RunE:    func(cmd *cobra.Command, _ []string) error { return runDoctor(cmd.Context(), a, f) },
	}
	cmd.Flags().BoolVar(&f.offline, "offline", false, "send nothing")
	cmd.Flags().BoolVar(&f.fix, "fix", false, "mend what can be mended here: rescued tokens, permissions, leftover files and sign-ins")
	return cmd
}

type doctorJSON struct {
	Schema int         `json:"schema"`
	OK     bool        `json:"ok"`
	Checks []checkJSON `json:"checks"`
}

type checkJSON struct {
	Name   string  `json:"name"`
	Status string  `json:"status"`
	Detail string  `json:"detail"`
	Hint   string  `json:"hint"`
	MS     float64 `json:"ms"`
}

func runDoctor(ctx context.Context, a *app, f doctorFlags) error {
	a.hideEnvironment()
	show := a.public()
	a.notesTo(func(text string) { fmt.Fprintln(a.Stderr, show.text(text)) })
	stages, err := a.doctor(f).Run(ctx)
	if err != nil {
		return err
	}
	exit := firstExit(stages)
	if a.global.json {
		a.printDoctorJSON(stages, exit)
	} else {
		a.printDoctor(stages)
	}
	if exit != fault.ExitDone {
		return exitOnly{exit}
	}
	return nil
}

func (a *app) doctor(f doctorFlags) check.Doctor {
	client, caErr := a.httpClient()
	chosen := firstOf(a.global.store, a.Getenv("SFCONNECT_STORE"))
	m := a.machineFor(client, a.file(), a.secretsIn(chosen))
	m.Stores = a.secretsIn
	unknown, _ := a.unknownVariables()
	return check.Doctor{
		Machine: m, Store: chosen,
		Getenv: a.Getenv, SystemProxy: a.SystemProxy, LookPath: a.LookPath, OS: a.OS, Home: a.HomeDir, Version: a.Version, Offline: f.offline,
		Unknown: unknown,
		Browser: func() ([]string, error) { return a.browserWords("") },
		CA:      func() (string, error) { return a.trusted(caErr) },
		MayMend: func(ctx context.Context, s check.Stage) (bool, error) { return a.mayMend(ctx, f, s) },
		Drafts:  wizard.Drafts(a.stateDir()), WSL: a.Surroundings().WSL, Place: a.place(),
	}
}

// place says in words where the program runs, as far as it matters to a sign-in.
func (a *app) place() string {
	at := a.Surroundings()
	var words []string
	for _, w := range []struct {
		there bool
		word  string
	}{{at.WSL, "WSL"}, {at.Pod != "", "a Kubernetes pod"}, {at.Container && at.Pod == "", "a container"}, {at.SSH != nil, "an SSH session"}} {
		if w.there {
			words = append(words, w.word)
		}
	}
	return strings.Join(words, ", ")
}

// trusted says whose certificates are trusted; err is why they cannot be.
func (a *app) trusted(err error) (string, error) {
	file, from, own := a.caFile()
	switch {
	case file == "":
		return "the system's authorities", err
	case err == nil && !own:
		// Go passes over a file that it cannot use, and then trusts nobody.
		err = addCertificates(x509.NewCertPool(), file, from)
	}
	return file + ", as " + from + " says", err
}

// mayMend reports whether a stage is to be mended: always with --fix, after a
// question where there is one and a person to answer it.
func (a *app) mayMend(ctx context.Context, f doctorFlags, s check.Stage) (bool, error) {
	switch {
	case s.Mend == nil:
		return false, nil
	case f.fix:
		return true, nil
	case s.Mend.Question == "" || a.global.json || !a.mayAsk() || !a.StderrTTY:
		return false, nil
	}
	return a.askYesNo(ctx, s.Mend.Question)
}

// firstExit is the exit code of the first check that failed.
func firstExit(stages []check.Stage) int {
	for _, s := range stages {
		if s.Status == check.Fail {
			return s.Fault.Exit
		}
	}
	return fault.ExitDone
}

func (a *app) printDoctorJSON(stages []check.Stage, exit int) {
	show := a.public()
	out := doctorJSON{Schema: 1, OK: exit == fault.ExitDone, Checks: []checkJSON{}}
	for _, s := range stages {
		ms := math.Round(float64(s.Took)/float64(time.Millisecond)*10) / 10
		out.Checks = append(out.Checks, checkJSON{show.text(s.Name), string(s.Status), show.text(s.Detail), show.text(s.Hint), ms})
	}
	a.printJSON(out)
}

// ranked puts what needs attention first, each kind in the order of the checks.
func ranked(stages []check.Stage) []check.Stage {
	order := []check.Status{check.Fail, check.Warn, check.Pass, check.Skip}
	out := slices.Clone(stages)
	slices.SortStableFunc(out, func(a, b check.Stage) int {
		return slices.Index(order, a.Status) - slices.Index(order, b.Status)
	})
	return out
}

func (a *app) printDoctor(stages []check.Stage) {
	show, out := a.public(), a.people(a.Stdout, a.StdoutTTY)
	counts := map[check.Status]int{}
	for _, s := range ranked(stages) {
		counts[s.Status]++
		out.Status(a.doctorLine(s, show))
		if a.global.verbose && s.Fault != nil && s.Fault.Cause != nil {
			fmt.Fprintln(a.Stdout, "            cause: "+clean(show.text(s.Fault.Cause.Error())))
		}
	}
	out.Text(fmt.Sprintf("\n%d failed, %d to look at, %d ok, %d not tried", counts[check.Fail], counts[check.Warn], counts[check.Pass], counts[check.Skip]))
}

// glance is the room for what is said of a check that needs no attention, so that
// its line fits into 80 columns.
const glance = 53

func (a *app) doctorLine(s check.Stage, show public) term.Status {
	name, which, several := strings.Cut(s.Name, ":")
	line := term.Status{Name: name, Took: s.Took, Detail: show.text(s.Detail), Hint: show.text(s.Hint)}
	switch s.Status {
	case check.Fail:
		line.Mark = wizard.MarkFail
		return line
	case check.Warn:
		line.Mark = wizard.MarkWarn
		return line
	case check.Pass:
		line.Mark = wizard.MarkOK
	case check.Skip:
		line.Mark = wizard.MarkSkip
	}
	if several {
		line.Detail = show.text(which) + ": " + line.Detail
	}
	if !a.global.verbose {
		line.Detail = shorten(line.Detail, glance)
	}
	return line
}

// shorten cuts text to that many characters.
func shorten(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return strings.TrimRight(string(runes[:most-1]), " ,") + "…"
}
