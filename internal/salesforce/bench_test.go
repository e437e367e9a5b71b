package salesforce

import "testing"

func BenchmarkParseLoginURL(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseLoginURL("https://acme--dev.sandbox.lightning.force.com/lightning/setup/SetupOneHome/home", LoginOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

// A command for thousands of connections parses each one's login URL.
func TestParsingALoginURLStaysCheap(t *testing.T) {
	got := testing.AllocsPerRun(200, func() {
		if _, err := ParseLoginURL("https://acme.my.salesforce.com", LoginOptions{}); err != nil {
			t.Fatal(err)
		}
	})
	if got > 30 {
		t.Errorf("%v allocations, want at most 30", got)
	}
}
