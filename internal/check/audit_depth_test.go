package check_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"example.com/sfconnect/internal/check"
)

// slow takes a second for each request but those that revoke a token, which come on top.
type slow struct{ to http.RoundTripper }

func (s slow) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path != "/services/oauth2/revoke" {
		time.Sleep(time.Second)
	}
	return s.to.RoundTrip(r)
}

// Every request takes one second of a clock that goes on only when everybody waits, so
// that the clock counts the requests that wait for one another.
func TestAuditDepth(t *testing.T) {
	for _, c := range subjects(t) {
		for name, settings := range map[string]map[string]string{
			"as asked":         nil,
			"client on":        {"client_credentials_flow": "true"}, // a token comes, and is revoked
			"without metadata": {"metadata_access": "none"},
		} {
			for _, warm := range []bool{false, true} {
				t.Run(c.name+"/"+name, func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						g := newRig(t, c, settings)
						if !warm {
							g.forgetAccess(t)
						}
						g.machine.HTTP = &http.Client{Transport: slow{direct{g.org, func() {}}}, CheckRedirect: g.machine.HTTP.CheckRedirect}
						start := time.Now()
						a := check.Audit{Machine: g.machine, Profile: "p"}
						if _, err := a.Run(t.Context()); err != nil {
							t.Fatal(err)
						}
						if depth := time.Since(start); depth > 4*time.Second {
							t.Errorf("%v requests wait for one another (warm %v)", depth, warm)
						}
					})
				})
			}
		}
	}
}
