package connection

import (
	"context"

	"example.com/sfconnect/internal/store"
)

// Orphans lists the secrets in the machine's store that belong to no profile of set
// that is saved there, to none of the drafts, which are owners, and are not the key
// of its rescue place. known is false where the store cannot list what it holds. No
// secret is read.
func (m *Machine) Orphans(ctx context.Context, set store.Set, drafts []string) (orphans []store.Account, known bool, err error) {
	owners := map[string]bool{}
	if recipient := set.Rescue[m.Secrets.Name()]; recipient != "" {
		owners[store.RescueOwner(recipient)] = true
	}
	for _, owner := range drafts {
		owners[owner] = true
	}
	for _, p := range set.Profiles {
		if p.StoredIn == m.Secrets.Name() {
			owners[p.ID] = true
		}
	}
	all, known, err := m.Secrets.Accounts(ctx)
	for _, a := range all {
		if !owners[a.Owner] {
			orphans = append(orphans, a)
		}
	}
	return orphans, known, err
}
