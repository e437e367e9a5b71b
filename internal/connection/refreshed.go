package connection

import (
	"context"
	"time"

	"example.com/sfconnect/internal/store"
)

// refreshNotice is how far the saved time of the last refresh may lie behind: it is
// there for limits of days, and a write for each refresh would be a waste.
const refreshNotice = 24 * time.Hour

// noteRefresh remembers when the refresh token was used, and what the refresh has
// shown of the app. The time alone is not worth a failure.
func (s *Session) noteRefresh(ctx context.Context, c credentials, rotated bool, began time.Time) error {
	if c.refresh.Empty() {
		return nil
	}
	seen := store.RotationOff
	if rotated {
		seen = store.RotationOn
	}
	at := s.now()
	learned := at.profile.Rotation != seen || rotated && at.profile.HandedOver
	stale := began.Sub(at.profile.RefreshedAt) >= refreshNotice
	refreshed(&at.profile, seen, began)
	s.set(at)
	if !learned && !stale {
		return nil
	}
	err := s.m.File.Update(ctx, func(set *store.Set) error {
		if saved, found := set.Profiles[s.name]; found && saved.ID == at.profile.ID {
			refreshed(&saved, seen, began)
			set.Put(s.name, saved)
		}
		return nil
	})
	if !learned {
		return nil
	}
	return err
}

// refreshed notes a refresh in p. A token that has just come in place of the old one is
// nobody else's.
func refreshed(p *store.Profile, seen store.Rotation, began time.Time) {
	p.Rotation, p.RefreshedAt = seen, began.UTC()
	p.HandedOver = p.HandedOver && seen != store.RotationOn
}

// RefreshDue reports whether the refresh token of a profile has lain unused for
// longer than idle, or for a time that is not known: since the year 1, as it were.
func RefreshDue(p store.Profile, now time.Time, idle time.Duration) bool {
	return now.Sub(p.RefreshedAt) > idle
}
