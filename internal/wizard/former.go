package wizard

import (
	"context"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/store"
)

// rememberFormer notes, before a sign-in, the connection that it will replace. keep
// says that its secrets must outlive the sign-in, until the person has confirmed
// the new one. A connection that this set-up made and nobody confirmed is not
// worth keeping: the one noted before it stays noted.
func (s *Setup) rememberFormer(ctx context.Context) (keep bool, err error) {
	set, err := s.Machine.File.Load()
	if err != nil {
		return false, err
	}
	current, exists := set.Profiles[s.Profile]
	if exists && current.ID == s.p.Unconfirmed {
		return false, nil
	}
	warning, err := settle(ctx, s.Machine, s.p.Former)
	if err != nil {
		return false, err
	}
	s.warn(warning)
	s.p.Former, s.p.Unconfirmed = nil, ""
	if exists {
		was := current.Clone()
		s.p.Former = &was
	}
	return true, nil
}

// settleFormer removes the secrets of the connection before, now that the new one
// is confirmed. That is saved first: after a crash the old one must not be offered
// back without its secrets. What the store does not let go of is tried again at
// the end of the set-up.
func (s *Setup) settleFormer(ctx context.Context) error {
	if s.p.Former == nil {
		return nil
	}
	if err := s.save(); err != nil {
		return err
	}
	warning, err := settle(ctx, s.Machine, s.p.Former)
	s.warn(warning)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		f := fault.From(err)
		s.UI.Say(Line{Mark: MarkWarn, Text: f.Message,
			Hint: "It belongs to the connection before this one. It is tried again at the end of the set-up.\n" + f.Hint})
		return nil
	}
	s.p.Former = nil
	return nil
}

func (s *Setup) warn(text string) {
	if text != "" {
		s.UI.Say(Line{Mark: MarkWarn, Text: text})
	}
}

// settle ends a connection that was replaced, here and at Salesforce; one that is
// in use, because the sign-in never came or was taken back, stays as it is.
func settle(ctx context.Context, m *connection.Machine, former *store.Profile) (warning string, err error) {
	if former == nil {
		return "", nil
	}
	set, err := m.File.Load()
	if err != nil {
		return "", err
	}
	for _, p := range set.Profiles {
		if p.ID == former.ID {
			return "", nil
		}
	}
	return m.Settle(ctx, *former)
}
