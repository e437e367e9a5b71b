// Package fault owns the error a user sees: a code that scripts match, one
// sentence on what did not happen and why, a hint on what to do next, and the
// exit code of the process.
package fault

import (
	"errors"
	"strings"
)

// Exit codes of the process. The README has the same table for users.
const (
	ExitDone        = 0
	ExitOther       = 1   // anything else
	ExitUsage       = 2   // wrong or missing input
	ExitNetwork     = 3   // DNS, TCP, TLS, proxy, not Salesforce
	ExitSignIn      = 4   // sign in again: nothing saved, expired, revoked
	ExitRefused     = 5   // refused by Salesforce: app, user or org settings
	ExitPort        = 6   // no callback port could be had
	ExitTimeout     = 7   // timed out waiting for the browser
	ExitStore       = 8   // secret store absent, locked, hung, too small or corrupt
	ExitAudit       = 9   // an audit found the app set up differently
	ExitInterrupted = 130 // Ctrl-C
)

// Codes of our own. Where Salesforce gave an error or errorCode, Fault.Code is that instead.
const (
	Usage              = "usage"
	MissingInput       = "missing_input"
	InvalidLoginURL    = "invalid_login_url"
	HostNotTrusted     = "host_not_trusted"
	NotMyDomain        = "not_my_domain"
	StoreAbsent        = "store_absent"
	StoreLocked        = "store_locked"
	StoreTimeout       = "store_timeout"
	StoreTooSmall      = "store_too_small"
	StoreUnwritable    = "store_unwritable"
	StoreCorrupt       = "store_corrupt"
	WrongPassphrase    = "wrong_passphrase"
	ProfileNotFound    = "profile_not_found"
	ProfileBusy        = "profile_busy"
	DNS                = "dns"
	TCP                = "tcp"
	TLS                = "tls"
	Proxy              = "proxy"
	NotSalesforce      = "not_salesforce"
	PortBusy           = "port_busy"
	PortForbidden      = "port_forbidden"
	BrowserTimeout     = "browser_timeout"
	OrgMismatch        = "org_mismatch"
	UserMismatch       = "user_mismatch"
	SignatureMismatch  = "signature_mismatch"
	InstanceURLRefused = "instance_url_refused"
	NoRefreshToken     = "no_refresh_token"
	ScopeMismatch      = "scope_mismatch"
	Interrupted        = "interrupted"
	Internal           = "internal"
)

// Fault is an error written for the person at the terminal. Message and Hint
// are sentences without secrets; Cause is for --verbose and errors.Is.
type Fault struct {
	Code    string // one of the codes above, or Salesforce's own
	Stage   string // where it happened: input, store, port, dns, tcp, tls, app, browser, token, identity, api, limits, scopes, save
	Message string // what did not happen and why; starts with a capital, ends with a full stop
	Hint    string // what to do next; may have several lines
	Exit    int    // one of the exit codes above
	Cause   error
}

// New makes a Fault whose exit code follows from its code.
func New(code, stage, message, hint string) *Fault {
	// What Windows says of an error is a sentence, and ends ours a second time.
	if strings.HasSuffix(message, "..") && !strings.HasSuffix(message, "...") {
		message = message[:len(message)-1]
	}
	return &Fault{Code: code, Stage: stage, Message: message, Hint: hint, Exit: ExitFor(code)}
}

// Because returns a copy that carries cause.
func (f *Fault) Because(cause error) *Fault {
	g := *f
	g.Cause = cause
	return &g
}

// Error implements error.
func (f *Fault) Error() string { return f.Code + ": " + f.Message }

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Cause }

// From returns the Fault in err's chain, or one with code Internal around err.
func From(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return New(Internal, "", "Something went wrong inside sfconnect: "+err.Error()+".",
		"Run the command again with --verbose and report what it prints.").Because(err)
}

// Own reports whether a code is one of ours, and not Salesforce's.
func Own(code string) bool {
	switch code {
	case Usage, MissingInput, InvalidLoginURL, HostNotTrusted, NotMyDomain, StoreAbsent, StoreLocked, StoreTimeout,
		StoreTooSmall, StoreUnwritable, StoreCorrupt, WrongPassphrase, ProfileNotFound, ProfileBusy, DNS, TCP, TLS, Proxy, NotSalesforce,
		PortBusy, PortForbidden, BrowserTimeout, OrgMismatch, UserMismatch, SignatureMismatch, InstanceURLRefused,
		NoRefreshToken, ScopeMismatch, Interrupted, Internal:
		return true
	}
	return false
}

// ExitFor gives the exit code that belongs to a code. Salesforce's own codes
// mean a refusal; the two that depend on the description are set by the table
// in package salesforce.
func ExitFor(code string) int {
	switch code {
	case Usage, MissingInput, InvalidLoginURL, HostNotTrusted, NotMyDomain:
		return ExitUsage
	case DNS, TCP, TLS, Proxy, NotSalesforce, SignatureMismatch, InstanceURLRefused:
		return ExitNetwork
	case ProfileNotFound:
		return ExitSignIn
	case PortBusy, PortForbidden:
		return ExitPort
	case BrowserTimeout:
		return ExitTimeout
	case StoreAbsent, StoreLocked, StoreTimeout, StoreTooSmall, StoreUnwritable, StoreCorrupt, WrongPassphrase:
		return ExitStore
	case Interrupted:
		return ExitInterrupted
	case Internal, ProfileBusy:
		return ExitOther
	}
	return ExitRefused
}
