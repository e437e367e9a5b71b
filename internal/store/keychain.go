package store

import "errors"

// ErrNotFound says that a secret is not in the store, which is not a fault of
// the store. Compare with errors.Is.
var ErrNotFound = errors.New("not in the secret store")

// Keychain is the seam to where secrets are kept. Calls may block for ever:
// Secrets puts a time limit on each. Get and Delete return ErrNotFound when the
// item is missing; Set replaces. An implementation may return a *fault.Fault,
// which is passed on as it is. It must be safe for concurrent use.
type Keychain interface {
	Get(service, user string) (string, error)
	Set(service, user, value string) error
	Delete(service, user string) error
}

// Named is implemented by a Keychain that is not the operating system's.
type Named interface {
	Name() string  // for `stored_in`
	Label() string // in words, for a sentence: "saved in LABEL"
}

// Item is the kind of a secret. One owner has at most one of each.
type Item string

// The secrets of a profile.
const (
	ConsumerSecret Item = "consumer-secret"
	RefreshToken   Item = "refresh-token"
	AccessToken    Item = "access-token"
	PrivateKey     Item = "private-key" // of the JWT bearer flow
)

// serviceName has no blank: some Secret Service bridges do not find such items.
const serviceName = "sfconnect"
