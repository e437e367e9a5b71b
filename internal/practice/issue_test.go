package practice

import "testing"

func TestIssuedRefreshTokenIsTaken(t *testing.T) {
	w := start(t, nil)
	answer := w.tokens(w.renew(w.Org.IssueRefreshToken()))
	if answer["access_token"] == "" {
		t.Error(answer)
	}
	if live := w.Org.Ledger().LiveRefreshTokens; len(live) != 1 {
		t.Errorf("%d live", len(live))
	}
}
