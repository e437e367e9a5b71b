package connection

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/oauthflow"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/store"
)

// ErrShared is in the chain of the error of a refresh that was not made because
// somebody else has the refresh token too, and it may be ended for both.
var ErrShared = errors.New("the refresh token is shared")

// Shared reports whether somebody else holds the refresh token too and a refresh
// may end their copy: it was handed over, and the app rotates refresh tokens, or is
// not known not to.
func Shared(p store.Profile) bool {
	return p.HandedOver && p.Rotation != store.RotationOff
}

// WhyShared is the reason for leaving a shared refresh token alone, as the second half
// of a sentence.
func WhyShared(p store.Profile) string {
	if p.Rotation == store.RotationOn {
		return "it was handed over and the app rotated refresh tokens when last seen, in which case a refresh here would end the other copy"
	}
	return "it was handed over and it is not known whether the app rotates refresh tokens, in which case a refresh here would end the other copy"
}

// OwnSignIn is the command that signs in once more with the app of a profile, for a
// refresh token that nobody else has. It goes to a profile that is not among taken, and
// has the integration of this one where that is built in.
func OwnSignIn(name string, p store.Profile, taken []string) string {
	command := "sfconnect auth --profile " + ShellWord(ownName(name, taken))
	// Another text is somebody's file, or of another version.
	if r, err := recipe.Find(p.Recipe.ID); err == nil && r.Text == p.Recipe.Source {
		command += " --recipe " + ShellWord(p.Recipe.ID)
		if variant := p.Recipe.Inputs[recipe.VariantAnswer]; variant != "" {
			command += " --variant " + ShellWord(variant)
		}
	}
	command += " --login-url " + ShellWord(p.LoginURL) + " --consumer-key " + ShellWord(p.ConsumerKey)
	if Flow(p.Flow) == FlowPaste {
		command += " --flow paste"
	}
	if p.CallbackURL != "" && !slices.Contains(DefaultCallbacks(), p.CallbackURL) {
		command += " --callback-url " + ShellWord(p.CallbackURL)
	}
	if p.TrustHost {
		command += " --trust-host"
	}
	if p.HasConsumerSecret {
		return command + " --consumer-secret-stdin"
	}
	return command + " --no-consumer-secret"
}

// ownName is name-own, or name-own-2 and so on, whichever is free.
func ownName(name string, taken []string) string {
	stem := ownStem(name)
	own := stem + "-own"
	for n := 2; own == name || slices.Contains(taken, own); n++ {
		own = fmt.Sprintf("%s-own-%d", stem, n)
	}
	return own
}

// ownStem takes off what ownName put at the end.
func ownStem(name string) string {
	stem := name
	if cut := strings.TrimRight(name, "0123456789"); cut != name && strings.HasSuffix(cut, "-own-") {
		stem = strings.TrimSuffix(cut, "-")
	}
	if stem = strings.TrimSuffix(stem, "-own"); stem == "" {
		return name
	}
	return stem
}

// names lists the saved profiles; nil where they cannot be read.
func (m *Machine) names() []string {
	set, err := m.File.Load()
	if err != nil {
		return nil
	}
	return set.Names()
}

// shared is why the refresh token of a profile is left alone; ended says that it was
// wanted because Salesforce takes the saved access token no more.
func (s *Session) shared(ended bool) *fault.Fault {
	p := s.Profile()
	message := "The refresh token of profile %q was not used: %s."
	if ended {
		message = "The access token of profile %q has ended, and its refresh token was not used: %s."
	}
	return fault.New(fault.MissingInput, "token", fmt.Sprintf(message, s.name, WhyShared(p)),
		"Sign in a second time, for a refresh token that sfconnect has alone:\n  "+OwnSignIn(s.name, p, s.m.names())+
			"\nOr leave this one to the other tool, and forget it here: sfconnect logout "+ShellWord(s.name)+" --local-only"+
			"\nOr use it all the same: add --yes. The other tool may have to sign in anew then.").Because(ErrShared)
}

// CopyEnded is the fault of a refresh token that was handed over and, as Salesforce
// says, lives no more.
func (s *Session) CopyEnded() *fault.Fault {
	f := fault.New(fault.NoRefreshToken, "token",
		fmt.Sprintf("The refresh token of profile %q was handed over, and Salesforce says that this copy of it does not live any more.", s.name),
		"The other tool may have refreshed it, and has the one that lives; or it was revoked. For a sign-in of sfconnect's own: "+s.again()+
			"\nOr forget it here: sfconnect logout "+ShellWord(s.name)+" --local-only")
	f.Exit = fault.ExitSignIn
	return f
}

// RefreshTokenLives asks Salesforce whether the saved refresh token lives, without
// using it. Unclear where it does not say.
func (s *Session) RefreshTokenLives(ctx context.Context) (Verdict, error) {
	at := s.now()
	c, err := s.presented(ctx, at)
	if err != nil {
		return Unclear, err
	}
	return s.refreshLives(ctx, at, c), nil
}

// introspectLimit bounds the question whether a refresh token lives.
const introspectLimit = 5 * time.Second

func (s *Session) refreshLives(ctx context.Context, at place, c credentials) Verdict {
	bounded, cancel := context.WithTimeout(ctx, introspectLimit)
	defer cancel()
	answer, err := s.m.flow(at.login).Introspect(bounded, c.app, c.refresh, oauthflow.HintRefreshToken)
	switch {
	case err != nil:
		return Unclear
	case answer.Active:
		return Known
	}
	return Refused
}
