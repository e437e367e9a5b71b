package store

import (
	"fmt"

	"example.com/sfconnect/internal/fault"
)

// Unknown is the Keychain for a name that this version does not know: each call
// fails with the fault store_absent that says so.
func Unknown(name string) Keychain { return unknown{name} }

type unknown struct{ name string }

func (u unknown) fault() error {
	return fault.New(fault.StoreAbsent, "store", fmt.Sprintf("The secrets are kept in the store %q, which this version of sfconnect does not know.", u.name),
		"Use the version of sfconnect that saved them.")
}

// Name implements Named.
func (u unknown) Name() string { return u.name }

// Label implements Named.
func (u unknown) Label() string { return fmt.Sprintf("the store %q", u.name) }

// Get implements Keychain.
func (u unknown) Get(string, string) (string, error) { return "", u.fault() }

// Set implements Keychain.
func (u unknown) Set(string, string, string) error { return u.fault() }

// Delete implements Keychain.
func (u unknown) Delete(string, string) error { return u.fault() }
