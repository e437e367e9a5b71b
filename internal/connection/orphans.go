package connection

import (
	"context"
	"slices"
	"strings"

	"example.com/sfconnect/internal/store"
)

// DraftPrefix begins the owner of what an unfinished set-up keeps.
const DraftPrefix = "setup-"

// Orphans lists the secrets in the machine's store that belong to no profile that is
// saved there, to none of the drafts, which are owners, to no sign-in that is under way
// or was cut off (CutOff has those), and are not the key of its rescue place. known is
// false where the store cannot list what it holds, or there is no profiles file that
// would say whose it is. No secret is read.
func (m *Machine) Orphans(ctx context.Context, drafts []string) (orphans []store.Account, known bool, err error) {
	// In this order: what a sign-in writes is noted before, and is a profile's after.
	all, known, err := m.Secrets.Accounts(ctx)
	if !known || err != nil {
		return nil, known, err
	}
	if missing, _ := m.File.Missing(); missing && len(all) > 0 {
		return nil, false, nil
	}
	pending := m.File.PendingOwners()
	set, err := m.File.Load()
	if err != nil {
		return nil, known, err
	}
	owners := map[string]bool{}
	if recipient := set.Rescue[m.Secrets.Name()]; recipient != "" {
		owners[store.RescueOwner(recipient)] = true
	}
	for _, owner := range slices.Concat(drafts, pending) {
		owners[owner] = true
	}
	for _, p := range set.Profiles {
		if p.StoredIn == m.Secrets.Name() {
			owners[p.ID] = true
		}
	}
	for _, a := range all {
		if !owners[a.Owner] {
			orphans = append(orphans, a)
		}
	}
	return orphans, known, nil
}

// ClearOrphans removes those secrets that Orphans has listed before and lists now, save
// two kinds: a set-up's, which may have been begun with another state folder, and keys
// of the rescue place while something may wait there. What a profile has in another
// store goes under its lock.
func (m *Machine) ClearOrphans(ctx context.Context, listed []store.Account, drafts []string) error {
	orphans, _, err := m.Orphans(ctx, drafts)
	if err != nil {
		return err
	}
	set, err := m.File.Load()
	if err != nil {
		return err
	}
	for _, a := range orphans {
		name := set.NameOf(a.Owner)
		switch {
		case !slices.Contains(listed, a), strings.HasPrefix(a.Owner, DraftPrefix), a.Item == store.RescueIdentity && m.File.RescueInUse():
		case name != "":
			_, err = m.ClearMoved(ctx, name, m.Secrets.Name())
		default:
			err = m.Secrets.Delete(ctx, a.Owner, a.Item)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
