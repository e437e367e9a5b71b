package store

import (
	"context"
	"slices"
	"strings"
)

// Lister is implemented by a Keychain that can name what it holds. That of the
// operating system cannot: its library reads only what it is asked for by name.
type Lister interface {
	// Accounts gives the user names of the items of a service, in any order.
	Accounts(service string) ([]string, error)
}

// blank is a Keychain that can tell, without being opened, that nothing is kept in it.
type blank interface{ Blank() bool }

// Blank reports that nothing is kept in the store yet, as far as it can tell: trying
// it would make it.
func (s *Secrets) Blank() bool {
	b, ok := s.keychain.(blank)
	return ok && b.Blank()
}

// maker is a Keychain that must be made, with something that a person gives.
type maker interface {
	Makeable(ctx context.Context) error
}

// CheckMaking finds what would keep a store from being made that is Blank, and makes
// nothing.
func (s *Secrets) CheckMaking(ctx context.Context) error {
	m, ok := s.keychain.(maker)
	if !ok {
		return nil
	}
	return s.explain(ctx, opProbe, m.Makeable(ctx))
}

// Account is the name of one secret in the store.
type Account struct {
	Owner string
	Item  Item
}

// String is the name as the store has it.
func (a Account) String() string { return account(a.Owner, a.Item) }

// Accounts lists the names of all our secrets in the store, in order, without
// reading one. known is false where the store cannot list them.
func (s *Secrets) Accounts(ctx context.Context) (all []Account, known bool, err error) {
	l, ok := s.keychain.(Lister)
	if !ok {
		return nil, false, nil
	}
	names, err := s.call(ctx, opRead, func() (string, error) {
		names, err := l.Accounts(serviceName)
		slices.Sort(names)
		return strings.Join(names, "\n"), err // no name has a newline
	})
	if err != nil {
		return nil, true, err
	}
	for name := range strings.SplitSeq(names, "\n") {
		if owner, item, ok := strings.Cut(name, "/"); ok {
			all = append(all, Account{owner, Item(item)})
		}
	}
	return all, true, nil
}
