package check

import (
	"slices"
	"testing"
)

func TestUnknownVariables(t *testing.T) {
	environ := []string{"PATH=/bin", "SFCONNECT_STORE=file", "SFCONNECT_CONSUMER_SECERT=canary", "SFCONNECT_STOER=file", "sfconnect_profile=acme",
		"SFCONNECT_OFF=", "SFCONNECT_=x", "XSFCONNECT_A=b", "SFCONNECT=1", "=C:=C:\\", "SFCONNECT_ALONE"}
	for goos, want := range map[string][]string{
		"linux":   {"SFCONNECT_", "SFCONNECT_CONSUMER_SECERT", "SFCONNECT_STOER", "sfconnect_profile"},
		"windows": {"SFCONNECT_", "SFCONNECT_CONSUMER_SECERT", "SFCONNECT_STOER"},
	} {
		if got := UnknownVariables(environ, goos); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", goos, got, want)
		}
	}
}

// The names are sfconnect's own, each once and with its words for the reference.
func TestOwnVariables(t *testing.T) {
	seen := map[string]bool{}
	for _, v := range OwnVariables() {
		if v.Name[:len(ownPrefix)] != ownPrefix || v.About == "" || seen[v.Name] {
			t.Errorf("%+v", v)
		}
		seen[v.Name] = true
	}
}
