// Package oauthflow owns the OAuth 2.0 exchanges with a Salesforce login host:
// the authorize request with PKCE, the dry question to the authorize endpoint,
// the token, revoke and introspect calls, and the listener on this machine that
// the browser comes back to.
//
// It leaves to others what an answer means to an admin (package salesforce),
// whether a host in an answer may be trusted, and where tokens are kept. It
// never retries: a code and a rotated refresh token are good for one request.
package oauthflow
