// Package salesforce owns what is known about one org from outside: which
// hosts are Salesforce's and which of them a login starts at, deep links into
// Setup, the typed calls (identity, versions, limits, organisation), the form of
// ids, keys and secrets, and the one table that turns Salesforce's errors and
// the network's into sentences and remedies.
//
// It leaves the OAuth requests to package oauthflow, what is saved to package
// store, and retries and refreshes to package connection.
package salesforce
