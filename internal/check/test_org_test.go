package check_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"example.com/sfconnect/internal/check"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/store"
)

// otherOrg makes the identity service answer for another org.
type otherOrg struct {
	http.RoundTripper
	orgID string
}

func (o otherOrg) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := o.RoundTripper.RoundTrip(r)
	if err != nil || !strings.HasPrefix(r.URL.Path, "/id/") {
		return answer, err
	}
	body, err := io.ReadAll(answer.Body)
	body = bytes.ReplaceAll(body, []byte(`"organization_id":"`+o.orgID), []byte(`"organization_id":"00D000000000001AAA`))
	answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return answer, err
}

// TestOtherOrgNamesTheProfile: the command to paste is for the profile that was tested.
func TestOtherOrgNamesTheProfile(t *testing.T) {
	for chosen, want := range map[string]string{"p": "Sign in again: sfconnect init", "other": "Sign in again: sfconnect init --profile p"} {
		g := newRig(t, quilia(t), nil)
		if err := g.machine.File.Update(t.Context(), func(set *store.Set) error { set.Default = chosen; return nil }); err != nil {
			t.Fatal(err)
		}
		g.machine.HTTP.Transport = otherOrg{g.machine.HTTP.Transport, g.org.Facts().OrgID}
		got := check.Test(t.Context(), g.machine, "p", nil).Fault
		if got == nil || got.Code != fault.OrgMismatch || got.Hint != want {
			t.Errorf("the default profile is %q: got %+v, want the hint %q", chosen, got, want)
		}
	}
}
