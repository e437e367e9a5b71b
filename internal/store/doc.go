// Package store owns what sfconnect keeps on this machine: the profiles file,
// which holds no secret, the secrets in the operating system's keychain or, where
// a person chooses it, in one encrypted file, and the lock that lets one process
// at a time work on a profile.
//
// It leaves to others what a profile means, when a token is refreshed and what
// is revoked (package connection), and where the folders are (package main).
// There is no plain-text fallback, and none to another store: where the one that
// was chosen cannot be used the caller gets a fault that says which of absent,
// locked, hung or too small it is.
package store
