// Package connection owns one profile's life: authorize and save, refresh under
// the lock, call with one retry, revoke and forget. It is the only place where
// the flow, the store and the org meet; it prints nothing and asks nothing.
package connection

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/oauthflow"
	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// Machine is everything of this computer that a connection needs. It is built
// once per command and is safe for concurrent use when its parts are.
type Machine struct {
	HTTP        *http.Client // never follows redirects
	File        *store.File
	Secrets     *store.Secrets // where a login is saved, and a draft waits
	Listen      oauthflow.ListenFunc
	PortHolder  func(port int) string // names who holds a port, or ""; may be nil
	OpenBrowser func(ctx context.Context, url string) error
	Now         func() time.Time
	Sleep       func(ctx context.Context, d time.Duration) error
	Rand        io.Reader
	Redactor    *secret.Redactor
	Waiting     func(text string) // told when a lock keeps us waiting; may be nil

	// RefreshShared lets a refresh token be used although it was handed over and the
	// app may rotate refresh tokens, which ends the other copy: the person said so.
	RefreshShared bool

	// Stores gives the store that a saved profile's secrets are in, by the name that
	// the profile remembers. Nil means that all are in Secrets.
	Stores func(name string) *store.Secrets
}

// SecretsIn is the store of that name; "" and whatever has no other is Secrets.
func (m *Machine) SecretsIn(name string) *store.Secrets {
	if m.Stores == nil || name == "" {
		return m.Secrets
	}
	return m.Stores(name)
}

// In is the same machine with Secrets being the store of that name.
func (m *Machine) In(name string) *Machine {
	there := *m
	there.Secrets = m.SecretsIn(name)
	return &there
}

// of is the machine for a profile that is saved: its secrets are where it was saved.
func (m *Machine) of(p store.Profile) *Machine { return m.In(p.StoredIn) }

// DefaultCallbacks are the loopback callback lines to register in every app, in
// the order in which they are tried. Salesforce matches them byte for byte.
func DefaultCallbacks() []string {
	return []string{
		"http://localhost:1717/OauthRedirect",
		"http://localhost:1718/OauthRedirect",
		"http://localhost:1719/OauthRedirect",
	}
}

// ProbeStore proves that a secret can be written, read and removed.
func (m *Machine) ProbeStore(ctx context.Context) error { return m.Secrets.Probe(ctx) }

// LookAtStore is ProbeStore for who wants nothing to be made: of a store in which nothing
// is kept yet it finds whether there is something to make it with, and whether it
// could be written.
func (m *Machine) LookAtStore(ctx context.Context) error {
	if !m.Secrets.Blank() {
		return m.ProbeStore(ctx)
	}
	if err := m.Secrets.CheckMaking(ctx); err != nil {
		return err
	}
	return m.Secrets.CheckWritable(ctx)
}

func (m *Machine) org() salesforce.Client { return salesforce.Client{HTTP: m.HTTP} }

func (m *Machine) flow(login salesforce.LoginURL) oauthflow.Client {
	return oauthflow.Client{
		HTTP: m.HTTP, Rand: m.Rand, Now: m.Now, Trusted: login.Trusts,
	}
}

func (m *Machine) waiting(text string) {
	if m.Waiting != nil {
		m.Waiting(text)
	}
}

// explain turns what the flow returned into what the person reads.
func (m *Machine) explain(err error, surface salesforce.Surface, login salesforce.LoginURL, path string) error {
	var known *fault.Fault
	var refused *oauthflow.Refused
	var strange *oauthflow.NotSalesforce
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err
	case errors.As(err, &refused):
		return m.refused(surface, refused.Code, refused.Description, login).Because(err)
	case errors.As(err, &strange):
		wait := strange.RetryAfter
		if surface == salesforce.SurfaceRevoke {
			wait = "" // what is to be revoked is forgotten, and cannot be tried again
		}
		f := salesforce.Answer{
			Status: strange.Status, ContentType: strange.ContentType, Body: strange.Body, URL: login.String() + path,
			Location: strange.Location, RetryAfter: wait,
			Cut: strange.Reason == oauthflow.ReasonCut, Huge: strange.Reason == oauthflow.ReasonHuge,
		}.Fault()
		f.Stage = "token"
		return f.Because(err)
	}
	f := fault.From(m.network(err, login.String()+path))
	if f.Stage == "" && f.Code == fault.NotSalesforce {
		f.Stage = "token"
	}
	return f
}

// refused looks an error of Salesforce's up. It is redacted first: shortening a
// text could cut an echoed secret so that it is no longer known as one.
func (m *Machine) refused(surface salesforce.Surface, code, description string, login salesforce.LoginURL) *fault.Fault {
	return salesforce.Explain(surface, m.Redactor.Redact(code), m.Redactor.Redact(description), login)
}

func (m *Machine) network(err error, address string) error {
	var known *fault.Fault
	if errors.As(err, &known) {
		return err
	}
	if errors.Is(err, context.Canceled) {
		return interrupted(err)
	}
	var transport *url.Error
	if errors.As(err, &transport) {
		return salesforce.NetworkFault(err, address)
	}
	return fault.From(err)
}

func interrupted(err error) *fault.Fault {
	return fault.New(fault.Interrupted, "", "Interrupted before it was finished.",
		"Nothing that was saved is lost. Run the command again when you are ready.").Because(err)
}
