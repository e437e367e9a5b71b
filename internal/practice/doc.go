// Package practice owns a simulated Salesforce org: login and consent pages,
// the OAuth endpoints, identity, a little REST and the Setup pages of one
// External Client App. It is what `sfconnect practice` serves, what
// `sfconnect init --practice` connects to, and what our tests run against.
//
// It imports recipe and the standard library only: a simulator that shared
// code with the client could not catch the client's mistakes. Its behaviour
// follows public documentation and public bug reports. Where neither settles a
// point, the comment beside the handler says "not confirmed" and the behaviour
// is a guess that should be checked against a real org.
//
// # Hosts and cookies
//
// An Org answers as two hosts, told apart by the Host header: the generic login
// host (login.salesforce.com) and the org's own My Domain. Over real names the
// Setup and Lightning twins of My Domain answer too. Serve puts both on one
// loopback address with a port each, 127.0.0.1:P1 and 127.0.0.1:P2. An IP
// address is used, not the name localhost, for two reasons: localhost may mean
// ::1 first, and browsers send cookies to every port of a host, so that a
// session cookie of localhost would also reach sfconnect's own callback listener
// on localhost:1717. For the same reason the cookie's name carries the port:
// the sessions of the two hosts, and of several practice orgs, stay apart.
//
// Everything in it is invented; its key, secret and tokens open nothing.
package practice
