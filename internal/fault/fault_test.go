package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"example.com/sfconnect/internal/fault"
)

func TestExitFor(t *testing.T) {
	for code, want := range map[string]int{
		fault.Usage: 2, fault.MissingInput: 2, fault.InvalidLoginURL: 2, fault.HostNotTrusted: 2, fault.NotMyDomain: 2,
		fault.DNS: 3, fault.TCP: 3, fault.TLS: 3, fault.Proxy: 3, fault.NotSalesforce: 3, fault.SignatureMismatch: 3, fault.InstanceURLRefused: 3,
		fault.ProfileNotFound: 4,
		fault.OrgMismatch:     5, fault.UserMismatch: 5, fault.ScopeMismatch: 5, fault.NoRefreshToken: 5,
		fault.PortBusy: 6, fault.PortForbidden: 6, fault.BrowserTimeout: 7,
		fault.StoreAbsent: 8, fault.StoreLocked: 8, fault.StoreTimeout: 8, fault.StoreTooSmall: 8, fault.StoreUnwritable: 8, fault.StoreCorrupt: 8, fault.WrongPassphrase: 8,
		fault.Interrupted: 130, fault.Internal: 1, fault.ProfileBusy: 1,
	} {
		if got := fault.ExitFor(code); got != want {
			t.Errorf("ExitFor(%s) = %d, want %d", code, got, want)
		}
		if !fault.Own(code) {
			t.Errorf("%s is not known as ours", code)
		}
	}
	if fault.ExitFor("redirect_uri_mismatch") != 5 || fault.Own("redirect_uri_mismatch") {
		t.Error("Salesforce's own code is taken for ours")
	}
}

func TestFrom(t *testing.T) {
	f := fault.New(fault.TCP, "tcp", "It did not answer.", "Try again.").Because(errors.New("refused"))
	if got := fault.From(fmt.Errorf("wrapped: %w", f)); got != f {
		t.Errorf("From lost the fault: %v", got)
	}
	if got := fault.From(errors.New("surprise")); got.Code != fault.Internal || got.Exit != 1 {
		t.Errorf("an unforeseen error is %+v", got)
	}
}

func TestOneFullStop(t *testing.T) {
	for message, want := range map[string]string{
		"It was not saved: Access is denied..": "It was not saved: Access is denied.",
		"It was not saved: no space left.":     "It was not saved: no space left.",
		"Waiting...":                           "Waiting...",
	} {
		if got := fault.New(fault.StoreUnwritable, "store", message, "").Message; got != want {
			t.Errorf("%q becomes %q, want %q", message, got, want)
		}
	}
}
