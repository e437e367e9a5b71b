package connection

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"time"

	"example.com/sfconnect/internal/salesforce"
)

// wellKnown is the path of Salesforce's OpenID configuration, which needs no login.
const wellKnown = "/.well-known/openid-configuration"

// Connect opens a connection to the host of address ahead of its first use, by a
// request whose answer does not matter.
func (m *Machine) Connect(ctx context.Context, address string) {
	at, err := url.Parse(address)
	if err != nil {
		return
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodHead, at.Scheme+"://"+at.Host+wellKnown, nil)
	if err != nil {
		return
	}
	if answer, err := m.HTTP.Do(r); err == nil {
		answer.Body.Close()
	}
}

// Apart is the same machine with connections of its own: none stands yet, and to
// close them leaves those of others alone.
func (m *Machine) Apart() *Machine {
	apart := *m
	if t, ok := m.HTTP.Transport.(interface{ Apart() http.RoundTripper }); ok {
		client := *m.HTTP
		client.Transport = t.Apart()
		apart.HTTP = &client
	}
	return &apart
}

// Reach makes one request to the host of login that needs no login, and gives the
// time that the answer's Date header tells, zero for none. Any answer will do. The
// error is a fault that names the layer that failed.
func (m *Machine) Reach(ctx context.Context, login salesforce.LoginURL) (date time.Time, err error) {
	address := login.String() + wellKnown
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return time.Time{}, err
	}
	answer, err := m.HTTP.Do(r)
	if err != nil {
		return time.Time{}, m.network(err, address)
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10))
	date, _ = http.ParseTime(answer.Header.Get("Date"))
	return date, nil
}
